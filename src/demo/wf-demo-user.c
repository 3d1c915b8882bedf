/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-user.h"

#include <string.h>
#include "wf-scope.h"

#define USER_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789._-"

static const char *const scopes[] = { "openid", "profile", "email", "offline_access", "read", "write", NULL };

char *
wf_demo_user_from_text (const char *text)
{
  g_autofree char *user = g_ascii_strdown (text ? text : "", -1);
  gsize length;

  g_strstrip (user);
  length = strlen (user);
  if (length < 1 || length > WF_DEMO_USER_MAX_LENGTH || strspn (user, USER_CHARACTERS) != length)
    return NULL;
  return g_steal_pointer (&user);
}

void
wf_demo_user_add_claims (const char *user,
                         const char *scope,
                         const char *issuer,
                         JsonObject *claims)
{
  g_autofree char *subject = g_strconcat ("demo|", user, NULL);
  g_autofree char *email = g_strconcat (user, "@example.org", NULL);
  g_autofree char *picture = g_strdup_printf ("%s/picture.png?user=%s", issuer, user);
  g_autofree char *name = NULL;

  if (strcmp (user, WF_DEMO_DEFAULT_USER) == 0)
    name = g_strdup ("Alice Liddell");
  else
    name = g_strdup_printf ("%c%s", g_ascii_toupper (*user), user + 1);

  json_object_set_string_member (claims, "sub", subject);
  if (wf_scope_contains (scope, "profile"))
    {
      json_object_set_string_member (claims, "name", name);
      json_object_set_string_member (claims, "preferred_username", user);
      json_object_set_string_member (claims, "picture", picture);
    }
  if (wf_scope_contains (scope, "email"))
    {
      json_object_set_string_member (claims, "email", email);
      json_object_set_boolean_member (claims, "email_verified", TRUE);
    }
}

const char *const *
wf_demo_user_get_scopes (void)
{
  return scopes;
}
