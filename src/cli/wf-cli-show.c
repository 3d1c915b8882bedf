/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include "wf-cli-output.h"
#include "wf-cli.h"
#include "wf-scope.h"

/* Text is made of the document that --json prints, so that the two never differ. */

static const char *
get_text (JsonObject *object,
          const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static JsonObject *
get_object (JsonObject *object,
            const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
get_flag (JsonObject *object,
          const char *member)
{
  return object && json_object_get_boolean_member_with_default (object, member, FALSE);
}

/* NULL where there is nothing in it */
static char *
join_array (JsonObject *object,
            const char *member)
{
  JsonNode *node = json_object_get_member (object, member);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (guint i = 0; array && i < json_array_get_length (array); i++)
    g_ptr_array_add (words, (char *) json_array_get_string_element (array, i));
  if (words->len == 0)
    return NULL;
  g_ptr_array_add (words, NULL);
  return g_strjoinv (" ", (char **) words->pdata);
}

static char *
format_expiry (JsonObject *token,
               gint64      now)
{
  const char *text = get_text (token, "expires_at");
  g_autoptr (GDateTime) expires_at = text ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  g_autofree char *time = NULL;

  if (!expires_at)
    return g_strdup (_("expiry unknown"));
  time = wf_cli_format_time (g_date_time_to_unix (expires_at), now);
  if (g_date_time_to_unix (expires_at) > now)
    /* Translators: "expires 2026-11-22T13:20:00Z (in 43 min)" */
    return g_strdup_printf (_("expires %s"), time);
  /* Translators: "expired 2026-11-22T13:20:00Z (43 min ago)" */
  return g_strdup_printf (_("expired %s"), time);
}

static void
print_access_token (JsonObject *token,
                    gint64      now)
{
  g_autofree char *expiry = NULL;
  g_autofree char *line = NULL;
  g_autofree char *scope = NULL;
  g_autofree char *audience = NULL;

  if (!get_flag (token, "present"))
    {
      wf_cli_print_field (_("Access token"), _("none"));
      return;
    }
  expiry = format_expiry (token, now);
  line = g_strdup_printf ("%s, %s", g_strcmp0 (get_text (token, "format"), "jwt") == 0 ? "JWT" : _("opaque"), expiry);
  scope = join_array (token, "scope");
  audience = join_array (token, "audience");
  wf_cli_print_field (_("Access token"), line);
  wf_cli_print_field (_("Scopes"), scope);
  wf_cli_print_field (_("Audience"), audience);
}

static void
print_id_token (JsonObject *token,
                gint64      now)
{
  g_autofree char *expiry = NULL;
  g_autofree char *key = NULL;
  g_autofree char *line = NULL;

  if (!get_flag (token, "present"))
    {
      wf_cli_print_field (_("ID token"), _("none"));
      return;
    }
  expiry = format_expiry (token, now);
  if (get_text (token, "kid"))
    key = g_strdup_printf ("%s, %s", get_text (token, "algorithm"), get_text (token, "kid"));
  else
    key = g_strdup (get_text (token, "algorithm"));
  if (get_flag (token, "verified"))
    /* Translators: the algorithm and the key's id: "signature verified (ES256, abc), expires …" */
    line = g_strdup_printf (_("signature verified (%s), %s"), key, expiry);
  else
    line = g_strdup_printf (_("signature not checked (%s), %s"), key, expiry);
  wf_cli_print_field (_("ID token"), line);
}

static void
print_refresh_token (JsonObject *token)
{
  g_autofree char *line = NULL;

  if (!get_flag (token, "present"))
    line = g_strdup (_("none"));
  else if (get_flag (token, "rotates"))
    line = g_strdup_printf (_("generation %d, replaced at each refresh"),
                            (int) json_object_get_int_member_with_default (token, "generation", 0));
  else
    line = g_strdup_printf (_("generation %d"),
                            (int) json_object_get_int_member_with_default (token, "generation", 0));
  wf_cli_print_field (_("Refresh token"), line);
}

/* "missing" and "unasked" scopes are what a person looks for first. */
static void
print_scope_differences (WfSession *session)
{
  const WfTokenSet *tokens = wf_session_get_tokens (session);
  const WfAccessToken *token = tokens ? wf_token_set_get_access_token (tokens, NULL) : NULL;
  g_auto (GStrv) missing = NULL;
  g_auto (GStrv) extra = NULL;
  g_autofree char *missing_text = NULL;
  g_autofree char *extra_text = NULL;

  if (!token || !token->scope || !tokens->requested_scope)
    return;
  missing = wf_scope_subtract (tokens->requested_scope, token->scope);
  extra = wf_scope_subtract (token->scope, tokens->requested_scope);
  missing_text = g_strjoinv (" ", missing);
  extra_text = g_strjoinv (" ", extra);
  wf_cli_print_field (_("Not granted"), *missing ? missing_text : NULL);
  wf_cli_print_field (_("Not asked for"), *extra ? extra_text : NULL);
}

static void
print_last_error (JsonObject *error)
{
  g_autofree char *line = NULL;

  if (!error)
    return;
  line = g_strdup_printf ("%s: %s", get_text (error, "name"), get_text (error, "description"));
  wf_cli_print_field (_("Last error"), line);
}

static void
print_session (WfSession  *session,
               JsonObject *document)
{
  gint64 now = wf_clock_now (wf_session_get_clock (session));
  JsonObject *id_token = get_object (document, "id_token");

  wf_cli_print ("%s", get_text (document, "name"));
  wf_cli_print_field (_("ID"), get_text (document, "id"));
  wf_cli_print_field (_("Issuer"), get_text (document, "issuer"));
  wf_cli_print_field (_("State"), get_text (document, "state"));
  wf_cli_print_field (_("Subject"), id_token ? get_text (id_token, "subject") : NULL);
  print_access_token (get_object (document, "access_token"), now);
  print_scope_differences (session);
  print_id_token (id_token, now);
  print_refresh_token (get_object (document, "refresh_token"));
  print_last_error (get_object (document, "last_error"));
}

void
wf_cli_show_session (WfCli     *cli,
                     WfSession *session)
{
  g_autoptr (JsonNode) document = wf_session_describe (session);

  if (cli->json)
    wf_cli_take_document (cli, g_steal_pointer (&document));
  else
    print_session (session, json_node_get_object (document));
}

static gboolean
run_show (WfCli   *cli,
          char   **operands,
          GError **error)
{
  g_autoptr (WfSession) session = wf_cli_load_session (cli, operands[0], error);

  if (!session)
    return FALSE;
  wf_cli_show_session (cli, session);
  return TRUE;
}

const WfCliCommand wf_cli_show_command = {
  "show", "NAME", 1, 1, N_("Show the state of an account"), NULL, run_show,
};
