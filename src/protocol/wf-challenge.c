/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-challenge.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-error.h"
#include "wf-scope.h"

#define MAX_BYTES (16 * 1024)

typedef struct
{
  const char  *text;
  WfChallenge *challenge;  /* what is being made */
  gboolean     in_bearer;  /* the challenge that is being read counts */
  gboolean     has_scheme; /* one has been read, and nothing after it */
} Reader;

/* RFC 9110 §5.6.2 */
static gboolean
is_token_character (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c));
}

static void
skip_space (Reader *reader)
{
  while (*reader->text == ' ' || *reader->text == '\t')
    reader->text++;
}

/* Returns: (transfer full) (nullable) */
static char *
read_token (Reader *reader)
{
  const char *start = reader->text;

  while (is_token_character (*reader->text))
    reader->text++;
  return reader->text > start ? g_strndup (start, (gsize) (reader->text - start)) : NULL;
}

/* RFC 9110 §5.6.4 */
static char *
read_quoted (Reader *reader)
{
  GString *value = g_string_new (NULL);

  for (reader->text++; *reader->text && *reader->text != '"'; reader->text++)
    {
      if (*reader->text == '\\' && reader->text[1])
        reader->text++;
      g_string_append_c (value, *reader->text);
    }
  if (*reader->text == '"')
    reader->text++;
  return g_string_free (value, FALSE);
}

static gboolean
starts_value (char c)
{
  return c == '"' || is_token_character (c);
}

static void
take_text (char      **slot,
           const char *value)
{
  if (!*slot)
    *slot = wf_error_clean_text (value);
}

static void
take_parameter (Reader     *reader,
                const char *name,
                const char *value)
{
  WfChallenge *challenge = reader->challenge;
  guint64 seconds;

  if (!reader->in_bearer)
    return;
  if (g_ascii_strcasecmp (name, "realm") == 0)
    take_text (&challenge->realm, value);
  else if (g_ascii_strcasecmp (name, "error") == 0)
    take_text (&challenge->error, value);
  else if (g_ascii_strcasecmp (name, "error_description") == 0)
    take_text (&challenge->description, value);
  else if (g_ascii_strcasecmp (name, "scope") == 0)
    take_text (&challenge->scope, value);
  else if (g_ascii_strcasecmp (name, "acr_values") == 0)
    take_text (&challenge->acr_values, value);
  else if (g_ascii_strcasecmp (name, "max_age") == 0 && challenge->max_age < 0 &&
           g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT32, &seconds, NULL))
    challenge->max_age = (gint64) seconds;
}

static void
begin_scheme (Reader     *reader,
              const char *scheme)
{
  WfChallenge *challenge = reader->challenge;
  g_autofree char *before = challenge->schemes;
  g_autofree char *clean = wf_error_clean_text (scheme);

  challenge->schemes = before ? g_strconcat (before, ", ", clean, NULL) : g_strdup (clean);
  reader->has_scheme = TRUE;
  /* Of several, what the first that gives a reason says is kept. */
  reader->in_bearer = g_ascii_strcasecmp (scheme, "Bearer") == 0 && !challenge->error;
  if (!reader->in_bearer)
    return;
  challenge->is_bearer = TRUE;
  g_clear_pointer (&challenge->realm, g_free);
  g_clear_pointer (&challenge->description, g_free);
  g_clear_pointer (&challenge->scope, g_free);
  g_clear_pointer (&challenge->acr_values, g_free);
  challenge->max_age = -1;
}

/* One parameter, scheme or token68 (RFC 9110 §11.2), which all begin alike. */
static void
read_item (Reader *reader)
{
  g_autofree char *word = read_token (reader);
  g_autofree char *value = NULL;
  const char *after_word = reader->text;

  skip_space (reader);
  if (*reader->text == '=')
    {
      reader->text++;
      skip_space (reader);
      if (!starts_value (*reader->text))
        return; /* the end of a token68 */
      value = *reader->text == '"' ? read_quoted (reader) : read_token (reader);
      take_parameter (reader, word, value);
      reader->has_scheme = FALSE;
      return;
    }
  reader->text = after_word;
  if (reader->has_scheme)
    reader->has_scheme = FALSE; /* a token68 */
  else
    begin_scheme (reader, word);
}

