#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""warifuctl by itself: the command line, the account files, the tokens it is shown. No server answers."""

import base64
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from cli_testing import CTL, ISSUER, CliTestCase, Ctl, run
import tap

COMMANDS = {
    "add": ["NAME"], "accounts": [], "show": ["NAME"], "edit": ["NAME"], "remove": ["NAME"], "sign-in": ["NAME"],
    "token": ["NAME"], "refresh": ["NAME"], "sign-out": ["NAME"], "userinfo": ["NAME"], "inspect": ["FILE"],
    "snippet": ["NAME"], "history": ["NAME"], "doctor": ["NAME"], "test": ["NAME"],
    "header": ["NAME"], "exec": ["NAME", "COMMAND"], "presets": [], "export": ["NAME"], "import": ["FILE"], "git-credential": ["get"],
}


class Usage(CliTestCase):
    def test_no_command(self):
        self.assertUsage(run())
        self.assertUsage(run("--"))
        self.assertUsage(run("--config-dir", "/nonexistent"))

    def test_unknown_command(self):
        self.assertUsage(run("bogus"))

    def test_unknown_option(self):
        for command, operands in COMMANDS.items():
            self.assertUsage(run(command, *operands, "--bogus"))
        self.assertUsage(run("--bogus", "accounts"))

    def test_a_secret_given_as_an_argument_is_not_repeated(self):
        outcome = run("add", "a", "--issuer", ISSUER, "--client-id", "b", "--client-secret=hunter2hunter2")
        self.assertUsage(outcome)
        self.assertNotIn("hunter2", outcome.err)

    def test_wrong_number_of_operands(self):
        for command in ("add", "show", "edit", "remove", "sign-in", "token", "sign-out", "userinfo", "history", "doctor", "test"):
            self.assertUsage(run(command))
            self.assertUsage(run(command, "a", "b"))
        self.assertUsage(run("accounts", "a"))
        self.assertUsage(run("refresh"))
        self.assertUsage(run("refresh", "a", "--all"))
        self.assertUsage(run("refresh", "a", "--jobs", "2"))
        self.assertUsage(run("inspect", "a", "b"))

    def test_snippet(self):
        self.assertUsage(run("snippet", "a"))
        self.assertUsage(run("snippet", "a", "--grant", "refresh_token"))
        self.assertUsage(run("snippet", "a", "--grant", "password", "--language", "curl"))
        self.assertUsage(run("snippet", "a", "--grant", "refresh_token", "--language", "perl"))

    def test_numbers(self):
        for wrong in ("", "x", "-1", "1.5", "0x10", "99999999999999999999", "1 "):
            self.assertUsage(run("token", "a", f"--min-ttl={wrong}"))
            self.assertUsage(run("sign-in", "a", f"--timeout={wrong}"))
            self.assertUsage(run("history", "a", f"--limit={wrong}"))
            self.assertUsage(run("refresh", "--all", f"--jobs={wrong}"))
        self.assertUsage(run("sign-in", "a", "--timeout=0"))
        self.assertUsage(run("refresh", "--all", "--jobs=0"))

    def test_not_utf_8(self):
        done = subprocess.run([CTL.encode(), b"show", b"\xff\xfe"], capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertTrue(done.stderr.startswith(b"warifuctl: usage: "))

    def test_options_that_exclude_each_other(self):
        self.assertUsage(run("token", "a", "--id", "--audience", "b"))
        self.assertUsage(run("inspect", "--jwks", "a", "--issuer", ISSUER))
        self.assertUsage(run("inspect", "--no-verify", "--issuer", ISSUER))
        self.assertUsage(run("edit", "a", "--no-client-secret", "--client-secret-file", "b"))

    def test_json(self):
        for args in (("--json", "bogus"), ("bogus", "--json"), ("show", "--bogus", "--json"), ("--json",)):
            outcome = run(*args)
            self.assertFails(outcome, "usage", 2)
            self.assertEqual(list(outcome.json), ["error"])
            self.assertEqual(set(outcome.json["error"]), {"name", "description"})
            self.assertEqual(outcome.json["error"]["name"], "usage")

    def test_help(self):
        everything = run("--help")
        self.assertSays(everything, "Usage:")
        for command in COMMANDS:
            self.assertIn(f"\n  {command} ", everything.out)
            for args in ((command, "--help"), (command, "-h"), ("--json", command, "--help")):
                self.assertSays(run(*args), f"(?s)Usage:\n  warifuctl .*{command}.*--config-dir")

    def test_version(self):
        self.assertSays(run("--version"), r"^warifuctl \d+\.\d+\.\d+\n$")

    def test_other_languages_keep_the_names(self):
        self.assertFails(run("bogus", env={"LC_ALL": "C", "LANGUAGE": "ja"}), "usage", 2)


class Accounts(CliTestCase):
    def setUp(self):
        self.ctl = Ctl()

    def add(self, name="a", *options, stdin=None):
        return self.ctl.run("add", name, "--issuer", ISSUER, "--client-id", "c", *options, stdin=stdin)

    def files(self):
        folder = os.path.join(self.ctl.config, "accounts")
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def text(self):
        return "".join(open(os.path.join(self.ctl.config, "accounts", name), encoding="utf-8").read() for name in self.files())

    def test_round_trip(self):
        self.assertSays(self.add("Work account"), r"^Added Work account \([0-9a-f-]{36}\)\n$")
        shown = self.ctl.show("Work account")
        self.assertEqual(shown, {
            "id": shown["id"], "name": "Work account", "issuer": ISSUER, "state": "signed-out",
            "access_token": {"present": False, "format": None, "expires_at": None, "scope": [], "audience": []},
            "id_token": {"present": False, "verified": False, "algorithm": None, "kid": None, "subject": None, "expires_at": None},
            "refresh_token": {"present": False, "generation": shown["refresh_token"]["generation"],
                              "rotates": shown["refresh_token"]["rotates"]},
            "last_error": None})
        self.assertEqual(self.files(), [f"{shown['id']}.conf"])
        self.assertEqual(self.ctl.run("accounts", "--json").json,
                         [{"id": shown["id"], "name": "Work account", "issuer": ISSUER, "state": "signed-out"}])
        self.assertSays(self.ctl.run("accounts"), f"^Work account +signed-out +{ISSUER}\n$")
        self.assertEqual(self.ctl.show(shown["id"]), shown)
        self.assertEqual(self.ctl.show(shown["id"][:8]), shown)
        self.assertSays(self.ctl.run("show", "Work account"), "(?s)^Work account\n.*State +signed-out")
        self.assertSays(self.ctl.run("edit", "Work account", "--name", "仕事"), r"^Changed 仕事 \(")
        self.assertFails(self.ctl.run("show", "Work account"), "no_such_account", 1)
        self.assertEqual(self.ctl.show("仕事")["id"], shown["id"])
        self.assertSays(self.ctl.run("remove", "仕事"), r"^Removed 仕事 \(")
        self.assertEqual(self.files(), [])
        self.assertEqual(self.ctl.run("accounts", "--json").json, [])

    def test_global_options_stand_anywhere(self):
        self.assertDone(self.add())
        before, after = run("--json", "--config-dir", self.ctl.config, "accounts"), run("accounts", "--config-dir", self.ctl.config, "--json")
        self.assertEqual(before.json, after.json)
        self.assertEqual(len(before.json), 1)

    def test_add_as_json(self):
        outcome = self.add("a", "--json")
        self.assertEqual(outcome.json, self.ctl.show("a"))

    def test_after_two_hyphens_nothing_is_an_option(self):
        self.assertDone(self.ctl.run("add", "--issuer", ISSUER, "--client-id", "c", "--", "a"))
        self.assertFails(self.ctl.run("show", "--", "--json"), "no_such_account", 1)

    def test_a_few_letters_of_an_id_find_nothing(self):
        self.assertDone(self.add("name"))
        account = self.ctl.show("name")["id"]
        self.assertFails(self.ctl.run("remove", account[:4]), "no_such_account", 1)
        self.assertDone(self.ctl.run("remove", account[:8]))

    def test_names_in_the_c_locale(self):
        self.ctl.env |= {"LC_ALL": "C"}
        self.assertDone(self.add("アカウント"))
        self.assertEqual(self.ctl.show("アカウント")["name"], "アカウント")

    def test_a_name_is_taken_once(self):
        self.assertDone(self.add("a"))
        self.assertDone(self.add("b"))
        self.assertUsage(self.add("a"))
        self.assertUsage(self.ctl.run("edit", "b", "--name", "a"))
        self.assertUsage(self.add(self.ctl.show("a")["id"]))
        self.assertEqual(len(self.files()), 2)

    def test_what_cannot_work_is_refused(self):
        self.assertUsage(self.ctl.run("add", "a"))
        self.assertUsage(self.ctl.run("add", "a", "--issuer", ISSUER))
        self.assertUsage(self.ctl.run("add", "a", "--client-id", "c"))
        self.assertUsage(self.add(""))
        self.assertUsage(self.add("x" * 300))
        self.assertUsage(self.add("a", "--auth-method", "private_key"))
        self.assertUsage(self.add("a", "--auth-method", "client_secret_basic"))
        self.assertUsage(self.add("a", "--auth-method", "client_secret_post"))
        self.assertUsage(self.add("a", "--refresh-policy", "sometimes"))
        self.assertUsage(self.add("a", "--refresh-policy", "every:1"))
        self.assertUsage(self.add("a", "--reuse-leeway", "maybe"))
        self.assertUsage(self.add("a", "--redirect-uri", "http://example.org/"))
        self.assertUsage(self.add("a", "--param", "state=1"))
        self.assertUsage(self.add("a", "--scope", "a\"b"))
        self.assertUsage(self.add("a", "--authorization-endpoint", f"{ISSUER}/authorize"))
        self.assertNotEqual(self.ctl.run("add", "a", "--issuer", "http://id.example.org", "--client-id", "c").status, 0)
        self.assertEqual(self.files(), [])

    def test_no_control_character_is_printed(self):
        self.add("a\x1b[31m\x9bb")
        for outcome in (self.ctl.run("accounts"), self.ctl.run("show", "\x1b]0;x\x07\x9b")):
            for character in "\x1b\x07\x9b":
                self.assertNotIn(character, outcome.out + outcome.err)

    def test_every_option_is_kept(self):
        self.assertDone(self.add(
            "a", "--scope", "openid b", "--audience", "https://api.example.org", "--resource", "https://r1.example.org",
            "--resource", "https://r2.example.org", "--redirect-uri", "http://127.0.0.1:8400/cb", "--param", "prompt=login",
            "--param", "ui_locales=ja", "--authorization-endpoint", f"{ISSUER}/a", "--token-endpoint", f"{ISSUER}/t",
            "--jwks-uri", f"{ISSUER}/j", "--userinfo-endpoint", f"{ISSUER}/u", "--revocation-endpoint", f"{ISSUER}/r",
            "--end-session-endpoint", f"{ISSUER}/e", "--refresh-policy", "every:600", "--reuse-leeway", "yes",
            "--keep-cookies", "yes", "--refresh-before-action", "yes", "--proxy", "http://proxy.example.org:3128"))
        text = self.text()
        for value in ("openid b", "https://api.example.org", "https://r1.example.org", "https://r2.example.org", "http://127.0.0.1:8400/cb",
                      "prompt=login", "ui_locales=ja", f"{ISSUER}/a", f"{ISSUER}/t", f"{ISSUER}/j", f"{ISSUER}/u", f"{ISSUER}/r",
                      f"{ISSUER}/e", "every:600", "http://proxy.example.org:3128"):
            self.assertIn(value, text)

    def test_edit_changes_what_is_given(self):
        self.assertDone(self.add("a", "--audience", "x", "--resource", "https://r1.example.org", "--param", "prompt=login"))
        self.assertUsage(self.ctl.run("edit", "a"))
        self.assertUsage(self.ctl.run("edit", "a", "--name", ""))
        self.assertUsage(self.ctl.run("edit", "a", "--client-id", ""))
        self.assertFails(self.ctl.run("edit", "nobody", "--name", "c"), "no_such_account", 1)
        before = self.text()
        self.assertDone(self.ctl.run("edit", "a", "--resource", "https://r2.example.org"))
        self.assertEqual(self.text(), before.replace("r1.example.org", "r2.example.org"))
        self.assertDone(self.ctl.run("edit", "a", "--audience", "", "--param", ""))
        self.assertNotIn("Audience", self.text())
        self.assertNotIn("prompt", self.text())

    @unittest.skipUnless(shutil.which("openssl"), "openssl is missing")
    def test_relative_files_become_absolute(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate = os.path.join(folder, "ca.pem")
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Test", "-keyout",
                            os.path.join(folder, "key.pem"), "-out", certificate], check=True, capture_output=True)
            done = subprocess.run(self.ctl.command("add", "a", "--issuer", ISSUER, "--client-id", "c", "--ca-file", "ca.pem"),
                                  cwd=folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done)
            self.assertIn(certificate, self.text())

    def test_bad_files_are_named_and_the_others_load(self):
        self.assertDone(self.add())
        bad = os.path.join(self.ctl.config, "accounts", "11111111-1111-4111-8111-111111111111.conf")
        with open(bad, "w", encoding="utf-8") as file:
            file.write("[Account\nName=nobody\n")
        outcome = self.ctl.run("accounts", "--json")
        self.assertDone(outcome)
        self.assertEqual([account["name"] for account in outcome.json], ["a"])
        self.assertRegex(outcome.err, r"^warifuctl: warning: [^\n]*11111111-1111-4111-8111-111111111111[^\n]*\n$")
        self.assertDone(self.ctl.run("show", "a"))
        missing = self.ctl.run("show", "nobody")
        self.assertFails(missing, "no_such_account", 1)
        self.assertIn("11111111-1111-4111-8111-111111111111", missing.err)

    def test_signed_out(self):
        self.assertDone(self.add())
        for command in ("token", "refresh", "userinfo"):
            self.assertFails(self.ctl.run(command, "a"), "needs_sign_in", 3)
        self.assertFails(self.ctl.run("token", "a", "--id"), "needs_sign_in", 3)
        self.assertSays(self.ctl.run("refresh", "--all"), "^$")
        self.assertEqual(self.ctl.run("refresh", "--all", "--json").json, {"accounts": []})

    def test_a_snippet_of_typed_in_endpoints_needs_no_request(self):
        self.assertDone(self.add("a", "--authorization-endpoint", f"{ISSUER}/a", "--token-endpoint", f"{ISSUER}/token"))
        self.assertSays(self.ctl.run("snippet", "a", "--grant", "authorization_code", "--language", "curl"), f"{ISSUER}/token")
        self.assertFails(self.ctl.run("snippet", "a", "--grant", "refresh_token", "--language", "curl", "--reveal"), "needs_sign_in", 3)

    def test_a_redirect_uri_for_the_window(self):
        self.assertDone(self.add("a", "--redirect-uri", "https://app.example.org/callback"))
        self.assertUsage(self.ctl.run("sign-in", "a", "--no-open"))


