/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-recovery.h"

#include "wf-expect.h"
#include "wf-test-world.h"

/* --- a network that a test makes come and go --- */

#define FAKE_TYPE_MONITOR (fake_monitor_get_type ())
G_DECLARE_FINAL_TYPE (FakeMonitor, fake_monitor, FAKE, MONITOR, GObject)

struct _FakeMonitor
{
  GObject parent_instance;
};

static void
fake_monitor_interface_init (gpointer iface,
                             gpointer data)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeMonitor, fake_monitor, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, fake_monitor_interface_init)
                               G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR, fake_monitor_interface_init))

typedef enum
{
  FAKE_AVAILABLE = 1,
  FAKE_METERED,
  FAKE_CONNECTIVITY,
} FakeMonitorProperty;

static void
fake_monitor_get_property (GObject    *object,
                           guint       property_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  /* nobody asks: whether there is a network comes with the signal */
  g_assert_not_reached ();
}

static void
fake_monitor_class_init (FakeMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = fake_monitor_get_property;
  g_object_class_override_property (object_class, FAKE_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, FAKE_METERED, "network-metered");
  g_object_class_override_property (object_class, FAKE_CONNECTIVITY, "connectivity");
}

static void
fake_monitor_init (FakeMonitor *self)
{
}

/* --- a fixture: a session that is kept alive, and what tells of sleep and network --- */

typedef struct
{
  World       *world;
  GListStore  *sessions;
  FakeMonitor *monitor;
  WfRecovery  *recovery;
  guint        n_told;
} Fixture;

static void
on_recovered (WfRecovery *recovery,
              Fixture    *fixture)
{
  fixture->n_told++;
}

static void
begin (Fixture *fixture)
{
  fixture->recovery = wf_recovery_new (WF_CLOCK (fixture->world->clock), G_NETWORK_MONITOR (fixture->monitor),
                                       G_LIST_MODEL (fixture->sessions));
  g_signal_connect (fixture->recovery, "recovered", G_CALLBACK (on_recovered), fixture);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->world = world_new_signed_in (WORLD_AUTOMATIC);
  fixture->sessions = g_list_store_new (WF_TYPE_SESSION);
  g_list_store_append (fixture->sessions, fixture->world->session);
  fixture->monitor = g_object_new (FAKE_TYPE_MONITOR, NULL);
  begin (fixture);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  wf_await_nothing ();
  g_assert_finalize_object (fixture->recovery);
  g_assert_finalize_object (fixture->monitor);
  g_assert_finalize_object (fixture->sessions);
  world_free (fixture->world);
}

static void
change_network (Fixture *fixture,
                gboolean available)
{
  g_signal_emit_by_name (fixture->monitor, "network-changed", available);
}

static void
assert_told (Fixture *fixture,
             guint    n)
{
  world_wait_for (fixture->n_told >= n);
  world_settle (fixture->world);
  g_assert_cmpuint (fixture->n_told, ==, n);
}

static void
assert_refreshes (Fixture *fixture,
                  guint    n)
{
  world_wait_for (world_count_refreshes (fixture->world) >= n);
  world_wait_for (wf_session_get_state (fixture->world->session) != WF_SESSION_REFRESHING);
  world_settle (fixture->world);
  g_assert_cmpuint (world_count_refreshes (fixture->world), ==, n);
}

static gint64
until_next (Fixture *fixture)
{
  return wf_session_get_next_refresh (fixture->world->session) - wf_clock_now (WF_CLOCK (fixture->world->clock));
}

/* Fails again and again until the next try is far away. To the recovery, a clock that moves on would look like sleep. */
static void
fail_for_long (Fixture *fixture)
{
  WfSession *session = fixture->world->session;

  g_assert_finalize_object (g_steal_pointer (&fixture->recovery));
  world_advance (fixture->world, until_next (fixture));
  world_wait_for (wf_session_get_last_error (session) && wf_session_get_state (session) != WF_SESSION_REFRESHING);
  while (until_next (fixture) < 300)
    {
      gint64 before = wf_session_get_next_refresh (session);

      world_advance (fixture->world, until_next (fixture));
      world_wait_for (wf_session_get_next_refresh (session) > before + 1 &&
                      wf_session_get_state (session) != WF_SESSION_REFRESHING);
    }
  begin (fixture);
}

/* --- tests --- */

/* However many signs there are, they are one, and the next one is some seconds later. */
static void
test_shower (Fixture      *fixture,
             gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    change_network (fixture, TRUE);
  assert_told (fixture, 0);
  world_advance (fixture->world, 1);
  for (guint i = 0; i < 20; i++)
    change_network (fixture, i % 2 == 1);
  assert_told (fixture, 1);
  world_advance (fixture->world, 9);
  assert_told (fixture, 1);
  world_advance (fixture->world, 1);
  assert_told (fixture, 2);
  g_assert_cmpuint (world_count_refreshes (fixture->world), ==, 0);
}

