#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts from elsewhere and to elsewhere, addresses that other programs open, and the help, in the window."""

import os
import subprocess

from gi.repository import GLib

import tap
from fake_desktop import PORTAL_PATH, REQUEST, Portal
from window_testing import DEADLINE, WARIFU, WindowTestCase, wait_for

OPEN_URI = """<node>
  <interface name="org.freedesktop.portal.OpenURI">
    <method name="OpenURI">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>
    </method>
    <property name="version" type="u" access="read"/>
  </interface>
</node>"""
ACCOUNT = "[Account]\nName={name}\nIssuer={issuer}\nClientId=client\nScope=openid offline_access\n"


class Opener(Portal):
    """The OpenURI portal too, which opens nothing and keeps what it was asked for."""

    def export(self):
        super().export()
        self.register(PORTAL_PATH, OPEN_URI)

    def answer_OpenURI(self, sender, window, address, options):
        path = f"{PORTAL_PATH}/request/{sender[1:].replace('.', '_')}/{options['handle_token']}"
        self.register(path, REQUEST)
        return GLib.Variant("(o)", (path,))

    def on_call(self, connection, sender, path, interface, method, parameters, invocation):
        super().on_call(connection, sender, path, interface, method, parameters, invocation)
        if method == "OpenURI":
            # As the portal does: first its answer, which names the request, then what became of that.
            request = f"{PORTAL_PATH}/request/{sender[1:].replace('.', '_')}/{parameters.unpack()[2]['handle_token']}"
            self.emit(request, "org.freedesktop.portal.Request", "Response", GLib.Variant("(ua{sv})", (0, {})), sender)

    @property
    def opened(self):
        return [address for _, address, _ in self.made("OpenURI")]


class Share(WindowTestCase):
    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()

    def write(self, name, text):
        path = os.path.join(self.home.path, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def open(self, *paths):
        """As a file manager does, while Warifu runs."""
        done = subprocess.run([WARIFU, *paths], env=dict(os.environ, **self.home.env), timeout=DEADLINE, stdin=subprocess.DEVNULL,
                              capture_output=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))

    def names(self):
        return sorted(account["name"] for account in self.ctl.run("accounts", "--json").json)

    def test_open_file(self):
        """`warifu FILE` shows the account; nobody is asked and nothing is stored before Add, which goes on to the sign-in"""
        path = self.write("work.warifu", ACCOUNT.format(name="Work", issuer=self.provider.issuer) + "Parameters=prompt=login;\nLater=1\n")
        warifu = self.start(path)
        dialog = warifu.get_dialog("Import Account")
        warifu.wait(contains="work.warifu", within=dialog)
        warifu.wait("prompt=login", "label", within=dialog)
        warifu.wait("Later", "label", within=dialog)
        self.assertEqual(self.provider.requests, [])
        self.assertEqual(self.names(), [])
        warifu.shot("import")
        warifu.press("Add", within=dialog)
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.assertEqual(self.names(), ["Work"])
        self.assertEqual(self.ctl.show("Work")["state"], "signed-in")
        self.quit(warifu)

    def test_twice(self):
        """The same account again is said to be there; added all the same it is a copy; Cancel leaves nothing"""
        self.add("Work", self.provider.issuer)
        path = self.write("again.warifu", ACCOUNT.format(name="Work", issuer=self.provider.issuer))
        warifu = self.start()
        warifu.wait("Sign In", "push-button")
        self.open(path)
        warifu.wait("You have this account already", "label")
        warifu.press("Cancel")
        warifu.wait_gone("You have this account already", "label")
        self.assertEqual(self.names(), ["Work"])
        self.open(path)
        warifu.press("Add", within=warifu.get_dialog("Import Account"))
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.assertEqual(self.names(), ["Work", "Work (2)"])
        self.quit(warifu)

    def test_several(self):
        """Several files come one after the other, after what is wrong with any of them"""
        warifu = self.start()
        warifu.wait("Add Account", "push-button")
        self.open(self.write("bad.warifu", "[Account]\nName=x\nIssuer=http://id.example.org\nClientId=y\n"),
                  self.write("a.warifu", ACCOUNT.format(name="A", issuer="https://a.example.org")),
                  self.write("b.warifu", ACCOUNT.format(name="B", issuer="https://b.example.org")))
        warifu.wait(contains="bad.warifu: ", role="label")
        warifu.wait(contains="https", role="label")
        warifu.shot("import-bad")
        warifu.press("Close", within=warifu.get_dialog("Cannot Be Imported"))
        warifu.wait("1 of 2", "label")
        warifu.press("Skip")
        warifu.wait("2 of 2", "label")
        warifu.press("Add")
        warifu.wait(contains="B ", role="frame")
        self.assertEqual(self.names(), ["B"])
        self.quit(warifu)

    def test_export(self):
        """Export Account writes the file that warifuctl export writes, without tokens"""
        self.add("Work", self.provider.issuer)
        self.assertDone(self.ctl.sign_in("Work", self.provider.person))
        warifu = self.start()
        warifu.click(contains="Work", role="list-item")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        path = os.path.join(self.home.path, "Work.warifu")
        warifu.click("Account Menu")
        warifu.choose("Export Account…")
        wait_for("the file chooser", lambda: len(warifu.windows()) == 2 and warifu.find(contains="Export Account", role=("dialog", "filler"), shown=False))
        warifu.key("ctrl+a")
        warifu.type(path)
        warifu.key("Return")
        wait_for("the file", lambda: os.path.exists(path) and os.path.getsize(path) > 0)
        wait_for("the file chooser to go", lambda: len(warifu.windows()) == 1)
        with open(path) as file:
            text = file.read()
        self.assertEqual(text, self.ctl.run("export", "Work").out)
        for token in self.provider.tokens_given:
            self.assertNotIn(token, text)
        self.quit(warifu)


    def test_provided(self):
        """An account that an administrator provides is there, can be exported and signed in to, and not edited or removed"""
        folder = os.path.join(self.home.path, "xdg")
        os.makedirs(os.path.join(folder, "warifu", "accounts"))
        self.write("xdg/warifu/accounts/4f1c2b1e-6d0a-4c58-9a54-0a1e6f1f3c11.conf", ACCOUNT.format(name="Staff", issuer=self.provider.issuer))
        warifu = self.start(XDG_CONFIG_DIRS=folder)
        warifu.wait(contains="Staff", role="list-item")
        warifu.click("Account Menu")
        for label, sensitive in (("Edit", False), ("Remove", False), ("Export Account…", True), ("Duplicate", True)):
            self.assertEqual(warifu.wait(label, "menu-item", shown=False).has("sensitive"), sensitive, label)
        warifu.key("Escape")
        warifu.press("Sign In")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.quit(warifu)


