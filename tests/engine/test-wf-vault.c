/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-vault.h"

#include "wf-expect.h"
#include "wf-vault-calls.h"

#define ID "11111111-2222-4333-8444-555555555555"
#define OTHER_ID "66666666-7777-4888-9999-aaaaaaaaaaaa"

static void
test_memory (void)
{
  g_autoptr (WfVault) vault = wf_memory_vault_new ();

  wf_vault_calls_assert_holds (vault, ID, NULL);
  wf_expect_ok (wf_vault_calls_store (vault, ID, "{\"a\":1}", NULL, &err));
  wf_expect_ok (wf_vault_calls_store (vault, OTHER_ID, "{\"b\":2}", NULL, &err));
  wf_expect_ok (wf_vault_calls_store (vault, ID, "{\"a\":3}", NULL, &err));
  wf_vault_calls_assert_holds (vault, ID, "{\"a\":3}");
  wf_vault_calls_assert_holds (vault, OTHER_ID, "{\"b\":2}");

  wf_expect_ok (wf_vault_calls_clear (vault, ID, NULL, &err));
  wf_expect_ok (wf_vault_calls_clear (vault, ID, NULL, &err));
  wf_vault_calls_assert_holds (vault, ID, NULL);
  wf_vault_calls_assert_holds (vault, OTHER_ID, "{\"b\":2}");
}

static void
test_memory_is_its_own (void)
{
  g_autoptr (WfVault) one = wf_memory_vault_new ();
  g_autoptr (WfVault) other = wf_memory_vault_new ();

  wf_expect_ok (wf_vault_calls_store (one, ID, "{}", NULL, &err));
  wf_vault_calls_assert_holds (other, ID, NULL);
}

static void
test_memory_cancelled (void)
{
  g_autoptr (WfVault) vault = wf_memory_vault_new ();
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  g_cancellable_cancel (cancelled);
  wf_expect_error (wf_vault_calls_load (vault, ID, cancelled, &err), WF_ERROR_CANCELLED);
  wf_expect_error (wf_vault_calls_store (vault, ID, "{}", cancelled, &err), WF_ERROR_CANCELLED);
  wf_expect_error (wf_vault_calls_clear (vault, ID, cancelled, &err), WF_ERROR_CANCELLED);
  wf_vault_calls_assert_holds (vault, ID, NULL);
}

/* The test of the keyring is in test-wf-secret-vault.c; here there is no bus at all. */
static void
test_secret_without_bus (void)
{
  g_autoptr (WfVault) vault = wf_secret_vault_new ();
  gint64 begin = g_get_monotonic_time ();

  wf_expect_error (wf_vault_calls_load (vault, ID, NULL, &err), WF_ERROR_KEYRING_UNAVAILABLE);
  wf_expect_error (wf_vault_calls_store (vault, ID, "{}", NULL, &err), WF_ERROR_KEYRING_UNAVAILABLE);
  wf_expect_error (wf_vault_calls_clear (vault, ID, NULL, &err), WF_ERROR_KEYRING_UNAVAILABLE);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_unsetenv ("SECRET_BACKEND");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/memory-vault/store-load-clear", test_memory);
  g_test_add_func ("/memory-vault/is-its-own", test_memory_is_its_own);
  g_test_add_func ("/memory-vault/cancelled", test_memory_cancelled);
  g_test_add_func ("/secret-vault/without-bus", test_secret_without_bus);

  return g_test_run ();
}
