/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-account-form.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-account-preset.h"
#include "wf-account-share.h"
#include "wf-account-trust.h"
#include "wf-discovery-row.h"
#include "wf-field-note.h"
#include "wf-params.h"
#include "wf-preset-rows.h"
#include "wf-presets.h"
#include "wf-scope-picker.h"
#include "wf-scope.h"
#include "wf-uri.h"

#define DEFAULT_REFRESH_SECONDS 3600

struct _WfAccountForm
{
  AdwBin          parent_instance;

  WfAccountTrust *trust;
  GtkWidget      *name;
  AdwComboRow    *preset;
  WfPresetRows   *preset_rows; /* below it */
  GtkWidget      *issuer;
  GtkWidget      *discover;
  GtkSpinner     *discover_spinner;
  WfDiscoveryRow *discovery;
  GtkWidget      *authorization_endpoint;
  GtkWidget      *token_endpoint;
  GtkWidget      *jwks_uri;
  GtkWidget      *userinfo_endpoint;
  GtkWidget      *revocation_endpoint;
  GtkWidget      *end_session_endpoint;
  GtkWidget      *client_id;
  GtkSwitch      *has_secret;
  GtkWidget      *client_secret;
  AdwComboRow    *auth_method;
  GtkWidget      *redirect_uri;
  GtkWidget      *scopes;
  WfScopePicker  *scope_picker;
  GtkWidget      *audience;
  AdwExpanderRow *advanced;
  GtkWidget      *resources;
  GtkWidget      *params;
  AdwActionRow   *ca_file;
  GtkWidget      *ca_file_clear;
  AdwActionRow   *client_certificate;
  GtkWidget      *client_certificate_clear;
  GtkWidget      *proxy;
  AdwComboRow    *refresh_policy;
  GtkWidget      *refresh_seconds_row;
  GtkSpinButton  *refresh_seconds;
  GtkSwitch      *before_sensitive;
  GtkSwitch      *leeway;
  GtkSwitch      *keep_cookies;

  GPtrArray      *presets; /* (element-type WfPreset): in the order of the rows; one row more is "by hand" */
  char           *issuer_input; /* of the row, as the preset reads it */
  WfAccount      *account; /* what the fields start from */
  char          **taken_names;
  char           *ca_path;
  char           *certificate_path;
  gboolean        stored_secret;
  gboolean        loading;
  gboolean        deriving; /* the issuer is made of what was typed for the preset */
  gboolean        complete;
};

enum
{
  PROP_COMPLETE = 1,
  N_PROPS,
};
static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_ISSUER_CHANGED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WfAccountForm, wf_account_form, ADW_TYPE_BIN)

#define ROW(self, offset) G_STRUCT_MEMBER (GtkWidget *, self, offset)

/* Fields that are text and nothing else, and what they are checked as. */
static const struct
{
  gsize          row;
  gsize          text;
  WfAccountField field;
} texts[] = {
  { G_STRUCT_OFFSET (WfAccountForm, name), G_STRUCT_OFFSET (WfAccount, name), WF_ACCOUNT_FIELD_NAME },
  { G_STRUCT_OFFSET (WfAccountForm, client_id), G_STRUCT_OFFSET (WfAccount, client_id), WF_ACCOUNT_FIELD_CLIENT_ID },
  { G_STRUCT_OFFSET (WfAccountForm, scopes), G_STRUCT_OFFSET (WfAccount, scope), WF_ACCOUNT_FIELD_SCOPE },
  { G_STRUCT_OFFSET (WfAccountForm, audience), G_STRUCT_OFFSET (WfAccount, audience), WF_ACCOUNT_FIELD_AUDIENCE },
  { G_STRUCT_OFFSET (WfAccountForm, proxy), G_STRUCT_OFFSET (WfAccount, proxy), WF_ACCOUNT_FIELD_PROXY },
};

