/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-provider.h"

#include "wf-expect.h"
#include "wf-test-world.h"

static WfProviderMetadata *
get_metadata (WfProvider   *provider,
              GCancellable *cancellable,
              GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_provider_get_metadata_async (provider, cancellable, wf_await_cb, &result);
  wf_await (&result);
  return wf_provider_get_metadata_finish (provider, result, error);
}

static WfJwks *
get_keys (WfProvider *provider,
          gboolean    unknown_key,
          GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_provider_get_keys_async (provider, unknown_key, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_provider_get_keys_finish (provider, result, error);
}

/* Calls whose answers are of no interest but for their errors. */
static gboolean
try_metadata (World   *world,
              GError **error)
{
  g_autoptr (WfProviderMetadata) metadata = get_metadata (world->provider, NULL, error);

  return metadata != NULL;
}

static gboolean
try_keys (World   *world,
          gboolean unknown_key,
          GError **error)
{
  g_autoptr (WfJwks) keys = get_keys (world->provider, unknown_key, error);

  return keys != NULL;
}

static guint
count (World      *world,
       const char *endpoint)
{
  return wf_demo_server_count (world->server, endpoint);
}

/* --- metadata --- */

static void
test_metadata (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfProviderMetadata) metadata = NULL;

  g_assert_null (wf_provider_peek_metadata (world->provider));
  metadata = get_metadata (world->provider, NULL, NULL);
  g_assert_cmpstr (metadata->issuer, ==, world->account->issuer);
  g_assert_true (wf_provider_peek_metadata (world->provider) == metadata);
  /* kept for as long as the provider says */
  for (guint i = 0; i < 5; i++)
    wf_expect_ok (try_metadata (world, &err));
  g_assert_cmpuint (count (world, "discovery"), ==, 1);
}

static void
test_metadata_once (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  GAsyncResult *results[10] = { NULL };

  wf_demo_server_set_fault (world->server, "discovery", &slow);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    wf_provider_get_metadata_async (world->provider, NULL, wf_await_cb, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (WfProviderMetadata) metadata = NULL;

      wf_await (&results[i]);
      metadata = wf_provider_get_metadata_finish (world->provider, results[i], NULL);
      g_assert_nonnull (metadata);
      g_object_unref (results[i]);
    }
  g_assert_cmpuint (count (world, "discovery"), ==, 1);
}

/* One who has stopped waiting is answered at once; who comes then waits for the same document. */
static void
test_metadata_cancelled (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  wf_demo_server_set_fault (world->server, "discovery", &slow);
  wf_provider_get_metadata_async (world->provider, cancellable, wf_await_cb, &result);
  world_wait_for (count (world, "discovery") == 1);
  g_cancellable_cancel (cancellable);
  wf_await (&result);
  g_assert_null (wf_provider_get_metadata_finish (world->provider, result, &error));
  assert_error_name (error, "cancelled");
  g_assert_null (wf_provider_peek_metadata (world->provider));
  wf_expect_ok (try_metadata (world, &err));
  g_assert_cmpuint (count (world, "discovery"), ==, 1);
}

static void
change_issuer (const char *what,
               JsonObject *object,
               gpointer    user_data)
{
  if (g_str_equal (what, "discovery"))
    json_object_set_string_member (object, "issuer", user_data);
}

static void
test_metadata_refused (void)
{
  const struct { WfDemoFault fault; WfError code; } cases[] = {
    { { .status = 404, .body = "" }, WF_ERROR_UNEXPECTED_CONTENT_TYPE },
    { { .status = 503, .body = "" }, WF_ERROR_SERVER_ERROR },
    { { .status = 429, .body = "" }, WF_ERROR_RATE_LIMITED },
    { { .status = 302, .headers = "Location: /", .body = "" }, WF_ERROR_REDIRECT_REFUSED },
    { { .body = "<html>", .content_type = "text/html" }, WF_ERROR_UNEXPECTED_CONTENT_TYPE },
    { { .body = "{\"issuer\":" }, WF_ERROR_MALFORMED_RESPONSE },
    { { .body = "[]" }, WF_ERROR_MALFORMED_RESPONSE },
    { { .drop = TRUE }, WF_ERROR_OFFLINE },
  };
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      wf_demo_server_set_fault (world->server, "discovery", &cases[i].fault);
      g_assert_false (try_metadata (world, &error));
      if (i == 0)
        g_assert_cmpint (wf_error_get_class (error), ==, WF_ERROR_CLASS_FAILED);
      else
        g_assert_error (error, WF_ERROR, (int) cases[i].code);
      g_assert_null (wf_provider_peek_metadata (world->provider));
      /* a failure is not kept: the next asks again (and libsoup does, where a connection of before was closed) */
      g_assert_cmpuint (count (world, "discovery"), >=, i + 1);
      g_assert_cmpuint (count (world, "discovery"), <=, i + 2);
    }
  wf_demo_server_set_fault (world->server, "discovery", NULL);
  wf_expect_ok (try_metadata (world, &err));
}

