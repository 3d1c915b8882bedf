/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-share.h"

#include "wf-expect.h"

#include <string.h>

#define DOCUMENT                                                                                     \
  "{\"issuer\":\"https://id.example.org\",\"authorization_endpoint\":\"https://id.example.org/a\"," \
  "\"token_endpoint\":\"https://id.example.org/t\"%s}"

static WfAccount *
make_account (void)
{
  WfAccount *account = wf_account_new ();
  const char *resources[] = { "https://a.example.org", "https://b.example.org/x;y", NULL };
  const char *params[] = { "prompt=login", "claims={\"a\":1}", NULL };

  wf_account_set (&account->name, "Work / 仕事");
  wf_account_set (&account->issuer, "https://id.example.org");
  wf_account_set (&account->client_id, "4711");
  wf_account_set (&account->audience, "https://api.example.org");
  wf_account_set (&account->ca_file, "/etc/ca.pem");
  account->resources = g_strdupv ((char **) resources);
  account->params = g_strdupv ((char **) params);
  account->auth_method = WF_AUTH_METHOD_POST;
  account->refresh_policy = WF_REFRESH_EVERY;
  account->refresh_seconds = 600;
  account->reuse_leeway = TRUE;
  return account;
}

/* All but the id comes back; neither it nor that an administrator provides the account is in the file. */
static void
test_round_trip (void)
{
  g_autoptr (WfAccount) account = make_account ();
  g_autoptr (WfAccount) back = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  account->read_only = TRUE;
  text = wf_account_export (account);
  g_assert_true (g_str_has_prefix (text, "[Account]\n"));
  g_assert_null (strstr (text, account->id));
  back = wf_account_import (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->id, !=, account->id);
  g_assert_true (g_uuid_string_is_valid (back->id));
  g_assert_false (back->read_only);
  account->read_only = FALSE;
  wf_account_set (&back->id, account->id);
  g_assert_true (wf_account_equal (account, back));
}

static void
test_no_two_have_the_same_id (void)
{
  g_autoptr (WfAccount) account = make_account ();
  g_autofree char *text = wf_account_export (account);
  g_autoptr (WfAccount) one = wf_account_import (text, strlen (text), NULL);
  g_autoptr (WfAccount) other = wf_account_import (text, strlen (text), NULL);

  g_assert_cmpstr (one->id, !=, other->id);
}

static void
test_what_is_refused (void)
{
  static const char *const wrong[] = {
    "",
    "[Account]\n",
    "{\"issuer\":\"https://id.example.org\"}",
    "[Account]\nName=a\nIssuer=http://id.example.org\nClientId=b\n",
    "[Account]\nName=a\nIssuer=https://id.example.org\n",
    "[Account]\nName=a\nIssuer=https://id.example.org\nClientId=b\nParameters=state=mine;\n",
    "[Account]\nName=a\nIssuer=https://id.example.org\nClientId=b\nCaFile=ca.pem\n",
    "[Account]\nName=a\nIssuer=https://id.example.org\nClientId=b\nProxy=http://alice:password@proxy.example.org\n",
    "[Account]\nName=a\nIssuer=https://id.example.org\nClientId=b\nRedirectUri=javascript:alert(1)\n",
    "[Account]\nName=a\nIssuer=https://id.example.org\nClientId=b\n[Endpoints]\nToken=http://id.example.org/t\n",
    "[Account]\nName=a\xff\nIssuer=https://id.example.org\nClientId=b\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", wrong[i]);
      g_assert_null (wf_account_import (wrong[i], strlen (wrong[i]), &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT);
    }
}

static void
test_too_long (void)
{
  g_autoptr (GString) text = g_string_new ("[Account]\nName=a\nIssuer=https://id.example.org\nClientId=b\n# ");
  g_autoptr (GError) error = NULL;

  while (text->len <= WF_ACCOUNT_FILE_MAX_BYTES)
    g_string_append_c (text, 'x');
  g_assert_null (wf_account_import (text->str, text->len, &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT);
}

static void
test_file_name (void)
{
  static const struct
  {
    const char *name;
    const char *file_name;
  } cases[] = {
    { "Work", "Work.warifu" },
    { "Work / 仕事", "Work - 仕事.warifu" },
    { "../../etc/passwd", "account..-..-etc-passwd.warifu" },
    { ".hidden", "account.hidden.warifu" },
    { "a\\b:c*d?e\"f<g>h|i", "a-b-c-d-e-f-g-h-i.warifu" },
    { "two\nlines", "two-lines.warifu" },
    { NULL, "account.warifu" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WfAccount) account = wf_account_new ();
      g_autofree char *file_name = NULL;

      account->name = g_strdup (cases[i].name);
      file_name = wf_account_make_file_name (account);
      g_assert_cmpstr (file_name, ==, cases[i].file_name);
    }
}

static void
test_long_file_name (void)
{
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autofree char *file_name = NULL;
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = 0; i < 200; i++)
    g_string_append (name, "仕");
  wf_account_set (&account->name, name->str);
  file_name = wf_account_make_file_name (account);
  g_assert_cmpuint (strlen (file_name), <=, 255);
  g_assert_true (g_utf8_validate (file_name, -1, NULL));
}

