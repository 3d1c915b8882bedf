/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-snippet-private.h"

#include "wf-error.h"
#include "wf-secret.h"
#include "wf-uri.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MARK_LENGTH 2
/* Room for what a template becomes, so that it does not grow while secrets are written into it. */
#define TEMPLATE_FACTOR 6

/* One form field: its text, or the environment variable that has it. */
typedef struct
{
  const char *name;
  const char *value;
  const char *variable; /* static; NULL where @value is no secret */
} Field;

typedef struct
{
  const WfSnippetTemplate *template;
  const char              *url;
  const char              *client_id;
  gboolean                 basic;
  Field                    secret;
  GArray                  *fields; /* (element-type Field) */
} Model;

static const WfSnippetTemplate *const templates[WF_SNIPPET_N_LANGUAGES] = {
  [WF_SNIPPET_CURL] = &wf_snippet_curl,
  [WF_SNIPPET_CSHARP] = &wf_snippet_csharp,
  [WF_SNIPPET_GO] = &wf_snippet_go,
  [WF_SNIPPET_JAVA] = &wf_snippet_java,
  [WF_SNIPPET_NODE] = &wf_snippet_node,
  [WF_SNIPPET_OBJC] = &wf_snippet_objc,
  [WF_SNIPPET_PHP] = &wf_snippet_php,
  [WF_SNIPPET_PYTHON] = &wf_snippet_python,
  [WF_SNIPPET_RUBY] = &wf_snippet_ruby,
  [WF_SNIPPET_SWIFT] = &wf_snippet_swift,
};

static const char *const grant_names[] = {
  [WF_SNIPPET_AUTHORIZATION_CODE] = "authorization_code",
  [WF_SNIPPET_REFRESH_TOKEN] = "refresh_token",
};

static void
add_field (Model      *model,
           const char *name,
           const char *value,
           const char *variable)
{
  const Field field = { name, value, variable };

  g_array_append_val (model->fields, field);
}

static const char *
get_redirect_uri (const WfAccount       *account,
                  const WfSnippetValues *values)
{
  if (values->redirect_uri)
    return values->redirect_uri;
  return account->redirect_uri ? account->redirect_uri : WF_REDIRECT_URI_BROWSER;
}

static void
add_grant (Model                 *model,
           WfSnippetGrant         grant,
           const WfAccount       *account,
           const WfSnippetValues *values)
{
  add_field (model, "grant_type", grant_names[grant], NULL);
  if (grant == WF_SNIPPET_AUTHORIZATION_CODE)
    {
      add_field (model, "code", values->code, "WARIFU_CODE");
      add_field (model, "redirect_uri", get_redirect_uri (account, values), NULL);
      add_field (model, "code_verifier", values->code_verifier, "WARIFU_CODE_VERIFIER");
    }
  else
    {
      add_field (model, "refresh_token", values->refresh_token, "WARIFU_REFRESH_TOKEN");
    }
  for (guint i = 0; account->resources && account->resources[i]; i++)
    add_field (model, "resource", account->resources[i], NULL);
}

static void
add_client (Model           *model,
            const WfAccount *account)
{
  if (!model->basic)
    add_field (model, "client_id", account->client_id, NULL);
  if (account->auth_method == WF_AUTH_METHOD_POST)
    g_array_append_val (model->fields, model->secret);
}

static gboolean
uses_environment (const Model *model)
{
  if (model->basic && !model->secret.value)
    return TRUE;
  for (guint i = 0; i < model->fields->len; i++)
    if (!g_array_index (model->fields, Field, i).value)
      return TRUE;
  return FALSE;
}

static void
append_value (GString     *out,
              const Model *model,
              const Field *field)
{
  if (field->value)
    model->template->append_literal (out, field->value);
  else
    g_string_append_printf (out, "%s%s%s", model->template->environment[0], field->variable, model->template->environment[1]);
}

/* curl reads a secret from a file that is none, so that it does not stand in its command line, where every
 * user of the machine can read it. */
