#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window, driven over AT-SPI and with keys, with a real keyring, against real providers and a hostile one."""

import json
import os
import shutil
import socket
import tempfile
import threading
import time
import urllib.parse

import tap
from scripted import Answer
from warifu_testing import DEMO, Program, SOURCE, redirect_uri_of
from window_testing import WindowTestCase, wait_for


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
        warifu.wait(contains="Access was denied at the provider", role="label")
        warifu.shot("denied")
        warifu.wait_page_gone()
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
        warifu.wait("alice@example.org", "label")
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
        warifu.click("Authentication Method", "combo-box")
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
            warifu.wait("Refresh Now", "push-button", sensitive=True)
            warifu.wait_page_gone()
        self.assertEqual([self.ctl.show(name)["id_token"]["subject"] for name in ("First", "Second")], ["alice", "bob"])
        self.quit(warifu)

    def select(self, warifu, name):
        warifu.click(contains=name, role="list-item")
        warifu.wait(contains=f"{name} ", role="frame")


class Browsers(WindowTestCase):
    """Sign In with Browser."""

    def setUp(self):
        super().setUp()
        self.opened = self.home.take_browser()
        self.provider = self.start_provider()
        self.add("Work", self.provider.issuer)

    def read_opened(self):
        wait_for("the browser", lambda: os.path.exists(self.opened))
        with open(self.opened) as file:
            url = file.read().strip()
        os.unlink(self.opened)
        return url

    def listens(self, url):
        with socket.socket() as connection:
            connection.settimeout(5)
            return connection.connect_ex(("127.0.0.1", urllib.parse.urlsplit(redirect_uri_of(url)).port)) == 0

    def test_browser(self):
        """Sign In with Browser: Cancel closes the listener, Open Again opens, the answer signs in"""
        warifu = self.start()
        warifu.press("Sign In with Browser")
        url = self.read_opened()
        self.assertTrue(self.listens(url))
        warifu.press("Cancel")
        warifu.wait("Sign In with Browser", sensitive=True)
        wait_for("the listener to go", lambda: not self.listens(url))

        warifu.press("Sign In with Browser")
        url = self.read_opened()
        warifu.shot("browser")
        warifu.press("Open Again")
        self.assertEqual(self.read_opened(), url)
        self.provider.person(url)
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.assertFalse(self.listens(url))
        self.assertEqual(self.ctl.show("Work")["state"], "signed-in")
        self.quit(warifu)

    def test_no_sign_in_module(self):
        """Without WebKit the window works, says so, and offers the browser"""
        with tempfile.TemporaryDirectory() as empty:
            warifu = self.start(WARIFU_MODULE_DIR=empty)
            warifu.press("Sign In")
            warifu.wait(contains="has no sign-in window", role="label")
            warifu.shot("no-module")
            warifu.press("Open in Browser")
            self.provider.person(self.read_opened())
            warifu.wait("Refresh Now", "push-button", sensitive=True)
            self.quit(warifu)


