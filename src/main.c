/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>
#include <sys/prctl.h>

#include "wf-application.h"

int
main (int    argc,
      char **argv)
{
  const char *locale_dir = g_getenv ("WARIFU_LOCALE_DIR"); /* of a build that is not installed */
  g_autoptr (WfApplication) application = NULL;

#ifndef WF_ALLOW_DUMP
  /* No core dump and no debugger gets at the tokens in memory. */
  prctl (PR_SET_DUMPABLE, 0);
#endif
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir && *locale_dir ? locale_dir : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = wf_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
