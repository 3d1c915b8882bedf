/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-preset.h"

#include "wf-expect.h"

#include <string.h>

#define HEAD "[Preset]\nName=Example\nClientHint=Look there.\n"
#define DOMAIN "[Field domain]\nTitle=Domain\nExample=id.example.org\nKind=server\n"
#define REALM "[Field realm]\nTitle=Realm\nExample=staff\n"
#define WHOLE HEAD "Note=Mind the gap.\n" DOMAIN REALM "[Account]\nIssuer={domain}/realms/{realm}\nScope=openid\n"

static WfPreset *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  WfPreset *preset = wf_preset_parse ("example", text, strlen (text), &error);

  g_assert_no_error (error);
  return preset;
}

static void
assert_issuer (const char *domain,
               const char *realm,
               const char *issuer)
{
  g_autoptr (WfPreset) preset = parse (WHOLE);
  g_autoptr (WfAccount) account = wf_account_new ();
  const char *values[] = { domain, realm };
  g_autoptr (GError) error = NULL;

  g_assert_true (wf_preset_fill (preset, values, account, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (account->issuer, ==, issuer);
}

static void
test_parse (void)
{
  g_autoptr (WfPreset) preset = parse (WHOLE);
  const WfPresetField *domain = preset->fields->pdata[0];
  const WfPresetField *realm = preset->fields->pdata[1];

  g_assert_cmpstr (preset->id, ==, "example");
  g_assert_cmpstr (preset->name, ==, "Example");
  g_assert_cmpstr (preset->client_hint, ==, "Look there.");
  g_assert_cmpstr (preset->note, ==, "Mind the gap.");
  g_assert_cmpuint (preset->fields->len, ==, 2);
  g_assert_cmpstr (domain->name, ==, "domain");
  g_assert_cmpstr (domain->title, ==, "Domain");
  g_assert_cmpstr (domain->example, ==, "id.example.org");
  g_assert_null (domain->standard);
  g_assert_true (domain->is_server);
  g_assert_false (realm->is_server);
  g_assert_cmpstr (preset->account->issuer, ==, "{domain}/realms/{realm}");
}

static void
test_what_is_refused (void)
{
  static const char *const wrong[] = {
    "",
    "no key file",
    "[Preset]\nName=Example\n",
    "[Preset]\nClientHint=Look there.\n",
    HEAD "[Field domain]\nTitle=Domain\n",
    HEAD "[Field domain]\nExample=id.example.org\n",
    HEAD "[Account]\nIssuer={domain}\n",
    HEAD DOMAIN "[Account]\nIssuer={domain}/{realm}\n",
    HEAD "[Account]\nIssuer=http://id.example.org\n",
    HEAD "[Account]\nIssuer=https://id.example.org\nParameters=state=mine;\n",
    HEAD "[Account]\nIssuer=https://id.example.org\nAuthMethod=password\n",
    HEAD DOMAIN "[Account]\nIssuer={domain}\n[Endpoints]\nToken={domain}/token\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", wrong[i]);
      g_assert_null (wf_preset_parse ("example", wrong[i], strlen (wrong[i]), &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_INVALID_ACCOUNT);
    }
}

static void
test_fill (void)
{
  assert_issuer ("id.example.org", "staff", "https://id.example.org/realms/staff");
  /* What is copied from elsewhere comes with more or less around it. */
  assert_issuer ("https://id.example.org/", "staff", "https://id.example.org/realms/staff");
  assert_issuer (" id.example.org// ", " staff ", "https://id.example.org/realms/staff");
  assert_issuer ("id.example.org:8443/auth", "staff", "https://id.example.org:8443/auth/realms/staff");
  assert_issuer ("http://127.0.0.1:8080", "staff", "http://127.0.0.1:8080/realms/staff");
  /* A realm is one segment of a path, whatever is in it. */
  assert_issuer ("id.example.org", "a b/../c?d#e", "https://id.example.org/realms/a%20b%2F..%2Fc%3Fd%23e");
}

static void
test_missing_and_wrong (void)
{
  static const char *const values[][2] = {
    { NULL, "staff" }, { "id.example.org", NULL }, { "", "staff" }, { "  ", "staff" },
    { "id.example.org/{realm}", "staff" }, { "id.example.org", "{domain}" },
  };
  g_autoptr (WfPreset) preset = parse (WHOLE);

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (WfAccount) account = wf_account_new ();
      g_autoptr (WfAccount) before = wf_account_copy (account);
      g_autoptr (GError) error = NULL;

      g_assert_false (wf_preset_fill (preset, values[i], account, &error));
      g_assert_error (error, WF_ERROR, WF_ERROR_USAGE);
      g_assert_true (wf_account_equal (account, before));
    }
}

static void
test_default (void)
{
  g_autoptr (WfPreset) preset = parse (HEAD "[Field domain]\nTitle=Server\nExample=git.example.org\nDefault=git.example.org\nKind=server\n"
                                            "[Account]\nIssuer={domain}\n");
  g_autoptr (WfAccount) account = wf_account_new ();

  g_assert_true (wf_preset_fill (preset, NULL, account, NULL));
  g_assert_cmpstr (account->issuer, ==, "https://git.example.org");
}

/* What is the person's stays; what another preset left goes. */
static void
test_settings (void)
{
  g_autoptr (WfPreset) by_hand = parse (HEAD DOMAIN "[Account]\nIssuer={domain}\nScope=user\nAuthMethod=client_secret_post\n"
                                                    "Parameters=prompt=consent;\nReuseLeeway=true\nRedirectUri=http://127.0.0.1/callback\n"
                                                    "[Endpoints]\nAuthorization={domain}/a\nToken={domain}/t\n");
  g_autoptr (WfPreset) plain = parse (HEAD);
  g_autoptr (WfAccount) account = wf_account_new ();
  const char *values[] = { "git.example.org" };

  wf_account_set (&account->name, "Work");
  wf_account_set (&account->client_id, "4711");
  wf_account_set (&account->proxy, "http://proxy.example.org");
  g_assert_true (wf_preset_fill (by_hand, values, account, NULL));
  g_assert_cmpstr (account->name, ==, "Work");
  g_assert_cmpstr (account->client_id, ==, "4711");
  g_assert_cmpstr (account->proxy, ==, "http://proxy.example.org");
  g_assert_cmpstr (account->scope, ==, "user");
  g_assert_cmpstr (account->params[0], ==, "prompt=consent");
  g_assert_cmpint (account->auth_method, ==, WF_AUTH_METHOD_POST);
  g_assert_true (account->reuse_leeway);
  g_assert_cmpstr (account->redirect_uri, ==, "http://127.0.0.1/callback");
  g_assert_cmpstr (account->authorization_endpoint, ==, "https://git.example.org/a");
  g_assert_cmpstr (account->token_endpoint, ==, "https://git.example.org/t");

  g_assert_true (wf_preset_fill (plain, NULL, account, NULL));
  g_assert_cmpstr (account->issuer, ==, "https://git.example.org");
  g_assert_null (account->authorization_endpoint);
  g_assert_null (account->params);
  g_assert_null (account->redirect_uri);
  g_assert_cmpstr (account->scope, ==, WF_ACCOUNT_DEFAULT_SCOPE);
  g_assert_cmpint (account->auth_method, ==, WF_AUTH_METHOD_NONE);
  g_assert_false (account->reuse_leeway);
}

static void
assert_read (const char *preset_text,
             const char *issuer,
             const char *expected)
{
  g_autoptr (WfPreset) preset = parse (preset_text);
  g_auto (GStrv) values = wf_preset_read_values (preset, issuer);
  g_autofree char *list = values ? g_strjoinv ("|", values) : NULL;

  g_assert_cmpstr (list, ==, expected);
}

static void
test_read_values (void)
{
  const char *slash = HEAD DOMAIN "[Account]\nIssuer={domain}/\n";

  assert_read (WHOLE, "https://id.example.org/realms/staff", "id.example.org|staff");
  assert_read (WHOLE, "https://id.example.org:8443/auth/realms/a%20b%2Fc", "id.example.org:8443/auth|a b/c");
  assert_read (WHOLE, "http://127.0.0.1:8080/realms/staff", "http://127.0.0.1:8080|staff");
  assert_read (slash, "https://id.example.org/", "id.example.org");
  /* Another one, or not quite. */
  assert_read (WHOLE, "https://id.example.org", NULL);
  assert_read (WHOLE, "https://id.example.org/realms/", NULL);
  assert_read (WHOLE, "https://id.example.org/realms/staff/", NULL);
  assert_read (WHOLE, "https://id.example.org/realms/staff\n", NULL);
  assert_read (WHOLE, "https://id.example.org/realms/a b", NULL);
  assert_read (slash, "https://id.example.org", NULL);
  assert_read (slash, "", NULL);
  assert_read (HEAD, "https://id.example.org", NULL);
}

static void
test_field_check (void)
{
  static const struct
  {
    const char *kind;
    const char *value;
    int         code; /* -1: good */
  } cases[] = {
    { "server", "id.example.org", -1 },
    { "server", " https://id.example.org/auth/ ", -1 },
    { "server", "http://127.0.0.1:8080", -1 },
    { "server", "", WF_ERROR_USAGE },
    { "server", "id example", WF_ERROR_USAGE },
    { "server", "id.example.org/{x}", WF_ERROR_USAGE },
    { "server", "http://id.example.org", WF_ERROR_INSECURE_ENDPOINT },
    { "server", "https://alice@id.example.org", WF_ERROR_INSECURE_ENDPOINT },
    { "server", "id.example.org?x=y", WF_ERROR_INSECURE_ENDPOINT },
    { "", "staff", -1 },
    { "", "仕事 1", -1 },
    { "", "a/b", WF_ERROR_USAGE },
    { "", "a?b", WF_ERROR_USAGE },
    { "uuid", "8eaef023-2b34-4da1-9baa-8bc8c9d6a490", -1 },
    { "uuid", "example.onmicrosoft.com", WF_ERROR_USAGE },
    { "uuid", "common", WF_ERROR_USAGE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      WfPresetField field = { .name = (char *) "x", .title = (char *) "Title", .example = (char *) "example",
                              .is_server = g_str_equal (cases[i].kind, "server"), .is_uuid = g_str_equal (cases[i].kind, "uuid") };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].value);
      g_assert_cmpint (wf_preset_field_check (&field, cases[i].value, &error), ==, cases[i].code < 0);
      if (cases[i].code >= 0)
        g_assert_error (error, WF_ERROR, cases[i].code);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/preset/parse", test_parse);
  g_test_add_func ("/preset/what-is-refused", test_what_is_refused);
  g_test_add_func ("/preset/fill", test_fill);
  g_test_add_func ("/preset/missing-and-wrong", test_missing_and_wrong);
  g_test_add_func ("/preset/default", test_default);
  g_test_add_func ("/preset/read-values", test_read_values);
  g_test_add_func ("/preset/field-check", test_field_check);
  g_test_add_func ("/preset/settings", test_settings);
  return g_test_run ();
}
