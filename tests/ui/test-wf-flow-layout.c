/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <gio/gio.h>
#include <pango/pangocairo.h>

#include "wf-flow-draw.h"
#include "wf-flow-words.h"
#include "wf-save.h"
#include "wf-time.h"

#define SECRET "canaryAAAABBBBCCCCDDDDEEEE0123"
#define LONG "A sentence of an error that is much longer than there is room for in a narrow window, so that it has to be " \
             "wrapped into several lines, and still goes on for a while after that"

/* Returns: a PangoContext */
static GObject *
make_context (PangoDirection direction,
              double         points)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Sans");

  pango_font_description_set_size (font, (int) (points * PANGO_SCALE));
  pango_context_set_font_description (context, font);
  pango_context_set_base_dir (context, direction);
  pango_context_set_language (context, pango_language_from_string (direction == PANGO_DIRECTION_RTL ? "he" : "c"));
  pango_cairo_context_set_resolution (context, 96);
  return G_OBJECT (context);
}

static WfExchange *
make_exchange (gboolean by_address)
{
  WfExchange *exchange = wf_exchange_new ();
  g_autoptr (WfSecretValue) form = wf_secret_new ("grant_type=authorization_code&code=" SECRET, -1);

  exchange->duration_us = 35000;
  exchange->status = by_address ? 0 : 200;
  exchange->by_address = by_address;
  exchange->method = g_strdup ("POST");
  wf_exchange_set_uri (exchange, "https://id.example.org/token?code=" SECRET);
  wf_exchange_set_form (exchange, form);
  return exchange;
}

static WfFlow *
make_flow (gboolean with_api)
{
  WfFlow *flow = wf_flow_new ("Sign-in <&> \"1\"", G_GINT64_CONSTANT (1795353600) * G_USEC_PER_SEC);
  gint64 time = wf_flow_get_started_at (flow);
  g_autoptr (WfExchange) front = make_exchange (TRUE);
  g_autoptr (WfExchange) back = make_exchange (FALSE);

  wf_flow_add (flow, WF_LANE_WARIFU, WF_LANE_PERSON, "Authorization request", NULL, FALSE, time, front);
  wf_flow_add (flow, WF_LANE_PERSON, WF_LANE_SERVER, "GET /authorize", "authorization endpoint", FALSE, time, front);
  wf_flow_add (flow, WF_LANE_SERVER, WF_LANE_PERSON, "תשובה", "io.github.warifu:/callback", FALSE, time + 5000000, front);
  wf_flow_add (flow, WF_LANE_WARIFU, WF_LANE_WARIFU, "状態が一致", LONG, FALSE, time + 5000000, NULL);
  wf_flow_add (flow, WF_LANE_WARIFU, WF_LANE_SERVER, "POST /token", "token endpoint", FALSE, time + 5000000, back);
  wf_flow_add (flow, WF_LANE_SERVER, WF_LANE_WARIFU, "400 Bad Request", LONG, TRUE, time + 5035000, back);
  wf_flow_add (flow, WF_LANE_PERSON, WF_LANE_PERSON, "At home, on the left", NULL, FALSE, time, NULL);
  wf_flow_add (flow, WF_LANE_SERVER, WF_LANE_SERVER, "At home, on the right", LONG, TRUE, time, NULL);
  if (with_api)
    wf_flow_add (flow, WF_LANE_WARIFU, WF_LANE_API, "GET /userinfo", NULL, FALSE, time, back);
  return flow;
}

static void
assert_inside (const WfFlowWords *words,
               int                width)
{
  if (!words->layout)
    return;
  g_assert_cmpint (words->x, >=, 0);
  g_assert_cmpint (words->x + words->width, <=, width);
  g_assert_cmpint (words->width, >, 0);
  g_assert_cmpint (words->height, >, 0);
}

static void
assert_apart (const WfFlowWords *above,
              const WfFlowWords *below)
{
  if (above->layout && below->layout)
    g_assert_cmpint (below->y, >=, above->y + above->height);
}

