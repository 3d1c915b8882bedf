/* SPDX-License-Identifier: GPL-3.0-or-later */

/* warifu-demo: the demo server as a program of its own, for build-aux/try and the
 * integration tests. Not installed. */

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <glib/gi18n-lib.h>
#include "wf-demo-server.h"

typedef struct
{
  WfDemoOptions options;
  int           port;
  char         *algorithm;
  gboolean      no_rotation;
  int           latency;
  char         *client_secret_file;
  char         *client_secret;
  char        **redirect_uris;
} Arguments;

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
parse (Arguments *arguments,
       int       *argc,
       char    ***argv,
       GError   **error)
{
  WfDemoOptions *options = &arguments->options;
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &arguments->port, N_("Listen on this port of 127.0.0.1 (any free one)"), "PORT" },
    { "algorithm", 0, 0, G_OPTION_ARG_STRING, &arguments->algorithm, N_("Sign with ES256 or RS256"), "NAME" },
    { "access-lifetime", 0, 0, G_OPTION_ARG_INT64, &options->access_lifetime, N_("Lifetime of access tokens"), "SECONDS" },
    { "id-lifetime", 0, 0, G_OPTION_ARG_INT64, &options->id_lifetime, N_("Lifetime of ID tokens"), "SECONDS" },
    { "refresh-lifetime", 0, 0, G_OPTION_ARG_INT64, &options->refresh_lifetime, N_("Lifetime of refresh tokens from sign-in on"), "SECONDS" },
    { "no-rotation", 0, 0, G_OPTION_ARG_NONE, &arguments->no_rotation, N_("Keep the refresh token at a refresh"), NULL },
    { "leeway", 0, 0, G_OPTION_ARG_INT64, &options->leeway, N_("Accept the refresh token before the newest for so long"), "SECONDS" },
    { "latency", 0, 0, G_OPTION_ARG_INT, &arguments->latency, N_("Wait before every answer"), "MILLISECONDS" },
    { "auto-approve", 0, 0, G_OPTION_ARG_NONE, &options->auto_approve, N_("Approve without asking"), NULL },
    { "client-secret-file", 0, 0, G_OPTION_ARG_FILENAME, &arguments->client_secret_file, N_("Secret of the confidential client"), "FILE" },
    { "redirect-uri", 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments->redirect_uris, N_("Allow this redirect URI instead of the usual ones"), "URI" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1 || arguments->port < 0 || arguments->port > G_MAXUINT16 || arguments->latency < 0 ||
      (arguments->algorithm && !g_str_equal (arguments->algorithm, "ES256") &&
       !g_str_equal (arguments->algorithm, "RS256")))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("An argument is out of range."));
      return FALSE;
    }
  return TRUE;
}

static gboolean
complete (Arguments *arguments,
          GError   **error)
{
  WfDemoOptions *options = &arguments->options;

  if (g_strcmp0 (arguments->algorithm, "RS256") == 0)
    options->algorithm = WF_DEMO_RS256;
  options->rotation = !arguments->no_rotation;
  options->latency = (guint) arguments->latency;
  options->redirect_uris = (const char *const *) arguments->redirect_uris;
  if (arguments->client_secret_file)
    {
      if (!g_file_get_contents (arguments->client_secret_file, &arguments->client_secret, NULL /* length */, error))
        return FALSE;
      g_strchomp (arguments->client_secret);
      options->client_secret = arguments->client_secret;
    }
  return TRUE;
}

static int
run (WfDemoServer *server)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint term = g_unix_signal_add (SIGTERM, on_signal, loop);
  guint interrupt = g_unix_signal_add (SIGINT, on_signal, loop);

  g_print ("Issuer: %s\n", wf_demo_server_get_issuer (server));
  fflush (stdout);
  g_main_loop_run (loop);
  g_source_remove (term);
  g_source_remove (interrupt);
  wf_demo_server_stop (server);
  return 0;
}

int
main (int    argc,
      char **argv)
{
  Arguments arguments = { .options = WF_DEMO_OPTIONS_INIT };
  g_autoptr (WfDemoServer) server = NULL;
  g_autoptr (GError) error = NULL;
  int status = 2;

  setlocale (LC_ALL, "");
  if (parse (&arguments, &argc, &argv, &error) && complete (&arguments, &error))
    {
      server = wf_demo_server_new (&arguments.options);
      status = wf_demo_server_start (server, (guint16) arguments.port, &error) ? run (server) : 1;
    }
  if (error)
    g_printerr ("warifu-demo: %s\n", error->message);
  g_free (arguments.algorithm);
  g_free (arguments.client_secret_file);
  g_free (arguments.client_secret);
  g_strfreev (arguments.redirect_uris);
  return status;
}
