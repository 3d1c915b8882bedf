/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WF_TYPE_NOTICE (wf_notice_get_type ())
G_DECLARE_FINAL_TYPE (WfNotice, wf_notice, WF, NOTICE, GtkBox)

/**
 * WfNotice:
 *
 * One row that says what is wrong, and the button that mends it. Hidden until it has something to say.
 * (AdwBanner came with libadwaita 1.3, and holds one line.)
 */

/* @sentence: (nullable): NULL hides it. @details: (nullable): a dimmed line below: when, and the error's name.
 * @label, @action: (nullable): the button */
void wf_notice_show (WfNotice   *self,
                     const char *sentence,
                     const char *details,
                     const char *label,
                     const char *action);
/* A second, quiet button below the words. @label: (nullable): none */
void wf_notice_set_help (WfNotice   *self,
                         const char *label,
                         const char *action);

G_END_DECLS
