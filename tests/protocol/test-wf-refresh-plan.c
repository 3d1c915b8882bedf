/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-refresh-plan.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1795353600)

static WfAccount *
make_account (WfRefreshPolicy policy,
              guint           seconds)
{
  WfAccount *account = wf_account_new ();

  account->refresh_policy = policy;
  account->refresh_seconds = seconds;
  return account;
}

/* @lifetime: -1 unknown */
static WfTokenSet *
make_set (gint64   lifetime,
          gboolean with_refresh_token)
{
  WfTokenSet *set = wf_token_set_new ();
  WfTokenResponse response = { .expires_in = lifetime, .refresh_expires_in = -1 };

  response.access_token = wf_secret_new ("at", -1);
  response.refresh_token = with_refresh_token ? wf_secret_new ("rt", -1) : NULL;
  wf_token_set_apply (set, &response, NULL, TRUE, NOW);
  wf_secret_set (&response.access_token, NULL);
  wf_secret_set (&response.refresh_token, NULL);
  return set;
}

static gint64
plan (WfRefreshPolicy policy,
      guint           seconds,
      gint64          lifetime)
{
  g_autoptr (WfAccount) account = make_account (policy, seconds);
  g_autoptr (WfTokenSet) set = make_set (lifetime, TRUE);

  return wf_refresh_plan_next (account, set, WF_TIME_UNKNOWN, 0, -1);
}

