/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-target.h"

#include "wf-error.h"
#include "wf-token-response.h"
#include "wf-token-set.h"

static const guint statuses[] = { 200, 201, 204, 302, 400, 401, 403, 429, 500, 503 };
static const char *const content_types[] = { "application/json", "application/problem+json", "text/html", NULL };

/* What was taken in can be stored and read back. */
static void
check_store (const WfTokenResponse *response)
{
  g_autoptr (WfTokenSet) set = wf_token_set_new ();
  g_autoptr (WfTokenSet) again = NULL;
  g_autoptr (SecretValue) document = NULL;
  g_autoptr (GError) error = NULL;

  wf_token_set_apply (set, response, NULL, TRUE, 1795353600);
  wf_token_set_apply (set, response, "other", FALSE, 1795353601);
  document = wf_token_set_serialize (set, &error);
  if (!document)
    {
      g_assert_error (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE);
      return;
    }
  again = wf_token_set_parse (document, &error);
  g_assert_no_error (error);
  g_assert_true (wf_secret_equal (again->refresh_token, set->refresh_token));
  g_assert_true (wf_secret_equal (wf_token_set_get_access_token (again, NULL)->token, response->access_token));
}

/* The first byte chooses status and media type. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (WfTokenResponse) response = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) check_error = NULL;
  const char *content_type;
  guint status;

  if (size == 0)
    return 0;

  status = statuses[data[0] % G_N_ELEMENTS (statuses)];
  content_type = content_types[data[0] / G_N_ELEMENTS (statuses) % G_N_ELEMENTS (content_types)];
  body = g_bytes_new (data + 1, size - 1);

  wf_response_check ("userinfo", status, content_type, -1, body, &check_error);
  response = wf_token_response_parse (status, content_type, (gint64) size - 2, body, &error);
  g_assert_true ((response == NULL) == (error != NULL));
  if (error)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_nonnull (wf_error_get_name (error));
      return 0;
    }

  g_assert_cmpuint (status / 100, ==, 2);
  g_assert_nonnull (response->access_token);
  g_assert_cmpint (response->expires_in, >=, -1);
  g_assert_cmpint (response->refresh_expires_in, >=, -1);
  check_store (response);

  return 0;
}
