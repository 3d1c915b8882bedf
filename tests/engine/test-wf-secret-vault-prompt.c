/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keyring's prompt, with a small Secret Service of our own in the place of a keyring and a
 * person. Runs under tests/run-with-keyring --no-keyring. */
#include "wf-vault.h"

#include "wf-expect.h"
#include "wf-vault-calls.h"

#define ID "11111111-2222-4333-8444-555555555555"
#define BUS_NAME "org.freedesktop.secrets"
#define SERVICE_PATH "/org/freedesktop/secrets"
#define SESSION_PATH SERVICE_PATH "/session/s1"
#define COLLECTION_PATH SERVICE_PATH "/collection/login"
#define ITEM_PATH COLLECTION_PATH "/1"
#define PROMPT_PATH SERVICE_PATH "/prompt/p1"

typedef enum
{
  PERSON_IS_AWAY,
  PERSON_DISMISSES,
  PERSON_UNLOCKS,
} Person;

static struct
{
  GDBusConnection *bus;
  Person           person;
  gboolean         locked;
  gboolean         damaged;
  gboolean         deleted;
  guint            n_prompts;
  guint            n_dismissed;
} keyring;

static const char introspection[] =
  "<node>"
  " <interface name='org.freedesktop.Secret.Service'>"
  "  <method name='OpenSession'><arg type='s' direction='in'/><arg type='v' direction='in'/>"
  "   <arg type='v' direction='out'/><arg type='o' direction='out'/></method>"
  "  <method name='SearchItems'><arg type='a{ss}' direction='in'/><arg type='ao' direction='out'/><arg type='ao' direction='out'/></method>"
  "  <method name='Unlock'><arg type='ao' direction='in'/><arg type='ao' direction='out'/><arg type='o' direction='out'/></method>"
  "  <method name='GetSecrets'><arg type='ao' direction='in'/><arg type='o' direction='in'/><arg type='a{o(oayays)}' direction='out'/></method>"
  "  <method name='ReadAlias'><arg type='s' direction='in'/><arg type='o' direction='out'/></method>"
  "  <property name='Collections' type='ao' access='read'/>"
  " </interface>"
  " <interface name='org.freedesktop.Secret.Collection'>"
  "  <method name='CreateItem'><arg type='a{sv}' direction='in'/><arg type='(oayays)' direction='in'/><arg type='b' direction='in'/>"
  "   <arg type='o' direction='out'/><arg type='o' direction='out'/></method>"
  " </interface>"
  " <interface name='org.freedesktop.Secret.Item'>"
  "  <method name='Delete'><arg type='o' direction='out'/></method>"
  "  <method name='GetSecret'><arg type='o' direction='in'/><arg type='(oayays)' direction='out'/></method>"
  "  <property name='Locked' type='b' access='read'/>"
  "  <property name='Attributes' type='a{ss}' access='read'/>"
  "  <property name='Label' type='s' access='read'/>"
  "  <property name='Created' type='t' access='read'/>"
  "  <property name='Modified' type='t' access='read'/>"
  " </interface>"
  " <interface name='org.freedesktop.Secret.Prompt'>"
  "  <method name='Prompt'><arg type='s' direction='in'/></method>"
  "  <method name='Dismiss'/>"
  "  <signal name='Completed'><arg type='b'/><arg type='v'/></signal>"
  " </interface>"
  "</node>";

static const char *const no_paths[] = { NULL };
static const char *const item_paths[] = { ITEM_PATH, NULL };

static void
complete_prompt (gboolean dismissed)
{
  keyring.locked = keyring.locked && dismissed;
  g_dbus_connection_emit_signal (keyring.bus, NULL, PROMPT_PATH, "org.freedesktop.Secret.Prompt", "Completed",
                                 g_variant_new ("(bv)", dismissed,
                                                g_variant_new_objv (dismissed ? no_paths : item_paths, -1)),
                                 NULL);
}

static GVariant *
make_secret (void)
{
  /* "plain" asks for no parameter; one makes the secret unreadable. */
  return g_variant_new ("(o@ay@ays)", SESSION_PATH,
                        g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "x", keyring.damaged ? 1 : 0, 1),
                        g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "{\"kept\":1}", 10, 1),
                        "text/plain");
}

