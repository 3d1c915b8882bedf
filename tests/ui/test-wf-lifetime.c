/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-lifetime.h"

#define NOW 1795353600

static void
test_levels (void)
{
  static const struct
  {
    WfLifetime      lifetime;
    WfLifetimeLevel level;
    double          fraction;
    const char     *words;
  } cases[] = {
    { { FALSE, WF_TIME_UNKNOWN, WF_TIME_UNKNOWN }, WF_LIFETIME_ABSENT, 0, "None" },
    { { TRUE, NOW, WF_TIME_UNKNOWN }, WF_LIFETIME_UNKNOWN, 0, "Unknown" },
    { { TRUE, NOW - 1800, NOW + 1800 }, WF_LIFETIME_GOOD, 0.5, "30 min left" },
    { { TRUE, NOW - 900, NOW + 100 }, WF_LIFETIME_GOOD, 0.1, "100 s left" },
    { { TRUE, NOW - 901, NOW + 99 }, WF_LIFETIME_LOW, 0.099, "99 s left" },
    { { TRUE, NOW - 3600, NOW }, WF_LIFETIME_GONE, 0, "Expired" },
    { { TRUE, NOW - 3600, NOW - 1 }, WF_LIFETIME_GONE, 0, "Expired" },
    /* Only the end is known, or the start makes no sense. */
    { { TRUE, WF_TIME_UNKNOWN, NOW + 60 }, WF_LIFETIME_GOOD, 1, "60 s left" },
    { { TRUE, NOW + 100, NOW + 60 }, WF_LIFETIME_GOOD, 1, "60 s left" },
    /* Issued by a clock that is ahead of ours. */
    { { TRUE, NOW + 10, NOW + 60 }, WF_LIFETIME_GOOD, 1, "60 s left" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = wf_lifetime_format (&cases[i].lifetime, NOW);

      g_assert_cmpint (wf_lifetime_get_level (&cases[i].lifetime, NOW), ==, cases[i].level);
      g_assert_cmpfloat_with_epsilon (wf_lifetime_get_fraction (&cases[i].lifetime, NOW), cases[i].fraction, 0.0001);
      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_no_tokens (void)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  WfLifetime access = wf_lifetime_of_access_token (set);
  WfLifetime id = wf_lifetime_of_id_token (set, NULL);
  WfLifetime refresh = wf_lifetime_of_refresh_token (set);

  g_assert_false (access.present);
  g_assert_false (id.present);
  g_assert_false (refresh.present);
  g_assert_false (wf_lifetime_of_access_token (NULL).present);
  g_assert_null (wf_lifetime_decode (NULL));
}

static void
test_opaque (void)
{
  g_autoptr (WfSecretValue) opaque = wf_secret_new ("0123456789abcdef.0123456789abcdef", -1);

  g_assert_null (wf_lifetime_decode (opaque));
}

/* The server's clock is 100 s ahead: its times are 100 s less by ours. */
static void
test_skew (void)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  /* {"alg":"none"}.{"exp":1795353700,"iat":1795353600} */
  g_autoptr (WfSecretValue) token =
    wf_secret_new ("eyJhbGciOiJub25lIn0.eyJleHAiOjE3OTUzNTM3MDAsImlhdCI6MTc5NTM1MzYwMH0.", -1);
  g_autoptr (WfJwt) jwt = wf_lifetime_decode (token);
  WfLifetime lifetime;

  g_assert_nonnull (jwt);
  wf_secret_set (&set->id_token, token);
  set->clock_skew = 100;
  lifetime = wf_lifetime_of_id_token (set, jwt);
  g_assert_true (lifetime.present);
  g_assert_cmpint (lifetime.issued_at, ==, NOW - 100);
  g_assert_cmpint (lifetime.expires_at, ==, NOW);
}

static void
test_policy (void)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autofree char *before = NULL;
  g_autofree char *every = NULL;
  g_autofree char *demand = NULL;
  g_autofree char *late = NULL;

  account->refresh_policy = WF_REFRESH_BEFORE_EXPIRY;
  before = wf_session_words_policy (account, NOW + 38 * 60, NOW);
  g_assert_cmpstr (before, ==, "Refreshes before it expires · next in 38 min (13:58)");
  late = wf_session_words_policy (account, NOW - 5, NOW);
  g_assert_cmpstr (late, ==, "Refreshes before it expires · next now (13:20)");
  account->refresh_policy = WF_REFRESH_EVERY;
  account->refresh_seconds = 1800;
  every = wf_session_words_policy (account, WF_TIME_UNKNOWN, NOW);
  g_assert_cmpstr (every, ==, "Refreshes every 30 min");
  account->refresh_policy = WF_REFRESH_ON_DEMAND;
  demand = wf_session_words_policy (account, WF_TIME_UNKNOWN, NOW);
  g_assert_cmpstr (demand, ==, "Refreshes only when asked");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/lifetime/levels", test_levels);
  g_test_add_func ("/ui/lifetime/no-tokens", test_no_tokens);
  g_test_add_func ("/ui/lifetime/opaque", test_opaque);
  g_test_add_func ("/ui/lifetime/skew", test_skew);
  g_test_add_func ("/ui/lifetime/policy", test_policy);
  return g_test_run ();
}
