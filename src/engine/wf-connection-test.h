/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-account.h"
#include "wf-connection-step.h"

G_BEGIN_DECLS

#define WF_TYPE_CONNECTION_TEST (wf_connection_test_get_type ())
G_DECLARE_FINAL_TYPE (WfConnectionTest, wf_connection_test, WF, CONNECTION_TEST, GObject)

/**
 * WfConnectionTest:
 *
 * Walks the way to an account's provider and says which step fails. It goes by the account's proxy, certificate
 * authorities and client certificate, asks for the discovery document, the key set and the token endpoint, and
 * sends no credential: every request is a GET without form and Authorization (RFC 9110 §9.2.1).
 *
 * Implements GListModel of WfConnectionStep, in their order. Steps that cannot apply are not in it.
 */

/* @account: also one that is being edited: name, client ID and what else is not of the network need not be there.
 * @adopt_slash: accept an issuer that differs by one trailing "/" (a domain was typed) */
WfConnectionTest *wf_connection_test_new (const WfAccount *account,
                                          gboolean         adopt_slash);
/* For tests: another deadline of each step than WF_HTTP_DEADLINE_SECONDS. */
void wf_connection_test_set_deadline (WfConnectionTest *self,
                                      guint             milliseconds);

/* Once. */
void wf_connection_test_run_async (WfConnectionTest   *self,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
/* Returns: FALSE with the error of the first step that failed, or WF_ERROR_CANCELLED */
gboolean wf_connection_test_run_finish (WfConnectionTest *self,
                                        GAsyncResult     *result,
                                        GError          **error);

G_END_DECLS
