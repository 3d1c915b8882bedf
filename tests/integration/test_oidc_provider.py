#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""warifuctl against a certified OpenID provider (npm oidc-provider)."""

import json
import os
import re
import shutil
import tempfile

import tap
from warifu_testing import Browser, Ctl, Program, TestCase, SOURCE, redirect_uri_of

SECRET = "s3c&r=t+/%\"'\\$ end"


def approve(url):
    browser = Browser()
    target = redirect_uri_of(url)
    place, page = browser.walk(url, target)
    place, page = browser.submit(place, page, target, login="alice", password="any")
    place, page = browser.submit(place, page, target)
    assert place.startswith(target), (place, page[:500])
    browser.open(place)


def deny(url):
    browser = Browser()
    target = redirect_uri_of(url)
    place, page = browser.walk(url, target)
    cancel = re.search(r'href="([^"]*abort[^"]*)"', page).group(1)
    place, page = browser.walk(f"{place.split('/interaction')[0]}{cancel}" if cancel.startswith("/") else cancel, target)
    browser.open(place)


class OidcProvider(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = Program(shutil.which("node"), "provider.mjs", cwd=os.path.join(SOURCE, "tests", "integration"))
        cls.ctl = Ctl()

    @classmethod
    def tearDownClass(cls):
        cls.provider.stop()

    def stats(self):
        return json.loads(Browser().open(f"{self.provider.issuer}/_stats")[2])

    def road(self, name, client_id, *options):
        ctl = self.ctl
        self.assertDone(ctl.run("add", name, "--issuer", self.provider.issuer, "--client-id", client_id, *options))
        self.assertDone(ctl.sign_in(name, approve))
        shown = ctl.show(name)
        self.assertEqual(shown["state"], "signed-in")
        self.assertTrue(shown["id_token"]["verified"])
        self.assertEqual(shown["id_token"]["subject"], "alice")
        self.assertEqual(shown["refresh_token"], {"present": True, "generation": 1, "rotates": None})
        before = self.stats().get("/token")
        token = ctl.run("token", name)
        self.assertDone(token)
        self.assertEqual(self.stats().get("/token"), before, "a good token needs no request")
        self.assertDone(ctl.run("refresh", name))
        shown = ctl.show(name)
        self.assertEqual(shown["refresh_token"], {"present": True, "generation": 2, "rotates": True})
        self.assertNotEqual(ctl.run("token", name).out, token.out)
        userinfo = ctl.run("userinfo", name).json
        self.assertEqual((userinfo["sub"], userinfo["email"]), ("alice", "alice@example.org"))
        revoked = self.stats().get("/token/revocation", 0)
        signed_out = ctl.run("sign-out", name)
        self.assertDone(signed_out)
        self.assertEqual(self.stats()["/token/revocation"], revoked + 1)
        self.assertEqual(ctl.show(name)["state"], "signed-out")
        self.assertFails(ctl.run("token", name), "needs_sign_in", 3)

    def test_public_client(self):
        self.road("public", "native")

    def test_es256(self):
        self.road("es256", "native-es256")

    def secret_file(self):
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write(SECRET + "\n")
        self.addCleanup(os.unlink, file.name)
        return file.name

    def test_client_secret_basic(self):
        self.road("basic", "basic", "--auth-method", "client_secret_basic", "--client-secret-file", self.secret_file())

    def test_client_secret_post(self):
        self.road("post", "post", "--auth-method", "client_secret_post", "--client-secret-file", self.secret_file())

    def test_wrong_client_secret(self):
        self.assertDone(self.ctl.run("add", "wrong", "--issuer", self.provider.issuer, "--client-id", "post", "--auth-method",
                                     "client_secret_post", "--client-secret-file", "-", stdin="not it"))
        self.assertFails(self.ctl.sign_in("wrong", approve), "invalid_client", 1)

    def test_person_denies(self):
        self.assertDone(self.ctl.run("add", "denied", "--issuer", self.provider.issuer, "--client-id", "native"))
        self.assertFails(self.ctl.sign_in("denied", deny), "access_denied", 1)
        self.assertEqual(self.ctl.show("denied")["state"], "signed-out")

    def test_two_programs_one_account(self):
        self.assertDone(self.ctl.run("add", "shared", "--issuer", self.provider.issuer, "--client-id", "native"))
        self.assertDone(self.ctl.sign_in("shared", approve))
        twin = Ctl(config=self.ctl.config)
        self.assertDone(twin.run("refresh", "shared"))
        self.assertDone(self.ctl.run("refresh", "shared"))
        self.assertEqual(self.ctl.show("shared")["refresh_token"]["generation"], 3)


if __name__ == "__main__":
    tap.main()
