#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window, driven over AT-SPI and with keys, with a real keyring, against real providers and a hostile one."""

import json
import os
import re
import shutil
import subprocess
import time

import tap
from scripted import Answer
from warifu_testing import Browser, DEMO, Program, SOURCE
from window_testing import SCREENSHOTS, STATES, WindowTestCase, read_clipboard, wait_for

PAGES = ("Overview", "Tokens", "Flow", "History")
# What somebody can stand on, and must therefore hear the name of.
OPERABLE = {"push-button", "toggle-button", "check-box", "radio-button", "combo-box", "entry", "text", "password-text", "spin-button",
            "list-item", "page-tab", "menu-item", "link", "slider", "switch"}


class Demo(WindowTestCase):
    """`warifu --demo`, and the demo server beside it."""

    def test_demo_by_keyboard(self):
        """warifu --demo, with the keyboard alone: signs in, shows who it is, refreshes, leaves nothing behind"""
        warifu = self.start("--demo")
        warifu.wait("Sign In", "push-button", sensitive=True)
        self.reach(warifu, "Sign In")
        warifu.key("Return")
        warifu.wait_on_page("Approve", "push-button")
        warifu.shot("demo-page")
        warifu.key("Return")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        warifu.wait("Alice Liddell", "label")
        for token in ("Access token", "ID token", "Refresh token"):
            warifu.wait(contains=token, role="list-item")
        warifu.wait(contains="eneration 1")
        warifu.shot("demo-overview")
        self.reach(warifu, "Refresh Now")
        warifu.key("space")
        warifu.wait(contains="eneration 2")
        self.quit(warifu)
        ours = [path for path, _ in self.home.files() if "warifu" in path.removeprefix(self.home.path).lower()]
        self.assertEqual(ours, [])

    def reach(self, warifu, name):
        """Presses Tab until the focus is on NAME."""
        for _ in range(40):
            focused = warifu.focused()
            if focused and focused.name == name:
                return
            warifu.key("Tab")
        raise AssertionError(f"Tab does not come to {name}")

    def test_demo_server(self):
        """The demo server: Deny says so, Try Again and Approve sign in, restart sends no request"""
        server = Program(DEMO)
        self.addCleanup(server.stop)
        self.add("Demo", server.issuer, client_id="warifu-demo")
        warifu = self.start()
        warifu.press("Sign In")
        warifu.wait_on_page("Deny", "push-button").press()
        warifu.wait("Access was denied")
        warifu.shot("denied")
        warifu.press("Try Again")
        warifu.wait_on_page("Approve", "push-button").press()
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        warifu.wait("Alice Liddell", "label")
        self.quit(warifu)
        self.assertEqual(self.ctl.show("Demo")["state"], "signed-in")
        server.stop()

        warifu = self.start()
        warifu.wait("Alice Liddell", "label")
        warifu.wait(contains="eneration 1")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.quit(warifu)


