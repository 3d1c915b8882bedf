/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-client.h"

typedef struct
{
  WfDemoServer *server;
  DemoClient   *client;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->server = wf_demo_server_new (NULL);
  wf_demo_server_start (fixture->server, 0, &error);
  g_assert_no_error (error);
  fixture->client = demo_client_new (fixture->server);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  demo_client_free (fixture->client);
  wf_demo_server_stop (fixture->server);
  g_assert_finalize_object (fixture->server);
}

static void
assert_redirect (DemoAnswer *answer,
                 const char *name,
                 const char *value)
{
  g_autofree char *found = NULL;

  g_assert_no_error (answer->error);
  g_assert_cmpuint (answer->status, ==, 303);
  found = demo_location_get (answer->location, name);
  g_assert_cmpstr (found, ==, value);
}

static DemoAnswer *
open_page (Fixture    *fixture,
           const char *name,
           const char *value)
{
  g_autofree char *path = demo_client_make_authorize_path (fixture->client, name, value, NULL);

  return demo_client_get (fixture->client, path);
}

static DemoAnswer *
decide (Fixture    *fixture,
        DemoAnswer *page,
        const char *user,
        const char *decision)
{
  g_autofree char *transaction = demo_page_get_hidden (page->body, "transaction");

  return demo_client_post (fixture->client, "/authorize/decision", "transaction", transaction, "user", user,
                           "decision", decision, NULL);
}

static void
test_approve (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (DemoAnswer) page = open_page (fixture, "state", "st&te");
  g_autoptr (DemoAnswer) approved = decide (fixture, page, "alice", "approve");
  g_autoptr (DemoAnswer) again = decide (fixture, page, "alice", "approve");

  g_assert_true (g_str_has_prefix (approved->location, "io.github.warifu:/callback?code="));
  assert_redirect (approved, "state", "st&te");
  assert_redirect (approved, "iss", wf_demo_server_get_issuer (fixture->server)); /* RFC 9207 §2 */
  g_assert_cmpuint (again->status, ==, 400);
  g_assert_null (again->location);
}

static void
test_deny (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (DemoAnswer) page = open_page (fixture, "state", "s");
  g_autoptr (DemoAnswer) denied = decide (fixture, page, "", "deny");

  assert_redirect (denied, "error", "access_denied");
  assert_redirect (denied, "state", "s");
  assert_redirect (denied, "iss", wf_demo_server_get_issuer (fixture->server));
  assert_redirect (denied, "code", NULL);
}

static void
test_page (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (DemoAnswer) page = open_page (fixture, "state", "s");
  const char *policy = soup_message_headers_get_one (page->headers, "Content-Security-Policy");
  const char *approve = strstr (page->body, "value=\"approve\"");
  const char *deny = strstr (page->body, "value=\"deny\"");

  g_assert_cmpstr (page->content_type, ==, "text/html");
  g_assert_true (g_str_has_prefix (policy, "default-src 'none'"));
  g_assert_cmpstr (soup_message_headers_get_one (page->headers, "Cache-Control"), ==, "no-store");
  g_assert_null (strstr (page->body, "<script"));
  g_assert_nonnull (strstr (page->body, "<html lang=\"en\">"));
  g_assert_nonnull (strstr (page->body, "<h1>Warifu demo sign-in</h1>"));
  g_assert_nonnull (strstr (page->body, "value=\"alice\""));
  g_assert_nonnull (strstr (page->body, "Keep you signed in"));
  /* Enter presses the first submit button. */
  g_assert_true (approve && deny && approve < deny);
}

