/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-exchange.h"

#include <string.h>

/* Long enough that its first and last four characters may be shown. */
#define CANARY "canaryAAAABBBBCCCCDDDDEEEE0123"
#define MASKED "cana…0123"
#define JWT "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"

static void
check_uri (const char *uri,
           const char *expected)
{
  g_autofree char *masked = wf_exchange_mask_uri (uri);

  g_assert_cmpstr (masked, ==, expected);
}

static void
test_uri (void)
{
  check_uri ("https://id.example.org/authorize?client_id=a&scope=openid%20email&state=s1",
             "https://id.example.org/authorize?client_id=a&scope=openid%20email&state=…");
  check_uri ("http://127.0.0.1:8080/callback?code=" CANARY "&state=" CANARY "&iss=https%3A%2F%2Fid.example.org",
             "http://127.0.0.1:8080/callback?code=" MASKED "&state=" MASKED "&iss=https%3A%2F%2Fid.example.org");
  check_uri ("https://id.example.org/authorize?nonce=" CANARY "&code_challenge=abc&code_challenge_method=S256",
             "https://id.example.org/authorize?nonce=" MASKED "&code_challenge=abc&code_challenge_method=S256");
  check_uri ("io.github.warifu:/callback?code=short", "io.github.warifu:/callback?code=…");
  check_uri ("https://id.example.org/end?id_token_hint=" JWT "&x=1", "https://id.example.org/end?id_token_hint=eyJh…dXJl&x=1");
  check_uri ("https://example.org/", "https://example.org/");
  check_uri ("https://example.org?", "https://example.org?");
  check_uri ("", "");
}

/* Other spellings of a secret parameter, and secrets in places where they do not belong. */
static void
test_uri_hidden_secrets (void)
{
  static const char *const uris[] = {
    "https://a.example.org/?c%6fde=" CANARY,
    "https://a.example.org/?CODE=" CANARY,
    "https://a.example.org/#access_token=" CANARY "&token_type=Bearer",
    "https://a.example.org/?x=1#a?code=" CANARY,
    "https://a.example.org/?my_refresh_token=" CANARY,
    "https://a.example.org/?clientSecret=" CANARY,
    "https://alice:" CANARY "@a.example.org/",
    "https://" CANARY "@a.example.org/?code=1",
    "https://a.example.org/?anything=eyJ" CANARY ".x",
    "https://a.example.org/?eyJ" CANARY ".x",
    "https://a.example.org/?a=1&&code=" CANARY "&",
    "https://a.example.org/?code=%ZZ" CANARY,
    "https://a.example.org/?code=" CANARY "=" CANARY,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autofree char *masked = wf_exchange_mask_uri (uris[i]);

      g_test_message ("%s", masked);
      g_assert_null (strstr (masked, CANARY));
    }
}

static void
test_form (void)
{
  g_autofree char *masked =
    wf_exchange_mask_form ("grant_type=authorization_code&code=" CANARY "&redirect_uri=http%3A%2F%2F127.0.0.1%3A80%2Fa+b"
                           "&code_verifier=" CANARY "&client_secret=x&empty=&bare");

  g_assert_cmpstr (masked, ==,
                   "grant_type=authorization_code\n"
                   "code=" MASKED "\n"
                   "redirect_uri=http://127.0.0.1:80/a b\n"
                   "code_verifier=" MASKED "\n"
                   "client_secret=…\n"
                   "empty=\n"
                   "bare=\n");
}

static char *
mask_body (const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));

  return wf_exchange_mask_body (body);
}

static void
test_body (void)
{
  g_autofree char *masked = mask_body ("{\"access_token\":\"" CANARY "\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
                                       "\"refresh_token\":\"" CANARY "\",\"id_token\":\"" JWT "\",\"scope\":\"openid\"}");

  g_assert_null (strstr (masked, CANARY));
  g_assert_null (strstr (masked, JWT));
  g_assert_nonnull (strstr (masked, "\"access_token\" : \"" MASKED "\""));
  g_assert_nonnull (strstr (masked, "\"token_type\" : \"Bearer\""));
  g_assert_nonnull (strstr (masked, "\"expires_in\" : 3600"));
  g_assert_nonnull (strstr (masked, "\"scope\" : \"openid\""));
}