/* Whatever the width, the direction and the size of the font: nothing is outside, nothing is on top of another. */
static void
check_layout (PangoDirection direction,
              double         points,
              int            width,
              gboolean       with_api)
{
  g_autoptr (GObject) context = make_context (direction, points);
  g_autoptr (WfFlow) flow = make_flow (with_api);
  g_autoptr (WfFlowLayout) layout = wf_flow_layout_new (flow, PANGO_CONTEXT (context), width, "Title");
  gboolean mirrored = direction == PANGO_DIRECTION_RTL;
  double y = layout->lines_top;

  g_assert_cmpuint (layout->frame.n_lanes, ==, with_api ? 4 : 3);
  for (guint i = 0; i < layout->frame.n_lanes; i++)
    {
      double x = wf_flow_frame_get_lane_x (&layout->frame, (WfLane) i);

      assert_inside (&layout->heads[i], width);
      g_assert_cmpint (layout->heads[i].y + layout->heads[i].height, <=, (int) layout->lines_top + 1);
      g_assert_cmpfloat (x, >, 0);
      g_assert_cmpfloat (x, <, width);
      if (i > 0)
        g_assert_true ((x > wf_flow_frame_get_lane_x (&layout->frame, (WfLane) (i - 1))) != mirrored);
    }
  for (guint i = 0; i < layout->n_places; i++)
    {
      const WfFlowPlace *place = &layout->places[i];

      g_assert_cmpfloat_with_epsilon (place->top, y, 0.01);
      y += place->height;
      assert_inside (&place->title, width);
      assert_inside (&place->detail, width);
      assert_inside (&place->time, width);
      assert_apart (&place->title, &place->detail);
      g_assert_cmpfloat (place->y, >, place->top);
      g_assert_cmpfloat (place->y, <, place->top + place->height);
      g_assert_cmpfloat (place->detail.y + place->detail.height, <=, place->top + place->height);
      g_assert_cmpfloat (place->from, ==, wf_flow_frame_get_lane_x (&layout->frame, place->step->from));
      g_assert_cmpfloat (place->to, ==, wf_flow_frame_get_lane_x (&layout->frame, place->step->to));
      /* The arrow runs between its words. */
      if (place->step->from != place->step->to)
        g_assert_cmpfloat (place->y, >=, place->title.y + place->title.height);
      if (place->step->from != place->step->to && place->detail.layout)
        g_assert_cmpfloat (place->y, <=, place->detail.y);
      /* What is done at home stands beside its mark, not upon it. */
      if (place->step->from == place->step->to)
        g_assert_true (place->title.x >= place->from + 7 || place->title.x + place->title.width <= place->from - 7);
    }
  g_assert_cmpfloat (layout->height, >=, y);
}

static void
test_layout (void)
{
  static const int widths[] = { 320, 360, 500, 700, 1000, 1600 };
  static const double points[] = { 8, 11, 22 };

  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (points); j++)
      {
        check_layout (PANGO_DIRECTION_LTR, points[j], widths[i], FALSE);
        check_layout (PANGO_DIRECTION_RTL, points[j], widths[i], FALSE);
        check_layout (PANGO_DIRECTION_LTR, points[j], widths[i], TRUE);
        check_layout (PANGO_DIRECTION_RTL, points[j], widths[i], TRUE);
      }
}

/* A larger font makes it higher, a wider sheet lower; the times are there where there is room for them. */
static void
test_size (void)
{
  g_autoptr (GObject) small = make_context (PANGO_DIRECTION_LTR, 10);
  g_autoptr (GObject) large = make_context (PANGO_DIRECTION_LTR, 20);
  g_autoptr (WfFlow) flow = make_flow (FALSE);
  g_autoptr (WfFlowLayout) usual = wf_flow_layout_new (flow, PANGO_CONTEXT (small), 900, "Title");
  g_autoptr (WfFlowLayout) larger = wf_flow_layout_new (flow, PANGO_CONTEXT (large), 900, "Title");
  g_autoptr (WfFlowLayout) narrow = wf_flow_layout_new (flow, PANGO_CONTEXT (small), 330, "Title");

  g_assert_cmpfloat (larger->height, >, usual->height * 1.5);
  g_assert_cmpfloat (wf_flow_frame_get_unit (&larger->frame), >, wf_flow_frame_get_unit (&usual->frame) * 1.5);
  g_assert_cmpfloat (narrow->height, >, usual->height);
  g_assert_nonnull (usual->places[0].time.layout);
  g_assert_null (narrow->places[0].time.layout);
}

