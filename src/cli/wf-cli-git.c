/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include "wf-cli-input.h"
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-error.h"
#include "wf-secret.h"
#include "wf-time.h"

/* gitcredentials(7), git-credential(1) */
#define MAX_INPUT_BYTES (64 * 1024)
#define SECTION "credential."
#define ACCOUNT_KEY ".warifuaccount"
#define AUDIENCE_KEY ".warifuaudience"
/* What GitLab asks for with an access token, and the others do not look at. */
#define DEFAULT_USER "oauth2"
#define HTTPS_PORT 443

/**
 * Request:
 *
 * What git asks about. The strings are those of the input.
 */
typedef struct
{
  char *protocol;
  char *host; /* with its port where it is not the usual one */
  char *path; /* nullable: only with credential.useHttpPath */
  char *username;
  char *password;
} Request;

/**
 * Binding:
 *
 * What the person's git configuration says of the remote.
 */
typedef struct
{
  char *account;  /* nullable: nothing is bound to it */
  char *audience; /* nullable */
} Binding;

static void
request_clear (Request *request)
{
  g_free (request->protocol);
  g_free (request->host);
  g_free (request->path);
  g_free (request->username);
  wf_secret_wipe_free (request->password);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

static void
binding_clear (Binding *binding)
{
  g_free (binding->account);
  g_free (binding->audience);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Binding, binding_clear)

/* --- What git asks --- */

static void
take_attribute (Request    *request,
                const char *line,
                gsize       length)
{
  const struct
  {
    const char *name;
    char      **value;
  } attributes[] = {
    { "protocol=", &request->protocol }, { "host=", &request->host }, { "path=", &request->path },
    { "username=", &request->username }, { "password=", &request->password },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      gsize name_length = strlen (attributes[i].name);

      if (length < name_length || memcmp (line, attributes[i].name, name_length) != 0)
        continue;
      wf_secret_wipe_free (*attributes[i].value);
      *attributes[i].value = g_strndup (line + name_length, length - name_length);
    }
}

/* Lines "name=value" until an empty one; what is unknown is passed over. */
static gboolean
read_request (Request *request,
              GError **error)
{
  g_autoptr (GBytes) bytes = wf_cli_read_file (NULL, MAX_INPUT_BYTES, error);
  gsize size = 0;
  const char *text = bytes ? g_bytes_get_data (bytes, &size) : NULL;
  gsize start = 0;

  if (!bytes)
    return FALSE;
  if (size > 0 && memchr (text, '\0', size))
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("This is not what git asks a credential helper."));
      return FALSE;
    }
  while (start < size)
    {
      const char *end = memchr (text + start, '\n', size - start);
      gsize length = end ? (gsize) (end - text) - start : size - start;

      if (text[start] == '\n')
        break;
      take_attribute (request, text + start, length);
      start += length + 1;
    }
  return TRUE;
}

/* --- What it is bound to --- */

static int
get_port (GUri *uri)
{
  return g_uri_get_port (uri) == -1 ? HTTPS_PORT : g_uri_get_port (uri);
}

/* Whether the part of the path ends where @prefix does: "/group" is no beginning of "/groups". */
static gboolean
is_below (const char *path,
          const char *prefix)
{
  g_autofree char *folder = g_str_has_suffix (prefix, "/") ? g_strdup (prefix) : g_strconcat (prefix, "/", NULL);
  g_autofree char *whole = g_strconcat (g_str_has_prefix (path, "/") ? "" : "/", path, "/", NULL);

  return g_str_has_prefix (whole, folder);
}

/* The remote as git names it; a host with more than a host in it is none. */
static GUri *
parse_remote (const Request *request)
{
  g_autofree char *text = NULL;
  g_autoptr (GUri) uri = NULL;

  /* A token never goes over an open line, whatever the configuration says. */
  if (g_strcmp0 (request->protocol, "https") != 0 || !request->host)
    return NULL;
  text = g_strconcat ("https://", request->host, NULL);
  uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  if (!uri || !g_uri_get_host (uri) || !*g_uri_get_host (uri) || g_uri_get_userinfo (uri) || *g_uri_get_path (uri) ||
      g_uri_get_query (uri) || g_uri_get_fragment (uri))
    return NULL;
  return g_steal_pointer (&uri);
}

/* Exact, and no pattern: a star for a host would hand the token to whoever has a name there.
 * Returns: how long the path is that both have, -1 where this is another place */
static int
match_place (const char    *place,
             GUri          *remote,
             const Request *request)
{
  g_autoptr (GUri) uri = g_uri_parse (place, G_URI_FLAGS_NONE, NULL);

  if (!uri || !g_str_equal (g_uri_get_scheme (uri), "https") || !g_uri_get_host (uri) ||
      g_ascii_strcasecmp (g_uri_get_host (uri), g_uri_get_host (remote)) != 0 || get_port (uri) != get_port (remote) ||
      (g_uri_get_userinfo (uri) && g_strcmp0 (g_uri_get_userinfo (uri), request->username) != 0) ||
      !is_below (request->path ? request->path : "", g_uri_get_path (uri)))
    return -1;
  return g_str_equal (g_uri_get_path (uri), "/") ? 0 : (int) strlen (g_uri_get_path (uri));
}

