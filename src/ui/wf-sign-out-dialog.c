/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-sign-out-dialog.h"

#include <glib/gi18n-lib.h>

#include "wf-dialog.h"
#include "wf-launch.h"
#include "wf-sign-in-module.h"

typedef struct
{
  WfHost    *host;
  WfSession *session;
  gboolean   remove;
} Job;

static void
job_free (Job *job)
{
  g_object_unref (job->host);
  g_object_unref (job->session);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static Job *
job_new (WfHost    *host,
         WfSession *session,
         gboolean   remove)
{
  Job *job = g_new0 (Job, 1);

  job->host = g_object_ref (host);
  job->session = g_object_ref (session);
  job->remove = remove;
  return job;
}

static char *
describe_revocation (const WfSignOutReport *report)
{
  switch (report->revocation)
    {
    case WF_STEP_DONE:
      return g_strdup (_("The provider has revoked your tokens."));
    case WF_STEP_FAILED:
      /* Translators: %s is a sentence that says what went wrong */
      return g_strdup_printf (_("Your tokens were not revoked at the provider: %s"),
                              report->revocation_error ? report->revocation_error->message : "");
    case WF_STEP_SKIPPED:
    default:
      return g_strdup (_("Your tokens were not revoked at the provider; they end when they expire."));
    }
}

static char *
describe_keyring (const WfSignOutReport *report)
{
  switch (report->keyring)
    {
    case WF_STEP_DONE:
      return g_strdup (_("Your tokens were removed from the keyring."));
    case WF_STEP_FAILED:
      /* Translators: %s is a sentence that says what went wrong */
      return g_strdup_printf (_("Your tokens could not be removed from the keyring: %s"),
                              report->keyring_error ? report->keyring_error->message : "");
    case WF_STEP_SKIPPED:
    default:
      return g_strdup (_("There was nothing to remove from the keyring."));
    }
}

static void
on_end_session_response (AdwMessageDialog *dialog,
                         const char       *response,
                         char             *uri)
{
  if (g_str_equal (response, "open"))
    wf_launch_or_offer (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (dialog))), uri,
                        _("The Sign-Out Page Could Not Be Opened"),
                        _("No browser could be opened from here. Copy the address and open it yourself."));
}

static void
free_closure_data (gpointer  data,
                   GClosure *closure)
{
  g_free (data);
}

static void
present_report (WfHost                *host,
                const WfSignOutReport *report)
{
  gboolean failed = report->revocation == WF_STEP_FAILED || report->keyring == WF_STEP_FAILED;
  g_autofree char *text = wf_sign_out_report_describe (report);
  GtkWidget *dialog;

  dialog = adw_message_dialog_new (GTK_WINDOW (host), failed ? _("Signed Out, with Problems") : _("Signed Out"), NULL);
  if (report->end_session_uri)
    adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog), "%s\n\n%s", text,
                                    _("You may still be signed in at the provider. Its sign-out page ends that too."));
  else
    adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), text);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  if (report->end_session_uri)
    {
      adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "open", _("Open Sign-Out Page"));
      adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "open", ADW_RESPONSE_SUGGESTED);
      g_signal_connect_data (dialog, "response", G_CALLBACK (on_end_session_response),
                             g_strdup (report->end_session_uri), free_closure_data, 0);
    }
  wf_dialog_present (ADW_MESSAGE_DIALOG (dialog));
}

static void
on_removed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (WfHost) host = user_data;
  g_autoptr (GError) error = NULL;

  if (wf_engine_remove_account_finish (WF_ENGINE (source), result, &error))
    wf_host_toast (host, _("Account removed"));
  else
    wf_host_toast_error (host, error);
}

static void
on_signed_out (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (Job) job = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WfSignOutReport) report = NULL;

  report = wf_session_sign_out_finish (job->session, result, &error);
  if (!report)
    {
      wf_host_toast_error (job->host, error);
      return;
    }
  /* Who signs out is not let in again by a cookie. */
  wf_sign_in_module_forget (wf_session_get_account (job->session)->id);
  /* An account goes although the provider could not be told, which is then said. */
  if (!job->remove || report->revocation == WF_STEP_FAILED || report->end_session_uri)
    present_report (job->host, report);
  if (job->remove)
    wf_engine_remove_account_async (wf_host_get_engine (job->host), job->session, NULL /* cancellable */,
                                    on_removed, g_object_ref (job->host));
}

static void
on_response (AdwMessageDialog *dialog,
             const char       *response,
             Job              *job)
{
  GtkWidget *check = adw_message_dialog_get_extra_child (dialog);
  gboolean local = check && gtk_check_button_get_active (GTK_CHECK_BUTTON (check));

  if (g_str_equal (response, "go"))
    wf_session_sign_out_async (job->session, local, NULL /* cancellable */, on_signed_out,
                               job_new (job->host, job->session, job->remove));
}

static void
free_job_closure (gpointer  data,
                  GClosure *closure)
{
  job_free (data);
}

static AdwMessageDialog *
make_dialog (Job        *job,
             const char *heading,
             const char *body,
             const char *verb)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (job->host), heading, body));

  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), "go", verb, NULL);
  adw_message_dialog_set_response_appearance (dialog, "go", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), job, free_job_closure, 0);
  return dialog;
}

char *
wf_sign_out_report_describe (const WfSignOutReport *report)
{
  g_autofree char *revocation = describe_revocation (report);
  g_autofree char *keyring = describe_keyring (report);

  return g_strdup_printf ("%s\n%s", revocation, keyring);
}

void
wf_sign_out_dialog_present (WfHost    *host,
                            WfSession *session)
{
  Job *job = job_new (host, session, FALSE);
  g_autofree char *heading = NULL;
  AdwMessageDialog *dialog;
  GtkWidget *local;

  /* Translators: %s is the name of an account */
  heading = g_strdup_printf (_("Sign Out of “%s”?"), wf_session_get_account (session)->name);
  dialog = make_dialog (job, heading,
                        _("Your tokens are revoked at the provider, where it can do that, and removed from this computer."),
                        _("Sign Out"));
  local = gtk_check_button_new_with_label (_("Only on this computer"));
  gtk_widget_set_halign (local, GTK_ALIGN_CENTER);
  adw_message_dialog_set_extra_child (dialog, local);
  wf_dialog_present (dialog);
}

void
wf_remove_dialog_present (WfHost    *host,
                          WfSession *session)
{
  Job *job = job_new (host, session, TRUE);
  g_autofree char *heading = NULL;

  /* Translators: %s is the name of an account */
  heading = g_strdup_printf (_("Remove “%s”?"), wf_session_get_account (session)->name);
  wf_dialog_present (make_dialog (job, heading,
                                  _("You are signed out, and the account, its tokens and its history are removed from this computer."),
                                  _("Remove")));
}