static const struct
{
  gsize       row;
  gsize       text;
  const char *what;
} endpoints[] = {
  { G_STRUCT_OFFSET (WfAccountForm, authorization_endpoint), G_STRUCT_OFFSET (WfAccount, authorization_endpoint), "authorization_endpoint" },
  { G_STRUCT_OFFSET (WfAccountForm, token_endpoint), G_STRUCT_OFFSET (WfAccount, token_endpoint), "token_endpoint" },
  { G_STRUCT_OFFSET (WfAccountForm, jwks_uri), G_STRUCT_OFFSET (WfAccount, jwks_uri), "jwks_uri" },
  { G_STRUCT_OFFSET (WfAccountForm, userinfo_endpoint), G_STRUCT_OFFSET (WfAccount, userinfo_endpoint), "userinfo_endpoint" },
  { G_STRUCT_OFFSET (WfAccountForm, revocation_endpoint), G_STRUCT_OFFSET (WfAccount, revocation_endpoint), "revocation_endpoint" },
  { G_STRUCT_OFFSET (WfAccountForm, end_session_endpoint), G_STRUCT_OFFSET (WfAccount, end_session_endpoint), "end_session_endpoint" },
};

/* In the order of the rows. */
static const WfRefreshPolicy policies[] = { WF_REFRESH_BEFORE_EXPIRY, WF_REFRESH_ON_DEMAND, WF_REFRESH_EVERY };

/* Reading the fields */

/* Returns: (transfer full): without the spaces that come along when one copies */
static char *
get_text (GtkWidget *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

static void
set_text (GtkWidget  *row,
          const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (row), text ? text : "");
}

/* Returns: (nullable): NULL where everything is typed in */
static const WfPreset *
get_preset (WfAccountForm *self)
{
  guint row = adw_combo_row_get_selected (self->preset);

  return row < self->presets->len ? self->presets->pdata[row] : NULL;
}

static gboolean
is_by_hand (WfAccountForm *self)
{
  const WfPreset *preset = get_preset (self);

  return !preset || wf_account_has_manual_endpoints (preset->account);
}

/* What is typed, whole where it was the preset's part of it. */
static char *
get_issuer_input (WfAccountForm *self)
{
  g_autofree char *text = get_text (self->issuer);
  const WfPreset *preset = get_preset (self);

  return preset ? wf_account_preset_expand_issuer (preset, text) : g_steal_pointer (&text);
}

static WfAuthMethod
get_auth_method (WfAccountForm *self)
{
  if (!gtk_switch_get_active (self->has_secret))
    return WF_AUTH_METHOD_NONE;
  return adw_combo_row_get_selected (self->auth_method) == 1 ? WF_AUTH_METHOD_POST : WF_AUTH_METHOD_BASIC;
}

static void
read_lists (WfAccountForm *self,
            WfAccount     *account)
{
  g_autofree char *resources = get_text (self->resources);
  g_autofree char *params = get_text (self->params);

  g_clear_pointer (&account->resources, g_strfreev);
  g_clear_pointer (&account->params, g_strfreev);
  if (*resources)
    account->resources = wf_scope_split (resources);
  account->params = wf_params_parse (params, NULL);
}

static void
read_endpoints (WfAccountForm *self,
                WfAccount     *account)
{
  for (gsize i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      g_autofree char *text = get_text (ROW (self, endpoints[i].row));

      wf_account_set (&G_STRUCT_MEMBER (char *, account, endpoints[i].text),
                      is_by_hand (self) ? text : NULL);
    }
}

