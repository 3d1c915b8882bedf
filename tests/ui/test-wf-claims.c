/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-claims.h"

#include "wf-json.h"
#include "wf-time.h"

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = wf_json_parse_object (text, strlen (text), WF_JSON_MAX_BYTES, &error);

  g_assert_no_error (error);
  return object;
}

static void
test_order (void)
{
  g_autoptr (JsonObject) claims = parse ("{\"zebra\":1,\"name\":\"Alice\",\"aud\":\"a\",\"iss\":\"i\",\"apple\":2}");
  g_autoptr (GPtrArray) names = wf_claims_list (claims);
  static const char *const expected[] = { "iss", "aud", "name", "apple", "zebra" };

  g_assert_cmpuint (names->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < names->len; i++)
    g_assert_cmpstr (g_ptr_array_index (names, i), ==, expected[i]);
}

static void
test_many (void)
{
  g_autoptr (JsonObject) claims = json_object_new ();
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) none = wf_claims_list (NULL);

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *name = g_strdup_printf ("claim-%05u", 9999 - i);

      json_object_set_int_member (claims, name, i);
    }
  json_object_set_string_member (claims, "iss", "https://id.example.org");
  names = wf_claims_list (claims);
  g_assert_cmpuint (names->len, ==, 10001);
  g_assert_cmpstr (g_ptr_array_index (names, 0), ==, "iss");
  g_assert_cmpstr (g_ptr_array_index (names, 1), ==, "claim-00000");
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_times (void)
{
  g_autoptr (JsonObject) claims =
    parse ("{\"exp\":1795353600,\"iat\":1795353600.75,\"nbf\":\"1795353600\",\"auth_time\":-1,\"updated_at\":1e300,\"n\":1795353600}");

  g_assert_cmpint (wf_claims_get_time ("exp", json_object_get_member (claims, "exp")), ==, 1795353600);
  g_assert_cmpint (wf_claims_get_time ("iat", json_object_get_member (claims, "iat")), ==, 1795353600);
  g_assert_cmpint (wf_claims_get_time ("nbf", json_object_get_member (claims, "nbf")), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (wf_claims_get_time ("auth_time", json_object_get_member (claims, "auth_time")), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (wf_claims_get_time ("updated_at", json_object_get_member (claims, "updated_at")), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (wf_claims_get_time ("n", json_object_get_member (claims, "n")), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (wf_claims_get_time ("exp", NULL), ==, WF_TIME_UNKNOWN);
}

static void
test_values (void)
{
  g_autoptr (JsonObject) claims =
    parse ("{\"s\":\"Alice\\u202eecila\",\"a\":[\"x\",\"y\"],\"m\":[\"x\",1],\"b\":true,\"o\":{\"k\":null},\"e\":[]}");
  static const char *const expected[][2] = {
    { "s", "Aliceecila" }, { "a", "x, y" }, { "m", "[\"x\",1]" }, { "b", "true" }, { "o", "{\"k\":null}" }, { "e", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *text = wf_claims_format_value (json_object_get_member (claims, expected[i][0]));

      g_assert_cmpstr (text, ==, expected[i][1]);
    }
}

static void
test_meaning (void)
{
  g_assert_nonnull (wf_claims_get_meaning ("iss"));
  g_assert_null (wf_claims_get_meaning ("https://example.org/roles"));
}

static void
test_compare (void)
{
  g_autoptr (JsonObject) before = parse ("{\"iss\":\"i\",\"exp\":100,\"gone\":1}");
  g_autoptr (JsonObject) after = parse ("{\"iss\":\"i\",\"exp\":200,\"new\":[\"x\"]}");
  g_autoptr (GPtrArray) changes = wf_claims_compare (before, after);
  g_autoptr (GPtrArray) none = wf_claims_compare (before, before);
  const WfClaimChange *change;

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (changes->len, ==, 3);
  change = g_ptr_array_index (changes, 0);
  g_assert_cmpstr (change->name, ==, "exp");
  g_assert_cmpint (change->kind, ==, WF_CLAIM_CHANGED);
  g_assert_true (change->is_time);
  g_assert_cmpint (change->time_before, ==, 100);
  g_assert_cmpint (change->time_after, ==, 200);
  change = g_ptr_array_index (changes, 1);
  g_assert_cmpstr (change->name, ==, "new");
  g_assert_cmpint (change->kind, ==, WF_CLAIM_ADDED);
  g_assert_cmpstr (change->after, ==, "x");
  change = g_ptr_array_index (changes, 2);
  g_assert_cmpstr (change->name, ==, "gone");
  g_assert_cmpint (change->kind, ==, WF_CLAIM_REMOVED);
  g_assert_cmpstr (change->before, ==, "1");
}

/* Scopes and lists are compared as sets. */
static void
test_compare_sets (void)
{
  g_autoptr (JsonObject) before = parse ("{\"scope\":\"openid email\",\"aud\":[\"a\",\"b\"],\"roles\":[\"x\",\"y\"],\"mixed\":[1,\"a\"]}");
  g_autoptr (JsonObject) after = parse ("{\"scope\":\"openid profile\",\"aud\":[\"a\",\"b\",\"c\"],\"roles\":[\"y\",\"x\"],\"mixed\":[2]}");
  g_autoptr (GPtrArray) changes = wf_claims_compare (before, after);
  const WfClaimChange *change;

  g_assert_cmpuint (changes->len, ==, 4);
  change = g_ptr_array_index (changes, 0);
  g_assert_cmpstr (change->name, ==, "aud");
  g_assert_cmpstr (change->added[0], ==, "c");
  g_assert_null (change->added[1]);
  g_assert_null (change->removed[0]);
  change = g_ptr_array_index (changes, 1);
  g_assert_cmpstr (change->name, ==, "scope");
  g_assert_cmpstr (change->added[0], ==, "profile");
  g_assert_cmpstr (change->removed[0], ==, "email");
  change = g_ptr_array_index (changes, 2);
  g_assert_cmpstr (change->name, ==, "roles");
  g_assert_null (change->added[0]);
  g_assert_null (change->removed[0]);
  change = g_ptr_array_index (changes, 3);
  g_assert_cmpstr (change->name, ==, "mixed");
  g_assert_null (change->added);
}

static void
test_compare_lifetimes (void)
{
  g_autoptr (JsonObject) before = parse ("{\"iat\":100,\"exp\":400}");
  g_autoptr (JsonObject) moved = parse ("{\"iat\":200,\"exp\":500}");
  g_autoptr (JsonObject) longer = parse ("{\"iat\":200,\"exp\":800}");
  g_autoptr (GPtrArray) same = wf_claims_compare (before, moved);
  g_autoptr (GPtrArray) other = wf_claims_compare (before, longer);
  const WfClaimChange *change = g_ptr_array_index (other, other->len - 1);

  for (guint i = 0; i < same->len; i++)
    g_assert_false (((WfClaimChange *) g_ptr_array_index (same, i))->is_lifetime);
  g_assert_true (change->is_lifetime);
  g_assert_cmpint (change->time_before, ==, 300);
  g_assert_cmpint (change->time_after, ==, 600);
}

/* What is told of a token that nobody can read. */
static void
test_compare_answers (void)
{
  WfClaimChange *change = wf_claims_compare_scopes ("openid b a", "a openid c");

  g_assert_cmpstr (change->added[0], ==, "c");
  g_assert_cmpstr (change->removed[0], ==, "b");
  wf_claim_change_free (change);
  g_assert_null (wf_claims_compare_scopes ("a b", "b a"));
  g_assert_null (wf_claims_compare_scopes (NULL, "a"));
  g_assert_null (wf_claims_compare_scopes ("a", NULL));
  g_assert_null (wf_claims_compare_lifetimes (300, 300));
  g_assert_null (wf_claims_compare_lifetimes (WF_TIME_UNKNOWN, 300));
  change = wf_claims_compare_lifetimes (300, 600);
  g_assert_true (change->is_lifetime);
  wf_claim_change_free (change);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/claims/order", test_order);
  g_test_add_func ("/ui/claims/many", test_many);
  g_test_add_func ("/ui/claims/times", test_times);
  g_test_add_func ("/ui/claims/values", test_values);
  g_test_add_func ("/ui/claims/meaning", test_meaning);
  g_test_add_func ("/ui/claims/compare", test_compare);
  g_test_add_func ("/ui/claims/compare-sets", test_compare_sets);
  g_test_add_func ("/ui/claims/compare-lifetimes", test_compare_lifetimes);
  g_test_add_func ("/ui/claims/compare-answers", test_compare_answers);
  return g_test_run ();
}
