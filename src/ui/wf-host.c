/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-host.h"

#include "wf-error.h"
#include "wf-settings.h"

#define CLIPBOARD_SECONDS 45
#define REVEAL_SECONDS 30

G_DEFINE_INTERFACE (WfHost, wf_host, GTK_TYPE_WIDGET)

static void
wf_host_default_init (WfHostInterface *iface)
{
}

static GSettings *
get_settings (WfHost *self)
{
  return self && WF_HOST_GET_IFACE (self)->get_settings ? WF_HOST_GET_IFACE (self)->get_settings (self) : NULL;
}

static void
say (WfHost     *self,
     WfSession  *session,
     const char *text)
{
  if (self && WF_HOST_GET_IFACE (self)->toast)
    WF_HOST_GET_IFACE (self)->toast (self, session, text);
}

WfHost *
wf_host_of (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  while (root && !WF_IS_HOST (root))
    root = GTK_IS_WINDOW (root) ? GTK_ROOT (gtk_window_get_transient_for (GTK_WINDOW (root))) : NULL;
  return root ? WF_HOST (root) : NULL;
}

WfEngine *
wf_host_get_engine (WfHost *self)
{
  return self && WF_HOST_GET_IFACE (self)->get_engine ? WF_HOST_GET_IFACE (self)->get_engine (self) : NULL;
}

void
wf_host_toast (WfHost     *self,
               const char *text)
{
  say (self, NULL, text);
}

void
wf_host_toast_state (WfHost     *self,
                     WfSession  *session,
                     const char *text)
{
  say (self, session, text);
}

void
wf_host_toast_error (WfHost       *self,
                     const GError *error)
{
  if (!error || g_error_matches (error, WF_ERROR, WF_ERROR_CANCELLED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  say (self, NULL, error->message);
}

void
wf_host_select (WfHost    *self,
                WfSession *session)
{
  if (self && WF_HOST_GET_IFACE (self)->select)
    WF_HOST_GET_IFACE (self)->select (self, session);
}

void
wf_host_edit_account (WfHost    *self,
                      WfSession *session)
{
  if (self && WF_HOST_GET_IFACE (self)->edit_account)
    WF_HOST_GET_IFACE (self)->edit_account (self, session);
}

void
wf_host_sign_in (WfHost    *self,
                 WfSession *session,
                 gboolean   use_browser)
{
  if (self && WF_HOST_GET_IFACE (self)->sign_in)
    WF_HOST_GET_IFACE (self)->sign_in (self, session, use_browser);
}

guint
wf_host_get_clipboard_seconds (WfHost *self)
{
  return (guint) MAX (0, wf_settings_get_int (get_settings (self), "clipboard-seconds", CLIPBOARD_SECONDS));
}

guint
wf_host_get_reveal_seconds (WfHost *self)
{
  return (guint) MAX (1, wf_settings_get_int (get_settings (self), "reveal-seconds", REVEAL_SECONDS));
}

gboolean
wf_host_get_show_pictures (WfHost *self)
{
  return wf_settings_get_boolean (get_settings (self), "show-pictures", FALSE);
}
