/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-demo-pages.h"

#include "wf-demo-user.h"
#include "wf-demo-words.h"
#include "wf-scope.h"

/* Colours with a contrast of 4.5:1 or more on both grounds; system colours where the person
 * has chosen some (forced-colors). */
static const char style[] =
  ":root{color-scheme:light dark;--ground:#f2f1ef;--card:#fff;--ink:#241f31;--dim:#5e5c64;--line:#8a8790;"
  "--accent:#1a5fb4;--on-accent:#fff;--bad:#a51d2d}"
  "@media(prefers-color-scheme:dark){:root{--ground:#1d1b22;--card:#2a2830;--ink:#f6f5f4;--dim:#c0bfbc;--line:#87848d;"
  "--accent:#8ab8f0;--on-accent:#10202f;--bad:#ffa8ab}}"
  "*{box-sizing:border-box}"
  "body{margin:0;min-height:100vh;display:flex;padding:16px;background:var(--ground);color:var(--ink);"
  "font:16px/1.5 Cantarell,'Adwaita Sans','Noto Sans',system-ui,sans-serif}"
  ":lang(ja) body{font-family:'Noto Sans CJK JP','Noto Sans JP','BIZ UDPGothic',system-ui,sans-serif;line-height:1.7;"
  "line-break:strict}"
  "main{width:100%;max-width:440px;margin:auto;padding:28px;background:var(--card);border-radius:16px;"
  "box-shadow:0 1px 3px #0003,0 8px 28px #0001}"
  "header{text-align:center}"
  "svg{width:56px;height:56px;fill:var(--accent)}"
  "h1{margin:8px 0 20px;font-size:1.4rem;line-height:1.3;text-wrap:balance;overflow-wrap:anywhere}"
  "p{margin:0 0 12px}"
  ".dim{color:var(--dim);font-size:.875rem}"
  "ul{margin:0 0 20px;padding:0;list-style:none;border-top:1px solid #8883}"
  "li{padding:8px 0 8px 28px;border-bottom:1px solid #8883;overflow-wrap:anywhere;position:relative}"
  "li::before{content:'';position:absolute;left:6px;top:calc(8px + .42em);width:6px;height:11px;"
  "border:solid var(--accent);border-width:0 2px 2px 0;transform:rotate(40deg)}"
  "label{display:block;margin-bottom:4px;font-weight:600}"
  "input{width:100%;min-height:44px;padding:8px 12px;font:inherit;color:inherit;background:transparent;"
  "border:1px solid var(--line);border-radius:9px}"
  ".bad{margin:6px 0 0;color:var(--bad);font-weight:600;font-size:.875rem}"
  ".note{margin:8px 0 20px}"
  ".message{text-align:center;text-wrap:balance}"
  ".row{display:flex;gap:12px}"
  "button{flex:1;min-height:46px;padding:8px 16px;font:inherit;font-weight:600;border-radius:9px;cursor:pointer;"
  "color:inherit;background:transparent;border:1px solid var(--line)}"
  "button.go{color:var(--on-accent);background:var(--accent);border-color:var(--accent)}"
  "button:hover{filter:brightness(1.08)}"
  "input:focus-visible,button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}"
  "dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 12px;align-items:baseline;margin:20px 0 0}"
  "dd{margin:0;overflow-wrap:anywhere;direction:ltr;font-family:'Source Code Pro',monospace;font-size:.8125rem}"
  "@media(max-width:400px){body{padding:0}main{border-radius:0;box-shadow:none;min-height:100vh;padding:24px 20px}}";

/* Two halves of a tally that fit. */
static const char mark[] =
  "<svg viewBox=\"0 0 56 56\" aria-hidden=\"true\">"
  "<path d=\"M14 6h12v10l-5 6 6 7-6 7 5 6v8H14a4 4 0 0 1-4-4V10a4 4 0 0 1 4-4z\"/>"
  "<path opacity=\".6\" d=\"M30 6h12a4 4 0 0 1 4 4v36a4 4 0 0 1-4 4H30v-9l-5-5 6-7-6-7 5-5z\"/></svg>";

static void
append_escaped (GString    *html,
                const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (html, escaped);
}

/* @format has one "%s", which @value takes the place of, escaped. */
static void
append_words (GString    *html,
              const char *format,
              const char *value)
{
  const char *place = strstr (format, "%s");

  g_string_append_len (html, format, place - format);
  append_escaped (html, value);
  g_string_append (html, place + 2);
}

static GString *
begin_page (const WfDemoWords *words,
            const char        *heading)
{
  GString *html = g_string_new ("<!DOCTYPE html>\n");

  g_string_append_printf (html,
                          "<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title>"
                          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                          "<meta name=\"color-scheme\" content=\"light dark\"><style>%s</style></head>\n"
                          "<body><main><header>%s<h1>%s</h1></header>\n",
                          words->code, heading, style, mark, heading);
  return html;
}

static char *
end_page (GString *html)
{
  g_string_append (html, "</main></body></html>\n");
  return g_string_free (html, FALSE);
}

static const char *
find_scope_words (const WfDemoWords *words,
                  const char        *scope)
{
  for (guint i = 0; words->scopes[i].scope; i++)
    if (strcmp (words->scopes[i].scope, scope) == 0)
      return words->scopes[i].words;
  return NULL;
}

static void
append_item (GString    *html,
             const char *format,
             const char *value)
{
  g_string_append (html, "<li>");
  append_words (html, format, value);
  g_string_append (html, "</li>");
}

/* What is asked, in the order of the words' table, in which the weightiest are not first but
 * the plainest. */