class Refusals(WindowTestCase):
    """What goes wrong is said, and mended from where it is said."""

    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()
        self.add("Work", self.provider.issuer)

    def test_closed_view(self):
        """Escape and Cancel close the sign-in view, and nothing is asked of the token endpoint"""
        self.provider.page = lambda url: Answer("<!DOCTYPE html><title>Waiting</title><h1>Stay a while</h1>", content_type="text/html")
        warifu = self.start()
        for leave in (lambda: warifu.key("Escape"), lambda: warifu.press("Cancel")):
            warifu.press("Sign In")
            warifu.wait_on_page("Stay a while", "heading")
            leave()
            warifu.wait("Sign In", "push-button", sensitive=True)
            warifu.wait(contains="Signed out")
            warifu.wait_page_gone()
        self.assertEqual(self.provider.count("/token"), 0)
        self.quit(warifu)

    def test_escape_before_the_page(self):
        """Escape closes the sign-in view while the provider's page is still awaited"""
        answered = threading.Event()
        self.addCleanup(answered.set)

        def wait(url):
            answered.wait(60)
            return Answer("<!DOCTYPE html><title>Late</title><h1>Too late</h1>", content_type="text/html")

        self.provider.page = wait
        warifu = self.start()
        for _ in range(3):
            warifu.press("Sign In")
            warifu.wait("Cancel", "push-button")
            warifu.key("Escape")
            warifu.wait("Sign In", "push-button", sensitive=True)
            warifu.wait(contains="Signed out")
        self.assertEqual(self.provider.count("/token"), 0)
        self.quit(warifu)

    def test_wrong_state(self):
        """An answer with another state is refused in words; Try Again begins anew"""
        self.provider.page = lambda url: self.provider.send_back(url, state="of-another")
        warifu = self.start()
        warifu.press("Sign In")
        warifu.wait("Try Again", "push-button")
        warifu.shot("wrong-state")
        warifu.click("Details", "list-item")
        warifu.wait("state_mismatch", "label")
        self.assertEqual(self.provider.count("/token"), 0)
        self.provider.page = self.provider.send_back
        warifu.press("Try Again")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.quit(warifu)

    def test_invalid_grant(self):
        """A refused refresh token: the window says so in a sentence, the row says so, Sign In mends it"""
        warifu = self.start()
        warifu.press("Sign In")
        warifu.press("Refresh Now")
        warifu.wait(contains="eneration 2")
        for token in self.provider.refresh_tokens:
            self.provider.refresh_tokens[token] = False
        warifu.press("Refresh Now")
        warifu.wait("Sign In", "push-button", sensitive=True)
        warifu.wait(contains="invalid_grant", role="label")
        warifu.wait(contains="refresh token", role="label")
        warifu.wait(contains="Sign in again", role=("list-item", "label"))
        warifu.shot("invalid-grant")
        self.assertEqual(self.ctl.show("Work")["state"], "needs-sign-in")
        warifu.press("Sign In")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        warifu.wait_gone(contains="invalid_grant")
        self.quit(warifu)


class SignOut(WindowTestCase):
    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()
        self.add("Work", self.provider.issuer)
        self.assertDone(self.ctl.sign_in("Work", self.provider.person))

    def ask(self, warifu):
        warifu.press("Sign Out")
        return warifu.get_dialog("Sign Out of")

    def assertEmptied(self):
        item = self.read_item("Work") or ""
        for token in self.provider.tokens_given:
            self.assertNotIn(token, item)

    def test_sign_out(self):
        """Sign Out asks first; then the tokens are revoked, the keyring emptied, and both are said"""
        self.assertIn(self.provider.tokens_given[1], self.read_item("Work"))
        warifu = self.start()
        dialog = self.ask(warifu)
        warifu.press("Cancel", within=dialog)
        wait_for("the question to go", lambda: not dialog.shown)
        self.assertEqual(self.provider.count("/revoke"), 0)

        warifu.press("Sign Out", within=self.ask(warifu))
        report = warifu.get_dialog("Signed Out")
        warifu.wait(contains="revoked your tokens", role="label", within=report)
        warifu.wait(contains="removed from the keyring", role="label", within=report)
        warifu.shot("signed-out")
        warifu.press("Close", within=report)
        warifu.wait("Sign In", "push-button", sensitive=True)
        revoked = [form["token"] for _, path, _, form in self.provider.requests if path == "/revoke"]
        self.assertIn(self.provider.tokens_given[1], revoked)
        self.assertEmptied()
        self.assertEqual(self.ctl.show("Work")["state"], "signed-out")
        self.quit(warifu)

    def test_revocation_fails(self):
        """A revocation that fails is said, and the keyring is emptied all the same"""
        self.provider.revocation = lambda honest, form: Answer({"error": "temporarily_unavailable"}, 503)
        warifu = self.start()
        warifu.press("Sign Out", within=self.ask(warifu))
        report = warifu.get_dialog("Signed Out")
        warifu.wait(contains="not revoked", role="label", within=report)
        warifu.wait(contains="removed from the keyring", role="label", within=report)
        warifu.shot("sign-out-problem")
        warifu.press("Close", within=report)
        warifu.wait("Sign In", "push-button", sensitive=True)
        self.assertEmptied()
        self.quit(warifu)