WfAccount *
wf_account_form_make_account (WfAccountForm *self)
{
  g_autoptr (WfAccount) account = wf_account_copy (self->account);
  g_autofree char *redirect = get_text (self->redirect_uri);
  g_autofree char *input = get_issuer_input (self);
  g_autofree char *issuer = NULL;
  gboolean is_domain;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = get_text (ROW (self, texts[i].row));

      wf_account_set (&G_STRUCT_MEMBER (char *, account, texts[i].text), text);
    }
  issuer = wf_uri_issuer_from_input (input, &is_domain, NULL);
  wf_account_set (&account->issuer, issuer);
  /* What is proposed need not be stored: the browser has a default of its own. */
  wf_account_set (&account->redirect_uri, g_str_equal (redirect, WF_REDIRECT_URI_WINDOW) ? NULL : redirect);
  wf_account_set (&account->ca_file, self->ca_path);
  wf_account_set (&account->client_certificate, self->certificate_path);
  read_lists (self, account);
  read_endpoints (self, account);
  account->auth_method = get_auth_method (self);
  account->refresh_policy = policies[MIN (adw_combo_row_get_selected (self->refresh_policy), G_N_ELEMENTS (policies) - 1)];
  account->refresh_seconds = account->refresh_policy == WF_REFRESH_EVERY
                               ? (guint) gtk_spin_button_get_value_as_int (self->refresh_seconds) : 0;
  account->refresh_before_sensitive = gtk_switch_get_active (self->before_sensitive);
  account->reuse_leeway = gtk_switch_get_active (self->leeway);
  account->keep_cookies = gtk_switch_get_active (self->keep_cookies);
  return g_steal_pointer (&account);
}

/* Checking them */

/* An empty field is not wrong yet: it is missing. */
static gboolean
note_error (GtkWidget    *row,
            const char   *text,
            const GError *error)
{
  wf_field_note_set_error (row, error && *text ? error->message : NULL);
  return error == NULL;
}

static gboolean
check_field (WfAccountForm   *self,
             const WfAccount *draft,
             GtkWidget       *row,
             WfAccountField   field)
{
  g_autofree char *text = get_text (row);
  g_autoptr (GError) error = NULL;

  wf_account_check_field (draft, field, &error);
  return note_error (row, text, error);
}

static gboolean
check_name (WfAccountForm   *self,
            const WfAccount *draft)
{
  gboolean good = check_field (self, draft, self->name, WF_ACCOUNT_FIELD_NAME);

  if (!good || !self->taken_names || !g_strv_contains ((const char *const *) self->taken_names, draft->name))
    return good;
  wf_field_note_set_error (self->name, _("Another account has this name already."));
  return FALSE;
}

static gboolean
check_issuer (WfAccountForm *self)
{
  g_autofree char *input = get_issuer_input (self);
  g_autofree char *issuer = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_domain;

  issuer = wf_uri_issuer_from_input (input, &is_domain, &error);
  return note_error (self->issuer, input, error);
}

static gboolean
check_endpoints (WfAccountForm   *self,
                 const WfAccount *draft)
{
  gboolean good = TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      const char *text = G_STRUCT_MEMBER (char *, draft, endpoints[i].text);
      g_autoptr (GError) error = NULL;

      if (text)
        wf_uri_check_endpoint (text, endpoints[i].what, &error);
      good &= note_error (ROW (self, endpoints[i].row), text ? text : "", error);
    }
  if (is_by_hand (self))
    good &= draft->authorization_endpoint && draft->token_endpoint;
  return good;
}

static gboolean
check_params (WfAccountForm   *self,
              const WfAccount *draft)
{
  g_autofree char *text = get_text (self->params);
  g_auto (GStrv) params = NULL;
  g_autoptr (GError) error = NULL;

  params = wf_params_parse (text, &error);
  if (!error)
    wf_account_check_field (draft, WF_ACCOUNT_FIELD_PARAMS, &error);
  return note_error (self->params, text, error);
}

static gboolean
check_secret (WfAccountForm *self)
{
  return !gtk_switch_get_active (self->has_secret) || self->stored_secret ||
         *gtk_editable_get_text (GTK_EDITABLE (self->client_secret));
}

