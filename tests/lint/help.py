#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The help pages are Mallard, lead to each other, and say the same in every language.

usage: help.py
"""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
HELP = os.path.join(ROOT, "data", "help")
SCHEMA = "/usr/share/xml/mallard/1.0/mallard-1.0.rng"
MALLARD = "{http://projectmallard.org/1.0/}"
SPDX = "<!-- SPDX-License-Identifier: GPL-3.0-or-later -->"
LANGUAGES = ("C", "ja")


def read_pages(language):
    folder = os.path.join(HELP, language)
    return {name: open(os.path.join(folder, name), encoding="utf-8").read() for name in sorted(os.listdir(folder))}


def outline(text):
    """What a page is made of, whatever its language: elements, ids and links."""
    return [(element.tag.removeprefix(MALLARD), element.get("id"), element.get("xref"), element.get("href"))
            for element in ET.fromstring(text).iter() if element.tag.removeprefix(MALLARD) in ("page", "section", "link", "screen")]


def check_schema(pages):
    if not os.path.exists(SCHEMA):
        return ["SKIP mallard-rng is missing"]
    problems = []
    for language, names in pages.items():
        paths = [os.path.join(HELP, language, name) for name in names]
        done = subprocess.run(["xmllint", "--noout", "--relaxng", SCHEMA, *paths], capture_output=True, text=True)
        if done.returncode:
            problems += [line for line in done.stderr.splitlines() if not line.endswith(" validates")]
    return problems


def check_names(pages):
    problems = []
    listed = set(re.findall(r"'([\w-]+)'", re.search(r"help_pages = \[(.*?)\]", open(os.path.join(HELP, "meson.build")).read(), re.S)[1]))
    for language, texts in pages.items():
        if {name.removesuffix(".page") for name in texts} != listed:
            problems.append(f"{language}: the pages are not those of meson.build: {sorted(listed)}")
        for name, text in texts.items():
            if ET.fromstring(text).get("id") != name.removesuffix(".page"):
                problems.append(f"{language}/{name}: its id is another one")
            if text.splitlines()[1] != SPDX:
                problems.append(f"{language}/{name}: line 2 is not {SPDX}")
    return problems


def check_links(pages):
    problems = []
    for language, texts in pages.items():
        places = set()
        for name, text in texts.items():
            page = name.removesuffix(".page")
            places |= {page} | {f"{page}#{section.get('id')}" for section in ET.fromstring(text).iter(MALLARD + "section")}
        for name, text in texts.items():
            for element in ET.fromstring(text).iter():
                target = element.get("xref")
                if target and (target if not target.startswith("#") else name.removesuffix(".page") + target) not in places:
                    problems.append(f"{language}/{name}: leads to {target}, which is not there")
    return problems


def check_languages(pages):
    """A page that was changed in one language is missing something in the other."""
    return [f"{language}/{name}: has other sections or links than in C" for language, texts in pages.items()
            for name, text in texts.items() if outline(text) != outline(pages["C"].get(name, text))]


def check_sentences(pages):
    """The sentences of the page of problems are those that Warifu says."""
    source = ""
    for folder, _, names in os.walk(os.path.join(ROOT, "src")):
        for name in names:
            if name.endswith(".c"):
                source += open(os.path.join(folder, name), encoding="utf-8").read()
    said = re.sub(r'"\s*\n\s*"', "", source)
    problems = []
    for title in ET.fromstring(pages["C"]["problems.page"]).iterfind(f"{MALLARD}section/{MALLARD}title"):
        sentences = re.split(r" / |…", " ".join(title.text.split()))
        for sentence in filter(None, map(str.strip, sentences)):
            if sentence.endswith(".") and sentence not in said:
                problems.append(f"nothing says “{sentence}” any more")
    return problems


def main():
    pages = {language: read_pages(language) for language in LANGUAGES}
    checks = (check_schema, check_names, check_links, check_languages, check_sentences)
    print(f"1..{len(checks)}")
    failed = False
    for number, check in enumerate(checks, 1):
        problems = check(pages)
        for problem in problems:
            print(f"# {problem}")
        skipped = problems and problems[0].startswith("SKIP")
        failed |= bool(problems) and not skipped
        print(f"{'not ok' if problems and not skipped else 'ok'} {number} {check.__doc__ or check.__name__}".replace("\n", " ")
              + (f" # {problems[0]}" if skipped else ""))
    return failed


if __name__ == "__main__":
    sys.exit(main())