static void
test_body_hidden_secrets (void)
{
  static const char *const bodies[] = {
    "{\"data\":{\"tokens\":[{\"access_token\":\"" CANARY "\"}]}}",
    "{\"access_token\":[\"" CANARY "\"]}",
    "{\"access_token\":{\"value\":\"" CANARY "\"}}",
    "{\"acc\\u0065ss_token\":\"" CANARY "\"}",
    "{\"accessToken\":\"" CANARY "\"}",
    "{\"error\":\"invalid_grant\",\"error_description\":\"Unknown token " CANARY "\"}",
    "[\"eyJ" CANARY ".x\"]",
    "\"eyJ" CANARY ".x\"",
    "{\"keys\":[{\"kty\":\"oct\",\"k\":\"" CANARY "\"},{\"kty\":\"RSA\",\"n\":\"AQ\",\"d\":\"" CANARY "\"}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *masked = mask_body (bodies[i]);

      g_test_message ("%s", masked);
      g_assert_null (strstr (masked, CANARY));
    }
}

/* What is no secret stays readable. */
static void
test_body_plain (void)
{
  g_autofree char *discovery = mask_body ("{\"issuer\":\"https://id.example.org\",\"token_endpoint\":\"https://id.example.org/oauth2/v1/token\","
                                          "\"id_token_signing_alg_values_supported\":[\"RS256\"]}");
  g_autofree char *keys = mask_body ("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a1\",\"n\":\"modulus\",\"e\":\"AQAB\"}]}");

  g_assert_nonnull (strstr (discovery, "https://id.example.org/oauth2/v1/token"));
  g_assert_nonnull (strstr (discovery, "RS256"));
  g_assert_nonnull (strstr (keys, "modulus"));
}

static void
test_body_no_json (void)
{
  g_autofree char *html = mask_body ("<html>" CANARY "</html>");
  g_autofree char *trailing = mask_body ("{\"a\":\"" CANARY "\"} x");
  g_autofree char *empty = mask_body ("");

  g_assert_null (strstr (html, "canary"));
  g_assert_nonnull (strstr (html, "43"));
  g_assert_null (strstr (trailing, "canary"));
  g_assert_cmpstr (empty, ==, "");
}

static void
test_body_is_cut (void)
{
  g_autoptr (GString) text = g_string_new ("[");
  g_autofree char *masked = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append (text, "\"あいうえお\",");
  g_string_append (text, "0]");
  masked = mask_body (text->str);
  g_assert_cmpuint (strlen (masked), <=, 64 * 1024 + 8);
  g_assert_true (g_utf8_validate (masked, -1, NULL));
  g_assert_true (g_str_has_suffix (masked, "\n…"));
}

static void
assert_secret (const WfExchange *exchange,
               WfExchangePart    part,
               const char       *name,
               const char       *masked,
               const char       *value)
{
  const WfExchangeSecret *secret = wf_exchange_find_secret (exchange, part, name, masked, 0);

  g_assert_nonnull (secret);
  g_assert_cmpstr (secret_value_get_text (secret->value), ==, value);
}