static void
update_redirect_hint (WfAccountForm *self)
{
  g_autofree char *redirect = wf_account_form_make_redirect_uri (self);
  g_autofree char *hint = NULL;

  if (wf_uri_is_loopback_redirect (redirect))
    hint = g_strdup (_("Allow exactly this address in your provider's settings."));
  else
    /* Translators: %s is an address. */
    hint = g_strdup_printf (_("Allow exactly this address in your provider's settings, and %s to sign in with the browser."),
                            WF_REDIRECT_URI_BROWSER);
  wf_field_note_set_hint (self->redirect_uri, hint);
}

static void
update_visibility (WfAccountForm *self)
{
  gboolean by_hand = is_by_hand (self);
  gboolean secret = gtk_switch_get_active (self->has_secret);
  gboolean every = policies[MIN (adw_combo_row_get_selected (self->refresh_policy), 2)] == WF_REFRESH_EVERY;

  for (gsize i = 0; i < G_N_ELEMENTS (endpoints); i++)
    gtk_widget_set_visible (ROW (self, endpoints[i].row), by_hand);
  gtk_widget_set_visible (self->discover, !by_hand);
  gtk_widget_set_visible (self->client_secret, secret);
  gtk_widget_set_visible (GTK_WIDGET (self->auth_method), secret);
  gtk_widget_set_visible (self->refresh_seconds_row, every);
  gtk_widget_set_visible (self->ca_file_clear, self->ca_path != NULL);
  gtk_widget_set_visible (self->client_certificate_clear, self->certificate_path != NULL);
  adw_action_row_set_subtitle (self->ca_file, self->ca_path ? self->ca_path : _("Those of the system"));
  adw_action_row_set_subtitle (self->client_certificate, self->certificate_path ? self->certificate_path : _("None"));
}

static void
update_hints (WfAccountForm *self)
{
  const WfPreset *preset = get_preset (self);
  g_autofree char *issuer = preset ? wf_account_preset_make_issuer_hint (preset)
                                   : g_strdup (_("What the provider calls itself in its ID tokens"));

  wf_field_note_set_hint (self->issuer, issuer);
  wf_field_note_set_hint (self->client_id, preset ? preset->client_hint : NULL);
  wf_field_note_set_hint (GTK_WIDGET (self->preset), preset ? preset->note : NULL);
  wf_field_note_set_hint (self->resources, _("The URIs of the APIs, with spaces between"));
  wf_field_note_set_hint (self->params, _("For the authorization request, such as login_hint=alice&ui_locales=ja"));
  wf_field_note_set_hint (self->audience, _("The identifier of an API, where the provider asks for one"));
  wf_field_note_set_hint (self->client_secret, self->stored_secret ? _("Leave it empty to keep the one that is stored.") : NULL);
  update_redirect_hint (self);
}

static void
update (WfAccountForm *self)
{
  g_autoptr (WfAccount) draft = wf_account_form_make_account (self);
  gboolean complete = check_secret (self);

  update_visibility (self);
  update_hints (self);
  complete &= check_name (self, draft);
  complete &= check_issuer (self);
  complete &= check_endpoints (self, draft);
  complete &= check_params (self, draft);
  complete &= check_field (self, draft, self->client_id, WF_ACCOUNT_FIELD_CLIENT_ID);
  complete &= check_field (self, draft, self->redirect_uri, WF_ACCOUNT_FIELD_REDIRECT_URI);
  complete &= check_field (self, draft, self->scopes, WF_ACCOUNT_FIELD_SCOPE);
  complete &= check_field (self, draft, self->audience, WF_ACCOUNT_FIELD_AUDIENCE);
  complete &= check_field (self, draft, self->resources, WF_ACCOUNT_FIELD_RESOURCE);
  complete &= check_field (self, draft, self->proxy, WF_ACCOUNT_FIELD_PROXY);
  complete &= wf_account_check (draft, NULL, NULL);
  wf_scope_picker_set_scope (self->scope_picker, draft->scope);

  if (complete != self->complete)
    {
      self->complete = complete;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPLETE]);
    }
}

