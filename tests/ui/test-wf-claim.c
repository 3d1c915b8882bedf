/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-claim.h"

#include "wf-json.h"
#include "wf-time.h"

#define CLAIMS                                                                                     \
  "{\"sub\":\"alice\",\"exp\":1795353600,\"aud\":[\"a\",\"b\"],"                                   \
  "\"address\":{\"locality\":\"Oxford\",\"lines\":[{\"house\":\"Christ Church\"}]},\"empty\":{},"    \
  "\"many\":[1,2,3,4,5,6,7],\"nested\":[[true]],\"nothing\":null}"

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = wf_json_parse_object (text, strlen (text), WF_JSON_MAX_BYTES, &error);

  g_assert_no_error (error);
  return object;
}

/* Returns: (transfer full): the claim of that name */
static WfClaim *
find (GListModel *model,
      const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (WfClaim) claim = g_list_model_get_item (model, i);

      if (g_str_equal (wf_claim_get_name (claim), name))
        return g_steal_pointer (&claim);
    }
  return NULL;
}

static void
assert_says (GListModel *model,
             const char *name,
             const char *expected)
{
  g_autoptr (WfClaim) claim = find (model, name);
  g_autofree char *text = NULL;

  g_assert_nonnull (claim);
  text = wf_claim_format (claim);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_values (void)
{
  g_autoptr (JsonObject) claims = parse (CLAIMS);
  g_autoptr (GListModel) model = wf_claim_list_new (claims);
  g_autoptr (WfClaim) exp = find (model, "exp");
  g_autoptr (WfClaim) many = find (model, "many");

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 8);
  g_assert_true (g_list_model_get_item_type (model) == WF_TYPE_CLAIM);
  g_assert_null (g_list_model_get_item (model, 8));
  assert_says (model, "sub", "alice");
  assert_says (model, "aud", "a, b");
  assert_says (model, "address", "2 members");
  assert_says (model, "empty", "0 members");
  assert_says (model, "many", "7 items");
  assert_says (model, "nested", "1 item");
  assert_says (model, "nothing", "null");
  g_assert_cmpint (wf_claim_get_time (exp), ==, 1795353600);
  g_assert_nonnull (wf_claim_get_meaning (exp));
  g_assert_cmpint (wf_claim_get_time (many), ==, WF_TIME_UNKNOWN);
  g_assert_null (wf_claim_get_meaning (many));
}

/* The tree goes on where the object that it came from is gone. */
static void
test_open (void)
{
  JsonObject *claims = parse (CLAIMS);
  g_autoptr (GListModel) model = wf_claim_list_new (claims);
  g_autoptr (WfClaim) address = find (model, "address");
  g_autoptr (WfClaim) subject = find (model, "sub");
  g_autoptr (GListModel) inside = NULL;
  g_autoptr (WfClaim) lines = NULL;
  g_autoptr (GListModel) elements = NULL;
  g_autoptr (WfClaim) first = NULL;
  g_autoptr (GListModel) house = NULL;

  json_object_unref (claims);
  g_assert_null (wf_claim_open (subject));
  inside = wf_claim_open (address);
  assert_says (inside, "locality", "Oxford");
  lines = find (inside, "lines");
  elements = wf_claim_open (lines);
  g_assert_cmpuint (g_list_model_get_n_items (elements), ==, 1);
  first = find (elements, "[0]");
  house = wf_claim_open (first);
  g_clear_object (&model);
  g_clear_object (&inside);
  assert_says (house, "house", "Christ Church");
}

/* A name has its meaning at the top alone. */
static void
test_meaning (void)
{
  g_autoptr (JsonObject) claims = parse ("{\"act\":{\"sub\":\"bob\",\"exp\":1795353600}}");
  g_autoptr (GListModel) model = wf_claim_list_new (claims);
  g_autoptr (WfClaim) actor = find (model, "act");
  g_autoptr (GListModel) inside = wf_claim_open (actor);
  g_autoptr (WfClaim) subject = find (inside, "sub");
  g_autoptr (WfClaim) expiry = find (inside, "exp");

  g_assert_nonnull (wf_claim_get_meaning (actor));
  g_assert_null (wf_claim_get_meaning (subject));
  g_assert_cmpint (wf_claim_get_time (expiry), ==, WF_TIME_UNKNOWN);
}

