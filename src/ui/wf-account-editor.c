/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-editor.h"

#include <glib/gi18n-lib.h>

#include "wf-account-form.h"
#include "wf-account-name.h"
#include "wf-connection-dialog.h"
#include "wf-error.h"
#include "wf-provider.h"
#include "wf-sign-in-module.h"
#include "wf-uri.h"

struct _WfAccountEditor
{
  AdwWindow        parent_instance;

  AdwWindowTitle  *title;
  GtkButton       *cancel;
  GtkButton       *save;
  GtkSpinner      *spinner;
  AdwToastOverlay *toasts;
  GtkWidget       *read_only;
  WfAccountForm   *form;

  WfEngine        *engine;
  WfSession       *session;    /* NULL: a new account */
  char            *known;      /* the issuer that the account came with; NULL: a new account */
  GCancellable    *discovering; /* of the lookup that is under way */
  GCancellable    *saving;
  char            *found;      /* the issuer that was looked up with success */
  gboolean         save_when_found;
};

enum
{
  SIGNAL_SAVED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WfAccountEditor, wf_account_editor, ADW_TYPE_WINDOW)

static void save_account (WfAccountEditor *self);

static gboolean
is_busy (WfAccountEditor *self)
{
  return self->saving || self->save_when_found;
}

static gboolean
is_editable (WfAccountEditor *self)
{
  return !self->session || !wf_session_get_account (self->session)->read_only;
}

static void
set_form_sensitive (WfAccountEditor *self,
                    gboolean         sensitive)
{
  if (gtk_widget_get_sensitive (GTK_WIDGET (self->form)) == sensitive)
    return;
  /* A text that has the focus must lose it before it becomes insensitive. */
  if (!sensitive)
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->form), sensitive);
  if (sensitive)
    wf_account_form_focus (self->form);
}

static void
update_actions (WfAccountEditor *self)
{
  gboolean busy = is_busy (self);
  g_autofree char *issuer = NULL;
  gboolean is_domain;

  issuer = wf_uri_issuer_from_input (wf_account_form_get_issuer_input (self->form), &is_domain, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "account.save",
                                 !busy && is_editable (self) && wf_account_form_get_complete (self->form));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "account.discover",
                                 !busy && !self->discovering && issuer);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "account.test-connection", !busy && issuer);
  set_form_sensitive (self, !busy && is_editable (self));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
}

static void
show_toast (WfAccountEditor *self,
            const char      *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

/* Discovery */

static void
stop_discovery (WfAccountEditor *self)
{
  g_cancellable_cancel (self->discovering);
  g_clear_object (&self->discovering);
  g_clear_pointer (&self->found, g_free);
  self->save_when_found = FALSE;
}

/* A whole issuer may be kept although its provider does not answer now; a domain alone is not an issuer yet. */
static gboolean
is_whole_issuer (WfAccountEditor *self)
{
  g_autofree char *issuer = NULL;
  gboolean is_domain = FALSE;

  issuer = wf_uri_issuer_from_input (wf_account_form_get_issuer_input (self->form), &is_domain, NULL);
  return issuer && !is_domain;
}

static void
on_discovered (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (WfAccountEditor) self = user_data;
  g_autoptr (WfProviderMetadata) metadata = NULL;
  g_autoptr (GError) error = NULL;
  gboolean save;

  metadata = wf_provider_discover_finish (result, &error);
  if (g_task_get_cancellable (G_TASK (result)) != self->discovering)
    return;
  save = self->save_when_found && (metadata || (is_whole_issuer (self) && self->session));
  self->save_when_found = FALSE;
  g_clear_object (&self->discovering);
  wf_account_form_show_discovery (self->form, FALSE, metadata, error);
  g_free (self->found);
  self->found = metadata ? g_strdup (metadata->issuer) : NULL;
  if (save)
    save_account (self);
  update_actions (self);
}

static void
discover (WfAccountEditor *self)
{
  g_autoptr (WfAccount) account = wf_account_form_make_account (self->form);
  g_autofree char *input = g_strstrip (g_strdup (wf_account_form_get_issuer_input (self->form)));

  g_cancellable_cancel (self->discovering);
  g_clear_object (&self->discovering);
  self->discovering = g_cancellable_new ();
  wf_account_form_show_discovery (self->form, TRUE, NULL, NULL);
  wf_provider_discover_async (input, account, self->discovering, on_discovered, g_object_ref (self));
  update_actions (self);
}

static void
on_issuer_changed (WfAccountEditor *self)
{
  stop_discovery (self);
  wf_account_form_show_discovery (self->form, FALSE, NULL, NULL);
  update_actions (self);
}

/* Saving */

static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (WfAccountEditor) self = user_data;
  g_autoptr (WfSession) session = NULL;
  g_autoptr (GError) error = NULL;

  session = wf_engine_save_account_finish (WF_ENGINE (source), result, &error);
  g_clear_object (&self->saving);
  if (session)
    {
      WfAccount *account = wf_session_get_account (session);

      if (!account->keep_cookies)
        wf_sign_in_module_forget (account->id);
      g_signal_emit (self, signals[SIGNAL_SAVED], 0, session);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  update_actions (self);
  if (g_error_matches (error, WF_ERROR, WF_ERROR_USAGE))
    wf_account_form_show_name_error (self->form, error->message);
  else if (wf_error_get_class (error) != WF_ERROR_CLASS_FAILED || !g_error_matches (error, WF_ERROR, WF_ERROR_CANCELLED))
    show_toast (self, error->message);
}

static void
save_account (WfAccountEditor *self)
{
  g_autoptr (WfAccount) account = wf_account_form_make_account (self->form);
  g_autoptr (WfSecretValue) secret = wf_account_form_make_secret (self->form);

  self->saving = g_cancellable_new ();
  update_actions (self);
  wf_engine_save_account_async (self->engine, account, secret, self->saving, on_saved, g_object_ref (self));
}

/* Whether the provider must be asked first, so that what is stored is what it calls itself. */
static gboolean
needs_discovery (WfAccountEditor *self)
{
  g_autoptr (WfAccount) account = NULL;

  if (!wf_account_form_wants_discovery (self->form))
    return FALSE;
  account = wf_account_form_make_account (self->form);
  if (g_strcmp0 (self->found, account->issuer) == 0)
    return FALSE;
  return g_strcmp0 (self->known, account->issuer) != 0;
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  WfAccountEditor *self = WF_ACCOUNT_EDITOR (widget);

  if (!wf_account_form_get_complete (self->form) || is_busy (self))
    return;
  if (!needs_discovery (self))
    {
      save_account (self);
      return;
    }
  self->save_when_found = TRUE;
  discover (self);
}

/* Other actions */

static void
discover_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  discover (WF_ACCOUNT_EDITOR (widget));
}

