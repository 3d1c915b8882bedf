/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-answer.h"
#include "wf-demo-client.h"
#include "wf-demo-context.h"
#include "wf-demo-pages.h"
#include "wf-demo-user.h"

#include "wf-base64url.h"
#include "wf-random.h"
#include "wf-scope.h"
#include "wf-secret.h"

#define SHA256_BYTES 32

/* Parameters that must not stand twice (RFC 6749 §3.1) */
static const char *const single_parameters[] = {
  "response_type", "response_mode", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "audience",
  "prompt", "max_age", "login_hint", "ui_locales", NULL,
};

/* The answer to the client, by way of the browser: RFC 6749 §4.1.2, with iss of RFC 9207 §2. */
static void
redirect (WfDemoContext     *context,
          SoupServerMessage *message,
          const char        *redirect_uri,
          const char        *state,
          WfForm            *answer)
{
  g_autoptr (WfWipedString) query = NULL;
  g_autoptr (WfWipedString) uri = NULL;

  wf_form_add (answer, "state", state);
  wf_form_add (answer, "iss", context->issuer);
  query = wf_form_encode (answer);
  uri = g_strconcat (redirect_uri, strchr (redirect_uri, '?') ? "&" : "?", query, NULL);
  wf_demo_answer_redirect (message, uri);
}

static void
redirect_error (WfDemoContext     *context,
                SoupServerMessage *message,
                const char        *redirect_uri,
                const char        *state,
                const char        *error,
                const char        *description)
{
  g_autoptr (WfForm) answer = wf_form_new ();

  wf_form_add (answer, "error", error);
  wf_form_add (answer, "error_description", description);
  redirect (context, message, redirect_uri, state, answer);
}

static gboolean
is_s256_challenge (const char *challenge)
{
  g_autoptr (GBytes) digest = challenge ? wf_base64url_decode (challenge, -1, NULL) : NULL;

  return digest && g_bytes_get_size (digest) == SHA256_BYTES;
}

/* Judges what may be told to the client. Returns: (nullable): an error of RFC 6749 §4.1.2.1 */
static const char *
check_request (const WfForm *form,
               const char  **description)
{
  const char *response_type = wf_form_lookup (form, "response_type");
  const char *response_mode = wf_form_lookup (form, "response_mode");
  const char *scope = wf_form_lookup (form, "scope");

  *description = "A parameter stands twice.";
  for (guint i = 0; single_parameters[i]; i++)
    if (wf_form_count (form, single_parameters[i]) > 1)
      return "invalid_request";

  *description = "Request objects are not supported.";
  if (wf_form_count (form, "request") > 0) /* OpenID Connect Core 1.0 §3.1.2.6 */
    return "request_not_supported";
  if (wf_form_count (form, "request_uri") > 0)
    return "request_uri_not_supported";

  *description = "Only response_type=code with response_mode=query is supported.";
  if (g_strcmp0 (response_type, "code") != 0)
    return response_type ? "unsupported_response_type" : "invalid_request";
  if (response_mode && strcmp (response_mode, "query") != 0)
    return "invalid_request";

  *description = "The scope is malformed.";
  if (scope && !wf_scope_check (scope, NULL))
    return "invalid_scope";

  *description = "A code_challenge with the method S256 is needed.";
  if (g_strcmp0 (wf_form_lookup (form, "code_challenge_method"), "S256") != 0 || /* RFC 7636 §4.4.1 */
      !is_s256_challenge (wf_form_lookup (form, "code_challenge")))
    return "invalid_request";
  return NULL;
}

/* RFC 8707 §2: absolute, without a fragment. Returns: (transfer full) (nullable) */
static char **
collect_resources (const WfForm *form)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < wf_form_get_length (form); i++)
    {
      const char *value = wf_form_get_value (form, i);

      if (g_strcmp0 (wf_form_get_name (form, i), "resource") != 0)
        continue;
      if (strchr (value, '#') || !g_uri_is_valid (value, G_URI_FLAGS_NONE, NULL))
        return NULL;
      g_strv_builder_add (builder, value);
    }
  return g_strv_builder_end (builder);
}

/* Of what was asked, what there is; the rest is left out silently (RFC 6749 §3.3). */
static char *
choose_scope (const char *asked)
{
  g_autofree char *all = g_strjoinv (" ", (char **) wf_demo_user_get_scopes ());
  g_auto (GStrv) unknown = wf_scope_subtract (asked ? asked : "", all);
  g_autofree char *unknown_text = g_strjoinv (" ", unknown);
  g_auto (GStrv) known = wf_scope_subtract (asked ? asked : "", unknown_text);

  return g_strjoinv (" ", known);
}

