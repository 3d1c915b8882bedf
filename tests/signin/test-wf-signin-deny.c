/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items 65, 66 and 68 of the catalogue: what a page asks for and does not get. */

#include "signin-test.h"

#include <string.h>

#define DONE "setTimeout(function(){fetch('/done')},600);"

static void
check_harmless (const char *script)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  g_autofree char *html =
    g_strconcat ("<!doctype html><title>Sign in</title><body>Page<a id=a>link</a><script>", DONE, script, "</script>", NULL);
  g_autofree char *uri = NULL;

  signin_test_add_page (test, "/authorize", html);
  signin_test_add_page (test, "/popup", "popup");
  signin_test_add_answer (test, "/file", 200, NULL, "Content-Disposition", "attachment; filename=evil.html", "file");
  signin_test_add_answer (test, "/binary", 200, NULL, "Content-Disposition", "attachment; filename=evil.bin", "file");
  signin_test_open (test);
  signin_test_wait_done (test);
  signin_test_assert_nothing (test);
  g_object_get (test->view, "uri", &uri, NULL);
  g_assert_nonnull (strstr (uri, "/authorize"));
  g_assert_cmpuint (signin_test_count_hits (test, "GET /popup"), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_window_get_toplevels ()), ==, 1);
  /* The page is alive and can still sign in. */
  signin_test_close (test);
}

static void
test_harmless (gconstpointer data)
{
  check_harmless (data);
}

/* Item 65: none is loaded, and none is handed to the desktop. */
static const char *const schemes[] = {
  "location.href='mailto:alice@example.org';",
  "location.href='data:text/html,evil';",
  "location.href='file:///etc/passwd';",
  "location.href='blob:'+location.origin+'/evil';",
  "location.href=URL.createObjectURL(new Blob(['evil'],{type:'text/html'}));",
  "location.href='ftp://elsewhere.invalid/';",
  "location.href='tel:112';",
  "location.href='com.example.other:/callback?code=abc';",
  "location.href='about:config';",
  "location.href='webkit://gpu';",
  "location.href='view-source:'+location.href;",
  "a.href='mailto:alice@example.org';a.click();",
  "a.href='javascript:void(location.href=\"file:///etc/passwd\")';a.click();",
  "var f=document.createElement('iframe');f.src='mailto:alice@example.org';document.body.append(f);",
  "var f=document.createElement('iframe');f.src='file:///etc/passwd';document.body.append(f);",
};

/* Item 66: no window, no file, no dialog. */
static const char *const windows[] = {
  "window.open('/popup');",
  "window.open('/popup','x','popup=1,width=100');",
  "a.href='/popup';a.target='_blank';a.click();",
  "a.href='/popup';a.target='other';a.click();",
  "var f=document.createElement('form');f.action='/popup';f.target='_blank';document.body.append(f);f.submit();",
  "a.href='/file';a.download='evil';a.click();",
  "a.href='/file';a.click();",
  "a.href='data:application/octet-stream,evil';a.download='evil.bin';a.click();",
  "var f=document.createElement('iframe');f.src='/binary';document.body.append(f);",
  "var i=document.createElement('input');i.type='file';document.body.append(i);i.click();",
  "var i=document.createElement('input');i.type='color';document.body.append(i);i.click();",
  "print();",
  "document.documentElement.requestFullscreen&&document.documentElement.requestFullscreen().catch(function(){});",
  "document.documentElement.requestPointerLock&&document.documentElement.requestPointerLock();",
  "alert('one');confirm('two');prompt('three');",
  "onbeforeunload=function(e){e.preventDefault();return 'stay'};",
};

/* Each calls denied() or is not there at all. */
static const char *const permissions[] = {
  "navigator.geolocation?navigator.geolocation.getCurrentPosition(given,denied):denied();",
  "navigator.mediaDevices?navigator.mediaDevices.getUserMedia({video:true}).then(given,denied):denied();",
  "window.Notification?Notification.requestPermission().then(function(p){p==='granted'?given():denied()}):denied();",
  "navigator.clipboard&&navigator.clipboard.readText?navigator.clipboard.readText().then(given,denied):denied();",
  "navigator.permissions?navigator.permissions.query({name:'geolocation'})"
  ".then(function(s){s.state==='granted'?given():denied()},denied):denied();",
  "window.RTCPeerConnection?given():denied();",
  "document.createElement('canvas').getContext('webgl')?given():denied();",
  "window.webkit&&window.webkit.messageHandlers&&Object.keys(window.webkit.messageHandlers).length?given():denied();",
};

