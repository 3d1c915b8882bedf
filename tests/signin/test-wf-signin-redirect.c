/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items 10, 11 and 12 of the catalogue: what is taken for the redirect, and that nobody is asked for it. */

#include "signin-test.h"

#include <string.h>

/* A page that waits until it is shown, does @script, and later asks for /done. */
#define PAGE(script) "<!doctype html><title>Sign in</title><body>Page<script>setTimeout(function(){" script \
                     "},50);setTimeout(function(){fetch('/done')},700)</script>"

typedef struct
{
  const char *name;
  const char *redirect_uri; /* NULL: {target}/cb */
  const char *body;         /* of /authorize; NULL: it redirects */
  guint       status;
  const char *location;
  const char *expected;     /* NULL: {redirect} */
} Case;

static const Case captured[] = {
  { "302", NULL, NULL, 302, "{redirect}", NULL },
  { "303", NULL, NULL, 303, "{redirect}", NULL },
  { "307", NULL, NULL, 307, "{redirect}", NULL },
  { "script", NULL, PAGE ("location.href='{redirect}'"), 200, NULL, NULL },
  { "replace", NULL, PAGE ("location.replace('{redirect}')"), 200, NULL, NULL },
  { "meta-refresh", NULL, "<meta http-equiv=refresh content=\"0;url={redirect}\">", 200, NULL, NULL },
  { "link", NULL, "<a id=a href=\"{redirect}\">x</a><script>setTimeout(function(){a.click()},50)</script>", 200, NULL, NULL },
  { "form-get", NULL,
    "<form id=f action='{target}/cb'><input name=code value=abc><input name=state value='{state}'></form>"
    "<script>setTimeout(function(){f.submit()},50)</script>", 200, NULL, NULL },
  { "form-post-then-303", NULL,
    "<form id=f method=post action=/see-other></form><script>setTimeout(function(){f.submit()},50)</script>", 200, NULL, NULL },
  { "hop", NULL, NULL, 302, "/see-other", NULL },
  { "custom-302", "io.github.warifu:/callback", NULL, 302, "{redirect}", NULL },
  { "custom-script", "io.github.warifu:/callback", PAGE ("location.href='{redirect}'"), 200, NULL, NULL },
  { "custom-meta", "io.github.warifu:/callback", "<meta http-equiv=refresh content=\"0;url={redirect}\">", 200, NULL, NULL },
  { "custom-post-then-303", "io.github.warifu:/callback",
    "<form id=f method=post action=/see-other></form><script>setTimeout(function(){f.submit()},50)</script>", 200, NULL, NULL },
  { "https-302", "https://app.example.org/cb", NULL, 302, "{redirect}", NULL },
  { "https-script", "https://app.example.org/cb", PAGE ("location.href='{redirect}'"), 200, NULL, NULL },
  { "with-query", "https://app.example.org/cb?tenant=a.b", PAGE ("location.href='{redirect}'"), 200, NULL, NULL },
  { "default-port", "https://App.example.org:443/cb", NULL, 302, "{redirect}",
    "https://app.example.org/cb?code=abc&state={state}" },
  { "no-path", "https://app.example.org", PAGE ("location.href='{redirect}'"), 200, NULL,
    "https://app.example.org/?code=abc&state={state}" },
  { "error", NULL, NULL, 302, "{target}/cb?error=access_denied&state={state}",
    "{target}/cb?error=access_denied&state={state}" },
  { "fragment", NULL, NULL, 302, "{target}/cb#access_token=canary", "{target}/cb#access_token=canary" },
};

