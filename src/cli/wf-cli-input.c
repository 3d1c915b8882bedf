/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-cli-input.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "wf-error.h"

typedef struct
{
  char *data;
  gsize size;
} Buffer;

static void
buffer_free (gpointer data)
{
  Buffer *buffer = data;

  explicit_bzero (buffer->data, buffer->size);
  g_free (buffer->data);
  g_free (buffer);
}

static Buffer *
buffer_new (gsize size)
{
  Buffer *buffer = g_new0 (Buffer, 1);

  buffer->data = g_malloc0 (size);
  buffer->size = size;
  return buffer;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Buffer, buffer_free)

/* "inspect" of a megabyte is rare, of two kilobytes common. */
static void
buffer_grow (Buffer *buffer,
             gsize   size)
{
  char *data = g_malloc0 (size);

  memcpy (data, buffer->data, buffer->size);
  explicit_bzero (buffer->data, buffer->size);
  g_free (buffer->data);
  buffer->data = data;
  buffer->size = size;
}

static void
set_read_error (const char *path,
                GError    **error)
{
  if (path)
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("The file %s cannot be read: %s."), path, g_strerror (errno));
  else
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("Standard input cannot be read: %s."), g_strerror (errno));
}

static GBytes *
read_all (int         fd,
          const char *path,
          gsize       max_bytes,
          GError    **error)
{
  g_autoptr (Buffer) buffer = buffer_new (MIN (max_bytes, 8191) + 1);
  gsize length = 0;
  const char *data;

  while (TRUE)
    {
      ssize_t n;

      if (length == buffer->size)
        buffer_grow (buffer, MIN (buffer->size * 4, max_bytes + 1));
      n = read (fd, buffer->data + length, buffer->size - length);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_read_error (path, error);
          return NULL;
        }
      if (n == 0)
        break;
      length += (gsize) n;
      if (length > max_bytes)
        {
          g_set_error (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE, _("More than %u bytes were given."), (guint) max_bytes);
          return NULL;
        }
    }
  data = buffer->data;
  return g_bytes_new_with_free_func (data, length, buffer_free, g_steal_pointer (&buffer));
}

GBytes *
wf_cli_read_file (const char *path,
                  gsize       max_bytes,
                  GError    **error)
{
  GBytes *bytes;
  int fd;

  if (!path || g_str_equal (path, "-"))
    return read_all (STDIN_FILENO, NULL, max_bytes, error);
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    {
      set_read_error (path, error);
      return NULL;
    }
  bytes = read_all (fd, path, max_bytes, error);
  close (fd);
  return bytes;
}

/* One line typed at a terminal, which does not show it. Signals wait meanwhile, so that the terminal is
 * never left like that: an interrupt is then a control character of the secret, and refused as such. */
static GBytes *
read_hidden_line (const struct termios *old,
                  GError              **error)
{
  g_autoptr (Buffer) buffer = buffer_new (WF_CLI_SECRET_MAX_BYTES + 2);
  struct termios hidden = *old;
  const char *data = buffer->data;
  ssize_t n;

  hidden.c_lflag &= ~(tcflag_t) (ECHO | ISIG);
  fputs (_("Client secret: "), stderr);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  do
    n = read (STDIN_FILENO, buffer->data, buffer->size);
  while (n < 0 && errno == EINTR);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, old);
  fputc ('\n', stderr);
  if (n < 0)
    {
      set_read_error (NULL, error);
      return NULL;
    }
  return g_bytes_new_with_free_func (data, (gsize) n, buffer_free, g_steal_pointer (&buffer));
}

/* One more byte than a secret may have, for the newline. */
static GBytes *
read_secret_bytes (const char *path,
                   GError    **error)
{
  struct termios terminal;

  if (g_str_equal (path, "-") && tcgetattr (STDIN_FILENO, &terminal) == 0)
    return read_hidden_line (&terminal, error);
  return wf_cli_read_file (path, WF_CLI_SECRET_MAX_BYTES + 1, error);
}

/* RFC 6749 appendix A.2 allows visible ASCII; some providers give more, but never a control character. */
static gboolean
is_secret_text (const char *text,
                gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (g_ascii_iscntrl (text[i]))
      return FALSE;
  return g_utf8_validate (text, (gssize) length, NULL);
}

SecretValue *
wf_cli_read_secret (const char *path,
                    GError    **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) bytes = read_secret_bytes (path, &local_error);
  const char *text;
  gsize length;

  if (!bytes && g_error_matches (local_error, WF_ERROR, WF_ERROR_USAGE))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  text = bytes ? g_bytes_get_data (bytes, &length) : NULL;
  if (text && length > 0 && text[length - 1] == '\n')
    length--;
  if (!text || length > WF_CLI_SECRET_MAX_BYTES)
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("The client secret is longer than %d bytes."), WF_CLI_SECRET_MAX_BYTES);
  else if (length == 0)
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("The client secret is empty."));
  else if (!is_secret_text (text, length))
    g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("The client secret must be one line of text."));
  else
    return wf_secret_new (text, (gssize) length);
  return NULL;
}
