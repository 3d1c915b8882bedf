/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The baseline of refresh --all: bare calls of secret_password_store, one after the other.
 * usage: bench-store COUNT BYTES */
#include <libsecret/secret.h>

static const SecretSchema schema = {
  "org.example.Bench", SECRET_SCHEMA_NONE, { { "number", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

int
main (int    argc,
      char **argv)
{
  guint64 count = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : 0;
  guint64 bytes = argc > 2 ? g_ascii_strtoull (argv[2], NULL, 10) : 0;
  g_autofree char *password = g_strnfill (bytes, 'x');

  for (guint64 i = 0; i < count; i++)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, i);
      g_autoptr (GError) error = NULL;

      if (!secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, "bench", password, NULL, &error, "number", number, NULL))
        g_error ("%s", error->message);
    }
  return 0;
}