/* OpenID Connect Discovery 1.0 §4.3 */
static void
test_metadata_mismatch (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autofree char *slash = g_strconcat (world->account->issuer, "/", NULL);

  wf_demo_server_set_filter (world->server, change_issuer, (gpointer) "https://evil.example.org", NULL);
  wf_expect_error (try_metadata (world, &err), WF_ERROR_DISCOVERY_MISMATCH);
  wf_demo_server_set_filter (world->server, change_issuer, slash, NULL);
  wf_expect_error (try_metadata (world, &err), WF_ERROR_DISCOVERY_MISMATCH);
}

/* --- keys --- */

static void
test_keys (void)
{
  const WfDemoFault slow = { .delay = 100 };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  GAsyncResult *results[10] = { NULL };

  /* without metadata nobody knows where they are */
  g_assert_null (get_keys (world->provider, FALSE, NULL));
  wf_expect_ok (try_metadata (world, &err));
  g_assert_null (wf_provider_peek_keys (world->provider));
  wf_demo_server_set_fault (world->server, "jwks", &slow);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    wf_provider_get_keys_async (world->provider, i % 2 == 1, NULL, wf_await_cb, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (WfJwks) keys = NULL;

      wf_await (&results[i]);
      keys = wf_provider_get_keys_finish (world->provider, results[i], NULL);
      g_assert_cmpuint (wf_jwks_get_n_keys (keys), ==, 1);
      g_object_unref (results[i]);
    }
  g_assert_nonnull (wf_provider_peek_keys (world->provider));
  wf_expect_ok (try_keys (world, FALSE, &err));
  g_assert_cmpuint (count (world, "jwks"), ==, 1);
}

/* A flood of tokens with unknown keys is not a flood of requests. */
static void
test_unknown_key (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_expect_ok (try_metadata (world, &err));
  wf_expect_ok (try_keys (world, FALSE, &err));
  wf_demo_server_rotate_keys (world->server);
  wf_expect_ok (try_keys (world, TRUE, &err));
  g_assert_cmpuint (count (world, "jwks"), ==, 2);
  g_assert_cmpuint (wf_jwks_get_n_keys (wf_provider_peek_keys (world->provider)), ==, 2);
  for (guint i = 0; i < 20; i++)
    wf_expect_ok (try_keys (world, TRUE, &err));
  g_assert_cmpuint (count (world, "jwks"), ==, 2);
}

/* Documents that must not be kept are asked for again, but not at each step. */
static void
expect_lifetime (const char *cache_control,
                 guint       requests)
{
  const WfDemoFault fault = { .headers = cache_control };
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_demo_server_set_fault (world->server, "discovery", &fault);
  wf_demo_server_set_fault (world->server, "jwks", &fault);
  for (guint i = 0; i < 20; i++)
    {
      wf_expect_ok (try_metadata (world, &err));
      wf_expect_ok (try_keys (world, FALSE, &err));
      wf_expect_ok (try_keys (world, TRUE, &err));
    }
  g_assert_cmpuint (count (world, "discovery"), ==, 1);
  /* one, and one for the unknown key */
  g_assert_cmpuint (count (world, "jwks"), ==, requests);
}

static void
test_lifetimes (void)
{
  expect_lifetime ("Cache-Control: max-age=0", 2);
  expect_lifetime ("Cache-Control: no-store", 2);
  expect_lifetime ("Cache-Control: no-cache, max-age=600", 2);
  expect_lifetime ("Cache-Control: max-age=99999999999999999999999", 2);
  expect_lifetime ("Cache-Control: max-age=", 2);
  expect_lifetime ("Cache-Control: public, max-age=3600", 2);
}

static void
test_keys_refused (void)
{
  const struct { WfDemoFault fault; WfError code; } cases[] = {
    { { .status = 503, .body = "" }, WF_ERROR_SERVER_ERROR },
    { { .body = "<html>", .content_type = "text/html" }, WF_ERROR_UNEXPECTED_CONTENT_TYPE },
    { { .body = "{" }, WF_ERROR_MALFORMED_RESPONSE },
    { { .drop = TRUE }, WF_ERROR_OFFLINE },
  };
  const WfDemoFault plain = { .headers = "Content-Type: text/plain" };
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_expect_ok (try_metadata (world, &err));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      wf_demo_server_set_fault (world->server, "jwks", &cases[i].fault);
      wf_expect_error (try_keys (world, FALSE, &err), cases[i].code);
      g_assert_null (wf_provider_peek_keys (world->provider));
    }
  /* a plain file server knows no better type */
  wf_demo_server_set_fault (world->server, "jwks", &plain);
  wf_expect_ok (try_keys (world, FALSE, &err));
}