static void
test_languages (Fixture      *fixture,
                gconstpointer data)
{
  static const struct
  {
    const char *accept;
    const char *ui_locales;
    const char *lang;
  } cases[] = {
    { NULL, NULL, "lang=\"en\"" },
    { "ja", NULL, "lang=\"ja\"" },
    { "ja-JP,ja;q=0.9,en;q=0.8", NULL, "lang=\"ja\"" },
    { "en;q=0.5,ja;q=0.9", NULL, "lang=\"ja\"" },
    { "en,ja", NULL, "lang=\"en\"" },
    { "fr,de", NULL, "lang=\"en\"" },
    { "en", "fr ja", "lang=\"ja\"" },
    { "ja", "en-GB", "lang=\"en\"" },
    { "jam", NULL, "lang=\"en\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DemoAnswer) page = NULL;

      demo_client_set_header (fixture->client, "Accept-Language", cases[i].accept);
      page = open_page (fixture, "ui_locales", cases[i].ui_locales);
      g_assert_nonnull (strstr (page->body, cases[i].lang));
    }
}

static void
test_japanese (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (DemoAnswer) page = open_page (fixture, "ui_locales", "ja");
  g_autoptr (DemoAnswer) wrong = NULL;

  g_assert_nonnull (strstr (page->body, ">許可</button>"));
  g_assert_nonnull (strstr (page->body, ">拒否</button>"));
  g_assert_null (strstr (page->body, "Approve"));
  wrong = demo_client_post (fixture->client, "/authorize/decision", "transaction", "gone", "ui_locales", "ja", NULL);
  g_assert_nonnull (strstr (wrong->body, "このページは無効です"));
}

/* What the request brings is text on the page, never markup. */
static void
test_escaping (Fixture      *fixture,
               gconstpointer data)
{
  const char *hostile = "\"><script>alert(1)</script>%s";
  g_autoptr (DemoAnswer) audience = open_page (fixture, "audience", hostile);
  g_autoptr (DemoAnswer) wrong_user = decide (fixture, audience, hostile, "approve");

  g_assert_nonnull (strstr (audience->body, "&lt;script&gt;alert(1)"));
  g_assert_null (strstr (audience->body, "<script"));
  g_assert_cmpuint (wrong_user->status, ==, 400);
  g_assert_null (strstr (wrong_user->body, "<script"));
  g_assert_nonnull (strstr (wrong_user->body, "role=\"alert\""));
}

/* After a name that cannot be one, the page can still be answered. */
static void
test_wrong_user (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (DemoAnswer) page = open_page (fixture, "state", "s");
  g_autoptr (DemoAnswer) wrong = decide (fixture, page, "no such name", "approve");
  g_autoptr (DemoAnswer) right = NULL;

  g_assert_cmpuint (wrong->status, ==, 400);
  right = decide (fixture, wrong, " Bob ", "approve");
  assert_redirect (right, "state", "s");
}

/* RFC 6749 §4.1.2.1: these are told to the person, not to an unknown address. */
static void
test_no_redirect (Fixture      *fixture,
                  gconstpointer data)
{
  static const char *const redirect_uris[] = {
    "https://evil.example.org/callback", "https://app.example.org/callback/", "https://app.example.org/Callback",
    "https://app.example.org:444/callback", "https://app.example.org/callback?x=y", "io.github.warifu:/callback#f",
    "http://127.0.0.1:/callback", "http://127.0.0.1:80x/callback", "http://127.0.0.1:80@evil.example.org/callback",
    "http://127.0.0.1.evil.example.org/callback", "http://127.0.0.1:8080/other", "http://localhost:8080/callback",
    "https://127.0.0.1:8080/callback", "", NULL,
  };
  g_autoptr (DemoAnswer) unknown = open_page (fixture, "client_id", "unknown");
  g_autoptr (DemoAnswer) missing = open_page (fixture, "client_id", NULL);

  g_assert_cmpuint (unknown->status, ==, 400);
  g_assert_null (unknown->location);
  g_assert_cmpuint (missing->status, ==, 400);
  for (guint i = 0; i < G_N_ELEMENTS (redirect_uris); i++)
    {
      g_autoptr (DemoAnswer) answer = open_page (fixture, "redirect_uri", redirect_uris[i]);

      g_assert_cmpuint (answer->status, ==, 400);
      g_assert_null (answer->location);
    }
}

static void
test_redirect_uris (Fixture      *fixture,
                    gconstpointer data)
{
  static const char *const redirect_uris[] = {
    "io.github.warifu:/callback", "https://app.example.org/callback", "http://127.0.0.1/callback",
    "http://127.0.0.1:54321/callback", "http://[::1]:54321/callback",
  };

  for (guint i = 0; i < G_N_ELEMENTS (redirect_uris); i++)
    {
      g_autoptr (DemoAnswer) page = open_page (fixture, "redirect_uri", redirect_uris[i]);
      g_autoptr (DemoAnswer) approved = decide (fixture, page, "alice", "approve");

      g_assert_true (g_str_has_prefix (approved->location, redirect_uris[i]));
    }
}

static void
test_errors (Fixture      *fixture,
             gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *value;
    const char *error;
  } cases[] = {
    { "response_type", "token", "unsupported_response_type" },
    { "response_type", NULL, "invalid_request" },
    { "response_mode", "fragment", "invalid_request" },
    { "code_challenge", NULL, "invalid_request" },
    { "code_challenge", "tooshort", "invalid_request" },
    { "code_challenge_method", "plain", "invalid_request" },
    { "code_challenge_method", NULL, "invalid_request" },
    { "scope", "open\"id", "invalid_scope" },
    { "request", "a.b.c", "request_not_supported" },
    { "request_uri", "urn:x", "request_uri_not_supported" },
    { "resource", "not a uri", "invalid_target" },
    { "resource", "https://api.example.org/#f", "invalid_target" },
    { "prompt", "none", "login_required" },
  };
  g_autofree char *twice = demo_client_make_authorize_path (fixture->client, "nonce", "a", "nonce", "b", NULL);
  g_autoptr (DemoAnswer) duplicate = demo_client_get (fixture->client, twice);

  assert_redirect (duplicate, "error", "invalid_request");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DemoAnswer) answer = open_page (fixture, cases[i].name, cases[i].value);

      assert_redirect (answer, "error", cases[i].error);
      assert_redirect (answer, "state", "st&te");
      assert_redirect (answer, "iss", wf_demo_server_get_issuer (fixture->server));
    }
}