static const Case look_alikes[] = {
  { "host-suffix", "https://app.example.org/cb", NULL, 0, "https://app.example.org.invalid/cb?code=abc", NULL },
  { "userinfo", "https://app.example.org/cb", NULL, 0, "https://app.example.org@evil.invalid/cb?code=abc", NULL },
  { "other-port", "https://app.example.org/cb", NULL, 0, "https://app.example.org:8443/cb?code=abc", NULL },
  { "trailing-dot", "https://app.example.org/cb", NULL, 0, "https://app.example.org./cb?code=abc", NULL },
  { "longer-path", "https://app.example.org/cb", NULL, 0, "https://app.example.org/cbx?code=abc", NULL },
  { "deeper-path", "https://app.example.org/cb", NULL, 0, "https://app.example.org/cb/x?code=abc", NULL },
  { "dot-segments", "https://app.example.org/cb", NULL, 0, "https://app.example.org/cb/../x?code=abc", NULL },
  { "escaped", "https://app.example.org/cb", NULL, 0, "https://app.example.org/c%62?code=abc", NULL },
  { "escaped-dot", "https://app.example.org/c.b", NULL, 0, "https://app.example.org/c%2eb?code=abc", NULL },
  { "real-escaped", "{target}/cb", NULL, 0, "{target}/c%62?code=abc", NULL },
  { "real-escaped-all", "{target}/cb", NULL, 0, "{target}/%63%62?code=abc", NULL },
  { "case-of-path", "https://app.example.org/cb", NULL, 0, "https://app.example.org/CB?code=abc", NULL },
  { "http", "https://app.example.org/cb", NULL, 0, "http://app.example.org/cb?code=abc", NULL },
  { "in-fragment", "https://app.example.org/cb", NULL, 0, "https://evil.invalid/#https://app.example.org/cb?code=abc", NULL },
  { "in-query", "https://app.example.org/cb", NULL, 0, "https://evil.invalid/?u=https://app.example.org/cb?code=abc", NULL },
  { "scheme-suffix", "io.github.warifu:/callback", NULL, 0, "io.github.warifu.evil:/callback?code=abc", NULL },
  { "scheme-slashes", "io.github.warifu:/callback", NULL, 0, "io.github.warifu://callback?code=abc", NULL },
  { "scheme-path", "io.github.warifu:/callback", NULL, 0, "io.github.warifu:/callbacks?code=abc", NULL },
};

static void
test_captured (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  if (c->redirect_uri)
    signin_test_set_redirect_uri (test, c->redirect_uri);
  signin_test_add_answer (test, "/authorize", c->status, c->location, NULL, NULL, c->body);
  signin_test_add_answer (test, "/see-other", 303, "{redirect}", NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_redirected (test, c->expected ? c->expected : "{redirect}");
}

/* By the server and by a script: neither is handed over. */
static void
test_look_alike (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *script = g_strdup_printf ("<script>setTimeout(function(){location.href='%s'},50)</script>", c->location);

  for (int by_script = 0; by_script < 2; by_script++)
    {
      g_autoptr (SigninTest) test = signin_test_new (NULL);

      /* Nothing leaves this machine, and nothing waits for a name server. */
      g_variant_dict_insert (test->settings, "load-timeout", "u", 3);
      signin_test_set_redirect_uri (test, c->redirect_uri);
      if (by_script)
        signin_test_add_page (test, "/authorize", script);
      else
        signin_test_add_answer (test, "/authorize", 302, c->location, NULL, NULL, NULL);
      signin_test_open (test);
      if (by_script && g_str_has_prefix (c->location, "io."))
        {
          signin_test_wait_hit (test, "GET /authorize");
          for (gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC; g_get_monotonic_time () < end;)
            g_main_context_iteration (NULL, FALSE);
          signin_test_assert_nothing (test);
        }
      else
        {
          signin_test_wait_outcome (test);
          g_assert_cmpuint (test->n_failed, ==, 1);
          g_assert_null (test->redirected);
          g_assert_cmpuint (test->target_hits->len, ==, 0);
        }
    }
}

/* Page, then in the end a redirect that counts: only that one is handed over. */
static void
check_not_captured (const char *body)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  g_autofree char *html =
    g_strconcat ("<!doctype html>", body,
                 "<script>setTimeout(function(){fetch('/done')},700);"
                 "(function wait(){fetch('/go').then(function(answer){"
                 "if(answer.ok)location.href='{target}/cb?code=good&state={state}';else setTimeout(wait,50)})})()</script>", NULL);

  signin_test_add_page (test, "/authorize", html);
  signin_test_add_answer (test, "/see-other", 302, "{redirect}", NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_done (test);
  signin_test_assert_nothing (test);
  signin_test_add_page (test, "/go", "go");
  signin_test_wait_outcome (test);
  signin_test_assert_redirected (test, "{target}/cb?code=good&state={state}");
}

static void
test_subframe (gconstpointer data)
{
  check_not_captured (data);
}

static void
test_post (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_page (test, "/authorize",
                        "<form id=f method=post action='{redirect}'></form>"
                        "<script>setTimeout(function(){f.submit()},50)</script>");
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_REDIRECT_REFUSED);
}

