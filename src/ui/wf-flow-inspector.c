/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-inspector.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-flow-code.h"
#include "wf-flow-step-view.h"
#include "wf-format.h"
#include "wf-json-view.h"
#include "wf-label.h"

struct _WfFlowInspector
{
  GtkBox        parent_instance;

  GtkLabel     *title;
  GtkLabel     *timing;
  GtkStack     *stack;
  GtkLabel     *request_head;
  GtkWidget    *request_body;
  GtkLabel     *response_head;
  GtkWidget    *response_body;
  GtkListBox   *checks;
  WfFlowCode   *code;
  GtkStackPage *code_page;

  WfFlow       *flow;
  guint         index;
  guint         n_checks;
};

G_DEFINE_FINAL_TYPE (WfFlowInspector, wf_flow_inspector, GTK_TYPE_BOX)

static void
append_part (GString    *text,
             const char *name,
             gint64      microseconds)
{
  g_autofree char *elapsed = NULL;

  if (microseconds < 0)
    return;
  elapsed = wf_format_elapsed (microseconds);
  g_string_append_printf (text, "%s%s %s", text->len > 0 ? " · " : "", name, elapsed);
}

/* "35 ms · name 1 ms · connecting 2 ms · TLS 10 ms · waiting 20 ms · receiving 1 ms · TLS 1.3" */
static char *
describe_timing (const WfExchange *exchange)
{
  GString *text = g_string_new (NULL);

  /* Translators: the parts that the time of a request is made of; each is followed by a time */
  append_part (text, C_("timing", "In all"), exchange->duration_us);
  append_part (text, C_("timing", "name"), exchange->dns_us);
  append_part (text, C_("timing", "connecting"), exchange->connect_us);
  append_part (text, C_("timing", "TLS"), exchange->tls_us);
  append_part (text, C_("timing", "waiting"), exchange->wait_us);
  append_part (text, C_("timing", "receiving"), exchange->receive_us);
  if (exchange->tls_protocol)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", exchange->tls_protocol);
  return g_string_free (text, FALSE);
}

static void
show_side (GtkLabel   *head,
           GtkWidget  *body,
           const char *first,
           const char *headers,
           const char *text,
           const char *language)
{
  g_autofree char *top = g_strdup_printf ("%s\n%s", first, headers ? headers : "");

  g_strchomp (top);
  gtk_label_set_label (head, top);
  gtk_widget_set_visible (body, text && *text);
  wf_json_view_set_text (body, text ? text : "", language);
}

static void
show_exchange (WfFlowInspector  *self,
               const WfExchange *exchange)
{
  g_autofree char *request = g_strdup_printf ("%s %s", exchange->method, exchange->uri);
  g_autofree char *response = NULL;
  const char *answer = exchange->response_body;

  show_side (self->request_head, self->request_body, request, exchange->request_headers, exchange->request_body, NULL);
  if (exchange->status > 0)
    response = g_strdup_printf ("HTTP %u", exchange->status);
  else
    response = g_strdup (exchange->error ? exchange->error : _("No answer"));
  show_side (self->response_head, self->response_body, response, exchange->response_headers, answer,
             answer && (*answer == '{' || *answer == '[') ? "json" : NULL);
}

static void
show_plain (WfFlowInspector  *self,
            const WfFlowStep *step)
{
  show_side (self->request_head, self->request_body, step->title, step->detail, NULL, NULL);
  show_side (self->response_head, self->response_body, _("Nothing was sent over the network in this step."),
             NULL, NULL, NULL);
}

static GtkWidget *
make_check_row (const WfFlowStep *step)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *symbol = gtk_image_new_from_icon_name (step->failed ? "wf-attention-symbolic" : "wf-good-symbolic");

  gtk_widget_add_css_class (symbol, step->failed ? "error" : "success");
  gtk_accessible_update_property (GTK_ACCESSIBLE (symbol), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  step->failed ? _("Failed") : _("Passed"), -1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), step->title);
  if (step->detail)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), step->detail);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), symbol);
  return row;
}

static void
show_checks (WfFlowInspector *self)
{
  GtkListBoxRow *old;

  while ((old = gtk_list_box_get_row_at_index (self->checks, 0)))
    gtk_list_box_remove (self->checks, GTK_WIDGET (old));
  self->n_checks = 0;
  for (guint i = 0; i < wf_flow_get_n_steps (self->flow); i++)
    {
      const WfFlowStep *step = wf_flow_get_step (self->flow, i);

      if (step->from != step->to)
        continue;
      gtk_list_box_append (self->checks, make_check_row (step));
      self->n_checks++;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->checks), self->n_checks > 0);
}

