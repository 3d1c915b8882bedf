/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-clock.h"

G_BEGIN_DECLS

#define WF_TYPE_TEST_CLOCK (wf_test_clock_get_type ())
/* A clock that stands still, at a whole second, until the test moves it. */
G_DECLARE_FINAL_TYPE (WfTestClock, wf_test_clock, WF, TEST_CLOCK, WfClock)

/* Returns: (transfer full): set to the real time */
WfTestClock *wf_test_clock_new (void);
/* Moves it by so many seconds, forward or back, as somebody does who sets it, or a machine that slept. */
void wf_test_clock_advance (WfTestClock *self,
                            gint64       seconds);
/* What it picks from now on, where it may be as much: 0 at first. */
void wf_test_clock_set_pick (WfTestClock *self,
                             gint64       picked);

G_END_DECLS