/* A network that is gone is no reason for anything: only the clock, which goes on then, tells. */
static void
test_network_gone (Fixture      *fixture,
                   gconstpointer data)
{
  change_network (fixture, FALSE);
  world_advance (fixture->world, 1);
  assert_told (fixture, 0);
  world_advance (fixture->world, 1);
  assert_told (fixture, 1);
}

/* The clock goes back while the signs settle: nobody waits for the old time to come again. */
static void
test_clock_back (Fixture      *fixture,
                 gconstpointer data)
{
  change_network (fixture, TRUE);
  world_advance (fixture->world, -86400);
  assert_told (fixture, 0);
  world_advance (fixture->world, 1);
  assert_told (fixture, 1);
}

/* A machine wakes and finds its network: what was due meanwhile is refreshed at a moment of its own, and once. */
static void
test_wakes (Fixture      *fixture,
            gconstpointer data)
{
  WfSession *session = fixture->world->session;

  wf_test_clock_set_pick (fixture->world->clock, 3);
  world_advance (fixture->world, 5 * 3600);
  assert_refreshes (fixture, 0);
  g_assert_cmpint (until_next (fixture), ==, 3);
  for (guint i = 0; i < 10; i++)
    change_network (fixture, TRUE);
  world_advance (fixture->world, 1);
  assert_told (fixture, 1);
  /* what was picked stays, so that nobody is put off by the next sign */
  wf_test_clock_set_pick (fixture->world->clock, 4);
  change_network (fixture, TRUE);
  world_advance (fixture->world, 1);
  assert_refreshes (fixture, 0);
  g_assert_cmpint (until_next (fixture), ==, 1);
  world_advance (fixture->world, 1);
  assert_refreshes (fixture, 1);
  g_assert_cmpint (wf_session_get_state (session), ==, WF_SESSION_SIGNED_IN);
  change_network (fixture, TRUE);
  world_advance (fixture->world, 60);
  assert_told (fixture, 2);
  assert_refreshes (fixture, 1);
}

/* What failed for want of a network is tried when that is back, and does not wait for its turn after the failures. */
static void
test_network_back (Fixture      *fixture,
                   gconstpointer data)
{
  guint16 port = wf_demo_server_get_port (fixture->world->server);

  wf_demo_server_stop (fixture->world->server);
  fail_for_long (fixture);
  wf_demo_server_start (fixture->world->server, port, NULL);
  wf_demo_server_reset_counts (fixture->world->server);
  wf_test_clock_set_pick (fixture->world->clock, 2);
  change_network (fixture, TRUE);
  change_network (fixture, TRUE);
  assert_refreshes (fixture, 0);
  g_assert_cmpint (until_next (fixture), >=, 300);
  world_advance (fixture->world, 1);
  assert_told (fixture, 1);
  assert_refreshes (fixture, 0);
  g_assert_cmpint (until_next (fixture), ==, 2);
  world_advance (fixture->world, 2);
  assert_refreshes (fixture, 1);
  g_assert_no_error (wf_session_get_last_error (fixture->world->session));
}

/* A server that said when to come again is not asked sooner, whatever the network does. */
static void
test_retry_after (Fixture      *fixture,
                  gconstpointer data)
{
  const WfDemoFault busy = { .status = 429, .body = "{}", .headers = "Retry-After: 600" };

  wf_demo_server_set_fault (fixture->world->server, "token", &busy);
  world_advance (fixture->world, until_next (fixture));
  assert_refreshes (fixture, 1);
  change_network (fixture, TRUE);
  world_advance (fixture->world, 30);
  assert_refreshes (fixture, 1);
  g_assert_cmpint (until_next (fixture), ==, 570);
}

/* Nor is one that fails by itself: only what happened on the way may be another thing now. */
static void
test_server_error (Fixture      *fixture,
                   gconstpointer data)
{
  const WfDemoFault down = { .status = 500, .body = "{}" };
  guint n;

  wf_demo_server_set_fault (fixture->world->server, "token", &down);
  fail_for_long (fixture);
  n = world_count_refreshes (fixture->world);
  change_network (fixture, TRUE);
  world_advance (fixture->world, 30);
  world_settle (fixture->world);
  assert_refreshes (fixture, n);
}

