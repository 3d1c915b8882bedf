/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-sign-in-title.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-accessible.h"
struct _WfSignInTitle
{
  AdwBin         parent_instance;

  GtkMenuButton *button;
  GtkImage      *symbol;
  GtkLabel      *host;
  GtkImage      *large_symbol;
  GtkLabel      *verdict;
  GtkLabel      *origin;
  GtkLabel      *detail;
  GtkLabel      *no_sandbox;

  GtkWidget     *view;
};

G_DEFINE_FINAL_TYPE (WfSignInTitle, wf_sign_in_title, ADW_TYPE_BIN)

/* "id.example.org:8443" of "https://id.example.org:8443": the symbol says the scheme. */
static const char *
skip_scheme (const char *origin)
{
  const char *separator = strstr (origin, "://");

  return separator ? separator + 3 : origin;
}

static void
update (WfSignInTitle *self)
{
  g_autofree char *origin = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *name = NULL;
  gboolean secure;
  gboolean sandboxed;
  gboolean ready;
  const char *icon;
  const char *words;

  g_object_get (self->view, "origin", &origin, "tls-detail", &detail, "secure", &secure,
                "sandboxed", &sandboxed, "ready", &ready, NULL);
  if (!ready)
    {
      icon = "content-loading-symbolic";
      words = _("Connecting");
    }
  else
    {
      icon = secure ? "channel-secure-symbolic" : "channel-insecure-symbolic";
      words = secure ? _("Encrypted connection") : _("Connection without encryption");
    }
  gtk_image_set_from_icon_name (self->symbol, icon);
  gtk_image_set_from_icon_name (self->large_symbol, icon);
  gtk_label_set_label (self->host, origin ? skip_scheme (origin) : "");
  gtk_label_set_label (self->verdict, words);
  gtk_label_set_label (self->origin, origin ? origin : "");
  gtk_label_set_label (self->detail, detail ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), ready && detail);
  gtk_widget_set_visible (GTK_WIDGET (self->no_sandbox), ready && !sandboxed);

  /* Translators: for screen readers; the first %s is a host name, the second "Encrypted connection" or the like. */
  name = g_strdup_printf (_("%s: %s"), origin ? skip_scheme (origin) : "", words);
  wf_accessible_name (GTK_WIDGET (self->button), name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), words);
}

static void
wf_sign_in_title_dispose (GObject *object)
{
  WfSignInTitle *self = WF_SIGN_IN_TITLE (object);

  wf_sign_in_title_set_view (self, NULL);

  G_OBJECT_CLASS (wf_sign_in_title_parent_class)->dispose (object);
}

static void
wf_sign_in_title_class_init (WfSignInTitleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_sign_in_title_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-sign-in-title.ui");
  gtk_widget_class_bind_template_child (widget_class, WfSignInTitle, button);
  gtk_widget_class_bind_template_child (widget_class, WfSignInTitle, symbol);
  gtk_widget_class_bind_template_child (widget_class, WfSignInTitle, host);
  gtk_widget_class_bind_template_child (widget_class, WfSignInTitle, large_symbol);
  gtk_widget_class_bind_template_child (widget_class, WfSignInTitle, verdict);
  gtk_widget_class_bind_template_child (widget_class, WfSignInTitle, origin);
  gtk_widget_class_bind_template_child (widget_class, WfSignInTitle, detail);
  gtk_widget_class_bind_template_child (widget_class, WfSignInTitle, no_sandbox);
}

static void
wf_sign_in_title_init (WfSignInTitle *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
wf_sign_in_title_set_view (WfSignInTitle *self,
                           GtkWidget     *view)
{
  static const char *const signals[] = {
    "notify::origin", "notify::secure", "notify::tls-detail", "notify::ready", "notify::sandboxed",
  };

  g_return_if_fail (WF_IS_SIGN_IN_TITLE (self));

  if (self->view)
    g_signal_handlers_disconnect_by_data (self->view, self);
  if (!g_set_object (&self->view, view) || !view)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (view, signals[i], G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
