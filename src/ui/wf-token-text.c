/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-token-text.h"

#include <glib/gi18n-lib.h>

#include "wf-accessible.h"
#include "wf-account-actions.h"
#include "wf-clipboard.h"
#include "wf-json-view.h"
#include "wf-label.h"
#include "wf-wrap-layout.h"

/* A label lays out all of its text, and several times. A longer part has a view that lays out what is on the screen. */
#define MAX_IN_LABEL 2048
/* Characters: without it a label measures how narrow it can be with one line for each character. */
#define NARROWEST 16

struct _WfTokenText
{
  GtkBox       parent_instance;

  GtkLabel    *masked;
  GtkWidget   *parts;
  GtkWidget   *part_boxes[3];
  GtkLabel    *part_names[3];
  GtkLabel    *part_texts[3];
  GtkWidget   *part_views[3];  /* of long parts; made when there is one; nullable */
  GtkWidget   *part_frames[3]; /* of those */
  GtkButton   *reveal;
  GtkButton   *copy;

  WfSession   *session; /* whose token it is; NULL for one of nobody's account */
  WfTokenKind  kind;
  char        *audience;
  SecretValue *token;   /* of nobody's account */
  gboolean     revealed;
  guint        timer;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (WfTokenText, wf_token_text, GTK_TYPE_BOX)

enum
{
  PROP_REVEALED = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void mask (WfTokenText *self);

static SecretValue *
get_token (WfTokenText *self)
{
  return self->session ? wf_token_kind_get_token (self->kind, wf_session_get_tokens (self->session), self->audience) : self->token;
}

static void
set_revealed (WfTokenText *self,
              gboolean     revealed)
{
  gtk_button_set_label (self->reveal, revealed ? _("Hide") : _("Reveal"));
  gtk_widget_set_visible (self->parts, revealed);
  gtk_widget_set_visible (GTK_WIDGET (self->masked), !revealed);
  if (self->revealed == revealed)
    return;
  self->revealed = revealed;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REVEALED]);
}

static gboolean
on_timeout (gpointer user_data)
{
  WfTokenText *self = user_data;

  self->timer = 0;
  mask (self);
  return G_SOURCE_REMOVE;
}

static void
clear_part (WfTokenText *self,
            guint        index)
{
  gtk_label_set_label (self->part_texts[index], "");
  if (self->part_views[index])
    wf_json_view_set_text (self->part_views[index], "", NULL);
}

static void
mask (WfTokenText *self)
{
  SecretValue *token = get_token (self);
  g_autofree char *text = NULL;

  g_clear_handle_id (&self->timer, g_source_remove);
  for (guint i = 0; i < G_N_ELEMENTS (self->part_texts); i++)
    clear_part (self, i);
  text = token ? wf_secret_mask (secret_value_get_text (token)) : g_strdup ("");
  gtk_label_set_label (self->masked, text);
  set_revealed (self, FALSE);
}

static void
show_in_view (WfTokenText *self,
              guint        index,
              const char  *name,
              const char  *text)
{
  if (!self->part_views[index])
    {
      self->part_views[index] = wf_json_view_new (name);
      self->part_frames[index] = wf_json_view_new_frame (self->part_views[index]);
      gtk_box_append (GTK_BOX (self->part_boxes[index]), self->part_frames[index]);
    }
  wf_accessible_name (self->part_views[index], *name ? name : wf_token_kind_get_title (self->kind));
  wf_json_view_set_text (self->part_views[index], text, NULL);
}

static void
show_part (WfTokenText *self,
           guint        index,
           const char  *name,
           const char  *text,
           gsize        length)
{
  g_autoptr (WfWipedString) shown = g_strndup (text, length);
  gboolean in_label = length <= MAX_IN_LABEL;

  clear_part (self, index);
  if (in_label)
    gtk_label_set_label (self->part_texts[index], shown);
  else
    show_in_view (self, index, name, shown);
  gtk_widget_set_visible (GTK_WIDGET (self->part_texts[index]), in_label);
  if (self->part_frames[index])
    gtk_widget_set_visible (self->part_frames[index], !in_label);
  gtk_label_set_label (self->part_names[index], name);
  gtk_widget_set_visible (GTK_WIDGET (self->part_names[index]), *name != '\0');
}

