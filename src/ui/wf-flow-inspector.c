/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-flow-inspector.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "wf-flow-code.h"
#include "wf-flow-message.h"
#include "wf-flow-words.h"
#include "wf-format.h"
#include "wf-tls-view.h"

struct _WfFlowInspector
{
  GtkBox         parent_instance;

  GtkLabel      *title;
  GtkLabel      *summary;
  GtkWidget     *tls;
  GtkStack      *stack;
  GtkWidget     *switcher;
  WfFlowMessage *request;
  GtkStackPage  *request_page;
  WfFlowMessage *response;
  GtkStackPage  *response_page;
  GtkListBox    *checks;
  GtkStackPage  *checks_page;
  WfFlowCode    *code;
  GtkStackPage  *code_page;

  WfFlow        *flow;
  guint          n_checks;
};

G_DEFINE_FINAL_TYPE (WfFlowInspector, wf_flow_inspector, GTK_TYPE_BOX)

enum
{
  SIGNAL_REVEALING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
append_part (GString    *text,
             const char *part)
{
  if (part && *part)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
}

/* "token endpoint · 200 OK · 35 ms" */
static char *
summarize (const WfFlowStep *step)
{
  GString *text = g_string_new (NULL);
  const WfExchange *exchange = step->exchange;

  if (!exchange || step->from == step->to)
    append_part (text, step->detail);
  if (exchange)
    {
      g_autofree char *status = exchange->status > 0 ? g_strdup_printf ("%u %s", exchange->status, exchange->reason ? exchange->reason : "")
                                                     : NULL;
      g_autofree char *elapsed = wf_format_elapsed (exchange->duration_us);

      append_part (text, exchange->what);
      append_part (text, status);
      append_part (text, elapsed);
      append_part (text, exchange->status == 0 ? exchange->error : NULL);
    }
  return g_string_free (text, FALSE);
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
  gtk_stack_page_set_visible (self->checks_page, self->n_checks > 0);
}

static void
wf_flow_inspector_dispose (GObject *object)
{
  WfFlowInspector *self = WF_FLOW_INSPECTOR (object);

  if (self->flow)
    g_signal_handlers_disconnect_by_func (self->flow, show_checks, self);
  g_clear_object (&self->flow);
  G_OBJECT_CLASS (wf_flow_inspector_parent_class)->dispose (object);
}

static void
wf_flow_inspector_class_init (WfFlowInspectorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_flow_inspector_dispose;
  signals[SIGNAL_REVEALING] =
    g_signal_new ("revealing", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
on_revealing (WfFlowInspector *self)
{
  g_signal_emit (self, signals[SIGNAL_REVEALING], 0);
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

static GtkStackPage *
add_side (WfFlowInspector *self,
          WfFlowMessage  **message,
          gboolean         is_response,
          const char      *title)
{
  *message = WF_FLOW_MESSAGE (wf_flow_message_new (is_response));
  g_signal_connect_swapped (*message, "revealing", G_CALLBACK (on_revealing), self);
  return gtk_stack_add_titled (self->stack, wrap_in_scroller (GTK_WIDGET (*message)), is_response ? "response" : "request", title);
}

static void
add_checks (WfFlowInspector *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->checks = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->checks, GTK_SELECTION_NONE);
  gtk_widget_set_valign (GTK_WIDGET (self->checks), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (self->checks), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->checks), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Checks"), -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->checks));
  gtk_widget_add_css_class (box, "inspector-side");
  self->checks_page = gtk_stack_add_titled (self->stack, wrap_in_scroller (box), "checks", _("Checks"));
}

static void
add_code (WfFlowInspector *self)
{
  self->code = WF_FLOW_CODE (wf_flow_code_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->code), "inspector-side");
  self->code_page = gtk_stack_add_titled (self->stack, wrap_in_scroller (GTK_WIDGET (self->code)), "code", _("Code"));
}

/* In a long language the names of the four sides are cut, and not the window. */
static void
let_names_shrink (GtkWidget *switcher)
{
  for (GtkWidget *button = gtk_widget_get_first_child (switcher); button; button = gtk_widget_get_next_sibling (button))
    {
      GtkWidget *label = GTK_IS_BUTTON (button) ? gtk_button_get_child (GTK_BUTTON (button)) : NULL;

      if (label && GTK_IS_LABEL (label))
        gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
    }
}

static void
wf_flow_inspector_init (WfFlowInspector *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "inspector");
  self->title = make_label ("heading");
  self->summary = make_label ("caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->summary), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->summary), "numeric");
  self->tls = wf_tls_view_new ();
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  self->switcher = gtk_stack_switcher_new ();
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (self->switcher), self->stack);
  gtk_widget_set_halign (self->switcher, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->summary));
  gtk_box_append (GTK_BOX (self), self->tls);
  gtk_box_append (GTK_BOX (self), self->switcher);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->stack));

  self->request_page = add_side (self, &self->request, FALSE, _("Request"));
  self->response_page = add_side (self, &self->response, TRUE, _("Response"));
  add_checks (self);
  add_code (self);
  let_names_shrink (self->switcher);
}

GtkWidget *
wf_flow_inspector_new (void)
{
  return g_object_new (WF_TYPE_FLOW_INSPECTOR, NULL);
}

/* The page that was looked at stays, where the step has one. */
static void
choose_page (WfFlowInspector  *self,
             const WfFlowStep *step,
             gboolean          has_code)
{
  const char *page = "request";

  if (has_code && g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "code") == 0)
    return;
  if (step->from == step->to && self->n_checks > 0)
    page = "checks";
  else if (wf_flow_step_is_answer (step))
    page = "response";
  if (step->exchange || self->n_checks > 0)
    gtk_stack_set_visible_child_name (self->stack, step->exchange ? page : "checks");
}

void
wf_flow_inspector_show (WfFlowInspector *self,
                        WfSession       *session,
                        WfFlow          *flow,
                        guint            index)
{
  const WfFlowStep *step;
  g_autofree char *summary = NULL;
  gboolean has_code;
  gboolean has_response;

  g_return_if_fail (WF_IS_FLOW_INSPECTOR (self));

  gtk_widget_set_visible (GTK_WIDGET (self), flow != NULL);
  if (self->flow)
    g_signal_handlers_disconnect_by_func (self->flow, show_checks, self);
  g_set_object (&self->flow, flow);
  if (!flow)
    {
      wf_flow_message_show (self->request, NULL, NULL);
      wf_flow_message_show (self->response, NULL, NULL);
      return;
    }
  /* A flow that is under way goes on. */
  g_signal_connect_object (flow, "changed", G_CALLBACK (show_checks), self, G_CONNECT_SWAPPED);
  step = wf_flow_get_step (flow, index);
  has_response = step->exchange && !step->exchange->by_address;
  gtk_label_set_label (self->title, step->title);
  summary = summarize (step);
  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), *summary != '\0');
  wf_tls_view_set_peer (self->tls, step->exchange ? step->exchange->tls : NULL);
  wf_flow_message_show (self->request, session, step->exchange);
  wf_flow_message_show (self->response, session, has_response ? step->exchange : NULL);
  gtk_stack_page_set_visible (self->request_page, step->exchange != NULL);
  gtk_stack_page_set_visible (self->response_page, has_response);
  show_checks (self);
  has_code = wf_flow_code_show (self->code, session, step->exchange);
  gtk_stack_page_set_visible (self->code_page, has_code);
  gtk_widget_set_visible (GTK_WIDGET (self->stack), step->exchange || self->n_checks > 0);
  gtk_widget_set_visible (self->switcher, step->exchange != NULL);
  choose_page (self, step, has_code);
}
