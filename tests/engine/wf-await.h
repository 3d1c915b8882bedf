/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * For tests of asynchronous calls: give wf_await_cb and the address of a NULL GAsyncResult pointer to
 * the call, then wf_await() it.
 */
static inline void
wf_await_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  g_assert_null (*slot);
  *slot = g_object_ref (result);
}

static inline void
wf_await (GAsyncResult **slot)
{
  while (!*slot)
    g_main_context_iteration (NULL, TRUE);
}

/* Runs what is ready, without waiting. */
static inline void
wf_await_nothing (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static inline gboolean
wf_await_wake_cb (gpointer user_data)
{
  gboolean *over = user_data;

  *over = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the main loop for a while: to show that something does not happen. */
static inline void
wf_await_milliseconds (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, wf_await_wake_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}
