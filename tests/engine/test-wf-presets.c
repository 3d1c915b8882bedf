/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-presets.h"

#include <string.h>
#include "wf-error.h"

#define PRESETS_FOLDER "../data/presets"

static void
fill (const char  *id,
      const char  *first,
      const char  *second,
      WfAccount   *account)
{
  g_autoptr (GPtrArray) presets = wf_presets_load ();
  g_autoptr (GError) error = NULL;
  g_autoptr (WfPreset) preset = wf_presets_find (presets, id, &error);
  const char *values[] = { first, second };

  g_assert_no_error (error);
  g_assert_cmpuint (preset->fields->len, <=, G_N_ELEMENTS (values));
  wf_account_set (&account->name, "a");
  wf_account_set (&account->client_id, "c");
  g_assert_true (wf_preset_fill (preset, values, account, &error));
  g_assert_no_error (error);
  g_assert_true (wf_account_check (account, NULL, &error));
  g_assert_no_error (error);
}

/* Every file is in the resource, and can be used. */
static void
test_all_files (void)
{
  g_autoptr (GPtrArray) presets = wf_presets_load ();
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, PRESETS_FOLDER, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, ".conf"))
      {
        g_autofree char *id = g_strndup (name, strlen (name) - strlen (".conf"));
        g_autoptr (GError) error = NULL;
        g_autoptr (WfPreset) preset = wf_presets_find (presets, id, &error);

        g_assert_no_error (error);
        n++;
      }
  g_assert_cmpuint (n, ==, presets->len);
  g_assert_cmpuint (n, >=, 8);
}

static void
test_order (void)
{
  g_autoptr (GPtrArray) presets = wf_presets_load ();

  g_assert_cmpstr (((WfPreset *) presets->pdata[0])->id, ==, WF_PRESET_GENERIC);
  for (guint i = 2; i < presets->len; i++)
    g_assert_cmpint (g_utf8_collate (((WfPreset *) presets->pdata[i - 1])->name, ((WfPreset *) presets->pdata[i])->name), <, 0);
}

static void
test_find (void)
{
  g_autoptr (GPtrArray) presets = wf_presets_load ();
  g_autoptr (WfPreset) by_id = wf_presets_find (presets, "entra", NULL);
  g_autoptr (WfPreset) by_name = wf_presets_find (presets, "microsoft entra id", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (by_id);
  g_assert_true (by_id == by_name);
  g_assert_null (wf_presets_find (presets, "bogus", &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_USAGE);
}

static void
test_issuers (void)
{
  static const struct
  {
    const char *id;
    const char *first;
    const char *second;
    const char *issuer;
  } cases[] = {
    /* The slash is a part of its name: another spelling is another issuer. */
    { "auth0", "tenant.eu.auth0.com", NULL, "https://tenant.eu.auth0.com/" },
    { "okta", "https://example.okta.com/", NULL, "https://example.okta.com" },
    { "okta", "example.okta.com/oauth2/default", NULL, "https://example.okta.com/oauth2/default" },
    { "keycloak", "id.example.org", "staff", "https://id.example.org/realms/staff" },
    { "entra", "8eaef023-2b34-4da1-9baa-8bc8c9d6a490", NULL,
      "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0" },
    { "google", NULL, NULL, "https://accounts.google.com" },
    { "gitlab", NULL, NULL, "https://gitlab.com" },
    { "gitlab", "git.example.org", NULL, "https://git.example.org" },
    { "github", NULL, NULL, "https://github.com" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WfAccount) account = wf_account_new ();

      fill (cases[i].id, cases[i].first, cases[i].second, account);
      g_assert_cmpstr (account->issuer, ==, cases[i].issuer);
    }
}

static void
test_quirks (void)
{
  g_autoptr (WfAccount) google = wf_account_new ();
  g_autoptr (WfAccount) github = wf_account_new ();
  g_autoptr (WfAccount) okta = wf_account_new ();

  fill ("google", NULL, NULL, google);
  g_assert_true (g_strv_contains ((const char *const *) google->params, "access_type=offline"));
  g_assert_true (g_strv_contains ((const char *const *) google->params, "prompt=consent"));
  g_assert_null (strstr (google->scope, "offline_access"));
  g_assert_true (wf_account_is_confidential (google));

  fill ("github", NULL, NULL, github);
  g_assert_true (wf_account_has_manual_endpoints (github));
  g_assert_cmpstr (github->token_endpoint, ==, "https://github.com/login/oauth/access_token");
  g_assert_null (strstr (github->scope, "openid"));

  fill ("okta", "example.okta.com", NULL, okta);
  g_assert_true (okta->reuse_leeway);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/presets/all-files", test_all_files);
  g_test_add_func ("/presets/order", test_order);
  g_test_add_func ("/presets/find", test_find);
  g_test_add_func ("/presets/issuers", test_issuers);
  g_test_add_func ("/presets/quirks", test_quirks);
  return g_test_run ();
}
