#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window on networks as they are: its connection test, and a sign-in view that goes by the account's authorities, proxy and
client certificate as the rest of Warifu does."""

import subprocess
import threading

import tap
from authority import Authority, TunnelProxy
from window_testing import WindowTestCase, wait_for


class ConnectionTest(WindowTestCase):
    def setUp(self):
        super().setUp()
        self.authority = Authority()
        self.provider = self.start_provider(tls=self.authority.context())

    def start_test(self, warifu):
        """By the account's menu."""
        warifu.click("Account Menu")
        warifu.choose("Test Connection")

    def row(self, warifu, begin):
        return warifu.wait(contains=begin, role="list-item").name

    def test_good(self):
        """Every step passes, and says so in words; the certificate can be looked at"""
        self.add("Work", self.provider.issuer, "--ca-file", self.authority.file)
        warifu = self.start()
        self.start_test(warifu)
        warifu.wait("The connection works.", "label")
        for step in ("Settings", "Connection", "Encryption (TLS)", "Discovery document", "Key set", "Token endpoint", "Clock"):
            self.assertIn(": Passed.", self.row(warifu, f"{step}: "))
        self.assertIn("CN=server", self.row(warifu, "Encryption"))
        warifu.shot("connection-good")
        warifu.press(None, contains="· CN=server")
        warifu.wait("CN=Test Authority", "label")
        warifu.shot("connection-certificate")
        warifu.key("Escape")
        warifu.wait_gone("The connection works.", "label")
        self.assertEqual([request[0] for request in self.provider.requests], ["GET"] * 3)
        self.quit(warifu)

    def test_which_step_fails(self):
        """An authority that nobody named: the step is told, what to do, and what comes after it was not tried"""
        self.add("Work", self.provider.issuer)
        warifu = self.start()
        self.start_test(warifu)
        warifu.wait(contains="does not work", role="label")
        self.assertIn(": Failed.", self.row(warifu, "Encryption"))
        self.assertIn("choose its file", self.row(warifu, "Encryption"))
        self.assertIn(": Skipped.", self.row(warifu, "Discovery"))
        warifu.shot("connection-failed")
        self.provider.stop()
        warifu.press("Test Again")
        warifu.wait(contains="Connection: Failed.", role="list-item")
        warifu.wait(contains="does not work", role="label")
        self.assertIn(": Skipped.", self.row(warifu, "Encryption"))
        warifu.key("Escape")
        warifu.wait_gone("Test Again", "push-button")
        self.quit(warifu)

    def test_stop(self):
        """A provider that does not answer: the test can be stopped"""
        held = threading.Event()
        self.addCleanup(held.set)
        self.provider.discovery = lambda honest, form: (held.wait(60), honest())[1]
        self.add("Work", self.provider.issuer, "--ca-file", self.authority.file)
        warifu = self.start()
        self.start_test(warifu)
        warifu.wait(contains="Discovery document: Under way", role="list-item")
        warifu.shot("connection-running")
        warifu.press("Stop")
        warifu.wait("The test was stopped.", "label")
        held.set()
        warifu.key("Escape")
        warifu.wait_gone("The test was stopped.", "label")
        self.quit(warifu)

    def test_unsaved(self):
        """An account that is being typed in can be tested before it is saved"""
        warifu = self.start()
        warifu.press("Add Account")
        warifu.wait("Test Connection", "push-button", sensitive=False)
        warifu.fill("Issuer", self.provider.issuer)
        warifu.press("Test Connection")
        warifu.wait(contains="does not work", role="label")
        self.assertIn(": Failed.", self.row(warifu, "Encryption"))
        warifu.key("Escape")
        warifu.wait_gone("Test Again", "push-button")
        warifu.key("Escape")
        warifu.wait_gone("Test Connection", "push-button")
        self.assertEqual(self.ctl.run("accounts", "--json").json, [])
        self.quit(warifu)

    def test_looks(self):
        """Dark and narrow"""
        self.add("Work", self.provider.issuer, "--proxy", "http://127.0.0.1:1")
        warifu = self.start(ADW_DEBUG_COLOR_SCHEME="prefer-dark")
        self.start_test(warifu)
        warifu.wait(contains="does not work", role="label")
        self.assertIn(": Failed.", self.row(warifu, "Connection"))
        self.assertIn(": Skipped.", self.row(warifu, "Proxy"))
        subprocess.run(["xdotool", "windowsize", "--sync", warifu.windows()[-1], "370", "650"], check=True)
        wait_for("a narrow dialog", lambda: warifu.wait("Test Again", "push-button").extents[0] < 370)
        warifu.shot("connection-dark-narrow")
        warifu.key("Escape")
        warifu.wait_gone("Test Again", "push-button")
        self.quit(warifu)


