#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window where the keyring is locked or missing: it says so, goes on in memory, and writes no token anywhere.

usage: test_window_keyring.py [prepare], which signs in while the keyring is still unlocked
"""

import os
import sys
import unittest

from gi.repository import Gio, GLib

import tap
from window_testing import Home, PageProvider, WindowTestCase

KEPT = os.path.join(os.environ["KEYRING_TEST_DIR"], "kept")
BUS = Gio.bus_get_sync(Gio.BusType.SESSION)  # kept: the keyring's sessions go with their connection
IS_LOCKED = os.path.isdir(KEPT)  # else there is none


def prepare():
    """An account whose tokens are in the keyring that is locked next."""
    home, provider = Home(path=KEPT), PageProvider()
    home.ctl.run("add", "Kept", "--issuer", provider.issuer, "--client-id", "client")
    outcome = home.ctl.sign_in("Kept", provider.person)
    provider.stop()
    assert outcome.status == 0, outcome


def call_secrets(path, interface, method, signature, *arguments):
    return BUS.call_sync("org.freedesktop.secrets", path, interface, method, GLib.Variant(signature, arguments),
                         None, 0, 10000, None).unpack()


def find_collection():
    return call_secrets("/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "ReadAlias", "(s)", "default")[0]


def unlock_keyring():
    """As the person's own log-in does it, without a question."""
    session = call_secrets("/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "OpenSession", "(sv)", "plain",
                           GLib.Variant("s", ""))[1]
    call_secrets("/org/freedesktop/secrets", "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
                 "UnlockWithMasterPassword", "(o(oayays))", find_collection(), (session, b"", b"test", "text/plain"))


def lock_keyring():
    call_secrets("/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "Lock", "(ao)", [find_collection()])


class NoKeyring(WindowTestCase):
    def test_memory_only(self):
        """Sign-in and refresh work in memory, a banner says so, nothing is on disk, and a restart asks again"""
        provider = self.start_provider()
        self.add("Work", provider.issuer)
        warifu = self.start()
        warifu.press("Sign In")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        warifu.wait(contains="eyring", role="label")
        warifu.shot("no-keyring-signed-in")
        warifu.press("Refresh Now")
        warifu.wait(contains="eneration 2")
        self.quit(warifu)
        self.assertEqual(provider.count("/token"), 2)
        tokens = [part for token in provider.tokens_given for part in token.split(".")]
        for path, content in self.home.files():
            for token in tokens:
                self.assertNotIn(token.encode(), content, path)

        warifu = self.start()
        warifu.wait("Sign In", "push-button", sensitive=True)
        warifu.wait(contains="Signed out")
        self.quit(warifu)

    def test_said_at_start(self):
        """An account that cannot be read from the keyring says so before anything is asked of it"""
        if IS_LOCKED:
            self.home = Home(path=KEPT)
        else:
            self.add("Kept", "http://127.0.0.1:9")
        warifu = self.start()
        warifu.wait(contains="eyring", role="label")
        warifu.wait("Try Again", "push-button", sensitive=True)
        warifu.wait(contains="Keyring locked" if IS_LOCKED else "Signed out", role=("list-item", "label"))
        warifu.shot("keyring-at-start")
        self.quit(warifu)


    @unittest.skipUnless(IS_LOCKED, "there is no keyring to unlock")
    def test_try_again(self):
        """The keyring is unlocked later: Try Again puts what was in memory into it, and the sign-in stays"""
        provider = self.start_provider()
        self.add("Work", provider.issuer)
        warifu = self.start()
        warifu.press("Sign In")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        warifu.wait(contains="Your keyring is locked", role="label")
        warifu.shot("keyring-locked-signed-in")
        unlock_keyring()
        self.addCleanup(lock_keyring)
        warifu.press("Try Again")
        warifu.wait_gone(contains="Your keyring is locked")
        self.assertIn(next(iter(provider.refresh_tokens)), self.read_item("Work"))
        self.quit(warifu)
        warifu = self.start()
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.assertEqual(provider.count("/token"), 1)
        self.quit(warifu)


if __name__ == "__main__":
    prepare() if sys.argv[1:] == ["prepare"] else tap.main()