/* Of what is typed now, saved or not. */
static void
test_connection_action (GtkWidget  *widget,
                        const char *name,
                        GVariant   *parameter)
{
  WfAccountEditor *self = WF_ACCOUNT_EDITOR (widget);
  g_autoptr (WfAccount) account = wf_account_form_make_account (self->form);

  wf_connection_dialog_present (GTK_WINDOW (self), account, !is_whole_issuer (self));
}

static void
copy_redirect_uri_action (GtkWidget  *widget,
                          const char *name,
                          GVariant   *parameter)
{
  WfAccountEditor *self = WF_ACCOUNT_EDITOR (widget);
  g_autofree char *uri = wf_account_form_make_redirect_uri (self->form);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), uri);
  show_toast (self, _("Redirect URI copied"));
}

static void
on_file_chosen (GtkNativeDialog *dialog,
                int              response,
                WfAccountEditor *self)
{
  const char *field = g_object_get_data (G_OBJECT (dialog), "field");
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  path = file ? g_file_get_path (file) : NULL;
  if (path)
    wf_account_form_set_file (self->form, field, path);
  g_object_unref (dialog);
}

static void
choose_file_action (GtkWidget  *widget,
                    const char *name,
                    GVariant   *parameter)
{
  gboolean authorities = g_str_equal (name, "account.choose-ca-file");
  GtkFileChooserNative *dialog;

  dialog = gtk_file_chooser_native_new (authorities ? _("Certificate Authorities (PEM)") : _("Client Certificate and Key (PEM)"),
                                        GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_object_set_data (G_OBJECT (dialog), "field", (gpointer) (authorities ? "ca-file" : "client-certificate"));
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_file_chosen), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
clear_file_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  wf_account_form_set_file (WF_ACCOUNT_EDITOR (widget)->form,
                            g_str_equal (name, "account.clear-ca-file") ? "ca-file" : "client-certificate", NULL);
}

/* Object */

static void
wf_account_editor_dispose (GObject *object)
{
  WfAccountEditor *self = WF_ACCOUNT_EDITOR (object);

  stop_discovery (self);
  g_clear_object (&self->saving);
  g_clear_object (&self->session);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->known, g_free);

  G_OBJECT_CLASS (wf_account_editor_parent_class)->dispose (object);
}

