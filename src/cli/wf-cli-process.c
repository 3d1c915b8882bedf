/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-cli-process.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* As they were. */
static struct rlimit core_limit;
static gboolean has_core_limit = FALSE;
static void (*pipe_handler) (int) = SIG_DFL;

void
wf_cli_refuse_dumps (void)
{
  struct rlimit none;

  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (getrlimit (RLIMIT_CORE, &core_limit) != 0)
    return;
  has_core_limit = TRUE;
  /* The hard limit could not be raised again for a program that takes our place. */
  none = (struct rlimit) { 0, core_limit.rlim_max };
  setrlimit (RLIMIT_CORE, &none);
}

void
wf_cli_ignore_broken_pipes (void)
{
  pipe_handler = signal (SIGPIPE, SIG_IGN);
}

int
wf_cli_become (char **argv,
               char **environment)
{
  int failure;

  /* The dumpable flag and the handlers of signals go by themselves, execve(2); what is ignored or limited stays. */
  signal (SIGPIPE, pipe_handler);
  if (has_core_limit)
    setrlimit (RLIMIT_CORE, &core_limit);
  execvpe (argv[0], argv, environment);
  failure = errno;
  wf_cli_ignore_broken_pipes ();
  if (has_core_limit)
    setrlimit (RLIMIT_CORE, &(struct rlimit) { 0, core_limit.rlim_max });
  return failure;
}
