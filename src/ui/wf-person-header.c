/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-person-header.h"

#include <adwaita.h>

#include "wf-error.h"
#include "wf-host.h"
#include "wf-label.h"
#include "wf-person.h"
#include "wf-picture.h"
#include "wf-uri.h"

#define AVATAR_SIZE 64
/* For displays that show two pixels for one. */
#define PICTURE_SIZE (2 * AVATAR_SIZE)

struct _WfPersonHeader
{
  GtkBox        parent_instance;

  AdwAvatar    *avatar;
  GtkLabel     *name;
  GtkLabel     *email;
  GtkLabel     *issuer;

  WfSession    *session;
  char         *picture; /* the address of what is shown, or was asked for; NULL */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (WfPersonHeader, wf_person_header, GTK_TYPE_BOX)

static void
on_decoded (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) asked = user_data;
  WfPersonHeader *self = g_task_get_source_object (asked);
  g_autoptr (GdkTexture) texture = wf_picture_decode_finish (result, NULL);

  if (texture && !g_cancellable_is_cancelled (g_task_get_cancellable (asked)))
    adw_avatar_set_custom_image (self->avatar, GDK_PAINTABLE (texture));
}

/* Without a picture there are initials; that it could not be had is not worth a word. */
static void
on_picture (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) asked = user_data;
  g_autoptr (GBytes) bytes = wf_session_get_picture_finish (WF_SESSION (source), result, NULL);

  if (bytes && !g_cancellable_is_cancelled (g_task_get_cancellable (asked)))
    wf_picture_decode_async (bytes, PICTURE_SIZE, g_task_get_cancellable (asked), on_decoded, g_object_ref (asked));
}

static void
forget_picture (WfPersonHeader *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->picture, g_free);
  adw_avatar_set_custom_image (self->avatar, NULL);
}

/* A stranger's host would learn that somebody has signed in, from where, and how often the window is opened. */
static gboolean
may_fetch (WfPersonHeader *self,
           const char     *uri)
{
  WfHost *host = wf_host_of (GTK_WIDGET (self));

  return wf_session_is_own_picture (self->session, uri) || wf_host_get_show_pictures (host);
}

static void
show_picture (WfPersonHeader *self,
              const char     *uri)
{
  g_autoptr (GTask) asked = NULL;

  if (uri && !may_fetch (self, uri))
    uri = NULL;
  if (g_strcmp0 (self->picture, uri) == 0)
    return;
  forget_picture (self);
  if (!uri)
    return;
  self->picture = g_strdup (uri);
  self->cancellable = g_cancellable_new ();
  /* Remembers which question the answer belongs to. */
  asked = g_task_new (self, self->cancellable, NULL, NULL);
  wf_session_get_picture_async (self->session, uri, self->cancellable, on_picture, g_steal_pointer (&asked));
}

static void
wf_person_header_dispose (GObject *object)
{
  WfPersonHeader *self = WF_PERSON_HEADER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->picture, g_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (wf_person_header_parent_class)->dispose (object);
}

static void
wf_person_header_class_init (WfPersonHeaderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_person_header_dispose;
}

static GtkLabel *
add_label (GtkWidget  *box,
           gboolean    is_title,
           const char *style)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));

  gtk_label_set_xalign (label, 0);
  if (is_title)
    {
      gtk_label_set_wrap (label, TRUE);
      gtk_label_set_wrap_mode (label, PANGO_WRAP_WORD_CHAR);
      gtk_label_set_lines (label, 2);
    }
  gtk_label_set_ellipsize (label, is_title ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_selectable (label, !is_title);
  if (style)
    gtk_widget_add_css_class (GTK_WIDGET (label), style);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (label));
  return label;
}

static void
wf_person_header_init (WfPersonHeader *self)
{
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_box_set_spacing (GTK_BOX (self), 18);
  self->avatar = ADW_AVATAR (adw_avatar_new (AVATAR_SIZE, NULL, TRUE));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->avatar));
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  self->name = add_label (words, TRUE, "title-2");
  self->email = add_label (words, FALSE, NULL);
  self->issuer = add_label (words, FALSE, "dim-label");
  gtk_box_append (GTK_BOX (self), words);
}

void
wf_person_header_show (WfPersonHeader *self,
                       WfSession      *session)
{
  WfAccount *account = wf_session_get_account (session);
  g_autoptr (WfPerson) person = wf_session_get_person (session);
  const char *name = person->name ? person->name : (person->email ? person->email : person->subject);
  g_autofree char *shown = wf_error_clean_text (name ? name : account->name);
  g_autofree char *email = wf_error_clean_text (person->email && g_strcmp0 (person->email, name) != 0 ? person->email : "");
  g_autofree char *origin = account->issuer ? wf_uri_get_origin (account->issuer) : NULL;

  g_return_if_fail (WF_IS_PERSON_HEADER (self));

  if (self->session != session)
    {
      forget_picture (self);
      g_set_object (&self->session, session);
    }
  wf_label_update (self->name, shown);
  adw_avatar_set_text (self->avatar, shown);
  adw_avatar_set_show_initials (self->avatar, name != NULL);
  wf_label_update (self->email, email);
  gtk_widget_set_visible (GTK_WIDGET (self->email), *email != '\0');
  wf_label_update (self->issuer, origin ? origin : "");
  gtk_widget_set_visible (GTK_WIDGET (self->issuer), origin != NULL);
  show_picture (self, person->picture);
  wf_session_learn_person (session);
}
