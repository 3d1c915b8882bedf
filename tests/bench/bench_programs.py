#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: bench_programs.py BENCH-STORE

Whole programs against a baseline in the same run, pair by pair, as ratios of medians. Run by
tests/run-with-keyring; the window's start needs a display too (tests/run-with-display)."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["WARIFU_SOURCE_DIR"], "tests", "integration"))

from scripted import ScriptedProvider
from warifu_testing import Ctl

PAIRS = 30


def wall(command, **keywords):
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, **keywords)
    return time.perf_counter() - began


def pairs(name, ours, baseline, count=PAIRS):
    """Runs both in turn; prints the medians and the median of the ratios pair by pair."""
    wall(ours), wall(baseline)
    times = [(wall(ours), wall(baseline)) for _ in range(count)]
    first, second = (statistics.median(column) * 1000 for column in zip(*times))
    ratio = statistics.median(a / b for a, b in times)
    print(f"{name:<58} {first:9.1f} ms {second:9.1f} ms {ratio:6.2f}", flush=True)


def bench_token(provider):
    ctl = Ctl()
    ctl.run("add", "a", "--issuer", provider.issuer, "--client-id", "client")
    if ctl.sign_in("a", provider.person).status != 0:
        sys.exit("the sign-in failed")
    subprocess.run(["secret-tool", "store", "--label=bench", "bench", "one"], input="x" * 800, text=True, check=True)
    pairs("warifuctl token : secret-tool lookup", ctl.command("token", "a"), ["secret-tool", "lookup", "bench", "one"])


def bench_refresh_all(provider, count):
    """Every account due at once, against curl posting as many forms with the same number of connections."""
    ctl = Ctl()
    for number in range(count):
        if ctl.run("add", f"account {number}", "--issuer", provider.issuer, "--client-id", "client").status != 0:
            sys.exit("an account could not be added")
        if ctl.sign_in(f"account {number}", provider.person).status != 0:
            sys.exit("a sign-in failed")
    before = provider.count("/token")
    ours = wall(ctl.command("refresh", "--all", "--jobs", "8"))
    asked = provider.count("/token") - before
    with tempfile.NamedTemporaryFile("w", suffix=".curl") as file:
        for token in [token for token, good in provider.refresh_tokens.items() if good][-count:]:
            file.write(f'next\nurl = "{provider.issuer}/token"\ndata = "grant_type=refresh_token&client_id=client&refresh_token={token}"\n'
                       'output = "/dev/null"\nsilent\n')
        file.flush()
        theirs = wall(["curl", "--parallel", "--parallel-max", "8", "--silent", "--config", file.name])
    stores = wall([sys.argv[1], str(2 * count), "1500"])  # a note before the request, the tokens after it
    print(f"refresh --all, {count} accounts, {asked} requests : the same forms by curl --parallel, and two bare stores each"
          f"\n{'':<58} {ours * 1000:9.1f} ms {(theirs + stores) * 1000:9.1f} ms {ours / (theirs + stores):6.2f}", flush=True)


def main():
    print(f"{'whole programs':<58} {'ours':>12} {'baseline':>12}  ratio")
    provider = ScriptedProvider()
    try:
        bench_token(provider)
        bench_refresh_all(provider, int(os.environ.get("WARIFU_BENCH_ACCOUNTS", "100")))
    finally:
        provider.stop()


main()
