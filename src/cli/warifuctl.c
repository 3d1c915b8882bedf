/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include "wf-cli.h"

/* No core file and no debugger of the same user: the memory holds tokens. */
static void
refuse_dumps (void)
{
#ifndef WF_ALLOW_DUMP
  struct rlimit none = { 0, 0 };

  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  setrlimit (RLIMIT_CORE, &none);
#endif
}

int
main (int    argc,
      char **argv)
{
  refuse_dumps ();
  /* standard output is for what was asked alone, also with G_MESSAGES_DEBUG */
  g_log_writer_default_set_use_stderr (TRUE);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  return wf_cli_main (argc, argv);
}