static GVariant *
answer_service (const char *method)
{
  if (g_str_equal (method, "SearchItems"))
    return g_variant_new ("(^ao^ao)", keyring.locked ? no_paths : item_paths, keyring.locked ? item_paths : no_paths);
  if (g_str_equal (method, "Unlock"))
    return g_variant_new ("(^aoo)", no_paths, PROMPT_PATH);
  if (g_str_equal (method, "GetSecrets"))
    {
      GVariantBuilder builder;

      g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{o(oayays)}"));
      g_variant_builder_add (&builder, "{o@(oayays)}", ITEM_PATH, make_secret ());
      return g_variant_new ("(a{o(oayays)})", &builder);
    }
  return g_variant_new ("(o)", COLLECTION_PATH);
}

/* As GNOME Keyring: libsecret then asks for the collection to be unlocked, and tries again. */
static void
answer_create (GDBusMethodInvocation *invocation)
{
  if (keyring.locked)
    g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.Secret.Error.IsLocked", "locked");
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(oo)", ITEM_PATH, "/"));
}

static void
on_call (GDBusConnection       *connection,
         const char            *sender,
         const char            *path,
         const char            *interface,
         const char            *method,
         GVariant              *parameters,
         GDBusMethodInvocation *invocation,
         gpointer               user_data)
{
  if (g_str_equal (method, "OpenSession"))
    {
      const char *algorithm;

      g_variant_get_child (parameters, 0, "&s", &algorithm);
      if (g_str_equal (algorithm, "plain"))
        g_dbus_method_invocation_return_value (invocation, g_variant_new ("(vo)", g_variant_new_string (""), SESSION_PATH));
      else
        g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED, "plain only");
    }
  else if (g_str_equal (method, "CreateItem"))
    answer_create (invocation);
  else if (g_str_equal (method, "Delete"))
    {
      keyring.deleted = TRUE;
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", "/"));
    }
  else if (g_str_equal (method, "GetSecret"))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@(oayays))", make_secret ()));
  else if (g_str_equal (method, "Prompt"))
    {
      keyring.n_prompts++;
      g_dbus_method_invocation_return_value (invocation, NULL);
      if (keyring.person != PERSON_IS_AWAY)
        complete_prompt (keyring.person == PERSON_DISMISSES);
    }
  else if (g_str_equal (method, "Dismiss"))
    {
      keyring.n_dismissed++;
      g_dbus_method_invocation_return_value (invocation, NULL);
      complete_prompt (TRUE);
    }
  else
    g_dbus_method_invocation_return_value (invocation, answer_service (method));
}

static GVariant *
on_get (GDBusConnection *connection,
        const char      *sender,
        const char      *path,
        const char      *interface,
        const char      *property,
        GError         **error,
        gpointer         user_data)
{
  if (g_str_equal (property, "Collections"))
    return g_variant_new_objv (no_paths, -1);
  if (g_str_equal (property, "Locked"))
    return g_variant_new_boolean (keyring.locked);
  if (g_str_equal (property, "Label"))
    return g_variant_new_string ("Warifu");
  if (g_str_equal (property, "Attributes"))
    return g_variant_new_parsed ("@a{ss} {'account': %s}", ID);
  return g_variant_new_uint64 (0);
}