static void
test_permission (gconstpointer data)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  g_autofree char *html =
    g_strconcat ("<script>function given(){fetch('/given')}function denied(){fetch('/denied')}", data, "</script>", NULL);

  signin_test_add_page (test, "/authorize", html);
  signin_test_open (test);
  signin_test_wait_hit (test, "GET /denied");
  g_assert_cmpuint (signin_test_count_hits (test, "GET /given"), ==, 0);
  signin_test_assert_nothing (test);
}

static void
test_alert_loop (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_page (test, "/authorize", "<script>setTimeout(function(){while(true)alert('again')},50)</script>");
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_SERVER_ERROR);
}

/* A server that sends the main frame to another scheme: the sign-in cannot go on, and says so. */
static void
test_scheme_by_server (gconstpointer data)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_answer (test, "/authorize", 302, data, NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  g_assert_cmpuint (test->n_failed, ==, 1);
  g_assert_null (test->redirected);
}

static void
test_download_by_server (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_answer (test, "/authorize", 200, NULL, "Content-Disposition", "attachment; filename=evil.html", "file");
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_UNEXPECTED_CONTENT_TYPE);
}

/* No dialog; the server's page is shown with its status, so that the window can offer the browser. */
static void
test_http_auth (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  guint status = 0;

  signin_test_add_answer (test, "/authorize", 401, NULL, "WWW-Authenticate", "Basic realm=\"evil\"",
                          "<script>setTimeout(function(){fetch('/done')},100)</script>");
  signin_test_open (test);
  signin_test_wait_done (test);
  g_object_get (test->view, "status", &status, NULL);
  g_assert_cmpuint (status, ==, 401);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_window_get_toplevels ()), ==, 1);
  signin_test_assert_nothing (test);
}

/* Item 68: the page sees an ordinary document: no handler of ours, and no change in it. */
static void
test_nothing_injected (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_page (test, "/authorize",
                        "<!doctype html><html><head><script>var n=Object.keys(window).length;"
                        "onload=function(){fetch('/done?'+document.scripts.length+','+document.styleSheets.length+','+"
                        "document.body.children.length)}</script></head><body><input type=password value=canary></body></html>");
  signin_test_open (test);
  signin_test_wait_done (test);
  g_assert_cmpuint (signin_test_count_hits (test, "GET /done?1,0,1"), ==, 1);
  signin_test_assert_nothing (test);
}

/* The page may close itself: the sign-in is dismissed, once. */
static void
test_close (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_page (test, "/authorize", "<script>setTimeout(function(){window.close();fetch('/done')},50)</script>");
  signin_test_open (test);
  signin_test_wait_done_or_outcome (test);
  g_assert_cmpuint (test->n_dismissed, <=, 1);
  g_assert_cmpuint (test->n_failed + test->n_redirected, ==, 0);
}

static void
add_scripts (const char        *prefix,
             const char *const *scripts,
             guint              n_scripts,
             GTestDataFunc      func)
{
  for (guint i = 0; i < n_scripts; i++)
    {
      g_autofree char *path = g_strdup_printf ("/signin/%s/%02u", prefix, i);
      g_test_add_data_func (path, scripts[i], func);
    }
}

int
main (int   argc,
      char *argv[])
{
  signin_test_init (&argc, &argv);

  add_scripts ("65-schemes", schemes, G_N_ELEMENTS (schemes), test_harmless);
  add_scripts ("66-windows", windows, G_N_ELEMENTS (windows), test_harmless);
  add_scripts ("66-permissions", permissions, G_N_ELEMENTS (permissions), test_permission);
  g_test_add_func ("/signin/66-alert-loop", test_alert_loop);
  g_test_add_data_func ("/signin/65-by-server/file", "file:///etc/passwd", test_scheme_by_server);
  g_test_add_data_func ("/signin/65-by-server/mailto", "mailto:alice@example.org", test_scheme_by_server);
  g_test_add_data_func ("/signin/65-by-server/data", "data:text/html,evil", test_scheme_by_server);
  g_test_add_data_func ("/signin/65-by-server/javascript", "javascript:alert(1)", test_scheme_by_server);
  g_test_add_data_func ("/signin/65-by-server/other", "com.example.other:/callback?code=abc", test_scheme_by_server);
  g_test_add_func ("/signin/66-download-by-server", test_download_by_server);
  g_test_add_func ("/signin/66-http-auth", test_http_auth);
  g_test_add_func ("/signin/68-nothing-injected", test_nothing_injected);
  g_test_add_func ("/signin/66-close", test_close);

  return g_test_run ();
}