/* Callbacks */

static void
show_endpoints (WfAccountForm   *self,
                const WfAccount *account)
{
  for (gsize i = 0; i < G_N_ELEMENTS (endpoints); i++)
    set_text (ROW (self, endpoints[i].row), G_STRUCT_MEMBER (char *, account, endpoints[i].text));
}

static void
on_changed (WfAccountForm *self)
{
  if (!self->loading)
    update (self);
}

/* Endpoints of one server under the issuer of another would send the secret to the wrong one. */
static void
follow_issuer (WfAccountForm *self)
{
  const WfPreset *preset = get_preset (self);
  g_autoptr (WfAccount) account = wf_account_new ();
  g_autofree char *text = get_text (self->issuer);

  if (preset && wf_account_preset_follow_server (preset, text, account))
    show_endpoints (self, account);
}

static void
on_issuer_changed (WfAccountForm *self)
{
  if (self->loading)
    return;
  if (!self->deriving)
    wf_preset_rows_take_issuer (self->preset_rows, wf_account_form_get_issuer_input (self));
  follow_issuer (self);
  g_signal_emit (self, signals[SIGNAL_ISSUER_CHANGED], 0);
}

/* What was typed for the preset makes the issuer, and nothing does while it is not whole. */
static void
on_preset_rows_changed (WfAccountForm *self)
{
  g_autofree char *issuer = wf_preset_rows_make_issuer (self->preset_rows);

  self->deriving = TRUE;
  set_text (self->issuer, issuer);
  self->deriving = FALSE;
}

/* An issuer that was typed in stays, unless the preset knows one or the old one was a preset's. */
static gboolean
takes_issuer (WfAccountForm  *self,
              const WfPreset *preset)
{
  g_autofree char *text = get_text (self->issuer);

  if (wf_account_preset_knows_issuer (preset))
    return TRUE;
  for (guint i = 0; i < self->presets->len; i++)
    {
      g_autoptr (WfAccount) known = wf_account_new ();

      wf_account_preset_apply (self->presets->pdata[i], known);
      if (known->issuer && g_str_equal (text, known->issuer))
        return TRUE;
    }
  return FALSE;
}

static void
adopt_preset (WfAccountForm  *self,
              const WfPreset *preset)
{
  g_autoptr (WfAccount) account = wf_account_form_make_account (self);
  gboolean issuer = takes_issuer (self, preset);
  g_autofree char *params = NULL;

  wf_account_preset_apply (preset, account);
  params = wf_params_format (account->params);
  self->loading = TRUE;
  if (issuer)
    set_text (self->issuer, account->issuer);
  show_endpoints (self, account);
  set_text (self->scopes, account->scope);
  set_text (self->params, params);
  set_text (self->redirect_uri, account->redirect_uri ? account->redirect_uri : WF_REDIRECT_URI_WINDOW);
  adw_combo_row_set_selected (self->auth_method, account->auth_method == WF_AUTH_METHOD_POST ? 1 : 0);
  gtk_switch_set_active (self->has_secret, wf_account_is_confidential (account));
  gtk_switch_set_active (self->leeway, account->reuse_leeway);
  self->loading = FALSE;
}

static void
on_preset (WfAccountForm *self)
{
  const WfPreset *preset = get_preset (self);

  if (self->loading)
    return;
  if (preset)
    adopt_preset (self, preset);
  wf_preset_rows_show (self->preset_rows, preset);
  on_changed (self);
  on_issuer_changed (self);
}

static void
on_has_secret (WfAccountForm *self)
{
  if (self->loading)
    return;
  update (self);
  if (gtk_switch_get_active (self->has_secret))
    gtk_widget_grab_focus (self->client_secret);
}

