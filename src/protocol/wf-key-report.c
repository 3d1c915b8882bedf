/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-key-report.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-base64url.h"
#include "wf-error.h"
#include "wf-json-secrets.h"

#define TEXT_MAX_BYTES 1024
#define NUMBER_MAX_BYTES (16 * 1024)
#define OPERATIONS_MAX 16

/* The members that make a key what it is, in the order of their names: RFC 7638 §3.2, RFC 8037 §2. */
static const struct
{
  const char *type;
  const char *members[5];
} required[] = {
  { "EC", { "crv", "kty", "x", "y", NULL } },
  { "OKP", { "crv", "kty", "x", NULL } },
  { "RSA", { "e", "kty", "n", NULL } },
};

/* RFC 7518 §6.2.2, §6.3.2, §6.4.1 */
static const char *const private_members[] = { "d", "p", "q", "dp", "dq", "qi", "oth", "k" };

/* Returns: (nullable): the member where it is a text of this length at most */
static const char *
get_text (JsonObject *key,
          const char *member,
          gsize       max_bytes)
{
  const char *text = NULL;

  return wf_json_get_string (key, member, max_bytes, &text, NULL) ? text : NULL;
}

/* Texts of strangers, to be shown. */
static char *
dup_clean (JsonObject *key,
           const char *member)
{
  const char *text = get_text (key, member, TEXT_MAX_BYTES);

  return text && *text ? wf_error_clean_text (text) : NULL;
}

static char *
join_operations (JsonObject *key)
{
  g_auto (GStrv) operations = NULL;
  g_autofree char *joined = NULL;

  if (!wf_json_get_strv (key, "key_ops", FALSE, OPERATIONS_MAX, &operations, NULL) || !operations || !operations[0])
    return NULL;
  joined = g_strjoinv (", ", operations);
  return wf_error_clean_text (joined);
}

static gboolean
has_private_member (JsonObject *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (private_members); i++)
    if (json_object_has_member (key, private_members[i]))
      return TRUE;
  return FALSE;
}

static WfKeyReport *
describe_key (JsonObject *key)
{
  WfKeyReport *report = g_new0 (WfKeyReport, 1);
  g_autoptr (WfJwk) jwk = wf_jwk_read (key);

  report->key_type = dup_clean (key, "kty");
  report->key_id = dup_clean (key, "kid");
  report->algorithm = dup_clean (key, "alg");
  report->use = dup_clean (key, "use");
  report->operations = join_operations (key);
  report->curve = dup_clean (key, "crv");
  report->bits = wf_jwk_get_bits (jwk);
  report->thumbprint = wf_key_report_make_thumbprint (key);
  report->is_private = has_private_member (key);
  if (wf_jwk_get_problem (jwk))
    report->problem = g_strdup (wf_jwk_get_problem (jwk));
  else if (!wf_jwk_can_verify (jwk))
    report->problem = g_strdup (_("It says that it is not made for checking signatures."));
  return report;
}

static void
add_report (GPtrArray *reports,
            JsonNode  *node)
{
  WfKeyReport *report;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      report = describe_key (json_node_get_object (node));
    }
  else
    {
      report = g_new0 (WfKeyReport, 1);
      report->problem = g_strdup (_("It is no JSON object."));
    }
  g_ptr_array_add (reports, report);
  report->position = reports->len;
}

void
wf_key_report_free (WfKeyReport *report)
{
  if (!report)
    return;

  g_free (report->key_type);
  g_free (report->key_id);
  g_free (report->algorithm);
  g_free (report->use);
  g_free (report->operations);
  g_free (report->curve);
  g_free (report->thumbprint);
  g_free (report->problem);
  g_free (report);
}

GPtrArray *
wf_key_report_list (const char  *json,
                    gsize        length,
                    GError     **error)
{
  g_autoptr (WfJwks) jwks = wf_jwks_parse (json, length, error);
  g_autoptr (JsonObject) root = jwks ? wf_json_parse_object (json, length, WF_JSON_MAX_BYTES, error) : NULL;
  g_autoptr (GPtrArray) reports = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_key_report_free);
  JsonArray *keys;

  if (!root)
    return NULL;
  if (json_object_has_member (root, "kty"))
    {
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), root);

      add_report (reports, node);
      return g_steal_pointer (&reports);
    }
  keys = json_object_get_array_member (root, "keys");
  for (guint i = 0; i < MIN (json_array_get_length (keys), WF_JWKS_MAX_KEYS); i++)
    add_report (reports, json_array_get_element (keys, i));
  return g_steal_pointer (&reports);
}

char *
wf_key_report_make_thumbprint (JsonObject *key)
{
  const char *type;
  g_autoptr (GString) text = g_string_new ("{");
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  guint kind = 0;

  g_return_val_if_fail (key != NULL, NULL);

  type = get_text (key, "kty", TEXT_MAX_BYTES);
  while (kind < G_N_ELEMENTS (required) && g_strcmp0 (required[kind].type, type) != 0)
    kind++;
  if (kind == G_N_ELEMENTS (required))
    return NULL;
  /* RFC 7638 §3: no white space, nothing escaped that need not be */
  for (const char *const *member = required[kind].members; *member; member++)
    {
      const char *value = get_text (key, *member, NUMBER_MAX_BYTES);

      if (!value)
        return NULL;
      g_string_append_printf (text, "%s\"%s\":", text->len > 1 ? "," : "", *member);
      wf_json_append_string (text, value);
    }
  g_string_append_c (text, '}');
  g_checksum_update (checksum, (const guchar *) text->str, (gssize) text->len);
  g_checksum_get_digest (checksum, digest, &length);
  return wf_base64url_encode (digest, length);
}
