/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-claim.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wf-claims.h"
#include "wf-error.h"
#include "wf-json.h"
#include "wf-time.h"

/* Longer arrays are counted, not told: nobody reads them in one line. */
#define MAX_TOLD 6

/* Where one value stands. The tree that it is part of is held by the list. */
typedef struct
{
  JsonNode   *node;
  const char *name;  /* of a member, owned by the tree; NULL in an array */
  char       *path;  /* of a result of a search, as it came; NULL */
  guint       index; /* in an array */
  gboolean    is_claim; /* a member of the claims themselves, whose name has a meaning */
} Place;

struct _WfClaim
{
  GObject     parent_instance;

  JsonNode   *root; /* the tree; held */
  JsonNode   *node;
  char       *name;
  const char *claim_name; /* owned by the tree; NULL where the name has no meaning */
};

G_DEFINE_FINAL_TYPE (WfClaim, wf_claim, G_TYPE_OBJECT)

#define WF_TYPE_CLAIM_LIST (wf_claim_list_get_type ())
G_DECLARE_FINAL_TYPE (WfClaimList, wf_claim_list, WF, CLAIM_LIST, GObject)

struct _WfClaimList
{
  GObject     parent_instance;

  JsonNode   *root;
  JsonNode   *container; /* whose values are listed when the first of them is asked for; NULL */
  GArray     *places;
};

static void wf_claim_list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WfClaimList, wf_claim_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, wf_claim_list_iface_init))

static gboolean
is_container (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node);
}

/* --- WfClaim --- */

static void
wf_claim_finalize (GObject *object)
{
  WfClaim *self = WF_CLAIM (object);

  g_free (self->name);
  g_clear_pointer (&self->root, json_node_unref);
  G_OBJECT_CLASS (wf_claim_parent_class)->finalize (object);
}

static void
wf_claim_class_init (WfClaimClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_claim_finalize;
}

static void
wf_claim_init (WfClaim *self)
{
}

/* --- WfClaimList --- */

static void
clear_place (gpointer data)
{
  g_clear_pointer (&((Place *) data)->path, g_free);
}

static WfClaimList *
new_list (JsonNode *root)
{
  WfClaimList *self = g_object_new (WF_TYPE_CLAIM_LIST, NULL);

  self->root = root ? json_node_ref (root) : NULL;
  return self;
}

static void
add_members (WfClaimList *self,
             JsonObject  *object,
             gboolean     is_claims)
{
  g_autoptr (GPtrArray) names = wf_claims_list (object);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      Place place = { .node = json_object_get_member (object, name), .name = name, .is_claim = is_claims };

      g_array_append_val (self->places, place);
    }
}

static void
add_elements (WfClaimList *self,
              JsonArray   *array)
{
  guint length = json_array_get_length (array);

  for (guint i = 0; i < length; i++)
    {
      Place place = { .node = json_array_get_element (array, i), .index = i };

      g_array_append_val (self->places, place);
    }
}

/* Whether something can be opened is asked of every row, and most are never opened. */
static void
fill (WfClaimList *self)
{
  JsonNode *container = g_steal_pointer (&self->container);

  if (!container)
    return;
  if (JSON_NODE_HOLDS_OBJECT (container))
    add_members (self, json_node_get_object (container), FALSE);
  else
    add_elements (self, json_node_get_array (container));
}

static GType
get_item_type (GListModel *model)
{
  return WF_TYPE_CLAIM;
}

static guint
get_n_items (GListModel *model)
{
  fill (WF_CLAIM_LIST (model));
  return WF_CLAIM_LIST (model)->places->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  WfClaimList *self = WF_CLAIM_LIST (model);
  const Place *place;
  WfClaim *claim;

  fill (self);
  if (position >= self->places->len)
    return NULL;
  place = &g_array_index (self->places, Place, position);
  claim = g_object_new (WF_TYPE_CLAIM, NULL);
  claim->root = json_node_ref (self->root);
  claim->node = place->node;
  claim->claim_name = place->is_claim ? place->name : NULL;
  if (place->path)
    claim->name = wf_error_clean_text (place->path);
  else if (place->name)
    claim->name = wf_error_clean_text (place->name);
  else
    claim->name = g_strdup_printf ("[%u]", place->index);
  return claim;
}