class Secrets(CliTestCase):
    SECRET = "canary-5ecret"

    def setUp(self):
        self.ctl = Ctl()

    def add(self, secret, *options):
        return self.ctl.run("add", "a", "--issuer", ISSUER, "--client-id", "c", "--client-secret-file", "-", *options, stdin=secret)

    def test_it_goes_to_the_keyring_alone(self):
        self.assertDone(self.add(self.SECRET + "\n"))
        for folder, _, names in os.walk(self.ctl.config):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(self.SECRET.encode(), file.read())
        for outcome in (self.ctl.run("show", "a"), self.ctl.run("show", "a", "--json"), self.ctl.run("doctor", "a")):
            self.assertNotIn(self.SECRET, outcome.out + outcome.err)

    def test_a_file(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(self.SECRET)
            file.flush()
            self.assertDone(self.ctl.run("add", "a", "--issuer", ISSUER, "--client-id", "c", "--client-secret-file", file.name))

    def test_what_is_refused(self):
        for wrong in ("", "\n", "two\nlines", "x" * 4097, "return\r\n", "nul\0l"):
            self.assertUsage(self.add(wrong))
        self.assertUsage(self.add(self.SECRET, "--auth-method", "none"))
        self.assertUsage(self.ctl.run("add", "a", "--issuer", ISSUER, "--client-id", "c", "--client-secret-file", "/nonexistent"))
        self.assertUsage(self.ctl.run("add", "a", "--issuer", ISSUER, "--client-id", "c", "--client-secret-file", "/"))
        self.assertEqual(self.ctl.run("accounts", "--json").json, [])
        self.assertDone(self.add("x" * 4096 + "\n"))

    def test_edit(self):
        self.assertDone(self.ctl.run("add", "a", "--issuer", ISSUER, "--client-id", "c"))
        self.assertUsage(self.ctl.run("edit", "a", "--auth-method", "client_secret_post"))
        self.assertDone(self.ctl.run("edit", "a", "--client-secret-file", "-", stdin=self.SECRET))
        self.assertDone(self.ctl.run("edit", "a", "--auth-method", "client_secret_post"))
        self.assertUsage(self.ctl.run("edit", "a", "--no-client-secret", "--auth-method", "client_secret_basic"))
        self.assertDone(self.ctl.run("edit", "a", "--no-client-secret"))
        self.assertUsage(self.ctl.run("edit", "a", "--auth-method", "client_secret_basic"))


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Inspect(CliTestCase):
    SECRET = b"a shared secret of some length...."

    def token(self, claims=None, header=None, secret=SECRET):
        text = ".".join(b64(json.dumps(part, ensure_ascii=False).encode()) for part in (header or {"alg": "HS256"}, claims or {"sub": "a"}))
        return f"{text}.{b64(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"

    def inspect(self, token, *options):
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.SECRET)
            file.flush()
            return run("inspect", *(file.name if option == "SECRET" else option for option in options), stdin=token)

    def test_verified(self):
        outcome = self.inspect(self.token() + "\n", "--client-secret-file", "SECRET", "--json")
        self.assertDone(outcome)
        self.assertEqual(outcome.json, {"header": {"alg": "HS256"}, "claims": {"sub": "a"}, "signature": "verified",
                                        "reason": None, "algorithm": "HS256", "kid": None})
        self.assertSays(self.inspect(self.token(), "--client-secret-file", "SECRET"), r"(?m)^Signature: verified \(HS256\)$")

    def test_invalid(self):
        outcome = self.inspect(self.token(secret=b"another"), "--client-secret-file", "SECRET", "--json")
        self.assertFails(outcome, "signature_invalid", 1)
        self.assertEqual(outcome.json["signature"], "invalid")
        self.assertEqual(outcome.json["error"]["name"], "signature_invalid")
        outcome = self.inspect(self.token(secret=b"another"), "--client-secret-file", "SECRET")
        self.assertNotIn("verified", outcome.out)
        self.assertRegex(outcome.out, "(?m)^Signature: invalid: ")

    def test_without_a_key(self):
        token = f"{b64(json.dumps({'alg': 'RS256', 'kid': 'k'}).encode())}.{b64(b'{}')}.{b64(b'0' * 256)}"
        outcome = self.inspect(token, "--json")
        self.assertFails(outcome, "signature_invalid", 1)
        self.assertEqual((outcome.json["signature"], outcome.json["claims"], outcome.json["kid"]), ("unverified", {}, "k"))
        self.assertTrue(outcome.json["reason"])

    def test_no_verify(self):
        for header in ({"alg": "HS256"}, {"alg": "none"}, {"alg": "RS256"}):
            outcome = self.inspect(self.token(header=header), "--no-verify", "--json")
            self.assertDone(outcome)
            self.assertEqual(outcome.json["signature"], "unverified")
            outcome = self.inspect(self.token(header=header), "--no-verify")
            self.assertDone(outcome)
            self.assertNotRegex(outcome.out, r"(?m)\bverified\b")

    def test_none_is_never_verified(self):
        outcome = self.inspect(self.token(header={"alg": "none"}), "--client-secret-file", "SECRET", "--json")
        self.assertFails(outcome, "signature_invalid", 1)
        self.assertEqual(outcome.json["signature"], "invalid")

    def test_encrypted(self):
        token = ".".join([b64(b'{"alg":"RSA-OAEP","enc":"A256GCM"}'), b64(b"k"), b64(b"i"), b64(b"c"), b64(b"t")])
        outcome = self.inspect(token, "--json")
        self.assertFails(outcome, "signature_invalid", 1)
        self.assertEqual((outcome.json["signature"], outcome.json["claims"]), ("unverified", None))
        self.assertEqual(outcome.json["header"]["enc"], "A256GCM")
        self.assertDone(self.inspect(token, "--no-verify"))

    def test_malformed(self):
        good = self.token()
        for wrong in ("", "\n", "abc", "a.b.c", good + "\n\n", " " + good, good + "=", good + ".x", good.replace(".", ""),
                      good[:-4] + "\0" + good[-3:], good + "\r\n"):
            outcome = self.inspect(wrong, "--client-secret-file", "SECRET")
            self.assertFails(outcome, "malformed_response", 1)
            self.assertEqual(outcome.out, "")

    def test_too_large(self):
        outcome = self.inspect("a" * (1024 * 1024 + 2))
        self.assertFails(outcome, "response_too_large", 1)

    def test_no_control_character_is_printed(self):
        claims = {"sub": "\u009b31mred\u202egnp\u2028next\x7f", "\u009bname": "\x1b[2J\U000e0041"}
        for options in ((), ("--json",)):
            outcome = self.inspect(self.token(claims), "--client-secret-file", "SECRET", *options)
            self.assertDone(outcome)
            for character in "\u009b\u202e\u2028\x7f\x1b\U000e0041":
                self.assertNotIn(character, outcome.out)
        self.assertEqual(outcome.json["claims"], claims)

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            token, keys = os.path.join(folder, "token"), os.path.join(folder, "keys")
            with open(token, "w", encoding="ascii") as file:
                file.write(self.token() + "\n")
            self.assertDone(run("inspect", "--no-verify", token))
            self.assertUsage(run("inspect", "--no-verify", f"{token}-missing"))
            self.assertUsage(run("inspect", "--jwks", f"{keys}-missing", token))
            for wrong in ("", "{", "[]", "null", '{"keys":{}}'):
                with open(keys, "w", encoding="ascii") as file:
                    file.write(wrong)
                self.assertFails(run("inspect", "--jwks", keys, token), "malformed_response", 1)
            self.assertFails(run("inspect", "--issuer", "http://id.example.org", token), "insecure_endpoint", 1)


class Output(CliTestCase):
    def test_a_full_disk_is_an_error(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([CTL, "--version"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^warifuctl: storage_failed: [^\n]+\n$")

    def test_a_reader_that_goes_away(self):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([CTL, "--help"], stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60)
        os.close(writer)
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    tap.main()
