/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-wrap-layout.h"

struct _WfWrapLayout
{
  GtkLayoutManager parent_instance;
  int              spacing;
};

G_DEFINE_FINAL_TYPE (WfWrapLayout, wf_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

static void
measure_child (GtkWidget      *child,
               int             line,
               GtkRequisition *size)
{
  int minimum;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &size->width, NULL, NULL);
  if (line >= 0)
    size->width = MAX (MIN (size->width, line), minimum);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, size->width, NULL, &size->height, NULL, NULL);
}

static void
allocate_child (GtkWidget            *widget,
                GtkWidget            *child,
                int                   line,
                int                   x,
                int                   y,
                const GtkRequisition *size)
{
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation allocation = { mirrored ? line - x - size->width : x, y, size->width, size->height };

  gtk_widget_size_allocate (child, &allocation, -1);
}

/* Returns: the height of all lines. */
static int
lay_out (WfWrapLayout *self,
         GtkWidget    *widget,
         int           line,
         gboolean      allocate)
{
  int x = 0;
  int y = 0;
  int row_height = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkRequisition size;

      if (!gtk_widget_should_layout (child))
        continue;
      measure_child (child, line, &size);
      if (x > 0 && x + size.width > line)
        {
          x = 0;
          y += row_height + self->spacing;
          row_height = 0;
        }
      if (allocate)
        allocate_child (widget, child, line, x, y, &size);
      x += size.width + self->spacing;
      row_height = MAX (row_height, size.height);
    }
  return y + row_height;
}

static void
measure_width (WfWrapLayout *self,
               GtkWidget    *widget,
               int          *minimum,
               int          *natural)
{
  int count = 0;

  *minimum = *natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum, child_natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural += child_natural + (count++ > 0 ? self->spacing : 0);
    }
}

static GtkSizeRequestMode
wf_wrap_layout_get_request_mode (GtkLayoutManager *manager,
                                 GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
wf_wrap_layout_measure (GtkLayoutManager *manager,
                        GtkWidget        *widget,
                        GtkOrientation    orientation,
                        int               for_size,
                        int              *minimum,
                        int              *natural,
                        int              *minimum_baseline,
                        int              *natural_baseline)
{
  WfWrapLayout *self = WF_WRAP_LAYOUT (manager);
  int width_minimum, width_natural;

  measure_width (self, widget, &width_minimum, &width_natural);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = width_minimum;
      *natural = width_natural;
      return;
    }
  *minimum = *natural = lay_out (self, widget, for_size < 0 ? width_natural : for_size, FALSE);
}

static void
wf_wrap_layout_allocate (GtkLayoutManager *manager,
                         GtkWidget        *widget,
                         int               width,
                         int               height,
                         int               baseline)
{
  lay_out (WF_WRAP_LAYOUT (manager), widget, width, TRUE);
}

static void
wf_wrap_layout_class_init (WfWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = wf_wrap_layout_get_request_mode;
  layout_class->measure = wf_wrap_layout_measure;
  layout_class->allocate = wf_wrap_layout_allocate;
}

static void
wf_wrap_layout_init (WfWrapLayout *self)
{
}

GtkLayoutManager *
wf_wrap_layout_new (int spacing)
{
  WfWrapLayout *self = g_object_new (WF_TYPE_WRAP_LAYOUT, NULL);

  self->spacing = spacing;
  return GTK_LAYOUT_MANAGER (self);
}
