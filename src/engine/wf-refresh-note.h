/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include "wf-token-set.h"

G_BEGIN_DECLS

/**
 * WfRefreshNote:
 *
 * That a refresh is under way, written down before its request is sent. It belongs into the keyring item, and
 * stands beside it: a keyring writes all that it holds at each store. So it is a file named as the account in a folder of the
 * person's data, which a Flatpak keeps as well, and has no secret in it.
 *
 * It counts only for the write of the item that it was made for: every write of the item gives it another
 * "write_id", so that the one that stores the answer takes the note back by itself, and one that is left over, or stands
 * beside an item that was restored from an older copy, says nothing. A note that is there and cannot be read counts as
 * one attempt.
 *
 * Who writes, reads for a refresh, or removes, holds the account's lock. All of it happens in a thread.
 */
typedef struct
{
  char  *write_id;   /* of the item; NULL: there is a note that cannot be read */
  guint  attempts;   /* how often the refresh token was sent without an answer, this time too */
  gint64 started_at; /* of the refresh under way, seconds since the epoch */
} WfRefreshNote;

void wf_refresh_note_free (WfRefreshNote *note);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfRefreshNote, wf_refresh_note_free)

/* Returns: (transfer full): the person's folder of notes, $XDG_DATA_HOME/warifu/refreshing */
char *wf_refresh_note_get_folder (void);

/**
 * wf_refresh_note_write_async:
 * @id: the account's UUID
 * @set: as the item holds it, with its write_id, and with the attempt that is about to be made
 *
 * Writes the note whole or not at all; when it has ended well, a crash of the system does not take it away either.
 * Errors: WF_ERROR_STORAGE_FAILED, after which there may be a note nevertheless.
 */
void wf_refresh_note_write_async (const char         *folder,
                                  const char         *id,
                                  const WfTokenSet   *set,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean wf_refresh_note_write_finish (GAsyncResult *result,
                                       GError      **error);

/* Returns from _finish: (transfer full) (nullable): NULL where there is none */
void wf_refresh_note_read_async (const char         *folder,
                                 const char         *id,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
WfRefreshNote *wf_refresh_note_read_finish (GAsyncResult *result);

/* Removes the note where there is one. Never fails: what is left over says nothing once the item is written. */
void wf_refresh_note_remove_async (const char         *folder,
                                   const char         *id,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
void wf_refresh_note_remove_finish (GAsyncResult *result);

/* Takes what @note (nullable) says into @set, which was just read from the item, where it counts for it. */
void wf_refresh_note_merge (const WfRefreshNote *note,
                            WfTokenSet          *set);

G_END_DECLS
