/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-big-token.h"

#include <string.h>

#include "wf-json.h"

#define HEADER "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"one\"}"
#define SIGNATURE "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define FIRST_CLAIMS "{\"iss\":\"https://id.example.org\",\"sub\":\"alice\",\"aud\":\"warifu-demo\",\"iat\":1795353600,\"exp\":1795357200"
#define N_FIRST_CLAIMS 5

/* Returns: how many bytes the claims may have, so that the token has @size */
static gsize
get_room (gsize size)
{
  return (size - sizeof HEADER * 4 / 3 - sizeof SIGNATURE - 8) / 4 * 3;
}

static void
add_word (GString *claims,
          guint    number)
{
  static const char *const words[] = { "Alice", "began", "to", "get", "very", "tired", "of", "sitting", "by", "割符", "her", "sister" };

  if (number > 0)
    g_string_append_c (claims, ' ');
  g_string_append (claims, words[number % G_N_ELEMENTS (words)]);
}

/* One group of claims after another until there is no room for the next. */
static void
add_mixed (GString *claims,
           gsize    room)
{
  for (guint round = 0; claims->len + 24 * 1024 < room; round++)
    {
      g_string_append_printf (claims, ",\"prose-%u\":\"", round);
      for (guint i = 0; i < 800; i++)
        add_word (claims, i);
      g_string_append_printf (claims, "\",\"groups-%u\":[0", round);
      for (guint i = 1; i < 400; i++)
        g_string_append_printf (claims, ",\"group %u of %u\"", i, round);
      g_string_append_printf (claims, "],\"roles-%u\":{\"rows\":[0", round);
      for (guint i = 1; i < 120; i++)
        g_string_append_printf (claims, ",{\"id\":%u,\"in\":[[%u,true],[null,\"role %u\"]]}", i, round, i);
      g_string_append (claims, "]}");
    }
}

static void
add_claims (GString *claims)
{
  for (guint i = N_FIRST_CLAIMS + 1; i < BIG_TOKEN_N_CLAIMS; i++)
    g_string_append_printf (claims, ",\"claim-%05u\":\"value %u\"", i, i);
  g_string_append (claims, ",\"" BIG_TOKEN_LAST_CLAIM "\":\"" BIG_TOKEN_LAST_VALUE "\"");
}

static void
add_string (GString *claims,
            gsize    room)
{
  static const char digits[] = "0123456789abcdef";

  g_string_append (claims, ",\"blob\":\"");
  for (guint i = 0; claims->len + 8 < room; i++)
    g_string_append_c (claims, digits[(i * 7 + i / 16) % 16]);
  g_string_append_c (claims, '"');
}

static void
add_deep (GString *claims)
{
  g_string_append (claims, ",\"deep\":");
  /* The claims themselves are the first level. */
  for (guint i = 1; i < WF_JSON_MAX_DEPTH; i++)
    g_string_append (claims, i % 2 ? "{\"down\":" : "[1,");
  g_string_append (claims, "\"the bottom\"");
  for (guint i = WF_JSON_MAX_DEPTH - 1; i > 0; i--)
    g_string_append_c (claims, i % 2 ? '}' : ']');
}

static char *
encode (const char *text)
{
  char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

  g_strdelimit (encoded, "+", '-');
  g_strdelimit (encoded, "/", '_');
  encoded[strcspn (encoded, "=")] = '\0';
  return encoded;
}

BigToken
big_token_from_name (const char *name)
{
  static const char *const names[] = { "none", "mixed", "claims", "string", "deep" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i]))
      return i;
  g_error ("There is no large token called %s", name);
}

char *
big_token_make_claims (BigToken shape,
                       gsize    size)
{
  GString *claims = g_string_new (FIRST_CLAIMS);
  gsize room = get_room (size);

  if (shape == BIG_TOKEN_MIXED)
    add_mixed (claims, room);
  else if (shape == BIG_TOKEN_CLAIMS)
    add_claims (claims);
  else if (shape == BIG_TOKEN_STRING)
    add_string (claims, room);
  else if (shape == BIG_TOKEN_DEEP)
    add_deep (claims);
  g_string_append_c (claims, '}');
  return g_string_free (claims, FALSE);
}

char *
big_token_make (BigToken shape,
                gsize    size)
{
  g_autofree char *header = encode (HEADER);
  g_autofree char *claims = big_token_make_claims (shape, size);
  g_autofree char *payload = encode (claims);
  char *token = g_strdup_printf ("%s.%s." SIGNATURE, header, payload);

  g_assert_cmpuint (strlen (token), <=, size);
  return token;
}