static void
test_prompt_none (Fixture      *fixture,
                  gconstpointer data)
{
  DemoClient *client = fixture->client;
  g_autofree char *code = demo_client_get_code (client);
  g_autofree char *more_path = demo_client_make_authorize_path (client, "prompt", "none", "scope", "openid write", NULL);
  g_autofree char *old_path = demo_client_make_authorize_path (client, "prompt", "none", "max_age", "10", NULL);
  g_autoptr (DemoAnswer) silent = open_page (fixture, "prompt", "none");
  g_autoptr (DemoAnswer) more = demo_client_get (client, more_path);
  g_autoptr (DemoAnswer) old = NULL;
  g_autoptr (DemoClient) other = demo_client_new (fixture->server);
  g_autofree char *other_path = demo_client_make_authorize_path (other, "prompt", "none", NULL);
  g_autoptr (DemoAnswer) nobody = demo_client_get (other, other_path);
  g_autofree char *silent_code = demo_location_get (silent->location, "code");

  g_assert_nonnull (code);
  g_assert_nonnull (silent_code);
  assert_redirect (more, "error", "consent_required");
  assert_redirect (nobody, "error", "login_required");
  wf_demo_server_advance_clock (fixture->server, 11);
  old = demo_client_get (client, old_path);
  assert_redirect (old, "error", "login_required");
}

