#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OpenID Foundation's conformance modules for clients that fit a native application (Basic, Config and refresh
plans, and what goes with them), one test a module under its own name. A rejected answer is followed by no request."""

import base64
import hashlib
import tempfile

import tap
from scripted import EC_KEY, OTHER_KEY, RSA_KEY, Answer, Key, ScriptedProvider, b64, encode_jwt, hmac_signer
from warifu_testing import Ctl, TestCase, parameters_of


class Module(TestCase):
    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.stop)
        self.ctl = Ctl()
        self.add()

    def add(self, *options, **keywords):
        self.assertDone(self.ctl.run("add", "a", "--issuer", self.provider.issuer, "--client-id", "client",
                                     "--redirect-uri", "http://127.0.0.1/callback", *options, **keywords))

    def accept(self):
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        outcome = self.ctl.run("userinfo", "a")
        self.assertDone(outcome)
        self.assertEqual(self.provider.count("/userinfo"), 1)
        return outcome.json

    def reject(self, *names):
        outcome = self.ctl.sign_in("a", self.provider.person)
        self.assertIn(outcome.name, names)
        after = len(self.provider.requests)
        self.assertFails(self.ctl.run("userinfo", "a"), "needs_sign_in", 3)
        self.assertEqual(len(self.provider.requests), after, "no request after a bad answer")

    def claim(self, **changes):
        self.provider.claims = lambda claims: claims | changes


class Basic(Module):
    def test_oidcc_client_test(self):
        """oidcc-client-test"""
        self.assertEqual(self.accept()["sub"], "alice")

    def test_invalid_iss(self):
        """oidcc-client-test-invalid-iss"""
        self.claim(iss=self.provider.issuer + "/x")
        self.reject("id_token_invalid")

    def test_missing_aud(self):
        """oidcc-client-test-missing-aud"""
        self.claim(aud=None)
        self.reject("id_token_invalid")

    def test_invalid_aud(self):
        """oidcc-client-test-invalid-aud"""
        self.claim(aud="client1")
        self.reject("id_token_invalid")

    def test_missing_iat(self):
        """oidcc-client-test-missing-iat"""
        self.claim(iat=None)
        self.reject("id_token_invalid")

    def test_missing_sub(self):
        """oidcc-client-test-missing-sub"""
        self.claim(sub=None)
        self.reject("id_token_invalid")

    def test_nonce_invalid(self):
        """oidcc-client-test-nonce-invalid"""
        self.claim(nonce="wrong")
        self.reject("nonce_mismatch")

    def test_invalid_sig_rs256(self):
        """oidcc-client-test-invalid-sig-rs256"""
        self.provider.sign = OTHER_KEY.sign
        self.reject("signature_invalid")

    def test_invalid_sig_es256(self):
        """oidcc-client-test-invalid-sig-es256"""
        self.provider.key = EC_KEY
        self.provider.sign = Key("ES256").sign
        self.reject("signature_invalid")

    def test_invalid_sig_hs256(self):
        """oidcc-client-test-invalid-sig-hs256"""
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("a client secret of good length 1234567890")
            file.flush()
            self.assertDone(self.ctl.run("edit", "a", "--client-secret-file", file.name, "--auth-method", "client_secret_basic"))
        self.provider.header = lambda header: header | {"alg": "HS256", "kid": None}
        self.provider.sign = hmac_signer(b"another secret")
        self.reject("signature_invalid")

    def test_idtoken_sig_none(self):
        """oidcc-client-test-idtoken-sig-none (rejected)"""
        self.provider.header = lambda header: {"alg": "none"}
        self.provider.sign = lambda data: b""
        self.reject("signature_invalid", "id_token_invalid")

    def test_idtoken_sig_rs256(self):
        """oidcc-client-test-idtoken-sig-rs256"""
        self.accept()
        self.assertEqual(self.ctl.show()["id_token"]["algorithm"], "RS256")

    def test_kid_absent_single_jwks(self):
        """oidcc-client-test-kid-absent-single-jwks"""
        self.provider.header = lambda header: header | {"kid": None}
        self.provider.jwks = lambda honest, form: Answer({"keys": [RSA_KEY.public_jwk(kid=None)]})
        self.accept()

    def test_kid_absent_multiple_jwks(self):
        """oidcc-client-test-kid-absent-multiple-jwks (every key that fits is tried)"""
        self.provider.header = lambda header: header | {"kid": None}
        self.provider.jwks = lambda honest, form: Answer({"keys": [OTHER_KEY.public_jwk(kid="x"), EC_KEY.public_jwk(), RSA_KEY.public_jwk()]})
        self.accept()

    def test_userinfo_invalid_sub(self):
        """oidcc-client-test-userinfo-invalid-sub"""
        self.provider.userinfo = lambda honest, form: Answer({"sub": "alice1"})
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        self.assertFails(self.ctl.run("userinfo", "a"), "userinfo_mismatch", 1)

    def test_scope_userinfo_claims(self):
        """oidcc-client-test-scope-userinfo-claims"""
        self.accept()
        asked = []
        self.ctl.sign_in("a", lambda url: (asked.append(parameters_of(url)["scope"]), self.provider.person(url)))
        self.assertLessEqual({"openid", "profile", "email"}, set(asked[0].split()))

    def test_client_secret_basic(self):
        """oidcc-client-test-client-secret-basic"""
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("s3c&r=t+/%")
            file.flush()
            self.assertDone(self.ctl.run("edit", "a", "--client-secret-file", file.name, "--auth-method", "client_secret_basic"))
        self.accept()
        headers, form = [(headers, form) for _, path, headers, form in self.provider.requests if path == "/token"][0]
        self.assertEqual(base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode(), "client:s3c%26r%3Dt%2B%2F%25")
        self.assertNotIn("client_secret", form)

    def test_userinfo_bearer_header(self):
        """oidcc-client-test-userinfo-bearer-header"""
        self.accept()
        headers = [headers for _, path, headers, _ in self.provider.requests if path == "/userinfo"][0]
        self.assertTrue(headers["Authorization"].startswith("Bearer access-"))

    def test_userinfo_signed(self):
        """oidcc-client-test-userinfo-signed"""
        claims = {"iss": self.provider.issuer, "aud": "client", "sub": "alice"}
        self.provider.userinfo = lambda honest, form: Answer(encode_jwt({"alg": "RS256", "kid": "rsa-1"}, claims, RSA_KEY.sign), content_type="application/jwt")
        self.accept()

    def test_nonce_unless_code_flow(self):
        """oidcc-client-test-nonce-unless-code-flow (a nonce is sent in the code flow too)"""
        asked = []
        self.assertDone(self.ctl.sign_in("a", lambda url: (asked.append(parameters_of(url)), self.provider.person(url))))
        self.assertGreaterEqual(len(asked[0]["nonce"]), 22)

    def test_missing_athash(self):
        """oidcc-client-test-missing-athash (at_hash is optional in the code flow: accepted)"""
        self.claim(at_hash=None)
        self.accept()

    def test_invalid_athash(self):
        """oidcc-client-test-invalid-athash"""
        self.claim(at_hash=b64(hashlib.sha256(b"x").digest()[:16]))
        self.reject("id_token_invalid")


class Config(Module):
    def test_discovery_openid_config(self):
        """oidcc-client-test-discovery-openid-config"""
        self.accept()
        self.assertGreaterEqual(self.provider.count("/.well-known/openid-configuration"), 1)

    def test_discovery_jwks_uri_keys(self):
        """oidcc-client-test-discovery-jwks-uri-keys"""
        self.accept()
        self.assertGreaterEqual(self.provider.count("/jwks"), 1)
        self.assertTrue(self.ctl.show()["id_token"]["verified"])

    def test_discovery_issuer_mismatch(self):
        """oidcc-client-test-discovery-issuer-mismatch"""
        self.provider.discovery = lambda honest, form: Answer(self.provider.metadata() | {"issuer": "https://evil.example.org"})
        self.assertFails(self.ctl.sign_in("a", self.provider.person), "discovery_mismatch", 1)
        self.assertEqual({path for _, path, _, _ in self.provider.requests}, {"/.well-known/openid-configuration"})

    def test_signing_key_rotation(self):
        """oidcc-client-test-signing-key-rotation"""
        self.accept()
        self.provider.key = Key("RS256", "rsa-2")
        self.assertDone(self.ctl.sign_in("a", self.provider.person))

    def test_signing_key_rotation_just_before_signing(self):
        """oidcc-client-test-signing-key-rotation-just-before-signing"""
        new = Key("RS256", "rsa-2")
        answers = [Answer({"keys": [RSA_KEY.public_jwk()]}), Answer({"keys": [new.public_jwk()]})]
        self.provider.jwks = lambda honest, form: answers.pop(0)
        self.provider.key = new
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        self.assertEqual(self.provider.count("/jwks"), 2)


class RefreshPlan(Module):
    def test_refresh_token(self):
        """oidcc-client-test-refresh-token"""
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        self.assertDone(self.ctl.run("refresh", "a"))
        self.assertDone(self.ctl.run("userinfo", "a"))
        form = [form for _, path, _, form in self.provider.requests if path == "/token"][-1]
        self.assertEqual(form["grant_type"], "refresh_token")
        self.assertNotIn("scope", form, "nothing wider than was granted")

    def rejected_refresh(self, **changes):
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        token = self.ctl.run("token", "a").out
        self.claim(**changes)
        self.assertFails(self.ctl.run("refresh", "a"), "id_token_invalid", 1)
        self.assertEqual(self.provider.count("/userinfo"), 0)
        self.assertEqual(self.ctl.run("token", "a").out, token)

    def test_refresh_token_invalid_issuer(self):
        """oidcc-client-test-refresh-token-invalid-issuer"""
        self.rejected_refresh(iss="https://evil.example.org")

    def test_refresh_token_invalid_sub(self):
        """oidcc-client-test-refresh-token-invalid-sub"""
        self.rejected_refresh(sub="mallory")


class Fapi(Module):
    """What is borrowed from fapi2-security-profile-final-client-test."""

    def test_missing_exp(self):
        """fapi2 missing-exp"""
        self.claim(exp=None)
        self.reject("id_token_invalid")

    def test_expired_exp(self):
        """fapi2 expired-exp"""
        self.claim(exp=1)
        self.reject("id_token_invalid")

    def test_missing_nonce(self):
        """fapi2 missing-nonce"""
        self.claim(nonce=None)
        self.reject("nonce_mismatch")

    def test_invalid_secondary_aud(self):
        """fapi2 invalid-secondary-aud"""
        self.claim(aud=["client", "https://evil.example.org"])
        self.reject("id_token_invalid")

    def test_aud_as_array(self):
        """fapi2 aud as an array of one (accepted)"""
        self.claim(aud=["client"])
        self.accept()

    def test_no_expires_in(self):
        """fapi2 no expires_in (accepted)"""
        self.provider.token_changes = {"expires_in": None}
        self.accept()

    def test_token_type_case(self):
        """fapi2 token_type in inverted case (accepted)"""
        self.provider.token_changes = {"token_type": "bEARER"}
        self.accept()


if __name__ == "__main__":
    tap.main()
