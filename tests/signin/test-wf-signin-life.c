/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items 67 and 69 of the catalogue: what is left behind, and what happens when a page or its process dies. */

#include "signin-test.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define CANARY "canary-4b1d7c"

typedef void (*Opener) (SigninTest *test);

/* The page's process is killed while the page is there. */
static void
open_and_crash (SigninTest *test,
                Opener      open)
{
  GPid pid;

  signin_test_add_page (test, "/authorize", "<script>fetch('/done')</script>");
  open (test);
  signin_test_wait_done (test);
  pid = signin_test_find_process ("WebKitWebProcess");
  g_assert_cmpint (pid, >, 0);
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
}

/* Once more where the page was not yet in its loop, and began anew. */
static gboolean
try_to_go_on (gpointer user_data)
{
  SigninTest *test = user_data;

  if (test->view && test->n_failed == 0)
    g_signal_emit_by_name (test->view, "reload");
  return G_SOURCE_CONTINUE;
}

/* The page stops to answer, and the person tries to go on. */
static void
open_and_hang (SigninTest *test,
               Opener      open)
{
  guint again;

  g_variant_dict_insert (test->settings, "hang-timeout", "u", 1);
  signin_test_add_page (test, "/authorize",
                        "<script>fetch('/done');setTimeout(function(){while(true){}},200)</script>");
  open (test);
  signin_test_wait_done (test);
  for (gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2; g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
  try_to_go_on (test);
  again = g_timeout_add_seconds (10, try_to_go_on, test);
  signin_test_wait_outcome (test);
  g_source_remove (again);
}

static void
test_crash (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  open_and_crash (test, signin_test_open);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_SERVER_ERROR);

  /* And again: a new view works. */
  signin_test_add_answer (test, "/authorize", 302, "{redirect}", NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_redirected (test, "{redirect}");
}

static void
test_hang (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  open_and_hang (test, signin_test_open);
  signin_test_assert_failed (test, WF_ERROR_TIMEOUT);
}

/* --- whoever hears of the end may let go of the view at once --- */

static void
destroy_window (SigninTest *test)
{
  g_assert_nonnull (test->window);
  gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&test->window)));
  test->view = NULL;
}

static void
open_and_let_go (SigninTest *test)
{
  signin_test_open (test);
  g_signal_connect_swapped (test->view, "failed", G_CALLBACK (destroy_window), test);
  g_signal_connect_swapped (test->view, "redirected", G_CALLBACK (destroy_window), test);
  g_signal_connect_swapped (test->view, "dismissed", G_CALLBACK (destroy_window), test);
}

static void
wait_and_settle (SigninTest *test)
{
  signin_test_wait_outcome (test);
  signin_test_settle (test);
  g_assert_null (test->window);
}

static void
test_let_go_at_crash (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  open_and_crash (test, open_and_let_go);
  wait_and_settle (test);
  signin_test_assert_failed (test, WF_ERROR_SERVER_ERROR);
}

static void
test_let_go_at_redirect (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_answer (test, "/authorize", 302, "{redirect}", NULL, NULL, NULL);
  open_and_let_go (test);
  wait_and_settle (test);
  signin_test_assert_redirected (test, "{redirect}");
}

static void
test_let_go_at_failure (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_answer (test, "/authorize", 204, NULL, NULL, NULL, NULL);
  open_and_let_go (test);
  wait_and_settle (test);
  signin_test_assert_failed (test, WF_ERROR_MALFORMED_RESPONSE);
}

static void
test_let_go_at_hang (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  open_and_hang (test, open_and_let_go);
  wait_and_settle (test);
  signin_test_assert_failed (test, WF_ERROR_TIMEOUT);
}

static void
test_no_content (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_answer (test, "/authorize", 204, NULL, NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_MALFORMED_RESPONSE);
}

