/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-sign-in-failure.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"

struct _WfSignInFailure
{
  AdwBin          parent_instance;

  AdwStatusPage  *status;
  GtkButton      *try_again;
  GtkButton      *use_browser;
  AdwExpanderRow *details;
  AdwActionRow   *name;
  AdwActionRow   *http_status;
  AdwActionRow   *issuer;
};

G_DEFINE_FINAL_TYPE (WfSignInFailure, wf_sign_in_failure, ADW_TYPE_BIN)

static const char *
choose_title (const GError *error)
{
  if (g_error_matches (error, WF_ERROR, WF_ERROR_TLS_ERROR) ||
      g_error_matches (error, WF_ERROR, WF_ERROR_INSECURE_ENDPOINT))
    return _("The connection is not safe");
  if (g_error_matches (error, WF_ERROR, WF_ERROR_OFFLINE) || g_error_matches (error, WF_ERROR, WF_ERROR_TIMEOUT))
    return _("The provider cannot be reached");
  if (g_error_matches (error, WF_ERROR, WF_ERROR_UNSUPPORTED))
    return _("Sign in with your browser");
  return _("You are not signed in");
}

static const char *
choose_icon (const GError *error)
{
  if (g_error_matches (error, WF_ERROR, WF_ERROR_TLS_ERROR) ||
      g_error_matches (error, WF_ERROR, WF_ERROR_INSECURE_ENDPOINT))
    return "channel-insecure-symbolic";
  if (g_error_matches (error, WF_ERROR, WF_ERROR_OFFLINE) || g_error_matches (error, WF_ERROR, WF_ERROR_TIMEOUT))
    return "network-offline-symbolic";
  if (g_error_matches (error, WF_ERROR, WF_ERROR_UNSUPPORTED))
    return "web-browser-symbolic";
  return "dialog-warning-symbolic";
}

static void
set_detail (AdwActionRow *row,
            const char   *text)
{
  gtk_widget_set_visible (GTK_WIDGET (row), text && *text);
  adw_action_row_set_subtitle (row, text ? text : "");
}

static void
set_suggested (GtkButton *button,
               gboolean   suggested)
{
  if (suggested)
    gtk_widget_add_css_class (GTK_WIDGET (button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (button), "suggested-action");
}

static void
wf_sign_in_failure_class_init (WfSignInFailureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-sign-in-failure.ui");
  gtk_widget_class_bind_template_child (widget_class, WfSignInFailure, status);
  gtk_widget_class_bind_template_child (widget_class, WfSignInFailure, try_again);
  gtk_widget_class_bind_template_child (widget_class, WfSignInFailure, use_browser);
  gtk_widget_class_bind_template_child (widget_class, WfSignInFailure, details);
  gtk_widget_class_bind_template_child (widget_class, WfSignInFailure, name);
  gtk_widget_class_bind_template_child (widget_class, WfSignInFailure, http_status);
  gtk_widget_class_bind_template_child (widget_class, WfSignInFailure, issuer);
}

static void
wf_sign_in_failure_init (WfSignInFailure *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
wf_sign_in_failure_show (WfSignInFailure *self,
                         const GError    *error,
                         const char      *issuer)
{
  guint status = wf_error_get_http_status (error);
  g_autofree char *number = status ? g_strdup_printf ("%u", status) : NULL;
  g_autofree char *message = g_markup_escape_text (error->message, -1);
  gboolean browser_first = g_error_matches (error, WF_ERROR, WF_ERROR_UNSUPPORTED);
  GtkButton *first = browser_first ? self->use_browser : self->try_again;

  g_return_if_fail (WF_IS_SIGN_IN_FAILURE (self));

  adw_status_page_set_title (self->status, choose_title (error));
  adw_status_page_set_icon_name (self->status, choose_icon (error));
  /* A description is markup. */
  adw_status_page_set_description (self->status, message);
  adw_expander_row_set_expanded (self->details, FALSE);
  set_detail (self->name, wf_error_get_name (error));
  set_detail (self->http_status, number);
  set_detail (self->issuer, issuer);
  /* What this computer lacks it will lack again. */
  gtk_widget_set_visible (GTK_WIDGET (self->try_again), !browser_first);
  set_suggested (self->use_browser, browser_first);
  gtk_widget_grab_focus (GTK_WIDGET (first));
}
