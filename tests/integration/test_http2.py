#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/2: a provider that speaks nothing else, and what must hold there as well: deadline, bound, no redirect, nothing twice."""

import base64
import json
import os
import shutil
import subprocess
import time
import urllib.parse

import tap
from authority import Authority
from warifu_testing import SOURCE, Browser, Ctl, Program, TestCase, parameters_of


class Http2(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority()
        cls.server = Program(shutil.which("node"), os.path.join(SOURCE, "tests", "integration", "http2.mjs"), cls.authority.issue("server"))

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def add(self, mode):
        ctl = Ctl()
        self.assertDone(ctl.run("add", "a", "--issuer", f"{self.server.issuer}/{mode}", "--client-id", "client", "--ca-file", self.authority.file))
        return ctl

    def seen(self, mode):
        """What was asked for, "h2 GET /mode/path" each, in the order in which it came."""
        done = subprocess.run(["curl", "--silent", "--http2", "--cacert", self.authority.file, f"{self.server.issuer}/seen"],
                              check=True, capture_output=True)
        return [line for line in json.loads(done.stdout) if line.split(" ")[2].startswith(f"/{mode}/")]

    @staticmethod
    def person(url):
        asked = parameters_of(url)
        grant = json.dumps({"nonce": asked["nonce"], "challenge": asked["code_challenge"]}).encode()
        code = base64.urlsafe_b64encode(grant).rstrip(b"=").decode()
        Browser().open(f"{asked['redirect_uri']}?{urllib.parse.urlencode({'code': code, 'state': asked['state']})}")

    def test_whole_life(self):
        """Discovery, key set, code, refresh and userinfo, over HTTP/2"""
        ctl = self.add("good")
        self.assertDone(ctl.sign_in("a", self.person))
        self.assertTrue(ctl.show()["id_token"]["verified"])
        self.assertDone(ctl.run("refresh", "a"))
        self.assertEqual(ctl.show()["refresh_token"]["generation"], 2)
        outcome = ctl.run("userinfo", "a")
        self.assertDone(outcome)
        self.assertIn("Alice Liddell", outcome.out)
        seen = self.seen("good")
        self.assertTrue(all(line.startswith("h2 ") for line in seen), seen)
        self.assertEqual(seen.count("h2 POST /good/token"), 2, seen)

    def test_connection(self):
        """The connection test, over HTTP/2"""
        outcome = self.add("test").run("test", "a", "--json")
        self.assertDone(outcome)
        self.assertEqual({step["outcome"] for step in outcome.json["steps"]}, {"passed", "skipped"}, outcome)
        self.assertEqual([line.split(" ")[1] for line in self.seen("test")], ["GET"] * 3)

    def test_deadline(self):
        """A byte a second is no answer"""
        ctl, begun = self.add("drip"), time.monotonic()
        outcome = ctl.sign_in("a", self.person)
        self.assertFails(outcome, "timeout", 4)
        self.assertLess(time.monotonic() - begun, 40)

    def test_bound(self):
        """More bytes than such an answer needs are not read"""
        self.assertFails(self.add("pour").sign_in("a", self.person), "response_too_large", 1)

    def test_redirect(self):
        """A redirect of the token endpoint is not followed"""
        self.assertFails(self.add("redirect").sign_in("a", self.person), "redirect_refused", 1)
        self.assertEqual(self.seen("elsewhere"), [])

    def test_reset(self):
        """A code whose stream was reset is not sent again"""
        outcome = self.add("reset").sign_in("a", self.person)
        self.assertNotEqual(outcome.status, 0, outcome)
        self.assertEqual(self.seen("reset").count("h2 POST /reset/token"), 1)


if __name__ == "__main__":
    tap.main()
