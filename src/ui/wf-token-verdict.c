/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-verdict.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-accessible.h"
#include "wf-error.h"
#include "wf-host.h"

struct _WfTokenVerdict
{
  GtkBox          parent_instance;

  AdwActionRow   *row;
  GtkImage       *symbol;
  GtkWidget      *button; /* asks for the keys */
  AdwExpanderRow *checks;
  GPtrArray      *check_rows;

  WfSession      *session;
  WfJwt          *jwt;
  GCancellable   *cancellable;
};

G_DEFINE_FINAL_TYPE (WfTokenVerdict, wf_token_verdict, GTK_TYPE_BOX)

static void
set_verdict (WfTokenVerdict *self,
             const char     *style,
             const char     *icon,
             const char     *title,
             const char     *subtitle)
{
  static const char *const styles[] = { "success", "warning", "error", "dim-label" };

  for (gsize i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->symbol), styles[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->symbol), style);
  gtk_image_set_from_icon_name (self->symbol, icon);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), title);
  adw_action_row_set_subtitle (self->row, subtitle ? subtitle : "");
  gtk_widget_set_visible (self->button, FALSE);
}

/* "With key “abc” (RS256) from https://id.example.org/jwks" */
static char *
describe_key (WfTokenVerdict *self,
              const char     *key_id,
              const char     *algorithm)
{
  const WfProviderMetadata *metadata = self->session ? wf_session_get_metadata (self->session) : NULL;
  const char *from = metadata && !g_str_has_prefix (algorithm, "HS") ? metadata->jwks_uri : NULL;
  g_autofree char *clean_id = key_id ? wf_error_clean_text (key_id) : NULL;
  g_autofree char *key = NULL;

  if (g_str_has_prefix (algorithm, "HS"))
    /* Translators: %s is the name of an algorithm */
    return g_strdup_printf (_("With the client secret (%s)"), algorithm);
  /* Translators: %1$s is the name of a key, %2$s of an algorithm */
  key = clean_id ? g_strdup_printf (_("With key “%1$s” (%2$s)"), clean_id, algorithm)
                 /* Translators: %s is the name of an algorithm */
                 : g_strdup_printf (_("With the provider's key (%s)"), algorithm);
  /* Translators: "With key “abc” (RS256)", and the address of the key set */
  return from ? g_strdup_printf (_("%1$s from %2$s"), key, from) : g_steal_pointer (&key);
}

static void
show_signature (WfTokenVerdict *self,
                WfJwsVerdict    verdict,
                const char     *key_id,
                const char     *reason)
{
  g_autofree char *words = NULL;

  switch (verdict)
    {
    case WF_JWS_VERIFIED:
      words = describe_key (self, key_id, self->jwt ? wf_jwt_get_algorithm (self->jwt) : "");
      set_verdict (self, "success", "wf-good-symbolic", _("Signature verified"), words);
      break;
    case WF_JWS_INVALID:
      set_verdict (self, "error", "wf-attention-symbolic", _("Signature invalid"), reason);
      break;
    case WF_JWS_NO_KEY:
    case WF_JWS_UNVERIFIED:
    default:
      set_verdict (self, "warning", "wf-unknown-symbolic", _("Signature not verified"),
                   reason ? reason : _("There was no key to check it with."));
    }
}

static void
show_id_verdict (WfTokenVerdict *self)
{
  WfTokenSet *tokens = wf_session_get_tokens (self->session);
  WfVerification *verification = wf_session_get_verification (self->session);

  if (verification)
    show_signature (self, verification->verdict, verification->key_id, verification->reason);
  else
    show_signature (self, tokens->id_token_verdict, tokens->id_token_key_id, NULL);
}

/* RFC 7516: who is not meant to read it reads its header, and that is all. */
static void
show_encrypted (WfTokenVerdict *self)
{
  const char *encryption = json_object_get_string_member_with_default (wf_jwt_get_header (self->jwt), "enc", "");
  g_autofree char *algorithms = g_strdup_printf ("%s, %s", wf_jwt_get_algorithm (self->jwt), encryption);
  g_autofree char *clean = wf_error_clean_text (algorithms);
  g_autofree char *words = NULL;

  if (self->session)
    /* Translators: %s is the names of two algorithms */
    words = g_strdup_printf (_("Only the API that holds the key can read it (%s)."), clean);
  else
    /* Translators: %s is the names of two algorithms */
    words = g_strdup_printf (_("Only its recipient can read it (%s)."), clean);
  set_verdict (self, "dim-label", "wf-key-symbolic", _("Encrypted"), words);
}

static void
show_access_verdict (WfTokenVerdict *self)
{
  g_autoptr (WfVerification) verification = NULL;

  if (!self->jwt)
    {
      set_verdict (self, "dim-label", "wf-unknown-symbolic", _("Opaque"), _("Only the server that issued it can read it."));
      return;
    }
  if (wf_jwt_get_kind (self->jwt) == WF_JWT_ENCRYPTED)
    {
      show_encrypted (self);
      return;
    }
  verification = wf_session_peek_signature (self->session, self->jwt);
  if (verification)
    {
      show_signature (self, verification->verdict, verification->key_id, verification->reason);
      return;
    }
  set_verdict (self, "dim-label", "wf-unknown-symbolic", _("Signature not checked"), _("The provider's keys have not been fetched yet."));
  gtk_widget_set_visible (self->button, TRUE);
}

static void
on_checked (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (WfTokenVerdict) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WfVerification) verification = NULL;
  WfHost *host = wf_host_of (GTK_WIDGET (self));

  verification = wf_session_check_signature_finish (WF_SESSION (source), result, &error);
  gtk_widget_set_sensitive (self->button, TRUE);
  if (verification && self->session == WF_SESSION (source))
    show_signature (self, verification->verdict, verification->key_id, verification->reason);
  else if (!verification && host)
    wf_host_toast_error (host, error);
}

