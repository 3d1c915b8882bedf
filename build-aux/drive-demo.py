#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs in to the demo server in the running Warifu, as a person with a screen reader would:
over AT-SPI, by accessible names, and with the keyboard where a page has no tree to walk.
Used by build-aux/try-headless.

usage: drive-demo.py LOCALEDIR
"""

import gettext
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

STEP_SECONDS = 30
BUTTONS = {"push button", "button", "toggle button"}

translation = gettext.translation("warifu", sys.argv[1], fallback=True)


def children(node):
    try:
        for index in range(node.get_child_count()):
            child = node.get_child_at_index(index)
            if child is not None:
                yield child
    except GLib.Error:
        return


def walk(node, depth=0):
    yield node
    if depth < 60:
        for child in children(node):
            yield from walk(child, depth + 1)


def is_button(node, name):
    """Whether this is the button of that (English) name, shown and alive. GTK 4.8 does not set
    "showing": what is not on the screen has no size."""
    try:
        if node.get_name() not in (name, translation.gettext(name)) or node.get_role_name() not in BUTTONS:
            return False
        extents = node.get_extents(Atspi.CoordType.WINDOW)
        return node.get_state_set().contains(Atspi.StateType.SENSITIVE) and extents.width > 0
    except GLib.Error:
        return False


def find_button(name):
    for application in children(Atspi.get_desktop(0)):
        for node in walk(application):
            if is_button(node, name):
                return node
    return None


def wait_for(what, look):
    deadline = time.monotonic() + STEP_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    sys.exit(f"drive-demo: waited {STEP_SECONDS} seconds for {what}")


def press(button):
    button.do_action(0)


def find_text(part):
    for application in children(Atspi.get_desktop(0)):
        for node in walk(application):
            try:
                if part in node.get_name() and node.get_extents(Atspi.CoordType.WINDOW).width > 0:
                    return node
            except GLib.Error:
                continue
    return None


def press_key(key):
    windows = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--class", "warifu"], capture_output=True, text=True, check=False
    ).stdout.split()
    for window in windows[-1:]:
        subprocess.run(["xdotool", "windowfocus", "--sync", window, "key", key], check=True)


def approve():
    """Presses the page's button by its tree where the page has one; else by Enter: the page has put
    the focus into its form. Says whether the dashboard came."""
    button = find_button("Approve")
    if button is not None:
        press(button)
    else:
        press_key("Return")
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        if find_button("Refresh Now"):
            return True
        time.sleep(0.1)
    return False


def main():
    Atspi.set_timeout(2000, 10000)
    press(wait_for("the button Sign In", lambda: find_button("Sign In")))
    # The sign-in view says whose page it shows, once it shows it.
    wait_for("the sign-in page", lambda: find_text("127.0.0.1:") and not find_button("Sign In"))
    wait_for("the dashboard", approve)


if __name__ == "__main__":
    main()
