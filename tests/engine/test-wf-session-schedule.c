/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"

#include "wf-expect.h"

#define DAY 86400
#define YEAR 31556952

/* --- helpers --- */

static void
assert_refreshes (World *world,
                  guint  n)
{
  world_wait_for (world_count_refreshes (world) >= n);
  world_wait_for (wf_session_get_state (world->session) != WF_SESSION_REFRESHING);
  world_settle (world);
  g_assert_cmpuint (world_count_refreshes (world), ==, n);
}

static gint64
until_next (World *world)
{
  gint64 next = wf_session_get_next_refresh (world->session);

  g_assert_cmpint (next, !=, WF_TIME_UNKNOWN);
  return next - wf_clock_now (WF_CLOCK (world->clock));
}

static World *
new_signed_in_with (WfRefreshPolicy policy,
                    guint           seconds)
{
  World *world = world_new (WORLD_AUTOMATIC);
  g_autoptr (WfAccount) account = wf_account_copy (world->account);

  account->refresh_policy = policy;
  account->refresh_seconds = seconds;
  world_set_account (world, account);
  world_sign_in (world);
  wf_demo_server_reset_counts (world->server);
  return world;
}

static World *
new_signed_in (void)
{
  return new_signed_in_with (WF_REFRESH_BEFORE_EXPIRY, 0);
}

/* --- by policy --- */

static void
test_before_expiry (void)
{
  g_autoptr (World) world = new_signed_in ();
  gint64 wait = until_next (world);

  /* an hour's token: 6 minutes before its end, less a jitter of 5 % */
  g_assert_cmpint (wait, >, 3000);
  g_assert_cmpint (wait, <=, 3240);
  world_settle (world);
  world_advance (world, wait - 1);
  assert_refreshes (world, 0);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  world_advance (world, 1);
  assert_refreshes (world, 1);
  g_assert_cmpint (until_next (world), >, 3000);
  g_assert_cmpuint (wf_session_get_tokens (world->session)->generation, ==, 2);
}

/* A machine that slept past the end refreshes once when it wakes. Catalogue 43. */
static void
test_resume (void)
{
  g_autoptr (World) world = new_signed_in ();

  world_advance (world, 5 * 3600);
  assert_refreshes (world, 1);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_cmpint (until_next (world), >, 3000);
}

/* So does a program that begins after the end. */
static void
test_restart_past_expiry (void)
{
  g_autoptr (World) world = new_signed_in ();

  world_restart (world);
  world_advance (world, 5 * 3600);
  world_settle (world);
  g_assert_cmpuint (world_count_refreshes (world), ==, 0);
  wf_expect_ok (world_load (world->session, &err));
  assert_refreshes (world, 1);
}

static void
test_every (void)
{
  g_autoptr (World) world = new_signed_in_with (WF_REFRESH_EVERY, 300);

  for (guint i = 1; i < 4; i++)
    {
      g_assert_cmpint (until_next (world), ==, 300);
      world_advance (world, 299);
      assert_refreshes (world, i - 1);
      world_advance (world, 1);
      assert_refreshes (world, i);
    }
  /* what was slept over is not made up for */
  world_advance (world, 3000);
  assert_refreshes (world, 4);
}

static void
test_on_demand (void)
{
  g_autoptr (World) world = new_signed_in_with (WF_REFRESH_ON_DEMAND, 0);

  g_assert_cmpint (wf_session_get_next_refresh (world->session), ==, WF_TIME_UNKNOWN);
  world_advance (world, 2 * 3600);
  assert_refreshes (world, 0);
  g_assert_cmpstr (world_state (world), ==, "expired");
}

static void
test_not_automatic (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAccount) account = wf_account_copy (world->account);

  account->refresh_policy = WF_REFRESH_BEFORE_EXPIRY;
  world_set_account (world, account);
  world_sign_in (world);
  g_assert_cmpint (wf_session_get_next_refresh (world->session), ==, WF_TIME_UNKNOWN);
  world_advance (world, 2 * 3600);
  assert_refreshes (world, 0);
  g_assert_cmpstr (world_state (world), ==, "expired");
}

static void
drop_expiry (const char *what,
             JsonObject *object,
             gpointer    user_data)
{
  if (g_str_equal (what, "token"))
    json_object_remove_member (object, "expires_in");
}

