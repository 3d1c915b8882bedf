/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-code.h"

#include <glib/gi18n-lib.h>

#include "wf-accessible.h"
#include "wf-clipboard.h"
#include "wf-host.h"
#include "wf-json-view.h"
#include "wf-tooltip.h"

struct _WfFlowCode
{
  GtkBox         parent_instance;

  GtkDropDown   *language;
  GtkSwitch     *secrets;
  GtkWidget     *secrets_box;
  GtkWidget     *view;

  WfSession     *session;
  WfSnippetGrant grant;
  gboolean       revealed;
  guint          timer;
  GCancellable  *cancellable;
};

G_DEFINE_FINAL_TYPE (WfFlowCode, wf_flow_code, GTK_TYPE_BOX)

/* GtkSourceView's names, in the order of WfSnippetLanguage. */
static const char *const syntaxes[WF_SNIPPET_N_LANGUAGES] = {
  "sh", "c-sharp", "go", "java", "js", "objc", "php", "python3", "ruby", "swift",
};

static gboolean
find_grant (const WfExchange *exchange,
            WfSnippetGrant   *grant)
{
  if (!exchange || !exchange->request_body)
    return FALSE;
  if (strstr (exchange->request_body, "grant_type=authorization_code"))
    *grant = WF_SNIPPET_AUTHORIZATION_CODE;
  else if (strstr (exchange->request_body, "grant_type=refresh_token"))
    *grant = WF_SNIPPET_REFRESH_TOKEN;
  else
    return FALSE;
  return TRUE;
}

static const char *
get_text (SecretValue *secret)
{
  return secret ? secret_value_get_text (secret) : NULL;
}

/* Returns: (transfer full) (nullable): wiped by the caller */
static char *
make_program (WfFlowCode *self,
              GError    **error)
{
  WfTokenSet *tokens = wf_session_get_tokens (self->session);
  WfProviderMetadata *metadata = wf_session_get_metadata (self->session);
  WfSnippetValues values = { 0 };

  if (!metadata)
    return NULL;
  if (self->revealed)
    {
      values.client_secret = get_text (tokens->client_secret);
      values.refresh_token = get_text (tokens->refresh_token);
    }
  return wf_snippet_make (gtk_drop_down_get_selected (self->language), self->grant,
                          wf_session_get_account (self->session), metadata, self->revealed ? &values : NULL, error);
}

static void
update (WfFlowCode *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfWipedString) program = NULL;

  if (!self->session || gtk_drop_down_get_selected (self->language) >= WF_SNIPPET_N_LANGUAGES)
    return;
  program = make_program (self, &error);
  wf_json_view_set_text (self->view, program ? program : (error ? error->message : ""),
                         program ? syntaxes[gtk_drop_down_get_selected (self->language)] : NULL);
}

static void
set_revealed (WfFlowCode *self,
              gboolean    revealed)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->revealed = revealed;
  gtk_switch_set_state (self->secrets, revealed);
  update (self);
}

static gboolean
on_timeout (gpointer user_data)
{
  WfFlowCode *self = user_data;

  self->timer = 0;
  gtk_switch_set_active (self->secrets, FALSE);
  return G_SOURCE_REMOVE;
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (WfFlowCode) self = user_data;
  g_autoptr (GError) error = NULL;
  WfHost *host = wf_host_of (GTK_WIDGET (self));

  if (!wf_session_before_action_finish (WF_SESSION (source), result, &error))
    {
      wf_host_toast_error (host, error);
      gtk_switch_set_active (self->secrets, FALSE);
      return;
    }
  if (self->session != WF_SESSION (source) || !gtk_switch_get_active (self->secrets) || !host)
    return;
  set_revealed (self, TRUE);
  self->timer = g_timeout_add_seconds (wf_host_get_reveal_seconds (host), on_timeout, self);
}

static gboolean
on_secrets_switched (WfFlowCode *self,
                     gboolean    on)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (!on || !self->session)
    {
      set_revealed (self, FALSE);
      return TRUE;
    }
  self->cancellable = g_cancellable_new ();
  wf_session_before_action_async (self->session, self->cancellable, on_ready, g_object_ref (self));
  return TRUE;
}

