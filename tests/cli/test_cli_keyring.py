#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""warifuctl where the keyring cannot be used.

usage: test_cli_keyring.py keyring_locked | keyring_unavailable
       test_cli_keyring.py --prepare        (while it is unlocked: signs in once)
"""

import os
import sys

from cli_testing import DEMO, ISSUER, CliTestCase, Ctl, Program, approve
import tap

NAME = sys.argv[1] if len(sys.argv) > 1 else ""
CONFIG = os.path.join(os.environ.get("KEYRING_TEST_DIR", ""), "config")


def prepare():
    """What was there before the keyring was locked."""
    server = Program(DEMO, "--access-lifetime", "3600")
    ctl = Ctl(CONFIG)
    assert ctl.run("add", "a", "--issuer", server.issuer, "--client-id", "warifu-demo").status == 0
    assert ctl.sign_in("a", approve).status == 0
    server.stop()


class NoKeyring(CliTestCase):
    def setUp(self):
        self.ctl = Ctl(CONFIG)
        if NAME == "keyring_unavailable" and self.ctl.run("accounts", "--json").json == []:
            self.assertDone(self.ctl.run("add", "a", "--issuer", ISSUER, "--client-id", "c"))

    def test_commands_that_need_it(self):
        for args in (("show", "a"), ("show", "a", "--json"), ("token", "a"), ("token", "a", "--id"), ("refresh", "a"),
                     ("userinfo", "a"), ("sign-in", "a", "--no-open"), ("sign-out", "a", "--local"), ("remove", "a")):
            self.assertFails(self.ctl.run(*args), NAME, 5)

    def test_refresh_all(self):
        outcome = self.ctl.run("refresh", "--all", "--json")
        self.assertFails(outcome, NAME, 5)
        self.assertEqual(outcome.json["accounts"][0]["error"]["name"], NAME)

    def test_accounts_are_listed_all_the_same(self):
        outcome = self.ctl.run("accounts", "--json")
        self.assertDone(outcome)
        self.assertEqual([(account["name"], account["state"]) for account in outcome.json], [("a", None)])
        self.assertRegex(outcome.err, r"^warifuctl: warning: [^\n]+\n$")

    def test_adding_and_editing(self):
        self.assertDone(self.ctl.run("add", "b", "--issuer", ISSUER, "--client-id", "c"))
        self.assertDone(self.ctl.run("edit", "b", "--audience", "x", "--json"))
        os.remove(os.path.join(CONFIG, "accounts", self.find("b")["id"] + ".conf"))

    def test_a_secret_cannot_be_added(self):
        outcome = self.ctl.run("add", "b", "--issuer", ISSUER, "--client-id", "c", "--client-secret-file", "-", stdin="secret")
        self.assertFails(outcome, NAME, 5)
        self.assertIsNone(self.find("b"))

    def test_doctor_says_so(self):
        outcome = self.ctl.run("doctor", "a", "--json")
        self.assertDone(outcome)
        self.assertIn(NAME, [finding["name"] for finding in outcome.json["findings"]])

    def find(self, name):
        return next((account for account in self.ctl.run("accounts", "--json").json if account["name"] == name), None)


if __name__ == "__main__":
    if NAME == "--prepare":
        prepare()
    else:
        tap.main()
