#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""POTFILES names every file with a translatable string, and each language is complete."""

import pathlib
import re
import subprocess
import tempfile

from source_tree import ROOT, Report

PO = ROOT / "po"


def run(*command):
    return subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False)


def languages():
    for line in (PO / "LINGUAS").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def message_ids(text):
    return re.findall(r'^msgid ((?:".*"\n?)+)', text, re.MULTILINE)


def incomplete(language, template, folder):
    """What the sources say now that the language does not."""
    merged = pathlib.Path(folder) / f"{language}.po"
    result = run("msgmerge", "--quiet", "--no-fuzzy-matching", f"--output-file={merged}", PO / f"{language}.po", template)
    if result.returncode:
        return [result.stderr.strip()]
    missing = run("msgattrib", "--untranslated", "--no-obsolete", merged).stdout
    found = [f"not translated: {text.strip()}" for text in message_ids(missing) if text.strip() != '""']
    fuzzy = run("msgattrib", "--only-fuzzy", "--no-obsolete", PO / f"{language}.po").stdout
    return found + [f"fuzzy: {text.strip()}" for text in message_ids(fuzzy) if text.strip() != '""']


def main():
    report = Report()
    listed = run("po/update", "--list").stdout.splitlines()
    written = (PO / "POTFILES").read_text(encoding="utf-8").splitlines()
    report.case(
        "POTFILES is complete",
        [f"run po/update: {line} is missing" for line in listed if line not in written]
        + [f"run po/update: {line} has no string" for line in written if line not in listed],
    )
    with tempfile.TemporaryDirectory() as folder:
        template = pathlib.Path(folder) / "warifu.pot"
        made = run("po/update", "--template", template)
        # Of xgettext's other warnings nothing follows: that a string stands with and without a plural, and from 1.0 on
        # that there is an address in one, which is an example of what to type.
        warnings = [line for line in made.stderr.splitlines() if re.match(r"\S+:\d+: ", line) and "embedded URL" not in line]
        report.case("the strings can be extracted without a warning", warnings + ([] if made.returncode == 0 else ["failed"]))
        for language in languages():
            check = run("msgfmt", "--check", "--output-file=/dev/null", PO / f"{language}.po")
            report.case(f"{language}: is well-formed", check.stderr.splitlines() if check.returncode else [])
            report.case(f"{language}: is complete", incomplete(language, template, folder))
    report.end()


main()