static void
on_scope_picked (WfAccountForm *self,
                 const char    *scope)
{
  set_text (self->scopes, scope);
}

/* Object */

static void
name_rows (WfAccountForm *self)
{
  GtkWidget *const rows[] = {
    self->name, self->issuer, self->client_id, self->client_secret, self->redirect_uri, self->scopes, self->audience,
    self->authorization_endpoint, self->token_endpoint, self->jwks_uri, self->userinfo_endpoint,
    self->revocation_endpoint, self->end_session_endpoint, self->resources, self->params, self->proxy,
  };

  /* The focus is on the text inside, which is nobody's by itself. */
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (rows[i]))),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    adw_preferences_row_get_title (ADW_PREFERENCES_ROW (rows[i])), -1);
}

static void
wf_account_form_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (prop_id == PROP_COMPLETE)
    g_value_set_boolean (value, WF_ACCOUNT_FORM (object)->complete);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
wf_account_form_finalize (GObject *object)
{
  WfAccountForm *self = WF_ACCOUNT_FORM (object);

  g_clear_object (&self->preset_rows);
  g_clear_pointer (&self->presets, g_ptr_array_unref);
  g_clear_pointer (&self->issuer_input, g_free);
  g_clear_pointer (&self->account, wf_account_unref);
  g_clear_pointer (&self->taken_names, g_strfreev);
  g_clear_pointer (&self->ca_path, g_free);
  g_clear_pointer (&self->certificate_path, g_free);

  G_OBJECT_CLASS (wf_account_form_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WfAccountForm, name)

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/warifu/Warifu/ui/wf-account-form.ui");
  BIND (trust);
  BIND (name);
  BIND (preset);
  BIND (issuer);
  BIND (discover);
  BIND (discover_spinner);
  BIND (discovery);
  BIND (authorization_endpoint);
  BIND (token_endpoint);
  BIND (jwks_uri);
  BIND (userinfo_endpoint);
  BIND (revocation_endpoint);
  BIND (end_session_endpoint);
  BIND (client_id);
  BIND (has_secret);
  BIND (client_secret);
  BIND (auth_method);
  BIND (redirect_uri);
  BIND (scopes);
  BIND (scope_picker);
  BIND (audience);
  BIND (advanced);
  BIND (resources);
  BIND (params);
  BIND (ca_file);
  BIND (ca_file_clear);
  BIND (client_certificate);
  BIND (client_certificate_clear);
  BIND (proxy);
  BIND (refresh_policy);
  BIND (refresh_seconds_row);
  BIND (refresh_seconds);
  BIND (before_sensitive);
  BIND (leeway);
  BIND (keep_cookies);
}

static void
wf_account_form_class_init (WfAccountFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = wf_account_form_get_property;
  object_class->finalize = wf_account_form_finalize;

  properties[PROP_COMPLETE] = g_param_spec_boolean ("complete", NULL, NULL, FALSE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_ISSUER_CHANGED] = g_signal_new ("issuer-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                                 NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (WF_TYPE_ACCOUNT_TRUST);
  g_type_ensure (WF_TYPE_DISCOVERY_ROW);
  g_type_ensure (WF_TYPE_SCOPE_PICKER);
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_preset);
  gtk_widget_class_bind_template_callback (widget_class, on_has_secret);
  gtk_widget_class_bind_template_callback (widget_class, on_scope_picked);
}

static void
show_presets (WfAccountForm *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->presets->len; i++)
    gtk_string_list_append (names, ((WfPreset *) self->presets->pdata[i])->name);
  gtk_string_list_append (names, _("Endpoints by Hand"));
  adw_combo_row_set_model (self->preset, G_LIST_MODEL (names));
}

