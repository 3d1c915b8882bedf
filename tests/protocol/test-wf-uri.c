/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "wf-error.h"
#include "wf-uri.h"

static void
test_loopback (void)
{
  static const char *const yes[] = { "127.0.0.1", "127.0.0.2", "127.255.255.254", "localhost", "LOCALHOST", "::1", "0:0:0:0:0:0:0:1", "0::1" };
  static const char *const no[] = {
    "", "128.0.0.1", "126.255.255.255", "10.0.0.1", "0.0.0.0", "::", "::2", "::ffff:127.0.0.1", "fe80::1", "127.1", "127.0.1",
    "127", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.01", "127.0.0.1.", "127.0.0.1.evil.example", "localhost.", "localhost.evil.example",
    "evil.localhost", "notlocalhost", "[::1]", "127.0.0.1 ", " 127.0.0.1", "example.org", "127.0.0.256", "ip6-localhost",
  };

  for (guint i = 0; i < G_N_ELEMENTS (yes); i++)
    if (!wf_uri_host_is_loopback (yes[i]))
      g_error ("no loopback: %s", yes[i]);
  for (guint i = 0; i < G_N_ELEMENTS (no); i++)
    if (wf_uri_host_is_loopback (no[i]))
      g_error ("loopback: %s", no[i]);
  g_assert_false (wf_uri_host_is_loopback (NULL));
}

/* Refused as an endpoint and as an issuer. */
static const char *const bad_web_uris[] = {
  "http://id.example.org/token",
  "http://127.1/token",
  "http://2130706433/token",
  "http://0x7f.0.0.1/token",
  "http://0.0.0.0/token",
  "http://[::]/token",
  "http://[::ffff:127.0.0.1]/token",
  "http://localhost.evil.example/token",
  "http://localhost@evil.example/token",
  "http://127.0.0.1@evil.example/token",
  "http://evil.localhost/token",
  "https:///token",
  "https://:8443/token",
  "https://user@id.example.org/token",
  "https://user:password@id.example.org/token",
  "https://@id.example.org/token",
  "https://id.example.org/token#fragment",
  "https://id.example.org/token#",
  "https://id.example.org:/token",
  "https://id.example.org:0/token",
  "https://id.example.org:65536/token",
  "https://id.example.org:999999/token",
  "https://id.example.org:80a/token",
  "https://id.example.org:-1/token",
  "https://id.example.org:8080:8081/token",
  "https://id..example.org/token",
  "https://.id.example.org/token",
  "https://id.example.org./token",
  "https://id.exam%70le.org/token",
  "https://id.example.org%2f@evil.example/token",
  "https://[::1/token",
  "https://[::1]x/token",
  "https://[]/token",
  "https://[v1.x]/token",
  "https://[fe80::1%25eth0]/token",
  "https://[127.0.0.1]/token",
  "https://::1/token",
  "https://id.example.org,evil.example/token",
  "https://id$example.org/token",
  "ftp://id.example.org/token",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "data:text/html,x",
  "urn:example:token",
  "httpss://id.example.org/token",
  "ws://id.example.org/token",
};

/* No URI at all, or not in the characters of one. */
static const char *const no_uris[] = {
  "",
  " ",
  "id.example.org",
  "//id.example.org/token",
  "/token",
  "token",
  "?a",
  "#a",
  "://id.example.org",
  "1https://id.example.org",
  " https://id.example.org",
  "https://id.example.org ",
  "https://id.example.org/a b",
  "https://id.example.org/\n",
  "https://id.example.org/\r\nHost: evil",
  "https://id.example.org/\t",
  "https://id.example.org/\x01",
  "https://id.example.org/\x7f",
  "https://id.example.org\\@evil.example/",
  "https:\\\\id.example.org\\token",
  "https://id.example.org/<script>",
  "https://id.example.org/\"",
  "https://id.example.org/{a}",
  "https://id.example.org/|",
  "https://id.example.org/^",
  "https://id.example.org/`",
  "https://id.example.org/%",
  "https://id.example.org/%4",
  "https://id.example.org/%zz",
  "https://b\xc3\xbc" "cher.example/",
  "https://id.example.org/\xc3\xa9",
  "https://id.example.org/\xff",
  "https://id.example.org\xe3\x80\x82" "evil.example/",
};

