/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Within a Flatpak libsecret keeps the secrets in one encrypted file of the
 * application, which each process reads into memory. It reads the file again only where
 * the whole second of the modification time differs, so that a process may miss what another
 * wrote within the same second: a rotated refresh token, say. Each write of ours therefore leaves a
 * later second than the one before it.
 */

/* Returns: whether libsecret's simple API uses that file rather than the Secret Service. */
gboolean wf_secret_file_is_used (void);

/* Returns: the second of the last change; G_MININT64 where there is no file */
gint64 wf_secret_file_get_second (void);

/* Makes sure that the second of the last change is later than @second. */
void wf_secret_file_make_later_than (gint64 second);

G_END_DECLS