static void
wf_account_form_init (WfAccountForm *self)
{
  self->loading = TRUE;
  self->presets = wf_presets_load ();
  gtk_widget_init_template (GTK_WIDGET (self));
  show_presets (self);
  gtk_adjustment_set_lower (gtk_spin_button_get_adjustment (self->refresh_seconds), WF_REFRESH_SECONDS_MIN);
  gtk_adjustment_set_upper (gtk_spin_button_get_adjustment (self->refresh_seconds), WF_REFRESH_SECONDS_MAX);
  g_signal_connect_object (self->issuer, "changed", G_CALLBACK (on_issuer_changed), self, G_CONNECT_SWAPPED);
  self->preset_rows = wf_preset_rows_new (GTK_WIDGET (self->preset));
  g_signal_connect_object (self->preset_rows, "changed", G_CALLBACK (on_preset_rows_changed), self, G_CONNECT_SWAPPED);
  name_rows (self);
  self->loading = FALSE;
}

/* Public */

GtkWidget *
wf_account_form_new (void)
{
  return g_object_new (WF_TYPE_ACCOUNT_FORM, NULL);
}

static void
show_choices (WfAccountForm   *self,
              const WfAccount *account)
{
  guint policy = 0;

  while (policy + 1 < G_N_ELEMENTS (policies) && policies[policy] != account->refresh_policy)
    policy++;
  /* The generic preset is the first, and by hand the last. */
  adw_combo_row_set_selected (self->preset, wf_account_has_manual_endpoints (account) ? self->presets->len : 0);
  adw_combo_row_set_selected (self->refresh_policy, policy);
  adw_combo_row_set_selected (self->auth_method, account->auth_method == WF_AUTH_METHOD_POST ? 1 : 0);
  gtk_switch_set_active (self->has_secret, wf_account_is_confidential (account));
  gtk_switch_set_active (self->before_sensitive, account->refresh_before_sensitive);
  gtk_switch_set_active (self->leeway, account->reuse_leeway);
  gtk_switch_set_active (self->keep_cookies, account->keep_cookies);
  gtk_spin_button_set_value (self->refresh_seconds,
                             account->refresh_seconds ? account->refresh_seconds : DEFAULT_REFRESH_SECONDS);
}

void
wf_account_form_set_account (WfAccountForm   *self,
                             const WfAccount *account,
                             gboolean         has_secret)
{
  g_autofree char *resources = account->resources ? g_strjoinv (" ", account->resources) : NULL;
  g_autofree char *params = wf_params_format (account->params);

  g_return_if_fail (WF_IS_ACCOUNT_FORM (self));

  self->loading = TRUE;
  g_clear_pointer (&self->account, wf_account_unref);
  self->account = wf_account_copy (account);
  self->stored_secret = has_secret;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    set_text (ROW (self, texts[i].row), G_STRUCT_MEMBER (char *, account, texts[i].text));
  show_endpoints (self, account);
  set_text (self->issuer, account->issuer);
  set_text (self->redirect_uri, account->redirect_uri ? account->redirect_uri : WF_REDIRECT_URI_WINDOW);
  set_text (self->resources, resources);
  set_text (self->params, params);
  g_free (self->ca_path);
  self->ca_path = g_strdup (account->ca_file);
  g_free (self->certificate_path);
  self->certificate_path = g_strdup (account->client_certificate);
  show_choices (self, account);
  self->loading = FALSE;
  update (self);
}

void
wf_account_form_show_trust (WfAccountForm     *self,
                            const char        *source,
                            const char        *twin,
                            const char *const *left_out)
{
  g_return_if_fail (WF_IS_ACCOUNT_FORM (self));

  wf_account_trust_show (self->trust, self->account, source, twin, left_out);
  gtk_widget_set_visible (GTK_WIDGET (self->trust), TRUE);
}

void
wf_account_form_set_taken_names (WfAccountForm     *self,
                                 const char *const *names)
{
  g_return_if_fail (WF_IS_ACCOUNT_FORM (self));

  g_strfreev (self->taken_names);
  self->taken_names = g_strdupv ((char **) names);
}

