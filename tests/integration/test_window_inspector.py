#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scratch inspector: any token or key set, pasted or opened, without an account; and "Call the API"."""

import json
import os
import subprocess
import time

from gi.repository import GLib

import tap
from scripted import EC_KEY, OTHER_KEY, RSA_KEY, Answer, encode_jwt, hmac_signer
from window_testing import DEADLINE, WARIFU, Home, WindowTestCase, read_clipboard, wait_for

JWKS = {"keys": [RSA_KEY.public_jwk(), EC_KEY.public_jwk(), {"kty": "oct", "k": "c2hhcmVk", "kid": "shared-1"},
                 EC_KEY.public_jwk(crv="secp256k1", kid="odd-1")]}
JWE = "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoicmVjaXBpZW50In0.YWJj.YWJj.YWJj.YWJj"


def make_token(claims=None, key=RSA_KEY, **header):
    now = int(time.time())
    claims = {"iss": "https://id.example.org", "sub": "alice", "aud": ["api", "web"], "iat": now, "exp": now + 600} | (claims or {})
    return encode_jwt({"alg": key.algorithm, "kid": key.kid} | header, claims, key.sign)


class Inspector(WindowTestCase):
    def setUp(self):
        super().setUp()
        self.folder = os.path.join(self.home.path, "files")
        os.makedirs(self.folder)

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))
        return path

    def open_inspector(self):
        """As a person does who has no account."""
        warifu = self.start()
        warifu.wait("Add Account", "push-button")
        warifu.key("ctrl+i")
        wait_for("the inspector", lambda: len(warifu.windows()) == 2)
        warifu.wait("Paste", "push-button")
        return warifu

    def copy(self, text):
        """To the clipboard, as another program does."""
        program = subprocess.Popen(["xclip", "-quiet", "-selection", "clipboard"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(program.wait)
        self.addCleanup(program.terminate)
        program.stdin.write(text)
        program.stdin.close()
        wait_for("the text on the clipboard", lambda: read_clipboard() == text)

    def read_everything(self, warifu):
        words = []
        for node in warifu.look():
            words += [node.name, node.description]
            if "org.a11y.atspi.Text" in node.interfaces:
                try:
                    words.append(node.text)
                except GLib.Error:
                    pass  # has gone
        for window in warifu.windows():
            words.append(subprocess.run(["xdotool", "getwindowname", window], capture_output=True, text=True).stdout)
        return words

    def assertMasked(self, warifu, token):
        for word in self.read_everything(warifu):
            for part in token.split("."):
                self.assertNotIn(part, word)

    def assertNotKept(self, *secrets):
        """In no file of the home but those that were opened."""
        for path, content in self.home.files():
            if not path.startswith(self.folder):
                for secret in secrets:
                    self.assertNotIn(secret.encode(), content, path)

    def walk_to(self, warifu, name):
        """With Shift+Tab, which comes to the end first."""
        def step():
            warifu.key("shift+Tab")
            node = warifu.focused()
            return node and node.name == name
        wait_for(f"the keyboard to come to {name}", step)

    # --- paste ---

    def test_paste(self):
        """A token is pasted, then a key set: verified; nothing of it is named, titled or kept"""
        token = make_token()
        warifu = self.open_inspector()
        warifu.shot("inspector-empty")
        self.copy(f"Bearer {token}\n")
        warifu.press("Paste")
        warifu.wait("Signature not verified")
        warifu.wait("iss")
        warifu.wait("https://id.example.org")
        warifu.wait("Who issued the token")
        warifu.shot("inspector-token")
        self.assertMasked(warifu, token)
        self.copy(json.dumps(JWKS))
        warifu.key("ctrl+v")
        warifu.wait("Signature verified")
        warifu.wait(contains="rsa-1")
        warifu.shot("inspector-verified")
        warifu.press("Reveal")
        for name in ("Header", "Payload", "Signature"):
            warifu.wait(name, "label")
        warifu.wait(contains=token.split(".")[1], role="label")
        warifu.shot("inspector-revealed")
        warifu.press("Hide")
        wait_for("the token to be masked", lambda: not warifu.find(contains=token.split(".")[1]))
        self.assertMasked(warifu, token)
        warifu.press("Clear")
        warifu.wait_gone("Signature verified")
        warifu.key("ctrl+w")
        self.quit(warifu)
        self.assertNotKept(token.split(".")[1], token.split(".")[2], "alice")

    def test_paste_nonsense(self):
        """What cannot be read is said in words, and what was there stays"""
        warifu = self.open_inspector()
        for text, words in (("just words", "three or five parts"), ("{\"a\": 1}", "no list of keys"), ("   ", "no text to inspect"),
                            ("{\"payload\":\"\",\"signatures\":[]}", "JSON serialization"), ("a.b.c", "base64url")):
            self.copy(text)
            warifu.press("Paste")
            warifu.wait(contains=words, role="label")
        warifu.shot("inspector-nonsense")
        self.copy(make_token())
        warifu.press("Paste")
        warifu.wait("Signature not verified")
        self.copy("nonsense")
        warifu.key("ctrl+v")
        warifu.wait(contains="three or five parts")
        warifu.wait("Signature not verified")
        warifu.key("ctrl+w")
        self.quit(warifu)

    # --- files ---

    def test_open(self):
        """`warifu FILE` opens the inspector alone; with a key set beside it the signature is verified"""
        token = make_token()
        warifu = self.start(self.write("token.jwt", token + "\n"), self.write("keys.jwks", JWKS))
        warifu.wait("Signature verified")
        warifu.wait(contains="from keys.jwks")
        self.assertEqual(len(warifu.windows()), 1)
        self.assertFalse(warifu.find("Add Account"))
        self.assertMasked(warifu, token)
        self.quit(warifu)
        self.assertFalse(os.path.exists(os.path.join(self.home.path, "data", "warifu", "history.db")))
        self.assertNotKept(token.split(".")[1], token.split(".")[2])

    def test_tampered(self):
        """A token that was changed, that another key signed, or that says it needs no signature, is refused"""
        header, payload, signature = make_token().split(".")
        other = make_token({"sub": "mallory"}).split(".")[1]
        keys = self.write("keys.jwks", JWKS)
        for name, token in (("changed", f"{header}.{other}.{signature}"), ("forged", make_token(key=OTHER_KEY)),
                            ("none", encode_jwt({"alg": "none"}, {"sub": "alice"}, lambda data: b""))):
            with self.subTest(name):
                warifu = self.start(self.write(f"{name}.jwt", token), keys)
                warifu.wait("Signature invalid")
                self.assertFalse(warifu.find("Signature verified"))
                warifu.shot(f"inspector-{name}")
                self.quit(warifu)

    def test_encrypted(self):
        """Of an encrypted token the header is shown, and that it is encrypted"""
        warifu = self.start(self.write("token.jwt", JWE))
        warifu.wait(contains="Encrypted token")
        warifu.wait(contains="nly its recipient can read it")
        self.assertFalse(warifu.find("Fetch Keys"))
        self.assertIn("A256GCM", warifu.wait("Header", "text").text)
        warifu.shot("inspector-encrypted")
        self.quit(warifu)

    def test_keys(self):
        """A key set alone is listed: what each key is, its thumbprint, why one is not used"""
        warifu = self.start(self.write("keys.json", JWKS))
        for words in ("rsa-1", "RSA · 2048 bits · RS256 · sig", "ec-1", "EC · P-256 · ES256 · sig", "shared-1", "oct · private · not used", "odd-1"):
            warifu.wait(words)
        warifu.shot("inspector-keys")
        warifu.click("odd-1", "label")
        warifu.wait(contains="Its curve is not one of those")
        warifu.click("ec-1", "label")
        warifu.wait(contains="Thumbprint", role="label")
        warifu.press("Copy Thumbprint")
        wait_for("the thumbprint on the clipboard", lambda: len(read_clipboard()) == 43)
        warifu.shot("inspector-key")
        self.copy(make_token(key=EC_KEY))
        warifu.press("Paste")
        warifu.wait("Signature verified")
        self.quit(warifu)

    def test_bad_files(self):
        """A file that is missing, too large, a folder or elsewhere is named with what is wrong"""
        large = self.write("large.jwt", "a" * (1024 * 1024 + 64 * 1024 + 1))
        for path, words in ((os.path.join(self.folder, "missing.jwt"), "not there"), (large, "larger than 1 MiB"), (self.folder, "a folder"),
                            ("https://id.example.org/token.jwt", "on this computer")):
            with self.subTest(path):
                warifu = self.start(path)
                warifu.wait(contains=words, role="label")
                self.quit(warifu)

    def test_redirect_uri(self):
        """An address of our own scheme begins no sign-in and is not repeated"""
        provider = self.start_provider()
        self.add("Work", provider.issuer)
        warifu = self.start("io.github.warifu:/callback?code=topsecretcode&state=1")
        warifu.wait(contains="on this computer")
        self.assertFalse([word for word in self.read_everything(warifu) if "topsecretcode" in word])
        self.quit(warifu)
        self.assertEqual(provider.requests, [])

    def test_second_start(self):
        """A second `warifu FILE` hands the file to the one that runs"""
        warifu = self.start()
        warifu.wait("Add Account", "push-button")
        second = subprocess.run([WARIFU, self.write("token.jwt", make_token())], env=dict(os.environ, **self.home.env), timeout=DEADLINE,
                                stdin=subprocess.DEVNULL, capture_output=True)
        self.assertEqual((second.returncode, second.stdout, second.stderr), (0, b"", b""))
        warifu.wait("Signature not verified")
        wait_for("two windows", lambda: len(warifu.windows()) == 2)
        warifu.key("ctrl+w")
        self.quit(warifu)

    def test_large(self):
        """A megabyte, and thousands of claims, are there within seconds, and the window goes on answering"""
        wide = make_token({f"claim-{number}": f"value {number}" for number in range(4000)})
        deep = make_token({"filling": "x" * 700_000})
        self.assertGreater(len(deep), 900_000)
        for name, token in (("wide", wide), ("deep", deep)):
            with self.subTest(name):
                warifu = self.start(self.write(f"{name}.jwt", token))
                warifu.wait("Signature not verified")
                warifu.press("Reveal")
                warifu.wait(contains="Payload", role="label")
                # All of it is there, and what is on the screen is laid out.
                warifu.wait("Payload", "text", shown=False)
                warifu.shot(f"inspector-large-{name}-revealed")
                begun = time.monotonic()
                warifu.press("Hide")
                warifu.wait("Reveal", "push-button")
                warifu.shot(f"inspector-large-{name}")
                self.assertLess(time.monotonic() - begun, 30)
                self.walk_to(warifu, "Raw")
                warifu.key("space")
                warifu.wait("Raw", "text", shown=False)
                warifu.shot(f"inspector-large-{name}-raw")
                self.quit(warifu)

    def test_long_claim(self):
        """A claim that is longer than its row is shown whole in a window of its own, and copied whole"""
        # xclip waits for ever for more than GTK hands over at once, which is 256 KiB.
        filling = "The filling: " + "x" * 200_000 + "."
        warifu = self.start(self.write("long.jwt", make_token({"filling": filling, "sub": "alice"})))
        warifu.wait("Signature not verified")
        warifu.wait("sub: alice", "list-item", shown=False)
        self.walk_to_row(warifu, "filling: ")
        warifu.key("Return")
        warifu.wait("filling", "text", shown=False)
        warifu.shot("inspector-claim")
        warifu.press("Copy")
        wait_for("the whole value on the clipboard", lambda: read_clipboard() == filling)
        warifu.key("Escape")
        wait_for("the window to close", lambda: len(warifu.windows()) == 1)
        self.copy("something else")
        self.walk_to_row(warifu, "sub: alice", "Up")
        warifu.key("ctrl+c")
        wait_for("the value on the clipboard", lambda: read_clipboard() == "alice")
        self.quit(warifu)

    def walk_to_row(self, warifu, begin, onwards="Down"):
        """Puts the keyboard on the row of a claim."""
        for _ in range(60):
            node = warifu.focused()
            if node and node.role == "list-item" and node.name.startswith(begin):
                return
            warifu.key(onwards if node and node.role == "list-item" and node.parent and node.parent.name == "Claims" else "Tab")
        raise AssertionError(f"the keyboard does not come to {begin}")

    # --- keys from elsewhere ---

    def test_fetch(self):
        """The issuer's keys are fetched when it is asked for, and not before"""
        provider = self.start_provider()
        token = make_token({"iss": provider.issuer})
        warifu = self.start(self.write("token.jwt", token))
        warifu.wait("Signature not verified")
        self.assertEqual(provider.requests, [])
        warifu.press("Fetch Keys")
        warifu.wait("Signature verified")
        warifu.wait(contains=f"from {provider.issuer}")
        warifu.shot("inspector-fetched")
        self.assertEqual([path for _, path, _, _ in provider.requests], ["/.well-known/openid-configuration", "/jwks"])
        self.assertFalse([headers for _, _, headers, _ in provider.requests if "Authorization" in headers])
        self.quit(warifu)

    def test_fetch_fails(self):
        """An issuer that cannot be had is said in words"""
        provider = self.start_provider()
        token = make_token({"iss": provider.issuer})
        warifu = self.start(self.write("token.jwt", token))
        warifu.wait("Signature not verified")
        provider.stop()
        warifu.press("Fetch Keys")
        warifu.wait(contains="cannot be reached", role="label")
        warifu.wait("Signature not verified")
        warifu.shot("inspector-offline")
        self.quit(warifu)

    def test_secret(self):
        """A token that is signed with a client secret is verified with it, and with no key"""
        token = encode_jwt({"alg": "HS256"}, {"sub": "alice"}, hmac_signer(b"correct horse"))
        warifu = self.start(self.write("token.jwt", token))
        warifu.wait("Signature not verified")
        self.assertFalse(warifu.find("Fetch Keys"))
        warifu.fill("Client Secret", "wrong")
        warifu.wait("Signature invalid")
        warifu.fill("Client Secret", "correct horse")
        warifu.wait("Signature verified")
        self.assertFalse([word for word in self.read_everything(warifu) if "correct horse" in word])
        self.quit(warifu)
        self.assertNotKept("correct horse")

    # --- how it stands ---

    def test_looks(self):
        """Dark, and narrow"""
        files = [self.write("token.jwt", make_token()), self.write("keys.jwks", JWKS)]
        for name, width in (("dark", 1000), ("narrow", 370)):
            self.home = Home({"color-scheme": "'dark'" if name == "dark" else "'light'"})
            warifu = self.start(*files)
            warifu.wait("Signature verified")
            subprocess.run(["xdotool", "windowsize", "--sync", warifu.windows()[0], str(width), "800"], check=True)
            wait_for("the window's size", lambda: any(abs(node.extents[2] - width) < 25 for node in warifu.find(role="frame")))
            warifu.wait("Reveal", "push-button")
            warifu.shot(f"inspector-{name}")
            self.quit(warifu)


class CallTheApi(WindowTestCase):
    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()
        self.add("Work", self.provider.issuer)
        self.assertDone(self.ctl.sign_in("Work", self.provider.person))

    def open_dialog(self):
        warifu = self.start()
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        warifu.press("Refresh Now")
        warifu.wait(contains="eneration 2")
        warifu.key("alt+3")
        warifu.press("Call the API")
        wait_for("the dialog", lambda: len(warifu.windows()) == 2)
        warifu.wait("Send", "push-button", sensitive=True)
        return warifu

    def count(self):
        return len([path for _, path, _, _ in self.provider.requests if path == "/userinfo"])

    def test_good(self):
        """Nothing is sent before Send; then the answer is shown, and it is in the flow"""
        warifu = self.open_dialog()
        self.assertEqual(self.count(), 0)
        warifu.shot("api-empty")
        warifu.press("Send")
        warifu.wait("200 OK")
        warifu.shot("api-good")
        self.assertEqual(self.count(), 1)
        headers = [headers for _, path, headers, _ in self.provider.requests if path == "/userinfo"][0]
        self.assertEqual(headers["Authorization"], f"Bearer {self.provider.tokens_given[-3]}")
        warifu.key("Escape")
        wait_for("the dialog to close", lambda: len(warifu.windows()) == 1)
        warifu.wait(contains="API call", role=("list-item", "label"))
        warifu.shot("api-flow")
        self.quit(warifu)

    def test_refused(self):
        """What a 401 and a 403 say is told in words"""
        warifu = self.open_dialog()
        token = self.provider.tokens_given[-3]
        self.provider.userinfo = lambda *_: Answer({"error": "invalid_token"}, 401, headers=[
            ("WWW-Authenticate", f'Bearer realm="api", error="invalid_token", error_description="The token {token} has expired"')])
        warifu.press("Send")
        warifu.wait("401 Unauthorized")
        warifu.wait(contains="expired, was revoked, or is meant for another API")
        warifu.shot("api-401")
        self.assertFalse([node for node in warifu.look() if token in node.name])
        self.provider.userinfo = lambda *_: Answer("", 403, headers=[("WWW-Authenticate", 'Bearer error="insufficient_scope", scope="openid write:all"')])
        warifu.press("Send")
        warifu.wait("403 Forbidden")
        warifu.wait(contains="“write:all”, which was not granted")
        warifu.shot("api-403")
        warifu.key("Escape")
        wait_for("the dialog to close", lambda: len(warifu.windows()) == 1)
        self.quit(warifu)

    def test_elsewhere(self):
        """The token is not sent to where it is not at home"""
        other = self.start_provider()
        warifu = self.open_dialog()
        warifu.fill("Address", f"{other.issuer}/userinfo")
        warifu.press("Send")
        warifu.wait(contains="not sent to this address")
        warifu.fill("Address", "http://api.example.org/")
        warifu.press("Send")
        warifu.wait(contains="does not use https")
        warifu.shot("api-elsewhere")
        self.assertEqual(other.requests, [])
        self.assertEqual(self.count(), 0)
        warifu.key("Escape")
        wait_for("the dialog to close", lambda: len(warifu.windows()) == 1)
        self.quit(warifu)


if __name__ == "__main__":
    tap.main()
