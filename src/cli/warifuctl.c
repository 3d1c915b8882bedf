/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <locale.h>
#include "wf-cli-process.h"
#include "wf-cli.h"

int
main (int    argc,
      char **argv)
{
#ifndef WF_ALLOW_DUMP
  wf_cli_refuse_dumps ();
#endif
  /* standard output is for what was asked alone, also with G_MESSAGES_DEBUG */
  g_log_writer_default_set_use_stderr (TRUE);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  return wf_cli_main (argc, argv);
}