/* In the window a text has a few lines at most, in a file all of them. */
static void
test_cut (void)
{
  g_autoptr (GObject) context = make_context (PANGO_DIRECTION_LTR, 11);
  g_autoptr (WfFlow) flow = make_flow (FALSE);
  WfFlowFrame frame = { .context = PANGO_CONTEXT (context), .width = 330, .n_lanes = 3, .max_lines = 2 };
  WfFlowPlace place;

  wf_flow_place_init (&place, &frame, wf_flow_get_step (flow, 5), 0);
  g_assert_cmpint (pango_layout_get_line_count (place.detail.layout), ==, 2);
  g_assert_true (pango_layout_is_ellipsized (place.detail.layout));
  wf_flow_place_clear (&place);
  frame.max_lines = 0;
  wf_flow_place_init (&place, &frame, wf_flow_get_step (flow, 5), 0);
  g_assert_cmpint (pango_layout_get_line_count (place.detail.layout), >, 3);
  g_assert_false (pango_layout_is_ellipsized (place.detail.layout));
  wf_flow_place_clear (&place);
}

static void
collect_text (GMarkupParseContext *context,
              const char          *text,
              gsize                length,
              gpointer             user_data,
              GError             **error)
{
  const char *element = g_markup_parse_context_get_element (context);

  if (g_str_equal (element, "text"))
    g_string_append_printf (user_data, "%.*s ", (int) length, text);
  else if (g_str_equal (element, "title") || g_str_equal (element, "desc"))
    g_string_append_printf (user_data, "[%.*s]", (int) length, text);
}

static void
check_svg (PangoDirection direction)
{
  static const GMarkupParser parser = { .text = collect_text };
  g_autoptr (GObject) context = make_context (direction, 11);
  g_autoptr (WfFlow) flow = make_flow (TRUE);
  g_autoptr (WfFlowLayout) layout = wf_flow_layout_new (flow, PANGO_CONTEXT (context), 900, "Work <&> account");
  g_autofree char *svg = wf_flow_layout_to_svg (layout);
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GMarkupParseContext) parse = g_markup_parse_context_new (&parser, 0, words, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_markup_parse_context_parse (parse, svg, -1, &error));
  g_assert_no_error (error);
  g_assert_true (g_markup_parse_context_end_parse (parse, &error));
  g_assert_no_error (error);
  g_test_message ("%s", words->str);
  /* Text that can be read, searched and translated, and all of it described. */
  g_assert_nonnull (strstr (words->str, "Work <&> account"));
  g_assert_nonnull (strstr (words->str, "Authorization server"));
  g_assert_nonnull (strstr (words->str, "GET /authorize"));
  g_assert_nonnull (strstr (words->str, "תשובה"));
  g_assert_nonnull (strstr (words->str, "状態が一致"));
  g_assert_nonnull (strstr (words->str, "[5. Warifu to Authorization server: POST /token, token endpoint]"));
  g_assert_nonnull (strstr (words->str, ", failed]"));
  g_assert_nonnull (strstr (svg, "prefers-color-scheme:dark"));
  g_assert_nonnull (strstr (svg, "direction=\"rtl\""));
  g_assert_true (strstr (svg, "xml:lang=\"he\"") != NULL || direction == PANGO_DIRECTION_LTR);
  g_assert_null (strstr (svg, "xml:lang=\"c\""));
  /* No secret, and nothing that is fetched from elsewhere. */
  g_assert_null (strstr (svg, "cana"));
  g_assert_null (strstr (svg, "href"));
  g_assert_null (strstr (svg, "id.example.org"));
}

static void
test_svg (void)
{
  check_svg (PANGO_DIRECTION_LTR);
  check_svg (PANGO_DIRECTION_RTL);
}

