#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole programs against a baseline in the same run, pair by pair, as ratios of medians. Run by
tests/run-with-keyring; the window's start needs a display too (tests/run-with-display)."""

import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ["WARIFU_SOURCE_DIR"], "tests", "integration"))

import bench_testing
from scripted import ScriptedProvider
from warifu_testing import Ctl

PAIRS = 30
AIM = 1.5


def wall(command, **keywords):
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, **keywords)
    return time.perf_counter() - began


def pairs(name, ours, baseline, aim, count=PAIRS):
    """Runs both in turn; prints the medians and the median of the ratios pair by pair."""
    wall(ours), wall(baseline)
    times = [(wall(ours), wall(baseline)) for _ in range(count)]
    first, second = (statistics.median(column) * 1000 for column in zip(*times))
    bench_testing.line(name, first, second, statistics.median(a / b for a, b in times), aim)


def bench_token(provider):
    ctl = Ctl()
    ctl.run("add", "a", "--issuer", provider.issuer, "--client-id", "client")
    if ctl.sign_in("a", provider.person).status != 0:
        sys.exit("the sign-in failed")
    subprocess.run(["secret-tool", "store", "--label=bench", "bench", "one"], input="x" * 800, text=True, check=True)
    pairs("warifuctl token : secret-tool lookup", ctl.command("token", "a"), ["secret-tool", "lookup", "bench", "one"], AIM)


def main():
    bench_testing.head("whole programs")
    provider = ScriptedProvider()
    try:
        bench_token(provider)
    finally:
        provider.stop()


main()
bench_testing.end()