static void
test_nothing_to_do (void)
{
  g_autoptr (WfAccount) before = make_account (WF_REFRESH_BEFORE_EXPIRY, 0);
  g_autoptr (WfAccount) every = make_account (WF_REFRESH_EVERY, 60);
  g_autoptr (WfTokenSet) empty = wf_token_set_new ();
  g_autoptr (WfTokenSet) no_refresh = make_set (3600, FALSE);
  g_autoptr (WfTokenSet) only_refresh = wf_token_set_new ();

  only_refresh->refresh_token = wf_secret_new ("rt", -1);
  g_assert_cmpint (plan (WF_REFRESH_ON_DEMAND, 0, 3600), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (plan (WF_REFRESH_BEFORE_EXPIRY, 0, -1), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (wf_refresh_plan_next (before, empty, WF_TIME_UNKNOWN, 0, -1), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (wf_refresh_plan_next (before, no_refresh, WF_TIME_UNKNOWN, 0, -1), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (wf_refresh_plan_next (every, no_refresh, WF_TIME_UNKNOWN, 0, -1), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (wf_refresh_plan_next (before, only_refresh, WF_TIME_UNKNOWN, 0, -1), ==, WF_TIME_UNKNOWN);
  /* and failures do not change that */
  g_assert_cmpint (wf_refresh_plan_next (before, no_refresh, NOW, 3, 10), ==, WF_TIME_UNKNOWN);
}

/* With the jitter of up to 5 % of the span: no later than @latest, no sooner than 95 % of it. */
static void
check_span (gint64 lifetime,
            gint64 latest)
{
  for (guint i = 0; i < 50; i++)
    {
      gint64 span = plan (WF_REFRESH_BEFORE_EXPIRY, 0, lifetime) - NOW;

      g_assert_cmpint (span, <=, latest);
      g_assert_cmpint (span, >=, latest - latest / 20);
    }
}

static void
test_before_expiry (void)
{
  check_span (3600, 3240);          /* a tenth */
  check_span (86400, 85800);        /* at most 10 minutes */
  check_span (200, 170);            /* at least 30 s */
  check_span (60, 30);              /* both at once */
  check_span (40, 20);              /* never sooner than half of it */
  check_span (315532800, 315532200);
}

/* A server that says 0 must not be asked without end. */
static void
test_tiny_lifetimes (void)
{
  for (gint64 lifetime = 0; lifetime < 10; lifetime++)
    g_assert_cmpint (plan (WF_REFRESH_BEFORE_EXPIRY, 0, lifetime), ==, NOW + 5);
}

static void
test_jitter (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (WfTokenSet) set = make_set (86400, TRUE);
  gint64 plans[100];

  for (guint i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (WfAccount) account = make_account (WF_REFRESH_BEFORE_EXPIRY, 0);

      plans[i] = wf_refresh_plan_next (account, set, WF_TIME_UNKNOWN, 0, -1);
      for (guint j = 0; j < 3; j++) /* the same at each asking */
        g_assert_cmpint (wf_refresh_plan_next (account, set, WF_TIME_UNKNOWN, 0, -1), ==, plans[i]);
      g_hash_table_add (seen, &plans[i]);
    }
  g_assert_cmpuint (g_hash_table_size (seen), >, 50);
}

static void
test_every (void)
{
  g_assert_cmpint (plan (WF_REFRESH_EVERY, 300, 3600), ==, NOW + 300);
  g_assert_cmpint (plan (WF_REFRESH_EVERY, 300, -1), ==, NOW + 300);
  g_assert_cmpint (plan (WF_REFRESH_EVERY, 31536000, 60), ==, NOW + 31536000);
  g_assert_cmpint (plan (WF_REFRESH_EVERY, 0, 60), ==, NOW + 30);
}

static void
test_backoff (void)
{
  static const gint64 waits[] = { 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900 };
  g_autoptr (WfAccount) account = make_account (WF_REFRESH_EVERY, 60);
  g_autoptr (WfTokenSet) set = make_set (3600, TRUE);
  gint64 last = NOW + 5000;

  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    g_assert_cmpint (wf_refresh_plan_next (account, set, last, i + 1, -1), ==, last + waits[i]);
  g_assert_cmpint (wf_refresh_plan_next (account, set, last, G_MAXUINT, -1), ==, last + 900);
  /* no failure, no wait */
  g_assert_cmpint (wf_refresh_plan_next (account, set, last, 0, 500), ==, NOW + 60);
  g_assert_cmpint (wf_refresh_plan_next (account, set, WF_TIME_UNKNOWN, 3, 500), ==, NOW + 60);
  /* never sooner than planned */
  g_assert_cmpint (wf_refresh_plan_next (account, set, NOW + 1, 1, -1), ==, NOW + 60);
}

static void
test_retry_after (void)
{
  g_autoptr (WfAccount) account = make_account (WF_REFRESH_EVERY, 60);
  g_autoptr (WfTokenSet) set = make_set (3600, TRUE);
  gint64 last = NOW + 5000;

  g_assert_cmpint (wf_refresh_plan_next (account, set, last, 1, 120), ==, last + 120);
  g_assert_cmpint (wf_refresh_plan_next (account, set, last, 8, 120), ==, last + 640);
  g_assert_cmpint (wf_refresh_plan_next (account, set, last, 1, 0), ==, last + 5);
  g_assert_cmpint (wf_refresh_plan_next (account, set, last, 1, G_MAXINT64), ==, last + 86400);
  g_assert_cmpint (wf_refresh_plan_next (account, set, last, 1, G_MININT64), ==, last + 5);
}

/* The wait alone, for what no policy plans. */
static void
test_retry (void)
{
  g_assert_cmpint (wf_refresh_plan_retry (NOW, 1, -1), ==, NOW + 5);
  g_assert_cmpint (wf_refresh_plan_retry (NOW, 3, -1), ==, NOW + 20);
  g_assert_cmpint (wf_refresh_plan_retry (NOW, 3, 600), ==, NOW + 600);
  g_assert_cmpint (wf_refresh_plan_retry (NOW, G_MAXUINT, G_MAXINT64), ==, NOW + 86400);
  g_assert_cmpint (wf_refresh_plan_retry (G_MAXINT64, 3, -1), ==, G_MAXINT64);
  g_assert_cmpint (wf_refresh_plan_retry (WF_TIME_UNKNOWN, 3, -1), ==, WF_TIME_UNKNOWN);
}

/* Times of a damaged or far-off clock do not wrap. */
static void
test_extreme_times (void)
{
  static const gint64 times[] = { 0, 1, NOW, G_MAXINT64, G_MAXINT64 - 1, -1, G_MININT64 + 1, WF_TIME_UNKNOWN };
  g_autoptr (WfAccount) account = make_account (WF_REFRESH_BEFORE_EXPIRY, 0);

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    for (guint j = 0; j < G_N_ELEMENTS (times); j++)
      {
        g_autoptr (WfTokenSet) set = make_set (3600, TRUE);
        WfAccessToken *token = g_ptr_array_index (set->access_tokens, 0);
        gint64 next;

        token->issued_at = times[i];
        token->expires_at = times[j];
        next = wf_refresh_plan_next (account, set, times[j], 3, 5);
        if (times[i] == WF_TIME_UNKNOWN || times[j] == WF_TIME_UNKNOWN)
          g_assert_cmpint (next, ==, WF_TIME_UNKNOWN);
        else
          g_assert_cmpint (next, >=, times[i]);
      }
}

static gboolean
is_good (gint64 issued_at,
         gint64 expires_at,
         gint64 min_ttl)
{
  WfAccessToken token = { .issued_at = issued_at, .expires_at = expires_at };

  return wf_access_token_is_good (&token, min_ttl, NOW);
}

static void
test_is_good (void)
{
  g_assert_false (wf_access_token_is_good (NULL, 0, NOW));
  g_assert_true (is_good (NOW, WF_TIME_UNKNOWN, 0));
  g_assert_true (is_good (NOW, WF_TIME_UNKNOWN, G_MAXINT64));
  g_assert_true (is_good (NOW, NOW + 1, 0));
  g_assert_false (is_good (NOW - 10, NOW, 0));
  g_assert_false (is_good (NOW - 10, NOW - 1, 0));
  g_assert_true (is_good (NOW, NOW + 61, 60));
  g_assert_false (is_good (NOW, NOW + 60, 60));
  g_assert_false (is_good (NOW, NOW + 3600, G_MAXINT64));
  g_assert_true (is_good (WF_TIME_UNKNOWN, NOW + 3600, 60));
}

/* Catalogue 43: the clock was a day ahead when the token came, and has been set back since. */
static void
test_is_good_clock_set_back (void)
{
  g_assert_true (is_good (NOW + 60, NOW + 3600, 0));
  g_assert_false (is_good (NOW + 86400, NOW + 90000, 0));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/refresh-plan/nothing-to-do", test_nothing_to_do);
  g_test_add_func ("/refresh-plan/before-expiry", test_before_expiry);
  g_test_add_func ("/refresh-plan/tiny-lifetimes", test_tiny_lifetimes);
  g_test_add_func ("/refresh-plan/jitter", test_jitter);
  g_test_add_func ("/refresh-plan/every", test_every);
  g_test_add_func ("/refresh-plan/backoff", test_backoff);
  g_test_add_func ("/refresh-plan/retry-after", test_retry_after);
  g_test_add_func ("/refresh-plan/retry", test_retry);
  g_test_add_func ("/refresh-plan/extreme-times", test_extreme_times);
  g_test_add_func ("/refresh-plan/is-good", test_is_good);
  g_test_add_func ("/refresh-plan/is-good/set-back", test_is_good_clock_set_back);
  return g_test_run ();
}
