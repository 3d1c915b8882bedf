#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: bench_tokens.py BENCH-TOKENS    under tests/run-with-keyring and tests/run-with-display

What the window does with tokens that are larger than any, beside an ordinary token in the same run. The time is the longest that the
main thread worked between two frames: what else the machine does is not in it."""

import os
import statistics
import subprocess
import sys

import bench_testing
from bench_accounts import make_accounts

BENCH_TOKENS = sys.argv[1]
ROUNDS = int(os.environ.get("WARIFU_BENCH_ROUNDS", "3"))
SHAPES = {"mixed": "1 MB of everything", "claims": "10,000 claims", "string": "one claim of 780 kB", "deep": "64 levels"}
# WF_JWT_MAX_BYTES, WF_TOKEN_MAX_BYTES
INSPECTOR_BYTES, PAGE_BYTES = 1024 * 1024, 512 * 1024
# What is done, and milliseconds. What is opened may take longer than what moves; Raw wakes GtkSourceView besides. After a leap
# GtkListView fills all of the two hundred rows that it keeps.
STEPS = {"open": ("opens", 100), "reveal": ("is revealed", 100), "raw": ("Raw is opened", 150), "search": ("is searched", 50),
         "copy": ("is copied", 50), "scroll": ("scrolls", 50), "leaps": ("  from end to end in leaps", 100)}
AIM_MEMORY = 120


def run(where, shape, size, *arguments):
    """Returns milliseconds of main thread by what was done."""
    out = subprocess.run([BENCH_TOKENS, where, shape, str(size), *arguments], check=True, capture_output=True, text=True).stdout
    return {words[0]: float(words[-1]) for words in map(str.split, out.splitlines())}


def worst(row, what):
    """Of everything that scrolls, the slowest."""
    if what == "leaps":
        return max(row[name] for name in row if name.endswith("-leaps"))
    return max(row[name] for name in row if name == what or what == "scroll" and name.startswith("scroll") and not name.endswith("-leaps"))


def bench(where, title, size, *arguments):
    rows = {shape: [run(where, shape, size, *arguments) for _ in range(ROUNDS)] for shape in ("none", *SHAPES)}
    for shape, name in SHAPES.items():
        print(f"{title}: {name}")
        for what, (words, aim) in STEPS.items():
            ours, ordinary = (statistics.median(worst(row, what) for row in rows[which]) for which in (shape, "none"))
            bench_testing.line(f"  {words}", ours, ordinary, aim=aim)
        memory, ordinary = (statistics.median(row["memory"] for row in rows[which]) / 1024 for which in (shape, "none"))
        bench_testing.line("  memory that it takes", memory, ordinary, aim=AIM_MEMORY, unit="MiB")


bench_testing.head("large tokens: the longest work between two frames", baseline="ordinary")
bench("inspector", "Inspector", INSPECTOR_BYTES)
bench("page", "Tokens", PAGE_BYTES, os.path.join(make_accounts("https://id.example.org", 1), "warifu"))
bench_testing.end()
