/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Wire:
 *
 * A server on loopback that answers with exactly the bytes that a test gives it, and keeps the requests as they came.
 * Runs in the test's main loop.
 */
typedef struct
{
  GSocketService *service;
  guint16         port;
  GPtrArray      *requests;    /* (element-type utf8): head and body */
  guint           connections;
  GQueue          answers;     /* (element-type GBytes): each for one request; none left: silence */
  gboolean        keep_alive;  /* the connection stays open after an answer */
  GPtrArray      *links;
} Wire;

Wire *wire_new (void);
/* On ::1. Returns: NULL where there is none */
Wire *wire_new_ipv6 (void);
void wire_free (Wire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wire, wire_free)

/* Queues an answer. */
void wire_answer (Wire       *wire,
                  const char *text);
void wire_answer_bytes (Wire   *wire,
                        GBytes *bytes);
/* Queues the end of the connection, after the request was read. */
void wire_answer_nothing (Wire *wire);
/* Returns: (transfer full): "http://127.0.0.1:PORT/path" */
char *wire_make_uri (Wire       *wire,
                     const char *path);
/* Returns: (transfer none): the request number @index, from 0 */
const char *wire_get_request (Wire *wire,
                              guint index);

G_END_DECLS