static gint64
read_max_age (const WfForm *form)
{
  const char *text = wf_form_lookup (form, "max_age");
  gint64 max_age = -1;

  if (text && !g_ascii_string_to_signed (text, 10, 0, G_MAXINT32, &max_age, NULL))
    return 0; /* what cannot be read asks for the strictest */
  return max_age;
}

static gboolean
has_prompt (const WfForm *form,
            const char   *value)
{
  return wf_scope_contains (wf_form_lookup (form, "prompt"), value);
}

static WfDemoTransaction *
make_transaction (const WfForm *form,
                  char        **resources)
{
  WfDemoTransaction *transaction = wf_demo_transaction_new ();
  const char *audience = wf_form_lookup (form, "audience");

  transaction->client_id = g_strdup (wf_form_lookup (form, "client_id"));
  transaction->redirect_uri = g_strdup (wf_form_lookup (form, "redirect_uri"));
  transaction->state = g_strdup (wf_form_lookup (form, "state"));
  transaction->nonce = g_strdup (wf_form_lookup (form, "nonce"));
  transaction->scope = choose_scope (wf_form_lookup (form, "scope"));
  transaction->audience = audience && *audience ? g_strdup (audience) : NULL;
  g_strfreev (transaction->resources);
  transaction->resources = resources;
  transaction->code_challenge = g_strdup (wf_form_lookup (form, "code_challenge"));
  transaction->max_age = read_max_age (form);
  transaction->fresh = has_prompt (form, "login");
  return transaction;
}

static gboolean
is_session_good (const WfDemoContext     *context,
                 const WfDemoTransaction *transaction,
                 const WfDemoSession     *session)
{
  if (!session || transaction->fresh)
    return FALSE;
  return transaction->max_age < 0 || wf_demo_context_now (context) - session->auth_time <= transaction->max_age;
}

/* Makes the grant and sends the browser back with a code for it. */
static void
approve (WfDemoContext           *context,
         SoupServerMessage       *message,
         const WfDemoTransaction *transaction,
         WfDemoSession           *session)
{
  gint64 now = wf_demo_context_now (context);
  g_autoptr (WfDemoGrant) grant = wf_demo_grant_new ();
  g_autoptr (WfWipedString) code = NULL;
  g_autoptr (WfForm) answer = wf_form_new ();

  grant->client_id = g_strdup (transaction->client_id);
  grant->user = g_strdup (session->user);
  grant->scope = g_strdup (transaction->scope);
  grant->audience = g_strdup (transaction->audience);
  g_strfreev (grant->resources);
  grant->resources = g_strdupv (transaction->resources);
  grant->nonce = g_strdup (transaction->nonce);
  grant->session_id = g_strdup (session->id);
  grant->auth_time = session->auth_time;
  grant->refresh_expires_at = now + context->options.refresh_lifetime;
  g_hash_table_replace (session->consents, g_strdup (transaction->client_id), g_strdup (transaction->scope));

  code = wf_demo_grants_issue_code (context->grants, grant, transaction->redirect_uri, transaction->code_challenge,
                                    now + context->options.code_lifetime);
  wf_form_add (answer, "code", code);
  redirect (context, message, transaction->redirect_uri, transaction->state, answer);
}

