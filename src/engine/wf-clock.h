/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WF_TYPE_CLOCK (wf_clock_get_type ())
G_DECLARE_DERIVABLE_TYPE (WfClock, wf_clock, WF, CLOCK, GObject)

/**
 * WfClock:
 *
 * The wall clock, behind an interface so that tests can set it back a day; and chance, behind the same one.
 * Signal "jumped": the clock was set, or the machine slept. A fake one says so itself; the real one has timerfd for that,
 * which tells both, and tells them for as long as there is an alarm.
 */
struct _WfClockClass
{
  GObjectClass parent_class;
  gint64 (*now) (WfClock *self); /* microseconds since the epoch */
  gint64 (*pick) (WfClock *self, /* a number from 0 to @most */
                  gint64   most);
};

/* Returns: (transfer none): the real clock */
WfClock *wf_clock_get_default (void);
/* Seconds since the epoch. */
gint64 wf_clock_now (WfClock *self);
/* Microseconds since the epoch. */
gint64 wf_clock_now_us (WfClock *self);
/* Returns: seconds from 0 to @most, at random: for things that would else be done by all at once */
gint64 wf_clock_pick (WfClock *self,
                      gint64   most);
/* For fake clocks: the time has been set. */
void wf_clock_jumped (WfClock *self);

#define WF_TYPE_ALARM (wf_alarm_get_type ())
G_DECLARE_FINAL_TYPE (WfAlarm, wf_alarm, WF, ALARM, GObject)

/**
 * WfAlarm:
 *
 * Fires once at a wall-clock time: also when the machine slept past it or
 * somebody set the clock. Signal "fired" (no arguments), on the thread-default main context
 * of its maker.
 */
WfAlarm *wf_alarm_new (WfClock *clock);
/* @at: seconds since the epoch; a time that is past fires from the main loop at once; WF_TIME_UNKNOWN
 * disarms. */
void wf_alarm_set (WfAlarm *self,
                   gint64   at);
gint64 wf_alarm_get (WfAlarm *self);

G_END_DECLS