/* What is masked in the texts is kept beside them, until it is forgotten. */
static void
test_secrets_are_kept (void)
{
  g_autoptr (WfExchange) exchange = wf_exchange_new ();
  g_autoptr (WfSecretValue) form = wf_secret_new ("grant_type=refresh_token&refresh_token=" CANARY "&client_secret=a%26b", -1);
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"access_token\":\"" CANARY "\",\"expires_in\":1,\"userToken\":\"0\"}", 80);

  wf_exchange_set_uri (exchange, "https://id.example.org/a?state=" CANARY);
  wf_exchange_set_form (exchange, form);
  wf_exchange_add_header (exchange, WF_EXCHANGE_REQUEST_HEADERS, "Authorization", "Basic " CANARY);
  wf_exchange_add_header (exchange, WF_EXCHANGE_REQUEST_HEADERS, "Accept", "text/plain");
  wf_exchange_add_header (exchange, WF_EXCHANGE_RESPONSE_HEADERS, "Set-Cookie", CANARY);
  wf_exchange_add_header (exchange, WF_EXCHANGE_RESPONSE_HEADERS, "Location", "https://a.example.org/?code=" CANARY);
  wf_exchange_set_answer (exchange, body);

  g_assert_cmpstr (exchange->uri, ==, "https://id.example.org/a?state=" MASKED);
  g_assert_cmpstr (exchange->request_headers, ==, "Authorization: Basic …\nAccept: text/plain\n");
  g_assert_cmpstr (exchange->request_body, ==, "grant_type=refresh_token\nrefresh_token=" MASKED "\nclient_secret=…\n");
  g_assert_cmpstr (exchange->response_headers, ==, "Set-Cookie: …\nLocation: https://a.example.org/?code=" MASKED "\n");
  g_assert_null (strstr (exchange->response_body, CANARY));

  assert_secret (exchange, WF_EXCHANGE_REQUEST_URI, "state", MASKED, CANARY);
  assert_secret (exchange, WF_EXCHANGE_REQUEST_HEADERS, "authorization", "Basic …", "Basic " CANARY);
  assert_secret (exchange, WF_EXCHANGE_REQUEST_BODY, "refresh_token", MASKED, CANARY);
  assert_secret (exchange, WF_EXCHANGE_REQUEST_BODY, "client_secret", "…", "a&b");
  assert_secret (exchange, WF_EXCHANGE_RESPONSE_HEADERS, "Set-Cookie", "…", CANARY);
  assert_secret (exchange, WF_EXCHANGE_RESPONSE_HEADERS, "code", MASKED, CANARY);
  assert_secret (exchange, WF_EXCHANGE_RESPONSE_BODY, "access_token", MASKED, CANARY);
  /* A digit that the server sent is not taken for the place of another secret. */
  assert_secret (exchange, WF_EXCHANGE_RESPONSE_BODY, "userToken", "…", "0");
  g_assert_null (wf_exchange_find_secret (exchange, WF_EXCHANGE_REQUEST_BODY, "grant_type", "refresh_token", 0));
  g_assert_null (wf_exchange_find_secret (exchange, WF_EXCHANGE_REQUEST_URI, "state", MASKED, 1));

  wf_exchange_forget_secrets (exchange);
  g_assert_null (wf_exchange_find_secret (exchange, WF_EXCHANGE_REQUEST_BODY, "refresh_token", MASKED, 0));
}

static void
test_secrets_are_bounded (void)
{
  g_autoptr (WfExchange) exchange = wf_exchange_new ();
  g_autofree char *long_text = g_strnfill (64 * 1024, 'a');
  g_autoptr (WfSecretValue) secret = wf_secret_new (long_text, -1);

  wf_exchange_keep_secret (exchange, WF_EXCHANGE_REQUEST_BODY, "long", "…", secret);
  g_assert_cmpuint (exchange->secrets->len, ==, 0);
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (WfSecretValue) one = wf_secret_new ("x", -1);

      wf_exchange_keep_secret (exchange, WF_EXCHANGE_REQUEST_BODY, "short", "…", one);
    }
  g_assert_cmpuint (exchange->secrets->len, ==, 32);
  g_assert_nonnull (wf_exchange_find_secret (exchange, WF_EXCHANGE_REQUEST_BODY, "short", "…", 31));
}

static void
test_exchange (void)
{
  WfExchange *exchange = wf_exchange_new ();

  g_assert_cmpint (exchange->duration_us, ==, -1);
  g_assert_cmpint (exchange->tls_us, ==, -1);
  g_assert_cmpuint (exchange->status, ==, 0);
  exchange->what = g_strdup ("token endpoint");
  g_assert_true (wf_exchange_ref (exchange) == exchange);
  wf_exchange_unref (exchange);
  g_assert_cmpstr (exchange->what, ==, "token endpoint");
  wf_exchange_unref (exchange);
  wf_exchange_unref (NULL);
}

static void
on_changed (WfFlow *flow,
            guint  *count)
{
  (*count)++;
}