/* Later on it is harmless: the page stays. */
static void
test_no_content_later (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  g_autofree char *uri = NULL;

  signin_test_add_page (test, "/authorize", "<script>setTimeout(function(){location.href='/nothing'},50);"
                                            "setTimeout(function(){fetch('/done')},500)</script>");
  signin_test_add_answer (test, "/nothing", 204, NULL, NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_done (test);
  signin_test_assert_nothing (test);
  g_object_get (test->view, "uri", &uri, NULL);
  g_assert_nonnull (strstr (uri, "/authorize"));
}

static void
test_never_ending (gconstpointer data)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  g_variant_dict_insert (test->settings, "load-timeout", "u", 1);
  if (data)
    signin_test_add_answer (test, "/authorize", 302, "/never", NULL, NULL, NULL);
  else
    signin_test_add_page (test, "/authorize", "<script>setTimeout(function(){location.href='/never'},50)</script>");
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_TIMEOUT);
}

static void
test_redirect_loop (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_answer (test, "/authorize", 302, "/authorize", NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  g_assert_cmpuint (test->n_failed, ==, 1);
}

static void
test_unreachable (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_open (test);
  soup_server_disconnect (test->provider);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_OFFLINE);
}

/* Closed at every stage of its start, the view is gone and says nothing more. */
static void
test_closed_early (void)
{
  for (guint stage = 0; stage < 40; stage += 4)
    {
      g_autoptr (SigninTest) test = signin_test_new (NULL);
      g_autoptr (GtkWidget) held = NULL;

      signin_test_add_answer (test, "/authorize", 302, "{redirect}", NULL, NULL, NULL);
      signin_test_open (test);
      held = g_object_ref (test->view);
      for (guint i = 0; i < stage; i++)
        g_main_context_iteration (NULL, FALSE);
      if (test->n_redirected > 0)
        break;
      signin_test_close (test);
      for (gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 10; g_get_monotonic_time () < end;)
        g_main_context_iteration (NULL, FALSE);
      g_assert_cmpuint (test->n_redirected + test->n_failed + test->n_dismissed, ==, 0);
    }
}

/* Item 67 */

static gboolean
folder_holds (const char *folder,
              const char *needle)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gboolean found = FALSE;
  const char *name;

  while (dir && !found && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *contents = NULL;
      gsize length = 0;

      if (strstr (name, needle))
        found = TRUE;
      else if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        continue;
      else if (g_file_test (path, G_FILE_TEST_IS_DIR))
        found = folder_holds (path, needle);
      else if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && g_file_get_contents (path, &contents, &length, NULL))
        found = memmem (contents, length, needle, strlen (needle)) != NULL;
    }
  return found;
}

static void
sign_in_with_cookie (SigninTest *test)
{
  signin_test_add_answer (test, "/authorize", 200, NULL, "Set-Cookie", "session=" CANARY "; Max-Age=86400; Path=/",
                          "<title>" CANARY "</title><script>localStorage.setItem('k','" CANARY "');"
                          "setTimeout(function(){location.href='{redirect}'},300)</script>");
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_redirected (test, "{redirect}");
}

static void
test_ephemeral (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  const char *const folders[] = { g_get_user_data_dir (), g_get_user_cache_dir (), g_get_user_config_dir (),
                                  g_get_user_runtime_dir (), g_get_home_dir () };

  sign_in_with_cookie (test);
  sign_in_with_cookie (test);
  g_assert_cmpuint (test->cookies->len, ==, 2);
  g_assert_cmpstr (test->cookies->pdata[0], ==, "");
  g_assert_cmpstr (test->cookies->pdata[1], ==, "");
  signin_test_close (test);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    g_assert_false (folder_holds (folders[i], CANARY));
  g_assert_false (folder_holds (g_get_user_runtime_dir (), "warifu-filter-"));
}

