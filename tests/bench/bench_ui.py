#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: bench_ui.py BENCH-WINDOW    under tests/run-with-keyring and tests/run-with-display

What a person waits for in the window. What it is held against is of the same run: the same page with less on it, the time between
two frames while nothing happens."""

import os
import statistics
import subprocess
import sys

import bench_testing
from bench_accounts import Provider, make_accounts

BENCH_WINDOW = sys.argv[1]
ACCOUNTS = int(os.environ.get("WARIFU_BENCH_ACCOUNTS", "1000"))
ROUNDS = 5
FEW_EVENTS, MANY_EVENTS = 100, 100_000
AIM_DASHBOARD, AIM_STALL, AIM_HISTORY = 50, 50, 1.3
FRAME = 1000 / 60


def run(*arguments, data=None):
    """Returns the numbers of each line."""
    env = dict(os.environ, **({"XDG_DATA_HOME": data} if data else {}))
    out = subprocess.run([BENCH_WINDOW, *map(str, arguments)], check=True, capture_output=True, text=True, env=env).stdout
    return [[float(word) for word in line.split()] for line in out.splitlines()]


def median_of(rows, column):
    return statistics.median(row[column] for row in rows)


def bench_dashboard():
    provider = Provider()
    try:
        rows = run("sign-in", os.path.join(make_accounts(provider.issuer, 1), "warifu"))
    finally:
        provider.stop()
    bench_testing.line("from the redirect to the painted dashboard, without the server", statistics.median(a - b for a, b in rows),
                       aim=AIM_DASHBOARD)
    bench_testing.line("  the same, the first time", rows[0][0] - rows[0][1], aim=AIM_DASHBOARD)


def bench_stalls():
    provider = Provider("--algorithm", "RS256")
    rows = []
    try:
        home = make_accounts(provider.issuer, ACCOUNTS)
        tokens = os.path.join(home, "tokens")
        for _ in range(ROUNDS):
            provider.write_tokens(tokens, ACCOUNTS)
            rows += run("refresh", os.path.join(home, "warifu"), tokens, provider.issuer)
            assert rows[-1][3] == ACCOUNTS and rows[-1][4] == 0, rows[-1]
    finally:
        provider.stop()
    bench_testing.line(f"longest time between frames, {ACCOUNTS} refreshes : nothing", median_of(rows, 0), median_of(rows, 1), aim=AIM_STALL)


def bench_history():
    homes = {}
    for count in (FEW_EVENTS, MANY_EVENTS):
        homes[count] = make_accounts("https://id.example.org", 1)
        run("fill-history", os.path.join(homes[count], "warifu"), count, data=os.path.join(homes[count], "data"))
    rows = {count: [] for count in homes}
    for _ in range(ROUNDS):
        for count, home in homes.items():
            rows[count] += run("history", os.path.join(home, "warifu"), data=os.path.join(home, "data"))
            assert rows[count][-1][4] == count
    few, many = rows.values()
    bench_testing.line(f"History opens, {MANY_EVENTS} events : {FEW_EVENTS}", median_of(many, 0), median_of(few, 0),
                       statistics.median(a[0] / b[0] for a, b in zip(many, few)), AIM_HISTORY)
    bench_testing.line("  longest time between frames while it scrolls", median_of(many, 1), median_of(few, 1))
    bench_testing.line("  the same from end to end in leaps", median_of(many, 2), median_of(few, 2))
    bench_testing.line("  memory", median_of(many, 3) / 1024, median_of(few, 3) / 1024, median_of(many, 3) / median_of(few, 3), unit="MiB")


bench_testing.head(f"in the window (a frame is {FRAME:.0f} ms)")
bench_dashboard()
bench_stalls()
bench_history()
bench_testing.end()