static void
test_nothing (void)
{
  g_autoptr (GListModel) none = wf_claim_list_new (NULL);
  g_autoptr (GListModel) found = wf_claim_list_search (NULL, NULL, "x");

  g_assert_cmpuint (g_list_model_get_n_items (none), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (found), ==, 0);
}

static void
test_search (void)
{
  static const struct { const char *query; const char *first; guint count; } cases[] = {
    { "ALICE", "sub", 1 },
    { "oxf", "address.locality", 1 },
    { "christ church", "address.lines[0].house", 1 },
    { "house", "address.lines[0].house", 1 },
    { "expires", "exp", 1 }, /* of its meaning */
    { "17953", "exp", 1 },
    { "true", "nested[0][0]", 1 },
    { "rs256", "header.alg", 1 },
    { "zebra", NULL, 0 },
  };
  g_autoptr (JsonObject) claims = parse (CLAIMS);
  g_autoptr (JsonObject) header = parse ("{\"alg\":\"RS256\"}");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GListModel) found = wf_claim_list_search (claims, header, cases[i].query);
      g_autoptr (WfClaim) first = g_list_model_get_item (found, 0);

      g_assert_cmpuint (g_list_model_get_n_items (found), ==, cases[i].count);
      if (first)
        g_assert_cmpstr (wf_claim_get_name (first), ==, cases[i].first);
      else
        g_assert_null (cases[i].first);
    }
}

/* What is found can be opened, and keeps its meaning. */
static void
test_search_opens (void)
{
  g_autoptr (JsonObject) claims = parse (CLAIMS);
  g_autoptr (GListModel) found = wf_claim_list_search (claims, NULL, "address");
  g_autoptr (WfClaim) address = g_list_model_get_item (found, 0);
  g_autoptr (GListModel) inside = wf_claim_open (address);

  g_assert_cmpuint (g_list_model_get_n_items (inside), ==, 2);
  g_assert_nonnull (wf_claim_get_meaning (address));
}

/* A name is the sender's, too. */
static void
test_hostile_names (void)
{
  g_autoptr (JsonObject) claims = parse ("{\"a\\u202eb\\u0007\":1}");
  g_autoptr (GListModel) model = wf_claim_list_new (claims);
  g_autoptr (WfClaim) claim = g_list_model_get_item (model, 0);
  g_autoptr (GListModel) found = wf_claim_list_search (claims, NULL, "b");
  g_autoptr (WfClaim) result = g_list_model_get_item (found, 0);

  g_assert_cmpstr (wf_claim_get_name (claim), ==, "ab");
  g_assert_cmpstr (wf_claim_get_name (result), ==, "ab");
}

/* Ten thousand are listed, and searched, without anything being made of those that nobody looks at. */
static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new ("{\"iss\":\"https://id.example.org\"");
  g_autoptr (JsonObject) claims = NULL;
  g_autoptr (GListModel) model = NULL;
  g_autoptr (GListModel) found = NULL;
  g_autoptr (GTimer) timer = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (text, ",\"claim-%05u\":{\"n\":%u}", i, i);
  g_string_append_c (text, '}');
  claims = parse (text->str);
  timer = g_timer_new ();
  model = wf_claim_list_new (claims);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 10001);
  assert_says (model, "claim-09999", "1 member");
  g_test_message ("listed after %.1f ms", g_timer_elapsed (timer, NULL) * 1000);
  g_timer_start (timer);
  found = wf_claim_list_search (claims, NULL, "09999");
  g_assert_cmpuint (g_list_model_get_n_items (found), ==, 1);
  g_test_message ("searched in %.1f ms", g_timer_elapsed (timer, NULL) * 1000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/claim/values", test_values);
  g_test_add_func ("/ui/claim/open", test_open);
  g_test_add_func ("/ui/claim/meaning", test_meaning);
  g_test_add_func ("/ui/claim/nothing", test_nothing);
  g_test_add_func ("/ui/claim/search", test_search);
  g_test_add_func ("/ui/claim/search-opens", test_search_opens);
  g_test_add_func ("/ui/claim/hostile-names", test_hostile_names);
  g_test_add_func ("/ui/claim/many", test_many);
  return g_test_run ();
}