class Launch(WindowTestCase):
    """What opens in other programs, where there is no other program: as in a sandbox."""

    def setUp(self):
        super().setUp()
        # All of the system's data but its applications.
        self.data = os.path.join(self.home.path, "share")
        os.mkdir(self.data)
        for name in os.listdir("/usr/share"):
            if name != "applications":
                os.symlink(os.path.join("/usr/share", name), os.path.join(self.data, name))
        self.provider = self.start_provider()
        self.add("Work", self.provider.issuer)

    def test_portal(self):
        """Sign In with Browser goes through the OpenURI portal where nothing inside opens an address"""
        portal = Opener()
        self.addCleanup(portal.stop)
        warifu = self.start(XDG_DATA_DIRS=self.data, GTK_USE_PORTAL="1")
        warifu.press("Sign In with Browser")
        wait_for("the address", lambda: portal.opened)
        self.assertTrue(portal.opened[0].startswith(self.provider.issuer), portal.opened)
        self.provider.person(portal.opened[0])
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        warifu.key("F1")
        wait_for("the help", lambda: len(portal.opened) == 2)
        self.assertEqual(portal.opened[1], "help:warifu")
        self.quit(warifu)

    def test_nothing_opens(self):
        """Without a browser the address is offered to copy; without a help viewer it is said what to read"""
        warifu = self.start(XDG_DATA_DIRS=self.data)
        warifu.press("Sign In with Browser")
        warifu.wait("Open the address in your browser")
        warifu.wait("Copy Address", "push-button", sensitive=True)
        warifu.press("Cancel")
        warifu.wait("Sign In with Browser", sensitive=True)
        warifu.key("F1")
        warifu.wait("There Is No Help Viewer Here")
        warifu.shot("no-help-viewer")
        warifu.press("Close", within=warifu.get_dialog("There Is No Help Viewer Here"))
        self.quit(warifu)


if __name__ == "__main__":
    tap.main()
