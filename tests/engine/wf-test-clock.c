/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-clock.h"

struct _WfTestClock
{
  WfClock parent_instance;
  gint64  now_us;
  gint64  picked;
};

G_DEFINE_FINAL_TYPE (WfTestClock, wf_test_clock, WF_TYPE_CLOCK)

static gint64
wf_test_clock_now (WfClock *clock)
{
  return WF_TEST_CLOCK (clock)->now_us;
}

static gint64
wf_test_clock_pick (WfClock *clock,
                    gint64   most)
{
  return MIN (WF_TEST_CLOCK (clock)->picked, most);
}

static void
wf_test_clock_class_init (WfTestClockClass *klass)
{
  WF_CLOCK_CLASS (klass)->now = wf_test_clock_now;
  WF_CLOCK_CLASS (klass)->pick = wf_test_clock_pick;
}

static void
wf_test_clock_init (WfTestClock *self)
{
  self->now_us = g_get_real_time () / G_USEC_PER_SEC * G_USEC_PER_SEC;
}

WfTestClock *
wf_test_clock_new (void)
{
  return g_object_new (WF_TYPE_TEST_CLOCK, NULL);
}

void
wf_test_clock_advance (WfTestClock *self,
                       gint64       seconds)
{
  self->now_us += seconds * G_USEC_PER_SEC;
  wf_clock_jumped (WF_CLOCK (self));
}

void
wf_test_clock_set_pick (WfTestClock *self,
                        gint64       picked)
{
  self->picked = picked;
}