static void
test_cookie (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (DemoAnswer) page = open_page (fixture, "state", "s");
  g_autoptr (DemoAnswer) approved = decide (fixture, page, "bob", "approve");
  const char *cookie = soup_message_headers_get_list (approved->headers, "Set-Cookie");
  g_autoptr (DemoAnswer) next = open_page (fixture, "state", "s");
  g_autoptr (DemoAnswer) hinted = open_page (fixture, "login_hint", "carol");
  g_autoptr (DemoAnswer) login = open_page (fixture, "prompt", "login");
  g_autoptr (DemoAnswer) kept = NULL;

  g_assert_nonnull (strstr (cookie, "HttpOnly"));
  g_assert_nonnull (strstr (cookie, "SameSite=Lax"));
  g_assert_null (soup_message_headers_get_list (page->headers, "Set-Cookie"));
  g_assert_nonnull (strstr (next->body, "value=\"bob\""));
  g_assert_nonnull (strstr (hinted->body, "value=\"carol\""));
  g_assert_nonnull (strstr (login->body, "value=\"alice\""));
  kept = decide (fixture, next, "bob", "approve");
  g_assert_null (soup_message_headers_get_list (kept->headers, "Set-Cookie"));
}

static void
test_foreign_form (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (DemoAnswer) page = open_page (fixture, "state", "s");
  g_autoptr (DemoAnswer) foreign = NULL;
  g_autoptr (DemoAnswer) own = NULL;

  demo_client_set_header (fixture->client, "Origin", "https://evil.example.org");
  foreign = decide (fixture, page, "alice", "approve");
  g_assert_cmpuint (foreign->status, ==, 403);
  g_assert_null (foreign->location);
  demo_client_set_header (fixture->client, "Origin", wf_demo_server_get_issuer (fixture->server));
  own = decide (fixture, page, "alice", "approve");
  g_assert_cmpuint (own->status, ==, 303);
}

static void
test_waited_too_long (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr (DemoAnswer) page = open_page (fixture, "state", "s");
  g_autoptr (DemoAnswer) late = NULL;

  wf_demo_server_advance_clock (fixture->server, 11 * 60);
  late = decide (fixture, page, "alice", "approve");
  g_assert_cmpuint (late->status, ==, 400);
  g_assert_nonnull (strstr (late->body, "no longer valid"));
}

/* OpenID Connect Core 1.0 §3.1.2.1: GET and POST */
static void
test_posted_request (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr (DemoAnswer) page = NULL;

  page = demo_client_post (fixture->client, "/authorize", "response_type", "code", "client_id", WF_DEMO_CLIENT_ID,
                           "redirect_uri", "io.github.warifu:/callback", "code_challenge_method", "S256",
                           "code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", NULL);
  g_assert_cmpuint (page->status, ==, 200);
  g_assert_nonnull (strstr (page->body, "Sign you in, and nothing else"));
}

static void
test_auto_approve (Fixture      *fixture,
                   gconstpointer data)
{
  WfDemoOptions options = WF_DEMO_OPTIONS_INIT;
  g_autoptr (DemoAnswer) answer = NULL;
  g_autoptr (DemoAnswer) tokens = NULL;
  g_autofree char *code = NULL;

  options.auto_approve = TRUE;
  wf_demo_server_update (fixture->server, &options);
  answer = open_page (fixture, "state", "s");
  g_assert_cmpuint (answer->status, ==, 303);
  code = demo_location_get (answer->location, "code");
  tokens = demo_client_exchange (fixture->client, code);
  g_assert_cmpuint (tokens->status, ==, 200);
}

#define ADD(path, function) g_test_add ("/demo/authorize/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("approve", test_approve);
  ADD ("deny", test_deny);
  ADD ("page", test_page);
  ADD ("languages", test_languages);
  ADD ("japanese", test_japanese);
  ADD ("escaping", test_escaping);
  ADD ("wrong-user", test_wrong_user);
  ADD ("no-redirect", test_no_redirect);
  ADD ("redirect-uris", test_redirect_uris);
  ADD ("errors", test_errors);
  ADD ("prompt-none", test_prompt_none);
  ADD ("cookie", test_cookie);
  ADD ("foreign-form", test_foreign_form);
  ADD ("waited-too-long", test_waited_too_long);
  ADD ("posted-request", test_posted_request);
  ADD ("auto-approve", test_auto_approve);

  return g_test_run ();
}