class SignInView(WindowTestCase):
    """What libsoup goes by, the page goes by."""

    def setUp(self):
        super().setUp()
        self.authority = Authority()

    def sign_in(self, provider, *options):
        self.add("Work", provider.issuer, *options)
        warifu = self.start()
        warifu.press("Sign In", role="push-button")
        return warifu

    def assertSignedIn(self, warifu):
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.assertEqual(self.ctl.show("Work")["state"], "signed-in")
        # the history's own thread writes it, after the window has shown it
        events = wait_for("the sign-in in the history", lambda: self.ctl.run("history", "Work", "--json").json)
        self.assertEqual(events[0]["cause"], "window")
        self.quit(warifu)

    def pages(self, provider):
        """How often the sign-in page was asked for."""
        return sum(path.startswith("/authorize") for _, path, *_ in provider.requests)

    def test_authority(self):
        """An authority of the account's own, in the page as well"""
        provider = self.start_provider(tls=self.authority.context())
        warifu = self.sign_in(provider, "--ca-file", self.authority.file)
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        # the Flow page shows with whom the messages were exchanged
        warifu.key("alt+3")
        warifu.click(contains="/token", role="list-item")
        warifu.wait(contains="TLS 1.3 · CN=server")
        warifu.shot("flow-tls")
        warifu.key("alt+1")
        self.assertSignedIn(warifu)
        self.assertEqual(self.pages(provider), 1)

    def test_page_of_an_unknown_authority(self):
        """A page whose authority is another one than that of the endpoints is not opened"""
        page = self.start_provider(tls=Authority().context())
        provider = self.start_provider(tls=self.authority.context())
        metadata = provider.metadata
        provider.metadata = lambda: metadata() | {"authorization_endpoint": f"{page.issuer}/authorize"}
        warifu = self.sign_in(provider, "--ca-file", self.authority.file)
        warifu.wait("Try Again", "push-button")
        warifu.shot("sign-in-unknown-authority")
        self.assertEqual(self.pages(page), 0)
        warifu.key("Escape")
        warifu.wait("Sign In", "push-button")
        self.quit(warifu)

    def test_client_certificate(self):
        """The account's client certificate, in the page as well"""
        provider = self.start_provider(tls=self.authority.context(wants_client=True))
        warifu = self.sign_in(provider, "--ca-file", self.authority.file, "--client-certificate", self.authority.issue_client())
        self.assertSignedIn(warifu)
        self.assertEqual(self.pages(provider), 1)

    def test_proxy(self):
        """The account's proxy, in the page as well"""
        proxy = TunnelProxy()
        self.addCleanup(proxy.stop)
        page = self.start_provider(tls=self.authority.context())
        provider = self.start_provider(tls=self.authority.context())
        metadata = provider.metadata
        provider.metadata = lambda: metadata() | {"authorization_endpoint": f"{page.issuer}/authorize"}
        page.page = provider.send_back
        warifu = self.sign_in(provider, "--ca-file", self.authority.file, "--proxy", proxy.uri)
        self.assertSignedIn(warifu)
        self.assertEqual(set(proxy.asked), {server.issuer.removeprefix("https://") for server in (page, provider)})

    def test_ipv6(self):
        """A provider on ::1"""
        try:
            provider = self.start_provider(host="::1")
        except OSError as error:
            self.skipTest(f"no IPv6 loopback here: {error}")
        self.assertSignedIn(self.sign_in(provider))

    def test_loopback_redirect_in_the_window(self):
        """A redirect URI on loopback is caught by the window too, and the history says that it was the window"""
        provider = self.start_provider()
        self.assertSignedIn(self.sign_in(provider, "--redirect-uri", "http://127.0.0.1/callback"))


if __name__ == "__main__":
    tap.main()
