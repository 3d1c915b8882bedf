/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-api-dialog.h"

#include <glib/gi18n-lib.h>

#include "wf-api-address.h"
#include "wf-error.h"
#include "wf-format.h"
#include "wf-json-view.h"
#include "wf-label.h"
#include "wf-notice.h"
#include "wf-session-call.h"

struct _WfApiDialog
{
  AdwWindow       parent_instance;

  AdwWindowTitle *title;
  GtkSpinner     *spinner;
  AdwEntryRow    *address;
  GtkLabel       *note;
  WfNotice       *notice;
  GtkWidget      *result;
  AdwActionRow   *status;
  GtkImage       *symbol;
  GtkLabel       *measures;
  AdwActionRow   *words;
  AdwExpanderRow *headers_row;
  GtkLabel       *headers;
  GtkLabel       *nothing;
  AdwBin         *body;
  GtkWidget      *view; /* in a frame in it; made for the first answer */

  WfSession      *session;
  GCancellable   *calling; /* NULL: nothing is under way */
};

G_DEFINE_FINAL_TYPE (WfApiDialog, wf_api_dialog, ADW_TYPE_WINDOW)

/* --- the request --- */

static const char *
get_address (WfApiDialog *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->address));
}

static void
update (WfApiDialog *self)
{
  gboolean is_busy = self->calling != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "api.send", !is_busy && *get_address (self));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_busy);
  gtk_spinner_set_spinning (self->spinner, is_busy);
}

/* Until the provider was asked what it has, its userinfo endpoint is not known. */
static void
on_metadata (WfApiDialog *self)
{
  WfAccount *account = wf_session_get_account (self->session);
  WfProviderMetadata *metadata = wf_session_get_metadata (self->session);
  g_auto (GStrv) bases = wf_api_address_list_bases (account, metadata);
  g_autofree char *list = g_strjoinv (", ", bases);
  g_autofree char *words = NULL;

  if (bases[0])
    /* Translators: %s is one address or several */
    words = g_strdup_printf (_("The access token goes to addresses under %s and nowhere else. No redirect is followed."), list);
  else if (!metadata)
    words = g_strdup (_("Before anything is sent it is checked whether the access token is meant for this address."));
  else
    words = g_strdup (_("Put the API's address into the account as its audience, so that it is known where the access token may go."));
  gtk_label_set_label (self->note, words);
  if (!*get_address (self) && metadata && metadata->userinfo_endpoint)
    gtk_editable_set_text (GTK_EDITABLE (self->address), metadata->userinfo_endpoint);
  else if (!*get_address (self) && bases[0])
    gtk_editable_set_text (GTK_EDITABLE (self->address), bases[0]);
}

/* --- the answer --- */

static void
show_status (WfApiDialog        *self,
             const WfCallResult *result)
{
  gboolean is_good = result->exchange->status < 300;
  g_autofree char *elapsed = wf_format_elapsed (result->exchange->duration_us);
  g_autofree char *size = wf_format_size (result->n_bytes);
  g_autofree char *measures = g_strdup_printf ("%s · %s", elapsed, size);
  const char *said = result->challenge ? result->challenge->description : NULL;

  gtk_image_set_from_icon_name (self->symbol, is_good ? "wf-good-symbolic" : "wf-attention-symbolic");
  gtk_widget_remove_css_class (GTK_WIDGET (self->symbol), is_good ? "error" : "success");
  gtk_widget_add_css_class (GTK_WIDGET (self->symbol), is_good ? "success" : "error");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->status), result->status);
  adw_action_row_set_subtitle (self->status, result->explanation ? result->explanation : "");
  gtk_label_set_label (self->measures, measures);
  adw_action_row_set_subtitle (self->words, said ? said : "");
  gtk_widget_set_visible (GTK_WIDGET (self->words), said && *said);
  gtk_label_set_label (self->headers, result->exchange->response_headers ? result->exchange->response_headers : "");
}

