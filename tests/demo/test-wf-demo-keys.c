/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-keys.h"

#include "wf-json.h"
#include "wf-jws.h"

static WfJwks *
get_jwks (WfDemoKeys *keys)
{
  g_autoptr (JsonObject) object = wf_demo_keys_to_jwks (keys);
  g_autofree char *json = wf_json_object_to_string (object, FALSE);
  g_autoptr (GError) error = NULL;
  WfJwks *jwks = wf_jwks_parse (json, strlen (json), &error);

  g_assert_no_error (error);
  return jwks;
}

static char *
sign (WfDemoKeys *keys,
      int         number)
{
  g_autoptr (JsonObject) header = json_object_new ();
  g_autoptr (JsonObject) claims = json_object_new ();

  json_object_set_string_member (header, "alg", wf_demo_keys_get_algorithm (keys));
  json_object_set_string_member (header, "kid", wf_demo_keys_get_key_id (keys));
  json_object_set_int_member (claims, "number", number);
  return wf_demo_keys_sign (keys, header, claims);
}

static WfJwsVerdict
judge (WfDemoKeys *keys,
       const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WfJwt) jwt = wf_jwt_parse (token, -1, &error);
  g_autoptr (WfJwks) jwks = get_jwks (keys);
  g_autoptr (WfVerification) verification = NULL;

  g_assert_no_error (error);
  verification = wf_jws_verify (jwt, jwks, NULL);
  return verification->verdict;
}

/* Many, because one r or s in 256 begins with a zero byte, and so does one coordinate. */
static void
test_es256 (void)
{
  for (int key = 0; key < 20; key++)
    {
      g_autoptr (WfDemoKeys) keys = wf_demo_keys_new (WF_DEMO_ES256);

      for (int i = 0; i < 40; i++)
        {
          g_autofree char *token = sign (keys, i);

          g_assert_cmpint (judge (keys, token), ==, WF_JWS_VERIFIED);
        }
    }
}

static void
test_rs256 (void)
{
  g_autoptr (WfDemoKeys) keys = wf_demo_keys_new (WF_DEMO_RS256);
  g_autofree char *token = sign (keys, 1);

  g_assert_cmpstr (wf_demo_keys_get_algorithm (keys), ==, "RS256");
  g_assert_cmpint (judge (keys, token), ==, WF_JWS_VERIFIED);
}

static void
test_other_key (void)
{
  g_autoptr (WfDemoKeys) keys = wf_demo_keys_new (WF_DEMO_ES256);
  g_autoptr (WfDemoKeys) other = wf_demo_keys_new (WF_DEMO_ES256);
  g_autofree char *token = sign (keys, 1);

  g_assert_cmpint (judge (other, token), !=, WF_JWS_VERIFIED);
}

static void
test_rotate (void)
{
  g_autoptr (WfDemoKeys) keys = wf_demo_keys_new (WF_DEMO_ES256);
  g_autofree char *first_id = g_strdup (wf_demo_keys_get_key_id (keys));
  g_autofree char *first = sign (keys, 1);
  g_autofree char *second = NULL;

  wf_demo_keys_rotate (keys);
  g_assert_cmpstr (wf_demo_keys_get_key_id (keys), !=, first_id);
  second = sign (keys, 2);
  g_assert_cmpint (judge (keys, first), ==, WF_JWS_VERIFIED);
  g_assert_cmpint (judge (keys, second), ==, WF_JWS_VERIFIED);

  wf_demo_keys_rotate (keys);
  g_assert_cmpint (judge (keys, first), ==, WF_JWS_NO_KEY);
  g_assert_cmpint (judge (keys, second), ==, WF_JWS_VERIFIED);
}

static void
test_no_private_part (void)
{
  g_autoptr (WfDemoKeys) keys = wf_demo_keys_new (WF_DEMO_ES256);
  g_autoptr (JsonObject) jwks = wf_demo_keys_to_jwks (keys);
  JsonObject *key = json_array_get_object_element (json_object_get_array_member (jwks, "keys"), 0);

  g_assert_false (json_object_has_member (key, "d"));
  /* What is changed in one answer is not changed in the key. */
  json_object_set_string_member (key, "kid", "changed");
  g_assert_cmpstr (wf_demo_keys_get_key_id (keys), !=, "changed");
  g_assert_cmpstr (json_object_get_string_member (key, "use"), ==, "sig");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/demo/keys/es256", test_es256);
  g_test_add_func ("/demo/keys/rs256", test_rs256);
  g_test_add_func ("/demo/keys/other-key", test_other_key);
  g_test_add_func ("/demo/keys/rotate", test_rotate);
  g_test_add_func ("/demo/keys/no-private-part", test_no_private_part);

  return g_test_run ();
}
