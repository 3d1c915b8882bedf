#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Tokens page and the diagnosis: what is in a token, what its signature is worth, and why something does not work."""

import struct
import time
import zlib

import tap
from scripted import Answer, encode_jwt
from window_testing import WindowTestCase, wait_for

ADDRESS = {"locality": "Oxford", "lines": [{"house": "Christ Church", "number": 4}], "country": "GB"}
API = "https://api.example.org/"


class Tokens(WindowTestCase):
    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()

    def sign_in(self, *options):
        self.add("Work", self.provider.issuer, *options)
        self.assertDone(self.ctl.sign_in("Work", self.provider.person))

    def start_on_tokens(self, kind=None, **env):
        warifu = self.start(**env)
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        warifu.key("alt+2")
        warifu.wait("Reveal", "push-button")
        if kind:
            warifu.press(None, ("push-button", "toggle-button"), contains=kind)
        return warifu

    def give_claims(self, **more):
        self.provider.claims = lambda claims: claims | more

    # --- claims ---

    def test_tree(self):
        """An object in a token opens and closes by the keyboard, as deep as it is"""
        self.give_claims(address=ADDRESS, name="Alice Liddell", email="alice@example.org", groups=["rabbits", "cats"])
        self.sign_in()
        warifu = self.start_on_tokens("ID token")
        warifu.wait("sub: alice", "list-item", shown=False)
        warifu.wait("groups: rabbits, cats", "list-item", shown=False)
        row = warifu.wait("address: 3 members", "list-item", shown=False)
        warifu.shot("tokens-claims")
        self.stand_on(warifu, row.name)
        warifu.key("Right")
        warifu.wait("locality: Oxford", "list-item", shown=False)
        warifu.key("Down")
        self.stand_on(warifu, "lines: 1 item")
        warifu.key("Return")
        warifu.wait("[0]: 2 members", "list-item", shown=False)
        self.stand_on(warifu, "[0]: 2 members")
        warifu.key("Right")
        warifu.wait("house: Christ Church", "list-item", shown=False)
        warifu.shot("tokens-tree")
        self.stand_on(warifu, row.name, "Up")
        warifu.key("Left")
        wait_for("the object to close", lambda: not warifu.find("locality: Oxford", shown=False))
        self.quit(warifu)

    def stand_on(self, warifu, name, onwards="Down"):
        """Puts the keyboard on the row NAME, as Tab and the arrows do."""
        seen = []
        for _ in range(60):
            node = warifu.focused()
            if node and node.name == name:
                return node
            seen.append((node, node and node.parent))
            warifu.key(onwards if node and node.role == "list-item" and self.is_claim(node) else "Tab")
        raise AssertionError(f"the keyboard does not come to {name}: {seen}")

    def is_claim(self, node):
        return node.parent is not None and node.parent.name == "Claims"

    def test_search(self):
        """Ctrl+F finds names, values and meanings, however deep, and the header"""
        self.give_claims(address=ADDRESS, name="Alice Liddell")
        self.sign_in()
        warifu = self.start_on_tokens("ID token")
        warifu.wait("sub: alice", "list-item", shown=False)
        for words, found in (("christ", "address.lines[0].house: Christ Church"), ("oxf", "address.locality: Oxford"),
                             ("full name", "name: Alice Liddell"), ("rs256", "header.alg: RS256")):
            warifu.key("ctrl+f")
            wait_for("the search entry", lambda: any(node.has("focused") and node.role in ("text", "entry") for node in warifu.look()))
            warifu.type(words)
            warifu.wait(found, "list-item", shown=False)
            wait_for("nothing else", lambda: not warifu.find("sub: alice", "list-item", shown=False))
            warifu.wait("1 found", "label", shown=False)
        warifu.shot("tokens-search")
        warifu.key("ctrl+f")
        warifu.type("zebra")
        warifu.wait("Nothing found", "label", shown=False)
        warifu.key("Escape")
        warifu.wait("sub: alice", "list-item", shown=False)
        self.quit(warifu)

    def test_ten_thousand(self):
        """Ten thousand claims are there at once, are searched, and the window answers all the while"""
        self.give_claims(**{f"claim-{number:05}": number for number in range(10000)})
        self.sign_in()
        warifu = self.start_on_tokens()
        begun = time.monotonic()
        warifu.press(None, ("push-button", "toggle-button"), contains="ID token")
        warifu.wait("sub: alice", "list-item", shown=False)
        shown = time.monotonic() - begun
        warifu.wait(role="label", contains="10007 claims", shown=False)
        warifu.shot("tokens-10000")
        rows = warifu.find(role="list-item", contains="claim-", shown=False)
        self.assertLess(len(rows), 1000, "rows are made for what is on screen")
        warifu.key("ctrl+f")
        warifu.type("claim-09876")
        begun = time.monotonic()
        warifu.wait("claim-09876: 9876", "list-item", shown=False)
        print(f"# shown after {shown * 1000:.0f} ms, found after {(time.monotonic() - begun) * 1000:.0f} ms", flush=True)
        self.assertLess(shown, 30)
        warifu.key("Escape")
        warifu.wait("sub: alice", "list-item", shown=False)
        self.quit(warifu)

    # --- what a signature is worth ---

    def test_checks(self):
        """Each check of an ID token is one line, also after Warifu was closed"""
        self.sign_in()
        warifu = self.start_on_tokens("ID token")
        warifu.wait("Signature verified", "label", shown=False)
        warifu.wait(contains="With key “rsa-1” (RS256)", role="label", shown=False)
        if warifu.bus.gtk_version >= (4, 14):  # which tells nobody of rows that are folded away
            warifu.click("Checks", "list-item")
        for name in ("signature", "iss", "aud", "exp", "iat", "at_hash"):
            warifu.wait(contains=f"{name}, Passed", role="list-item", shown=False)
        self.assertEqual(warifu.find(contains=", Failed", role="list-item", shown=False), [])
        self.quit(warifu)

    def test_access_token_is_checked(self):
        """An access token that is a JWT is held against the provider's keys when somebody asks"""
        self.give_access_jwt(lambda form: {"aud": API, "scope": "openid"})
        self.sign_in()
        warifu = self.start_on_tokens()
        warifu.wait("Signature not checked", "label", shown=False)
        warifu.press("Check")
        warifu.wait("Signature verified", "label", shown=False)
        warifu.wait(contains=f"from {self.provider.issuer}/jwks", role="label", shown=False)
        warifu.shot("tokens-access-verified")
        self.quit(warifu)

    def test_encrypted_and_opaque(self):
        """A token that nobody here can read says so"""
        self.provider.token_changes = {"access_token": "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.YQ.YQ.YQ.YQ", "id_token": None}
        self.sign_in()
        warifu = self.start_on_tokens()
        warifu.wait("Encrypted", "label", shown=False)
        warifu.wait(contains="RSA-OAEP, A128GCM", role="label", shown=False)
        self.assertEqual(warifu.find("Claims", "label"), [])
        self.provider.token_changes = {"access_token": "opaque-0123456789", "id_token": None}
        warifu.key("F5")
        warifu.wait("Opaque", "label", shown=False)
        self.quit(warifu)

    # --- what a refresh changed ---

    def give_access_jwt(self, claims):
        """From now on access tokens are JWTs with what CLAIMS makes of a request."""
        tokens = self.provider.tokens

        def make(nonce):
            made = tokens(nonce)
            now = int(time.time())
            key = self.provider.key
            made["access_token"] = encode_jwt({"alg": key.algorithm, "kid": key.kid, "typ": "at+jwt"},
                                              {"iss": self.provider.issuer, "iat": now, "exp": now + 300} | claims(self.provider.requests[-1][3]),
                                              key.sign)
            made["id_token"] = self.provider.id_token(nonce, made["access_token"])
            self.provider.tokens_given.append(made["access_token"])
            return made
        self.provider.tokens = make

    def test_changes(self):
        """After a refresh it says what changed: scopes, audience, claims, lifetime, and the generation"""
        more = {"scope": "openid email", "aud": [API], "old": 1}
        self.give_access_jwt(lambda form: dict(more))
        self.sign_in()
        warifu = self.start_on_tokens()
        self.assertEqual(warifu.find("Since the Last Refresh", shown=False, role="label"), [])
        more = {"scope": "openid profile", "aud": [API, "https://other.example.org/"], "new": "value", "exp": int(time.time()) + 3600}
        warifu.key("F5")
        for line in ("aud: added: https://other.example.org/", "scope: added: profile; gone: email", "new: new: value", "old: gone, was 1"):
            warifu.wait(line, "list-item", shown=False)
        warifu.wait(role="list-item", contains="exp − iat: ", shown=False)
        warifu.wait(role="label", contains="1 refresh since the sign-in · refresh token generation 2", shown=False)
        warifu.shot("tokens-changes")
        self.quit(warifu)

    def test_changes_of_opaque(self):
        """Of a token that cannot be read, what the answers said of it is compared"""
        self.sign_in()
        warifu = self.start_on_tokens()
        self.provider.token_changes = {"scope": "openid offline_access email"}
        self.provider.lifetime = 600
        warifu.key("F5")
        warifu.wait("scope: added: email", "list-item", shown=False)
        warifu.wait(contains="exp − iat: 10 min, was 5 min", role="list-item", shown=False)
        self.quit(warifu)

    def test_changes_after_restart(self):
        """What changed with the last refresh is still said after Warifu was closed"""
        more = {"scope": "openid email", "old": 1}
        self.give_access_jwt(lambda form: dict(more))
        self.sign_in()
        more = {"scope": "openid profile", "new": "value"}
        self.assertDone(self.ctl.run("refresh", "Work"))
        warifu = self.start_on_tokens()
        lines = ("scope: added: profile; gone: email", "new: new: value", "old: gone, was 1")
        for line in lines:
            warifu.wait(line, "list-item", shown=False)
        self.quit(warifu)
        warifu = self.start_on_tokens()
        for line in lines:
            warifu.wait(line, "list-item", shown=False)
        warifu.wait(role="label", contains="1 refresh since the sign-in", shown=False)
        self.quit(warifu)

    def test_changes_of_opaque_after_restart(self):
        """The scopes and the lifetime of the token before an opaque one are kept with it"""
        self.sign_in()
        self.provider.token_changes = {"scope": "openid offline_access email"}
        self.provider.lifetime = 600
        self.assertDone(self.ctl.run("refresh", "Work"))
        for _ in range(2):
            warifu = self.start_on_tokens()
            warifu.wait("scope: added: email", "list-item", shown=False)
            warifu.wait(contains="exp − iat: 10 min, was 5 min", role="list-item", shown=False)
            self.quit(warifu)

    def test_other_audience(self):
        """Each access token of another audience is there, with its own claims"""
        self.give_access_jwt(lambda form: {"aud": form.get("audience", "own")})
        self.sign_in()
        self.assertDone(self.ctl.run("token", "Work", "--audience", API))
        warifu = self.start_on_tokens()
        warifu.wait("aud: own", "list-item", shown=False)
        row = warifu.wait("Audience", ("list-item", "combo-box", "button", "push-button"), shown=False)
        warifu.shot("tokens-audiences")
        self.assertTrue(row)
        self.stand_near(warifu, "Audience")
        warifu.key("Return")
        warifu.key("Down")
        warifu.key("Return")
        warifu.wait(f"aud: {API}", "list-item", shown=False)
        self.quit(warifu)

    def stand_near(self, warifu, name):
        for _ in range(40):
            node = warifu.focused()
            if node and node.name == name:
                return
            warifu.key("Tab")
        raise AssertionError(f"the keyboard does not come to {name}")


