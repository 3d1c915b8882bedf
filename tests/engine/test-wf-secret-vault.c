/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs under tests/run-with-keyring; meson.build chooses the paths that fit each of its modes. */
#include "wf-vault.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/types.h>
#include "wf-expect.h"
#include "wf-vault-calls.h"

#define ID "11111111-2222-4333-8444-555555555555"
#define OTHER_ID "66666666-7777-4888-9999-aaaaaaaaaaaa"
#define DOCUMENT "{\"version\":1,\"refresh_token\":\"canary-refresh\"}"
#define BUS_NAME "org.freedesktop.secrets"
#define SERVICE_PATH "/org/freedesktop/secrets"
#define COLLECTION_PATH SERVICE_PATH "/collection/login"
/* Nobody waits longer than this for what needs no person. */
#define PROMPTLY_US (10 * G_USEC_PER_SEC)

static GVariant *
call (const char *name,
      const char *path,
      const char *interface,
      const char *method,
      GVariant   *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  GVariant *answer;

  g_assert_no_error (error);
  answer = g_dbus_connection_call_sync (bus, name, path, interface, method, parameters, NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  return answer;
}

static GVariant *
get_property (const char *path,
              const char *interface,
              const char *property)
{
  g_autoptr (GVariant) answer = call (BUS_NAME, path, "org.freedesktop.DBus.Properties", "Get",
                                      g_variant_new ("(ss)", interface, property));
  g_autoptr (GVariant) boxed = g_variant_get_child_value (answer, 0);

  return g_variant_get_variant (boxed);
}

static char *
get_only_item (void)
{
  g_autoptr (GVariant) items = get_property (COLLECTION_PATH, "org.freedesktop.Secret.Collection", "Items");
  g_autoptr (GVariant) item = NULL;

  g_assert_cmpuint (g_variant_n_children (items), ==, 1);
  item = g_variant_get_child_value (items, 0);
  return g_variant_dup_string (item, NULL);
}

static void
lock_keyring (void)
{
  const char *paths[] = { COLLECTION_PATH, NULL };
  g_autoptr (GVariant) answer = call (BUS_NAME, SERVICE_PATH, "org.freedesktop.Secret.Service", "Lock",
                                      g_variant_new ("(^ao)", paths));
  g_autoptr (GVariant) locked = get_property (COLLECTION_PATH, "org.freedesktop.Secret.Collection", "Locked");

  g_assert_true (g_variant_get_boolean (locked));
}

static void
start_keyring (const char *flag)
{
  const char *const command[] = { "gnome-keyring-daemon", "--foreground", "--components=secrets", flag, NULL };
  const char *const wait[] = { "gdbus", "wait", "--session", "--timeout=60", BUS_NAME, NULL };
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) daemon = NULL;
  g_autoptr (GSubprocess) waiting = NULL;
  g_autoptr (GError) error = NULL;

  /* It must not die of a warning of its own. */
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  daemon = g_subprocess_launcher_spawnv (launcher, command, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (daemon), "test", 4, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (g_subprocess_get_stdin_pipe (daemon), NULL, &error);
  g_assert_no_error (error);
  waiting = g_subprocess_newv (wait, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (waiting, NULL, &error));
}

static void
on_owner_changed (GDBusConnection *bus,
                  const char      *name,
                  gpointer         user_data)
{
  gboolean *gone = user_data;

  *gone = TRUE;
}

static void
stop_keyring (void)
{
  g_autoptr (GVariant) answer = call ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                      "GetConnectionUnixProcessID", g_variant_new ("(s)", BUS_NAME));
  gboolean gone = FALSE;
  guint watch = g_bus_watch_name (G_BUS_TYPE_SESSION, BUS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                  NULL, on_owner_changed, &gone, NULL);
  guint32 pid;

  g_variant_get (answer, "(u)", &pid);
  g_assert_cmpint (kill ((pid_t) pid, SIGKILL), ==, 0);
  while (!gone)
    g_main_context_iteration (NULL, TRUE);
  g_bus_unwatch_name (watch);
}

static void
test_prepare (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();

  wf_expect_ok (wf_vault_calls_store (vault, ID, DOCUMENT, NULL, &err));
}