class Beside(WindowTestCase):
    """Other programs, other accounts, and time."""

    def test_warifuctl_refreshes(self):
        """A refresh and a sign-out by warifuctl are seen in the window that is open"""
        provider = self.start_provider()
        self.add("Work", provider.issuer)
        self.assertDone(self.ctl.sign_in("Work", provider.person))
        warifu = self.start()
        warifu.wait(contains="eneration 1")
        self.assertDone(self.ctl.run("refresh", "Work"))
        warifu.wait(contains="eneration 2")
        warifu.press("Refresh Now")
        warifu.wait(contains="eneration 3")
        self.assertEqual(provider.count("/token"), 3)
        self.assertDone(self.ctl.run("sign-out", "Work"))
        warifu.wait("Sign In", "push-button", sensitive=True)
        self.quit(warifu)

    def test_warifuctl_adds_and_removes(self):
        """An account that warifuctl adds comes into the window, and one that it removes goes"""
        warifu = self.start()
        warifu.wait("Try the Demo", "push-button")
        self.add("Later", "http://127.0.0.1:9")
        warifu.wait("Sign In", "push-button", sensitive=True)
        warifu.wait(contains="Later", role="list-item")
        self.assertDone(self.ctl.run("remove", "Later"))
        warifu.wait("Try the Demo", "push-button")
        self.quit(warifu)

    def test_file_that_cannot_be_read(self):
        """A file that somebody edited badly is named, also where there is no other account, until it is mended"""
        folder = os.path.join(self.home.env["XDG_CONFIG_HOME"], "warifu", "accounts")
        path = os.path.join(folder, "4f1c2b1e-6d0a-4c58-9a54-0a1e6f1f3c11.conf")
        os.makedirs(folder)
        warifu = self.start()
        warifu.wait("Try the Demo", "push-button")
        with open(path, "w") as file:
            file.write("[[[")
        warifu.press("Some accounts could not be read")
        dialog = warifu.get_dialog("Some Accounts Could Not Be Read")
        warifu.wait(contains=os.path.basename(path), within=dialog)
        warifu.shot("unreadable-welcome")
        warifu.press("Close", within=dialog)
        warifu.wait_gone("Some Accounts Could Not Be Read", "dialog")
        self.add("Sound", "http://127.0.0.1:9")
        warifu.wait(contains="Sound", role="list-item")
        warifu.wait("Some accounts could not be read", "push-button", sensitive=True)
        warifu.shot("unreadable-sidebar")
        os.unlink(path)
        warifu.wait_gone("Some accounts could not be read", "push-button")
        warifu.wait(contains="Sound", role="list-item")
        self.quit(warifu)

    def test_time_to_dashboard(self):
        """From the redirect to the dashboard (measured, not judged)"""
        provider = self.start_provider()
        self.add("Work", provider.issuer)
        warifu = self.start()
        row = warifu.wait(contains="Work", role="list-item")
        warifu.press("Sign In")
        # One small question at a time: a walk through the tree would take the window's time.
        wait_for("the row to say it", lambda: "left" in row.current_name)
        seen = time.monotonic()
        print(f"# from the redirect as the server sends it to the request for tokens {1000 * (provider.exchanged - provider.sent_back):.0f} ms, "
              f"from there to the row that says so {1000 * (seen - provider.exchanged):.0f} ms; {1000 * provider.own_time:.0f} ms of it all "
              "are the server's", flush=True)
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.quit(warifu)


if __name__ == "__main__":
    tap.main()
