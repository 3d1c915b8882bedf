/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-claims.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "wf-error.h"
#include "wf-json.h"
#include "wf-scope.h"
#include "wf-time.h"

/* 9999-12-31T23:59:59Z */
#define LAST_TIME 253402300799
/* Of wf_error_clean_text(). */
#define MAX_CHARS 300

typedef struct
{
  const char *name;
  const char *meaning;
  gboolean    is_time;
} Claim;

/* In the order in which they are shown. */
static const Claim known[] = {
  { "iss", N_("Who issued the token"), FALSE },
  { "sub", N_("Who it is about: the provider's name for the person"), FALSE },
  { "aud", N_("Whom it is meant for"), FALSE },
  { "azp", N_("The application that asked for it"), FALSE },
  { "client_id", N_("The application that asked for it"), FALSE },
  { "exp", N_("When it expires"), TRUE },
  { "nbf", N_("When it begins to be valid"), TRUE },
  { "iat", N_("When it was issued"), TRUE },
  { "auth_time", N_("When the person signed in"), TRUE },
  { "jti", N_("The token's own number"), FALSE },
  { "scope", N_("What it allows"), FALSE },
  { "scp", N_("What it allows"), FALSE },
  { "permissions", N_("What it allows"), FALSE },
  { "roles", N_("The person's roles"), FALSE },
  { "groups", N_("The person's groups"), FALSE },
  { "entitlements", N_("What the person is entitled to"), FALSE },
  { "gty", N_("The grant that was used"), FALSE },
  { "nonce", N_("Ties the token to the sign-in that asked for it"), FALSE },
  { "at_hash", N_("Ties the token to its access token"), FALSE },
  { "c_hash", N_("Ties the token to its authorization code"), FALSE },
  { "s_hash", N_("Ties the token to the state of its sign-in"), FALSE },
  { "acr", N_("How strong the sign-in was"), FALSE },
  { "amr", N_("How the person signed in"), FALSE },
  { "sid", N_("The session at the provider"), FALSE },
  { "cnf", N_("The key that the token is bound to"), FALSE },
  { "act", N_("Who acts for the person"), FALSE },
  { "name", N_("Full name"), FALSE },
  { "given_name", N_("Given name"), FALSE },
  { "middle_name", N_("Middle name"), FALSE },
  { "family_name", N_("Family name"), FALSE },
  { "nickname", N_("Nickname"), FALSE },
  { "preferred_username", N_("User name, as the person likes it"), FALSE },
  { "email", N_("Email address"), FALSE },
  { "email_verified", N_("Whether the provider has checked the address"), FALSE },
  { "phone_number", N_("Telephone number"), FALSE },
  { "phone_number_verified", N_("Whether the provider has checked the number"), FALSE },
  { "picture", N_("Address of a picture"), FALSE },
  { "profile", N_("Address of a profile page"), FALSE },
  { "website", N_("Address of a website"), FALSE },
  { "gender", N_("Gender"), FALSE },
  { "birthdate", N_("Date of birth"), FALSE },
  { "zoneinfo", N_("Time zone"), FALSE },
  { "locale", N_("Language"), FALSE },
  { "address", N_("Postal address"), FALSE },
  { "updated_at", N_("When the profile was last changed"), TRUE },
  { "may_act", N_("Who may act for the person"), FALSE },
  { "typ", N_("What kind of token it is"), FALSE },
  { "token_use", N_("What kind of token it is"), FALSE },
  { "ver", N_("The version of the token's form"), FALSE },
  { "realm_access", N_("The person's roles"), FALSE },
  { "resource_access", N_("The person's roles, by application"), FALSE },
  { "allowed-origins", N_("Web pages that may use it"), FALSE },
  { "session_state", N_("The session at the provider"), FALSE },
  { "tid", N_("The organization's number"), FALSE },
  { "oid", N_("The person's number in the organization"), FALSE },
  { "upn", N_("User name in the organization"), FALSE },
  { "unique_name", N_("User name in the organization"), FALSE },
  { "appid", N_("The application that asked for it"), FALSE },
  { "cid", N_("The application that asked for it"), FALSE },
  { "uid", N_("The person's number"), FALSE },
  { "idp", N_("Where the person signed in"), FALSE },
  { "hd", N_("The organization's domain"), FALSE },
  { "org_id", N_("The organization's number"), FALSE },
  { "org_name", N_("The organization's name"), FALSE },
  { "cognito:username", N_("User name"), FALSE },
  { "cognito:groups", N_("The person's groups"), FALSE },
};

