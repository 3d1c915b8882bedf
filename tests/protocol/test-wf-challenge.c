/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-challenge.h"

#include <string.h>

static void
test_parse (void)
{
  static const struct
  {
    const char *header;
    const char *schemes;
    gboolean    is_bearer;
    const char *error;
    const char *description;
    const char *scope;
  } cases[] = {
    /* RFC 6750 §3 */
    { "Bearer realm=\"example\"", "Bearer", TRUE, NULL, NULL, NULL },
    { "Bearer realm=\"example\", error=\"invalid_token\", error_description=\"The access token expired\"", "Bearer", TRUE, "invalid_token", "The access token expired", NULL },
    { "Bearer error=\"insufficient_scope\", scope=\"read write\"", "Bearer", TRUE, "insufficient_scope", NULL, "read write" },
    { "bearer ERROR=invalid_token", "bearer", TRUE, "invalid_token", NULL, NULL },
    { "Bearer error = \"invalid_token\" ,scope=\"a\"", "Bearer", TRUE, "invalid_token", NULL, "a" },
    { "Bearer", "Bearer", TRUE, NULL, NULL, NULL },
    { "Bearer error_description=\"a \\\"quoted\\\", word\", error=\"invalid_token\"", "Bearer", TRUE, "invalid_token", "a \"quoted\", word", NULL },
    /* several challenges, RFC 9110 §11.6.1 */
    { "Basic realm=\"a, Bearer error=\\\"x\\\"\", Bearer error=\"invalid_token\"", "Basic, Bearer", TRUE, "invalid_token", NULL, NULL },
    { "Negotiate YWJj==, Bearer error=\"invalid_token\"", "Negotiate, Bearer", TRUE, "invalid_token", NULL, NULL },
    { "Negotiate abc, Basic realm=x", "Negotiate, Basic", FALSE, NULL, NULL, NULL },
    { "Negotiate a+b/c=, Basic realm=x", "Negotiate, Basic", FALSE, NULL, NULL, NULL },
    { "DPoP error=\"use_dpop_nonce\", algs=\"ES256\"", "DPoP", FALSE, NULL, NULL, NULL },
    { "Bearer realm=a, Bearer error=\"invalid_token\", scope=b", "Bearer, Bearer", TRUE, "invalid_token", NULL, "b" },
    { "Bearer error=\"invalid_token\", Bearer error=\"insufficient_scope\", scope=b", "Bearer, Bearer", TRUE, "invalid_token", NULL, NULL },
    { "Bearer error=\"invalid_token\", DPoP scope=\"c\"", "Bearer, DPoP", TRUE, "invalid_token", NULL, NULL },
    /* broken ones */
    { "Bearer error=\"invalid_token", "Bearer", TRUE, "invalid_token", NULL, NULL },
    { "Bearer error=", "Bearer", TRUE, NULL, NULL, NULL },
    { ",,; Bearer;error=\"x\"", "Bearer", TRUE, "x", NULL, NULL },
    { "Bearer error=\"a\xff\xe2\x80\xae\x01z\"", "Bearer", TRUE, "a\357\277\275z", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WfChallenge) challenge = wf_challenge_parse (cases[i].header);

      g_assert_nonnull (challenge);
      g_assert_cmpstr (challenge->schemes, ==, cases[i].schemes);
      g_assert_cmpint (challenge->is_bearer, ==, cases[i].is_bearer);
      g_assert_cmpstr (challenge->error, ==, cases[i].error);
      g_assert_cmpstr (challenge->description, ==, cases[i].description);
      g_assert_cmpstr (challenge->scope, ==, cases[i].scope);
    }
  g_assert_null (wf_challenge_parse (NULL));
  g_assert_null (wf_challenge_parse (""));
  g_assert_null (wf_challenge_parse (", ; \"\""));
}

/* RFC 9470 §3 */
static void
test_step_up (void)
{
  g_autoptr (WfChallenge) challenge = wf_challenge_parse ("Bearer error=\"insufficient_user_authentication\", acr_values=\"a b\", max_age=\"5\"");
  g_autoptr (WfChallenge) odd = wf_challenge_parse ("Bearer max_age=\"-5\"");
  g_autofree char *words = wf_challenge_explain (challenge, 401, NULL);

  g_assert_cmpstr (challenge->acr_values, ==, "a b");
  g_assert_cmpint (challenge->max_age, ==, 5);
  g_assert_cmpint (odd->max_age, ==, -1);
  g_assert_nonnull (strstr (words, "stronger"));
}

static void
test_endless (void)
{
  g_autofree char *filling = g_strnfill (1024 * 1024, 'a');
  g_autofree char *header = g_strdup_printf ("Bearer error=\"%s\"", filling);
  g_autoptr (WfChallenge) challenge = wf_challenge_parse (header);

  g_assert_cmpuint (strlen (challenge->error), <, 2000);
}

static void
test_words (void)
{
  static const struct { const char *header; guint status; const char *granted; const char *words; const char *not_words; } cases[] = {
    { "Bearer error=\"invalid_token\", error_description=\"zzz\"", 401, "openid", "expired, was revoked", "zzz" },
    { "Bearer error=\"insufficient_scope\", scope=\"read write\"", 403, "openid read", "“write”, which was not granted", "read" },
    { "Bearer error=\"insufficient_scope\", scope=\"read\"", 403, "openid read", "has the scope", NULL },
    { "Bearer error=\"insufficient_scope\", scope=\"read\"", 403, NULL, "“read”", NULL },
    { "Bearer error=\"insufficient_scope\"", 403, "openid", "does not say which scope", NULL },
    { "Bearer error=\"invalid_request\"", 400, "openid", "request", NULL },
    { "Bearer error=\"moon_phase\"", 401, "openid", "“moon_phase”", NULL },
    { "Bearer", 401, NULL, "does not say why", NULL },
    { "Basic realm=\"x\", DPoP", 401, NULL, "Basic, DPoP", NULL },
    { NULL, 401, NULL, "does not accept", NULL },
    { NULL, 403, NULL, "does not allow", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WfChallenge) challenge = wf_challenge_parse (cases[i].header);
      g_autofree char *words = wf_challenge_explain (challenge, cases[i].status, cases[i].granted);

      if (!strstr (words, cases[i].words) || (cases[i].not_words && strstr (words, cases[i].not_words)))
        g_error ("%s: %s", cases[i].header, words);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/challenge/parse", test_parse);
  g_test_add_func ("/challenge/step-up", test_step_up);
  g_test_add_func ("/challenge/endless", test_endless);
  g_test_add_func ("/challenge/words", test_words);

  return g_test_run ();
}