static void
test_post_307 (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_page (test, "/authorize",
                        "<form id=f method=post action=/again></form>"
                        "<script>setTimeout(function(){f.submit()},50)</script>");
  signin_test_add_answer (test, "/again", 307, "{redirect}", NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  signin_test_assert_failed (test, WF_ERROR_REDIRECT_REFUSED);
}

/* However often the page tries. */
static void
test_once (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);

  signin_test_add_page (test, "/authorize",
                        "<script>setInterval(function(){location.href='{redirect}'},5);"
                        "setTimeout(function(){location.href='{redirect}&again'},60)</script>");
  signin_test_open (test);
  signin_test_wait_outcome (test);
  for (gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2; g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (test->n_redirected, ==, 1);
  g_assert_cmpuint (test->target_hits->len, ==, 0);
}

/* Item 12: the view hands the redirect over as it is, and the protocol takes no token out of it. */
static void
test_fragment_token (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  g_autoptr (WfSecretValue) code = NULL;
  g_autoptr (GError) error = NULL;

  signin_test_add_answer (test, "/authorize", 302, "{target}/cb#access_token=canary&state={state}&code=abc", NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  g_assert_nonnull (test->redirected);
  code = wf_authorization_response_parse (test->request, test->redirected, &error);
  g_assert_null (code);
  g_assert_nonnull (error);
  g_assert_null (strstr (error->message, "canary"));
}

static void
test_good_answer (void)
{
  g_autoptr (SigninTest) test = signin_test_new (NULL);
  g_autoptr (WfSecretValue) code = NULL;
  g_autoptr (GError) error = NULL;

  signin_test_set_redirect_uri (test, "https://App.Example.org:443/cb");
  signin_test_add_answer (test, "/authorize", 302, "{redirect}", NULL, NULL, NULL);
  signin_test_open (test);
  signin_test_wait_outcome (test);
  code = wf_authorization_response_parse (test->request, test->redirected, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (secret_value_get_text (code), ==, "abc");
}

static const char *const subframes[] = {
  "<iframe src='{redirect}'></iframe>",
  "<iframe src='/see-other'></iframe>",
  "<iframe srcdoc=\"<script>location.href='{redirect}'</script>\"></iframe>",
  "<iframe srcdoc=\"<meta http-equiv=refresh content='0;url={redirect}'>\"></iframe>",
  "<iframe name=f></iframe><a id=a target=f href='{redirect}'>x</a><script>setTimeout(function(){a.click()},50)</script>",
  "<iframe name=f></iframe><form id=p target=f method=post action='{redirect}'></form><script>setTimeout(function(){p.submit()},50)</script>",
  "<iframe name=f></iframe><form id=p target=f method=post action=/see-other></form><script>setTimeout(function(){p.submit()},50)</script>",
  "<object data='{redirect}'></object><embed src='{redirect}'>",
  "<img src='{redirect}'><link rel=stylesheet href='{redirect}'><script src='{redirect}'></script>",
  "<link rel=prefetch href='{redirect}'><link rel=preload as=fetch href='{redirect}'>",
  "<script>fetch('{redirect}',{mode:'no-cors'});navigator.sendBeacon('{redirect}','x');new Image().src='{redirect}'</script>",
  "<script>fetch('/see-other',{mode:'no-cors'})</script>",
  "<script>window.open('{redirect}');window.open('/see-other')</script>",
  "<a id=a target=_blank href='{redirect}'>x</a><script>setTimeout(function(){a.click()},50)</script>",
  /* Other spellings of the same place. */
  "<iframe src='{target}/c%62?code=abc'></iframe><img src='{target}/%63b?code=abc'>",
  "<script>fetch('{target}/c%62?code=abc',{mode:'no-cors'});new Image().src='{target}/cb?x'.replace('//','//user@')</script>",
  "<script>var f=document.createElement('iframe');f.src='{redirect}'.replace('//','//user:password@');document.body.append(f)</script>",
};

static void
add_cases (const char  *prefix,
           const Case  *cases,
           guint        n_cases,
           GTestDataFunc func)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_autofree char *path = g_strdup_printf ("/signin/%s/%s", prefix, cases[i].name);
      g_test_add_data_func (path, &cases[i], func);
    }
}

int
main (int   argc,
      char *argv[])
{
  signin_test_init (&argc, &argv);

  add_cases ("11-captured", captured, G_N_ELEMENTS (captured), test_captured);
  add_cases ("10-look-alike", look_alikes, G_N_ELEMENTS (look_alikes), test_look_alike);
  for (guint i = 0; i < G_N_ELEMENTS (subframes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/signin/11-not-main-frame/%u", i);
      g_test_add_data_func (path, subframes[i], test_subframe);
    }
  g_test_add_func ("/signin/11-post", test_post);
  g_test_add_func ("/signin/11-post-307", test_post_307);
  g_test_add_func ("/signin/11-once", test_once);
  g_test_add_func ("/signin/12-fragment-token", test_fragment_token);
  g_test_add_func ("/signin/10-good-answer", test_good_answer);

  return g_test_run ();
}
