#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures and words of the source: lengths, licence, calls and words that must not stand there."""

import pathlib
import re
import subprocess

from source_tree import ROOT, Report, functions, percentile, read, room_of, source_files, strip_comments_and_strings

SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
FILE_MAX, FILE_MEDIAN = 900, 300
FUNCTION_MAX, FUNCTION_P90 = 100, 35

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|stub|not implemented)\b")
CARELESS = re.compile(r"\b(atoi|atol|atof|strcpy|strcat|sprintf|vsprintf|gets|system|popen|strtok|tmpnam|mktemp|alloca) ?\(")
BLOCKING = re.compile(r"\b\w+_sync \(")
WINDOWLESS_LOOP = re.compile(r"\b(g_main_loop_run|g_main_context_iteration|gtk_main_iteration\w*) ?\(")
# A home folder, and a package address in a lock file. What this machine itself would give away is added by machine_words().
HOME_FOLDER = re.compile(r"/home/[a-z]+/|\"resolved\": *\"http")

# Files of which a person reads the first lines, and those that need no licence line.
CODE_SUFFIXES = {".c", ".h", ".py", ".ui", ".in", ".css", ".sh", ".build", ".mjs", ".js", ".svg"}


def repository_files():
    """What git tracks or would track."""
    try:
        names = subprocess.run(["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"],
                               capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):  # no git here, or an unpacked archive
        names = [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file() and not p.relative_to(ROOT).parts[0].startswith(("_build", ".git"))]
    return [ROOT / name for name in names if (ROOT / name).is_file() and "node_modules" not in name and "__pycache__" not in name]


def machine_words():
    """Where packages come from here, and where somebody builds: nobody else's business. What build-aux/try-suite calls it is
    no secret."""
    words = {str(ROOT) + "/"} if len(ROOT.parts) > 2 and ROOT != pathlib.Path("/mnt/source") else set()
    lists = [pathlib.Path("/etc/apt/sources.list"), *pathlib.Path("/etc/apt/sources.list.d").glob("*"), pathlib.Path.home() / ".npmrc"]
    for path in lists:
        if path.is_file():
            words.update(re.findall(r"https?://([\w.-]+\.[a-z]+)", path.read_text(encoding="utf-8", errors="replace")))
    words.add(".".join(("registry", "npmjs", "org")))
    words.add(".".join(("deb", "debian", "org")))
    return re.compile("|".join([HOME_FOLDER.pattern, *map(re.escape, sorted(words))]))


def search(pattern, paths, clean=True):
    for path in paths:
        text = read(path)
        for number, line in enumerate((strip_comments_and_strings(text) if clean else text).splitlines(), 1):
            match = pattern.search(line)
            if match:
                yield f"{path}:{number}: {match.group(0)}"


def main():
    report = Report()
    machine = machine_words()
    ours = source_files("src")
    waiting = [path for path in ours if room_of(path) in ("engine", "ui", "signin")]

    lengths = {path: read(path).count("\n") for path in source_files("src", "tests")}
    report.case(f"no file has more than {FILE_MAX} lines", (f"{path}: {n}" for path, n in lengths.items() if n > FILE_MAX))
    median = percentile([n for path, n in lengths.items() if path.parts[0] == "src"], 0.5)
    report.case(f"the median file has at most {FILE_MEDIAN} lines", [f"{median}"] if median > FILE_MEDIAN else [])

    spans = [(path, name, last - first + 1) for path in source_files("src", "tests") for name, first, last in functions(read(path))]
    report.case(f"no function has more than {FUNCTION_MAX} lines", (f"{path}: {name}: {n}" for path, name, n in spans if n > FUNCTION_MAX))
    p90 = percentile([n for path, _, n in spans if path.parts[0] == "src"], 0.9)
    report.case(f"nine functions of ten have at most {FUNCTION_P90} lines", [f"{p90}"] if p90 > FUNCTION_P90 else [])

    report.case(
        "every source file names its licence in its first lines",
        (
            str(path.relative_to(ROOT))
            for path in repository_files()
            if (path.suffix in CODE_SUFFIXES or path.name.startswith("run-with-")) and "fixtures" not in path.parts
            and path.name != "meson_options.txt"
            and SPDX not in "".join(path.read_text(encoding="utf-8", errors="replace").splitlines(True)[:5])
        ),
    )
    report.case("no call blocks in engine, ui and signin", search(BLOCKING, waiting))
    report.case("no main loop runs inside another", search(WINDOWLESS_LOOP, waiting))
    report.case("no careless call", search(CARELESS, ours))
    report.case("nothing is left unfinished", search(UNFINISHED, ours, clean=False))
    report.case(
        "no trailing space, no tab",
        (f"{path}:{n}" for path in source_files("src", "tests") for n, line in enumerate(read(path).split("\n"), 1) if line != line.rstrip() or "\t" in line),
    )
    report.case(
        "nothing of a machine or a registry stands here",
        (
            f"{path.relative_to(ROOT)}: {match.group(0)}"
            for path in repository_files()
            if path.suffix not in {".png", ".ico", ".gz"}
            for match in [machine.search(path.read_text(encoding="utf-8", errors="replace"))]
            if match
        ),
    )
    report.end()


main()
