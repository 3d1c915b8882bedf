#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks every page, menu and dialog as somebody does who has a keyboard and a screen reader.

Whatever can be operated has a name that says what it does, no image is silent, no token is in a name, and Tab comes to it, or
to another of its list, from where the arrow keys go on. The table of what was found is printed.

usage: test_window_walk.py [-k NAME...]
       test_window_walk.py --speak    one sign-in as a screen reader speaks it
"""

import re
import sys
import time
import unittest

import tap
from window_places import FIRST, Guide, INSPECTOR, ODD, SIGNED_IN, SIGN_IN, Scene
from window_testing import PAUSE, WindowTestCase, role_name, wait_for

OPERABLE = {"push-button", "toggle-button", "check-box", "radio-button", "combo-box", "entry", "text", "password-text", "spin-button",
            "list-item", "page-tab", "menu-item", "link", "slider", "table-cell", "column-header", "switch"}
IN_LISTS = {"list-item", "page-tab", "menu-item", "radio-button", "table-cell", "column-header"}
IMAGES = {"image", "icon"}
# The window manager's: Alt and its keys do the same.
WINDOW_BUTTONS = {"Minimize the window", "Maximize the window", "Close the window", "Restore the window"}
TYPE_NAME = re.compile(r"(Gtk|Adw|Wf)[A-Z]\w+")  # GTK 4.8 says the type's name where there is none
TOKEN = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")
BURST = 6
IDLE_PRESSES = 60  # Tab comes round, and nothing new was reached


def is_named(node):
    return bool(node.name.strip()) and not TYPE_NAME.fullmatch(node.name.strip())


def ancestors(node):
    while node.parent:
        node = node.parent
        yield node


def is_part(node):
    """Of something that is named as a whole: the button and the rows of a combo box, the rows of an expander or a spin button's
    parts. The close button of a toast is libadwaita's, and nameless there."""
    parents = list(ancestors(node))
    return any(parent.role in ("combo-box", "spin-button") and is_named(parent) for parent in parents[:8]) or \
        any(parent.name in ("AdwToastWidget", "AdwEntryRow", "AdwPasswordEntryRow") for parent in parents[:4])


class Walk(WindowTestCase):
    """The table: page, what can be operated, what of it has no name, what Tab does not come to."""

    rows = []

    def walk(self, guide, places):
        found = []
        for place in places:
            place.come(guide)
            # Once more, where a refresh came in between and put other things there.
            found += [f"{place.name}: {what}" for what in self.check(guide, place) and self.check(guide, place)]
            place.leave(guide)
        self.assertEqual(found, [])

    def look(self, guide):
        """What is in the window that is on top, of what is shown."""
        top = guide.top
        return [node for node in guide.warifu.look() if node.inside(top) and node.shown]

    def check(self, guide, place):
        nodes = self.look(guide)
        containers = {parent.ref for node in nodes if node.role == "list-item" for parent in list(ancestors(node))[:4]}
        controls = [node for node in nodes if node.role in OPERABLE and node.has("focusable") and not is_part(node)
                    and node.description not in WINDOW_BUTTONS and (is_named(node) or node.ref not in containers)]
        unnamed = [node for node in controls if not is_named(node) and not place.is_foreign]
        silent = [node for node in nodes if node.role in IMAGES and node.has("focusable") and not is_named(node) and not place.is_foreign]
        told = [node.name for node in nodes if TOKEN.search(node.name + node.description)]
        wanted = [node for node in controls if node.has("sensitive") and (not place.is_menu or node.role == "menu-item")]
        unreached = self.find_unreached(guide, wanted, place.key)
        self.rows.append((place.name, len(controls), len(unnamed), len(unreached)))
        print(f"# {place.name:24} {len(controls):4} controls {len(unnamed):3} unnamed {len(unreached):3} unreached", flush=True)
        return [f"a token is in the name {name!r}" for name in told] \
            + [f"{node} in {node.parent} at {node.extents} has no name" for node in unnamed + silent] \
            + [f"{node} in {node.parent} is not reached" for node in unreached]

    def find_unreached(self, guide, controls, key):
        """Presses KEY until the focus was on everything, or comes round and round."""
        reached, idle = set(), 0
        guide.ears.forget()
        focused = guide.warifu.focused()
        if focused:
            reached.add(focused.ref[1])
        lists = {}
        for node in controls:
            lists.setdefault((node.parent.ref, node.role) if node.role in IN_LISTS else node.ref, []).append(node)
        groups = list(lists.values())

        def is_reached(group):
            return any(node.ref[1] in reached or node.role == "list-item" and node.name in names for node in group)

        names = set()  # of rows: those of the diagram are made anew when another flow is chosen
        missing = groups
        while idle < IDLE_PRESSES:
            before, missing = len(missing), [group for group in missing if not is_reached(group)]
            if not missing:
                return []
            idle = 0 if len(missing) < before else idle + BURST
            guide.warifu.key(*[key] * BURST)
            self.wait_quiet(guide)
            items = guide.warifu.bus.items(guide.warifu.name)
            for path in guide.ears.focused():
                reached.add(path)
                names.add(items[path][6] if path in items else "")
                reached.update(self.find_entries(items, path))
        # A row that holds what was reached is no stop of its own.
        parents = {parent.ref for node in guide.warifu.look() if node.ref[1] in reached for parent in ancestors(node)}
        return [node for group in missing if not any(node.ref in parents for node in group) for node in group]

    def find_entries(self, items, path):
        """The entry around what has the focus: GTK 4.8 tells of the text inside of it."""
        for _ in range(8):
            if path not in items:
                return
            if role_name(items[path][7]) in ("text", "entry", "password-text", "spin-button"):
                yield path
            path = items[path][2][1]

    def wait_quiet(self, guide):
        """Until the keys have been heard of, and nothing more is heard."""
        deadline, count = time.monotonic() + 2, -1
        while time.monotonic() < deadline:
            heard = len(guide.ears.listen())
            if heard == count:
                return
            count = heard
            time.sleep(PAUSE)

    def guide(self, *arguments, **env):
        warifu = self.start(*arguments, **env)
        guide = Guide(warifu)
        return guide

    def put_up(self):
        scene = Scene(self.home)
        self.addCleanup(scene.take_down)
        scene.put_up()
        return scene

    def test_first_run(self):
        """The welcome, and its menu"""
        guide = self.guide()
        self.walk(guide, FIRST)
        self.quit(guide.warifu)

    def test_demo(self):
        """warifu --demo: the sign-in view, its failure, every page, menu and dialog of an account that is signed in"""
        guide = self.guide("--demo")
        self.walk(guide, SIGN_IN[:3])
        self.walk(guide, SIGNED_IN)
        self.quit(guide.warifu)

    def test_odd(self):
        """Accounts that something is wrong with"""
        self.put_up()
        guide = self.guide()
        guide.select_account("Work account")
        self.walk(guide, SIGN_IN[3:] + ODD)
        self.quit(guide.warifu)

    def test_inspector(self):
        """The inspector: empty, with what cannot be read, with a token, with keys"""
        scene = Scene(self.home)
        self.addCleanup(scene.take_down)
        for make_files, places in INSPECTOR:
            guide = self.guide(*make_files(scene))
            self.walk(guide, places)
            self.quit(guide.warifu)


