/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-trust.h"

#include <glib/gi18n-lib.h>

#include "wf-params.h"
#include "wf-uri.h"

/* A file may have any number of unknown keys. */
#define MAX_LEFT_OUT 8

struct _WfAccountTrust
{
  AdwPreferencesGroup parent_instance;
};

G_DEFINE_FINAL_TYPE (WfAccountTrust, wf_account_trust, ADW_TYPE_PREFERENCES_GROUP)

/* @icon: (nullable): what stands before a line that is worth a second look
 * @value: (nullable): nothing is added without one */
static void
add_line (WfAccountTrust *self,
          const char     *icon,
          const char     *title,
          const char     *value)
{
  GtkWidget *row;

  if (!value || !*value)
    return;
  row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", value, NULL);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 4);
  if (icon)
    {
      GtkWidget *symbol = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon,
                                        "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

      gtk_widget_add_css_class (symbol, "warning");
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), symbol);
    }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
}

#define WARN "wf-attention-symbolic"

static void
add_twin (WfAccountTrust *self,
          const char     *twin)
{
  /* Translators: %s is the name of an account */
  g_autofree char *words = twin ? g_strdup_printf (_("It is called “%s”. Adding this one makes a copy."), twin) : NULL;

  add_line (self, WARN, _("You have this account already"), words);
}

/* Addresses by hand may lead anywhere: the issuer alone does not tell who receives a code and a secret. */
static void
add_endpoints (WfAccountTrust  *self,
               const WfAccount *account)
{
  const char *const endpoints[] = {
    account->authorization_endpoint, account->token_endpoint, account->jwks_uri,
    account->userinfo_endpoint, account->revocation_endpoint, account->end_session_endpoint,
  };
  g_autofree char *home = wf_uri_get_origin (account->issuer);
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      g_autofree char *origin = endpoints[i] ? wf_uri_get_origin (endpoints[i]) : NULL;

      if (origin && g_strcmp0 (origin, home) != 0 && !g_ptr_array_find_with_equal_func (others, origin, g_str_equal, NULL))
        g_ptr_array_add (others, g_steal_pointer (&origin));
    }
  g_ptr_array_add (others, NULL);
  list = g_strjoinv ("\n", (char **) others->pdata);
  add_line (self, WARN, _("Sends sign-ins and tokens to other servers than the provider's"), list);
}

static void
add_left_out (WfAccountTrust    *self,
              const char *const *left_out)
{
  guint count = left_out ? g_strv_length ((char **) left_out) : 0;
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < MIN (count, MAX_LEFT_OUT); i++)
    g_string_append_printf (list, "%s%s", i > 0 ? _(", ") : "", left_out[i]);
  if (count > MAX_LEFT_OUT)
    g_string_append (list, "…");
  add_line (self, NULL, _("Left out, as Warifu does not know it"), list->str);
}

static void
wf_account_trust_class_init (WfAccountTrustClass *klass)
{
}

static void
wf_account_trust_init (WfAccountTrust *self)
{
}

void
wf_account_trust_show (WfAccountTrust    *self,
                       const WfAccount   *account,
                       const char        *source,
                       const char        *twin,
                       const char *const *left_out)
{
  g_autofree char *origin = wf_uri_get_origin (account->issuer);
  g_autofree char *params = wf_params_format (account->params);
  const char *promise = _("Nothing is stored and nobody is asked before you choose Add.");
  g_autofree char *words = NULL;
  g_autofree char *escaped = NULL;

  g_return_if_fail (WF_IS_ACCOUNT_TRUST (self));

  /* Translators: the name of a file, then a sentence */
  words = source ? g_strdup_printf (_("From “%1$s”. %2$s"), source, promise) : g_strdup (promise);
  escaped = g_markup_escape_text (words, -1);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _("What It Asks You to Trust"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), escaped);
  add_twin (self, twin);
  add_line (self, NULL, _("Signs you in at"), origin);
  add_endpoints (self, account);
  add_line (self, WARN, _("Trusts these certificate authorities too"), account->ca_file);
  add_line (self, WARN, _("Identifies itself with this certificate and key"), account->client_certificate);
  add_line (self, WARN, _("Goes through this proxy"), account->proxy);
  add_line (self, WARN, _("Adds this to the sign-in request"), params);
  if (wf_account_is_confidential (account))
    add_line (self, NULL, _("Has a client secret"), _("It is not in the file. Type it in below."));
  add_left_out (self, left_out);
}