/* Not while the session has ended, and not after it was signed out. */
static void
test_nothing_to_do (Fixture      *fixture,
                    gconstpointer data)
{
  wf_demo_server_revoke_all (fixture->world->server);
  world_advance (fixture->world, until_next (fixture));
  assert_refreshes (fixture, 1);
  g_assert_cmpint (wf_session_get_state (fixture->world->session), ==, WF_SESSION_NEEDS_SIGN_IN);
  for (guint i = 0; i < 5; i++)
    {
      change_network (fixture, TRUE);
      world_advance (fixture->world, 3600);
    }
  assert_refreshes (fixture, 1);
}

#define N_ACCOUNTS 8

/* All accounts of a person are due at once, in two processes: each is one request. */
static void
test_many (Fixture      *fixture,
           gconstpointer data)
{
  World *world = fixture->world;
  g_autoptr (GPtrArray) accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_account_unref);

  for (guint i = 0; i < N_ACCOUNTS; i++)
    {
      g_autoptr (WfAccount) account = wf_account_copy (world->account);
      g_autoptr (WfSession) session = NULL;

      g_free (account->id);
      account->id = g_uuid_string_random ();
      g_ptr_array_add (accounts, wf_account_ref (account));
      session = world_make_session (world, account, WF_VAULT (world->vault));
      wf_expect_ok (world_load (session, &err));
      wf_expect_ok (world_try_sign_in (world, session, &err));
      g_list_store_append (fixture->sessions, session);
    }
  for (guint i = 0; i < N_ACCOUNTS; i++)
    {
      g_autoptr (WfSession) other = world_make_session (world, g_ptr_array_index (accounts, i), WF_VAULT (world->vault));

      wf_expect_ok (world_load (other, &err));
      g_list_store_append (fixture->sessions, other);
    }
  wf_demo_server_reset_counts (world->server);
  world_advance (world, 5 * 3600);
  for (guint i = 0; i < 5; i++)
    change_network (fixture, TRUE);
  world_advance (world, 1);
  assert_refreshes (fixture, N_ACCOUNTS + 1);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->sessions)); i++)
    {
      g_autoptr (WfSession) session = g_list_model_get_item (G_LIST_MODEL (fixture->sessions), i);

      world_wait_for (wf_session_get_state (session) == WF_SESSION_SIGNED_IN);
    }
  g_assert_cmpuint (world_count_refreshes (world), ==, N_ACCOUNTS + 1);
}

/* --- logind, on a bus of the test's --- */

static void
own_name (GDBusConnection *bus,
          const char      *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                 g_variant_new ("(su)", name, 4), G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
}

static GDBusConnection *
connect_to_bus (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus =
    g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
                                            G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                              G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                            NULL, NULL, &error);

  g_assert_no_error (error);
  return bus;
}

static void
prepare_for_sleep (GDBusConnection *login,
                   GVariant        *parameters)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (login, NULL, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep",
                                 parameters, &error);
  g_assert_no_error (error);
  g_dbus_connection_flush_sync (login, NULL, &error);
  g_assert_no_error (error);
}

/* A call that goes the same way as the signals before it: what they brought has been handled then. */
static void
await_signals (GDBusConnection *login,
               GDBusConnection *bus)
{
  own_name (login, "org.example.After");
  own_name (bus, "org.example.AfterToo");
  wf_await_nothing ();
}

static void
test_login (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (GDBusConnection) login = connect_to_bus ();
  g_autoptr (GDBusConnection) other = connect_to_bus ();
  g_autoptr (GDBusConnection) bus = connect_to_bus ();

  own_name (login, "org.freedesktop.login1");
  wf_recovery_watch_sleep (fixture->recovery, bus);
  /* the machine is about to sleep; somebody else says that it woke; somebody says nonsense */
  prepare_for_sleep (login, g_variant_new ("(b)", TRUE));
  prepare_for_sleep (other, g_variant_new ("(b)", FALSE));
  prepare_for_sleep (login, g_variant_new ("(s)", "no"));
  await_signals (login, bus);
  await_signals (other, bus);
  /* a sign of before would be told now, and one of now a second later */
  world_advance (fixture->world, 1);
  assert_told (fixture, 0);
  world_advance (fixture->world, 1);
  assert_told (fixture, 1);

  prepare_for_sleep (login, g_variant_new ("(b)", FALSE));
  await_signals (login, bus);
  world_advance (fixture->world, 10);
  assert_told (fixture, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add ("/recovery/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("shower", test_shower);
  ADD ("network-gone", test_network_gone);
  ADD ("clock-back", test_clock_back);
  ADD ("wakes", test_wakes);
  ADD ("network-back", test_network_back);
  ADD ("retry-after", test_retry_after);
  ADD ("server-error", test_server_error);
  ADD ("nothing-to-do", test_nothing_to_do);
  ADD ("many", test_many);
  ADD ("login", test_login);
#undef ADD
  return g_test_run ();
}
