#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flatpak manifest, desktop entry, metainfo and Debian packaging say the same, and ask for no more than is needed.

usage: packages.py VERSION METAINFO DESKTOP-ENTRY
"""

import datetime
import json
import re
import sys
import xml.etree.ElementTree as ElementTree

from source_tree import ROOT, Report, read

ID = "io.github.warifu.Warifu"
# Network for providers, ipc for X11's shared memory, a display, and its hardware. No files, no bus names: the keyring,
# the browser and files that the person picks come through portals.
PERMISSIONS = ["--share=network", "--share=ipc", "--socket=wayland", "--socket=fallback-x11", "--device=dri"]
MODULE = {"name", "buildsystem", "config-opts", "sources"}


def load(name):
    text = read(f"build-aux/flatpak/{name}.json")
    duplicates = []

    def take(pairs):
        names = [key for key, _ in pairs]
        duplicates.extend(key for key in names if names.count(key) > 1)
        return dict(pairs)

    return json.loads(text, object_pairs_hook=take), duplicates


def differences(what, found, wanted):
    """Says it where they differ."""
    if found != wanted:
        yield f"{what}: {found!r}, not {wanted!r}"


def check_module(manifest):
    modules = manifest["modules"]
    if len(modules) != 1:
        yield f"{len(modules)} modules: the runtime has all that Warifu needs"
    module = modules[0]
    yield from differences("what the module says", set(module), MODULE)
    yield from differences("its build system", module["buildsystem"], "meson")
    yield from differences("its source", (module["sources"][0]["type"], module["sources"][0]["path"]), ("dir", "../.."))
    if "-Dwebkit=enabled" not in module["config-opts"]:
        yield "the sign-in view may be left out"


def check_development(release, development):
    wanted = json.loads(json.dumps(release))
    wanted.update({"id": ID + ".Devel", "runtime-version": "master", "tags": ["devel", "nightly"],
                   "desktop-file-name-suffix": " (Development)"})
    wanted["modules"][0]["config-opts"] = ["-Dprofile=development", *release["modules"][0]["config-opts"]]
    for key in sorted(set(wanted) | set(development)):
        yield from differences(key, development.get(key), wanted.get(key))


def check_metainfo(path, version):
    root = ElementTree.parse(path).getroot()
    identifier = root.findtext("id")
    yield from differences("the id", identifier.removesuffix(".Devel"), ID)
    yield from differences("what it launches", root.findtext("launchable"), identifier + ".desktop")
    releases = [(release.get("version"), datetime.date.fromisoformat(release.get("date"))) for release in root.iter("release")]
    yield from differences("the newest release", releases[0][0], version)
    dates = [date for _, date in releases]
    yield from differences("the order of the releases", dates, sorted(dates, reverse=True))
    binaries = {node.text for node in root.iter("binary")}
    if not {"warifu", "warifuctl"} <= binaries:
        yield f"binaries: {sorted(binaries)}"


def check_desktop(path):
    with open(path, encoding="utf-8") as file:
        entry = dict(re.findall(r"^([A-Za-z-]+)=(.*)$", file.read().partition("\n[Desktop Action ")[0], re.MULTILINE))
    yield from differences("the icon", entry["Icon"].removesuffix(".Devel"), ID)
    yield from differences("the program", entry["Exec"].split()[0], "warifu")
    yield from differences("whether D-Bus starts it", entry["DBusActivatable"], "true")


def packages_of(text):
    """The names in the section [build] of the list of dependencies, of which the toolchain is understood in Debian."""
    section = text.partition("[build]\n")[2].partition("\n[")[0]
    lines = (line.partition("#")[0].partition("|")[0].strip() for line in section.splitlines())
    return {line for line in lines if line} - {"build-essential"}


def build_dependencies(control):
    field = re.search(r"^Build-Depends:\n((?: .*\n)+)", control, re.MULTILINE).group(1)
    names = {re.split(r"[ (|,]", line.strip())[0] for line in field.splitlines()}
    return names - {"debhelper-compat"}


def main():
    version, metainfo, desktop = sys.argv[1:]
    report = Report()
    release, twice = load(ID)
    development, twice_too = load(ID + ".Devel")

    report.case("the manifests parse, each member once", [*twice, *twice_too])
    report.case("the manifest asks for the permissions that are needed", differences("finish-args", release["finish-args"], PERMISSIONS))
    report.case("the manifest names a released GNOME runtime", [
        *differences("runtime", release["runtime"], "org.gnome.Platform"), *differences("sdk", release["sdk"], "org.gnome.Sdk"),
        *([] if re.fullmatch(r"\d+", release["runtime-version"]) else [release["runtime-version"]]),
    ])
    report.case("the manifest starts the window of this id", [*differences("id", release["id"], ID), *differences("command", release["command"], "warifu")])
    report.case("nothing is bundled that the runtime has", check_module(release))
    report.case("the development manifest differs where it must", check_development(release, development))
    report.case("the metainfo is of this version and id", check_metainfo(metainfo, version))
    report.case("the desktop entry fits the rest", check_desktop(desktop))
    changelog = re.match(r"warifu \(([\d.]+)\)", read("build-aux/debian/changelog"))
    report.case("the Debian changelog is of this version", differences("changelog", changelog and changelog.group(1), version))
    pages = {page.name: re.search(r'"Warifu ([\d.]+)"', read(page.relative_to(ROOT))) for page in sorted((ROOT / "data/man").glob("*.1"))}
    report.case("the manual pages are of this version",
                (finding for name, found in pages.items() for finding in differences(name, found and found.group(1), version)))
    report.case("Debian builds with what build-aux/dependencies-debian.txt names",
                differences("Build-Depends", sorted(build_dependencies(read("build-aux/debian/control"))),
                            sorted(packages_of(read("build-aux/dependencies-debian.txt")))))
    report.end()


main()
