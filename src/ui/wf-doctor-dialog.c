/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-doctor-dialog.h"

#include <glib/gi18n-lib.h>

#include "wf-accessible.h"
#include "wf-doctor.h"
#include "wf-format.h"
#include "wf-stack.h"

struct _WfDoctorDialog
{
  AdwWindow       parent_instance;

  AdwWindowTitle *title;
  GtkStack       *stack;
  GtkBox         *groups;

  WfHost         *host; /* weak: where it is said that nothing could be found out */
  WfSession      *session;
  GCancellable   *cancellable;
};

G_DEFINE_FINAL_TYPE (WfDoctorDialog, wf_doctor_dialog, ADW_TYPE_WINDOW)

typedef struct
{
  const char *icon;
  const char *style;
  const char *word; /* never colour and shape alone */
} Look;

static const Look looks[] = {
  [WF_FINDING_OK] = { "wf-good-symbolic", "success", N_("In order") },
  [WF_FINDING_NOTE] = { "wf-unknown-symbolic", "dim-label", N_("Note") },
  [WF_FINDING_WARNING] = { "wf-attention-symbolic", "warning", N_("Warning") },
  [WF_FINDING_PROBLEM] = { "wf-attention-symbolic", "error", N_("Problem") },
};

static char *
format_time (gint64 time,
             gint64 now)
{
  return wf_format_when (time, now);
}

static GtkWidget *
make_row (const WfFinding *finding)
{
  const Look *look = &looks[finding->severity];
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *symbol = gtk_image_new_from_icon_name (look->icon);
  g_autofree char *spoken = g_strjoin (" ", _(look->word), "·", finding->sentence, finding->advice, NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), finding->sentence);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), finding->advice ? finding->advice : "");
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_add_css_class (symbol, look->style);
  gtk_widget_set_valign (symbol, GTK_ALIGN_START);
  gtk_widget_add_css_class (symbol, "finding-symbol");
  gtk_widget_set_tooltip_text (symbol, _(look->word));
  gtk_accessible_update_property (GTK_ACCESSIBLE (symbol), GTK_ACCESSIBLE_PROPERTY_LABEL, _(look->word), -1);
  wf_accessible_name (row, spoken);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), symbol);
  return row;
}

/* One question, with everything but what is in order. */
static void
add_topic (WfDoctorDialog  *self,
           const GPtrArray *findings,
           WfDoctorTopic    topic,
           WfSeverity       worst)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *title = g_markup_escape_text (wf_doctor_topic_get_title (topic, worst), -1);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  for (guint i = 0; i < findings->len; i++)
    {
      const WfFinding *finding = g_ptr_array_index (findings, i);

      if (finding->topic == topic && finding->severity != WF_FINDING_OK)
        adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (finding));
    }
  gtk_box_append (self->groups, group);
}

static void
add_well (WfDoctorDialog  *self,
          const GPtrArray *findings)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *expander = adw_expander_row_new ();
  g_autofree char *count = NULL;
  guint n = 0;

  for (guint i = 0; i < findings->len; i++)
    {
      const WfFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity != WF_FINDING_OK)
        continue;
      adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), make_row (finding));
      n++;
    }
  count = g_strdup_printf (ngettext ("%u finding", "%u findings", n), n);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), _("In order"));
  wf_accessible_name (expander, _("In order"));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (expander), count);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (expander), wf_doctor_get_worst (findings) == WF_FINDING_OK);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), expander);
  gtk_widget_set_visible (group, n > 0);
  gtk_box_append (self->groups, group);
}

/* What is known of the whole, in one sentence. */
static const char *
describe (WfSeverity worst)
{
  switch (worst)
    {
    case WF_FINDING_PROBLEM:
      return _("Something is wrong");
    case WF_FINDING_WARNING:
      return _("Something may be wrong");
    case WF_FINDING_NOTE:
    case WF_FINDING_OK:
    default:
      return _("Nothing wrong was found");
    }
}

static void
clear (WfDoctorDialog *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->groups))))
    gtk_box_remove (self->groups, child);
}

static void
show (WfDoctorDialog  *self,
      const GPtrArray *findings)
{
  GtkWidget *summary = gtk_label_new (describe (wf_doctor_get_worst (findings)));

  clear (self);
  gtk_widget_add_css_class (summary, "title-2");
  gtk_label_set_wrap (GTK_LABEL (summary), TRUE);
  gtk_box_append (self->groups, summary);
  for (int severity = WF_FINDING_PROBLEM; severity > WF_FINDING_OK; severity--)
    for (guint topic = 0; topic < WF_N_DOCTOR_TOPICS; topic++)
      if (wf_doctor_get_worst_of (findings, topic) == (WfSeverity) severity)
        add_topic (self, findings, topic, severity);
  add_well (self, findings);
  wf_stack_show (self->stack, "findings");
}

static void
on_diagnosed (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (WfDoctorDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = wf_session_diagnose_finish (WF_SESSION (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "doctor.again", TRUE);
  if (findings)
    show (self, findings);
  else if (self->host)
    {
      wf_host_toast_error (self->host, error);
      gtk_window_close (GTK_WINDOW (self));
    }
}

static void
begin (WfDoctorDialog *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "doctor.again", FALSE);
  wf_stack_show (self->stack, "busy");
  wf_session_diagnose_async (self->session, format_time, self->cancellable, on_diagnosed, g_object_ref (self));
}

static void
again_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  begin (WF_DOCTOR_DIALOG (widget));
}

static void
wf_doctor_dialog_dispose (GObject *object)
{
  WfDoctorDialog *self = WF_DOCTOR_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_weak_pointer (&self->host);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (wf_doctor_dialog_parent_class)->dispose (object);
}

static void
wf_doctor_dialog_finalize (GObject *object)
{
  g_clear_object (&WF_DOCTOR_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (wf_doctor_dialog_parent_class)->finalize (object);
}

static void
wf_doctor_dialog_class_init (WfDoctorDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wf_doctor_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = wf_doctor_dialog_finalize;
  gtk_widget_class_install_action (widget_class, "doctor.again", NULL, again_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "doctor.again", NULL);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-doctor-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, WfDoctorDialog, title);
  gtk_widget_class_bind_template_child (widget_class, WfDoctorDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, WfDoctorDialog, groups);
}

static void
wf_doctor_dialog_init (WfDoctorDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
wf_doctor_dialog_present (WfHost    *host,
                          WfSession *session)
{
  WfDoctorDialog *self = g_object_new (WF_TYPE_DOCTOR_DIALOG, "transient-for", host, NULL);

  g_set_weak_pointer (&self->host, host);
  self->session = g_object_ref (session);
  adw_window_title_set_subtitle (self->title, wf_session_get_account (session)->name);
  begin (self);
  gtk_window_present (GTK_WINDOW (self));
}