static void
remove_tree (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_tree (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

/* Where the account says so, its own cookies come back, and only to it. */
static void
test_kept_cookies (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  g_autofree char *folder = g_dir_make_tmp ("warifu-test-XXXXXX", NULL);
  g_autofree char *mine = g_build_filename (folder, "mine", NULL);
  g_autofree char *other = g_build_filename (folder, "other", NULL);
  GStatBuf info;

  g_variant_dict_insert (test->settings, "data-dir", "s", mine);
  sign_in_with_cookie (test);
  g_variant_dict_insert (test->settings, "data-dir", "s", mine);
  sign_in_with_cookie (test);
  g_variant_dict_insert (test->settings, "data-dir", "s", other);
  sign_in_with_cookie (test);
  g_assert_cmpstr (test->cookies->pdata[0], ==, "");
  g_assert_cmpstr (test->cookies->pdata[1], ==, "session=" CANARY);
  g_assert_cmpstr (test->cookies->pdata[2], ==, "");
  g_assert_cmpint (g_stat (mine, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  signin_test_close (test);
  remove_tree (folder);
}

/* WebKit's own sandbox is on: system calls filtered, and another view of the file system. */
static void
test_sandbox (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  g_autofree char *path = NULL;
  g_autofree char *status = NULL;
  gboolean sandboxed = FALSE;

  if (g_getenv ("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"))
    {
      g_test_skip ("The sandbox is switched off by the environment");
      return;
    }
  signin_test_add_page (test, "/authorize", "<script>fetch('/done')</script>");
  signin_test_open (test);
  signin_test_wait_done (test);
  g_object_get (test->view, "sandboxed", &sandboxed, NULL);
  g_assert_true (sandboxed);
  path = g_strdup_printf ("/proc/%d/status", signin_test_find_process ("WebKitWebProcess"));
  g_assert_true (g_file_get_contents (path, &status, NULL, NULL));
  g_assert_nonnull (strstr (status, "\nSeccomp:\t2\n"));
  g_assert_nonnull (strstr (status, "\nNoNewPrivs:\t1\n"));
}

/* Where it cannot start, nobody crashes: the sentence names the browser. */
static void
test_no_sandbox (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  g_autofree char *path = g_strdup (g_getenv ("PATH"));

  if (g_getenv ("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"))
    {
      g_test_skip ("The sandbox is switched off by the environment");
      return;
    }
  g_setenv ("PATH", "/nonexistent", TRUE);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  g_setenv ("PATH", path, TRUE);
  signin_test_assert_failed (test, WF_ERROR_UNSUPPORTED);
}

int
main (int   argc,
      char *argv[])
{
  signin_test_init (&argc, &argv);

  g_test_add_func ("/signin/69-crash", test_crash);
  g_test_add_func ("/signin/69-crash-let-go", test_let_go_at_crash);
  g_test_add_func ("/signin/69-hang-let-go", test_let_go_at_hang);
  g_test_add_func ("/signin/69-failure-let-go", test_let_go_at_failure);
  g_test_add_func ("/signin/69-redirect-let-go", test_let_go_at_redirect);
  g_test_add_func ("/signin/69-hang", test_hang);
  g_test_add_func ("/signin/69-no-content", test_no_content);
  g_test_add_func ("/signin/69-no-content-later", test_no_content_later);
  g_test_add_data_func ("/signin/69-never-ending/first", "302", test_never_ending);
  g_test_add_data_func ("/signin/69-never-ending/later", NULL, test_never_ending);
  g_test_add_func ("/signin/69-redirect-loop", test_redirect_loop);
  g_test_add_func ("/signin/69-unreachable", test_unreachable);
  g_test_add_func ("/signin/69-closed-early", test_closed_early);
  g_test_add_func ("/signin/67-ephemeral", test_ephemeral);
  g_test_add_func ("/signin/67-kept-cookies", test_kept_cookies);
  g_test_add_func ("/signin/sandbox", test_sandbox);
  g_test_add_func ("/signin/no-sandbox", test_no_sandbox);

  return g_test_run ();
}
