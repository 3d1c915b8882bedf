#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/lint/catalogue.py [--tap]

The catalogue of what a hostile or careless server may do has 76 numbers (SECURITY.md). Each has tests that bear its number, or
a row in SECURITY.md that says why it has none. Prints the table of both; the status is 1 where a number has neither, or
both.

A test bears a number as "#12" at the beginning of its docstring (Python), as "/signin/12-name" (its path, in C), or by the words
"Catalogue 12" in the comment above it."""

import re
import sys
from collections import defaultdict
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
NUMBERS = range(1, 77)
IN_PYTHON = re.compile(r'^\s*def (?P<name>test_\w+)\(self\):\n\s*"""(?P<words>#[^\n]*)', re.MULTILINE)
IN_PATH = re.compile(r'"(?P<path>/[\w-]+/|(?=\d))(?P<number>\d+)-(?P<rest>[\w%-]+)(?:/[\w%-]+)*"')
IN_COMMENT = re.compile(r"[Cc]atalogue (?P<words>\d+(?:(?:, | and | to )\d+)*)")
ROW = re.compile(r"^\| (?P<words>\d[\d, –]*) \| (?P<case>[^|]+) \| (?P<why>[^|]+) \|$", re.MULTILINE)
HEADING = "no. | case | why it has no test"


def expand(words):
    """The numbers of "#26 to #29 and #31", "5–9, 12": ranges and lists."""
    words = words.replace("#", "")
    leading = re.match(r"\d+(?:(?:, | and | to |–)\d+)*", words).group()
    for part in re.split(r", | and ", leading):
        first, _, last = re.sub(r" to ", "–", part).partition("–")
        yield from range(int(first), int(last or first) + 1)


def read_python(path, text, tests):
    for match in IN_PYTHON.finditer(text):
        for number in expand(match["words"]):
            tests[number].append(f"{path}: {match['name']}")


def read_c(path, text, tests):
    for match in IN_COMMENT.finditer(text):
        rest = text[match.end():]
        function = re.search(r"^(test_\w+|expect_\w+|assert_\w+) \(", rest, re.MULTILINE)
        for number in expand(match["words"]):
            tests[number].append(f"{path}: {function.group(1) if function else 'the file'}")
    for match in IN_PATH.finditer(text):
        tests[int(match["number"])].append(f"{path}: {match['path']}{match['number']}-{match['rest']}")


def collect_tests():
    tests = defaultdict(list)
    for path in sorted((TOP / "tests").rglob("test*")):
        if path.suffix in (".py", ".c") and "node_modules" not in path.parts:
            read = read_python if path.suffix == ".py" else read_c
            read(path.relative_to(TOP / "tests"), path.read_text(encoding="utf-8"), tests)
    return {number: sorted(set(found)) for number, found in tests.items()}


def collect_reasons():
    """Of the one table of SECURITY.md that gives reasons."""
    text = (TOP / "SECURITY.md").read_text(encoding="utf-8")
    table = text[text.index(HEADING):].split("\n\n")[0]
    return {number: match["why"].strip() for match in ROW.finditer(table) for number in expand(match["words"])}


def judge(number, tests, reasons):
    if number in tests and number in reasons:
        return "has tests, and a reason to have none"
    if number not in tests and number not in reasons:
        return "has neither a test nor a reason"
    return None


def main():
    tests, reasons = collect_tests(), collect_reasons()
    bad = 0
    if "--tap" in sys.argv:
        print(f"1..{len(NUMBERS)}")
    for number in NUMBERS:
        fault = judge(number, tests, reasons)
        bad += fault is not None
        if "--tap" in sys.argv:
            print(f"{'not ok' if fault else 'ok'} {number} - catalogue {number}" + (f": {fault}" if fault else ""))
            continue
        for line in [fault] if fault else tests.get(number) or [reasons[number]]:
            print(f"{number:3}  {line}")
    if "--tap" not in sys.argv:
        print(f"{len(NUMBERS)} numbers: {sum(number in tests for number in NUMBERS)} with tests, "
              f"{sum(number in reasons for number in NUMBERS)} with a reason, {bad} with neither or both")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
