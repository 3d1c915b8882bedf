/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "wf-base64url.h"

void
wf_random_bytes (gpointer buffer,
                 gsize    length)
{
  guint8 *bytes = buffer;

  g_return_if_fail (buffer != NULL || length == 0);

  while (length > 0)
    {
      ssize_t got = getrandom (bytes, length, 0);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        abort ();
      bytes += got;
      length -= (gsize) got;
    }
}

char *
wf_random_token (gsize n_bytes)
{
  g_autofree guint8 *bytes = g_malloc (n_bytes + 1);
  char *token;

  wf_random_bytes (bytes, n_bytes);
  token = wf_base64url_encode (bytes, n_bytes);
  explicit_bzero (bytes, n_bytes);

  return token;
}