class Diagnosis(WindowTestCase):
    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()

    def open(self, warifu):
        warifu.key("ctrl+d")
        wait_for("the dialog", lambda: len(warifu.windows()) == 2)

    def test_in_order(self):
        """Where nothing is wrong it says so, closes with Escape, and can be asked again"""
        self.provider.token_changes = {"access_token": encode_jwt({"alg": "RS256"}, {"aud": API}, self.provider.key.sign)}
        self.provider.claims = lambda claims: {name: claims[name] for name in claims if name != "at_hash"}
        self.add("Work", self.provider.issuer, "--audience", API, "--scope", "openid offline_access")
        self.assertDone(self.ctl.sign_in("Work", self.provider.person))
        warifu = self.start()
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.open(warifu)
        warifu.wait("Nothing wrong was found", "label")
        warifu.wait(role="list-item", contains="In order · You are signed in.", shown=False)
        warifu.shot("diagnosis-well")
        self.provider.token = lambda honest, form: Answer(b"", 503, "text/html")
        self.assertFails(self.ctl.run("refresh", "Work"), "server_error", 4)
        warifu.key("F5")
        warifu.wait(contains="Something ", role="label")
        warifu.key("Escape")
        wait_for("the dialog to close", lambda: len(warifu.windows()) == 1)
        self.quit(warifu)

    def test_no_refresh_token(self):
        """Why there is no refresh token, and what to do"""
        self.provider.token_changes = {"refresh_token": None, "scope": "openid"}
        self.add("Work", self.provider.issuer)
        self.assertDone(self.ctl.sign_in("Work", self.provider.person))
        warifu = self.start()
        warifu.wait("Sign Out", "push-button", sensitive=True)
        self.open(warifu)
        warifu.wait("Why is there no refresh token?", "label")
        warifu.wait(role="list-item", contains="Warning · offline_access was asked and not granted.", shown=False)
        warifu.wait(role="list-item", contains="prompt=consent", shown=False)
        warifu.shot("diagnosis-refresh-token")
        warifu.key("Escape")
        wait_for("the dialog to close", lambda: len(warifu.windows()) == 1)
        self.quit(warifu)

    def test_signed_out(self):
        """The notice about an ended session opens the diagnosis, which says when it was refused"""
        self.add("Work", self.provider.issuer)
        self.assertDone(self.ctl.sign_in("Work", self.provider.person))
        self.provider.refresh_tokens = {token: False for token in self.provider.refresh_tokens}
        self.assertFails(self.ctl.run("refresh", "Work"), "invalid_grant", 3)
        warifu = self.start()
        warifu.press("Why?")
        wait_for("the dialog", lambda: len(warifu.windows()) == 2)
        warifu.wait("Something is wrong", "label")
        warifu.wait("Why was I signed out?", "label", shown=False)
        warifu.wait(role="list-item", contains="Problem · The provider refused the refresh token", shown=False)
        warifu.wait(role="list-item", contains="Note · The refresh token had been used", shown=False)
        warifu.shot("diagnosis-signed-out")
        warifu.key("Escape")
        wait_for("the dialog to close", lambda: len(warifu.windows()) == 1)
        self.quit(warifu)

    def test_offline(self):
        """A provider that cannot be reached is a finding, not a failure"""
        self.add("Work", self.provider.issuer)
        self.provider.stop()
        warifu = self.start()
        warifu.wait("Sign In", "push-button")
        self.open(warifu)
        warifu.wait("Something is wrong", "label")
        warifu.wait(role="list-item", contains="No sign-in of this account is recorded here.", shown=False)
        warifu.key("Escape")
        wait_for("the dialog to close", lambda: len(warifu.windows()) == 1)
        self.quit(warifu)