class Adding(WindowTestCase):
    """Add Account, against a certified provider."""

    @classmethod
    def setUpClass(cls):
        cls.provider = Program(shutil.which("node"), "provider.mjs", cwd=os.path.join(SOURCE, "tests", "integration"))

    @classmethod
    def tearDownClass(cls):
        cls.provider.stop()

    def sign_in_on_page(self, warifu, login):
        """The provider's own pages: its name and password, then its consent."""
        warifu.wait_on_page(role="entry").focus()
        warifu.type(login)
        warifu.key("Tab")
        warifu.type("any")
        warifu.key("Return")
        warifu.wait_on_page("Continue", "push-button").press()

    def test_add_discover_sign_in(self):
        """Add Account: wrong input is said at its field, Discover finds the endpoints, sign-in follows"""
        warifu = self.start()
        warifu.press("Add Account")
        dialog = warifu.get_dialog("Add Account")
        warifu.shot("add-empty")
        for row in ("Name", "Issuer", "Client ID", "Scopes", "Audience", "Redirect URI"):
            warifu.wait(row, "text")
        warifu.wait("Add", "push-button", sensitive=False)

        issuer = warifu.fill("Issuer", "http://id.example.org")
        wait_for("a word about http", lambda: self.note_at(warifu, "Issuer"))
        self.assertIn("https", self.note_at(warifu, "Issuer"))
        warifu.fill("Redirect URI", "https://app.example.org/callback#fragment")
        wait_for("a word about the fragment", lambda: self.note_at(warifu, "Redirect URI"))
        warifu.fill("Scopes", "openid \N{SNOWMAN}")
        wait_for("a word about the scopes", lambda: self.note_at(warifu, "Scopes"))
        warifu.shot("add-wrong")
        warifu.wait("Add", "push-button", sensitive=False)

        warifu.fill("Redirect URI", "io.github.warifu:/callback")
        warifu.fill("Scopes", "openid profile email offline_access")
        issuer.set_text(self.provider.issuer)
        warifu.fill("Name", "Work account")
        warifu.fill("Client ID", "native")
        warifu.press("Discover")
        warifu.wait(contains="Found", role=("label", "list-item"))
        warifu.shot("add-found")
        warifu.press("Add", within=None)
        self.sign_in_on_page(warifu, "alice")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        warifu.wait("Alice Liddell", "label")
        self.assertFalse(dialog.shown)
        shown = self.ctl.show("Work account")
        self.assertEqual((shown["state"], shown["id_token"]["subject"], shown["id_token"]["verified"]), ("signed-in", "alice", True))
        self.quit(warifu)

    def note_at(self, warifu, name):
        """What is wrong with the row NAME, as a screen reader says it: a description of a row that is invalid."""
        node = warifu.wait(name, "text")
        # GTK 4.8 says "invalid" where it means "invalid-entry".
        return node.description if node.has("invalid-entry") or node.has("invalid") else ""

    def test_confidential_client(self):
        """Add Account: a client secret goes to the keyring, never to the file"""
        secret = "s3c&r=t+/%\"'\\$ end"
        warifu = self.start()
        warifu.press("Add Account")
        warifu.fill("Issuer", self.provider.issuer)
        warifu.fill("Name", "Confidential")
        warifu.fill("Client ID", "post")
        warifu.wait("This application has a client secret", ("check-box", "toggle-button", "switch")).press()
        warifu.fill("Client Secret", secret)
        warifu.shot("add-secret")
        warifu.wait("Authentication Method", "combo-box").press()
        warifu.wait("client_secret_post", "label")
        warifu.key("Down", "Return")
        warifu.wait_gone("client_secret_basic", "label")
        warifu.press("Add")
        self.sign_in_on_page(warifu, "bob")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.quit(warifu)
        self.assertIn(json.dumps(secret)[1:-1], self.read_item("Confidential").replace("\\/", "/"))
        for path, content in self.home.files():
            self.assertNotIn(secret.encode(), content, path)

    def test_two_accounts_one_provider(self):
        """Two accounts at one provider do not share cookies; an account that keeps them has its own"""
        for name in ("First", "Second"):
            self.add(name, self.provider.issuer, "--keep-cookies", "yes", client_id="native")
        warifu = self.start()
        for name, login in (("First", "alice"), ("Second", "bob")):
            self.select(warifu, name)
            warifu.press("Sign In")
            warifu.wait_on_page(role="entry")  # the log-in form, not the consent of somebody who is known
            self.sign_in_on_page(warifu, login)
            warifu.wait(f"{login}@example.org", "label")
        self.assertEqual([self.ctl.show(name)["id_token"]["subject"] for name in ("First", "Second")], ["alice", "bob"])
        self.quit(warifu)

    def select(self, warifu, name):
        warifu.wait(contains=name, role="list-item").focus()
        warifu.key("Return")
        warifu.wait(contains=f"{name} ", role="frame")


if __name__ == "__main__":
    tap.main()
