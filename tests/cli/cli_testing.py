# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the command line share; the rest is the integration tests'."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["WARIFU_SOURCE_DIR"], "tests", "integration"))

from warifu_testing import Browser, CTL, DEMO, Ctl, Outcome, Program, TestCase, is_at_lock, redirect_uri_of, wait_for  # noqa: E402

ISSUER = "https://id.example.org"


def run(*args, stdin=None, env=None):
    done = subprocess.run([CTL, *args], input=stdin, capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, **(env or {})))
    return Outcome(done.returncode, done.stdout, done.stderr)


def answer(decision):
    """A person at the demo server."""
    def person(url):
        browser = Browser()
        target = redirect_uri_of(url)
        place, page = browser.walk(url, target)
        place, _ = browser.submit(place, page, target, decision=decision)
        browser.open(place)
    return person


approve = answer("approve")
deny = answer("deny")


class CliTestCase(TestCase):
    ERROR = re.compile(r"warifuctl: [a-z_]+: [^\n]+\n")

    def assertFails(self, outcome, name, status=None):
        super().assertFails(outcome, name, status)
        self.assertRegex(outcome.err, self.ERROR)

    def assertUsage(self, outcome):
        self.assertFails(outcome, "usage", 2)
        self.assertEqual(outcome.out, "", outcome)

    def assertSays(self, outcome, text):
        self.assertDone(outcome)
        self.assertEqual(outcome.err, "", outcome)
        self.assertRegex(outcome.out, text)


__all__ = ["CTL", "DEMO", "ISSUER", "Browser", "CliTestCase", "Ctl", "Program", "approve", "deny", "is_at_lock", "redirect_uri_of", "run",
           "wait_for"]
