/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-host.h"

G_BEGIN_DECLS

/* Accounts from elsewhere, each shown in the editor over the host's window before anything of it is stored. The
 * accounts must be loaded, so that names that are taken are known. */

/* Asks for files. */
void wf_account_import_choose (WfHost *host);

/* @files: one after the other; what cannot be used is said first */
void wf_account_import_files (WfHost *host,
                              GFile **files,
                              guint   n_files);

/* @text: an account's file, dropped as text */
void wf_account_import_text (WfHost     *host,
                             const char *text);

/* A new account at @address, an issuer, a domain or the address of a discovery document. */
void wf_account_import_address (WfHost     *host,
                                const char *address);

G_END_DECLS
