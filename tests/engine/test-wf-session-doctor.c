/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-test-world.h"

#include "wf-doctor.h"
#include "wf-expect.h"
#include "wf-person.h"

static char *
format_time (gint64 time,
             gint64 now)
{
  return g_strdup (time <= now ? "before" : "later");
}

static GPtrArray *
diagnose (WfSession    *session,
          GCancellable *cancellable,
          GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_diagnose_async (session, format_time, cancellable, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_diagnose_finish (session, result, error);
}

static const WfFinding *
find (GPtrArray  *findings,
      const char *name)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const WfFinding *finding = g_ptr_array_index (findings, i);

      if (g_str_equal (finding->name, name))
        return finding;
    }
  return NULL;
}

static const WfFinding *
get (GPtrArray  *findings,
     const char *name)
{
  const WfFinding *finding = find (findings, name);

  if (!finding)
    g_error ("There is no finding “%s”", name);
  return finding;
}

static void
test_well (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = diagnose (world->session, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (get (findings, "state")->severity, ==, WF_FINDING_OK);
  g_assert_cmpint (get (findings, "refresh_token")->severity, ==, WF_FINDING_OK);
  g_assert_cmpint (get (findings, "discovery")->severity, ==, WF_FINDING_OK);
  g_assert_cmpint (get (findings, "keys")->severity, ==, WF_FINDING_OK);
  g_assert_nonnull (wf_session_get_metadata (world->session));
  /* a look changes nothing */
  g_assert_cmpuint (world_count_refreshes (world), ==, 0);
}

/* The refusal, and what the history tells of it. */
static void
test_refused (void)
{
  const WfDemoFault refusal = { .status = 400, .body = "{\"error\":\"invalid_grant\"}", .content_type = "application/json" };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GPtrArray) findings = NULL;

  wf_demo_server_set_fault (world->server, "token", &refusal);
  g_assert_false (world_refresh (world->session, WF_CAUSE_BY_HAND, NULL));
  world_advance (world, 7200);
  findings = diagnose (world->session, NULL, NULL);
  g_assert_cmpint (get (findings, "state")->severity, ==, WF_FINDING_PROBLEM);
  g_assert_cmpint (get (findings, "refused")->severity, ==, WF_FINDING_PROBLEM);
  g_assert_nonnull (strstr (get (findings, "refused")->sentence, "before"));
}

static void
test_never (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (GPtrArray) findings = diagnose (world->session, NULL, NULL);

  g_assert_nonnull (find (findings, "never_signed_in"));
}

static void
test_provider_fails (void)
{
  const WfDemoFault down = { .status = 503, .body = "" };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (GPtrArray) findings = NULL;

  wf_demo_server_set_fault (world->server, "discovery", &down);
  findings = diagnose (world->session, NULL, NULL);
  g_assert_cmpint (get (findings, "server_error")->severity, ==, WF_FINDING_PROBLEM);
  g_assert_null (find (findings, "keys"));
}

static void
test_cancelled (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (diagnose (world->session, cancellable, &error));
  assert_error_name (error, "cancelled");
}

/* --- signatures --- */

static WfVerification *
check (WfSession *session,
       WfJwt     *jwt,
       GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_check_signature_async (session, jwt, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_check_signature_finish (session, result, error);
}

static WfJwt *
get_id_token (WfSession *session)
{
  return wf_jwt_parse (secret_value_get_text (wf_session_get_tokens (session)->id_token), -1, NULL);
}

/* After the process has begun again nobody has the keys, until they are asked for. */
static void
test_signature (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfJwt) jwt = get_id_token (world->session);
  g_autoptr (WfVerification) known = wf_session_peek_signature (world->session, jwt);
  g_autoptr (WfVerification) checked = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (known->verdict, ==, WF_JWS_VERIFIED);
  world_restart (world);
  g_assert_true (world_load (world->session, NULL));
  g_assert_null (wf_session_peek_signature (world->session, jwt));
  checked = check (world->session, jwt, &error);
  g_assert_no_error (error);
  g_assert_cmpint (checked->verdict, ==, WF_JWS_VERIFIED);
  g_assert_nonnull (wf_session_get_metadata (world->session));
}

static void
test_signature_fails (void)
{
  const WfDemoFault down = { .status = 503, .body = "" };
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  g_autoptr (WfJwt) jwt = get_id_token (world->session);

  world_restart (world);
  g_assert_true (world_load (world->session, NULL));
  wf_demo_server_set_fault (world->server, "discovery", &down);
  wf_expect_error (check (world->session, jwt, &err), WF_ERROR_SERVER_ERROR);
}

/* What was said of the ID token is said again. */
static void
test_checks_come_back (void)
{
  g_autoptr (World) world = world_new_signed_in (WORLD_PLAIN);
  GPtrArray *checks;

  world_restart (world);
  g_assert_true (world_load (world->session, NULL));
  world_advance (world, 86400);
  checks = wf_session_get_checks (world->session);
  g_assert_nonnull (checks);
  g_assert_cmpuint (checks->len, >=, 5);
  for (guint i = 0; i < checks->len; i++)
    g_assert_true (((WfCheck *) g_ptr_array_index (checks, i))->passed);
}

