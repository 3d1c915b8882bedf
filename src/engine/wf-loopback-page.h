/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * wf_loopback_page_make:
 * @accept_language: (nullable): the browser's Accept-Language header
 *
 * The page that a browser shows after the redirect: HTML that needs nothing else, in
 * the browser's language rather than that of the program. It says nothing of how the sign-in
 * went, since that is decided after it.
 *
 * Returns: (transfer full)
 */
char *wf_loopback_page_make (const char *accept_language);

G_END_DECLS
