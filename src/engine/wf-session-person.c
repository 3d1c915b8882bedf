/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-person.h"
#include "wf-session-private.h"

#include <glib/gi18n-lib.h>

#include "wf-error.h"
#include "wf-json.h"
#include "wf-scope.h"
#include "wf-uri.h"

/* More of a name is not read; OpenID Connect sets no bound. */
#define MAX_BYTES 1024
#define MAX_URI_BYTES 2048
/* What is asked for must still be good when it is there. */
#define SECONDS_NEEDED 10

void
wf_person_free (WfPerson *person)
{
  if (!person)
    return;
  g_free (person->name);
  g_free (person->email);
  g_free (person->picture);
  g_free (person->subject);
  g_free (person);
}

/* --- what claims say --- */

static char *
read_text (JsonObject *claims,
           const char *name,
           gsize       max_bytes)
{
  const char *text = NULL;

  if (!wf_json_get_string (claims, name, max_bytes, &text, NULL) || !text || !*text)
    return NULL;
  return g_strdup (text);
}

static void
read_claims (WfPerson   *person,
             JsonObject *claims)
{
  static const char *const names[] = { "name", "preferred_username", "nickname" };

  for (gsize i = 0; i < G_N_ELEMENTS (names) && !person->name; i++)
    person->name = read_text (claims, names[i], MAX_BYTES);
  if (!person->email)
    person->email = read_text (claims, "email", MAX_BYTES);
  if (!person->picture)
    person->picture = read_text (claims, "picture", MAX_URI_BYTES);
}

static void
read_id_token (WfPerson         *person,
               const WfTokenSet *tokens)
{
  g_autoptr (WfJwt) jwt = tokens->id_token ? wf_jwt_parse (secret_value_get_text (tokens->id_token), -1, NULL) : NULL;

  if (!jwt || !wf_jwt_get_claims (jwt))
    return;
  read_claims (person, wf_jwt_get_claims (jwt));
  person->subject = g_strdup (wf_jwt_get_claim_string (jwt, "sub"));
}

WfPerson *
wf_session_get_person (WfSession *self)
{
  WfPerson *person = g_new0 (WfPerson, 1);
  const WfPerson *learned = self->person;

  read_id_token (person, self->tokens);
  if (!learned)
    return person;
  if (!person->name)
    person->name = g_strdup (learned->name);
  if (!person->email)
    person->email = g_strdup (learned->email);
  if (!person->picture)
    person->picture = g_strdup (learned->picture);
  if (!person->subject)
    person->subject = g_strdup (learned->subject);
  return person;
}

void
wf_session_forget_person (WfSession *self)
{
  self->person_asked = FALSE;
  if (!self->person)
    return;
  g_clear_pointer (&self->person, wf_person_free);
  g_object_notify (G_OBJECT (self), "person");
}

/* --- what the userinfo endpoint says --- */

static void
on_userinfo (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  WfSession *self = WF_SESSION (source);
  guint epoch = GPOINTER_TO_UINT (user_data);
  g_autoptr (JsonObject) claims = wf_session_get_userinfo_finish (self, result, NULL);

  /* Whoever signed out in the meantime is not brought back. */
  if (!claims || epoch != self->epoch || !wf_token_set_get_access_token (self->tokens, NULL))
    return;
  wf_session_forget_person (self);
  self->person_asked = TRUE;
  self->person = g_new0 (WfPerson, 1);
  read_claims (self->person, claims);
  self->person->subject = read_text (claims, "sub", MAX_BYTES);
  g_object_notify (G_OBJECT (self), "person");
}

/* OpenID Connect Core 1.0 §5.4: without these there is no name to be had. */
static gboolean
may_be_named (WfSession           *self,
              const WfAccessToken *access)
{
  const char *scope = access->scope ? access->scope : self->tokens->requested_scope;

  return wf_scope_contains (scope, "openid") && (wf_scope_contains (scope, "profile") || wf_scope_contains (scope, "email"));
}

void
wf_session_learn_person (WfSession *self)
{
  const WfAccessToken *access = wf_token_set_get_access_token (self->tokens, NULL);
  g_autoptr (WfPerson) known = NULL;
  g_autoptr (WfFlow) flow = NULL;

  g_return_if_fail (WF_IS_SESSION (self));

  if (self->person_asked || self->retired || !self->provider || self->state != WF_SESSION_SIGNED_IN || !access ||
      !wf_access_token_is_good (access, SECONDS_NEEDED, wf_session_now (self)) || !may_be_named (self, access))
    return;
  known = wf_session_get_person (self);
  if (known->name)
    return;
  self->person_asked = TRUE;
  /* It belongs to the sign-in, or to whatever brought the token. */
  flow = g_list_model_get_item (G_LIST_MODEL (self->flows), 0);
  wf_session_get_userinfo_for_async (self, flow, NULL, on_userinfo, GUINT_TO_POINTER (self->epoch));
}

/* --- the picture --- */

gboolean
wf_session_is_own_picture (WfSession  *self,
                           const char *uri)
{
  g_autoptr (GUri) picture = uri ? g_uri_parse (uri, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autoptr (GUri) issuer = self->account->issuer ? g_uri_parse (self->account->issuer, G_URI_FLAGS_NONE, NULL) : NULL;

  return picture && issuer && g_uri_get_host (picture) && g_uri_get_host (issuer) &&
         g_ascii_strcasecmp (g_uri_get_host (picture), g_uri_get_host (issuer)) == 0;
}

static gboolean
is_picture (const WfHttpResponse *response)
{
  static const struct { const char *type; const char *begin; gsize length; gsize offset; } kinds[] = {
    { "image/png", "\x89PNG\r\n\x1a\n", 8, 0 },
    { "image/jpeg", "\xff\xd8\xff", 3, 0 },
    { "image/gif", "GIF8", 4, 0 },
    { "image/webp", "WEBP", 4, 8 },
  };
  gsize length;
  const char *data = g_bytes_get_data (response->body, &length);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (length > kinds[i].offset + kinds[i].length && g_strcmp0 (response->content_type, kinds[i].type) == 0 &&
        memcmp (data + kinds[i].offset, kinds[i].begin, kinds[i].length) == 0)
      return TRUE;
  return FALSE;
}

static void
on_picture (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (WfHttpResponse) response = NULL;
  GError *error = NULL;

  response = wf_http_client_send_finish (WF_HTTP_CLIENT (source), result, NULL, &error);
  if (!response)
    g_task_return_error (task, error);
  else if (response->status != 200 || !is_picture (response))
    g_task_return_new_error (task, WF_ERROR, WF_ERROR_UNEXPECTED_CONTENT_TYPE, "%s", _("There is no picture at the address of the picture."));
  else
    g_task_return_pointer (task, g_bytes_ref (response->body), (GDestroyNotify) g_bytes_unref);
}

void
wf_session_get_picture_async (WfSession          *self,
                              const char         *uri,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (WfAccount) plain = wf_account_copy (self->account);
  g_autoptr (WfHttpClient) client = NULL;
  WfHttpRequest request = { .what = _("picture"), .uri = uri, .accept = "image/png, image/jpeg, image/webp, image/gif" };
  GError *error = NULL;

  g_task_set_source_tag (task, wf_session_get_picture_async);
  /* Whoever keeps the pictures need not learn who we are (RFC 8705). */
  wf_account_set (&plain->client_certificate, NULL);
  client = wf_http_client_new (plain, &error);
  if (client)
    wf_http_client_send_async (client, &request, cancellable, on_picture, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

GBytes *
wf_session_get_picture_finish (WfSession    *self,
                               GAsyncResult *result,
                               GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
