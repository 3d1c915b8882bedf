/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-message.h"

#include <glib/gi18n-lib.h>

#include "wf-flow-field.h"
#include "wf-flow-timing.h"
#include "wf-json-view.h"
#include "wf-label.h"

struct _WfFlowMessage
{
  GtkBox      parent_instance;

  GtkLabel   *first; /* the line that it begins with */
  GtkLabel   *note;
  GtkBox     *fields;
  GtkWidget  *body_title;
  GtkWidget  *body;   /* made for the first body */
  GtkBox     *rest;

  gboolean    is_response;
  WfSession  *session;
  WfExchange *exchange;
};

G_DEFINE_FINAL_TYPE (WfFlowMessage, wf_flow_message, GTK_TYPE_BOX)

enum
{
  SIGNAL_REVEALING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
on_revealing (WfFlowMessage *self)
{
  g_signal_emit (self, signals[SIGNAL_REVEALING], 0);
}

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))))
    gtk_box_remove (box, child);
}

static GtkWidget *
make_heading (const char *title)
{
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption-heading");
  return label;
}

/* Returns: a list below its title, at the end of the fields */
static GtkWidget *
add_group (WfFlowMessage *self,
           const char    *title)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_box_append (self->fields, make_heading (title));
  gtk_box_append (self->fields, list);
  return list;
}

/* How many fields before this one look the same. */
static guint
count_before (GHashTable *seen,
              const char *name,
              const char *value)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s", name, value);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (seen, key));

  g_hash_table_insert (seen, g_steal_pointer (&key), GUINT_TO_POINTER (count + 1));
  return count;
}

static void
add_field (WfFlowMessage *self,
           GtkWidget     *list,
           GHashTable    *seen,
           WfExchangePart part,
           const char    *name,
           const char    *value)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *field = wf_flow_field_new (self->session, self->exchange, part, name, value, count_before (seen, name, value));
  g_autofree char *spoken = g_strdup_printf ("%s: %s", name, value);

  g_signal_connect_object (field, "revealing", G_CALLBACK (on_revealing), self, G_CONNECT_SWAPPED);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), field);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

/* Lines of a name, @separator and a value. */
static void
add_lines (WfFlowMessage *self,
           const char    *title,
           WfExchangePart part,
           const char    *text,
           const char    *separator)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) lines = g_strsplit (text ? text : "", "\n", -1);
  GtkWidget *list = NULL;

  for (guint i = 0; lines[i]; i++)
    {
      char *value = strstr (lines[i], separator);

      if (!value)
        continue;
      *value = '\0';
      if (!list)
        list = add_group (self, title);
      add_field (self, list, seen, part, lines[i], value + strlen (separator));
    }
}

static char *
decode (const char *text)
{
  g_autofree char *spaced = g_strdup (text);
  g_autofree char *decoded = NULL;

  g_strdelimit (spaced, "+", ' ');
  decoded = g_uri_unescape_string (spaced, NULL);
  return decoded ? g_steal_pointer (&decoded) : g_steal_pointer (&spaced);
}

static void
add_parameters (WfFlowMessage *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *query = strchr (self->exchange->uri, '?');
  g_autofree char *text = query ? g_strndup (query + 1, strcspn (query + 1, "#")) : NULL;
  g_auto (GStrv) pairs = g_strsplit (text ? text : "", "&", -1);
  GtkWidget *list = NULL;

  for (guint i = 0; pairs[i]; i++)
    {
      char *equals = strchr (pairs[i], '=');
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      if (!equals)
        continue;
      *equals = '\0';
      name = decode (pairs[i]);
      value = decode (equals + 1);
      if (!list)
        list = add_group (self, _("Parameters"));
      add_field (self, list, seen, WF_EXCHANGE_REQUEST_URI, name, value);
    }
}

/* What is masked in a JSON body, to be revealed one by one. */
static void
add_body_secrets (WfFlowMessage *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GtkWidget *list = NULL;

  for (guint i = 0; i < self->exchange->secrets->len; i++)
    {
      const WfExchangeSecret *secret = g_ptr_array_index (self->exchange->secrets, i);

      if (secret->part != WF_EXCHANGE_RESPONSE_BODY)
        continue;
      if (!list)
        list = add_group (self, _("Secrets"));
      add_field (self, list, seen, secret->part, secret->name, secret->masked);
    }
}