static void
show_body (WfApiDialog        *self,
           const WfCallResult *result)
{
  gboolean has_text = result->text && *result->text;

  gtk_widget_set_visible (GTK_WIDGET (self->body), has_text);
  gtk_widget_set_visible (GTK_WIDGET (self->nothing), !has_text);
  gtk_label_set_label (self->nothing, result->n_bytes > 0 ? _("The answer is no text, so it is not shown.") : _("The answer is empty."));
  if (!has_text)
    return;
  if (!self->view)
    {
      self->view = wf_json_view_new (_("Answer"));
      gtk_widget_add_css_class (self->view, "card");
      adw_bin_set_child (self->body, wf_json_view_new_frame (self->view));
    }
  wf_json_view_set_text (self->view, result->text, result->is_json ? "json" : NULL);
}

static void
on_called (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (WfApiDialog) self = user_data;
  g_autoptr (WfCallResult) answer = NULL;
  g_autoptr (GError) error = NULL;

  answer = wf_session_call_finish (WF_SESSION (source), result, &error);
  /* It was closed meanwhile. */
  if (g_task_get_cancellable (G_TASK (result)) != self->calling)
    return;
  g_clear_object (&self->calling);
  update (self);
  if (!answer)
    {
      wf_notice_show (self->notice, error->message, wf_error_get_name (error), NULL, NULL);
      return;
    }
  show_status (self, answer);
  show_body (self, answer);
  gtk_widget_set_visible (self->result, TRUE);
}

static void
send_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  WfApiDialog *self = WF_API_DIALOG (widget);
  g_autofree char *address = g_strstrip (g_strdup (get_address (self)));

  if (self->calling)
    return;
  self->calling = g_cancellable_new ();
  wf_notice_show (self->notice, NULL, NULL, NULL, NULL);
  gtk_widget_set_visible (self->result, FALSE);
  wf_session_call_async (self->session, address, self->calling, on_called, g_object_ref (self));
  update (self);
}

static void
on_activated (WfApiDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "api.send", NULL);
}

/* --- object --- */

static void
wf_api_dialog_dispose (GObject *object)
{
  WfApiDialog *self = WF_API_DIALOG (object);

  g_cancellable_cancel (self->calling);
  g_clear_object (&self->calling);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (wf_api_dialog_parent_class)->dispose (object);
}

static void
wf_api_dialog_class_init (WfApiDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_api_dialog_dispose;
  g_type_ensure (WF_TYPE_NOTICE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-api-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, title);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, address);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, note);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, notice);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, result);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, status);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, symbol);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, measures);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, words);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, headers_row);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, nothing);
  gtk_widget_class_bind_template_child (widget_class, WfApiDialog, body);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  gtk_widget_class_install_action (widget_class, "api.send", NULL, send_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
wf_api_dialog_init (WfApiDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->headers = GTK_LABEL (gtk_label_new (NULL));
  wf_label_set_verbatim (self->headers, PANGO_WRAP_CHAR);
  gtk_label_set_xalign (self->headers, 0);
  gtk_label_set_selectable (self->headers, TRUE);
  gtk_widget_set_direction (GTK_WIDGET (self->headers), GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (GTK_WIDGET (self->headers), "monospace");
  gtk_widget_add_css_class (GTK_WIDGET (self->headers), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->headers), "claim");
  adw_expander_row_add_row (self->headers_row, GTK_WIDGET (self->headers));
  update (self);
}

void
wf_api_dialog_present (WfHost    *host,
                       WfSession *session)
{
  WfApiDialog *self = g_object_new (WF_TYPE_API_DIALOG, NULL);

  self->session = g_object_ref (session);
  adw_window_title_set_subtitle (self->title, wf_session_get_account (session)->name);
  g_signal_connect_object (session, "notify::metadata", G_CALLBACK (on_metadata), self, G_CONNECT_SWAPPED);
  on_metadata (self);
  gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (host));
  gtk_window_present (GTK_WINDOW (self));
}