static void
on_copy_clicked (WfFlowCode *self)
{
  WfHost *host = wf_host_of (GTK_WIDGET (self));
  g_autoptr (WfWipedString) program = self->session ? make_program (self, NULL) : NULL;
  g_autoptr (WfSecretValue) secret = NULL;

  if (!program || !host)
    return;
  secret = wf_secret_new (program, -1);
  /* Only what has a secret in it has to leave the clipboard again. */
  wf_clipboard_copy_secret (GTK_WIDGET (self), secret, self->revealed ? wf_host_get_clipboard_seconds (host) : 0);
  wf_host_toast (host, _("Code copied"));
}

static void
wf_flow_code_unmap (GtkWidget *widget)
{
  gtk_switch_set_active (WF_FLOW_CODE (widget)->secrets, FALSE);
  GTK_WIDGET_CLASS (wf_flow_code_parent_class)->unmap (widget);
}

static void
wf_flow_code_dispose (GObject *object)
{
  WfFlowCode *self = WF_FLOW_CODE (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (wf_flow_code_parent_class)->dispose (object);
}

static void
wf_flow_code_class_init (WfFlowCodeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_flow_code_dispose;
  GTK_WIDGET_CLASS (klass)->unmap = wf_flow_code_unmap;
}

static GtkWidget *
make_languages (WfFlowCode *self)
{
  GtkStringList *titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < WF_SNIPPET_N_LANGUAGES; i++)
    gtk_string_list_append (titles, wf_snippet_language_get_title (i));
  self->language = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (titles), NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->language), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Language"), -1);
  g_signal_connect_swapped (self->language, "notify::selected", G_CALLBACK (update), self);
  return GTK_WIDGET (self->language);
}

static GtkWidget *
make_secrets (WfFlowCode *self)
{
  GtkWidget *label = gtk_label_new (_("Show secrets"));

  self->secrets_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->secrets = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->secrets), GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->secrets), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Show secrets"), -1);
  g_signal_connect_swapped (self->secrets, "state-set", G_CALLBACK (on_secrets_switched), self);
  gtk_box_append (GTK_BOX (self->secrets_box), GTK_WIDGET (self->secrets));
  gtk_box_append (GTK_BOX (self->secrets_box), label);
  return self->secrets_box;
}

static void
wf_flow_code_init (WfFlowCode *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  self->view = wf_json_view_new (_("Code"));
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->view), GTK_WRAP_WORD_CHAR);
  gtk_widget_set_vexpand (self->view, TRUE);
  gtk_widget_add_css_class (self->view, "card");
  gtk_box_append (GTK_BOX (bar), make_languages (self));
  gtk_box_append (GTK_BOX (bar), make_secrets (self));
  wf_accessible_name (copy, _("Copy Code"));
  wf_tooltip_set (copy, _("Copy Code"));
  g_signal_connect_swapped (copy, "clicked", G_CALLBACK (on_copy_clicked), self);
  gtk_widget_set_hexpand (copy, TRUE);
  gtk_widget_set_halign (copy, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (bar), copy);
  gtk_box_append (GTK_BOX (self), bar);
  gtk_box_append (GTK_BOX (self), self->view);
}

GtkWidget *
wf_flow_code_new (void)
{
  return g_object_new (WF_TYPE_FLOW_CODE, NULL);
}

gboolean
wf_flow_code_show (WfFlowCode       *self,
                   WfSession        *session,
                   const WfExchange *exchange)
{
  gboolean known;

  g_return_val_if_fail (WF_IS_FLOW_CODE (self), FALSE);

  known = session != NULL && wf_session_get_metadata (session) && find_grant (exchange, &self->grant);
  if (!known)
    session = NULL;
  g_set_object (&self->session, session);
  /* A code and its verifier are good for one request, and that was this. */
  gtk_widget_set_visible (self->secrets_box,
                          known && (self->grant == WF_SNIPPET_REFRESH_TOKEN ||
                                    wf_account_is_confidential (wf_session_get_account (session))));
  gtk_switch_set_active (self->secrets, FALSE);
  set_revealed (self, FALSE);
  return known;
}