static void
test_png (void)
{
  g_autoptr (GObject) context = make_context (PANGO_DIRECTION_LTR, 11);
  g_autoptr (WfFlow) flow = make_flow (FALSE);
  g_autoptr (WfFlowLayout) layout = wf_flow_layout_new (flow, PANGO_CONTEXT (context), 700, "Work account");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = wf_flow_layout_to_png (layout, 2, &error);
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type ("png", NULL);
  const guint8 *pixels;
  GdkPixbuf *pixbuf;
  g_autoptr (GBytes) too_large = NULL;

  g_assert_no_error (error);
  g_assert_true (gdk_pixbuf_loader_write_bytes (loader, png, &error));
  g_assert_true (gdk_pixbuf_loader_close (loader, &error));
  g_assert_no_error (error);
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), ==, 1400);
  g_assert_cmpint (gdk_pixbuf_get_height (pixbuf), ==, (int) (layout->height * 2));
  /* Dark on light: the corner is paper. */
  pixels = gdk_pixbuf_read_pixels (pixbuf);
  g_assert_cmpuint (pixels[0], ==, 255);
  g_assert_cmpuint (pixels[1], ==, 255);

  too_large = wf_flow_layout_to_png (layout, 100, &error);
  g_assert_null (too_large);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static void
test_words (void)
{
  g_autoptr (WfFlow) flow = make_flow (TRUE);
  g_autofree char *request = wf_flow_step_describe (wf_flow_get_step (flow, 4), 5);
  g_autofree char *answer = wf_flow_step_describe (wf_flow_get_step (flow, 5), 6);
  g_autofree char *redirect = wf_flow_step_detail (wf_flow_get_step (flow, 2));

  g_assert_cmpuint (wf_flow_count_lanes (flow), ==, 4);
  g_assert_cmpstr (request, ==, "5. Warifu to Authorization server: POST /token, token endpoint");
  g_assert_true (g_str_has_suffix (answer, " · 35 ms, failed"));
  g_assert_true (wf_flow_step_is_answer (wf_flow_get_step (flow, 5)));
  g_assert_false (wf_flow_step_is_answer (wf_flow_get_step (flow, 4)));
  g_assert_false (wf_flow_step_is_answer (wf_flow_get_step (flow, 2)));
  g_assert_cmpstr (redirect, ==, "io.github.warifu:/callback · 35 ms");
}

static void
check_name (const char *part,
            const char *expected)
{
  const char *parts[] = { part, "Sign-in", NULL };
  g_autofree char *name = wf_save_make_name (parts, WF_TIME_UNKNOWN, "svg");

  g_assert_cmpstr (name, ==, expected);
}

static void
test_file_name (void)
{
  const char *parts[] = { "Work", NULL };
  g_autofree char *dated = wf_save_make_name (parts, 1795353600, "png");

  check_name ("Work account", "work-account-sign-in.svg");
  check_name ("../../etc/passwd", "etc-passwd-sign-in.svg");
  check_name ("仕事", "仕事-sign-in.svg");
  check_name (":*?\"<>|", "sign-in.svg");
  g_assert_cmpstr (dated, ==, "work-2026-11-22-132000.png");
}

static void
check_error (int         code,
             const char *expected)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, code, "said by the system");
  g_autofree char *words = wf_save_describe_error (error);

  g_assert_nonnull (strstr (words, expected));
}

static void
test_errors (void)
{
  check_error (G_IO_ERROR_NO_SPACE, "disk is full");
  check_error (G_IO_ERROR_PERMISSION_DENIED, "another folder");
  check_error (G_IO_ERROR_READ_ONLY, "another folder");
  check_error (G_IO_ERROR_NOT_FOUND, "not there any more");
  check_error (G_IO_ERROR_IS_DIRECTORY, "another name");
  check_error (G_IO_ERROR_BROKEN_PIPE, "said by the system");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/flow-layout/layout", test_layout);
  g_test_add_func ("/ui/flow-layout/size", test_size);
  g_test_add_func ("/ui/flow-layout/cut", test_cut);
  g_test_add_func ("/ui/flow-layout/svg", test_svg);
  g_test_add_func ("/ui/flow-layout/png", test_png);
  g_test_add_func ("/ui/flow-layout/words", test_words);
  g_test_add_func ("/ui/flow-layout/file-name", test_file_name);
  g_test_add_func ("/ui/flow-layout/errors", test_errors);
  return g_test_run ();
}