static void
test_unknown_expiry (void)
{
  g_autoptr (World) world = world_new (WORLD_AUTOMATIC);

  wf_demo_server_set_filter (world->server, drop_expiry, NULL, NULL);
  world_sign_in (world);
  g_assert_cmpint (wf_session_get_next_refresh (world->session), ==, WF_TIME_UNKNOWN);
  world_advance (world, YEAR);
  assert_refreshes (world, 0);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
}

/* A policy that was changed counts from now on. */
static void
test_policy_changed (void)
{
  g_autoptr (World) world = new_signed_in_with (WF_REFRESH_ON_DEMAND, 0);
  g_autoptr (WfAccount) edited = wf_account_copy (world->account);

  edited->refresh_policy = WF_REFRESH_EVERY;
  edited->refresh_seconds = 60;
  wf_session_set_account (world->session, edited, world->provider);
  g_assert_cmpint (until_next (world), ==, 60);
  world_advance (world, 60);
  assert_refreshes (world, 1);
}

static void
set_no_lifetime (const char *what,
                 JsonObject *object,
                 gpointer    user_data)
{
  if (g_str_equal (what, "token"))
    json_object_set_int_member (object, "expires_in", 0);
}

/* A lifetime of nothing at all is no reason for a storm. */
static void
test_no_lifetime (void)
{
  g_autoptr (World) world = world_new (WORLD_AUTOMATIC);

  wf_demo_server_set_filter (world->server, set_no_lifetime, NULL, NULL);
  world_sign_in (world);
  g_assert_cmpint (until_next (world), >=, 5);
  assert_refreshes (world, 0);
  world_advance (world, until_next (world));
  assert_refreshes (world, 1);
  g_assert_cmpint (until_next (world), >=, 5);
}

/* --- clocks that are set --- */

/* Somebody sets the clock here; the provider's is right. One refresh finds out, and no more. */
static void
expect_one_refresh_after (gint64 first,
                          gint64 second)
{
  g_autoptr (World) world = new_signed_in ();

  wf_test_clock_advance (world->clock, first);
  assert_refreshes (world, 1);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_no_error (wf_session_get_last_error (world->session));
  g_assert_cmpint (until_next (world), >, 3000);
  wf_test_clock_advance (world->clock, second);
  assert_refreshes (world, 2);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_cmpint (until_next (world), >, 3000);
  wf_test_clock_advance (world->clock, until_next (world));
  assert_refreshes (world, 3);
}

/* Catalogue 43 */
static void
test_clock_back_and_forward (void)
{
  expect_one_refresh_after (-DAY, DAY);
  expect_one_refresh_after (DAY, -DAY);
  expect_one_refresh_after (30 * (gint64) YEAR, -30 * (gint64) YEAR);
}

/* A little is no reason. */
static void
test_clock_corrected (void)
{
  g_autoptr (World) world = new_signed_in ();

  wf_test_clock_advance (world->clock, -30);
  wf_test_clock_advance (world->clock, 60);
  assert_refreshes (world, 0);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
}

/* Nobody knows how long to go, the server is down, and the clock goes back once more. */
static void
test_clock_back_while_down (void)
{
  const WfDemoFault down = { .status = 503, .body = "" };
  g_autoptr (World) world = new_signed_in ();

  wf_demo_server_set_fault (world->server, "token", &down);
  wf_test_clock_advance (world->clock, -DAY);
  assert_refreshes (world, 1);
  g_assert_cmpint (until_next (world), ==, 5);
  wf_test_clock_advance (world->clock, -DAY);
  assert_refreshes (world, 1);
  g_assert_cmpint (until_next (world), ==, 5);
  wf_demo_server_set_fault (world->server, "token", NULL);
  wf_test_clock_advance (world->clock, 5);
  assert_refreshes (world, 2);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
}

/* --- after failures --- */

static void
expect_wait (guint       status,
             const char *headers,
             gint64      seconds)
{
  const WfDemoFault fault = { .status = status, .headers = headers, .body = "{}" };
  g_autoptr (World) world = new_signed_in ();
  gint64 wait = until_next (world);

  wf_demo_server_set_fault (world->server, "token", &fault);
  world_advance (world, wait);
  assert_refreshes (world, 1);
  g_assert_cmpint (ABS (until_next (world) - seconds), <=, 2);
  wf_demo_server_set_fault (world->server, "token", NULL);
  world_advance (world, until_next (world) - 1);
  assert_refreshes (world, 1);
  world_advance (world, 1);
  assert_refreshes (world, 2);
  g_assert_no_error (wf_session_get_last_error (world->session));
  g_assert_cmpint (until_next (world), >, 3000);
}

