#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may include whom: protocol <- engine <- {cli, ui}, protocol <- signin, protocol <- demo."""

import re

from source_tree import ROOMS, ROOT, Report, read, room_of, source_files

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)

# The rooms whose headers a room may include.
MAY_INCLUDE = {
    "protocol": {"protocol"},
    "engine": {"engine", "protocol"},
    "signin": {"signin", "protocol"},
    "demo": {"demo", "protocol"},
    "cli": {"cli", "engine", "protocol"},
    "ui": {"ui", "engine", "protocol", "demo"},
    "src": {"ui"},
}

# Beginnings of system headers that a room never sees. The strict ones (gtk, webkit) do not
# compile anyway: the room is not given their folders.
WINDOW = ("gtk/", "gdk/", "gsk/", "adwaita", "gtksourceview/", "webkit/", "jsc/", "cairo", "pango/", "graphene")
WAITING = ("libsoup/", "gio/", "sqlite3", "sys/socket", "netdb", "poll.h", "pthread", "fcntl.h", "time.h", "sys/time.h")
FORBIDDEN = {
    "protocol": WINDOW + WAITING + ("gmodule", "glib/gstdio.h", "stdio.h", "unistd.h"),
    "engine": WINDOW,
    "cli": WINDOW,
    "demo": WINDOW + ("libsecret/", "sqlite3"),
    "signin": ("libsoup/", "sqlite3"),
    "ui": ("webkit/", "jsc/", "libsoup/", "sqlite3"),
    "src": ("webkit/", "libsoup/", "sqlite3", "gtk/", "adwaita"),
}


def main():
    report = Report()
    owners = {}
    for path in source_files("src"):
        if path.suffix == ".h":
            owners.setdefault(path.name, []).append(room_of(path))

    report.case("header names are unique", (f"{name} stands in {', '.join(rooms)}" for name, rooms in owners.items() if len(rooms) > 1))

    climbing, crossing, system = [], {room: [] for room in MAY_INCLUDE}, {room: [] for room in MAY_INCLUDE}
    for path in source_files("src", "tests"):
        in_src = path.parts[0] == "src"
        room = room_of(path) if in_src else None
        for kind, name in INCLUDE.findall(read(path)):
            if ".." in name.split("/"):
                climbing.append(f"{path} includes {name}")
            if not in_src:
                continue
            if kind == '"':
                if "/" in name:
                    crossing[room].append(f"{path} includes {name}: a header is included by its name alone")
                owner = owners.get(name, [None])[0]
                if owner is not None and owner not in MAY_INCLUDE[room]:
                    crossing[room].append(f"{path} includes {name} of {owner}")
            elif name.startswith(FORBIDDEN[room]):
                system[room].append(f"{path} includes <{name}>")

    report.case("nothing includes by ..", climbing)
    for room in ROOMS + ("src",):
        report.case(f"{room} includes only the rooms below it", crossing[room])
        report.case(f"{room} includes only the libraries it may", system[room])

    report.case(
        "no include path leaves its room",
        (
            f"{path}: {line.strip()}"
            for room in ROOMS
            for path in [f"src/{room}/meson.build"]
            if (ROOT / path).exists()
            for line in read(path).splitlines()
            if "include_directories('..'" in line or "implicit_include_directories: true" in line
        ),
    )
    report.end()


main()
