#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual page and the completion know every command and option that warifuctl --help does.

usage: manual.py WARIFUCTL
"""

import re
import subprocess
import sys

from source_tree import ROOT, Report

COMMANDS = (
    "add", "accounts", "show", "edit", "remove", "sign-in", "token", "refresh", "sign-out",
    "userinfo", "inspect", "snippet", "history", "doctor", "test",
    "header", "exec", "git-credential", "presets", "export", "import",
)


def main():
    report = Report()
    shown = subprocess.run([sys.argv[1], "--help"], check=True, capture_output=True, text=True).stdout
    options = sorted(set(re.findall(r"--[a-z][a-z-]+", shown)))
    manual = (ROOT / "data/man/warifuctl.1").read_text(encoding="utf-8").replace("\\-", "-")
    completion = (ROOT / "data/completions/warifuctl").read_text(encoding="utf-8")

    report.case("--help names every command", (c for c in COMMANDS if not re.search(rf"\b{c}\b", shown)))
    report.case("the manual page names every command", (c for c in COMMANDS if not re.search(rf"\b{c}\b", manual)))
    report.case("the manual page names every option", (o for o in options if o not in manual))
    report.case("the completion names every command", (c for c in COMMANDS if not re.search(rf"\b{c}\b", completion)))
    report.case("the completion names every option", (o for o in options if o not in completion))
    report.end()


main()