static void
test_store_load_clear (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();

  wf_vault_calls_assert_holds (vault, ID, NULL);
  wf_expect_ok (wf_vault_calls_store (vault, ID, DOCUMENT, NULL, &err));
  wf_vault_calls_assert_holds (vault, ID, DOCUMENT);
  wf_vault_calls_assert_holds (vault, OTHER_ID, NULL);
  wf_expect_ok (wf_vault_calls_store (vault, OTHER_ID, "{}", NULL, &err));
  wf_vault_calls_assert_holds (vault, ID, DOCUMENT);

  wf_expect_ok (wf_vault_calls_clear (vault, ID, NULL, &err));
  wf_expect_ok (wf_vault_calls_clear (vault, ID, NULL, &err));
  wf_vault_calls_assert_holds (vault, ID, NULL);
  wf_vault_calls_assert_holds (vault, OTHER_ID, "{}");
  wf_expect_ok (wf_vault_calls_clear (vault, OTHER_ID, NULL, &err));
}

/* One item however often it is stored, and nothing but the id can be read of it while locked. */
static void
test_item (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();
  g_autofree char *item = NULL;
  g_autoptr (GVariant) label = NULL;
  g_autoptr (GVariant) attributes = NULL;
  const char *value;

  wf_expect_ok (wf_vault_calls_store (vault, ID, "{}", NULL, &err));
  wf_expect_ok (wf_vault_calls_store (vault, ID, DOCUMENT, NULL, &err));
  item = get_only_item ();
  label = get_property (item, "org.freedesktop.Secret.Item", "Label");
  attributes = get_property (item, "org.freedesktop.Secret.Item", "Attributes");

  g_assert_cmpstr (g_variant_get_string (label, NULL), ==, "Warifu");
  g_assert_cmpuint (g_variant_n_children (attributes), ==, 2);
  g_assert_true (g_variant_lookup (attributes, "account", "&s", &value));
  g_assert_cmpstr (value, ==, ID);
  g_assert_true (g_variant_lookup (attributes, "xdg:schema", "&s", &value));
  g_assert_cmpstr (value, ==, "io.github.warifu.Account");
  wf_expect_ok (wf_vault_calls_clear (vault, ID, NULL, &err));
}

/* The largest document that wf_token_set_serialize() lets through. */
static void
test_large (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();
  g_autofree char *text = g_malloc (1024 * 1024 + 1);

  memset (text, 'x', 1024 * 1024);
  text[1024 * 1024] = '\0';
  wf_expect_ok (wf_vault_calls_store (vault, ID, text, NULL, &err));
  wf_vault_calls_assert_holds (vault, ID, text);
  wf_expect_ok (wf_vault_calls_clear (vault, ID, NULL, &err));
}

static void
test_cancelled (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) meanwhile = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  SecretValue *document = NULL;

  g_cancellable_cancel (before);
  wf_expect_error (wf_vault_calls_load (vault, ID, before, &err), WF_ERROR_CANCELLED);
  wf_expect_error (wf_vault_calls_store (vault, ID, "{}", before, &err), WF_ERROR_CANCELLED);
  wf_expect_error (wf_vault_calls_clear (vault, ID, before, &err), WF_ERROR_CANCELLED);
  wf_vault_calls_assert_holds (vault, ID, NULL);

  wf_vault_load_async (vault, ID, meanwhile, wf_await_cb, &result);
  g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (meanwhile);
  wf_await (&result);
  wf_expect_error (wf_vault_load_finish (vault, result, &document, &err), WF_ERROR_CANCELLED);
  wf_await_milliseconds (50);
}

static void
test_many_at_once (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();
  g_autoptr (WfSecretValue) document = wf_secret_new (DOCUMENT, -1);
  GAsyncResult *results[20] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *id = g_strdup_printf ("00000000-0000-4000-8000-%012u", i);

      wf_vault_store_async (vault, id, document, NULL, wf_await_cb, &results[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *id = g_strdup_printf ("00000000-0000-4000-8000-%012u", i);

      wf_await (&results[i]);
      wf_expect_ok (wf_vault_store_finish (vault, results[i], &err));
      g_object_unref (results[i]);
      wf_vault_calls_assert_holds (vault, id, DOCUMENT);
      wf_expect_ok (wf_vault_calls_clear (vault, id, NULL, &err));
    }
}

static void
assert_everything_fails (WfVault *vault,
                         WfError  code)
{
  gint64 begin = g_get_monotonic_time ();

  wf_expect_error (wf_vault_calls_load (vault, ID, NULL, &err), code);
  wf_expect_error (wf_vault_calls_store (vault, ID, "{}", NULL, &err), code);
  wf_expect_error (wf_vault_calls_clear (vault, ID, NULL, &err), code);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, PROMPTLY_US);
}

static void
test_locked_in_the_middle (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();

  wf_expect_ok (wf_vault_calls_store (vault, ID, DOCUMENT, NULL, &err));
  lock_keyring ();
  assert_everything_fails (vault, WF_ERROR_KEYRING_LOCKED);
}

