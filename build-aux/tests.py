#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What build-aux/test asks of meson's own records.

tests.py targets BUILD SUITE...    the ninja targets that the suites' tests need, one a line
tests.py sum [--failed N] BUILD... every test case of the last runs, counted
"""

import argparse
import json
import os
import re
import subprocess
import sys

TAP_LINE = re.compile(r"^(ok|not ok)\b(?: +\d+)?(?P<rest>.*)$")
SKIP = re.compile(r"#\s*SKIP\b", re.IGNORECASE)
TODO = re.compile(r"#\s*TODO\b", re.IGNORECASE)
WORDS, WIDTH = 20, 1000  # of what a failed case says, at most
GOOD = {"OK", "EXPECTEDFAIL"}


def introspect(build, what):
    output = subprocess.run(
        ["meson", "introspect", "--" + what, build], check=True, capture_output=True, text=True
    ).stdout
    return json.loads(output)


def print_targets(build, suites):
    wanted = set()
    for test in introspect(build, "tests"):
        if any(suite.split(":")[-1] in suites for suite in test["suite"]):
            wanted.update(test["depends"])
    top = os.path.abspath(build)
    for target in introspect(build, "targets"):
        if target["id"] in wanted:
            for filename in target["filename"]:
                print(os.path.relpath(filename, top))


def count_tap(text):
    """The cases of a TAP stream: (passed, failed, skipped, {name of a failed one: what it says of itself})."""
    passed = failed = skipped = 0
    names = {}
    said = []
    for line in text.splitlines():
        match = TAP_LINE.match(line)
        if not match:
            said.append(line)
            continue
        rest = match.group("rest")
        if match.group(1) == "not ok" and not TODO.search(rest):
            failed += 1
            # Python's cases explain themselves after their line, GLib's before it.
            said = names.setdefault(rest.strip(" -"), said[-WORDS:])
            continue
        elif SKIP.search(rest):
            skipped += 1
        else:
            passed += 1
        said = []
    return passed, failed, skipped, names


def count_test(record):
    """The same of one test program; the program itself where it does not speak TAP."""
    passed, failed, skipped, names = count_tap(record.get("stdout") or "")
    result = record["result"]
    if result not in GOOD and result != "SKIP" and failed == 0:
        failed, names = 1, {result.lower(): (record.get("stdout") or "").splitlines()}
    elif passed + failed + skipped == 0:
        passed, skipped = (0, 1) if result == "SKIP" else (1, 0)
    return passed, failed, skipped, names


def read_records(build):
    path = os.path.join(build, "meson-logs", "testlog.json")
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="replace") as log:
            for line in log:
                yield json.loads(line)


def sum_up(builds, failed_before):
    total = [0, failed_before, 0]
    for build in builds:
        for record in read_records(build):
            passed, failed, skipped, names = count_test(record)
            total = [total[0] + passed, total[1] + failed, total[2] + skipped]
            for name, said in names.items():
                print(f"FAILED  {build}  {record['name']}  {name}")
                for line in said[-WORDS:] + (record.get("stderr") or "").splitlines()[-WORDS:]:
                    print(f"    {line[:WIDTH]}")
    if total[0] == 0 and total[1] == 0:
        print("No test was run.")
        total[1] = 1
    line = f"{total[0]} passed, {total[1]} failed"
    print(line + (f", {total[2]} skipped" if total[2] else ""))
    return 1 if total[1] else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    targets = commands.add_parser("targets")
    targets.add_argument("build")
    targets.add_argument("suites", nargs="+")
    summary = commands.add_parser("sum")
    summary.add_argument("--failed", type=int, default=0)
    summary.add_argument("builds", nargs="+")
    arguments = parser.parse_args()
    if arguments.command == "targets":
        return print_targets(arguments.build, arguments.suites)
    return sum_up(arguments.builds, arguments.failed)


if __name__ == "__main__":
    sys.exit(main())