static char *
explain_scope (const WfChallenge *challenge,
               const char        *granted)
{
  g_auto (GStrv) missing = wf_scope_subtract (challenge->scope, granted);
  g_autofree char *list = g_strjoinv (" ", missing);

  if (!challenge->scope || !*challenge->scope)
    return g_strdup (_("The access token does not allow this, and the API does not say which scope it asks for."));
  if (!granted)
    /* Translators: %s is one scope or several, separated by spaces */
    return g_strdup_printf (_("The access token does not allow this: the API asks for the scope “%s”. Add it to the account's scopes, then sign in again."),
                            challenge->scope);
  if (missing[0])
    /* Translators: %s is one scope or several, separated by spaces */
    return g_strdup_printf (_("The access token does not allow this: the API asks for the scope “%s”, which was not granted. Add it to the account's scopes, then sign in again."),
                            list);
  return g_strdup_printf (_("The access token has the scope that the API asks for (“%s”), and yet the API does not allow this. You yourself may not be allowed to do it."),
                          challenge->scope);
}

static char *
explain_error (const WfChallenge *challenge,
               const char        *granted)
{
  const char *name = challenge->error;

  if (g_str_equal (name, "invalid_token")) /* RFC 6750 §3.1 */
    return g_strdup (_("The API does not accept the access token: it has expired, was revoked, or is meant for another API. Refresh or sign in again; "
                       "if that does not help, compare its audience with what the API expects."));
  if (g_str_equal (name, "insufficient_scope"))
    return explain_scope (challenge, granted);
  if (g_str_equal (name, "invalid_request"))
    return g_strdup (_("The API says that the request is not as it must be. Check the address."));
  if (g_str_equal (name, "insufficient_user_authentication")) /* RFC 9470 §3 */
    return g_strdup (_("The API asks for a stronger or a more recent sign-in. Sign in again."));
  /* Translators: %s is the name of an error */
  return g_strdup_printf (_("The API refuses the access token. It calls the reason “%s”."), name);
}

void
wf_challenge_free (WfChallenge *challenge)
{
  if (!challenge)
    return;

  g_free (challenge->schemes);
  g_free (challenge->realm);
  g_free (challenge->error);
  g_free (challenge->description);
  g_free (challenge->scope);
  g_free (challenge->acr_values);
  g_free (challenge);
}

WfChallenge *
wf_challenge_parse (const char *header)
{
  g_autoptr (WfChallenge) challenge = g_new0 (WfChallenge, 1);
  g_autofree char *bounded = NULL;
  Reader reader = { .challenge = challenge };

  if (!header)
    return NULL;
  bounded = g_strndup (header, MAX_BYTES);
  reader.text = bounded;
  challenge->max_age = -1;
  while (*reader.text)
    {
      if (is_token_character (*reader.text))
        {
          read_item (&reader);
          continue;
        }
      if (*reader.text == ',')
        reader.has_scheme = FALSE;
      reader.text++;
    }
  return challenge->schemes ? g_steal_pointer (&challenge) : NULL;
}

char *
wf_challenge_explain (const WfChallenge *challenge,
                      guint              status,
                      const char        *granted)
{
  if (challenge && challenge->is_bearer && challenge->error)
    return explain_error (challenge, granted);
  if (challenge && !challenge->is_bearer)
    /* Translators: %s is how the API wants to be asked, such as "Basic" or "DPoP" */
    return g_strdup_printf (_("The API does not take a bearer token here. It asks for: %s."), challenge->schemes);
  if (status == 403)
    return g_strdup (_("The API does not allow this with your access token, and does not say why."));
  return g_strdup (_("The API does not accept the access token, and does not say why."));
}