static void
test_retry_after (void)
{
  g_autofree char *reset = NULL;

  expect_wait (429, "Retry-After: 120", 120);
  expect_wait (503, "Retry-After: 120", 120);
  /* less than what is decent, and what makes no sense */
  expect_wait (429, "Retry-After: 0", 5);
  expect_wait (429, "Retry-After: -7", 5);
  expect_wait (429, "Retry-After: soon", 5);
  /* a day at the most; by then the clock of this process and the server's go apart by what the test took */
  expect_wait (429, "Retry-After: 99999999999999999999", DAY);
  expect_wait (429, "Retry-After: Thu, 31 Dec 2099 23:59:59 GMT", DAY);
  expect_wait (429, "Retry-After: Thu, 01 Jan 1970 00:00:01 GMT", 5);
  reset = g_strdup_printf ("X-RateLimit-Reset: %" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC + 1200);
  expect_wait (429, reset, 1200);
}

static void
test_back_off (void)
{
  const WfDemoFault down = { .status = 500, .body = "{}" };
  const gint64 expected[] = { 5, 10, 20, 40, 80, 160, 320, 640, 900, 900 };
  g_autoptr (World) world = new_signed_in ();

  wf_demo_server_set_fault (world->server, "token", &down);
  world_advance (world, until_next (world));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      assert_refreshes (world, i + 1);
      g_assert_cmpint (until_next (world), ==, expected[i]);
      world_advance (world, expected[i] - 1);
      assert_refreshes (world, i + 1);
      world_advance (world, 1);
    }
  assert_refreshes (world, G_N_ELEMENTS (expected) + 1);
  wf_demo_server_set_fault (world->server, "token", NULL);
  world_advance (world, 900);
  assert_refreshes (world, G_N_ELEMENTS (expected) + 2);
  g_assert_cmpint (until_next (world), >, 3000);
}

/* The network is down for an hour and comes back: few tries, and the session goes on. */
static void
test_network_down (void)
{
  g_autoptr (World) world = new_signed_in ();
  guint16 port = wf_demo_server_get_port (world->server);
  NotifyCounter nexts;
  gint64 spent = 0;

  notify_counter_begin (&nexts, world->session, "next-refresh");
  wf_demo_server_stop (world->server);
  world_advance (world, until_next (world));
  while (spent < 3600)
    {
      guint before = nexts.count;
      gint64 wait;

      world_wait_for (wf_session_get_last_error (world->session) && nexts.count > 0 && until_next (world) > 0);
      wait = until_next (world);
      spent += wait;
      world_advance (world, wait);
      world_wait_for (nexts.count > before);
    }
  g_assert_cmpuint (nexts.count, <=, 30);
  assert_error_name (wf_session_get_last_error (world->session), "offline");
  g_assert_cmpstr (world_state (world), ==, "expired");
  wf_demo_server_start (world->server, port, NULL);
  wf_demo_server_reset_counts (world->server);
  world_advance (world, MAX (until_next (world), 0));
  assert_refreshes (world, 1);
  g_assert_cmpstr (world_state (world), ==, "signed-in");
  g_assert_no_error (wf_session_get_last_error (world->session));
}

static void
test_locked_keyring (void)
{
  g_autoptr (World) world = new_signed_in ();
  guint loads;

  wf_test_vault_fail_all (world->vault, WF_ERROR_KEYRING_LOCKED);
  world_advance (world, until_next (world));
  world_wait_for (wf_session_get_keyring_error (world->session) != NULL);
  world_settle (world);
  loads = wf_test_vault_count (world->vault, WF_TEST_VAULT_LOAD);
  world_settle (world);
  g_assert_cmpuint (wf_test_vault_count (world->vault, WF_TEST_VAULT_LOAD), ==, loads);
  g_assert_cmpint (until_next (world), ==, 5);
  wf_test_vault_fail_all (world->vault, -1);
  world_advance (world, 5);
  assert_refreshes (world, 1);
  g_assert_no_error (wf_session_get_keyring_error (world->session));
}

static void
test_needs_sign_in (void)
{
  g_autoptr (World) world = new_signed_in ();

  wf_demo_server_revoke_all (world->server);
  world_advance (world, until_next (world));
  assert_refreshes (world, 1);
  g_assert_cmpstr (world_state (world), ==, "needs-sign-in");
  g_assert_cmpint (wf_session_get_next_refresh (world->session), ==, WF_TIME_UNKNOWN);
  world_advance (world, YEAR);
  assert_refreshes (world, 1);
}