/* Keys that are at hand stay at hand where new ones cannot be had. */
static void
test_keys_survive (void)
{
  const WfDemoFault down = { .status = 503, .body = "" };
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  wf_expect_ok (try_metadata (world, &err));
  wf_expect_ok (try_keys (world, FALSE, &err));
  wf_demo_server_set_fault (world->server, "jwks", &down);
  wf_expect_error (try_keys (world, TRUE, &err), WF_ERROR_SERVER_ERROR);
  wf_expect_ok (try_keys (world, FALSE, &err));
}

/* --- endpoints by hand --- */

static void
test_manual (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfAccount) account = wf_account_copy (world->account);
  g_autoptr (WfProvider) provider = NULL;
  g_autoptr (WfProviderMetadata) metadata = NULL;
  g_autofree char *authorize = g_strconcat (world->account->issuer, "/authorize", NULL);
  g_autofree char *token = g_strconcat (world->account->issuer, "/oauth/token", NULL);

  wf_account_set (&account->authorization_endpoint, authorize);
  wf_account_set (&account->token_endpoint, token);
  provider = wf_provider_new (account, NULL);
  metadata = get_metadata (provider, NULL, NULL);
  g_assert_cmpstr (metadata->token_endpoint, ==, token);
  g_assert_null (get_keys (provider, FALSE, NULL));
  g_assert_cmpuint (count (world, NULL), ==, 0);
}

static void
test_key_of_provider (void)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autoptr (WfAccount) other = NULL;
  g_autofree char *key = NULL;
  g_autofree char *same = NULL;
  g_autofree char *different = NULL;

  wf_account_set (&account->issuer, "https://id.example.org");
  key = wf_provider_make_key (account);
  other = wf_account_copy (account);
  wf_account_set (&other->name, "Home");
  wf_account_set (&other->client_id, "another");
  same = wf_provider_make_key (other);
  g_assert_cmpstr (key, ==, same);
  wf_account_set (&other->proxy, "http://127.0.0.1:8080");
  different = wf_provider_make_key (other);
  g_assert_cmpstr (key, !=, different);
}

static void
test_bad_files (void)
{
  g_autoptr (WfAccount) account = wf_account_new ();

  wf_account_set (&account->issuer, "https://id.example.org");
  wf_account_set (&account->ca_file, "/nonexistent/ca.pem");
  wf_expect_error (wf_provider_new (account, &err), WF_ERROR_TLS_ERROR);
  wf_account_set (&account->ca_file, NULL);
  wf_account_set (&account->client_certificate, "/nonexistent/client.pem");
  wf_expect_error (wf_provider_new (account, &err), WF_ERROR_TLS_ERROR);
}

/* --- discovery without an account --- */

static WfProviderMetadata *
discover (const char *input,
          GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_provider_discover_async (input, NULL, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_provider_discover_finish (result, error);
}

static void
test_discover (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autofree char *document = g_strconcat (world->account->issuer, "/.well-known/openid-configuration", NULL);
  g_autoptr (WfProviderMetadata) by_issuer = discover (world->account->issuer, NULL);
  g_autoptr (WfProviderMetadata) by_document = discover (document, NULL);

  g_assert_cmpstr (by_issuer->issuer, ==, world->account->issuer);
  g_assert_cmpstr (by_document->issuer, ==, world->account->issuer);
  wf_expect_error (discover ("", &err), WF_ERROR_USAGE);
  wf_expect_error (discover ("http://id.example.org", &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_demo_server_stop (world->server);
  wf_expect_error (discover (world->account->issuer, &err), WF_ERROR_OFFLINE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/provider/metadata/whole", test_metadata);
  g_test_add_func ("/provider/metadata/once", test_metadata_once);
  g_test_add_func ("/provider/metadata/cancelled", test_metadata_cancelled);
  g_test_add_func ("/provider/metadata/refused", test_metadata_refused);
  g_test_add_func ("/provider/metadata/mismatch", test_metadata_mismatch);
  g_test_add_func ("/provider/keys/whole", test_keys);
  g_test_add_func ("/provider/keys/unknown", test_unknown_key);
  g_test_add_func ("/provider/keys/refused", test_keys_refused);
  g_test_add_func ("/provider/keys/survive", test_keys_survive);
  g_test_add_func ("/provider/lifetimes", test_lifetimes);
  g_test_add_func ("/provider/manual", test_manual);
  g_test_add_func ("/provider/key", test_key_of_provider);
  g_test_add_func ("/provider/bad-files", test_bad_files);
  g_test_add_func ("/provider/discover", test_discover);

  return g_test_run ();
}