static void
show_body (WfFlowMessage *self,
           const char    *text)
{
  gboolean is_json = text && (*text == '{' || *text == '[');

  gtk_widget_set_visible (self->body_title, text && *text);
  if (!self->body && text && *text)
    {
      self->body = wf_json_view_new (_("Body"));
      gtk_widget_add_css_class (self->body, "card");
      gtk_box_insert_child_after (GTK_BOX (self), self->body, self->body_title);
    }
  if (!self->body)
    return;
  gtk_widget_set_visible (self->body, text && *text);
  wf_json_view_set_text (self->body, text ? text : "", is_json ? "json" : NULL);
}

static void
show_note (WfFlowMessage *self,
           const char    *text)
{
  gtk_label_set_label (self->note, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), text != NULL);
}

static void
show_request (WfFlowMessage *self)
{
  WfExchange *exchange = self->exchange;
  /* The parameters stand below. */
  g_autofree char *first = g_strdup_printf ("%s %.*s", exchange->method, (int) strcspn (exchange->uri, "?"), exchange->uri);

  gtk_label_set_label (self->first, first);
  show_note (self, exchange->by_address ? _("This went through the sign-in view or the browser: Warifu knows its address alone.")
                                        : NULL);
  add_parameters (self);
  add_lines (self, _("Form"), WF_EXCHANGE_REQUEST_BODY, exchange->request_body, "=");
  add_lines (self, _("Headers"), WF_EXCHANGE_REQUEST_HEADERS, exchange->request_headers, ": ");
  show_body (self, NULL);
}

static void
show_response (WfFlowMessage *self)
{
  WfExchange *exchange = self->exchange;
  GtkWidget *timing = wf_flow_timing_new (exchange);
  g_autofree char *first = NULL;

  if (exchange->status > 0)
    first = g_strdup_printf ("HTTP %u %s", exchange->status, exchange->reason ? exchange->reason : "");
  else
    first = g_strdup (_("No answer"));
  gtk_label_set_label (self->first, first);
  show_note (self, exchange->error);
  add_body_secrets (self);
  show_body (self, exchange->response_body);
  if (timing)
    {
      gtk_box_append (self->rest, make_heading (_("Timing")));
      gtk_box_append (self->rest, timing);
    }
  add_lines (self, _("Headers"), WF_EXCHANGE_RESPONSE_HEADERS, exchange->response_headers, ": ");
}

static void
wf_flow_message_dispose (GObject *object)
{
  WfFlowMessage *self = WF_FLOW_MESSAGE (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->exchange, wf_exchange_unref);
  G_OBJECT_CLASS (wf_flow_message_parent_class)->dispose (object);
}

static void
wf_flow_message_class_init (WfFlowMessageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_flow_message_dispose;
  signals[SIGNAL_REVEALING] =
    g_signal_new ("revealing", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wf_flow_message_init (WfFlowMessage *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  gtk_widget_add_css_class (GTK_WIDGET (self), "inspector-side");
  self->first = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->first, 0);
  gtk_label_set_selectable (self->first, TRUE);
  wf_label_set_verbatim (self->first, PANGO_WRAP_CHAR);
  gtk_widget_set_direction (GTK_WIDGET (self->first), GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (GTK_WIDGET (self->first), "monospace");
  self->note = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->note, 0);
  gtk_label_set_wrap (self->note, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "dim-label");
  self->body_title = make_heading (_("Body"));
  self->fields = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  self->rest = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->first));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->note));
  gtk_box_append (GTK_BOX (self), self->body_title);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->rest));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->fields));
}

GtkWidget *
wf_flow_message_new (gboolean is_response)
{
  WfFlowMessage *self = g_object_new (WF_TYPE_FLOW_MESSAGE, NULL);

  self->is_response = is_response;
  return GTK_WIDGET (self);
}

void
wf_flow_message_show (WfFlowMessage *self,
                      WfSession     *session,
                      WfExchange    *exchange)
{
  g_return_if_fail (WF_IS_FLOW_MESSAGE (self));

  if (self->exchange == exchange && self->session == session)
    return;
  clear_box (self->fields);
  clear_box (self->rest);
  g_set_object (&self->session, session);
  g_clear_pointer (&self->exchange, wf_exchange_unref);
  self->exchange = exchange ? wf_exchange_ref (exchange) : NULL;
  if (!exchange)
    return;
  if (self->is_response)
    show_response (self);
  else
    show_request (self);
}