static void
start_mock (void)
{
  static const GDBusInterfaceVTable vtable = { on_call, on_get, NULL, { 0 } };
  static const struct
  {
    const char *path;
    const char *interface;
  } objects[] = {
    { SERVICE_PATH, "org.freedesktop.Secret.Service" },
    { SERVICE_PATH "/aliases/default", "org.freedesktop.Secret.Collection" },
    { ITEM_PATH, "org.freedesktop.Secret.Item" },
    { PROMPT_PATH, "org.freedesktop.Secret.Prompt" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, &error);
  g_autoptr (GVariant) owned = NULL;

  g_assert_no_error (error);
  keyring.bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_dbus_connection_register_object (keyring.bus, objects[i].path,
                                         g_dbus_node_info_lookup_interface (node, objects[i].interface),
                                         &vtable, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  owned = g_dbus_connection_call_sync (keyring.bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", BUS_NAME, 4), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static WfVault *
begin (Person person)
{
  keyring.person = person;
  keyring.locked = TRUE;
  keyring.damaged = FALSE;
  keyring.n_prompts = 0;
  keyring.n_dismissed = 0;
  return wf_secret_vault_new ();
}

static void
test_unlocked (void)
{
  g_autoptr (WfVault) vault = begin (PERSON_UNLOCKS);

  wf_vault_calls_assert_holds (vault, ID, "{\"kept\":1}");
  g_assert_cmpuint (keyring.n_prompts, ==, 1);
  wf_vault_calls_assert_holds (vault, ID, "{\"kept\":1}");
  g_assert_cmpuint (keyring.n_prompts, ==, 1);

  keyring.locked = TRUE;
  wf_expect_ok (wf_vault_calls_store (vault, ID, "{}", NULL, &err));
  g_assert_cmpuint (keyring.n_prompts, ==, 2);

  /* libsecret deletes unlocked items only, and asks for nothing. */
  keyring.locked = TRUE;
  wf_expect_ok (wf_vault_calls_clear (vault, ID, NULL, &err));
  g_assert_cmpuint (keyring.n_prompts, ==, 3);
  g_assert_true (keyring.deleted);
}

static void
test_dismissed (void)
{
  g_autoptr (WfVault) vault = begin (PERSON_DISMISSES);

  wf_expect_error (wf_vault_calls_load (vault, ID, NULL, &err), WF_ERROR_KEYRING_LOCKED);
  wf_expect_error (wf_vault_calls_store (vault, ID, "{}", NULL, &err), WF_ERROR_KEYRING_LOCKED);
  wf_expect_error (wf_vault_calls_clear (vault, ID, NULL, &err), WF_ERROR_KEYRING_LOCKED);
  g_assert_cmpuint (keyring.n_prompts, ==, 3);
}

/* Nobody answers: it ends after a while, and the prompt goes away with it. */
static void
test_away (void)
{
  g_autoptr (WfVault) vault = begin (PERSON_IS_AWAY);

  /* enough for the prompt to come, on a machine with much else to do */
  wf_secret_vault_set_patience (vault, 1500);
  wf_expect_error (wf_vault_calls_load (vault, ID, NULL, &err), WF_ERROR_KEYRING_LOCKED);
  wf_expect_error (wf_vault_calls_store (vault, ID, "{}", NULL, &err), WF_ERROR_KEYRING_LOCKED);
  wf_expect_error (wf_vault_calls_clear (vault, ID, NULL, &err), WF_ERROR_KEYRING_LOCKED);
  while (keyring.n_dismissed < 3)
    g_main_context_iteration (NULL, TRUE);
  wf_await_milliseconds (50);
}

static gboolean
give_up (gpointer user_data)
{
  if (keyring.n_prompts == 0)
    return G_SOURCE_CONTINUE;
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_cancelled (void)
{
  g_autoptr (WfVault) vault = begin (PERSON_IS_AWAY);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_timeout_add (5, give_up, cancellable);
  wf_expect_error (wf_vault_calls_load (vault, ID, cancellable, &err), WF_ERROR_CANCELLED);
  while (keyring.n_dismissed == 0)
    g_main_context_iteration (NULL, TRUE);
  wf_await_milliseconds (50);
}

/* An item that is there, unlocked, and cannot be read, is not taken for a locked one or for none. */
static void
test_damaged (void)
{
  g_autoptr (WfVault) vault = begin (PERSON_UNLOCKS);

  keyring.locked = FALSE;
  keyring.damaged = TRUE;
  wf_expect_error (wf_vault_calls_load (vault, ID, NULL, &err), WF_ERROR_KEYRING_FAILED);
  g_assert_cmpuint (keyring.n_prompts, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  start_mock ();

  g_test_add_func ("/prompt/unlocked", test_unlocked);
  g_test_add_func ("/prompt/dismissed", test_dismissed);
  g_test_add_func ("/prompt/away", test_away);
  g_test_add_func ("/prompt/cancelled", test_cancelled);
  g_test_add_func ("/prompt/damaged", test_damaged);

  return g_test_run ();
}