static void
append_shell_field (GString     *out,
                    const Model *model,
                    const Field *field)
{
  g_autofree char *pair = NULL;

  if (field->variable)
    {
      g_string_append_printf (out, "%s@<(printf %%s ", field->name);
      append_value (out, model, field);
      g_string_append_c (out, ')');
      return;
    }
  pair = g_strconcat (field->name, "=", field->value, NULL);
  wf_snippet_append_shell (out, pair);
}

static void
append_placeholder (GString     *out,
                    const Model *model,
                    const Field *field,
                    const char  *name,
                    gsize        length)
{
  g_autofree char *placeholder = g_strndup (name, length);

  if (g_str_equal (placeholder, "url"))
    model->template->append_literal (out, model->url);
  else if (g_str_equal (placeholder, "client_id"))
    model->template->append_literal (out, model->client_id);
  else if (g_str_equal (placeholder, "secret"))
    append_value (out, model, &model->secret);
  else if (!field)
    g_assert_not_reached (); /* what follows is said of a field, in lines that are marked so */
  else if (g_str_equal (placeholder, "name"))
    model->template->append_literal (out, field->name);
  else if (g_str_equal (placeholder, "value"))
    append_value (out, model, field);
  else if (g_str_equal (placeholder, "field"))
    append_shell_field (out, model, field);
  else if (g_str_equal (placeholder, "variable"))
    g_string_append_printf (out, "\"${%s:?}\"", field->variable);
  else
    g_assert_not_reached ();
}

static void
append_line (GString     *out,
             const Model *model,
             const Field *field,
             const char  *line,
             const char  *end)
{
  while (line < end)
    {
      const char *open = g_strstr_len (line, end - line, "{{");
      const char *close = open ? g_strstr_len (open, end - open, "}}") : NULL;

      if (!close)
        break;
      g_string_append_len (out, line, open - line);
      append_placeholder (out, model, field, open + 2, (gsize) (close - open - 2));
      line = close + 2;
    }
  g_string_append_len (out, line, end - line);
  g_string_append_c (out, '\n');
}

/* The shell has to ask for its variables beforehand: nobody hears a pipe fail. */
static void
append_variable_lines (GString     *out,
                       const Model *model,
                       const char  *line,
                       const char  *end)
{
  for (guint i = 0; i < model->fields->len; i++)
    {
      const Field *field = &g_array_index (model->fields, Field, i);

      if (!field->value)
        append_line (out, model, field, line, end);
    }
  if (model->basic && !model->secret.value)
    append_line (out, model, &model->secret, line, end);
}

static void
append_marked_line (GString     *out,
                    const Model *model,
                    const char  *line,
                    const char  *end)
{
  char mark = '\0';

  if (end - line >= MARK_LENGTH && line[1] == '|')
    mark = line[0];
  if (mark == '\0')
    append_line (out, model, NULL, line, end);
  else if (mark == 'F')
    for (guint i = 0; i < model->fields->len; i++)
      append_line (out, model, &g_array_index (model->fields, Field, i), line + MARK_LENGTH, end);
  else if (mark == 'V')
    append_variable_lines (out, model, line + MARK_LENGTH, end);
  else if ((mark == 'B' && model->basic) || (mark == 'E' && uses_environment (model)))
    append_line (out, model, NULL, line + MARK_LENGTH, end);
}

static gsize
bound_length (const Model *model)
{
  gsize length = strlen (model->template->text) + strlen (model->url) + strlen (model->client_id);

  length += model->secret.value ? strlen (model->secret.value) : 0;
  for (guint i = 0; i < model->fields->len; i++)
    {
      const Field *field = &g_array_index (model->fields, Field, i);

      length += strlen (model->template->text) / 4 + strlen (field->name) + (field->value ? strlen (field->value) : 0);
    }
  return length * TEMPLATE_FACTOR;
}

static char *
fill_template (const Model *model)
{
  GString *out = g_string_sized_new (bound_length (model));
  const char *line = model->template->text;

  while (*line)
    {
      const char *end = strchr (line, '\n');

      append_marked_line (out, model, line, end);
      line = end + 1;
    }
  return g_string_free (out, FALSE);
}