static void
wf_claim_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
wf_claim_list_finalize (GObject *object)
{
  WfClaimList *self = WF_CLAIM_LIST (object);

  g_clear_pointer (&self->places, g_array_unref);
  g_clear_pointer (&self->root, json_node_unref);
  G_OBJECT_CLASS (wf_claim_list_parent_class)->finalize (object);
}

static void
wf_claim_list_class_init (WfClaimListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wf_claim_list_finalize;
}

static void
wf_claim_list_init (WfClaimList *self)
{
  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_array_set_clear_func (self->places, clear_place);
}

/* --- Searching --- */

typedef struct
{
  WfClaimList *list;
  char        *needle; /* folded */
  gboolean     is_ascii;
  GString     *path;
} Search;

/* As the general way, without a copy of a text that may have a megabyte. */
static gboolean
holds_ascii (const char *text,
             const char *needle)
{
  const char first[] = { *needle, g_ascii_toupper (*needle), '\0' };
  gsize length = strlen (needle);

  for (const char *at = text; length > 0 && (at = strpbrk (at, first)); at++)
    if (g_ascii_strncasecmp (at, needle, length) == 0)
      return TRUE;
  return length == 0;
}

static gboolean
holds (const Search *search,
       const char   *text)
{
  g_autofree char *folded = NULL;

  if (!text)
    return FALSE;
  if (search->is_ascii && g_str_is_ascii (text))
    return holds_ascii (text, search->needle);
  folded = g_utf8_casefold (text, -1);
  return strstr (folded, search->needle) != NULL;
}

static gboolean
value_fits (const Search *search,
            JsonNode     *node)
{
  g_autofree char *text = NULL;

  if (is_container (node))
    return FALSE;
  if (JSON_NODE_HOLDS_NULL (node))
    return holds (search, "null");
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return holds (search, json_node_get_string (node));
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return holds (search, json_node_get_boolean (node) ? "true" : "false");
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    text = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  else
    text = wf_claims_format_value (node);
  return holds (search, text);
}

static void search_members (Search     *search,
                            JsonObject *object,
                            gboolean    is_claims);

static void
search_place (Search     *search,
              JsonNode   *node,
              const char *name,
              gboolean    is_claim)
{
  const char *meaning = is_claim ? wf_claims_get_meaning (name) : NULL;
  gsize length;

  if (holds (search, name) || holds (search, meaning) || value_fits (search, node))
    {
      Place place = { .node = node, .name = name, .path = g_strdup (search->path->str), .is_claim = is_claim };

      g_array_append_val (search->list->places, place);
    }
  if (JSON_NODE_HOLDS_OBJECT (node))
    search_members (search, json_node_get_object (node), FALSE);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return;
  length = search->path->len;
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    {
      g_string_append_printf (search->path, "[%u]", i);
      search_place (search, json_array_get_element (json_node_get_array (node), i), NULL, FALSE);
      g_string_truncate (search->path, length);
    }
}

static void
search_members (Search     *search,
                JsonObject *object,
                gboolean    is_claims)
{
  g_autoptr (GPtrArray) names = wf_claims_list (object);
  gsize length = search->path->len;

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      if (length > 0)
        g_string_append_c (search->path, '.');
      g_string_append (search->path, name);
      search_place (search, json_object_get_member (object, name), name, is_claims);
      g_string_truncate (search->path, length);
    }
}

/* --- Public --- */

const char *
wf_claim_get_name (WfClaim *self)
{
  g_return_val_if_fail (WF_IS_CLAIM (self), NULL);

  return self->name;
}

JsonNode *
wf_claim_get_value (WfClaim *self)
{
  g_return_val_if_fail (WF_IS_CLAIM (self), NULL);

  return self->node;
}

