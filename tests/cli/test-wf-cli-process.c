/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-cli-process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

/* What a release build does before anything else: no core dump, and no debugger of the same user. */
static void
test_refuse_dumps (void)
{
  struct rlimit limit;

  g_assert_cmpint (prctl (PR_GET_DUMPABLE, 0, 0, 0, 0), ==, 1);
  wf_cli_refuse_dumps ();
  g_assert_cmpint (prctl (PR_GET_DUMPABLE, 0, 0, 0, 0), ==, 0);
  g_assert_cmpint (getrlimit (RLIMIT_CORE, &limit), ==, 0);
  g_assert_cmpuint (limit.rlim_cur, ==, 0);
  /* LeakSanitizer looks at its own process */
  prctl (PR_SET_DUMPABLE, 1, 0, 0, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli-process/73-refuse-dumps", test_refuse_dumps);

  return g_test_run ();
}
