#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From exec to the first mapped window, and peak memory, against a bare libadwaita window in the same run.

usage: bench_window.py BARE-WINDOW    under tests/run-with-keyring and tests/run-with-display"""

import os
import shutil
import statistics
import subprocess
import sys
import time

from Xlib import X, display

sys.path.insert(0, os.path.join(os.environ["WARIFU_SOURCE_DIR"], "tests", "integration"))

import bench_testing
from bench_accounts import make_accounts
from warifu_testing import BUILD

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


# Of a start with so many accounts, against the bare window's.
AIMS = {1: 1.15, 1000: 1.4}
AIM_MEMORY = 1.2


def main():
    screen = Screen()
    bare = [sys.argv[1]]
    bench_testing.head("the window", baseline="bare window")
    for count in (1, 1000):
        home = make_accounts("https://id.example.org", count)
        env = dict(os.environ, XDG_CONFIG_HOME=home)
        screen.start([WARIFU], env), screen.start(bare, env)
        runs = [(screen.start([WARIFU], env), screen.start(bare, env)) for _ in range(PAIRS)]
        for what, unit, factor, column, aim in (("exec to first mapped window", "ms", 1000, 0, AIMS[count]),
                                                ("peak memory at that time", "MiB", 1, 1, AIM_MEMORY if count == 1 else None)):
            ours, theirs = (statistics.median(pair[side][column] for pair in runs) * factor for side in (0, 1))
            bench_testing.line(f"{what}, {count} account{'s' * (count > 1)}", ours, theirs,
                               statistics.median(a[column] / b[column] for a, b in runs), aim, unit)
        shutil.rmtree(home)


main()
bench_testing.end()