static const Claim *
find_claim (const char *name)
{
  static GHashTable *claims;

  if (g_once_init_enter (&claims))
    {
      GHashTable *made = g_hash_table_new (g_str_hash, g_str_equal);

      for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
        g_hash_table_insert (made, (gpointer) known[i].name, (gpointer) &known[i]);
      g_once_init_leave (&claims, made);
    }
  return g_hash_table_lookup (claims, name);
}

static gint
rank_of (const char *name)
{
  const Claim *claim = find_claim (name);

  return claim ? (gint) (claim - known) : (gint) G_N_ELEMENTS (known);
}

static gint
compare_names (gconstpointer a,
               gconstpointer b)
{
  const char *left = *(const char *const *) a;
  const char *right = *(const char *const *) b;
  gint order = rank_of (left) - rank_of (right);

  return order != 0 ? order : g_strcmp0 (left, right);
}

static char *
join_strings (JsonArray *array)
{
  GString *text = g_string_new (NULL);
  guint length = json_array_get_length (array);

  for (guint i = 0; i < length; i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (item) || json_node_get_value_type (item) != G_TYPE_STRING)
        {
          g_string_free (text, TRUE);
          return NULL;
        }
      if (i > 0)
        g_string_append (text, ", ");
      g_string_append (text, json_node_get_string (item));
    }
  return g_string_free (text, FALSE);
}

/* Returns: (transfer full) (nullable): a set of names: scopes in one string, or an array of strings */
static char **
get_set (const char *name,
         JsonNode   *node)
{
  g_autofree char *joined = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!node)
    return NULL;
  if (g_str_equal (name, "scope") || g_str_equal (name, "scp"))
    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
      return wf_scope_split (json_node_get_string (node));
  joined = JSON_NODE_HOLDS_ARRAY (node) ? join_strings (json_node_get_array (node)) : NULL;
  if (!joined)
    return NULL;
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_add (builder, json_array_get_string_element (array, i));
  return g_strv_builder_end (builder);
}

/* Returns: (transfer full): what @a has and @b has not, each fit to be shown */
static char **
subtract (char **a,
          char **b)
{
  g_autoptr (GHashTable) others = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; b[i]; i++)
    g_hash_table_add (others, b[i]);
  for (guint i = 0; a[i]; i++)
    {
      g_autofree char *clean = g_hash_table_contains (others, a[i]) ? NULL : wf_error_clean_text (a[i]);

      if (clean)
        g_strv_builder_add (builder, clean);
    }
  return g_strv_builder_end (builder);
}

static void
compare_sets (WfClaimChange *change,
              JsonNode      *before,
              JsonNode      *after)
{
  g_auto (GStrv) then = get_set (change->name, before);
  g_auto (GStrv) now = get_set (change->name, after);

  if (!then || !now)
    return;
  change->added = subtract (now, then);
  change->removed = subtract (then, now);
}

static gint64
get_lifetime (JsonObject *claims)
{
  gint64 issued_at = wf_claims_get_time ("iat", json_object_get_member (claims, "iat"));
  gint64 expires_at = wf_claims_get_time ("exp", json_object_get_member (claims, "exp"));

  return issued_at == WF_TIME_UNKNOWN || expires_at == WF_TIME_UNKNOWN ? WF_TIME_UNKNOWN : expires_at - issued_at;
}

static WfClaimChange *
make_change (WfClaimChangeKind  kind,
             const char        *name,
             JsonNode          *before,
             JsonNode          *after)
{
  WfClaimChange *change = g_new0 (WfClaimChange, 1);

  change->kind = kind;
  change->name = g_strdup (name);
  change->before = before ? wf_claims_format_value (before) : NULL;
  change->after = after ? wf_claims_format_value (after) : NULL;
  change->time_before = wf_claims_get_time (name, before);
  change->time_after = wf_claims_get_time (name, after);
  change->is_time = change->time_before != WF_TIME_UNKNOWN && change->time_after != WF_TIME_UNKNOWN;
  compare_sets (change, before, after);
  return change;
}

const char *
wf_claims_get_meaning (const char *name)
{
  const Claim *claim = find_claim (name);

  return claim ? _(claim->meaning) : NULL;
}

gboolean
wf_claims_is_time (const char *name,
                   JsonNode   *value)
{
  return wf_claims_get_time (name, value) != WF_TIME_UNKNOWN;
}

gint64
wf_claims_get_time (const char *name,
                    JsonNode   *value)
{
  const Claim *claim = find_claim (name);
  double number;

  if (!claim || !claim->is_time || !value || !JSON_NODE_HOLDS_VALUE (value))
    return WF_TIME_UNKNOWN;
  if (json_node_get_value_type (value) != G_TYPE_INT64 && json_node_get_value_type (value) != G_TYPE_DOUBLE)
    return WF_TIME_UNKNOWN;
  number = json_node_get_double (value);
  if (!isfinite (number) || number < 0 || number > (double) LAST_TIME)
    return WF_TIME_UNKNOWN;
  return (gint64) number;
}

