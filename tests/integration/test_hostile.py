#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hostile and careless servers do, by the numbers of the catalogue in SECURITY.md."""

import gzip
import hashlib
import json
import socket
import threading
import time
import urllib.parse

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

import tap
from scripted import EC_KEY, OTHER_KEY, RSA_KEY, Answer, Key, ScriptedProvider, b64, encode_jwt, hmac_signer
from warifu_testing import Browser, Ctl, TestCase, is_at_lock, parameters_of, wait_for


class HostileCase(TestCase):
    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.stop)
        self.ctl = Ctl()
        self.add()

    def add(self, name="a", *options, **keywords):
        self.assertDone(self.ctl.run("add", name, "--issuer", self.provider.issuer, "--client-id", "client", *options, **keywords))

    def sign_in(self, person=None, name="a", *options):
        return self.ctl.sign_in(name, person or self.provider.person, *options)

    def signed_in(self):
        self.assertDone(self.sign_in())

    def assertSignInFails(self, name, status=1, person=None):
        self.assertFails(self.sign_in(person), name, status)
        shown = self.ctl.show()
        self.assertEqual((shown["state"], shown["access_token"]["present"]), ("signed-out", False), shown)
        self.assertEqual(self.provider.count("/userinfo"), 0)

    def answer_token(self, *args, **keywords):
        self.provider.token = lambda honest, form: Answer(*args, **keywords)


class AuthorizationRequest(HostileCase):
    def test_01_state_nonce_and_verifier_differ(self):
        """#1 two sign-ins share nothing"""
        urls = []
        for _ in range(2):
            self.assertDone(self.sign_in(lambda url: (urls.append(url), self.provider.person(url))))
        first, second = map(parameters_of, urls)
        for name in ("state", "nonce", "code_challenge"):
            self.assertNotEqual(first[name], second[name])
            self.assertGreaterEqual(len(first[name]), 22)
        verifiers = [form["code_verifier"] for _, path, _, form in self.provider.requests if path == "/token"]
        self.assertEqual([43 <= len(verifier) <= 128 for verifier in verifiers], [True, True])
        self.assertNotEqual(*verifiers)
        self.assertEqual([first["code_challenge_method"], first["response_type"]], ["S256", "code"])

    def test_02_only_plain(self):
        """#2 only plain PKCE is offered"""
        self.provider.discovery = lambda honest, form: Answer(self.provider.metadata() | {"code_challenge_methods_supported": ["plain"]})
        self.assertFails(self.sign_in(), "pkce_unsupported", 1)

    def test_03_offline_access_alone(self):
        """#3 offline_access without openid, and no refresh token comes"""
        self.assertDone(self.ctl.run("edit", "a", "--scope", "offline_access"))
        self.provider.token_changes = {"id_token": None, "refresh_token": None, "expires_in": None, "scope": None}
        outcome = self.sign_in()
        self.assertDone(outcome)
        self.assertIn("refresh token", outcome.err)
        shown = self.ctl.show()
        self.assertEqual((shown["state"], shown["access_token"]["expires_at"]), ("signed-in", None))
        self.assertFalse(shown["refresh_token"]["present"] or shown["id_token"]["present"])
        self.assertFails(self.ctl.run("refresh", "a"), "needs_sign_in", 3)
        self.assertDone(self.ctl.run("token", "a"))


