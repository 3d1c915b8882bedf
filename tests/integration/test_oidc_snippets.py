#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that warifuctl snippet writes, run with each language that this machine has: they exchange a real code and
refresh a real session at a certified OpenID provider (npm oidc-provider), and the tokens come back."""

import base64
import hashlib
import json
import os
import secrets
import shutil
import sys
import tempfile
import urllib.parse

import tap
from warifu_testing import Browser, Ctl, Program, TestCase, SOURCE, parameters_of

sys.path.insert(0, os.path.join(SOURCE, "tests", "protocol"))
from snippet_languages import LANGUAGES, SLOW, missing_tool, run_snippet  # noqa: E402

SECRET = "s3c&r=t+/%\"'\\$ end"
REDIRECT_URI = "http://127.0.0.1/callback"
# client ID at the provider, which is how it authenticates too
METHODS = {"native": "none", "basic": "client_secret_basic", "post": "client_secret_post"}


def sign_in(issuer, client_id):
    """As a person does in a browser. Returns the authorization code and its verifier."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code", "client_id": client_id, "redirect_uri": REDIRECT_URI, "scope": "openid offline_access",
        "prompt": "consent", "state": "s", "code_challenge": challenge, "code_challenge_method": "S256",
    }
    browser = Browser()
    place, page = browser.walk(f"{issuer}/auth?{urllib.parse.urlencode(query)}", REDIRECT_URI)
    place, page = browser.submit(place, page, REDIRECT_URI, login="alice", password="any")
    place, page = browser.submit(place, page, REDIRECT_URI)
    return parameters_of(place)["code"], verifier


class Snippets(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = Program(shutil.which("node"), "provider.mjs", cwd=os.path.join(SOURCE, "tests", "integration"))
        cls.ctl = Ctl()
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write(SECRET + "\n")
        cls.addClassCleanup(os.unlink, file.name)
        for client_id, method in METHODS.items():
            secret = ["--client-secret-file", file.name] if method != "none" else []
            added = cls.ctl.run("add", client_id, "--issuer", cls.provider.issuer, "--client-id", client_id,
                                "--redirect-uri", REDIRECT_URI, "--auth-method", method, *secret)
            assert added.status == 0, added

    @classmethod
    def tearDownClass(cls):
        cls.provider.stop()

    def ask(self, language, client_id, grant, **values):
        """Runs the snippet, its secrets in the environment. Returns the token response."""
        snippet = self.ctl.run("snippet", client_id, "--grant", grant, "--language", language)
        self.assertDone(snippet)
        for value in (SECRET, *values.values()):
            self.assertNotIn(value, snippet.out)
        if METHODS[client_id] != "none":
            values["client_secret"] = SECRET
        result = run_snippet(language, snippet.out.encode(), values)
        self.assertEqual(result.returncode, 0, result)
        return json.loads(result.stdout)

    def road(self, language):
        missing = missing_tool(language)
        if missing:
            self.skipTest(f"no {missing}")
        for client_id in ("basic",) if language in SLOW else METHODS:
            code, verifier = sign_in(self.provider.issuer, client_id)
            first = self.ask(language, client_id, "authorization_code", code=code, code_verifier=verifier)
            self.assertEqual(first["token_type"], "Bearer")
            second = self.ask(language, client_id, "refresh_token", refresh_token=first["refresh_token"])
            for name in ("access_token", "id_token", "refresh_token"):
                self.assertTrue(second[name])
            self.assertNotEqual(second["access_token"], first["access_token"])
            self.assertNotEqual(second["refresh_token"], first["refresh_token"])


def add_case(language):
    def test(self):
        self.road(language)

    test.__doc__ = f"{language}: a code is exchanged and the session refreshed"
    setattr(Snippets, f"test_{language}", test)


for each in LANGUAGES:
    add_case(each)

if __name__ == "__main__":
    tap.main()