static WfDemoSession *
begin_session (WfDemoContext     *context,
               SoupServerMessage *message,
               const char        *user)
{
  g_autofree char *cookie = NULL;
  g_autofree char *header = NULL;
  WfDemoSession *session = wf_demo_sessions_add (context->sessions, user, wf_demo_context_now (context), &cookie);

  header = g_strdup_printf (WF_DEMO_COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax", cookie);
  soup_message_headers_append (soup_server_message_get_response_headers (message), "Set-Cookie", header);
  return session;
}

/* OpenID Connect Core 1.0 §3.1.2.6: prompt=none must not show a page. */
static void
answer_silently (WfDemoContext           *context,
                 SoupServerMessage       *message,
                 const WfDemoTransaction *transaction,
                 WfDemoSession           *session)
{
  const char *consent = session ? g_hash_table_lookup (session->consents, transaction->client_id) : NULL;
  g_auto (GStrv) missing = wf_scope_subtract (transaction->scope, consent ? consent : "");

  if (!session || !is_session_good (context, transaction, session))
    redirect_error (context, message, transaction->redirect_uri, transaction->state, "login_required",
                    "Nobody is signed in.");
  else if (!consent || missing[0])
    redirect_error (context, message, transaction->redirect_uri, transaction->state, "consent_required",
                    "This was not approved yet.");
  else
    approve (context, message, transaction, session);
}

static void
show_page (WfDemoContext     *context,
           SoupServerMessage *message,
           const WfForm      *form,
           WfDemoTransaction *transaction,
           const char        *user,
           gboolean           has_problem)
{
  WfDemoSignInPage page = {
    .language = wf_demo_pages_choose_language (message, form),
    .user = user,
    .transaction = transaction,
    .has_problem = has_problem,
  };
  g_autofree char *id = NULL;

  id = wf_demo_sessions_add_transaction (context->sessions, transaction, wf_demo_context_now (context));
  page.transaction_id = id;
  if (id)
    wf_demo_answer_html (message, has_problem ? SOUP_STATUS_BAD_REQUEST : SOUP_STATUS_OK,
                         wf_demo_pages_sign_in (&page));
  else
    wf_demo_answer_html (message, SOUP_STATUS_SERVICE_UNAVAILABLE,
                         wf_demo_pages_message (page.language, WF_DEMO_PAGE_BUSY));
}

static void
show_message (SoupServerMessage *message,
              const WfForm      *form,
              guint              status,
              WfDemoPage         page)
{
  wf_demo_answer_html (message, status, wf_demo_pages_message (wf_demo_pages_choose_language (message, form), page));
}

void
wf_demo_handle_authorize (WfDemoContext     *context,
                          SoupServerMessage *message,
                          const WfForm      *form)
{
  const char *redirect_uri = wf_form_lookup (form, "redirect_uri");
  const char *state = wf_form_lookup (form, "state");
  const char *hint = wf_form_lookup (form, "login_hint");
  const char *description = NULL;
  const char *error;
  char **resources;
  WfDemoSession *session;
  g_autoptr (WfDemoTransaction) transaction = NULL;
  g_autofree char *user = NULL;

  /* RFC 6749 §4.1.2.1: nobody is sent to an address that is not known. */
  if (!wf_demo_client_is_known (context, wf_form_lookup (form, "client_id")))
    {
      show_message (message, form, SOUP_STATUS_BAD_REQUEST, WF_DEMO_PAGE_UNKNOWN_CLIENT);
      return;
    }
  if (!wf_demo_client_has_redirect_uri (context, redirect_uri))
    {
      show_message (message, form, SOUP_STATUS_BAD_REQUEST, WF_DEMO_PAGE_UNKNOWN_REDIRECT);
      return;
    }
  error = check_request (form, &description);
  if (error)
    {
      redirect_error (context, message, redirect_uri, state, error, description);
      return;
    }
  resources = collect_resources (form);
  if (!resources)
    {
      redirect_error (context, message, redirect_uri, state, "invalid_target", "A resource is no absolute URI.");
      return;
    }

  transaction = make_transaction (form, resources);
  session = wf_demo_context_find_session (context, message);
  user = wf_demo_user_from_text (hint);
  if (!user)
    user = g_strdup (is_session_good (context, transaction, session) ? session->user : WF_DEMO_DEFAULT_USER);

  if (has_prompt (form, "none"))
    answer_silently (context, message, transaction, session);
  else if (context->options.auto_approve)
    approve (context, message, transaction, begin_session (context, message, user));
  else
    show_page (context, message, form, g_steal_pointer (&transaction), user, FALSE);
}

/* Whether the form was sent by our own page, as far as the browser says. */
static gboolean
is_same_origin (const WfDemoContext *context,
                SoupServerMessage   *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *origin = soup_message_headers_get_one (headers, "Origin");

  return !origin || g_strcmp0 (origin, context->issuer) == 0;
}

void
wf_demo_handle_decision (WfDemoContext     *context,
                         SoupServerMessage *message,
                         const WfForm      *form)
{
  const char *id = wf_form_lookup (form, "transaction");
  const char *decision = wf_form_lookup (form, "decision");
  const char *user_text = wf_form_lookup (form, "user");
  g_autofree char *user = wf_demo_user_from_text (user_text);
  g_autoptr (WfDemoTransaction) transaction = NULL;
  WfDemoSession *session;

  if (!is_same_origin (context, message))
    {
      show_message (message, form, SOUP_STATUS_FORBIDDEN, WF_DEMO_PAGE_FOREIGN_FORM);
      return;
    }
  if (id)
    transaction = wf_demo_sessions_take_transaction (context->sessions, id, wf_demo_context_now (context));
  if (!transaction)
    {
      show_message (message, form, SOUP_STATUS_BAD_REQUEST, WF_DEMO_PAGE_DECIDED);
      return;
    }
  if (g_strcmp0 (decision, "approve") != 0)
    {
      redirect_error (context, message, transaction->redirect_uri, transaction->state, "access_denied",
                      "The request was denied.");
      return;
    }
  if (!user)
    {
      show_page (context, message, form, g_steal_pointer (&transaction), user_text ? user_text : "", TRUE);
      return;
    }
  session = wf_demo_context_find_session (context, message);
  if (!is_session_good (context, transaction, session) || g_strcmp0 (session->user, user) != 0)
    session = begin_session (context, message, user);
  approve (context, message, transaction, session);
}