static void
test_endpoint (void)
{
  static const char *const good[] = {
    "https://id.example.org/token",
    "https://id.example.org",
    "https://id.example.org/",
    "HTTPS://ID.EXAMPLE.ORG/Token",
    "https://id.example.org:8443/token",
    "https://id.example.org/token?tenant=1&x=%20",
    "https://id_under.example.org/token",
    "https://192.0.2.1/token",
    "https://[2001:db8::1]/token",
    "https://[2001:db8::1]:8443/token",
    "https://xn--bcher-kva.example/token",
    "https://intranet/token",
    "http://127.0.0.1/token",
    "http://127.0.0.1:49152/token",
    "http://127.8.9.10:1/token",
    "http://localhost:8080/token",
    "http://[::1]:8080/token",
    "http://LOCALHOST/token",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      wf_uri_check_endpoint (good[i], "token_endpoint", &error);
      g_assert_no_error (error);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad_web_uris) + G_N_ELEMENTS (no_uris); i++)
    {
      const char *uri = i < G_N_ELEMENTS (bad_web_uris) ? bad_web_uris[i] : no_uris[i - G_N_ELEMENTS (bad_web_uris)];
      g_autoptr (GError) error = NULL;

      if (wf_uri_check_endpoint (uri, "token_endpoint", &error))
        g_error ("accepted: %s", uri);
      g_assert_error (error, WF_ERROR, WF_ERROR_INSECURE_ENDPOINT);
      g_assert_nonnull (strstr (error->message, "token_endpoint"));
    }
  g_assert_false (wf_uri_check_endpoint (NULL, "token_endpoint", NULL));
}

static void
test_issuer (void)
{
  static const char *const good[] = {
    "https://id.example.org", "https://id.example.org/", "https://id.example.org/realms/a", "https://id.example.org:8443/x/",
    "http://127.0.0.1:9000", "http://localhost:9000/", "http://[::1]:9000", "https://tenant.eu.auth0.com/",
  };
  g_autoptr (GError) query_error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      wf_uri_check_issuer (good[i], &error);
      g_assert_no_error (error);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad_web_uris); i++)
    {
      g_autoptr (GError) error = NULL;

      if (wf_uri_check_issuer (bad_web_uris[i], &error))
        g_error ("accepted: %s", bad_web_uris[i]);
      g_assert_true (g_error_matches (error, WF_ERROR, WF_ERROR_INSECURE_ENDPOINT) ||
                     g_error_matches (error, WF_ERROR, WF_ERROR_USAGE));
    }

  for (guint i = 0; i < G_N_ELEMENTS (no_uris); i++)
    {
      g_autoptr (GError) error = NULL;

      if (wf_uri_check_issuer (no_uris[i], &error))
        g_error ("accepted: %s", no_uris[i]);
      g_assert_error (error, WF_ERROR, WF_ERROR_USAGE);
    }

  g_assert_false (wf_uri_check_issuer ("https://id.example.org/?a=b", &query_error));
  g_assert_error (query_error, WF_ERROR, WF_ERROR_INSECURE_ENDPOINT);
  g_assert_false (wf_uri_check_issuer ("https://id.example.org?", NULL));
  g_assert_false (wf_uri_check_issuer (NULL, NULL));
}

static void
test_length (void)
{
  g_autofree char *path = g_strnfill (WF_URI_MAX_BYTES, 'a');
  g_autofree char *longest = g_strdup_printf ("https://id.example.org/%.*s", WF_URI_MAX_BYTES - 23, path);
  g_autofree char *longer = g_strconcat (longest, "a", NULL);
  g_autofree char *label = g_strnfill (254, 'a');
  g_autofree char *long_host = g_strdup_printf ("https://%s/", label);

  g_assert_cmpuint (strlen (longest), ==, WF_URI_MAX_BYTES);
  g_assert_true (wf_uri_check_endpoint (longest, "x", NULL));
  g_assert_false (wf_uri_check_endpoint (longer, "x", NULL));
  g_assert_false (wf_uri_check_endpoint (long_host, "x", NULL));
}