static void
append_requests (GString                 *html,
                 const WfDemoWords       *words,
                 const WfDemoTransaction *transaction)
{
  g_auto (GStrv) scopes = wf_scope_split (transaction->scope);

  g_string_append (html, "<ul>");
  for (guint i = 0; words->scopes[i].scope; i++)
    if (wf_scope_contains (transaction->scope, words->scopes[i].scope))
      append_item (html, "%s", words->scopes[i].words);
  for (guint i = 0; scopes[i]; i++)
    if (!find_scope_words (words, scopes[i]))
      append_item (html, words->other_scope, scopes[i]);
  if (transaction->audience)
    append_item (html, words->audience, transaction->audience);
  for (guint i = 0; transaction->resources[i]; i++)
    append_item (html, words->audience, transaction->resources[i]);
  if (!scopes[0] && !transaction->audience && !transaction->resources[0])
    append_item (html, "%s", words->sign_in_only);
  g_string_append (html, "</ul>\n");
}

static void
append_user_field (GString                *html,
                   const WfDemoWords      *words,
                   const WfDemoSignInPage *page)
{
  g_string_append_printf (html, "<label for=\"user\">%s</label>", words->user_label);
  g_string_append (html, "<input id=\"user\" name=\"user\" autocomplete=\"username\" autocapitalize=\"none\" "
                         "spellcheck=\"false\" autofocus required maxlength=\"");
  g_string_append_printf (html, "%d\" aria-describedby=\"note%s\" value=\"", WF_DEMO_USER_MAX_LENGTH,
                          page->has_problem ? " problem\" aria-invalid=\"true" : "");
  append_escaped (html, page->user);
  g_string_append (html, "\">\n");
  if (page->has_problem)
    g_string_append_printf (html, "<p id=\"problem\" class=\"bad\" role=\"alert\">%s</p>\n", words->user_problem);
  g_string_append_printf (html, "<p id=\"note\" class=\"dim note\">%s</p>\n", words->note);
}

/* Approve is the form's first submit button, and so the one that Enter presses. */
static void
append_form (GString                *html,
             const WfDemoWords      *words,
             const WfDemoSignInPage *page)
{
  g_string_append (html, "<form method=\"post\" action=\"/authorize/decision\">");
  g_string_append_printf (html,
                          "<input type=\"hidden\" name=\"transaction\" value=\"%s\">"
                          "<input type=\"hidden\" name=\"ui_locales\" value=\"%s\">\n",
                          page->transaction_id, words->code);
  append_user_field (html, words, page);
  g_string_append_printf (html,
                          "<div class=\"row\">"
                          "<button class=\"go\" type=\"submit\" name=\"decision\" value=\"approve\">%s</button>"
                          "<button type=\"submit\" name=\"decision\" value=\"deny\" formnovalidate>%s</button>"
                          "</div></form>\n",
                          words->approve, words->deny);
}

static void
append_facts (GString                 *html,
              const WfDemoWords       *words,
              const WfDemoTransaction *transaction)
{
  g_string_append_printf (html, "<dl class=\"dim\"><dt>%s</dt><dd>", words->client);
  append_escaped (html, transaction->client_id);
  g_string_append_printf (html, "</dd><dt>%s</dt><dd>", words->returns_to);
  append_escaped (html, transaction->redirect_uri);
  g_string_append (html, "</dd></dl>\n");
}

/* Returns: the language of a tag such as "ja-JP", WF_DEMO_N_LANGUAGES where it is not ours. */
static WfDemoLanguage
match_language (const char *tag)
{
  for (guint i = 0; i < WF_DEMO_N_LANGUAGES; i++)
    {
      const char *code = wf_demo_words_get (i)->code;
      gsize length = strlen (code);

      if (g_ascii_strncasecmp (tag, code, length) == 0 && (tag[length] == '\0' || tag[length] == '-'))
        return i;
    }
  return WF_DEMO_N_LANGUAGES;
}

WfDemoLanguage
wf_demo_pages_choose_language (SoupServerMessage *message,
                               const WfForm      *form)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *accept = soup_message_headers_get_list (headers, "Accept-Language");
  const char *ui_locales = wf_form_lookup (form, "ui_locales");
  g_auto (GStrv) tags = g_strsplit (ui_locales ? ui_locales : "", " ", 10);
  WfDemoLanguage language = WF_DEMO_N_LANGUAGES;
  GSList *accepted = NULL;

  for (guint i = 0; tags[i] && language == WF_DEMO_N_LANGUAGES; i++)
    language = match_language (tags[i]);
  if (accept && language == WF_DEMO_N_LANGUAGES)
    accepted = soup_header_parse_quality_list (accept, NULL /* unacceptable */);
  for (GSList *l = accepted; l && language == WF_DEMO_N_LANGUAGES; l = l->next)
    language = match_language (l->data);
  if (accepted)
    soup_header_free_list (accepted);
  return language == WF_DEMO_N_LANGUAGES ? WF_DEMO_ENGLISH : language;
}

char *
wf_demo_pages_sign_in (const WfDemoSignInPage *page)
{
  const WfDemoWords *words = wf_demo_words_get (page->language);
  GString *html = begin_page (words, words->heading);

  g_string_append_printf (html, "<p>%s</p>\n", words->intro);
  append_requests (html, words, page->transaction);
  append_form (html, words, page);
  append_facts (html, words, page->transaction);
  return end_page (html);
}

char *
wf_demo_pages_message (WfDemoLanguage language,
                       WfDemoPage     page)
{
  const WfDemoWords *words = wf_demo_words_get (language);
  GString *html = begin_page (words, words->pages[page].heading);

  g_string_append_printf (html, "<p class=\"message\">%s</p>\n", words->pages[page].text);
  return end_page (html);
}
