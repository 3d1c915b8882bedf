#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives `warifu --demo` as a screen reader would, over AT-SPI, by the names of the contract.

usage: test_accessibility.py WARIFU, on a display with a D-Bus session (tests/run-with-display)
"""

import importlib
import importlib.util
import os
import subprocess
import sys
import time

if not importlib.util.find_spec("pyatspi"):
    print("1..0 # SKIP python3-pyatspi is missing")
    sys.exit(0)

from gi.repository import Gio, GLib  # noqa: E402

pyatspi = None  # see Window
PATIENCE = 20

BROWSER = '''#!{python}
import re, sys, urllib.parse, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({{}}))
page = opener.open(sys.argv[1]).read().decode()
transaction = re.search(r'name="transaction" value="([^"]*)"', page).group(1)
form = urllib.parse.urlencode({{"transaction": transaction, "user": "alice", "decision": "approve"}}).encode()
opener.open(urllib.parse.urljoin(sys.argv[1], "/authorize/decision"), form).read()
'''


def role_of(node):
    """As at-spi2-core has it before 2.54, which calls a push button a button."""
    name = node.getRoleName()
    return "push button" if name == "button" else name


def install_browser():
    """Something that opens http addresses: it approves, and follows the redirect to the listener."""
    data = os.environ["XDG_DATA_HOME"]
    config = os.environ["XDG_CONFIG_HOME"]
    script = os.path.join(data, "test-browser")
    os.makedirs(os.path.join(data, "applications"), exist_ok=True)
    os.makedirs(config, exist_ok=True)
    with open(script, "w", encoding="utf-8") as file:
        file.write(BROWSER.format(python=sys.executable))
    os.chmod(script, 0o755)
    with open(os.path.join(data, "applications", "test-browser.desktop"), "w", encoding="utf-8") as file:
        file.write(f"[Desktop Entry]\nType=Application\nName=Test\nExec={script} %u\n"
                   "MimeType=x-scheme-handler/http;\n")
    with open(os.path.join(config, "mimeapps.list"), "w", encoding="utf-8") as file:
        file.write("[Default Applications]\nx-scheme-handler/http=test-browser.desktop\n")


def walk(node):
    try:
        yield node
        for child in node:
            if child is not None:
                yield from walk(child)
    except Exception:
        # It went away while it was looked at.
        return


def connect_to_accessibility():
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, 10000, None)
    flags = Gio.DBusConnectionFlags
    return Gio.DBusConnection.new_for_address_sync(
        address.unpack()[0], flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)


class Window:
    """A program is called over the bus only once it has come forward there: while it still sets its connection up, GLib
    before 2.80 complains of whoever calls, and pyatspi calls whatever is on the bus as soon as it is imported."""

    def __init__(self, program):
        global pyatspi
        self.process = subprocess.Popen([program, "--demo"])
        self.application = None
        self.bus = connect_to_accessibility()
        self.wait(self.has_come_forward, "the application on the accessibility bus")
        pyatspi = importlib.import_module("pyatspi")
        self.application = self.wait(self.find_application, "the application")

    def has_come_forward(self):
        try:
            children = self.bus.call_sync("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root",
                                          "org.a11y.atspi.Accessible", "GetChildren", None, None, 0, 10000, None)
        except GLib.Error:
            return False  # the registry comes with the first application
        return len(children.unpack()[0]) > 0

    def find_application(self):
        for application in pyatspi.Registry.getDesktop(0):
            if application is not None and application.name.lower() == "warifu" and application.childCount > 0:
                return application
        return None

    def wait(self, look, what):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"warifu ended with {self.process.returncode} before {what}")
            found = look()
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"{what} did not come; there is {sorted(self.list_names())}")

    def list_names(self):
        return {f"{role_of(node)}: {node.name}" for node in walk(self.application) if node.name} if self.application else set()

    def find_all(self, role, matches, within=None):
        found = []
        for node in walk(within or self.application):
            try:
                if role_of(node) == role and matches(node.name):
                    found.append(node)
            except Exception:
                continue
        return found

    def get(self, role, name, within=None):
        found = self.wait(lambda: self.find_all(role, lambda other: other == name, within), f"{role} “{name}”")
        # A dialog has its buttons twice, for a wide and, after that, for a narrow window.
        return found[0] if within else found[-1]

    def get_beginning(self, role, beginning):
        return self.wait(lambda: self.find_all(role, lambda other: other.startswith(beginning)), f"{role} “{beginning}…”")[-1]

    def has(self, role, name):
        return bool(self.find_all(role, lambda other: other == name))

    def click(self, role, name, within=None):
        node = self.get(role, name, within)
        self.wait(lambda: node.getState().contains(pyatspi.STATE_SENSITIVE), f"“{name}” to be enabled")
        action = node.queryAction()
        index = [action.getName(i) for i in range(action.nActions)].index("click")
        assert action.doAction(index), name

    def close(self):
        self.process.terminate()
        self.process.wait(10)


def check_signed_out(window):
    window.get("push button", "Add Account")
    window.get("push button", "Sign In")
    window.get("push button", "Sign In with Browser")
    for page in ("Overview", "Tokens", "Flow", "History"):
        window.get("page tab", page)
    assert not window.has("push button", "Refresh Now"), "Refresh Now while signed out"
    assert not window.has("push button", "Try the Demo"), "a page that is not shown is in the tree"
    window.get("list item", "Demo, Signed out")


def check_sign_in(window):
    window.click("push button", "Sign In with Browser")
    window.get_beginning("list item", "Access token, ")
    window.get_beginning("list item", "ID token, ")
    window.get_beginning("list item", "Refresh token, ")
    window.get("label", "Alice Liddell")
    window.get("push button", "Sign Out")
    assert not window.has("push button", "Sign In"), "Sign In while signed in"


def check_refresh(window):
    window.get("label", "Generation 1")
    window.click("push button", "Refresh Now")
    window.get("label", "Generation 2")


def check_tokens(window):
    window.click("page tab", "Tokens")
    window.get("push button", "Copy Access Token")
    masked = [name for name in window.list_names() if "…" in name and len(name.split(": ")[-1]) == 9]
    assert masked, "no masked token"
    window.click("push button", "Reveal")
    window.get("push button", "Hide")
    window.click("push button", "Hide")
    window.get("push button", "Reveal")


def check_flow(window):
    window.click("page tab", "Flow")
    window.get_beginning("list item", "2. Warifu to Authorization server: POST /")


def check_history(window):
    window.click("page tab", "History")
    window.get_beginning("image", "Token lifetimes: 2 access tokens, 2 refresh tokens")


def check_sign_out(window):
    window.click("page tab", "Overview")
    window.click("push button", "Sign Out")
    # The question is answered with the same word.
    question = window.get_beginning("dialog", "Sign Out of ")
    window.get("push button", "Cancel", question)
    window.click("push button", "Sign Out", question)
    window.get("push button", "Sign In")
    window.get("list item", "Demo, Signed out")


def main():
    checks = [check_signed_out, check_sign_in, check_refresh, check_tokens, check_flow, check_history, check_sign_out]
    install_browser()
    window = Window(sys.argv[1])
    failed = False
    print(f"1..{len(checks)}")
    try:
        for number, check in enumerate(checks, 1):
            name = check.__name__.removeprefix("check_").replace("_", "-")
            if failed:
                print(f"not ok {number} {name} # an earlier step failed")
                continue
            try:
                check(window)
                print(f"ok {number} {name}", flush=True)
            except AssertionError as error:
                failed = True
                print(f"not ok {number} {name}\n# {error}", flush=True)
    finally:
        window.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