class Redirect(HostileCase):
    def with_changes(self, **changes):
        return lambda url: Browser().open(self.provider.redirect(url, **changes))

    def test_05_state(self):
        """#5 state is missing, wrong, or of an earlier sign-in"""
        old = []
        self.assertDone(self.sign_in(lambda url: (old.append(parameters_of(url)["state"]), self.provider.person(url))))
        self.assertDone(self.ctl.run("sign-out", "a", "--local"))
        before = self.provider.count("/token")
        for state in (None, "wrong", "", old[0]):
            self.assertSignInFails("state_mismatch", person=self.with_changes(state=state))
        self.assertEqual(self.provider.count("/token"), before)

    def test_06_duplicates(self):
        """#6 code, state or iss stand twice"""
        for name in ("code", "state", "iss"):
            self.assertSignInFails({"code": "malformed_response", "state": "state_mismatch", "iss": "malformed_response"}[name],
                                   person=lambda url: Browser().open(f"{self.provider.redirect(url, iss=self.provider.issuer)}&{name}=twice"))
        self.assertEqual(self.provider.count("/token"), 0)

    def test_07_error_beats_code(self):
        """#7 code and error"""
        self.assertSignInFails("access_denied", person=self.with_changes(error="access_denied", error_description="No."))
        self.assertEqual(self.provider.count("/token"), 0)

    def test_08_iss_wrong(self):
        """#8 iss of another issuer"""
        self.assertSignInFails("issuer_mismatch", person=self.with_changes(iss="https://evil.example.org"))
        self.assertEqual(self.provider.count("/token"), 0)

    def test_08_iss_absent(self):
        """#8 iss was promised and is absent"""
        self.provider.discovery = lambda honest, form: Answer(self.provider.metadata() | {"authorization_response_iss_parameter_supported": True})
        self.assertSignInFails("issuer_mismatch")
        self.assertDone(self.sign_in(self.with_changes(iss=self.provider.issuer)))

    def test_10_lookalikes(self):
        """#10 paths, hosts and requests that resemble the redirect are not taken for it"""
        def person(url):
            wanted = parameters_of(url)
            address = urllib.parse.urlsplit(wanted["redirect_uri"])
            query = f"?code=evil&state={wanted['state']}"
            for target, host, more in (("/x/../callback", "", ""), ("/%63allback", "", ""), ("/./callback", "", ""), ("//callback", "", ""),
                                       ("http://evil.example.org/callback", "", ""), ("/callback", "evil.example.org", ""),
                                       ("/callback", "localhost", ""), ("/callback", "", "Sec-Fetch-Dest: iframe\r\n")):
                with socket.create_connection((address.hostname, address.port), 10) as connection:
                    connection.sendall(f"GET {target}{query} HTTP/1.1\r\nHost: {host or address.netloc}\r\n{more}\r\n".encode())
                    self.assertIn(b" 404 ", connection.recv(100), target)
            self.provider.person(url)

        self.assertDone(self.sign_in(person))
        self.assertNotIn("evil", [form["code"] for _, path, _, form in self.provider.requests if path == "/token"])

    def test_12_tokens_in_the_fragment(self):
        """#12 tokens beside the code are ignored"""
        self.assertDone(self.sign_in(self.with_changes(access_token="evil", id_token="evil")))
        self.assertNotIn("evil", self.ctl.run("token", "a").out)

    def test_13_odd_codes(self):
        """#13 odd characters arrive whole, or are refused"""
        odd = "a b+c%&=/\r\nX-Evil: 1\"'<>é"
        self.sign_in(self.with_changes(code=odd))
        self.assertEqual([form["code"] for _, path, _, form in self.provider.requests if path == "/token"][-1:] or [odd], [odd])
        outcome = self.sign_in(lambda url: Browser().open(self.provider.redirect(url, error="access_denied", code=None,
                                                                                error_description="a\r\nb\x1b[31mred\u202e")))
        self.assertFails(outcome, "access_denied", 1)
        self.assertNotIn("\x1b", outcome.err)
        self.assertNotIn("\u202e", outcome.err)
        self.assertFails(self.sign_in(lambda url: Browser().open(self.provider.redirect(url) + "&x=%00%ff")), "malformed_response", 1)
        self.assertFails(self.sign_in(lambda url: Browser().open(self.provider.redirect(url) + "&x=%zz")), "malformed_response", 1)

    def test_14_nonce(self):
        """#14 a code of another sign-in brings another nonce"""
        self.provider.claims = lambda claims: claims | {"nonce": "another"}
        self.assertSignInFails("nonce_mismatch")