static void
test_redirect (void)
{
  static const char *const good[] = {
    "io.github.warifu:/callback",
    "io.github.warifu://callback",
    "io.github.warifu://host/path?x=1",
    "io.github.warifu:callback",
    "com.example.app:/",
    "https://app.example.org/callback",
    "https://app.example.org",
    "https://app.example.org:8443/callback?tenant=1",
    "http://127.0.0.1/callback",
    "http://127.0.0.1:8400/callback",
    "http://localhost:8400/",
    "http://[::1]/callback",
    "https://app.example.org/a..b/.c/d.",
  };
  static const char *const bad[] = {
    "",
    "callback",
    "/callback",
    "warifu:/callback",
    "urn:ietf:wg:oauth:2.0:oob",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///callback",
    "about:blank",
    "mailto:alice@example.org",
    "io.github.warifu:",
    "io.github.warifu://",
    "io.github.warifu:/callback#",
    "io.github.warifu:/callback#a",
    "io.github.warifu://user@callback",
    "io.github.warifu:/a/../b",
    "http://app.example.org/callback",
    "http://127.0.0.1.evil.example/callback",
    "http://127.0.0.1@evil.example/callback",
    "http://0.0.0.0/callback",
    "https:///callback",
    "https://user@app.example.org/callback",
    "https://app.example.org/callback#x",
    "https://app.example.org/../callback",
    "https://app.example.org/a/./b",
    "https://app.example.org/a/..",
    "https://app.example.org/a/%2e%2E/b",
    "https://app.example.org/a/.%2e/b",
    "https://app.example.org/%2e",
    "https://app.example.org:0/callback",
    "https://app.example.org:x/callback",
    "https://app.example.org\\callback",
    "https://app.example.org/call back",
    "https://app.example.org/call\nback",
    "https://app.example.org/\xc3\xa9",
    " https://app.example.org/callback",
    "https:app.example.org/callback",
    "https:/app.example.org/callback",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      wf_uri_check_redirect (good[i], &error);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      if (wf_uri_check_redirect (bad[i], &error))
        g_error ("accepted: %s", bad[i]);
      g_assert_error (error, WF_ERROR, WF_ERROR_USAGE);
      g_assert_false (wf_uri_matches_redirect (bad[i], bad[i]));
    }
  g_assert_false (wf_uri_check_redirect (NULL, NULL));
}

static void
test_loopback_redirect (void)
{
  g_assert_true (wf_uri_is_loopback_redirect ("http://127.0.0.1/callback"));
  g_assert_true (wf_uri_is_loopback_redirect ("http://127.0.0.1:8400/callback"));
  g_assert_true (wf_uri_is_loopback_redirect ("http://localhost/"));
  g_assert_true (wf_uri_is_loopback_redirect ("http://[::1]:1/x"));
  g_assert_false (wf_uri_is_loopback_redirect ("https://127.0.0.1/callback"));
  g_assert_false (wf_uri_is_loopback_redirect ("https://app.example.org/callback"));
  g_assert_false (wf_uri_is_loopback_redirect ("http://app.example.org/callback"));
  g_assert_false (wf_uri_is_loopback_redirect ("io.github.warifu:/callback"));
  g_assert_false (wf_uri_is_loopback_redirect (NULL));
}

typedef struct
{
  const char *redirect_uri;
  const char *candidate;
} Pair;

