/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-secret-error.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include "wf-error.h"
#include "wf-secret-file.h"

/* Of the bus that cannot be connected to, as opposed to a file or a service that gives an error. */
static gboolean
is_unavailable_io (const GError *error)
{
  switch ((GIOErrorEnum) error->code)
    {
    case G_IO_ERROR_DBUS_ERROR:
    case G_IO_ERROR_WRONG_ETAG:
    case G_IO_ERROR_NO_SPACE:
    case G_IO_ERROR_READ_ONLY:
    case G_IO_ERROR_IS_DIRECTORY:
    case G_IO_ERROR_NOT_DIRECTORY:
    case G_IO_ERROR_INVALID_DATA:
    case G_IO_ERROR_CANT_CREATE_BACKUP:
      return FALSE;
    default:
      return TRUE;
    }
}

/* Whether an error says that there is nobody to talk to, rather than what they answered. */
static gboolean
is_unavailable (const GError *error)
{
  if (error->domain == G_IO_ERROR)
    return is_unavailable_io (error);
  if (error->domain == G_SPAWN_ERROR || error->domain == G_FILE_ERROR)
    return TRUE;
  if (error->domain != G_DBUS_ERROR)
    return FALSE;

  switch ((GDBusError) error->code)
    {
    case G_DBUS_ERROR_SERVICE_UNKNOWN:
    case G_DBUS_ERROR_NAME_HAS_NO_OWNER:
    case G_DBUS_ERROR_NO_REPLY:
    case G_DBUS_ERROR_NO_SERVER:
    case G_DBUS_ERROR_NO_NETWORK:
    case G_DBUS_ERROR_TIMEOUT:
    case G_DBUS_ERROR_TIMED_OUT:
    case G_DBUS_ERROR_DISCONNECTED:
    case G_DBUS_ERROR_ACCESS_DENIED:
    case G_DBUS_ERROR_AUTH_FAILED:
    case G_DBUS_ERROR_UNKNOWN_OBJECT:
    case G_DBUS_ERROR_UNKNOWN_INTERFACE:
      return TRUE;
    default:
      return error->code >= G_DBUS_ERROR_SPAWN_EXEC_FAILED && error->code <= G_DBUS_ERROR_SPAWN_NO_MEMORY;
    }
}

static gboolean
is_locked (const GError *error)
{
  /* Not our own cancelling, which the vault does not ask libsecret about: the person dismissed the
   * portal's prompt. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TRUE;
  /* The portal says no more than "failed" where the keyring behind it is locked. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED))
    return wf_secret_file_is_used ();
  return g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED);
}

GError *
wf_secret_error_new_locked (void)
{
  return g_error_new_literal (WF_ERROR, WF_ERROR_KEYRING_LOCKED, _("Your keyring is locked. Unlock it and try again."));
}

GError *
wf_secret_error_translate (const GError *error)
{
  g_autofree char *detail = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  if (is_locked (error))
    return wf_secret_error_new_locked ();
  if (is_unavailable (error))
    return g_error_new_literal (WF_ERROR, WF_ERROR_KEYRING_UNAVAILABLE,
                                _("Your keyring cannot be reached. Start a keyring service, such as GNOME Keyring, and try again."));

  detail = wf_error_clean_text (error->message);
  return g_error_new (WF_ERROR, WF_ERROR_KEYRING_FAILED,
                      /* Translators: %s is what the keyring service says */
                      _("Your keyring could not do this. It says: “%s”"), detail);
}