def make_png(size):
    """A square of one colour."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + b"\x40\x80\xc0" * size for _ in range(size))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)) \
        + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Person(WindowTestCase):
    """Who is signed in, as far as the provider tells, and what it tells to others."""

    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()
        self.other = self.start_provider()
        for provider in (self.provider, self.other):
            self.give_picture(provider)
        self.provider.token_changes = {"scope": "openid profile email offline_access"}

    def give_picture(self, provider):
        answer = provider.answer

        def also_pictures(path, form, headers):
            if path == "/picture.png":
                return Answer(make_png(200), content_type="image/png")
            return answer(path, form, headers)
        provider.answer = also_pictures

    def sign_in(self):
        self.add("Work", self.provider.issuer)
        self.assertDone(self.ctl.sign_in("Work", self.provider.person))
        warifu = self.start()
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        return warifu

    def test_userinfo(self):
        """A name that is not in the ID token is asked for, once, and not written down"""
        warifu = self.sign_in()
        warifu.wait("Alice Liddell", "label")
        warifu.shot("overview-person")
        warifu.key("F5")
        warifu.wait(contains="eneration 2", shown=False)
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.assertEqual(self.provider.count("/token"), 2)
        warifu.key("alt+2")
        warifu.key("alt+1")
        warifu.wait("Alice Liddell", "label")
        self.assertEqual(self.provider.count("/userinfo"), 1)
        self.assertNotIn("Liddell", self.read_item("Work"))
        for path, data in self.home.files():
            self.assertNotIn(b"Liddell", data, path)
        self.quit(warifu)

    def test_another_person(self):
        """An answer about somebody else is dropped"""
        self.provider.userinfo = lambda honest, form: Answer({"sub": "mallory", "name": "Mallory"})
        warifu = self.sign_in()
        warifu.wait("alice", "label")
        wait_for("the question", lambda: self.provider.count("/userinfo") == 1)
        warifu.key("F5")
        warifu.wait(contains="eneration 2", shown=False)
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.assertEqual(warifu.find("Mallory", shown=False), [])
        self.quit(warifu)

    def test_a_named_person(self):
        """Whom the ID token names nobody asks for; the provider's own picture is fetched"""
        self.provider.claims = lambda claims: claims | {"name": "Alice Liddell", "email": "alice@example.org",
                                                        "picture": f"{self.provider.issuer}/picture.png"}
        warifu = self.sign_in()
        warifu.wait("alice@example.org", "label")
        wait_for("the picture", lambda: self.provider.count("/picture.png") == 1)
        request = next(request for request in self.provider.requests if request[1] == "/picture.png")
        self.assertFalse({"authorization", "cookie"} & {name.lower() for name in request[2]})
        warifu.key("F5")
        warifu.wait(contains="eneration 2", shown=False)
        warifu.shot("overview-picture")
        self.assertEqual((self.provider.count("/userinfo"), self.provider.count("/picture.png")), (0, 1))
        self.quit(warifu)

    def test_a_picture_elsewhere(self):
        """Another host is not asked for a picture"""
        # "localhost" is another host than 127.0.0.1, and the same machine.
        elsewhere = self.other.issuer.replace("127.0.0.1", "localhost")
        self.provider.claims = lambda claims: claims | {"name": "Alice Liddell", "picture": f"{elsewhere}/picture.png"}
        warifu = self.sign_in()
        warifu.wait("Alice Liddell", "label")
        warifu.key("F5")
        warifu.wait(contains="eneration 2", shown=False)
        self.assertEqual(self.other.requests, [])
        self.quit(warifu)

    def test_capabilities(self):
        """What the provider says that it can do is told in words"""
        self.provider.claims = lambda claims: claims | {"name": "Alice Liddell"}
        warifu = self.sign_in()
        wait_for("the row", lambda: self.stand_on(warifu, "Provider"))
        warifu.key("Return")
        for words in ("Proof of the sign-in (PKCE): Yes. Checked with S256.", "Refresh tokens: Unknown. It does not say.",
                      f"Revocation: Yes. {self.provider.issuer}/revoke", "Names itself when it answers (RFC 9207): No. ",
                      "ID token signatures: Yes. RS256, ES256"):
            warifu.wait(contains=words, role="list-item", shown=False)
        warifu.shot("overview-capabilities")
        self.quit(warifu)

    def stand_on(self, warifu, name):
        for _ in range(40):
            node = warifu.focused()
            if node and node.name == name and node.role == "list-item":
                return node
            warifu.key("Tab")
        return None


class PersonElsewhere(Person):
    settings = {"show-pictures": "true"}

    def test_a_picture_elsewhere(self):
        """Where the preferences say so, another host is asked, and is not told who asks"""
        elsewhere = self.other.issuer.replace("127.0.0.1", "localhost")
        self.provider.claims = lambda claims: claims | {"name": "Alice Liddell", "picture": f"{elsewhere}/picture.png"}
        warifu = self.sign_in()
        wait_for("the picture", lambda: self.other.count("/picture.png") == 1)
        self.assertFalse({"authorization", "cookie", "referer"} & {name.lower() for name in self.other.requests[0][2]})
        self.quit(warifu)

    test_userinfo = test_another_person = test_a_named_person = test_capabilities = None


if __name__ == "__main__":
    tap.main()
