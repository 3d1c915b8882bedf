/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-error.h"

/* Asserts that @call, which gives its error to &err, answers NULL or FALSE with the WF_ERROR @code_, and
 * that the error has a sentence. */
#define wf_expect_error(call, code_)                            \
  G_STMT_START                                                  \
  {                                                             \
    g_autoptr (GError) err = NULL;                              \
    if (call)                                                   \
      g_error ("%s: %s should have failed", G_STRLOC, #call);   \
    g_assert_error (err, WF_ERROR, (int) (code_));                  \
    g_assert_cmpstr (err->message, !=, "");                     \
  }                                                             \
  G_STMT_END

/* Asserts that @call, which gives its error to &err, succeeds. */
#define wf_expect_ok(call)                                      \
  G_STMT_START                                                  \
  {                                                             \
    g_autoptr (GError) err = NULL;                              \
    gboolean ok_ = (call) ? TRUE : FALSE;                       \
    g_assert_no_error (err);                                    \
    g_assert_true (ok_);                                        \
  }                                                             \
  G_STMT_END