static void
show_parts (WfTokenText *self,
            const char  *text)
{
  const char *names[] = { _("Header"), _("Payload"), _("Signature") };
  gboolean in_parts = wf_jwt_guess_kind (text) == WF_JWT_SIGNED;
  guint count = 0;

  if (!in_parts)
    show_part (self, count++, "", text, strlen (text));
  while (in_parts && count < G_N_ELEMENTS (names))
    {
      gsize length = strcspn (text, ".");

      /* The dot stays with the part before it, so that all of it together is the token. */
      if (text[length] == '.')
        length++;
      show_part (self, count, names[count], text, length);
      text += length;
      count++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gtk_widget_set_visible (self->part_boxes[i], i < count);
      if (in_parts)
        gtk_widget_add_css_class (self->part_boxes[i], "coloured");
      else
        gtk_widget_remove_css_class (self->part_boxes[i], "coloured");
    }
}

static void
reveal (WfTokenText *self)
{
  WfHost *host = wf_host_of (GTK_WIDGET (self));
  SecretValue *token = get_token (self);

  if (!token || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  show_parts (self, secret_value_get_text (token));
  set_revealed (self, TRUE);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (wf_host_get_reveal_seconds (host), on_timeout, self);
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (WfTokenText) self = user_data;
  g_autoptr (GError) error = NULL;
  WfHost *host = wf_host_of (GTK_WIDGET (self));

  if (!wf_session_before_action_finish (WF_SESSION (source), result, &error))
    {
      wf_host_toast_error (host, error);
      return;
    }
  if (self->session == WF_SESSION (source))
    reveal (self);
}

static void
on_reveal_clicked (WfTokenText *self)
{
  if (self->revealed)
    {
      mask (self);
      return;
    }
  if (!self->session)
    {
      reveal (self);
      return;
    }
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  wf_session_before_action_async (self->session, self->cancellable, on_ready, g_object_ref (self));
}

static SecretValue *
get_access_token (const WfTokenSet *set,
                  const char       *audience)
{
  return wf_token_kind_get_token (WF_TOKEN_ACCESS, set, audience);
}

static SecretValue *
get_id_token (const WfTokenSet *set,
              const char       *audience)
{
  return wf_token_kind_get_token (WF_TOKEN_ID, set, NULL);
}

static SecretValue *
get_refresh_token (const WfTokenSet *set,
                   const char       *audience)
{
  return wf_token_kind_get_token (WF_TOKEN_REFRESH, set, NULL);
}

static void
on_copy_clicked (WfTokenText *self)
{
  static const WfTokenGetter getters[] = { get_access_token, get_id_token, get_refresh_token };
  static const char *const done[] = { N_("Access token copied"), N_("ID token copied"), N_("Refresh token copied"), N_("Token copied") };
  WfHost *host = wf_host_of (GTK_WIDGET (self));

  if (self->session && host)
    wf_account_actions_copy (host, self->session, getters[self->kind], self->audience, _(done[self->kind]));
  else if (!self->session && self->token)
    {
      wf_clipboard_copy_secret (GTK_WIDGET (self), self->token, wf_host_get_clipboard_seconds (host));
      wf_host_toast (host, _(done[self->kind]));
    }
}

static void
wf_token_text_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (WF_TOKEN_TEXT (widget)->cancellable);
  mask (WF_TOKEN_TEXT (widget));
  GTK_WIDGET_CLASS (wf_token_text_parent_class)->unmap (widget);
}