static gboolean
check_value (const char *value,
             GError    **error)
{
  if (!value || g_utf8_validate (value, -1, NULL))
    return TRUE;
  g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE, _("One of the values is not a text in UTF-8, so it cannot be written into a program."));
  return FALSE;
}

static gboolean
check_input (const WfAccount          *account,
             const WfProviderMetadata *metadata,
             const WfSnippetValues    *values,
             GError                  **error)
{
  return wf_account_check_field (account, WF_ACCOUNT_FIELD_CLIENT_ID, error) &&
         wf_account_check_field (account, WF_ACCOUNT_FIELD_RESOURCE, error) &&
         wf_uri_check_endpoint (metadata->token_endpoint, "token_endpoint", error) &&
         wf_uri_check_redirect (get_redirect_uri (account, values), error) &&
         check_value (values->client_secret, error) && check_value (values->code, error) &&
         check_value (values->code_verifier, error) && check_value (values->refresh_token, error);
}

char *
wf_snippet_make (WfSnippetLanguage         language,
                 WfSnippetGrant            grant,
                 const WfAccount          *account,
                 const WfProviderMetadata *metadata,
                 const WfSnippetValues    *values,
                 GError                  **error)
{
  static const WfSnippetValues none = { NULL };
  g_autoptr (GArray) fields = NULL;
  Model model = { NULL };

  g_return_val_if_fail ((guint) language < WF_SNIPPET_N_LANGUAGES && (guint) grant < G_N_ELEMENTS (grant_names), NULL);
  g_return_val_if_fail (account != NULL && metadata != NULL, NULL);

  if (!values)
    values = &none;
  if (!check_input (account, metadata, values, error))
    return NULL;
  fields = g_array_new (FALSE, FALSE, sizeof (Field));
  model.template = templates[language];
  model.url = metadata->token_endpoint;
  model.client_id = account->client_id;
  model.basic = account->auth_method == WF_AUTH_METHOD_BASIC;
  model.secret = (Field) { "client_secret", values->client_secret, "WARIFU_CLIENT_SECRET" };
  model.fields = fields;
  add_grant (&model, grant, account, values);
  add_client (&model, account);
  return fill_template (&model);
}

gboolean
wf_snippet_language_from_string (const char        *text,
                                 WfSnippetLanguage *language,
                                 GError           **error)
{
  g_return_val_if_fail (language != NULL, FALSE);

  for (guint i = 0; i < WF_SNIPPET_N_LANGUAGES; i++)
    if (g_strcmp0 (text, templates[i]->name) == 0)
      {
        *language = (WfSnippetLanguage) i;
        return TRUE;
      }
  g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE,
                       _("Write the language as curl, csharp, go, java, node, objc, php, python, ruby or swift."));
  return FALSE;
}

const char *
wf_snippet_language_to_string (WfSnippetLanguage language)
{
  g_return_val_if_fail ((guint) language < WF_SNIPPET_N_LANGUAGES, NULL);

  return templates[language]->name;
}

const char *
wf_snippet_language_get_title (WfSnippetLanguage language)
{
  g_return_val_if_fail ((guint) language < WF_SNIPPET_N_LANGUAGES, NULL);

  return templates[language]->title;
}

const char *
wf_snippet_language_get_file_name (WfSnippetLanguage language)
{
  g_return_val_if_fail ((guint) language < WF_SNIPPET_N_LANGUAGES, NULL);

  return templates[language]->file_name;
}

gboolean
wf_snippet_grant_from_string (const char     *text,
                              WfSnippetGrant *grant,
                              GError        **error)
{
  g_return_val_if_fail (grant != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (grant_names); i++)
    if (g_strcmp0 (text, grant_names[i]) == 0)
      {
        *grant = (WfSnippetGrant) i;
        return TRUE;
      }
  g_set_error_literal (error, WF_ERROR, WF_ERROR_USAGE, _("Write the grant as authorization_code or refresh_token."));
  return FALSE;
}