static void
on_check_clicked (WfTokenVerdict *self)
{
  if (!self->session || !self->jwt)
    return;
  gtk_widget_set_sensitive (self->button, FALSE);
  wf_session_check_signature_async (self->session, self->jwt, self->cancellable, on_checked, g_object_ref (self));
}

static GtkWidget *
make_check_row (const WfCheck *check)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *symbol = gtk_image_new_from_icon_name (check->passed ? "wf-good-symbolic" : "wf-attention-symbolic");
  g_autofree char *spoken = g_strdup_printf ("%s, %s: %s", check->name, check->passed ? _("Passed") : _("Failed"), check->detail);

  gtk_widget_add_css_class (symbol, check->passed ? "success" : "error");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), check->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), check->detail);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), symbol);
  gtk_accessible_update_property (GTK_ACCESSIBLE (symbol), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  check->passed ? _("Passed") : _("Failed"), -1);
  wf_accessible_name (row, spoken);
  return row;
}

static void
show_checks (WfTokenVerdict *self,
             GPtrArray      *checks)
{
  g_autofree char *summary = NULL;
  guint failed = 0;

  for (guint i = 0; i < self->check_rows->len; i++)
    adw_expander_row_remove (self->checks, g_ptr_array_index (self->check_rows, i));
  g_ptr_array_set_size (self->check_rows, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->checks), checks && checks->len > 0);
  if (!checks)
    return;

  for (guint i = 0; i < checks->len; i++)
    {
      const WfCheck *check = g_ptr_array_index (checks, i);
      GtkWidget *row = make_check_row (check);

      failed += !check->passed;
      adw_expander_row_add_row (self->checks, row);
      g_ptr_array_add (self->check_rows, row);
    }
  if (failed == 0)
    summary = g_strdup_printf (ngettext ("%u passed", "All %u passed", checks->len), checks->len);
  else
    summary = g_strdup_printf (ngettext ("%u failed", "%u failed", failed), failed);
  adw_expander_row_set_subtitle (self->checks, summary);
}

static void
wf_token_verdict_dispose (GObject *object)
{
  WfTokenVerdict *self = WF_TOKEN_VERDICT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->jwt, wf_jwt_unref);
  g_clear_pointer (&self->check_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (wf_token_verdict_parent_class)->dispose (object);
}

static void
wf_token_verdict_class_init (WfTokenVerdictClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_token_verdict_dispose;
}

static void
add_row (WfTokenVerdict *self,
         GtkListBox     *list)
{
  self->row = ADW_ACTION_ROW (adw_action_row_new ());
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->row), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->row), FALSE);
  self->symbol = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  adw_action_row_add_prefix (self->row, GTK_WIDGET (self->symbol));
  /* Translators: a button: check the signature */
  self->button = gtk_button_new_with_label (_("Check"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_check_clicked), self);
  adw_action_row_add_suffix (self->row, self->button);
  gtk_list_box_append (list, GTK_WIDGET (self->row));
}

static void
wf_token_verdict_init (WfTokenVerdict *self)
{
  GtkListBox *list = GTK_LIST_BOX (gtk_list_box_new ());

  self->cancellable = g_cancellable_new ();
  self->check_rows = g_ptr_array_new ();
  gtk_list_box_set_selection_mode (list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (list), "boxed-list");
  gtk_widget_set_hexpand (GTK_WIDGET (list), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Verdict"), -1);
  add_row (self, list);
  self->checks = ADW_EXPANDER_ROW (adw_expander_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->checks), _("Checks"));
  wf_accessible_name (GTK_WIDGET (self->checks), _("Checks"));
  gtk_list_box_append (list, GTK_WIDGET (self->checks));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (list));
}

static void
begin (WfTokenVerdict *self,
       WfSession      *session,
       WfJwt          *jwt)
{
  g_set_object (&self->session, session);
  if (jwt)
    wf_jwt_ref (jwt);
  g_clear_pointer (&self->jwt, wf_jwt_unref);
  self->jwt = jwt;
}

void
wf_token_verdict_show (WfTokenVerdict *self,
                       WfSession      *session,
                       WfTokenKind     kind,
                       WfJwt          *jwt)
{
  g_return_if_fail (WF_IS_TOKEN_VERDICT (self));

  begin (self, session, jwt);
  if (kind == WF_TOKEN_ID)
    show_id_verdict (self);
  else if (kind == WF_TOKEN_REFRESH)
    set_verdict (self, "dim-label", "wf-key-symbolic", _("For the authorization server alone"),
                 _("It is sent to the token endpoint only, and nobody else has a use for it."));
  else
    show_access_verdict (self);
  show_checks (self, kind == WF_TOKEN_ID ? wf_session_get_checks (session) : NULL);
}

void
wf_token_verdict_show_verification (WfTokenVerdict *self,
                                    WfJwt          *jwt,
                                    WfVerification *verification,
                                    GPtrArray      *checks)
{
  g_return_if_fail (WF_IS_TOKEN_VERDICT (self));

  begin (self, NULL, jwt);
  if (!jwt)
    set_verdict (self, "dim-label", "wf-unknown-symbolic", _("Opaque"), _("Only the server that issued it can read it."));
  else if (wf_jwt_get_kind (jwt) == WF_JWT_ENCRYPTED)
    show_encrypted (self);
  else if (verification)
    show_signature (self, verification->verdict, verification->key_id, verification->reason);
  else
    set_verdict (self, "dim-label", "wf-unknown-symbolic", _("Signature not checked"), NULL);
  show_checks (self, checks);
}