static void
test_flow (void)
{
  g_autoptr (WfFlow) flow = wf_flow_new ("Sign-in", 42);
  g_autoptr (WfExchange) exchange = wf_exchange_new ();
  const WfFlowStep *step;
  guint count = 0;

  g_signal_connect (flow, "changed", G_CALLBACK (on_changed), &count);
  wf_flow_add (flow, WF_LANE_WARIFU, WF_LANE_SERVER, "POST /token", "detail", FALSE, 43, exchange);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpstr (wf_flow_get_title (flow), ==, "Sign-in");
  g_assert_cmpint (wf_flow_get_started_at (flow), ==, 42);
  g_assert_false (wf_flow_get_failed (flow));

  step = wf_flow_get_step (flow, 0);
  g_assert_cmpint (step->from, ==, WF_LANE_WARIFU);
  g_assert_cmpint (step->to, ==, WF_LANE_SERVER);
  g_assert_cmpstr (step->title, ==, "POST /token");
  g_assert_cmpstr (step->detail, ==, "detail");
  g_assert_cmpint (step->time, ==, 43);
  g_assert_true (step->exchange == exchange);

  wf_flow_add (flow, WF_LANE_WARIFU, WF_LANE_WARIFU, "state matches", NULL, TRUE, 44, NULL);
  g_assert_true (wf_flow_get_failed (flow));
  g_assert_cmpuint (wf_flow_get_n_steps (flow), ==, 2);
}

static void
test_flow_append (void)
{
  g_autoptr (WfFlow) flow = wf_flow_new ("Refresh", 0);
  g_autoptr (WfFlow) record = wf_flow_new ("", 0);
  g_autoptr (WfExchange) exchange = wf_exchange_new ();
  g_autoptr (WfSecretValue) secret = wf_secret_new (CANARY, -1);

  wf_exchange_keep_secret (exchange, WF_EXCHANGE_REQUEST_BODY, "code", MASKED, secret);
  wf_flow_add (record, WF_LANE_WARIFU, WF_LANE_SERVER, "GET /", NULL, FALSE, 1, exchange);
  wf_flow_add (record, WF_LANE_SERVER, WF_LANE_WARIFU, "No answer", "why", TRUE, 2, exchange);
  wf_flow_append (flow, record, TRUE);
  g_assert_cmpuint (wf_flow_get_n_steps (flow), ==, 2);
  g_assert_true (wf_flow_get_step (flow, 1)->failed);
  g_assert_false (wf_flow_get_failed (flow));
  wf_flow_append (flow, record, FALSE);
  g_assert_true (wf_flow_get_failed (flow));
  wf_flow_append (flow, record, TRUE);
  g_assert_true (wf_flow_get_failed (flow));

  wf_flow_forget_secrets (flow);
  g_assert_cmpuint (exchange->secrets->len, ==, 0);
}

static void
test_flow_is_bounded (void)
{
  g_autoptr (WfFlow) flow = wf_flow_new ("Refresh", 0);

  for (guint i = 0; i < 100; i++)
    wf_flow_add (flow, WF_LANE_WARIFU, WF_LANE_SERVER, "retry", NULL, FALSE, i, NULL);
  wf_flow_add (flow, WF_LANE_SERVER, WF_LANE_WARIFU, "refused", NULL, TRUE, 100, NULL);
  wf_flow_add (flow, WF_LANE_SERVER, WF_LANE_WARIFU, "refused again", NULL, TRUE, 101, NULL);

  g_assert_cmpuint (wf_flow_get_n_steps (flow), ==, 64);
  g_assert_cmpstr (wf_flow_get_step (flow, 63)->title, ==, "refused");
  g_assert_true (wf_flow_get_failed (flow));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/exchange/uri", test_uri);
  g_test_add_func ("/exchange/uri-hidden-secrets", test_uri_hidden_secrets);
  g_test_add_func ("/exchange/form", test_form);
  g_test_add_func ("/exchange/body", test_body);
  g_test_add_func ("/exchange/body-hidden-secrets", test_body_hidden_secrets);
  g_test_add_func ("/exchange/body-plain", test_body_plain);
  g_test_add_func ("/exchange/body-no-json", test_body_no_json);
  g_test_add_func ("/exchange/body-is-cut", test_body_is_cut);
  g_test_add_func ("/exchange/secrets-are-kept", test_secrets_are_kept);
  g_test_add_func ("/exchange/secrets-are-bounded", test_secrets_are_bounded);
  g_test_add_func ("/exchange/ref", test_exchange);
  g_test_add_func ("/flow/steps", test_flow);
  g_test_add_func ("/flow/append", test_flow_append);
  g_test_add_func ("/flow/is-bounded", test_flow_is_bounded);

  return g_test_run ();
}
