/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include "wf-account.h"
#include "wf-authorization-request.h"

G_BEGIN_DECLS

/* The way from this room to the module that sees WebKit. It is loaded at the first sign-in, and
 * stays; nothing of it is included here.
 *
 * What the module must give: a symbol "warifu_signin_create_view" of type
 * WfCreateSignInViewFunc, whose widget has, by name:
 * - read-only properties, notified on change: "uri", "origin", "host", "tls-detail", "title" (string),
 *   "secure", "loading", "can-go-back", "ready", "sandboxed" (boolean), "progress" (double),
 *   "status" (uint, HTTP)
 * - action signals "go-back", "reload", "stop", and "zoom" (double: the factor of change, 0 resets)
 * - signals, exactly one of them and once: "redirected" (string), "failed" (GError), "dismissed"
 *
 * @settings is an a{sv} with "data-dir", "ca-file", "proxy", "client-certificate" (s, each optional). */
typedef GtkWidget *(*WfCreateSignInViewFunc) (WfAuthorizationRequest *request,
                                              GVariant               *settings);

/* Loads the module in a thread, once; WARIFU_MODULE_DIR says where else to look.
 * Errors: WF_ERROR_UNSUPPORTED, WF_ERROR_CANCELLED */
void wf_sign_in_module_load_async (GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
WfCreateSignInViewFunc wf_sign_in_module_load_finish (GAsyncResult *result,
                                                      GError      **error);

/* Returns: (transfer floating): what the module needs to know of @account */
GVariant *wf_sign_in_module_make_settings (const WfAccount *account);

/* Deletes the cookies that an account's sign-ins have kept, in a thread. For an account that is removed, or that
 * keeps them no longer. */
void wf_sign_in_module_forget (const char *account_id);

G_END_DECLS
