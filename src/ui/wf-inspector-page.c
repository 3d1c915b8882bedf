/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-inspector-page.h"

#include <glib/gi18n-lib.h>

#include "wf-accessible.h"
#include "wf-clock.h"
#include "wf-error.h"
#include "wf-issuer-check.h"
#include "wf-notice.h"
#include "wf-token-view.h"
#include "wf-uri.h"

struct _WfInspectorPage
{
  AdwBin                parent_instance;

  GtkWidget            *aside;
  AdwActionRow         *keys_row;
  AdwEntryRow          *issuer_row;
  GtkSpinner           *spinner;
  AdwPasswordEntryRow  *secret_row;
  WfNotice             *notice;
  WfTokenView          *token_view;

  WfInspection         *inspection; /* of the token; NULL: none */
  WfJwks               *keys;       /* nullable */
  char                 *source;     /* where the keys come from; nullable */
  char                 *issuer;     /* whose keys they are, where they were fetched; nullable */
  GCancellable         *fetching;   /* NULL: nothing is under way */
};

G_DEFINE_FINAL_TYPE (WfInspectorPage, wf_inspector_page, ADW_TYPE_BIN)

/* --- what is shown --- */

/* Returns: whether it is signed with a secret that two share, so that no key set helps */
static gboolean
has_shared_secret (const WfJwt *jwt)
{
  return g_str_has_prefix (wf_jwt_get_algorithm (jwt), "HS");
}

static void
update_rows (WfInspectorPage *self)
{
  const WfJwt *jwt = self->inspection ? self->inspection->jwt : NULL;
  gboolean is_signed = jwt && wf_jwt_get_kind (jwt) == WF_JWT_SIGNED;
  gboolean is_shared = is_signed && has_shared_secret (jwt);
  guint n_keys = self->keys ? wf_jwks_get_n_keys (self->keys) : 0;
  g_autofree char *issuer = wf_uri_issuer_from_input (gtk_editable_get_text (GTK_EDITABLE (self->issuer_row)), NULL, NULL);
  g_autofree char *words = NULL;

  gtk_widget_set_visible (self->aside, is_signed);
  gtk_widget_set_visible (GTK_WIDGET (self->keys_row), !is_shared);
  gtk_widget_set_visible (GTK_WIDGET (self->issuer_row), !is_shared);
  gtk_widget_set_visible (GTK_WIDGET (self->secret_row), is_shared);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "inspector.fetch", is_signed && issuer && !self->fetching);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->fetching != NULL);
  gtk_spinner_set_spinning (self->spinner, self->fetching != NULL);

  if (!self->keys)
    words = g_strdup (_("None yet: paste or open one, or fetch the issuer's"));
  else if (self->source)
    /* Translators: %2$s is where the keys come from: the name of a file, or the address of an issuer */
    words = g_strdup_printf (ngettext ("%1$u key that can check, from %2$s", "%1$u keys that can check, from %2$s", n_keys), n_keys, self->source);
  else
    words = g_strdup_printf (ngettext ("%u key that can check", "%u keys that can check", n_keys), n_keys);
  adw_action_row_set_subtitle (self->keys_row, words);
}

static SecretValue *
make_secret (WfInspectorPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->secret_row));

  return *text ? wf_secret_new (text, -1) : NULL;
}

/* Made anew whenever there is more to check with; nothing is asked of anybody. */
static void
update_verdict (WfInspectorPage *self)
{
  g_autoptr (WfSecretValue) secret = make_secret (self);
  g_autoptr (WfVerification) verification = NULL;
  g_autoptr (GPtrArray) checks = NULL;
  WfJwt *jwt;

  if (!self->inspection)
    {
      wf_token_view_show_token (self->token_view, NULL, NULL, NULL, NULL);
      return;
    }
  jwt = self->inspection->jwt;
  verification = wf_jws_verify (jwt, has_shared_secret (jwt) ? NULL : self->keys, secret);
  checks = wf_inspection_check (jwt, verification, self->issuer, wf_clock_now (wf_clock_get_default ()));
  wf_token_view_show_token (self->token_view, self->inspection->token, jwt, verification, checks);
}

/* @issuer: (nullable): where they were fetched. @source: (nullable) */
static void
take_keys (WfInspectorPage *self,
           WfJwks          *keys,
           const char      *issuer,
           const char      *source)
{
  g_clear_pointer (&self->keys, wf_jwks_unref);
  self->keys = keys ? wf_jwks_ref (keys) : NULL;
  g_free (self->source);
  self->source = g_strdup (source);
  g_free (self->issuer);
  self->issuer = g_strdup (issuer);
  wf_notice_show (self->notice, NULL, NULL, NULL, NULL);
  update_rows (self);
  update_verdict (self);
}

/* --- the issuer's keys --- */

