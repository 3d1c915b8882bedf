/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-loopback-page.h"

#include <libsoup/soup.h>

typedef struct
{
  const char *language;
  const char *title;
  const char *heading;
  const char *text;
} PageText;

/* gettext speaks the language of the process, and the page is for the browser. */
static const PageText texts[] = {
  { "en", "Back to Warifu", "You can close this page",
    "Warifu has the answer of your provider and goes on by itself." },
  { "ja", "Warifuに戻ります", "このページは閉じてかまいません",
    "プロバイダーからの応答をWarifuが受け取りました。続きはWarifuで進みます。" },
};

static const char page_format[] =
  "<!DOCTYPE html>\n"
  "<html lang=\"%s\">\n"
  "<head>\n"
  "<meta charset=\"utf-8\">\n"
  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
  "<meta name=\"color-scheme\" content=\"light dark\">\n"
  "<meta name=\"robots\" content=\"noindex\">\n"
  "<link rel=\"icon\" href=\"data:,\">\n"
  "<title>%s</title>\n"
  "<style>\n"
  ":root { color-scheme: light dark; }\n"
  "body { margin: 0; min-height: 100vh; display: flex; align-items: center; justify-content: center;\n"
  "  font: 1rem/1.6 system-ui, sans-serif; background: #fafafa; color: #222; }\n"
  "main { max-width: 28rem; padding: 2rem; text-align: center; }\n"
  "svg { width: 4rem; height: 4rem; }\n"
  "h1 { font-size: 1.5rem; margin: 1rem 0 .5rem; }\n"
  "p { margin: 0; opacity: .8; }\n"
  "@media (prefers-color-scheme: dark) { body { background: #242424; color: #fff; } }\n"
  "</style>\n"
  "</head>\n"
  "<body>\n"
  "<main>\n"
  "<svg viewBox=\"0 0 64 64\" aria-hidden=\"true\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"3\""
  " stroke-linecap=\"round\" stroke-linejoin=\"round\">\n"
  "<circle cx=\"32\" cy=\"32\" r=\"28\"/><path d=\"M20 33l8 8 16-17\"/>\n"
  "</svg>\n"
  "<h1>%s</h1>\n"
  "<p>%s</p>\n"
  "</main>\n"
  "</body>\n"
  "</html>\n";

static gboolean
is_language (const char *tag,
             const char *language)
{
  gsize length = strlen (language);

  return g_ascii_strncasecmp (tag, language, length) == 0 && (tag[length] == '\0' || tag[length] == '-');
}

/* The first of the browser's languages that there is a text for, RFC 9110 §12.5.4. */
static const PageText *
choose_text (const char *accept_language)
{
  /* Sorted by quality, those with 0 left out. */
  GSList *tags = accept_language ? soup_header_parse_quality_list (accept_language, NULL) : NULL;
  const PageText *chosen = NULL;

  for (GSList *l = tags; l && !chosen; l = l->next)
    for (gsize i = 0; i < G_N_ELEMENTS (texts) && !chosen; i++)
      if (is_language (l->data, texts[i].language))
        chosen = &texts[i];

  g_clear_pointer (&tags, soup_header_free_list);
  return chosen ? chosen : &texts[0];
}

char *
wf_loopback_page_make (const char *accept_language)
{
  const PageText *text = choose_text (accept_language);

  return g_strdup_printf (page_format, text->language, text->title, text->heading, text->text);
}
