#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warifu in Flatpak's sandbox, as a person meets it. Run by build-aux/flatpak/test, in a home, a bus, a keyring and on a
display that were made for it (tests/run-with-keyring --portals, tests/run-with-display).

usage: sandbox.py [prepare | locked]
  prepare  signs in, for the next
  locked   what is said where the keyring behind the portal is locked
"""

import os
import secrets
import subprocess
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.environ["WARIFU_SOURCE_DIR"], "tests", "integration"))

import tap  # noqa: E402
import window_testing  # noqa: E402
from warifu_testing import DEMO, SOURCE, Browser, Ctl, Program, redirect_uri_of  # noqa: E402

ID = os.environ["WARIFU_FLATPAK_ID"]
HOME = os.environ["HOME"]
DATA = os.path.join(HOME, ".var", "app", ID)
KEYRING = os.path.join(DATA, "data", "keyrings", "default.keyring")
ALLOWED = {"shared": {"network", "ipc"}, "sockets": {"x11", "wayland", "fallback-x11"}, "devices": {"dri"}}


def run(*command):
    """The program of the sandbox, or another one in it."""
    return subprocess.run(["flatpak", "run", *command], capture_output=True, text=True, timeout=60)


class SandboxedCtl(Ctl):
    def __init__(self):
        super().__init__(config=HOME)

    def command(self, *args):
        return ["flatpak", "run", "--command=warifuctl", ID, *map(str, args)]


class SandboxedWarifu(window_testing.Warifu):
    """Its process, seen from outside, is bwrap; on the accessibility bus it is the proxy."""

    def find_name(self):
        self.check_life()
        try:
            for name, _ in self.bus.applications():
                if self.bus.call(name, window_testing.ROOT, "org.freedesktop.DBus.Properties", "Get", "(ss)",
                                 window_testing.ACCESSIBLE, "Name")[0] == "warifu":
                    return name
        except window_testing.GLib.Error:
            pass
        return None

    def windows(self):
        self.check_life()
        return subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "warifu"], capture_output=True, text=True).stdout.split()


def read(*path):
    with open(os.path.join("/proc", *path), encoding="utf-8", errors="replace") as file:
        return file.read()


def descendants(pid):
    """Every process below it."""
    parents = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            parents.setdefault(int(read(entry, "stat").rpartition(")")[2].split()[1]), []).append(int(entry))
        except OSError:
            pass  # has gone
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def find_process(pid, program, *words):
    """One below PID that is PROGRAM, with all the words in its arguments: (its pid, its arguments), or None."""
    for child in descendants(pid):
        try:
            arguments = read(str(child), "cmdline").split("\0")
        except OSError:
            continue
        if os.path.basename(arguments[0]) == program and all(any(word in argument for argument in arguments) for word in words):
            return child, arguments
    return None


class WebProcess:
    """What can be seen of the web process from outside while a page is shown."""

    def __init__(self, warifu):
        self.pid, _ = find_process(warifu, "WebKitWebProcess")
        self.spawn = find_process(warifu, "flatpak-spawn", "/WebKitWebProcess")[1]
        root = os.path.join("/proc", str(self.pid), "root")
        self.info = dict(line.split("=", 1) for line in read(str(self.pid), "root", ".flatpak-info").splitlines() if "=" in line)
        self.network = os.readlink(f"/proc/{self.pid}/ns/net")
        self.sees_data = os.path.exists(root + os.path.join(DATA, "config"))

    @staticmethod
    def wait(warifu):
        def look():
            try:
                return WebProcess(warifu)
            except (OSError, TypeError):
                return None  # is still being set up
        return window_testing.wait_for("the web process", look)


class Sandbox(window_testing.TestCase):
    """In the order in which they stand: each goes on where the one before it ended."""

    @classmethod
    def setUpClass(cls):
        os.makedirs(os.path.join(DATA, "config", "gtk-4.0"), exist_ok=True)
        with open(os.path.join(DATA, "config", "gtk-4.0", "settings.ini"), "w") as file:
            file.write("[Settings]\ngtk-enable-animations=false\n")
        window_testing.WARIFU = os.path.join(os.environ["KEYRING_TEST_DIR"], "warifu")
        with open(window_testing.WARIFU, "w") as file:
            file.write(f'#!/bin/sh\nexec flatpak run {ID} "$@"\n')
        os.chmod(window_testing.WARIFU, 0o755)
        cls.ctl = SandboxedCtl()
        cls.server = Program(DEMO)
        cls.web = None

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def start(self):
        home = window_testing.Home(path=HOME)
        home.env = {}
        warifu = SandboxedWarifu(home)
        self.addCleanup(self.end, warifu)
        return warifu

    def end(self, warifu):
        warifu.kill()
        self.assertNotRegex(warifu.said(), window_testing.COMPLAINT)

    def test_01_permissions(self):
        """It is allowed what the manifest asks for, and no more"""
        shown = subprocess.run(["flatpak", "info", "--show-permissions", ID], capture_output=True, text=True, check=True).stdout
        sections = [line for line in shown.splitlines() if line.startswith("[")]
        self.assertEqual(sections, ["[Context]"], shown)
        granted = {name: set(filter(None, value.split(";"))) for name, value in
                   (line.split("=", 1) for line in shown.splitlines() if "=" in line)}
        self.assertEqual(granted, ALLOWED)

    def test_02_home(self):
        """Nothing of the home folder can be read or found in there"""
        name = f"canary-{secrets.token_hex(8)}"
        for folder in ("", ".ssh", ".config", ".local/share/keyrings", "Documents"):
            os.makedirs(os.path.join(HOME, folder), exist_ok=True)
            path = os.path.join(HOME, folder, name)
            with open(path, "w") as file:
                file.write("secret")
            self.assertNotEqual(run("--command=cat", ID, path).returncode, 0, path)
        found = run("--command=find", ID, "/", "-path", "/proc", "-prune", "-o", "-name", name, "-print")
        self.assertEqual(found.stdout, "")

    def test_03_secret_service(self):
        """The Secret Service of the desktop does not answer to it"""
        asked = run("--command=gdbus", ID, "call", "--session", "--dest=org.freedesktop.secrets", "--object-path=/org/freedesktop/secrets",
                    "--method=org.freedesktop.DBus.Peer.Ping")
        self.assertNotEqual(asked.returncode, 0)
        self.assertRegex(asked.stderr, "ServiceUnknown|AccessDenied|NameHasNoOwner")

    def test_04_sign_in(self):
        """Sign-in in the window, at a server on the host's loopback"""
        self.assertDone(self.ctl.run("add", "Demo", "--issuer", self.server.issuer, "--client-id", "warifu-demo",
                                     "--redirect-uri", "io.github.warifu:/callback"))
        warifu = self.start()
        warifu.shot("flatpak-signed-out")
        driver = subprocess.Popen(["/usr/bin/python3", os.path.join(SOURCE, "build-aux", "drive-demo.py"), "/nonexistent"])
        type(self).web = WebProcess.wait(warifu.process.pid)
        warifu.shot("flatpak-sign-in")
        self.assertEqual(driver.wait(120), 0)
        warifu.wait("Alice Liddell", "label")
        warifu.wait(contains="eneration 1")
        warifu.shot("flatpak-overview")
        self.assertNotRegex(warifu.quit(), window_testing.COMPLAINT)

    def test_05_web_process(self):
        """The web process is in a sandbox of its own inside: flatpak-spawn --sandbox, without network or the app's data"""
        self.assertIn("--sandbox", self.web.spawn)
        self.assertIn("--no-network", self.web.spawn)
        self.assertEqual(self.web.info["name"], ID)
        self.assertEqual(self.web.info["sandbox"], "true")
        self.assertNotIn("network", self.web.info["shared"].split(";"))
        self.assertNotEqual(self.web.network, os.readlink("/proc/self/ns/net"))
        self.assertTrue(os.path.isdir(os.path.join(DATA, "config")))
        self.assertFalse(self.web.sees_data)

    def test_06_secret_portal(self):
        """The tokens are in a file that the Secret portal's key closes, and not in the desktop's keyring"""
        self.assertTrue(os.path.getsize(KEYRING) > 0)
        token = self.ctl.run("token", "Demo")
        self.assertDone(token)
        for folder, _, names in os.walk(DATA):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(token.out.strip().encode(), file.read(), name)
        found = subprocess.run(["gdbus", "call", "--session", "--dest=org.freedesktop.secrets", "--object-path=/org/freedesktop/secrets",
                                "--method=org.freedesktop.Secret.Service.SearchItems", "{'xdg:schema': 'io.github.warifu.Account'}"],
                               capture_output=True, text=True, check=True).stdout
        self.assertEqual(found.strip(), "(@ao [], @ao [])")

    def test_07_token(self):
        """warifuctl token gives an access token that the server takes"""
        outcome = self.ctl.run("token", "Demo")
        self.assertDone(outcome)
        request = urllib.request.Request(self.server.issuer + "/userinfo", headers={"Authorization": f"Bearer {outcome.out.strip()}"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            self.assertIn("demo|alice", answer.read().decode())

    def test_08_second_run(self):
        """The second run is signed in at once, and refreshes with the refresh token that the portal's file held"""
        warifu = self.start()
        warifu.wait("Alice Liddell", "label")
        warifu.wait(contains="eneration 1")
        warifu.press("Refresh Now")
        warifu.wait(contains="eneration 2")
        warifu.shot("flatpak-second-run")
        self.assertNotRegex(warifu.quit(), window_testing.COMPLAINT)

    def test_09_command_line_refresh(self):
        """warifuctl refresh goes on from there"""
        self.assertDone(self.ctl.run("refresh", "Demo"))
        self.assertEqual(self.ctl.show("Demo")["refresh_token"]["generation"], 3)

    def test_10_browser(self):
        """warifuctl sign-in listens on the host's loopback for the browser"""
        sign_in(self.ctl, "Browser")

    def test_11_sign_out(self):
        """warifuctl sign-out leaves no token"""
        self.assertDone(self.ctl.run("sign-out", "Demo"))
        self.assertEqual(self.ctl.show("Demo")["state"], "signed-out")
        self.assertEqual(self.ctl.run("token", "Demo").status, 3)


def sign_in(ctl, name):
    """An account that is signed in with the browser, at a server that asks nothing."""
    server = Program(DEMO, "--auto-approve")
    try:
        added = ctl.run("add", name, "--issuer", server.issuer, "--client-id", "warifu-demo")
        assert added.status == 0, added
        browser = Browser()
        signed_in = ctl.sign_in(name, lambda url: browser.open(browser.walk(url, redirect_uri_of(url))[0]))
        assert signed_in.status == 0, signed_in
        token = ctl.run("token", name)
        assert token.status == 0, token
    finally:
        server.stop()


class Locked(window_testing.TestCase):
    def test_locked(self):
        """Where the keyring behind the portal is locked, that is what is said, and the tokens stay"""
        with open(KEYRING, "rb") as file:
            before = file.read()
        outcome = SandboxedCtl().run("token", "Kept")
        self.assertFails(outcome, "keyring_locked", 5)
        with open(KEYRING, "rb") as file:
            self.assertEqual(file.read(), before)


if __name__ == "__main__":
    if sys.argv[1:] == ["prepare"]:
        sign_in(SandboxedCtl(), "Kept")
    else:
        # tap.main() runs what stands in this module.
        if sys.argv[1:] == ["locked"]:
            del Sandbox
        else:
            del Locked
        tap.main()
