/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signin-server.h"

#include <netinet/in.h>
#include <sys/socket.h>

#define PATIENCE (5 * G_USEC_PER_SEC)

/* Ends the connections that came in at @port. Returns: how many are not closed yet */
static guint
shut_connections (guint port)
{
  g_autoptr (GDir) descriptors = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  guint count = 0;

  while (descriptors && (name = g_dir_read_name (descriptors)))
    {
      int descriptor = (int) g_ascii_strtoll (name, NULL, 10);
      struct sockaddr_in local = { 0 };
      socklen_t local_length = sizeof local;
      int listening = 0;
      socklen_t listening_length = sizeof listening;

      if (getsockname (descriptor, (struct sockaddr *) &local, &local_length) != 0 || local.sin_family != AF_INET ||
          ntohs (local.sin_port) != port ||
          getsockopt (descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &listening_length) != 0 || listening)
        continue;
      shutdown (descriptor, SHUT_RDWR);
      count++;
    }
  return count;
}

static gboolean
on_wake (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
signin_server_stop (SoupServer *server)
{
  g_autoslist (GUri) uris = soup_server_get_uris (server);
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  guint wake = g_timeout_add (10, on_wake, NULL);

  /* libsoup before 3.4 leaves a connection that was shut open until the server goes; the one after it must not be hurried. */
  while (uris && shut_connections ((guint) g_uri_get_port (uris->data)) > 0 && soup_check_version (3, 4, 0) &&
         g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake);
  soup_server_disconnect (server);
}