/* Returns: (transfer full): cleaned, and where it is cut it says so */
static char *
clean (const char *text)
{
  g_autofree char *cleaned = wf_error_clean_text (text);

  return wf_claims_is_long (text) ? g_strconcat (cleaned, "…", NULL) : g_steal_pointer (&cleaned);
}

gboolean
wf_claims_is_long (const char *text)
{
  /* Four bytes are the most that a character has. */
  return g_utf8_strlen (text, (gssize) strnlen (text, 4 * (MAX_CHARS + 1))) > MAX_CHARS;
}

char *
wf_claims_format_value (JsonNode *value)
{
  g_autofree char *text = NULL;

  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    return clean (json_node_get_string (value));
  if (JSON_NODE_HOLDS_ARRAY (value))
    text = join_strings (json_node_get_array (value));
  if (!text)
    text = wf_json_to_string (value, FALSE);
  return clean (text);
}

GPtrArray *
wf_claims_list (JsonObject *claims)
{
  GPtrArray *names = g_ptr_array_new ();
  JsonObjectIter iter;
  const char *name;

  if (!claims)
    return names;
  json_object_iter_init (&iter, claims);
  while (json_object_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, (gpointer) name);
  g_ptr_array_sort (names, compare_names);
  return names;
}

void
wf_claim_change_free (WfClaimChange *change)
{
  if (!change)
    return;
  g_free (change->name);
  g_free (change->before);
  g_free (change->after);
  g_strfreev (change->added);
  g_strfreev (change->removed);
  g_free (change);
}

GPtrArray *
wf_claims_compare (JsonObject *before,
                   JsonObject *after)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_claim_change_free);
  g_autoptr (GPtrArray) now = wf_claims_list (after);
  g_autoptr (GPtrArray) then = wf_claims_list (before);
  WfClaimChange *lifetime;

  for (guint i = 0; i < now->len; i++)
    {
      const char *name = g_ptr_array_index (now, i);
      JsonNode *new_value = json_object_get_member (after, name);
      JsonNode *old_value = before ? json_object_get_member (before, name) : NULL;

      if (!old_value)
        g_ptr_array_add (changes, make_change (WF_CLAIM_ADDED, name, NULL, new_value));
      else if (!json_node_equal (old_value, new_value))
        g_ptr_array_add (changes, make_change (WF_CLAIM_CHANGED, name, old_value, new_value));
    }
  for (guint i = 0; i < then->len; i++)
    {
      const char *name = g_ptr_array_index (then, i);

      if (!after || !json_object_has_member (after, name))
        g_ptr_array_add (changes, make_change (WF_CLAIM_REMOVED, name, json_object_get_member (before, name), NULL));
    }
  /* Both ends move with every refresh; that they move apart is news. */
  lifetime = before && after ? wf_claims_compare_lifetimes (get_lifetime (before), get_lifetime (after)) : NULL;
  if (lifetime)
    g_ptr_array_add (changes, lifetime);
  return changes;
}

WfClaimChange *
wf_claims_compare_scopes (const char *before,
                          const char *after)
{
  g_auto (GStrv) then = wf_scope_split (before);
  g_auto (GStrv) now = wf_scope_split (after);
  WfClaimChange *change;

  if (!before || !after || g_strv_equal ((const char *const *) then, (const char *const *) now))
    return NULL;
  change = g_new0 (WfClaimChange, 1);
  change->kind = WF_CLAIM_CHANGED;
  change->name = g_strdup ("scope");
  change->before = wf_error_clean_text (before);
  change->after = wf_error_clean_text (after);
  change->time_before = WF_TIME_UNKNOWN;
  change->time_after = WF_TIME_UNKNOWN;
  change->added = subtract (now, then);
  change->removed = subtract (then, now);
  return change;
}

WfClaimChange *
wf_claims_compare_lifetimes (gint64 before,
                             gint64 after)
{
  WfClaimChange *change;

  if (before == WF_TIME_UNKNOWN || after == WF_TIME_UNKNOWN || before == after)
    return NULL;
  change = g_new0 (WfClaimChange, 1);
  change->kind = WF_CLAIM_CHANGED;
  change->name = g_strdup ("exp − iat");
  change->is_lifetime = TRUE;
  change->time_before = before;
  change->time_after = after;
  return change;
}