/* The keyring's service dies and comes back: what was stored is there. */
static void
test_service_restarts (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();

  stop_keyring ();
  assert_everything_fails (vault, WF_ERROR_KEYRING_UNAVAILABLE);
  start_keyring ("--start");
  wf_expect_error (wf_vault_calls_load (vault, ID, NULL, &err), WF_ERROR_KEYRING_LOCKED);
  stop_keyring ();
  start_keyring ("--unlock");
  wf_vault_calls_assert_holds (vault, ID, DOCUMENT);
  wf_expect_ok (wf_vault_calls_clear (vault, ID, NULL, &err));
}

/* The keyring's folder turns into a file: root too cannot write there. GNOME Keyring is not to be
 * relied on after that (42 may forget the item or crash), so this has a run of its own. */
static void
test_write_fails (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "keyrings", NULL);
  g_autofree char *aside = g_strconcat (folder, "-aside", NULL);

  wf_expect_ok (wf_vault_calls_store (vault, ID, DOCUMENT, NULL, &err));
  g_assert_cmpint (g_rename (folder, aside), ==, 0);
  g_assert_true (g_file_set_contents (folder, "", 0, NULL));
  wf_expect_error (wf_vault_calls_store (vault, ID, "{}", NULL, &err), WF_ERROR_KEYRING_FAILED);
}

/* A keyring file that was not unlocked since the service started hides the schema's name. */
static void
test_locked_from_the_start (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();

  assert_everything_fails (vault, WF_ERROR_KEYRING_LOCKED);
  /* No item is no error, although another account's is locked. */
  wf_vault_calls_assert_holds (vault, OTHER_ID, NULL);
  wf_expect_ok (wf_vault_calls_clear (vault, OTHER_ID, NULL, &err));
}

static void
test_absent (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();

  assert_everything_fails (vault, WF_ERROR_KEYRING_UNAVAILABLE);
}

/* Of the file that libsecret uses within a Flatpak; one that is no keyring is not taken for an empty one. */
static void
test_file_is_damaged (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (WfVault) vault = wf_secret_vault_new ();

      g_assert_true (g_file_set_contents (g_getenv ("SECRET_FILE_TEST_PATH"), "no keyring", -1, NULL));
      wf_expect_error (wf_vault_calls_load (vault, ID, NULL, &err), WF_ERROR_KEYRING_FAILED);
      wf_expect_error (wf_vault_calls_store (vault, ID, "{}", NULL, &err), WF_ERROR_KEYRING_FAILED);
      return;
    }
  g_test_trap_subprocess (NULL, 30 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

/* libsecret reads the file again only where its second differs. */
static void
test_file_second (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();
  gint64 before = G_MININT64;

  if (!SECRET_CHECK_VERSION (0, 21, 1))
    {
      g_test_skip ("this libsecret never reads the file again");
      return;
    }
  for (guint i = 0; i < 4; i++)
    {
      GStatBuf info;

      wf_expect_ok (wf_vault_calls_store (vault, ID, DOCUMENT, NULL, &err));
      g_assert_cmpint (g_stat (g_getenv ("SECRET_FILE_TEST_PATH"), &info), ==, 0);
      g_assert_cmpint (info.st_mtim.tv_sec, >, before);
      before = info.st_mtim.tv_sec;
      wf_vault_calls_assert_holds (vault, ID, DOCUMENT);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/prepare/store", test_prepare);
  g_test_add_func ("/unlocked/store-load-clear", test_store_load_clear);
  g_test_add_func ("/unlocked/item", test_item);
  g_test_add_func ("/unlocked/large", test_large);
  g_test_add_func ("/unlocked/cancelled", test_cancelled);
  g_test_add_func ("/unlocked/many-at-once", test_many_at_once);
  g_test_add_func ("/unlocked/locked-in-the-middle", test_locked_in_the_middle);
  g_test_add_func ("/unlocked/service-restarts", test_service_restarts);
  g_test_add_func ("/full/write-fails", test_write_fails);
  g_test_add_func ("/locked/from-the-start", test_locked_from_the_start);
  g_test_add_func ("/absent/everything-fails", test_absent);
  g_test_add_func ("/file/store-load-clear", test_store_load_clear);
  g_test_add_func ("/file/large", test_large);
  g_test_add_func ("/file/many-at-once", test_many_at_once);
  g_test_add_func ("/file/second", test_file_second);
  g_test_add_func ("/file/is-damaged", test_file_is_damaged);

  return g_test_run ();
}