static void
wf_token_text_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_REVEALED:
      g_value_set_boolean (value, WF_TOKEN_TEXT (object)->revealed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wf_token_text_dispose (GObject *object)
{
  WfTokenText *self = WF_TOKEN_TEXT (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->audience, g_free);
  wf_secret_set (&self->token, NULL);
  G_OBJECT_CLASS (wf_token_text_parent_class)->dispose (object);
}

static void
wf_token_text_class_init (WfTokenTextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wf_token_text_get_property;
  object_class->dispose = wf_token_text_dispose;
  widget_class->unmap = wf_token_text_unmap;
  properties[PROP_REVEALED] = g_param_spec_boolean ("revealed", NULL, NULL, FALSE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static GtkLabel *
make_token_label (void)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));

  wf_label_set_verbatim (label, PANGO_WRAP_CHAR);
  gtk_label_set_width_chars (label, NARROWEST);
  gtk_label_set_xalign (label, 0);
  gtk_widget_set_direction (GTK_WIDGET (label), GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (GTK_WIDGET (label), "monospace");
  return label;
}

static void
add_part (WfTokenText *self,
          guint        index)
{
  static const char *const styles[] = { "token-header", "token-payload", "token-signature" };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  self->part_names[index] = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->part_names[index], 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->part_names[index]), "caption-heading");
  self->part_texts[index] = make_token_label ();
  gtk_label_set_selectable (self->part_texts[index], TRUE);
  gtk_widget_add_css_class (box, styles[index]);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->part_names[index]));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->part_texts[index]));
  gtk_box_append (GTK_BOX (self->parts), box);
  self->part_boxes[index] = box;
}

static GtkWidget *
make_buttons (WfTokenText *self)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  /* In a long language one stands below the other. */
  gtk_widget_set_layout_manager (buttons, wf_wrap_layout_new (9));
  self->reveal = GTK_BUTTON (gtk_button_new_with_label (_("Reveal")));
  g_signal_connect_swapped (self->reveal, "clicked", G_CALLBACK (on_reveal_clicked), self);
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->reveal));
  self->copy = GTK_BUTTON (gtk_button_new ());
  g_signal_connect_swapped (self->copy, "clicked", G_CALLBACK (on_copy_clicked), self);
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->copy));
  return buttons;
}

static void
wf_token_text_init (WfTokenText *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->masked = make_token_label ();
  self->parts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  for (guint i = 0; i < G_N_ELEMENTS (self->part_boxes); i++)
    add_part (self, i);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->masked));
  gtk_box_append (GTK_BOX (self), self->parts);

  gtk_box_append (GTK_BOX (self), make_buttons (self));
  set_revealed (self, FALSE);
}

/* Somebody else's token comes in: whatever was on its way to be shown is not shown. */
static void
begin (WfTokenText *self,
       WfSession   *session,
       WfTokenKind  kind,
       const char  *audience,
       SecretValue *token)
{
  static const char *const labels[] = { N_("Copy Access Token"), N_("Copy ID Token"), N_("Copy Refresh Token"), N_("Copy Token") };

  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->session, session);
  self->kind = kind;
  g_free (self->audience);
  self->audience = g_strdup (audience);
  wf_secret_set (&self->token, token);
  gtk_button_set_label (self->copy, _(labels[kind]));
  mask (self);
}

void
wf_token_text_set (WfTokenText *self,
                   WfSession   *session,
                   WfTokenKind  kind,
                   const char  *audience)
{
  SecretValue *token;

  g_return_if_fail (WF_IS_TOKEN_TEXT (self));

  if (self->session != session || self->kind != kind || g_strcmp0 (self->audience, audience) != 0)
    {
      begin (self, session, kind, audience, NULL);
      return;
    }
  /* A refresh put a new token in its place, maybe the very one that came before revealing it. */
  token = get_token (self);
  if (self->revealed && token)
    show_parts (self, secret_value_get_text (token));
  else
    mask (self);
}

void
wf_token_text_set_token (WfTokenText *self,
                         SecretValue *token)
{
  g_return_if_fail (WF_IS_TOKEN_TEXT (self));

  begin (self, NULL, WF_TOKEN_OTHER, NULL, token);
}