static void
test_reliances (void)
{
  g_autoptr (WfAccount) account = make_account ();
  g_autoptr (WfAccount) plain = wf_account_new ();
  g_auto (GStrv) sentences = NULL;
  g_auto (GStrv) none = wf_account_list_reliances (plain);

  wf_account_set (&account->proxy, "http://proxy.example.org:3128/%s%n");
  wf_account_set (&account->client_certificate, "/srv/client.pem");
  sentences = wf_account_list_reliances (account);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_cmpuint (g_strv_length (sentences), ==, 3);
  g_assert_nonnull (strstr (sentences[0], "/etc/ca.pem"));
  g_assert_nonnull (strstr (sentences[1], "/srv/client.pem"));
  g_assert_nonnull (strstr (sentences[2], "http://proxy.example.org:3128/%s%n"));
}

static void
test_told_by_content (void)
{
  static const struct
  {
    const char *text;
    gboolean    is_share;
  } cases[] = {
    { "[Account]\nName=a\n", TRUE },
    { "\n# Ours\n\n# [Other]\n[Account]\n", TRUE },
    { "[Endpoints]\nToken=https://id.example.org\n[Account]\n", TRUE },
    { "[Account]", TRUE },
    { "[Accoun", FALSE },
    { "", FALSE },
    { "# only this", FALSE },
    { "[Desktop Entry]\nName=[Account]\n", FALSE },
    { "{\"keys\":[]}", FALSE },
    { "eyJhbGciOiJub25lIn0.e30.", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (wf_account_is_share (cases[i].text, strlen (cases[i].text)), ==, cases[i].is_share);
    }
  /* No byte after the last is looked at. */
  g_assert_false (wf_account_is_share ("[Account]", 8));
  g_assert_false (wf_account_is_share (NULL, 0));
}

static void
test_unknown_keys (void)
{
  static const char text[] = "[Account]\nName=a\nIssuer=https://id.example.org\nClientId=b\nClientSecret=canary\nAuthMethod=none\n"
                             "RefreshPolicy=on-demand\nParameters=a=b;\nKeepCookies=true\n"
                             "[Endpoints]\nToken=https://id.example.org/t\nIssuer=x\n[Later]\na=b\n";
  g_auto (GStrv) unknown = wf_account_list_unknown (text, strlen (text));
  g_auto (GStrv) nothing = wf_account_list_unknown ("no key file", 11);
  g_autoptr (WfAccount) account = make_account ();
  g_autofree char *own = wf_account_export (account);
  g_auto (GStrv) own_unknown = wf_account_list_unknown (own, strlen (own));
  g_autofree char *list = g_strjoinv (" ", unknown);

  g_assert_cmpstr (list, ==, "ClientSecret Issuer Later");
  g_assert_cmpuint (g_strv_length (nothing), ==, 0);
  g_assert_cmpuint (g_strv_length (own_unknown), ==, 0);
}

static WfAccount *
import_document (const char *more)
{
  g_autofree char *json = g_strdup_printf (DOCUMENT, more);
  g_autoptr (GError) error = NULL;
  g_autoptr (WfProviderMetadata) metadata =
    wf_provider_metadata_parse ("https://id.example.org", FALSE, FALSE, json, strlen (json), &error);

  g_assert_no_error (error);
  return wf_account_new_for_provider (metadata, "4711");
}

static void
test_from_provider (void)
{
  g_autoptr (WfAccount) silent = import_document ("");
  g_autoptr (WfAccount) telling = import_document (",\"scopes_supported\":[\"openid\",\"email\",\"repo\"]");
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (silent->name, ==, "id.example.org");
  g_assert_cmpstr (silent->issuer, ==, "https://id.example.org");
  g_assert_cmpstr (silent->client_id, ==, "4711");
  g_assert_cmpstr (silent->scope, ==, WF_ACCOUNT_DEFAULT_SCOPE);
  g_assert_null (silent->authorization_endpoint);
  g_assert_true (wf_account_check (silent, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (telling->scope, ==, "openid email");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account-share/round-trip", test_round_trip);
  g_test_add_func ("/account-share/no-two-have-the-same-id", test_no_two_have_the_same_id);
  g_test_add_func ("/account-share/what-is-refused", test_what_is_refused);
  g_test_add_func ("/account-share/too-long", test_too_long);
  g_test_add_func ("/account-share/file-name", test_file_name);
  g_test_add_func ("/account-share/long-file-name", test_long_file_name);
  g_test_add_func ("/account-share/reliances", test_reliances);
  g_test_add_func ("/account-share/told-by-content", test_told_by_content);
  g_test_add_func ("/account-share/unknown-keys", test_unknown_keys);
  g_test_add_func ("/account-share/from-provider", test_from_provider);
  return g_test_run ();
}