class Transport(HostileCase):
    def test_15_redirects(self):
        """#15 the token endpoint redirects"""
        other = ScriptedProvider()
        self.addCleanup(other.stop)
        for status in (301, 302, 303, 307, 308):
            self.answer_token(b"", status, headers=[("Location", f"{other.issuer}/token")])
            self.assertSignInFails("redirect_refused")
        self.assertEqual(other.requests, [])

    def test_16_insecure_endpoints(self):
        """#16 and #59 endpoints that are not https"""
        for name in ("token_endpoint", "authorization_endpoint", "jwks_uri", "userinfo_endpoint"):
            for bad in ("http://id.example.org/x", "file:///etc/passwd", "ftp://id.example.org/", "//id.example.org/x", "javascript:1"):
                self.provider.discovery = lambda honest, form: Answer(self.provider.metadata() | {name: bad})
                self.assertFails(self.sign_in(), "insecure_endpoint", 1)

    def test_18_gzip_bomb(self):
        """#18 a body that grows when it is unpacked"""
        bomb = gzip.compress(b"\0" * (64 << 20))
        self.answer_token(bomb, headers=[("Content-Encoding", "gzip")])
        self.assertSignInFails("response_too_large")

    def test_18_large_body(self):
        """#18 a body that is too large as it is"""
        self.answer_token(b" " * (3 << 20))
        self.assertSignInFails("response_too_large")

    def test_20_truncated(self):
        """#20 a body that breaks off"""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        for raw in (head + b"Transfer-Encoding: chunked\r\n\r\n1a\r\n{\"access_token\":\"a\",\"toke",
                    head + b"Content-Length: 500\r\n\r\n{\"access_token\":\"a\"",
                    head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"):
            self.answer_token(raw=raw)
            self.assertFails(self.sign_in(), "malformed_response")

    def test_21_odd_http(self):
        """#21 answers that are hardly HTTP"""
        for raw in (b"hello\r\n\r\n", b"HTTP/1.1 204 No Content\r\n\r\n", b"\0\1\2\3\r\n\r\n",
                    b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"):
            self.answer_token(raw=raw)
            outcome = self.sign_in()
            self.assertIn(outcome.name, ("malformed_response", "unexpected_content_type", "offline"), outcome)
        self.answer_token(raw=b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
        self.assertFails(self.sign_in(), "server_error", 4)

    def test_22_dropped(self):
        """#22 the connection drops after the code was sent: it is not sent again"""
        self.answer_token(drop=True)
        self.assertFails(self.sign_in(), "offline", 4)
        self.assertEqual(self.provider.count("/token"), 1)

    def test_23_basic_challenge(self):
        """#23 401 with a Basic challenge"""
        self.answer_token({"error": "invalid_client"}, 401, headers=[("WWW-Authenticate", 'Basic realm="x"')])
        self.assertFails(self.sign_in(), "invalid_client", 1)
        self.assertEqual(self.provider.count("/token"), 1)

    def test_24_retry_after(self):
        """#24 429 and 503 with sane and insane Retry-After"""
        self.signed_in()
        for status, name in ((429, "rate_limited"), (503, "server_error"), (500, "server_error"), (502, "server_error")):
            for value in ("1", "99999999999999999999", "-5", "Wed, 21 Oct 2095 07:28:00 GMT", "soon"):
                self.answer_token(b"<html>", status, "text/html", [("Retry-After", value)])
                self.assertFails(self.ctl.run("refresh", "a"), name, 4)
        self.assertTrue(self.ctl.show()["refresh_token"]["present"])
        self.provider.token = None
        self.assertDone(self.ctl.run("refresh", "a"))

    def test_discovery(self):
        """discovery that is not there, no JSON, or of another issuer"""
        metadata = self.provider.metadata()
        for answer, names in (
            (Answer(b"no", 404, "text/plain"), ("unexpected_content_type", "malformed_response")),
            (Answer(b"<html>", 200, "text/html"), ("unexpected_content_type",)),
            (Answer(b"{", 200), ("malformed_response",)),
            (Answer([], 200), ("malformed_response",)),
            (Answer(metadata | {"issuer": "https://evil.example.org"}), ("discovery_mismatch",)),
            (Answer(metadata | {"issuer": metadata["issuer"] + "/"}), ("discovery_mismatch",)),
            (Answer({k: v for k, v in metadata.items() if k != "issuer"}), ("discovery_mismatch", "malformed_response")),
            (Answer({k: v for k, v in metadata.items() if k != "token_endpoint"}), ("malformed_response",)),
            (Answer(b"", 302, headers=[("Location", "https://evil.example.org/")]), ("redirect_refused",)),
            (Answer(b"", 500), ("server_error",)),
        ):
            self.provider.discovery = lambda honest, form: answer
            outcome = self.sign_in()
            self.assertIn(outcome.name, names, outcome)
            self.assertNotEqual(outcome.status, 0)

    def test_offline(self):
        """nobody listens"""
        self.provider.stop()
        self.assertFails(self.sign_in(), "offline", 4)


class TokenBody(HostileCase):
    def test_25_html_and_error_with_200(self):
        """#25 a web page, or an error with 200"""
        self.answer_token(b"<html>hello</html>", 200, "text/html")
        self.assertSignInFails("unexpected_content_type")
        self.answer_token({"error": "bad_verification_code", "error_description": "It expired."})
        self.assertSignInFails("bad_verification_code")
        self.answer_token({"error": "invalid_request", "error_description": "The redirect_uri is missing."}, 400)
        outcome = self.sign_in()
        self.assertFails(outcome, "invalid_request", 1)
        self.assertIn("The redirect_uri is missing.", outcome.err)

    def test_26_to_29_not_json(self):
        """#26 to #29 and #31 what is nearly JSON"""
        good = '"access_token":"a","token_type":"Bearer"'
        for body in (b"[" * 100000 + b"]" * 100000, b'{"a":' * 100000 + b"1" + b"}" * 100000,
                     "{%s,\"access_token\":\"b\"}" % good, '{%s,"\\u0061ccess_token":"b"}' % good,
                     '{"access_token":"AB\\u0000CD","token_type":"Bearer"}',
                     "{%s} {}" % good, "var x={%s}" % good, "{%s,'a':1}" % good, "{%s,\"a\":010}" % good,
                     "{%s,\"a\":0x10}" % good, "{%s,}" % good, "/* */{%s}" % good, "{%s,\"a\":NaN}" % good,
                     b"{" + good.encode() + b',"a":"\xff"}', b"{" + good.encode() + b',"a":"\0"}',
                     ("{%s}" % good).encode("utf-16"), b"\xef\xbb\xbf{" + good.encode() + b"}", "", "null", "[]", '"a"'):
            self.answer_token(body)
            self.assertSignInFails("malformed_response")

    def test_30_expires_in(self):
        """#30 odd expires_in never makes a storm"""
        for value, expected in ((None, True), ("3600", True), (1e300, None), (10 ** 22, None), (-5, False), (True, False), ("x", False), (1.5, False), ([], False)):
            self.provider.token_changes = {"expires_in": value}
            outcome = self.sign_in()
            if expected:
                self.assertDone(outcome)
            elif expected is False:
                self.assertFails(outcome, "malformed_response", 1)
            else:
                self.assertIn(outcome.name, (None, "malformed_response"))
            if outcome.status == 0:
                before = self.provider.count("/token")
                self.assertDone(self.ctl.run("token", "a"))
                self.assertEqual(self.provider.count("/token"), before)
                self.assertDone(self.ctl.run("sign-out", "a", "--local"))
        self.answer_token(b'{"access_token":"a","token_type":"Bearer","expires_in":null}')
        self.assertFails(self.sign_in(), "malformed_response", 1)

    def test_32_token_type(self):
        """#32 token_type is absent, of another kind, or oddly written"""
        for value in (None, "mac", "N_A", "DPoP", "", 5):
            self.provider.token_changes = {"token_type": value}
            outcome = self.sign_in()
            self.assertIn(outcome.name, ("unsupported_token_type", "malformed_response"), outcome)
        self.provider.token_changes = {"token_type": "bEaReR"}
        self.signed_in()

    def test_33_access_token(self):
        """#33 odd access tokens"""
        for value in ("", 5, None, "a\r\nX: 1", "x" * 900000, "é", {"a": 1}):
            self.provider.token_changes = {"access_token": value, "id_token": None}
            outcome = self.sign_in()
            self.assertIn(outcome.name, ("malformed_response", "response_too_large"), (value, outcome))

    def test_34_scope(self):
        """#34 narrowed scope is shown as granted"""
        self.provider.token_changes = {"scope": "openid"}
        self.signed_in()
        self.assertEqual(self.ctl.show()["access_token"]["scope"], ["openid"])


class Refresh(HostileCase):
    def refresh_tokens_sent(self):
        return [form["refresh_token"] for _, path, _, form in self.provider.requests if form.get("grant_type") == "refresh_token"]

    def test_36_rotation(self):
        """#36 a rotated token is stored and the old one never sent again; without one the old one stays"""
        self.signed_in()
        for _ in range(3):
            self.assertDone(self.ctl.run("refresh", "a"))
        sent = self.refresh_tokens_sent()
        self.assertEqual(len(set(sent)), 3)
        self.assertEqual(self.ctl.show()["refresh_token"]["generation"], 4)
        self.provider.rotate = False
        for _ in range(2):
            self.assertDone(self.ctl.run("refresh", "a"))
        self.assertEqual(len(set(self.refresh_tokens_sent()[3:])), 1)
        # Written out, nothing is still nothing.
        for nothing in (None, ""):
            self.answer_token({"access_token": "a", "token_type": "Bearer", "refresh_token": nothing, "scope": None})
            self.assertDone(self.ctl.run("refresh", "a"))
        self.assertEqual(len(set(self.refresh_tokens_sent()[3:])), 1)
        self.assertTrue(self.ctl.show()["refresh_token"]["present"])

    def test_38_lost_answer(self):
        """#38 an answer that never came is not asked for again; where the account has a leeway, once"""
        self.signed_in()
        self.answer_token(drop=True)
        self.assertFails(self.ctl.run("refresh", "a"), "offline", 4)
        for command in ("refresh", "token", "refresh"):
            self.assertFails(self.ctl.run(command, "a", *(["--min-ttl", "99999"] if command == "token" else [])), "needs_sign_in", 3)
        self.assertEqual(self.provider.count("/token"), 2)
        self.assertDone(self.ctl.run("edit", "a", "--reuse-leeway", "yes"))
        self.assertFails(self.ctl.run("refresh", "a"), "offline", 4)
        self.assertFails(self.ctl.run("refresh", "a"), "needs_sign_in", 3)
        self.assertEqual(self.provider.count("/token"), 3)
        self.assertEqual(len(set(self.refresh_tokens_sent())), 1)
        self.assertTrue(self.ctl.show()["refresh_token"]["present"])

    def test_39_ten_callers(self):
        """#39 ten processes, one request"""
        self.provider.lifetime = 1
        self.signed_in()
        self.provider.lifetime = 300
        wait_for("the access token to expire", lambda: self.ctl.show()["state"] == "expired")
        before = self.provider.count("/token")
        account, asked = self.ctl.show()["id"], threading.Event()
        self.addCleanup(asked.set)

        def hold(honest, form):
            answer = honest()
            answer.wait = asked
            return answer

        self.provider.token = hold
        processes = [self.ctl.start("token", "a") for _ in range(10)]
        wait_for("all of them to ask", lambda: all(is_at_lock(process, account) for process in processes))
        asked.set()
        tokens = {process.communicate(timeout=60)[0] for process in processes}
        self.assertEqual([process.returncode for process in processes], [0] * 10)
        self.assertEqual(self.provider.count("/token"), before + 1)
        self.assertEqual(len(tokens), 1)

    def test_41_invalid_grant(self):
        """#41 invalid_grant alone ends the session, without a loop"""
        self.signed_in()
        for answer in (Answer({"error": "invalid_grant"}, 500), Answer({"error": "temporarily_unavailable"}, 503),
                       Answer({"error": "server_error"}, 400), Answer({"error": "mfa_required"}, 403)):
            self.provider.token = lambda honest, form: answer
            self.assertNotEqual(self.ctl.run("refresh", "a").status, 0)
            self.assertTrue(self.ctl.show()["refresh_token"]["present"])
        self.answer_token({"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."}, 403)
        self.assertFails(self.ctl.run("refresh", "a"), "invalid_grant", 3)
        shown = self.ctl.show()
        self.assertEqual((shown["state"], shown["refresh_token"]["present"], shown["last_error"]["name"]), ("needs-sign-in", False, "invalid_grant"))
        before = self.provider.count("/token")
        self.assertFails(self.ctl.run("refresh", "a"), "needs_sign_in", 3)
        self.assertEqual(self.provider.count("/token"), before)
        self.provider.token = None
        self.signed_in()
        self.assertIsNone(self.ctl.show()["last_error"])

    def test_42_refreshed_id_token(self):
        """#42 a refreshed ID token of another person, issuer, client or key"""
        for change in ({"sub": "mallory"}, {"iss": "https://evil.example.org"}, {"aud": "other"}):
            self.provider.claims = lambda claims: claims
            self.signed_in()
            token = self.ctl.run("token", "a").out
            self.provider.claims = lambda claims: claims | change
            self.assertFails(self.ctl.run("refresh", "a"), "id_token_invalid", 1)
            self.assertEqual(self.ctl.run("token", "a").out, token, "nothing of a rejected answer is used")
        self.provider.claims = lambda claims: claims
        self.signed_in()
        nonce = self.ctl.run("inspect", "--no-verify", "--json", stdin=self.ctl.run("token", "a", "--id").out).json["claims"]["nonce"]
        self.provider.claims = lambda claims: claims | {"nonce": nonce}
        self.assertDone(self.ctl.run("refresh", "a"))
        for other in ("other", 7, ""):
            self.provider.claims = lambda claims: claims
            self.signed_in()
            self.provider.claims = lambda claims: claims | {"nonce": other}
            self.assertFails(self.ctl.run("refresh", "a"), "nonce_mismatch", 1)
        self.provider.claims = lambda claims: claims
        self.signed_in()
        self.provider.sign = OTHER_KEY.sign
        self.assertFails(self.ctl.run("refresh", "a"), "signature_invalid", 1)
        self.provider.sign, self.provider.token_changes = None, {"id_token": None}
        self.signed_in()
        self.assertDone(self.ctl.run("refresh", "a"))

    def test_45_revocation(self):
        """#45 revocation fails: the tokens go all the same"""
        for answer, status in ((Answer(b"", 200, None), 0), (Answer(b"", 503, None), None), (Answer({"error": "invalid_request"}, 400), None)):
            self.signed_in()
            self.provider.revocation = lambda honest, form: answer
            outcome = self.ctl.run("sign-out", "a")
            if status is not None:
                self.assertEqual(outcome.status, status, outcome)
            shown = self.ctl.show()
            self.assertEqual((shown["state"], shown["refresh_token"]["present"]), ("signed-out", False))


class IdToken(HostileCase):
    def refused(self, *names):
        outcome = self.sign_in()
        self.assertIn(outcome.name, names or ("id_token_invalid",), outcome)
        self.assertNotEqual(outcome.status, 0)
        self.assertEqual(self.ctl.show()["state"], "signed-out")

    def test_46_alg_none(self):
        """#46 none in every spelling, no alg, alg as an array"""
        for algorithm in ("none", "None", "nOnE", "", None, ["RS256"], 5):
            self.provider.header = lambda header: header | {"alg": algorithm}
            for sign in (lambda data: b"", None):
                self.provider.sign = sign
                self.refused("signature_invalid", "id_token_invalid")

    def test_47_hs256_with_the_public_key(self):
        """#47 HS256 keyed with what everybody knows"""
        public = RSA_KEY.private.public_key()
        for secret in (public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
                       public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
                       public.public_numbers().n.to_bytes(256, "big"), b"\0", b"client"):
            self.provider.header = lambda header: header | {"alg": "HS256"}
            self.provider.sign = hmac_signer(secret)
            self.refused("signature_invalid")

    def test_48_oct_key(self):
        """#48 a symmetric key in the key set"""
        self.provider.jwks = lambda honest, form: Answer({"keys": [{"kty": "oct", "k": b64(b"secret" * 8), "kid": "rsa-1", "alg": "HS256"}]})
        self.provider.header = lambda header: header | {"alg": "HS256"}
        self.provider.sign = hmac_signer(b"secret" * 8)
        self.refused("signature_invalid")

    def test_49_key_does_not_agree(self):
        """#49 the key is for another algorithm or another use"""
        for change in ({"alg": "RS512"}, {"use": "enc"}, {"key_ops": ["encrypt"]}, {"alg": "ES256"}):
            self.provider.jwks = lambda honest, form: Answer({"keys": [RSA_KEY.public_jwk(**change)]})
            self.refused("signature_invalid")

    def test_50_crit(self):
        """#50 crit, b64 and zip"""
        for change in ({"crit": ["x"], "x": 1}, {"crit": []}, {"crit": ["b64"], "b64": False}, {"b64": False}, {"zip": "DEF"}):
            self.provider.header = lambda header: header | change
            self.refused("signature_invalid", "id_token_invalid")

    def test_51_embedded_key(self):
        """#51 a key that comes with the token is not used and not fetched"""
        other = ScriptedProvider()
        self.addCleanup(other.stop)
        for change in ({"jwk": OTHER_KEY.public_jwk()}, {"jku": f"{other.issuer}/jwks"}, {"x5u": f"{other.issuer}/x"}, {"x5c": ["AAAA"]}):
            self.provider.header = lambda header: header | change
            self.provider.sign = OTHER_KEY.sign
            self.refused("signature_invalid")
        self.assertEqual(other.requests, [])

    def test_52_kid(self):
        """#52 odd kids; an unknown one makes one more request for keys"""
        for kid in ("../../etc/passwd", 5, "unknown", "' OR 1=1"):
            before = self.provider.count("/jwks")
            self.provider.header = lambda header: header | {"kid": kid}
            self.refused("signature_invalid", "id_token_invalid")
            self.assertLessEqual(self.provider.count("/jwks"), before + 2)

    def test_53_ecdsa(self):
        """#53 broken ES256 signatures"""
        self.provider.key = EC_KEY
        good = EC_KEY.sign
        self.signed_in()
        self.assertDone(self.ctl.run("sign-out", "a", "--local"))
        for sign in (lambda data: bytes(64), lambda data: bytes(63) + b"\1", lambda data: good(data)[:63], lambda data: good(data) + b"\0",
                     lambda data: b"\0" + good(data), lambda data: bytes(16384), lambda data: good(data)[:32] + bytes(32), lambda data: b""):
            self.provider.sign = sign
            self.refused("signature_invalid")

    def test_54_weak_rsa(self):
        """#54 RSA keys that are too small, too large, or have a silly exponent"""
        small = Key("RS256", "rsa-1")
        small.private = rsa.generate_private_key(65537, 1024)
        self.provider.key = small
        self.refused("signature_invalid")
        self.provider.key = RSA_KEY
        for change in ({"e": b64(b"\1")}, {"e": b64(b"\2")}, {"n": b64(b"\xff" * (128 << 10))}):
            self.provider.jwks = lambda honest, form: Answer({"keys": [RSA_KEY.public_jwk(**change)]})
            self.refused("signature_invalid", "response_too_large", "malformed_response")

    def test_55_encoding(self):
        """#55 tokens that are not canonical"""
        def change(edit):
            self.provider.token = lambda honest, form: Answer(self.edited(honest(), edit))
            self.refused("id_token_invalid", "malformed_response", "signature_invalid")
        change(lambda t: t + "=")
        change(lambda t: t.replace(".", ".\n", 1))
        change(lambda t: t + ".")
        change(lambda t: t + ".a.b")
        change(lambda t: t.rsplit(".", 1)[0])
        change(lambda t: t.rsplit(".", 1)[0] + ".")
        change(lambda t: " " + t)

    @staticmethod
    def edited(honest, edit):
        body = json.loads(honest.body)
        if "id_token" in body:
            body["id_token"] = edit(body["id_token"])
        return body

    def test_56_claims(self):
        """#56 times, audiences and parties that are wrong"""
        now = int(time.time())
        for change in ({"exp": now - 400}, {"exp": "soon"}, {"exp": None}, {"iat": now + 4000}, {"iat": None}, {"nbf": now + 4000},
                       {"azp": "other"}, {"aud": ["client", "other"]}, {"aud": "other"}, {"aud": None}, {"aud": []}, {"aud": 5},
                       {"iss": "https://evil.example.org"}, {"iss": None}, {"sub": None}, {"sub": ""}, {"sub": 5}, {"sub": "x" * 300}):
            self.provider.claims = lambda claims: claims | change
            self.refused("id_token_invalid")
        self.provider.claims = lambda claims: claims | {"nonce": None}
        self.refused("nonce_mismatch")
        self.provider.claims = lambda claims: claims | {"aud": ["client"]}
        self.signed_in()

    def test_57_at_hash_and_jwe(self):
        """#57 a wrong at_hash, and an encrypted ID token"""
        self.provider.claims = lambda claims: claims | {"at_hash": b64(hashlib.sha256(b"x").digest()[:16])}
        self.refused("id_token_invalid")
        self.provider.token_changes = {"id_token": ".".join([b64(b'{"alg":"RSA-OAEP","enc":"A128GCM","zip":"DEF"}')] + ["AAAA"] * 4)}
        self.refused("id_token_invalid")

    def test_58_key_sets(self):
        """#58 odd key sets"""
        good = RSA_KEY.public_jwk()
        for answer, works in ((Answer(b"<html>", 200, "text/html"), False), (Answer(b"x" * (3 << 20)), False), (Answer({"keys": []}), False), (Answer({}), False),
                              (Answer({"keys": [5, {}, {"kty": "RSA"}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, good]}), True),
                              (Answer({"keys": [OTHER_KEY.public_jwk(), good]}), True),
                              (Answer({"keys": [good] + [{"kty": "RSA", "kid": str(i)} for i in range(10000)]}), True),
                              (Answer({"keys": [good]}, 200, "text/plain"), True)):
            self.provider.jwks = lambda honest, form: answer
            outcome = self.sign_in()
            self.assertEqual(outcome.status == 0, works, outcome)
            self.assertDone(self.ctl.run("sign-out", "a", "--local"))


class Userinfo(HostileCase):
    def test_sub(self):
        """userinfo of another person"""
        self.signed_in()
        self.provider.userinfo = lambda honest, form: Answer({"sub": "mallory", "name": "Mallory"})
        outcome = self.ctl.run("userinfo", "a")
        self.assertFails(outcome, "userinfo_mismatch", 1)
        self.assertNotIn("Mallory", outcome.out)

    def test_signed(self):
        """userinfo that is signed, well and badly"""
        self.signed_in()
        claims = {"iss": self.provider.issuer, "aud": "client", "sub": "alice", "name": "Alice Liddell"}
        header = {"alg": "RS256", "kid": "rsa-1"}
        self.provider.userinfo = lambda honest, form: Answer(encode_jwt(header, claims, RSA_KEY.sign), content_type="application/jwt")
        self.assertEqual(self.ctl.run("userinfo", "a").json["name"], "Alice Liddell")
        self.provider.userinfo = lambda honest, form: Answer(encode_jwt(header, claims, OTHER_KEY.sign), content_type="application/jwt")
        self.assertFails(self.ctl.run("userinfo", "a"), "signature_invalid", 1)
        for change in ({"exp": time.time() - 600}, {"exp": "soon"}, {"nbf": time.time() + 600}):
            self.provider.userinfo = lambda honest, form: Answer(encode_jwt(header, claims | change, RSA_KEY.sign), content_type="application/jwt")
            self.assertFails(self.ctl.run("userinfo", "a"), "userinfo_mismatch", 1)

    def test_76_bearer_in_the_header_only(self):
        """#76 the access token is never in a query"""
        self.signed_in()
        self.assertDone(self.ctl.run("userinfo", "a"))
        token = self.ctl.run("token", "a").out.strip()
        headers = [headers for _, path, headers, _ in self.provider.requests if path == "/userinfo"]
        self.assertEqual(headers[0]["Authorization"], f"Bearer {token}")
        for header in ("Cookie", "Origin", "Referer"):
            self.assertNotIn(header, headers[0])


class MixUp(HostileCase):
    def test_09_mix_up(self):
        """#9 the code of one provider is never sent to another"""
        other = ScriptedProvider()
        self.addCleanup(other.stop)
        self.provider.discovery = lambda honest, form: Answer(self.provider.metadata() | {"authorization_response_iss_parameter_supported": True})
        self.assertSignInFails("issuer_mismatch", person=lambda url: Browser().open(self.provider.redirect(url, iss=other.issuer, code=other.new_code(url))))
        self.assertEqual(self.provider.count("/token"), 0)

    def test_edited_issuer(self):
        """a refresh token is never sent to an issuer that somebody wrote into the file later"""
        self.signed_in()
        other = ScriptedProvider()
        self.addCleanup(other.stop)
        self.assertDone(self.ctl.run("edit", "a", "--issuer", other.issuer))
        self.assertFails(self.ctl.run("refresh", "a"), "needs_sign_in", 3)
        self.assertEqual(other.count("/token"), 0)


if __name__ == "__main__":
    tap.main()
