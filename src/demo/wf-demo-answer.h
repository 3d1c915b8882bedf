/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The answers that endpoints give. None is stored by a cache (RFC 6749 §5.1) unless
 * wf_demo_answer_set_max_age() says so. */

void wf_demo_answer_json (SoupServerMessage *message,
                          guint              status,
                          JsonObject        *object);
void wf_demo_answer_set_max_age (SoupServerMessage *message,
                                 guint              seconds);

/* RFC 6749 §5.2. @error and @description are ASCII. */
void wf_demo_answer_error (SoupServerMessage *message,
                           guint              status,
                           const char        *error,
                           const char        *description);

/* @html: (transfer full) */
void wf_demo_answer_html (SoupServerMessage *message,
                          guint              status,
                          char              *html);

/* 303, so that a POST is never repeated at the client (RFC 9700 §4.12). */
void wf_demo_answer_redirect (SoupServerMessage *message,
                              const char        *uri);

G_END_DECLS
