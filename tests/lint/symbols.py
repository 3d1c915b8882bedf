#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the built rooms call, by nm -u, and what warifu is linked to.

usage: symbols.py BUILD
"""

import json
import pathlib
import re
import subprocess
import sys

from source_tree import Report

WINDOW = r"gtk_|gdk_|gsk_|adw_|webkit_|jsc_"

# Symbols that a room must not call.
FORBIDDEN = {
    "protocol": re.compile(
        rf"^({WINDOW}|soup_|sqlite3_|g_main_|g_timeout_|g_idle_|g_source_|g_task_|g_file_|g_socket_|g_dbus_"
        r"|secret_(?!value_)"  # SecretValue alone
        r"|g_get_real_time$|g_get_monotonic_time$|g_date_time_new_now|time$|gettimeofday$|clock_gettime$"
        r"|g_log|g_print|printf$|fprintf$|puts$|open$|open64$|fopen|read$|write$|socket$|connect$|g_getenv$|getenv$"
        r"|g_random_|rand$|random$)"
    ),
    "engine": re.compile(rf"^({WINDOW})"),
    "cli": re.compile(rf"^({WINDOW})"),
    "demo": re.compile(rf"^({WINDOW}|secret_(?!value_)|sqlite3_)"),
    # The headers of a response, as WebKit hands them out, are libsoup's.
    "signin": re.compile(r"^(soup_(?!message_headers_get_)|sqlite3_|secret_(?!value_)|wf_(session|engine|vault|history|exchange|provider_new|account_store))"),
    "ui": re.compile(r"^(webkit_|jsc_|soup_|sqlite3_|secret_service_|secret_password_)"),
}


def undefined_symbols(path):
    output = subprocess.run(["nm", "-u", str(path)], check=True, capture_output=True, text=True).stdout
    place = path.name
    for line in output.splitlines():
        if line.endswith(":"):
            place = line[:-1]
        match = re.match(r"\s+[Uwv] (\S+)", line)
        if match:
            yield place, match.group(1).split("@")[0]


def introspect_targets(build):
    output = subprocess.run(["meson", "introspect", "--targets", str(build)], check=True, capture_output=True, text=True)
    return json.loads(output.stdout)


def room_objects(build, targets, room):
    """The object files of every library and program that src/ROOM defines."""
    for target in targets:
        if pathlib.Path(target["defined_in"]).parent.parts[-2:] != ("src", room):
            continue
        for filename in target["filename"]:
            folder = pathlib.Path(filename + ".p")
            if folder.is_dir():
                yield from sorted(folder.glob("*.o"))


def needed_libraries(path):
    output = subprocess.run(["readelf", "-d", str(path)], check=True, capture_output=True, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.+?)\]", output)


def program(targets, name):
    for target in targets:
        if target["name"] == name and target["type"] == "executable":
            return pathlib.Path(target["filename"][0])
    return None


def main():
    report = Report()
    build = pathlib.Path(sys.argv[1])
    targets = introspect_targets(build)
    for room, pattern in FORBIDDEN.items():
        objects = list(room_objects(build, targets, room))
        if not objects:
            report.skip(f"{room} calls only what it may", "not built")
            continue
        report.case(
            f"{room} calls only what it may",
            (
                f"{place} calls {symbol}"
                for path in objects
                for place, symbol in undefined_symbols(path)
                if pattern.match(symbol)
            ),
        )
    for name, pattern in (("warifu", r"webkit|javascriptcore"), ("warifuctl", r"webkit|javascriptcore|gtk|gdk|adwaita|cairo|pango")):
        path = program(targets, name)
        if path is None or not path.exists():
            report.skip(f"{name} is linked to nothing it should not", "not built")
            continue
        report.case(
            f"{name} is linked to nothing it should not",
            (f"{name} needs {library}" for library in needed_libraries(path) if re.search(pattern, library)),
        )
    report.end()


main()