static void
stop_fetching (WfInspectorPage *self)
{
  g_cancellable_cancel (self->fetching);
  g_clear_object (&self->fetching);
}

static void
on_fetched (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (WfInspectorPage) self = user_data;
  g_autoptr (WfVerification) verification = NULL;
  g_autoptr (WfJwks) keys = NULL;
  g_autofree char *issuer = NULL;
  g_autoptr (GError) error = NULL;

  verification = wf_issuer_check_finish (result, &keys, &error);
  if (!self->fetching || g_task_get_cancellable (G_TASK (result)) != self->fetching)
    return;
  g_clear_object (&self->fetching);
  if (verification)
    {
      issuer = wf_uri_issuer_from_input (gtk_editable_get_text (GTK_EDITABLE (self->issuer_row)), NULL, NULL);
      take_keys (self, keys, issuer, issuer);
      return;
    }
  update_rows (self);
  wf_notice_show (self->notice, error->message, wf_error_get_name (error), NULL, NULL);
}

static void
fetch_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  WfInspectorPage *self = WF_INSPECTOR_PAGE (widget);
  g_autofree char *issuer = wf_uri_issuer_from_input (gtk_editable_get_text (GTK_EDITABLE (self->issuer_row)), NULL, NULL);

  if (!issuer || !self->inspection)
    return;
  stop_fetching (self);
  wf_notice_show (self->notice, NULL, NULL, NULL, NULL);
  self->fetching = g_cancellable_new ();
  wf_issuer_check_async (issuer, self->inspection->jwt, NULL /* client_secret */, self->fetching, on_fetched, g_object_ref (self));
  update_rows (self);
}

static void
on_issuer_activated (WfInspectorPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "inspector.fetch", NULL);
}

static void
on_issuer_changed (WfInspectorPage *self)
{
  stop_fetching (self);
  update_rows (self);
}

static void
on_secret_changed (WfInspectorPage *self)
{
  update_verdict (self);
}

/* --- object --- */

static void
wf_inspector_page_dispose (GObject *object)
{
  WfInspectorPage *self = WF_INSPECTOR_PAGE (object);

  stop_fetching (self);
  g_clear_pointer (&self->inspection, wf_inspection_unref);
  g_clear_pointer (&self->keys, wf_jwks_unref);
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->issuer, g_free);
  G_OBJECT_CLASS (wf_inspector_page_parent_class)->dispose (object);
}

static void
wf_inspector_page_class_init (WfInspectorPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_inspector_page_dispose;
  g_type_ensure (WF_TYPE_NOTICE);
  g_type_ensure (WF_TYPE_TOKEN_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-inspector-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WfInspectorPage, aside);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorPage, keys_row);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorPage, issuer_row);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorPage, secret_row);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorPage, notice);
  gtk_widget_class_bind_template_child (widget_class, WfInspectorPage, token_view);
  gtk_widget_class_bind_template_callback (widget_class, on_issuer_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_issuer_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_secret_changed);
  gtk_widget_class_install_action (widget_class, "inspector.fetch", NULL, fetch_action);
}

/* libadwaita 1.2 leaves the eye in a password row without a name. */
static void
name_eye (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget))
    wf_accessible_name (widget, _("Show or Hide the Client Secret"));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    name_eye (child);
}

static void
wf_inspector_page_init (WfInspectorPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  wf_token_view_set_aside (self->token_view, self->aside);
  name_eye (GTK_WIDGET (self->secret_row));
  update_rows (self);
}

GtkWidget *
wf_inspector_page_new (void)
{
  return g_object_new (WF_TYPE_INSPECTOR_PAGE, NULL);
}

void
wf_inspector_page_set_token (WfInspectorPage *self,
                             WfInspection    *inspection)
{
  const char *iss = NULL;

  g_return_if_fail (WF_IS_INSPECTOR_PAGE (self));
  g_return_if_fail (!inspection || inspection->jwt);

  stop_fetching (self);
  g_clear_pointer (&self->inspection, wf_inspection_unref);
  self->inspection = inspection ? wf_inspection_ref (inspection) : NULL;
  gtk_editable_set_text (GTK_EDITABLE (self->secret_row), "");
  /* Named, and not asked: that is for the person to do. */
  iss = inspection ? wf_jwt_get_claim_string (inspection->jwt, "iss") : NULL;
  gtk_editable_set_text (GTK_EDITABLE (self->issuer_row), iss && wf_uri_check_issuer (iss, NULL) ? iss : "");
  wf_notice_show (self->notice, NULL, NULL, NULL, NULL);
  update_rows (self);
  update_verdict (self);
}

void
wf_inspector_page_set_keys (WfInspectorPage *self,
                            WfJwks          *keys,
                            const char      *source)
{
  g_return_if_fail (WF_IS_INSPECTOR_PAGE (self));

  stop_fetching (self);
  take_keys (self, keys, NULL, source);
}
