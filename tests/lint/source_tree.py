# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lint tests know about the source tree: its rooms, files and functions."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("protocol", "engine", "signin", "ui", "cli", "demo")
SOURCE_SUFFIXES = (".c", ".h")


def source_files(*folders):
    """Every C file below the folders, relative to the root."""
    found = []
    for folder in folders or ("src", "tests"):
        found += [path for path in (ROOT / folder).rglob("*") if path.suffix in SOURCE_SUFFIXES]
    return sorted(path.relative_to(ROOT) for path in found)


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def room_of(path):
    """The room of a file of src, "src" for one that lies in none."""
    parts = pathlib.Path(path).parts
    return parts[1] if len(parts) > 2 else "src"


def strip_comments_and_strings(text):
    """The same text, of the same lines, with comments, strings and characters emptied."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)

    def empty(match):
        token = match.group(0)
        if token.startswith("/"):
            return re.sub(r"[^\n]", " ", token)
        return token[0] * 2

    return pattern.sub(empty, text)


def functions(text):
    """(name, first line, last line) of each function written in the GNU way: the name at the
    start of a line, the braces of the body alone in the first column."""
    lines = strip_comments_and_strings(text).splitlines()
    found = []
    start, name = None, None
    for number, line in enumerate(lines, 1):
        match = re.match(r"^(?:[A-Za-z_][\w\s*]*[\s*])?([A-Za-z_]\w*) \(", line)
        if match and start is None and not line.rstrip().endswith(";"):
            name, candidate = match.group(1), number
        if line.rstrip() == "{" and name:
            start = candidate
        elif line.startswith("}") and start is not None:
            found.append((name, start, number))
            start, name = None, None
        elif line.rstrip().endswith(";") and start is None:
            name = None
    return found


def percentile(values, fraction):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * fraction))] if ordered else 0


class Report:
    """Test cases in TAP, each with the findings that fail it."""

    def __init__(self):
        self.number = 0
        self.failed = 0

    def case(self, name, findings):
        self.number += 1
        findings = list(findings)
        for finding in findings:
            print(f"# {finding}")
        print(f"{'not ok' if findings else 'ok'} {self.number} - {name}", flush=True)
        self.failed += bool(findings)

    def skip(self, name, why):
        self.number += 1
        print(f"ok {self.number} - {name} # SKIP {why}", flush=True)

    def end(self):
        print(f"1..{self.number}")
        sys.exit(1 if self.failed else 0)