static void
wf_account_editor_class_init (WfAccountEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_account_editor_dispose;

  signals[SIGNAL_SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, WF_TYPE_SESSION);

  g_type_ensure (WF_TYPE_ACCOUNT_FORM);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-account-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, WfAccountEditor, title);
  gtk_widget_class_bind_template_child (widget_class, WfAccountEditor, cancel);
  gtk_widget_class_bind_template_child (widget_class, WfAccountEditor, save);
  gtk_widget_class_bind_template_child (widget_class, WfAccountEditor, spinner);
  gtk_widget_class_bind_template_child (widget_class, WfAccountEditor, toasts);
  gtk_widget_class_bind_template_child (widget_class, WfAccountEditor, read_only);
  gtk_widget_class_bind_template_child (widget_class, WfAccountEditor, form);
  gtk_widget_class_bind_template_callback (widget_class, on_issuer_changed);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);

  gtk_widget_class_install_action (widget_class, "account.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "account.discover", NULL, discover_action);
  gtk_widget_class_install_action (widget_class, "account.test-connection", NULL, test_connection_action);
  gtk_widget_class_install_action (widget_class, "account.copy-redirect-uri", NULL, copy_redirect_uri_action);
  gtk_widget_class_install_action (widget_class, "account.choose-ca-file", NULL, choose_file_action);
  gtk_widget_class_install_action (widget_class, "account.clear-ca-file", NULL, clear_file_action);
  gtk_widget_class_install_action (widget_class, "account.choose-client-certificate", NULL, choose_file_action);
  gtk_widget_class_install_action (widget_class, "account.clear-client-certificate", NULL, clear_file_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
wf_account_editor_init (WfAccountEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_taken_names (WfAccountEditor *self)
{
  GPtrArray *accounts = wf_account_store_get_accounts (wf_engine_get_store (self->engine));
  const char *own = self->session ? wf_session_get_account (self->session)->id : NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < accounts->len; i++)
    {
      const WfAccount *account = g_ptr_array_index (accounts, i);

      if (g_strcmp0 (account->id, own) != 0)
        g_ptr_array_add (names, account->name);
    }
  g_ptr_array_add (names, NULL);
  wf_account_form_set_taken_names (self->form, (const char *const *) names->pdata);
}

static void
set_title (WfAccountEditor *self,
           const char      *title)
{
  adw_window_title_set_title (self->title, title);
  gtk_window_set_title (GTK_WINDOW (self), title);
}

static void
show_existing (WfAccountEditor *self)
{
  WfTokenSet *tokens = wf_session_get_tokens (self->session);

  set_title (self, _("Edit Account"));
  gtk_button_set_label (self->save, _("Save"));
  self->known = g_strdup (wf_session_get_account (self->session)->issuer);
  gtk_widget_set_visible (self->read_only, !is_editable (self));
  wf_account_form_set_account (self->form, wf_session_get_account (self->session), tokens && tokens->client_secret);
}

static WfAccountEditor *
editor_new (WfEngine  *engine,
            WfSession *session)
{
  WfAccountEditor *self = g_object_new (WF_TYPE_ACCOUNT_EDITOR, NULL);

  self->engine = g_object_ref (engine);
  g_set_object (&self->session, session);
  set_taken_names (self);
  return self;
}

/* Returns: (nullable): the name of an account at the same provider with the same client ID */
static const char *
find_twin (WfAccountEditor *self,
           const WfAccount *account)
{
  GPtrArray *accounts = wf_account_store_get_accounts (wf_engine_get_store (self->engine));

  for (guint i = 0; i < accounts->len; i++)
    {
      const WfAccount *other = g_ptr_array_index (accounts, i);

      if (g_strcmp0 (other->issuer, account->issuer) == 0 && g_strcmp0 (other->client_id, account->client_id) == 0)
        return other->name;
    }
  return NULL;
}

GtkWidget *
wf_account_editor_new (WfEngine  *engine,
                       WfSession *session)
{
  WfAccountEditor *self;

  g_return_val_if_fail (WF_IS_ENGINE (engine), NULL);

  if (!session)
    return wf_account_editor_new_at (engine, "");
  self = editor_new (engine, session);
  show_existing (self);
  update_actions (self);
  return GTK_WIDGET (self);
}

GtkWidget *
wf_account_editor_new_at (WfEngine   *engine,
                          const char *address)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  WfAccountEditor *self;

  g_return_val_if_fail (WF_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  if (!account->scope)
    wf_account_set (&account->scope, WF_ACCOUNT_DEFAULT_SCOPE);
  wf_account_set (&account->issuer, address);
  self = editor_new (engine, NULL);
  wf_account_form_set_account (self->form, account, FALSE);
  wf_account_form_focus (self->form);
  update_actions (self);
  return GTK_WIDGET (self);
}

GtkWidget *
wf_account_editor_new_import (WfEngine          *engine,
                              const WfAccount   *account,
                              const char        *source,
                              const char *const *left_out)
{
  g_autoptr (WfAccount) copy = NULL;
  WfAccountEditor *self;

  g_return_val_if_fail (WF_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (account != NULL, NULL);

  self = editor_new (engine, NULL);
  copy = wf_account_name_copy (engine, account);
  self->known = g_strdup (copy->issuer);
  set_title (self, _("Import Account"));
  wf_account_form_set_account (self->form, copy, FALSE);
  wf_account_form_show_trust (self->form, source, find_twin (self, account), left_out);
  update_actions (self);
  return GTK_WIDGET (self);
}

void
wf_account_editor_set_position (WfAccountEditor *self,
                                guint            position,
                                guint            count)
{
  g_autofree char *words = NULL;

  g_return_if_fail (WF_IS_ACCOUNT_EDITOR (self));

  if (count < 2)
    return;
  /* Translators: the number of an account, and how many there are: "2 of 3" */
  words = g_strdup_printf (_("%u of %u"), position, count);
  adw_window_title_set_subtitle (self->title, words);
  /* Translators: goes on to the next account without adding this one */
  gtk_button_set_label (self->cancel, _("Skip"));
}