const char *
wf_claim_get_meaning (WfClaim *self)
{
  g_return_val_if_fail (WF_IS_CLAIM (self), NULL);

  return self->claim_name ? wf_claims_get_meaning (self->claim_name) : NULL;
}

gint64
wf_claim_get_time (WfClaim *self)
{
  g_return_val_if_fail (WF_IS_CLAIM (self), WF_TIME_UNKNOWN);

  return self->claim_name ? wf_claims_get_time (self->claim_name, self->node) : WF_TIME_UNKNOWN;
}

static gboolean
is_short (JsonArray *array)
{
  guint length = json_array_get_length (array);

  for (guint i = 0; i < MIN (length, MAX_TOLD); i++)
    if (is_container (json_array_get_element (array, i)))
      return FALSE;
  return length > 0 && length <= MAX_TOLD;
}

char *
wf_claim_format (WfClaim *self)
{
  guint count;

  g_return_val_if_fail (WF_IS_CLAIM (self), NULL);

  if (JSON_NODE_HOLDS_OBJECT (self->node))
    {
      count = json_object_get_size (json_node_get_object (self->node));
      /* Translators: of an object in a token: how many names with values it has */
      return g_strdup_printf (ngettext ("%u member", "%u members", count), count);
    }
  if (JSON_NODE_HOLDS_ARRAY (self->node) && !is_short (json_node_get_array (self->node)))
    {
      count = json_array_get_length (json_node_get_array (self->node));
      /* Translators: of a list in a token */
      return g_strdup_printf (ngettext ("%u item", "%u items", count), count);
    }
  return wf_claims_format_value (self->node);
}

const char *
wf_claim_get_long_text (WfClaim *self)
{
  const char *text;

  g_return_val_if_fail (WF_IS_CLAIM (self), NULL);

  if (!JSON_NODE_HOLDS_VALUE (self->node) || json_node_get_value_type (self->node) != G_TYPE_STRING)
    return NULL;
  text = json_node_get_string (self->node);
  return wf_claims_is_long (text) ? text : NULL;
}

char *
wf_claim_get_text (WfClaim *self)
{
  g_return_val_if_fail (WF_IS_CLAIM (self), NULL);

  if (JSON_NODE_HOLDS_VALUE (self->node) && json_node_get_value_type (self->node) == G_TYPE_STRING)
    return json_node_dup_string (self->node);
  return wf_json_to_string (self->node, is_container (self->node));
}

GListModel *
wf_claim_open (WfClaim *self)
{
  WfClaimList *list;

  g_return_val_if_fail (WF_IS_CLAIM (self), NULL);

  if (!is_container (self->node))
    return NULL;
  list = new_list (self->root);
  list->container = self->node;
  return G_LIST_MODEL (list);
}

static JsonNode *
make_root (JsonObject *object)
{
  return object ? json_node_init_object (json_node_alloc (), object) : NULL;
}

GListModel *
wf_claim_list_new (JsonObject *object)
{
  g_autoptr (JsonNode) root = make_root (object);
  WfClaimList *list = new_list (root);

  if (object)
    add_members (list, object, TRUE);
  return G_LIST_MODEL (list);
}

GListModel *
wf_claim_list_search (JsonObject *object,
                      JsonObject *header,
                      const char *query)
{
  JsonArray *both = json_array_new ();
  g_autoptr (JsonNode) root = json_node_init_array (json_node_alloc (), both);
  g_autoptr (GString) path = g_string_new (NULL);
  g_autofree char *needle = g_utf8_casefold (query, -1);
  Search search = { .list = new_list (root), .needle = needle, .is_ascii = g_str_is_ascii (needle), .path = path };

  json_array_unref (both);
  if (object)
    {
      json_array_add_object_element (both, json_object_ref (object));
      search_members (&search, object, TRUE);
    }
  if (header)
    {
      json_array_add_object_element (both, json_object_ref (header));
      g_string_assign (path, "header");
      search_members (&search, header, FALSE);
    }
  return G_LIST_MODEL (search.list);
}