static void
test_no_checks (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);

  g_assert_null (wf_session_get_checks (world->session));
}

/* --- the person --- */

static void
test_person (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfPerson) nobody = wf_session_get_person (world->session);
  g_autoptr (WfPerson) person = NULL;

  g_assert_null (nobody->name);
  g_assert_null (nobody->subject);
  wf_session_learn_person (world->session);
  world_settle (world);
  g_assert_cmpuint (wf_demo_server_count (world->server, NULL), ==, 0);
  world_sign_in (world);
  person = wf_session_get_person (world->session);
  g_assert_nonnull (person->subject);
}

static void
drop_name (const char *what,
           JsonObject *object,
           gpointer    user_data)
{
  static const char *const names[] = { "name", "preferred_username", "nickname" };

  for (gsize i = 0; i < G_N_ELEMENTS (names) && g_str_equal (what, "id_token"); i++)
    if (json_object_has_member (object, names[i]))
      json_object_remove_member (object, names[i]);
}

/* Whom the ID token does not name the userinfo endpoint is asked for, once, and nobody else learns of it. */
static void
test_learn (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autoptr (WfPerson) before = NULL;
  g_autoptr (WfPerson) after = NULL;
  g_autoptr (WfPerson) gone = NULL;
  NotifyCounter counter;

  wf_demo_server_set_filter (world->server, drop_name, NULL, NULL);
  world_sign_in (world);
  before = wf_session_get_person (world->session);
  g_assert_null (before->name);
  notify_counter_begin (&counter, world->session, "person");
  wf_session_learn_person (world->session);
  wf_session_learn_person (world->session);
  world_wait_for (counter.count > 0);
  after = wf_session_get_person (world->session);
  g_assert_nonnull (after->name);
  wf_session_learn_person (world->session);
  world_settle (world);
  g_assert_cmpuint (wf_demo_server_count (world->server, "userinfo"), ==, 1);
  g_assert_cmpuint (counter.count, ==, 1);
  wf_sign_out_report_free (world_sign_out (world->session, TRUE, NULL));
  gone = wf_session_get_person (world->session);
  g_assert_null (gone->name);
}

static void
test_own_picture (void)
{
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autofree char *own = g_strdup_printf ("%s/picture.png", world->account->issuer);

  g_assert_true (wf_session_is_own_picture (world->session, own));
  g_assert_false (wf_session_is_own_picture (world->session, "https://pictures.example.org/a.png"));
  g_assert_false (wf_session_is_own_picture (world->session, "not an address"));
  g_assert_false (wf_session_is_own_picture (world->session, NULL));
}

static GBytes *
get_picture (WfSession  *session,
             const char *uri,
             GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  wf_session_get_picture_async (session, uri, NULL, wf_await_cb, &result);
  wf_await (&result);
  return wf_session_get_picture_finish (session, result, error);
}

static void
test_picture (void)
{
  const WfDemoFault text = { .body = "<svg/>", .content_type = "image/svg+xml" };
  const WfDemoFault liar = { .body = "<html>no picture</html>", .content_type = "image/png" };
  const WfDemoFault gone = { .status = 404, .body = "" };
  g_autoptr (World) world = world_new (WORLD_PLAIN);
  g_autofree char *own = g_strdup_printf ("%s/picture.png", world->account->issuer);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = get_picture (world->session, own, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 100);
  wf_demo_server_set_fault (world->server, "picture", &text);
  wf_expect_error (get_picture (world->session, own, &err), WF_ERROR_UNEXPECTED_CONTENT_TYPE);
  wf_demo_server_set_fault (world->server, "picture", &liar);
  wf_expect_error (get_picture (world->session, own, &err), WF_ERROR_UNEXPECTED_CONTENT_TYPE);
  wf_demo_server_set_fault (world->server, "picture", &gone);
  wf_expect_error (get_picture (world->session, own, &err), WF_ERROR_UNEXPECTED_CONTENT_TYPE);
  wf_expect_error (get_picture (world->session, "http://pictures.example.org/a.png", &err), WF_ERROR_INSECURE_ENDPOINT);
  wf_expect_error (get_picture (world->session, "file:///etc/passwd", &err), WF_ERROR_INSECURE_ENDPOINT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/doctor/well", test_well);
  g_test_add_func ("/session/doctor/refused", test_refused);
  g_test_add_func ("/session/doctor/never", test_never);
  g_test_add_func ("/session/doctor/provider-fails", test_provider_fails);
  g_test_add_func ("/session/doctor/cancelled", test_cancelled);
  g_test_add_func ("/session/signature/after-restart", test_signature);
  g_test_add_func ("/session/signature/fails", test_signature_fails);
  g_test_add_func ("/session/signature/checks-come-back", test_checks_come_back);
  g_test_add_func ("/session/signature/no-checks", test_no_checks);
  g_test_add_func ("/session/person/known", test_person);
  g_test_add_func ("/session/person/learn", test_learn);
  g_test_add_func ("/session/person/own-picture", test_own_picture);
  g_test_add_func ("/session/person/picture", test_picture);
  return g_test_run ();
}
