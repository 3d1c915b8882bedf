/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include "wf-clock.h"

G_BEGIN_DECLS

#define WF_TYPE_RECOVERY (wf_recovery_get_type ())
G_DECLARE_FINAL_TYPE (WfRecovery, wf_recovery, WF, RECOVERY, GObject)

/**
 * WfRecovery:
 *
 * Sees when what had no chance may have one again: the machine has woken, or the network is back or another one. Then
 * every session is told, see wf_session_recover().
 *
 * Signs of it come in showers: a machine that wakes sets its clock, says so over D-Bus, and finds its network in
 * several steps. A second after the first sign the sessions are told once, and not again within ten seconds.
 *
 * Signal "recovered" (no arguments): the sessions have been told.
 */

/* @monitor: (nullable): whom to believe about the network; NULL for nobody
 * @sessions: (nullable): a list of WfSession */
WfRecovery *wf_recovery_new (WfClock         *clock,
                             GNetworkMonitor *monitor,
                             GListModel      *sessions);

/* Listens to logind, where it is: @system_bus: (nullable): NULL to connect to the system's own, which a Flatpak does not
 * reach. Without logind the clock tells of sleep, which the kernel does. */
void wf_recovery_watch_sleep (WfRecovery      *self,
                              GDBusConnection *system_bus);

G_END_DECLS
