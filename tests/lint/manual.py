#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages and the completion know every command and option that the programs' --help does.

usage: manual.py WARIFUCTL [WARIFU]
"""

import os
import re
import shutil
import subprocess
import sys

from source_tree import ROOT, Report, read

COMMANDS = (
    "add", "accounts", "show", "edit", "remove", "sign-in", "token", "refresh", "sign-out",
    "userinfo", "inspect", "snippet", "history", "doctor", "test",
    "header", "exec", "git-credential", "presets", "export", "import",
)


HELP_OPTIONS = {"--help-all", "--help-gapplication"}  # GLib's, of every program


def read_page(name):
    return read(f"data/man/{name}.1").replace("\\-", "-")


def options_of(*command):
    """What the program says of its options, and their names. It opens no display for that."""
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    shown = subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout
    return shown, sorted(set(re.findall(r"--[a-z][a-z-]+", shown)))


def check_window(report, warifu):
    """warifu(1): its options, and the actions that other programs may call over D-Bus."""
    manual = read_page("warifu")
    _, options = options_of(warifu, "--help-all")
    actions = re.findall(r'\{ \.name = "([a-z-]+)"', read("src/ui/wf-application.c"))
    report.case("warifu(1) names every option", (o for o in options if o not in manual and o not in HELP_OPTIONS))
    report.case("warifu(1) names every action", (a for a in actions if not re.search(rf"^\.BR? {a}\b", manual, re.MULTILINE)) if actions else ["none found"])


def check_pages(report):
    pages = sorted((ROOT / "data/man").glob("*.1"))
    installed = re.findall(r"'man/([\w.-]+)'", read("data/meson.build"))
    report.case("every manual page is installed", {page.name for page in pages} ^ set(installed))
    if shutil.which("groff"):
        said = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-z", *pages], capture_output=True, text=True)
        report.case("the manual pages are well formed", said.stderr.splitlines())
    else:
        report.skip("the manual pages are well formed", "groff is not here")


def main():
    report = Report()
    shown, options = options_of(sys.argv[1], "--help")
    manual = read_page("warifuctl")
    completion = read("data/completions/warifuctl")

    report.case("--help names every command", (c for c in COMMANDS if not re.search(rf"\b{c}\b", shown)))
    report.case("the manual page names every command", (c for c in COMMANDS if not re.search(rf"\b{c}\b", manual)))
    report.case("the manual page names every option", (o for o in options if o not in manual))
    report.case("the completion names every command", (c for c in COMMANDS if not re.search(rf"\b{c}\b", completion)))
    report.case("the completion names every option", (o for o in options if o not in completion))
    if len(sys.argv) > 2:
        check_window(report, sys.argv[2])
    check_pages(report)
    report.end()


main()
