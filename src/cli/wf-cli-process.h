/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What this process sets for itself, and what a program that takes its place finds as it was. */

/* No core file and no debugger of the same user: the memory holds tokens. */
void wf_cli_refuse_dumps (void);
/* A reader that goes away must not end the program while a refresh is under way. */
void wf_cli_ignore_broken_pipes (void);

/* Becomes @argv[0], looked for in PATH, with @environment.
 * Returns: only where that fails: errno; the process is then as it was before the call */
int wf_cli_become (char **argv,
                   char **environment);

G_END_DECLS