/* --- together with other things --- */

static void
test_during_sign_in (void)
{
  g_autoptr (World) world = new_signed_in ();
  g_autoptr (WfAuthorizationRequest) request = world_begin (world->session, NULL);

  world_advance (world, 2 * 3600);
  assert_refreshes (world, 0);
  wf_session_cancel_sign_in (world->session, NULL);
  assert_refreshes (world, 1);
}

static void
test_after_sign_out (void)
{
  g_autoptr (World) world = new_signed_in ();
  g_autoptr (WfSignOutReport) report = world_sign_out (world->session, TRUE, NULL);

  g_assert_cmpint (wf_session_get_next_refresh (world->session), ==, WF_TIME_UNKNOWN);
  world_advance (world, 2 * 3600);
  assert_refreshes (world, 0);
}

static void
test_retired (void)
{
  g_autoptr (World) world = new_signed_in ();

  wf_session_retire (world->session);
  world_advance (world, 2 * 3600);
  assert_refreshes (world, 0);
  wf_session_reinstate (world->session);
  assert_refreshes (world, 1);
}

/* Two processes whose alarms ring at the same time. */
static void
test_two_processes (void)
{
  g_autoptr (World) world = new_signed_in ();
  WfSession *other = world_make_session (world, world->account, WF_VAULT (world->vault));

  wf_expect_ok (world_load (other, &err));
  g_assert_cmpint (wf_session_get_next_refresh (other), ==, wf_session_get_next_refresh (world->session));
  world_advance (world, until_next (world));
  assert_refreshes (world, 1);
  world_wait_for (wf_session_get_state (other) == WF_SESSION_SIGNED_IN);
  g_assert_cmpstr (world_refresh_token (other), ==, world_refresh_token (world->session));
  g_assert_cmpint (wf_session_get_next_refresh (other), ==, wf_session_get_next_refresh (world->session));
  g_assert_finalize_object (other);
}

static void
test_notifies_on_change (void)
{
  g_autoptr (World) world = new_signed_in ();
  NotifyCounter nexts;
  NotifyCounter states;

  notify_counter_begin (&nexts, world->session, "next-refresh");
  notify_counter_begin (&states, world->session, "state");
  wf_expect_ok (world_load (world->session, &err));
  world_advance (world, 10);
  g_assert_cmpuint (nexts.count, ==, 0);
  g_assert_cmpuint (states.count, ==, 0);
  world_advance (world, until_next (world));
  assert_refreshes (world, 1);
  g_assert_cmpuint (nexts.count, ==, 1);
  g_assert_cmpuint (states.count, ==, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/session/schedule/policy/before-expiry", test_before_expiry);
  g_test_add_func ("/session/schedule/policy/resume", test_resume);
  g_test_add_func ("/session/schedule/policy/restart-past-expiry", test_restart_past_expiry);
  g_test_add_func ("/session/schedule/policy/every", test_every);
  g_test_add_func ("/session/schedule/policy/on-demand", test_on_demand);
  g_test_add_func ("/session/schedule/policy/not-automatic", test_not_automatic);
  g_test_add_func ("/session/schedule/policy/unknown-expiry", test_unknown_expiry);
  g_test_add_func ("/session/schedule/policy/changed", test_policy_changed);
  g_test_add_func ("/session/schedule/policy/no-lifetime", test_no_lifetime);
  g_test_add_func ("/session/schedule/clock/back-and-forward", test_clock_back_and_forward);
  g_test_add_func ("/session/schedule/clock/corrected", test_clock_corrected);
  g_test_add_func ("/session/schedule/clock/back-while-down", test_clock_back_while_down);
  g_test_add_func ("/session/schedule/failures/retry-after", test_retry_after);
  g_test_add_func ("/session/schedule/failures/back-off", test_back_off);
  g_test_add_func ("/session/schedule/failures/network-down", test_network_down);
  g_test_add_func ("/session/schedule/failures/locked-keyring", test_locked_keyring);
  g_test_add_func ("/session/schedule/failures/needs-sign-in", test_needs_sign_in);
  g_test_add_func ("/session/schedule/with/sign-in", test_during_sign_in);
  g_test_add_func ("/session/schedule/with/sign-out", test_after_sign_out);
  g_test_add_func ("/session/schedule/with/retired", test_retired);
  g_test_add_func ("/session/schedule/with/two-processes", test_two_processes);
  g_test_add_func ("/session/schedule/with/notify", test_notifies_on_change);

  return g_test_run ();
}