static void
test_matches (void)
{
  static const Pair pairs[] = {
    { "https://app.example.org/cb", "https://app.example.org/cb" },
    { "https://app.example.org/cb", "https://app.example.org/cb?code=1&state=2" },
    { "https://app.example.org/cb", "https://app.example.org/cb#code=1" },
    { "https://app.example.org/cb", "https://app.example.org/cb?code=1#x" },
    { "https://app.example.org/cb", "https://app.example.org/cb?" },
    { "https://app.example.org/cb", "HTTPS://app.example.org/cb?code=1" },
    { "HTTPS://app.example.org/cb", "https://app.example.org/cb?code=1" },
    { "https://app.example.org/cb", "https://app.example.org/cb?error_description=DOMAIN\\user" },
    { "https://app.example.org/cb", "https://app.example.org/cb?next=https://evil.example/@x" },
    { "https://app.example.org/cb", "https://app.example.org/cb?%00%ff" },
    { "https://app.example.org/cb?tenant=1", "https://app.example.org/cb?tenant=1" },
    { "https://app.example.org/cb?tenant=1", "https://app.example.org/cb?tenant=1&code=2" },
    { "https://app.example.org/cb?tenant=1", "https://app.example.org/cb?tenant=1#x" },
    { "https://app.example.org/cb?", "https://app.example.org/cb?code=2" },
    { "https://app.example.org:8443/cb", "https://app.example.org:8443/cb?code=1" },
    { "https://app.example.org/a%2Fb", "https://app.example.org/a%2Fb?code=1" },
    { "https://xn--bcher-kva.example/cb", "https://xn--bcher-kva.example/cb?code=1" },
    { "http://127.0.0.1:8400/callback", "http://127.0.0.1:8400/callback?code=1" },
    { "http://[::1]:8400/callback", "http://[::1]:8400/callback?code=1" },
    { "io.github.warifu:/callback", "io.github.warifu:/callback?code=1" },
    { "io.github.warifu:/callback", "IO.GitHub.warifu:/callback?code=1" },
    { "io.github.warifu://callback", "io.github.warifu://callback?code=1" },
    { "io.github.warifu:callback", "io.github.warifu:callback?code=1" },
    /* what a browser makes of the redirect URI's own spelling */
    { "https://app.example.org", "https://app.example.org/?code=1" },
    { "https://app.example.org", "https://app.example.org?code=1" },
    { "https://app.example.org?tenant=1", "https://app.example.org/?tenant=1&code=2" },
    { "https://App.Example.org/cb", "https://app.example.org/cb?code=1" },
    { "https://App.Example.org/cb", "https://App.Example.org/cb?code=1" },
    { "https://app.example.org:443/cb", "https://app.example.org/cb?code=1" },
    { "http://127.0.0.1:80/cb", "http://127.0.0.1/cb?code=1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (!wf_uri_matches_redirect (pairs[i].redirect_uri, pairs[i].candidate))
      g_error ("no match: %s, %s", pairs[i].redirect_uri, pairs[i].candidate);
}

/* Catalogue 10: what looks like https://app.example.org/cb and is not. */
static const char *const lookalikes[] = {
  "",
  "/",
  "/cb",
  "cb",
  "?code=1",
  "about:blank",
  "http://app.example.org/cb?code=1",
  "ftp://app.example.org/cb?code=1",
  "httpss://app.example.org/cb?code=1",
  "javascript:https://app.example.org/cb",
  "view-source:https://app.example.org/cb",
  "blob:https://app.example.org/cb",
  "data:text/html,https://app.example.org/cb",
  "file://app.example.org/cb",
  "io.github.warifu:/cb?code=1",
  /* host */
  "https://app.example.org.evil.example/cb?code=1",
  "https://app.example.orgevil/cb",
  "https://evilapp.example.org/cb",
  "https://evil.app.example.org/cb",
  "https://example.org/cb",
  "https://app.example.com/cb",
  "https://app.example.org.:443/cb",
  "https://app.example.org./cb",
  "https://APP.example.org/cb",
  "https://app.example.ORG/cb",
  "https://app%2eexample.org/cb",
  "https://app.example%2eorg/cb",
  "https://%61pp.example.org/cb",
  "https://app.ex\xd0\xb0mple.org/cb",
  "https://app\xe3\x80\x82.example.org/cb",
  "https://app.example.org\xe2\x80\xae/cb",
  "https://app.example.org\xc2\xad/cb",
  "https://[app.example.org]/cb",
  "https://app.example.org,evil.example/cb",
  "https://app.example.org;evil.example/cb",
  "https://app.example.org%00.evil.example/cb",
  "https://app.example.org%2fcb",
  "https://app.example.org%2f@evil.example/cb",
  "https://app.example.org%5c@evil.example/cb",
  "https://app.example.org%23@evil.example/cb",
  /* user information */
  "https://app.example.org@evil.example/cb",
  "https://app.example.org:443@evil.example/cb",
  "https://app.example.org/cb@evil.example",
  "https://user@app.example.org/cb",
  "https://user:password@app.example.org/cb",
  "https://@app.example.org/cb",
  "https://:@app.example.org/cb",
  "https://evil.example@app.example.org/cb",
  "https://evil.example#@app.example.org/cb",
  "https://evil.example?@app.example.org/cb",
  "https://evil.example/@app.example.org/cb",
  "https://evil.example/https://app.example.org/cb",
  "https://evil.example/?u=https://app.example.org/cb",
  "https://evil.example/#https://app.example.org/cb",
  "https://evil.example\\@app.example.org/cb",
  /* port */
  "https://app.example.org:8443/cb",
  "https://app.example.org:443/cb",
  "https://app.example.org:0443/cb",
  "https://app.example.org:/cb",
  "https://app.example.org:80/cb",
  "https://app.example.org:0/cb",
  "https://app.example.org:65979/cb",
  /* path */
  "https://app.example.org",
  "https://app.example.org/",
  "https://app.example.org?code=1",
  "https://app.example.org/c",
  "https://app.example.org/cb/",
  "https://app.example.org/cb/?code=1",
  "https://app.example.org/cbx",
  "https://app.example.org/cb/x",
  "https://app.example.org/cb/../x",
  "https://app.example.org/cb/..",
  "https://app.example.org/x/../cb",
  "https://app.example.org/./cb",
  "https://app.example.org//cb",
  "https://app.example.org/cb//",
  "https://app.example.org/cb/.",
  "https://app.example.org/%2e/cb",
  "https://app.example.org/%2e%2e/cb",
  "https://app.example.org/c%62",
  "https://app.example.org/%63b",
  "https://app.example.org/CB",
  "https://app.example.org/cb%20",
  "https://app.example.org/cb%00",
  "https://app.example.org/cb%3Fcode=1",
  "https://app.example.org/cb%23",
  "https://app.example.org/cb;code=1",
  "https://app.example.org/cb;/../x",
  "https://app.example.org/cb&code=1",
  "https://app.example.org/cb\xc3\xa9",
  "https://app.example.org/cb\xff",
  /* slashes */
  "https:/app.example.org/cb",
  "https:app.example.org/cb",
  "https:///app.example.org/cb",
  "https:////app.example.org/cb",
  "https:\\\\app.example.org\\cb",
  "https:/\\app.example.org/cb",
  "https://app.example.org\\cb",
  "https://app.example.org/cb\\",
  "https://app.example.org/cb\\?code=1",
  "https://app.example.org\\.evil.example/cb",
  "https://app.example.org\\@evil.example/cb",
  "//app.example.org/cb",
  "\\\\app.example.org\\cb",
  "://app.example.org/cb",
  /* white space and control characters */
  " https://app.example.org/cb",
  "\thttps://app.example.org/cb",
  "\nhttps://app.example.org/cb",
  "https://app.example.org/cb\n",
  "https://app.example.org/cb ",
  "https://app.example.org/cb\r\nHost: evil",
  "https://app.example.org/c\tb",
  "https://app.exa\nmple.org/cb",
  "https://app.example.org/cb\x01",
  "https://app.example.org/cb?code=1\n",
  "https://app.example.org/cb?co\tde=1",
  "https://app.example.org/cb?code=1\x7f",
  "https://app.example.org/cb#\r\n",
  "ht\ntps://app.example.org/cb",
  "\xef\xbb\xbfhttps://app.example.org/cb",
};

static void
test_lookalikes (void)
{
  static const char *const redirect_uris[] = {
    "https://app.example.org/cb",
    "https://app.example.org/cb?x=1",
  };

  for (guint j = 0; j < G_N_ELEMENTS (redirect_uris); j++)
    for (guint i = 0; i < G_N_ELEMENTS (lookalikes); i++)
      if (wf_uri_matches_redirect (redirect_uris[j], lookalikes[i]))
        g_error ("match: %s", lookalikes[i]);

  g_assert_false (wf_uri_matches_redirect ("https://app.example.org/cb", NULL));
  g_assert_false (wf_uri_matches_redirect (NULL, "https://app.example.org/cb"));
}

static void
test_other_lookalikes (void)
{
  static const Pair pairs[] = {
    /* the query of the redirect URI */
    { "https://app.example.org/cb?tenant=1", "https://app.example.org/cb" },
    { "https://app.example.org/cb?tenant=1", "https://app.example.org/cb?" },
    { "https://app.example.org/cb?tenant=1", "https://app.example.org/cb?tenant=12&code=1" },
    { "https://app.example.org/cb?tenant=1", "https://app.example.org/cb?code=1&tenant=1" },
    { "https://app.example.org/cb?tenant=1", "https://app.example.org/cb?Tenant=1" },
    { "https://app.example.org/cb?tenant=1", "https://app.example.org/cb?tenant=1;code=1" },
    { "https://app.example.org/cb?tenant=1", "https://app.example.org/cb#tenant=1" },
    { "https://app.example.org/cb?", "https://app.example.org/cb" },
    /* loopback: another port, another name of this computer */
    { "http://127.0.0.1:8400/callback", "http://127.0.0.1:8401/callback" },
    { "http://127.0.0.1:8400/callback", "http://127.0.0.1/callback" },
    { "http://127.0.0.1:8400/callback", "http://localhost:8400/callback" },
    { "http://127.0.0.1:8400/callback", "http://[::1]:8400/callback" },
    { "http://127.0.0.1:8400/callback", "http://127.0.0.2:8400/callback" },
    { "http://127.0.0.1:8400/callback", "http://127.1:8400/callback" },
    { "http://127.0.0.1:8400/callback", "http://0x7f000001:8400/callback" },
    { "http://127.0.0.1:8400/callback", "https://127.0.0.1:8400/callback" },
    { "http://127.0.0.1:8400/callback", "http://127.0.0.1:84000/callback" },
    { "http://127.0.0.1/callback", "http://127.0.0.1:80/callback" },
    { "http://[::1]/callback", "http://[0::1]/callback" },
    /* schemes of our own */
    { "io.github.warifu:/callback", "io.github.warifu:callback" },
    { "io.github.warifu:/callback", "io.github.warifu://callback" },
    { "io.github.warifu:/callback", "io.github.warifu:///callback" },
    { "io.github.warifu:/callback", "io.github.warifu:/callback/" },
    { "io.github.warifu:/callback", "io.github.warifu:/Callback" },
    { "io.github.warifu:/callback", "io.github.warifu:/call%62ack" },
    { "io.github.warifu:/callback", "io.github.warifux:/callback" },
    { "io.github.warifu:/callback", "io.github.warif:/callback" },
    { "io.github.warifu:/callback", "io-github-warifu:/callback" },
    { "io.github.warifu:/callback", "io.github.warifu/callback" },
    { "io.github.warifu:/callback", "https:/callback" },
    { "io.github.warifu://callback", "io.github.warifu://callback/" },
    { "io.github.warifu://callback", "io.github.warifu://Callback" },
    { "io.github.warifu://callback", "io.github.warifu://user@callback" },
    { "io.github.warifu://callback", "io.github.warifu://callback:1" },
    { "io.github.warifu://callback/a", "io.github.warifu://callback\\a" },
    /* a browser's spelling of another place */
    { "https://app.example.org/", "https://app.example.org?code=1" },
    { "https://app.example.org", "https://app.example.org/x?code=1" },
    { "https://app.example.org", "https://app.example.org:443/?code=1" },
    { "https://App.Example.org/cb", "https://APP.example.org/cb?code=1" },
    { "https://App.Example.org/cb", "https://app.example.org/CB?code=1" },
    { "https://app.example.org:443/cb", "https://app.example.org:8443/cb?code=1" },
    { "https://app.example.org:80/cb", "https://app.example.org/cb?code=1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (wf_uri_matches_redirect (pairs[i].redirect_uri, pairs[i].candidate))
      g_error ("match: %s, %s", pairs[i].redirect_uri, pairs[i].candidate);
}

/* Any one byte changed in scheme, host, port or path is no match, but for the scheme's case. */
static void
test_every_byte (void)
{
  static const char redirect_uri[] = "https://app.example.org:8443/cb/a";
  const gsize length = strlen (redirect_uri);

  for (gsize i = 0; i < length; i++)
    for (guint c = 1; c < 256; c++)
      {
        g_autofree char *candidate = g_strconcat (redirect_uri, "?code=1", NULL);
        gboolean same = (guchar) redirect_uri[i] == c ||
                        (i < 5 && g_ascii_tolower ((char) c) == redirect_uri[i]);

        candidate[i] = (char) c;
        g_assert_true (wf_uri_matches_redirect (redirect_uri, candidate) == same);
      }
}

static void
test_large_candidate (void)
{
  g_autofree char *code = g_strnfill (1024 * 1024, 'a');
  g_autofree char *candidate = g_strconcat ("https://app.example.org/cb?code=", code, NULL);

  /* It is captured, so that it is not loaded, and refused when it is read. */
  g_assert_true (wf_uri_matches_redirect ("https://app.example.org/cb", candidate));
}

static void
test_origin (void)
{
  static const struct
  {
    const char *uri;
    const char *origin;
    const char *host;
  } cases[] = {
    { "https://id.example.org/authorize?x", "https://id.example.org", "id.example.org" },
    { "HTTPS://ID.Example.ORG/", "https://id.example.org", "id.example.org" },
    { "https://id.example.org:443/", "https://id.example.org", "id.example.org" },
    { "https://id.example.org:8443/", "https://id.example.org:8443", "id.example.org" },
    { "http://id.example.org:80", "http://id.example.org", "id.example.org" },
    { "http://127.0.0.1:8080/x", "http://127.0.0.1:8080", "127.0.0.1" },
    { "http://[::1]:8080/x", "http://[::1]:8080", "::1" },
    { "https://user:secret@id.example.org/", "https://id.example.org", "id.example.org" },
    { "https://id.example.org@evil.example/", "https://evil.example", "evil.example" },
    { "https://b\xc3\xbc" "cher.example/", "https://xn--bcher-kva.example", "xn--bcher-kva.example" },
    { "https://xn--bcher-kva.example/", "https://xn--bcher-kva.example", "xn--bcher-kva.example" },
    /* Catalogue 64: Cyrillic a and p */
    { "https://\xd1\x80\xd0\xb0ypal.example/", "https://xn--ypal-43d9g.example", "xn--ypal-43d9g.example" },
    { "https://id.example.org./", "https://id.example.org.", "id.example.org." },
    { "https://id.example.org/{a}|b", "https://id.example.org", "id.example.org" },
    { "about:blank", NULL, NULL },
    { "data:text/html,x", NULL, NULL },
    { "file:///etc/passwd", NULL, NULL },
    { "javascript:alert(1)", NULL, NULL },
    { "https:///x", NULL, NULL },
    { "id.example.org", NULL, NULL },
    { "", NULL, NULL },
    { "https://exa mple.org/", NULL, NULL },
    { "https://exa%6dple.org/", NULL, NULL },
    { "https://\xff.example/", NULL, NULL },
    { "https://evil\xe2\x80\xae.example/", NULL, NULL },
    { "https://a\nb.example/", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *origin = wf_uri_get_origin (cases[i].uri);
      g_autofree char *host = wf_uri_get_display_host (cases[i].uri);

      g_assert_cmpstr (origin, ==, cases[i].origin);
      g_assert_cmpstr (host, ==, cases[i].host);
    }
  g_assert_null (wf_uri_get_origin (NULL));
  g_assert_null (wf_uri_get_display_host (NULL));
  g_assert_null (wf_uri_get_origin ("https://id.example.org:x/"));
}

static void
test_issuer_from_input (void)
{
  static const struct
  {
    const char *input;
    const char *issuer;
    gboolean    is_domain;
  } cases[] = {
    { "tenant.eu.auth0.com", "https://tenant.eu.auth0.com", TRUE },
    { "tenant.eu.auth0.com/", "https://tenant.eu.auth0.com", TRUE },
    { "  tenant.eu.auth0.com\n", "https://tenant.eu.auth0.com", TRUE },
    { "Tenant.EU.Auth0.com", "https://tenant.eu.auth0.com", TRUE },
    { "id.example.org:8443", "https://id.example.org:8443", TRUE },
    { "b\xc3\xbc" "cher.example", "https://xn--bcher-kva.example", TRUE },
    { "intranet", "https://intranet", TRUE },
    { "localhost:3000", "http://localhost:3000", TRUE },
    { "127.0.0.1:3000", "http://127.0.0.1:3000", TRUE },
    { "[::1]:3000", "http://[::1]:3000", TRUE },
    { "id.example.org/realms/a", "https://id.example.org/realms/a", FALSE },
    { "id.example.org/realms/a/", "https://id.example.org/realms/a/", FALSE },
    { "https://id.example.org", "https://id.example.org", FALSE },
    { "https://id.example.org/", "https://id.example.org/", FALSE },
    { "https://ID.example.org/", "https://ID.example.org/", FALSE },
    { " https://id.example.org/realms/a ", "https://id.example.org/realms/a", FALSE },
    { "http://localhost:3000", "http://localhost:3000", FALSE },
    { "https://id.example.org/.well-known/openid-configuration", "https://id.example.org", TRUE },
    { "id.example.org/.well-known/openid-configuration", "https://id.example.org", TRUE },
    { "http://127.0.0.1:3000/.well-known/openid-configuration", "http://127.0.0.1:3000", TRUE },
    { "https://id.example.org/realms/a/.well-known/openid-configuration", "https://id.example.org/realms/a", FALSE },
    { "https://id.example.org/.well-known/oauth-authorization-server", "https://id.example.org", TRUE },
    { "https://id.example.org/.well-known/oauth-authorization-server/realms/a", "https://id.example.org/realms/a", FALSE },
    { "https://id.example.org/.well-known/openid-configuration/realms/a", "https://id.example.org/realms/a", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean is_domain = !cases[i].is_domain;
      g_autofree char *issuer = wf_uri_issuer_from_input (cases[i].input, &is_domain, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (issuer, ==, cases[i].issuer);
      g_assert_true (is_domain == cases[i].is_domain);
    }
}

static void
test_wrong_input (void)
{
  static const struct
  {
    const char *input;
    WfError     code;
  } cases[] = {
    { "", WF_ERROR_USAGE },
    { "   ", WF_ERROR_USAGE },
    { "/", WF_ERROR_USAGE },
    { "hello world", WF_ERROR_USAGE },
    { "alice@example.org", WF_ERROR_USAGE },
    { "https:/id.example.org", WF_ERROR_USAGE },
    { "https://", WF_ERROR_USAGE },
    { "://id.example.org", WF_ERROR_USAGE },
    { "id.example.org?x", WF_ERROR_USAGE },
    { "id.example.org:port", WF_ERROR_USAGE },
    { "id..example.org", WF_ERROR_USAGE },
    { "mailto:alice@example.org", WF_ERROR_USAGE },
    { "\xff", WF_ERROR_USAGE },
    { "http://id.example.org", WF_ERROR_INSECURE_ENDPOINT },
    { "http://id.example.org/.well-known/openid-configuration", WF_ERROR_INSECURE_ENDPOINT },
    { "https://id.example.org/?x", WF_ERROR_INSECURE_ENDPOINT },
    { "https://id.example.org/#x", WF_ERROR_INSECURE_ENDPOINT },
    { "https://user@id.example.org", WF_ERROR_INSECURE_ENDPOINT },
    { "ftp://id.example.org", WF_ERROR_INSECURE_ENDPOINT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean is_domain = TRUE;

      if (wf_uri_issuer_from_input (cases[i].input, &is_domain, &error))
        g_error ("accepted: %s", cases[i].input);
      if (!g_error_matches (error, WF_ERROR, (int) cases[i].code))
        g_error ("%s: %s", cases[i].input, error->message);
      g_assert_false (is_domain);
    }
}

static void
test_discovery (void)
{
  static const struct
  {
    const char *issuer;
    const char *document;
  } cases[] = {
    { "https://id.example.org", "https://id.example.org/.well-known/openid-configuration" },
    { "https://id.example.org/", "https://id.example.org/.well-known/openid-configuration" },
    { "https://id.example.org/realms/a", "https://id.example.org/realms/a/.well-known/openid-configuration" },
    { "https://id.example.org/realms/a/", "https://id.example.org/realms/a/.well-known/openid-configuration" },
    { "https://id.example.org//", "https://id.example.org//.well-known/openid-configuration" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *document = wf_uri_get_discovery (cases[i].issuer);

      g_assert_cmpstr (document, ==, cases[i].document);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/uri/loopback", test_loopback);
  g_test_add_func ("/uri/endpoint", test_endpoint);
  g_test_add_func ("/uri/issuer", test_issuer);
  g_test_add_func ("/uri/length", test_length);
  g_test_add_func ("/uri/redirect", test_redirect);
  g_test_add_func ("/uri/loopback-redirect", test_loopback_redirect);
  g_test_add_func ("/uri/matches", test_matches);
  g_test_add_func ("/uri/lookalikes", test_lookalikes);
  g_test_add_func ("/uri/other-lookalikes", test_other_lookalikes);
  g_test_add_func ("/uri/every-byte", test_every_byte);
  g_test_add_func ("/uri/large-candidate", test_large_candidate);
  g_test_add_func ("/uri/origin", test_origin);
  g_test_add_func ("/uri/issuer-from-input", test_issuer_from_input);
  g_test_add_func ("/uri/wrong-input", test_wrong_input);
  g_test_add_func ("/uri/discovery", test_discovery);

  return g_test_run ();
}
