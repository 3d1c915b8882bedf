/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: (transfer full): libsecret's error as one of WF_ERROR: WF_ERROR_KEYRING_LOCKED,
 * WF_ERROR_KEYRING_UNAVAILABLE or WF_ERROR_KEYRING_FAILED */
GError *wf_secret_error_translate (const GError *error);
/* Returns: (transfer full) */
GError *wf_secret_error_new_locked (void);

G_END_DECLS
