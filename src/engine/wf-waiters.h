/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WfWaiters:
 *
 * The tasks that wait for one piece of work, so that it is done once however many ask. One
 * whose cancellable is triggered is answered at once and leaves; the work goes on for the others.
 */
typedef struct _WfWaiters WfWaiters;

WfWaiters *wf_waiters_new (void);
/* Nobody may wait any more. */
void wf_waiters_free (WfWaiters *self);

/* @task: (transfer full) */
void wf_waiters_add (WfWaiters *self,
                     GTask     *task);
guint wf_waiters_get_length (WfWaiters *self);
/* Returns: (transfer none): who has waited longest */
GTask *wf_waiters_peek (WfWaiters *self);

typedef gboolean (*WfWaitersFilter) (GTask   *task,
                                     gpointer user_data);

/* Takes those out that @filter chooses, everybody where it is NULL.
 * Returns: (element-type GTask) (transfer full) */
GPtrArray *wf_waiters_take (WfWaiters      *self,
                            WfWaitersFilter filter,
                            gpointer        user_data);

G_END_DECLS
