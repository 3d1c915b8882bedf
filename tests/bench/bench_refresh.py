#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: bench_refresh.py BENCH-REFRESH BENCH-STORE    under tests/run-with-keyring

Every account due at once, against a loopback provider: with the memory vault against `curl --parallel` posting the same forms
over as many connections; with the keyring, by `warifuctl refresh --all`, against curl and as many bare secret_password_store
calls. That each account makes one request is asserted.

The demo server signs with RS256, as providers do unless told otherwise, and that takes most of the time of both. With ES256 it
answers in a tenth of the time, and what is measured is the client: there the aim is missed, and what libsoup takes for the same
requests by itself stands beside it.

WARIFU_BENCH_ACCOUNTS says how many accounts (1000), WARIFU_BENCH_KEYRING_ACCOUNTS how many with the keyring (200: the keyring writes
its whole file at each store, so that the time grows with the square)."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import bench_testing
from bench_accounts import CLIENT, Provider, make_accounts
from scripted import ScriptedProvider
from warifu_testing import Ctl

BENCH_REFRESH, BENCH_STORE = sys.argv[1:]
ACCOUNTS = int(os.environ.get("WARIFU_BENCH_ACCOUNTS", "1000"))
KEYRING_ACCOUNTS = int(os.environ.get("WARIFU_BENCH_KEYRING_ACCOUNTS", "200"))
ROUNDS = 5
KEYRING_ROUNDS = 3
CONNECTIONS = "8"  # of Warifu to one host
ITEM_BYTES = "1500"  # of a session at the demo server
AIM_MEMORY, AIM_KEYRING = 1.3, 1.2


def wall(command, **keywords):
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, **keywords)
    return time.perf_counter() - began


def run_curl(provider, tokens, count):
    provider.write_tokens(tokens, count)
    with open(tokens) as file, tempfile.NamedTemporaryFile("w", suffix=".curl") as config:
        for token in file.read().split():
            config.write(f'next\nurl = "{provider.token_endpoint}"\nsilent\noutput = "/dev/null"\n'
                         f'data = "grant_type=refresh_token&client_id={CLIENT}&refresh_token={token}"\n')
        config.flush()
        return wall(["curl", "--parallel", "--parallel-max", CONNECTIONS, "--silent", "--config", config.name])


def run_libsoup(provider, tokens, count):
    provider.write_tokens(tokens, count)
    return float(subprocess.run([BENCH_REFRESH, "post", CLIENT, tokens, provider.token_endpoint], check=True, capture_output=True).stdout)


def bench_memory(algorithm):
    provider = Provider("--algorithm", algorithm)
    home = make_accounts(provider.issuer, ACCOUNTS)
    tokens = os.path.join(home, "tokens")
    runs, growth = [], []
    try:
        for _ in range(ROUNDS):
            provider.write_tokens(tokens, ACCOUNTS)
            out = subprocess.run([BENCH_REFRESH, "run", os.path.join(home, "warifu"), tokens, provider.issuer],
                                 check=True, capture_output=True, text=True).stdout.split()
            # a token sent twice would have been refused the second time, and ended its session
            assert int(out[2]) == ACCOUNTS and int(out[3]) == 0, out
            runs.append((float(out[0]), run_curl(provider, tokens, ACCOUNTS), run_libsoup(provider, tokens, ACCOUNTS), float(out[6]),
                         float(out[1])))
            growth.append((int(out[5]) - int(out[4])) / 1024)
    finally:
        provider.stop()
    ours, curl, libsoup, signatures, cpu = (statistics.median(column) * 1000 for column in zip(*runs))
    bench_testing.line(f"{ACCOUNTS} accounts at once, memory, {algorithm} : curl --parallel", ours, curl,
                       statistics.median(row[0] / row[1] for row in runs), AIM_MEMORY)
    bench_testing.line("  the same : bare libsoup, and their signatures", ours, libsoup + signatures,
                       statistics.median(row[0] / (row[2] + row[3]) for row in runs))
    bench_testing.line("  CPU that they take", cpu)
    bench_testing.line("  memory that they take, at most", max(growth), unit="MiB")


def count_requests():
    """Says how many requests came, at a server that counts them, and that none had a token of another."""
    provider = ScriptedProvider()
    provider.claims = lambda claims: claims | {"aud": CLIENT}
    try:
        home = make_accounts(provider.issuer, ACCOUNTS)
        tokens = os.path.join(home, "tokens")
        names = [f"refresh-token-{number}" for number in range(ACCOUNTS)]
        with open(tokens, "w") as file:
            file.write("\n".join(names))
        provider.refresh_tokens = {name: True for name in names}
        subprocess.run([BENCH_REFRESH, "run", os.path.join(home, "warifu"), tokens, provider.issuer], check=True, stdout=subprocess.DEVNULL)
        asked = [form.get("refresh_token") for _, path, _, form in provider.requests if path == "/token"]
    finally:
        provider.stop()
    assert sorted(asked) == sorted(names), len(asked)
    print(f"  {len(asked)} requests for {ACCOUNTS} accounts, one each", flush=True)


def bench_keyring():
    provider = Provider("--algorithm", "RS256")
    home = make_accounts(provider.issuer, KEYRING_ACCOUNTS)
    tokens = os.path.join(home, "tokens")
    ctl = Ctl(config=os.path.join(home, "warifu"))
    runs = []
    # both sets of items are there before anything is measured, so that the file has one size
    subprocess.run([BENCH_STORE, str(KEYRING_ACCOUNTS), ITEM_BYTES], check=True)
    try:
        for _ in range(KEYRING_ROUNDS):
            provider.write_tokens(tokens, KEYRING_ACCOUNTS)
            subprocess.run([BENCH_REFRESH, "fill", ctl.config, tokens, provider.issuer], check=True)
            ours = wall(ctl.command("refresh", "--all"))
            runs.append((ours, run_curl(provider, tokens, KEYRING_ACCOUNTS), wall([BENCH_STORE, str(KEYRING_ACCOUNTS), ITEM_BYTES])))
    finally:
        provider.stop()
    ours, curl, stores = (statistics.median(column) * 1000 for column in zip(*runs))
    # what curl may take longer is in the aim already
    ratio = statistics.median((a - AIM_MEMORY * b) / c for a, b, c in runs)
    bench_testing.line(f"refresh --all, {KEYRING_ACCOUNTS} accounts, keyring : curl, and a bare store each", ours, curl + stores, ratio, AIM_KEYRING)


bench_testing.head("every account due at once")
for name in ("RS256", "ES256"):
    bench_memory(name)
count_requests()
bench_keyring()
bench_testing.end()