class Announcements(WindowTestCase):
    """What changes by itself is told."""

    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()
        self.add("Work", self.provider.issuer)

    def wait_heard(self, ears, words):
        """Waits until something was named so, and it was told."""
        wait_for(lambda: f"{words!r} to be told; heard {[name for _, name in ears.names()]}",
                 lambda: any(words in name for _, name in ears.names()))

    def test_changes(self):
        """Signing in, signed in, refreshing, the next generation and the end of a session are told while they happen"""
        guide = Guide(self.start())
        ears = guide.ears
        guide.press("Sign In")
        for words in ("Work, Signing in", " min left"):
            self.wait_heard(ears, words)
        guide.wait("Refresh Now", "push-button", sensitive=True)
        ears.forget()
        guide.press("Refresh Now")
        self.wait_heard(ears, "eneration 2")
        for token in self.provider.refresh_tokens:
            self.provider.refresh_tokens[token] = False
        guide.press("Refresh Now")
        self.wait_heard(ears, "Work, Sign in again")
        guide.warifu.wait(contains="invalid_grant", role="label")
        alerts = [node for node in guide.warifu.look() if node.role in ("notification", "alert") and node.shown]
        self.assertTrue(any(label.inside(alert) for alert in alerts for label in guide.warifu.find(role="label", contains="invalid_grant")),
                        "what went wrong is an alert")
        self.quit(guide.warifu)


class Speech(WindowTestCase):
    """Not a test: `--speak` says what a screen reader would say of one sign-in at the demo server."""

    def speak(self):
        guide = Guide(self.start("--demo"))
        guide.wait("Sign In", "push-button", sensitive=True)
        self.press_until(guide, "Sign In")
        guide.warifu.key("Return")
        guide.warifu.wait_on_page("Approve", "push-button")
        self.say(guide, "the page of the demo server")
        for node in guide.warifu.look_at_page():
            if node.name and node.role in ("heading", "push-button", "entry", "label", "link"):
                print(f"           {node.name}, {node.role.replace('-', ' ')}")
        guide.warifu.key("Return")
        guide.wait("Refresh Now", "push-button", sensitive=True)
        self.say(guide, "approved with Return")
        self.press_until(guide, "Refresh Now")
        guide.warifu.key("space")
        guide.warifu.wait(contains="eneration 2")
        self.say(guide, "refreshed with Space")

    def press_until(self, guide, name):
        def step():
            focused = guide.warifu.focused()
            if focused and focused.name == name:
                return True
            guide.warifu.key("Tab")
            guide.ears.wait_focus()
            self.say(guide, "Tab")
            return False
        wait_for(f"the keyboard to come to {name}", step)

    def say(self, guide, what):
        print(f"[{what}]")
        items = guide.warifu.bus.items(guide.warifu.name)
        last = None
        for event in guide.ears.listen():
            item = items.get(event.path)
            focused = event.member == "Object:StateChanged" and event.detail == "focused" and event.detail1
            told = event.member == "Object:PropertyChange" and event.detail == "accessible-name" and event.value
            if not item or not (focused or told):
                continue
            words = f"{item[6]}, {role_name(item[7]).replace('-', ' ')}" if focused else event.value
            if words != last:
                print(f"  {'focus' if focused else 'told ':7}  {words}")
            last = words
        guide.ears.forget()


def speak():
    result = unittest.TextTestRunner(sys.stderr, verbosity=0).run(Speech("speak"))
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(speak()) if sys.argv[1:] == ["--speak"] else tap.main()