static void
wf_flow_inspector_dispose (GObject *object)
{
  g_clear_object (&WF_FLOW_INSPECTOR (object)->flow);
  G_OBJECT_CLASS (wf_flow_inspector_parent_class)->dispose (object);
}

static void
wf_flow_inspector_class_init (WfFlowInspectorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_flow_inspector_dispose;
}

static GtkLabel *
make_label (const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, style);
  return GTK_LABEL (label);
}

static GtkWidget *
wrap_in_scroller (GtkWidget *child)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), child);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static void
add_side (WfFlowInspector *self,
          const char      *name,
          const char      *title,
          GtkLabel       **head,
          GtkWidget      **body)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  *head = make_label ("monospace");
  gtk_label_set_selectable (*head, TRUE);
  wf_label_set_verbatim (*head, PANGO_WRAP_CHAR);
  gtk_widget_set_direction (GTK_WIDGET (*head), GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (GTK_WIDGET (*head), "caption");
  *body = wf_json_view_new (title);
  gtk_widget_add_css_class (*body, "card");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (*head));
  gtk_box_append (GTK_BOX (box), *body);
  gtk_widget_add_css_class (box, "inspector-side");
  gtk_stack_add_titled (self->stack, wrap_in_scroller (box), name, title);
}

static void
wf_flow_inspector_init (WfFlowInspector *self)
{
  GtkWidget *switcher = gtk_stack_switcher_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "inspector");
  self->title = make_label ("heading");
  self->timing = make_label ("caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->timing), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->timing), "numeric");
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), self->stack);
  gtk_widget_set_halign (switcher, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->timing));
  gtk_box_append (GTK_BOX (self), switcher);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->stack));

  add_side (self, "request", _("Request"), &self->request_head, &self->request_body);
  add_side (self, "response", _("Response"), &self->response_head, &self->response_body);
  self->checks = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->checks, GTK_SELECTION_NONE);
  gtk_widget_set_valign (GTK_WIDGET (self->checks), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (self->checks), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->checks), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Checks"), -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->checks));
  gtk_widget_add_css_class (box, "inspector-side");
  gtk_stack_add_titled (self->stack, wrap_in_scroller (box), "checks", _("Checks"));
  self->code = WF_FLOW_CODE (wf_flow_code_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->code), "inspector-side");
  self->code_page = gtk_stack_add_titled (self->stack, wrap_in_scroller (GTK_WIDGET (self->code)), "code", _("Code"));
}

GtkWidget *
wf_flow_inspector_new (void)
{
  return g_object_new (WF_TYPE_FLOW_INSPECTOR, NULL);
}

void
wf_flow_inspector_show (WfFlowInspector *self,
                        WfSession       *session,
                        WfFlow          *flow,
                        guint            index)
{
  const WfFlowStep *step;
  g_autofree char *timing = NULL;
  gboolean has_code;

  g_return_if_fail (WF_IS_FLOW_INSPECTOR (self));

  gtk_widget_set_visible (GTK_WIDGET (self), flow != NULL);
  g_set_object (&self->flow, flow);
  self->index = index;
  if (!flow)
    return;
  step = wf_flow_get_step (flow, index);
  gtk_label_set_label (self->title, step->title);
  timing = step->exchange ? describe_timing (step->exchange) : g_strdup (step->detail ? step->detail : "");
  gtk_label_set_label (self->timing, timing);
  gtk_widget_set_visible (GTK_WIDGET (self->timing), *timing != '\0');
  if (step->exchange)
    show_exchange (self, step->exchange);
  else
    show_plain (self, step);
  show_checks (self);
  has_code = wf_flow_code_show (self->code, session, step->exchange);
  gtk_stack_page_set_visible (self->code_page, has_code);
  if (has_code && g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "code") == 0)
    return;
  if (step->from == step->to && self->n_checks > 0)
    gtk_stack_set_visible_child_name (self->stack, "checks");
  else if (step->exchange && step->to == WF_LANE_WARIFU)
    gtk_stack_set_visible_child_name (self->stack, "response");
  else
    gtk_stack_set_visible_child_name (self->stack, "request");
}
