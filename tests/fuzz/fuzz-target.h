/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The entry point of a fuzz target, called by libFuzzer or by fuzz-replay-main.c. */
int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);