/* Takes the value of @key where the key is @ending and its place is the remote, and none taken before was closer. */
static void
take_setting (const char    *key,
              const char    *value,
              const char    *ending,
              GUri          *remote,
              const Request *request,
              char         **slot,
              int           *closeness)
{
  g_autofree char *place = NULL;
  int match;

  if (!g_str_has_prefix (key, SECTION) || !g_str_has_suffix (key, ending) ||
      strlen (key) < strlen (SECTION) + strlen (ending))
    return;
  place = g_strndup (key + strlen (SECTION), strlen (key) - strlen (SECTION) - strlen (ending));
  match = match_place (place, remote, request);
  if (match < *closeness || match < 0)
    return;
  *closeness = match;
  g_free (*slot);
  *slot = g_strdup (value);
}

/* @settings: "key\nvalue\0key\nvalue\0", as git prints them */
static void
read_settings (const char    *settings,
               gsize          size,
               GUri          *remote,
               const Request *request,
               Binding       *binding)
{
  int account = 0;
  int audience = 0;

  for (const char *p = settings; p < settings + size; p += strlen (p) + 1)
    {
      g_auto (GStrv) parts = g_strsplit (p, "\n", 2);

      if (!parts[0] || !parts[1])
        continue;
      take_setting (parts[0], parts[1], ACCOUNT_KEY, remote, request, &binding->account, &account);
      take_setting (parts[0], parts[1], AUDIENCE_KEY, remote, request, &binding->audience, &audience);
    }
}

/* git reads its files itself, and what was given to it with -c. */
static gboolean
find_binding (GUri          *remote,
              const Request *request,
              Binding       *binding,
              GError       **error)
{
  const char *const command[] = { "git", "config", "--null", "--get-regexp", "^credential\\..*\\.warifua(ccount|udience)$", NULL };
  g_autoptr (GSubprocess) git = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) output = NULL;

  git = g_subprocess_newv (command, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);
  if (git)
    {
      g_subprocess_communicate_async (git, NULL, NULL, wf_cli_take_result, &result);
      g_subprocess_communicate_finish (git, wf_cli_wait (&result), &output, NULL, NULL);
    }
  if (!output)
    {
      g_set_error (error, WF_ERROR, WF_ERROR_USAGE, _("The configuration of git cannot be read."));
      return FALSE;
    }
  if (g_bytes_get_size (output) > 0)
    read_settings (g_bytes_get_data (output, NULL), g_bytes_get_size (output), remote, request, binding);
  return TRUE;
}

/* --- What it is told --- */

static gboolean
has_no_newline (const char *text)
{
  return !strpbrk (text, "\r\n");
}

static gboolean
give (WfCli         *cli,
      const Request *request,
      const Binding *binding,
      GError       **error)
{
  g_autoptr (WfSession) session = wf_cli_load_session (cli, binding->account, error);
  g_autoptr (WfSecretValue) token = NULL;
  const WfAccessToken *details;

  token = session ? wf_cli_get_token (cli, session, binding->audience, WF_MIN_TTL_USUAL, error) : NULL;
  if (!token)
    return FALSE;
  details = wf_cli_peek_token (session, binding->audience);
  /* The person's own choice, in the address or as credential.URL.username, is in the question. */
  printf ("username=%s\n", request->username && *request->username && has_no_newline (request->username)
                             ? request->username : DEFAULT_USER);
  if (!wf_cli_print_secret_after ("password=", token, error))
    return FALSE;
  if (details && details->expires_at != WF_TIME_UNKNOWN)
    printf ("password_expiry_utc=%" G_GINT64_FORMAT "\n", details->expires_at);
  return TRUE;
}

/* The server refused the token: the next one is another. A password that is not ours is somebody else's to forget. */
static gboolean
replace (WfCli         *cli,
         const Request *request,
         const Binding *binding,
         GError       **error)
{
  g_autoptr (WfSession) session = wf_cli_load_session (cli, binding->account, error);
  const WfAccessToken *token;

  if (!session)
    return FALSE;
  token = wf_cli_peek_token (session, binding->audience);
  if (!token || (request->password && !wf_secret_text_equal (request->password, secret_value_get_text (token->token))))
    return TRUE;
  return wf_cli_refresh (cli, session, WF_CAUSE_SCRIPT, binding->audience, error);
}

static gboolean
run_git_credential (WfCli   *cli,
                    char   **operands,
                    GError **error)
{
  gboolean is_get = g_str_equal (operands[0], "get");
  g_auto (Request) request = { NULL };
  g_auto (Binding) binding = { NULL };
  g_autoptr (GUri) remote = NULL;

  /* "store" is ours already, and helpers pass over what they do not know. */
  if (!is_get && !g_str_equal (operands[0], "erase"))
    return TRUE;
  if (!read_request (&request, error))
    return FALSE;
  remote = parse_remote (&request);
  if (!remote)
    return TRUE;
  if (!find_binding (remote, &request, &binding, error))
    return FALSE;
  if (!binding.account || !*binding.account)
    return TRUE;
  return is_get ? give (cli, &request, &binding, error) : replace (cli, &request, &binding, error);
}

const WfCliCommand wf_cli_git_credential_command = {
  "git-credential", "get|store|erase", 1, 1, N_("Answer git, which calls it as git-credential-warifu"), NULL, run_git_credential,
};
