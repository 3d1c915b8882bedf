/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WF_TYPE_KEY_LIST (wf_key_list_get_type ())
G_DECLARE_FINAL_TYPE (WfKeyList, wf_key_list, WF, KEY_LIST, GtkBox)

/**
 * WfKeyList:
 *
 * The keys of a key set: what each is, its thumbprint, and why one is not used. A key opens to its details.
 */
GtkWidget *wf_key_list_new (void);
/* @reports: (element-type WfKeyReport) (nullable). @n_left_out: how many more the set has */
void wf_key_list_show (WfKeyList *self,
                       GPtrArray *reports,
                       guint      n_left_out);

G_END_DECLS
