/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the strict gate costs: wf_json_parse() against json-glib's parser alone. The aim is half its
 * speed or more on a token response of 4 kB, and time linear up to 1 MiB. */

#include <glib.h>
#include <locale.h>
#include <string.h>

#include "wf-bench.h"
#include "wf-json.h"

#define AIM 0.5
/* The dearest byte of any length against the cheapest; from 16 kB to 1 MiB a square would be 64. */
#define LINEAR_AIM 4.0

typedef struct
{
  char *text;
  gsize length;
} Subject;

static void
run_json_glib (gpointer data)
{
  Subject *subject = data;
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (!json_parser_load_from_data (parser, subject->text, (gssize) subject->length, NULL))
    g_error ("json-glib refused the text");
}

static void
run_gate (gpointer data)
{
  Subject *subject = data;

  if (!wf_json_check (subject->text, subject->length, WF_JSON_MAX_BYTES, NULL))
    g_error ("the gate refused the text");
}

static void
run_parse (gpointer data)
{
  Subject *subject = data;
  g_autoptr (JsonNode) root = wf_json_parse (subject->text, subject->length, WF_JSON_MAX_BYTES, NULL);

  if (!root)
    g_error ("the gate refused the text");
}

/* As a token endpoint answers, with two JWTs in it. */
static char *
make_token_response (void)
{
  g_autofree char *access_token = g_strnfill (1900, 'a');
  g_autofree char *id_token = g_strnfill (1750, 'i');

  return g_strdup_printf ("{\n  \"access_token\": \"%s\",\n  \"id_token\": \"%s\",\n  \"refresh_token\": \"v1.MjAyNi0xMS0yMlQxMzoyMDowMFo0MzJhYmNkZWY\",\n"
                          "  \"expires_in\": 86400,\n  \"refresh_expires_in\": 2592000,\n  \"token_type\": \"Bearer\",\n"
                          "  \"scope\": \"openid profile email offline_access api:read api:write\",\n  \"session_state\": \"9b1c\"\n}\n",
                          access_token, id_token);
}

/* Many small members with escapes and numbers, nested: the dearest kind of text. */
static char *
make_dense (gsize length)
{
  GString *text = g_string_new ("{\"keys\":[");

  for (guint i = 0; text->len + 200 < length; i++)
    g_string_append_printf (text, "%s{\"kid\":\"%u\",\"n\\u0061me\":\"\\ud83d\\ude00 \\n\",\"a\":[1,-2.5,true,null],\"b\":{\"c\":{\"d\":[]}},\"e\":%u,\"f\":\"\xe5\x89\xb2\"}",
                            i ? "," : "", i, i);
  g_string_append (text, "]}");

  return g_string_free (text, FALSE);
}

/* Objects as large as they may be: the names are what must be told apart. */
static char *
make_members (gsize length)
{
  GString *text = g_string_new ("[");

  while (text->len + 64 * 1024 < length || text->len == 1)
    {
      g_string_append (text, text->len > 1 ? ",{" : "{");
      for (guint i = 0; i < 4000 && text->len + 64 < length; i++)
        g_string_append_printf (text, "%s\"member-%u\":%u", i ? "," : "", i * 7919, i);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');

  return g_string_free (text, FALSE);
}

static gboolean
run_ratio (void)
{
  Subject subject = { make_token_response () };
  double bare, gate, parse, again;
  gboolean is_missed;

  subject.length = strlen (subject.text);
  wf_bench_compare (run_json_glib, run_parse, &subject, &bare, &parse);
  wf_bench_compare (run_json_glib, run_gate, &subject, &again, &gate);
  is_missed = parse / bare < AIM;

  g_print ("Token response of %" G_GSIZE_FORMAT " bytes, texts per second (aim: gate and parse at least 0.5 of json-glib alone)\n\n", subject.length);
  g_print ("%-16s %12.0f %8.2f\n", "json-glib alone", bare, 1.0);
  g_print ("%-16s %12.0f %8.2f%s\n", "gate and parse", parse, parse / bare, is_missed ? "  MISSED" : "");
  g_print ("%-16s %12.0f %8.2f\n\n", "gate alone", gate, gate / again);
  g_free (subject.text);

  return !is_missed;
}

static gboolean
run_lengths (const char *name,
             char *(*make) (gsize length))
{
  static const gsize lengths[] = { 16 * 1024, 64 * 1024, 256 * 1024, WF_JSON_MAX_BYTES };
  double cheapest = G_MAXDOUBLE;
  double dearest = 0;

  g_print ("%s\n%10s %14s %14s %14s %8s\n", name, "bytes", "gate ns/byte", "both ns/byte", "json-glib", "ratio");
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      Subject subject = { make (lengths[i]) };
      double bare, parse, gate, again;

      subject.length = strlen (subject.text);
      wf_bench_compare (run_json_glib, run_parse, &subject, &bare, &parse);
      wf_bench_compare (run_json_glib, run_gate, &subject, &again, &gate);
      gate = 1e9 / gate / (double) subject.length;
      cheapest = MIN (cheapest, gate);
      dearest = MAX (dearest, gate);
      g_print ("%10" G_GSIZE_FORMAT " %14.2f %14.2f %14.2f %8.2f\n", subject.length, gate,
               1e9 / parse / (double) subject.length, 1e9 / bare / (double) subject.length, parse / bare);
      g_free (subject.text);
    }
  g_print ("%s\n\n", dearest / cheapest < LINEAR_AIM ? "linear" : "NOT LINEAR");

  return dearest / cheapest < LINEAR_AIM;
}

int
main (int   argc,
      char *argv[])
{
  gboolean is_good;

  setlocale (LC_ALL, "");
  is_good = run_ratio ();
  is_good &= run_lengths ("Small members, nested", make_dense);
  is_good &= run_lengths ("Large objects", make_members);

  return is_good ? 0 : 1;
}
