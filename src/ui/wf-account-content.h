/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-account.h"

G_BEGIN_DECLS

#define WF_TYPE_ACCOUNT_CONTENT (wf_account_content_get_type ())
G_DECLARE_FINAL_TYPE (WfAccountContent, wf_account_content, WF, ACCOUNT_CONTENT, GdkContentProvider)

/**
 * WfAccountContent:
 *
 * An account that is dragged out of the window, as wf_account_export() writes it: as a file, for a file manager, as data of
 * its own type, and as text. Neither a secret nor a token is in it.
 *
 * The file is made when somebody asks for it, in a folder of its own in the runtime folder, and goes some time after the
 * drag has ended.
 */
GdkContentProvider *wf_account_content_new (const WfAccount *account);

G_END_DECLS
