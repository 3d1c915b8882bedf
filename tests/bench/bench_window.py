#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From exec to the first mapped window, and peak memory, against a bare libadwaita window in the same run.

usage: bench_window.py BARE-WINDOW    under tests/run-with-keyring and tests/run-with-display"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from Xlib import X, display

sys.path.insert(0, os.path.join(os.environ["WARIFU_SOURCE_DIR"], "tests", "integration"))

from warifu_testing import BUILD, Ctl

PAIRS = 15
WARIFU = os.path.join(BUILD, "src", "warifu")


class Screen:
    def __init__(self):
        self.display = display.Display()
        self.root = self.display.screen().root
        self.root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self.display.sync()

    def start(self, command, env):
        """Returns seconds until a window of some size was mapped, and the peak memory in MiB at that time."""
        while self.display.pending_events():
            self.display.next_event()
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
        try:
            while True:
                event = self.display.next_event()
                if event.type == X.MapNotify and event.window.get_geometry().width > 200:
                    break
            taken = time.perf_counter() - began
            with open(f"/proc/{process.pid}/status") as file:
                peak = next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))
        finally:
            process.terminate()
            process.wait()
        return taken, peak


def make_accounts(count):
    home = tempfile.mkdtemp(prefix="warifu-bench-")
    ctl = Ctl(config=os.path.join(home, "warifu"))
    ctl.run("add", "account 0", "--issuer", "https://id.example.org", "--client-id", "client")
    folder = os.path.join(ctl.config, "accounts")
    with open(os.path.join(folder, os.listdir(folder)[0])) as file:
        text = file.read()
    for number in range(1, count):
        with open(os.path.join(folder, f"00000000-0000-4000-8000-{number:012d}.conf"), "w") as file:
            file.write(text.replace("account 0", f"account {number}"))
    return home


def main():
    screen = Screen()
    bare = [sys.argv[1]]
    print(f"{'the window':<44} {'ours':>12} {'bare':>12}  ratio")
    for count in (1, 1000):
        home = make_accounts(count)
        env = dict(os.environ, XDG_CONFIG_HOME=home)
        screen.start([WARIFU], env), screen.start(bare, env)
        runs = [(screen.start([WARIFU], env), screen.start(bare, env)) for _ in range(PAIRS)]
        for what, unit, factor, column in (("exec to first mapped window", "ms", 1000, 0), ("peak memory at that time", "MiB", 1, 1)):
            ours, theirs = (statistics.median(pair[side][column] for pair in runs) * factor for side in (0, 1))
            ratio = statistics.median(a[column] / b[column] for a, b in runs)
            print(f"{what + f', {count} account' + 's' * (count > 1):<44} {ours:9.1f} {unit:<3} {theirs:8.1f} {unit:<3} {ratio:5.2f}", flush=True)
        shutil.rmtree(home)


main()
