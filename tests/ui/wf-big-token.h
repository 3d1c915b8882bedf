/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Tokens that are larger than those of any provider, for the tests of the window and its benchmark. */

typedef enum
{
  BIG_TOKEN_NONE,   /* an ordinary one, to hold the others against */
  BIG_TOKEN_MIXED,  /* long claims, lists of objects, prose: as large as may be */
  BIG_TOKEN_CLAIMS, /* BIG_TOKEN_N_CLAIMS of them */
  BIG_TOKEN_STRING, /* one claim, "blob", that is as long as may be, without a space */
  BIG_TOKEN_DEEP,   /* as deep as may be */
} BigToken;

#define BIG_TOKEN_N_CLAIMS 10000
/* That of the last claim in the order of the page, and what it says. */
#define BIG_TOKEN_LAST_CLAIM "claim-10000"
#define BIG_TOKEN_LAST_VALUE "the last of them"

/* Returns: the shape with this name ("none", "mixed", "claims", "string", "deep"); ends the program where there is none. */
BigToken big_token_from_name (const char *name);

/* @size: bytes that the token has at most. Returns: (transfer full): its claims */
char *big_token_make_claims (BigToken shape,
                             gsize    size);
/* Returns: (transfer full): the token; its signature is of nobody */
char *big_token_make (BigToken shape,
                      gsize    size);

G_END_DECLS