SecretValue *
wf_account_form_make_secret (WfAccountForm *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->client_secret));

  return gtk_switch_get_active (self->has_secret) && *text ? wf_secret_new (text, -1) : NULL;
}

char *
wf_account_form_make_redirect_uri (WfAccountForm *self)
{
  g_autofree char *text = get_text (self->redirect_uri);

  return *text ? g_steal_pointer (&text) : g_strdup (WF_REDIRECT_URI_WINDOW);
}

gboolean
wf_account_form_get_complete (WfAccountForm *self)
{
  return self->complete;
}

gboolean
wf_account_form_wants_discovery (WfAccountForm *self)
{
  return !is_by_hand (self);
}

const char *
wf_account_form_get_issuer_input (WfAccountForm *self)
{
  g_free (self->issuer_input);
  self->issuer_input = get_issuer_input (self);
  return self->issuer_input;
}

/* Whoever gives the address of the provider's document goes by what stands in it: a scope that it does not name makes some
 * refuse the whole request (RFC 6749 §3.3). Where only the issuer is given, a document need not name every scope
 * (OpenID Connect Discovery 1.0 §3), and what was chosen stays. */
static void
adopt_scopes (WfAccountForm            *self,
              const WfProviderMetadata *metadata)
{
  g_autofree char *input = get_text (self->issuer);
  g_autofree char *scope = get_text (self->scopes);
  g_autoptr (WfAccount) proposed = NULL;

  wf_scope_picker_set_supported (self->scope_picker, (const char *const *) metadata->scopes_supported);
  if (!strstr (input, "/.well-known/") || !g_str_equal (scope, WF_ACCOUNT_DEFAULT_SCOPE))
    return;
  proposed = wf_account_new_for_provider (metadata, NULL);
  if (proposed->scope)
    set_text (self->scopes, proposed->scope);
}

static void
adopt_metadata (WfAccountForm      *self,
                WfProviderMetadata *metadata)
{
  g_autofree char *name = get_text (self->name);

  self->loading = TRUE;
  adopt_scopes (self, metadata);
  set_text (self->issuer, metadata->issuer);
  if (!*name)
    {
      g_autofree char *host = wf_uri_get_display_host (metadata->issuer);
      set_text (self->name, host);
    }
  if (!wf_provider_metadata_supports_auth_method (metadata, WF_AUTH_METHOD_BASIC) &&
      wf_provider_metadata_supports_auth_method (metadata, WF_AUTH_METHOD_POST))
    adw_combo_row_set_selected (self->auth_method, 1);
  self->loading = FALSE;
  update (self);
}

void
wf_account_form_show_discovery (WfAccountForm      *self,
                                gboolean            busy,
                                WfProviderMetadata *metadata,
                                const GError       *error)
{
  g_return_if_fail (WF_IS_ACCOUNT_FORM (self));

  gtk_widget_set_visible (GTK_WIDGET (self->discover_spinner), busy);
  gtk_spinner_set_spinning (self->discover_spinner, busy);
  wf_discovery_row_show (self->discovery, metadata, error);
  if (metadata)
    adopt_metadata (self, metadata);
}

void
wf_account_form_set_file (WfAccountForm *self,
                          const char    *field,
                          const char    *path)
{
  char **slot;

  g_return_if_fail (WF_IS_ACCOUNT_FORM (self));

  slot = g_str_equal (field, "ca-file") ? &self->ca_path : &self->certificate_path;
  g_free (*slot);
  *slot = g_strdup (path);
  update (self);
}

void
wf_account_form_show_name_error (WfAccountForm *self,
                                 const char    *message)
{
  wf_field_note_set_error (self->name, message);
  gtk_widget_grab_focus (self->name);
}

void
wf_account_form_focus (WfAccountForm *self)
{
  if (!wf_preset_rows_focus (self->preset_rows))
    gtk_widget_grab_focus (self->issuer);
}
