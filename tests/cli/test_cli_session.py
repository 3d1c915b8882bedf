#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""warifuctl against the demo server: signing in, tokens, refreshing, signing out."""

import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import urllib.parse

from cli_testing import DEMO, Browser, CliTestCase, Ctl, Program, approve, deny, is_at_lock, redirect_uri_of, run, wait_for
import tap


class DemoTestCase(CliTestCase):
    OPTIONS = ()

    def setUp(self):
        self.servers = []
        self.issuer = self.serve(*self.OPTIONS)
        self.ctl = Ctl()

    def tearDown(self):
        for server in self.servers:
            server.stop()

    def serve(self, *options):
        server = Program(DEMO, *options)
        self.servers.append(server)
        return server.issuer

    def stop_serving(self):
        self.servers.pop().stop()

    def add(self, name="a", *options, stdin=None):
        self.assertDone(self.ctl.run("add", name, "--issuer", self.issuer, "--client-id", "warifu-demo", *options, stdin=stdin))

    def sign_in(self, name="a"):
        self.assertDone(self.ctl.sign_in(name, approve))

    def refreshes(self, name="a"):
        return [event for event in self.ctl.run("history", name, "--json").json if event["event"] == "refresh"]


class SignIn(DemoTestCase):
    def test_the_first_line_is_the_address(self):
        self.add()
        seen = []

        def person(url):
            seen.append(url)
            approve(url)

        outcome = self.ctl.sign_in("a", person)
        self.assertSays(outcome, r"^Signed in as demo\|alice\n$")
        parts = urllib.parse.urlsplit(seen[0])
        fields = urllib.parse.parse_qs(parts.query)
        self.assertEqual(fields["response_type"], ["code"])
        self.assertEqual(fields["code_challenge_method"], ["S256"])
        self.assertRegex(fields["redirect_uri"][0], r"^http://127\.0\.0\.1:\d+/callback$")

    def test_as_json(self):
        self.add()
        outcome = self.ctl.sign_in("a", approve, "--json")
        self.assertDone(outcome)
        self.assertEqual(outcome.json, self.ctl.show("a"))
        self.assertEqual(outcome.json["state"], "signed-in")
        self.assertEqual(outcome.json["id_token"]["verified"], True)
        self.assertEqual(outcome.json["id_token"]["subject"], "demo|alice")
        self.assertEqual(outcome.json["access_token"]["scope"], ["email", "offline_access", "openid", "profile"])
        self.assertRegex(outcome.json["access_token"]["expires_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(outcome.json["refresh_token"]["generation"], 1)

    def test_denied(self):
        self.add()
        self.assertFails(self.ctl.sign_in("a", deny), "access_denied", 1)
        self.assertEqual(self.ctl.show("a")["state"], "signed-out")

    def test_nobody_comes(self):
        self.add()
        self.assertFails(self.ctl.run("sign-in", "a", "--no-open", "--timeout", "1"), "timeout", 4)

    def test_interrupted(self):
        self.add()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = self.ctl.start("sign-in", "a", "--no-open", "--json")
            url = process.stdout.readline().removeprefix("Open: ").strip()
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 1)
            self.assertRegex(err, r"^warifuctl: cancelled: [^\n]+\n$")
            self.assertEqual(json.loads(out)["error"]["name"], "cancelled")
            with self.assertRaises(OSError):
                socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(redirect_uri_of(url)).port), 1).close()

    def test_a_forged_answer(self):
        self.add()
        for query, name in (("code=x&state=wrong", "state_mismatch"), ("code=x", "state_mismatch"), ("error=access_denied&state=no", "state_mismatch")):
            outcome = self.ctl.sign_in("a", lambda url: Browser().open(f"{redirect_uri_of(url)}?{query}"))
            self.assertFails(outcome, name, 1)

    def test_other_paths_are_not_the_answer(self):
        self.add()

        def person(url):
            target = redirect_uri_of(url)
            for other in ("?code=x", "callbackx?code=x", "callback/x?code=x", "Callback?code=x", "favicon.ico"):
                status = Browser().open(f"{target.removesuffix('callback')}{other}")[0]
                self.assertEqual(status, 404)
            approve(url)

        self.assertDone(self.ctl.sign_in("a", person))

    def test_a_server_that_is_not_there(self):
        self.add()
        self.stop_serving()
        outcome = self.ctl.run("sign-in", "a", "--no-open", "--json")
        self.assertFails(outcome, "offline", 4)
        self.assertEqual(list(outcome.json), ["error"])

    def test_no_refresh_token_is_explained(self):
        self.add("a", "--scope", "openid")
        self.assertEqual(self.ctl.sign_in("a", approve).err, "")
        found = {finding["name"]: finding for finding in self.ctl.run("doctor", "a", "--json").json["findings"]}
        self.assertIn("offline_access", found["refresh_token"]["description"])

    def test_confidential_client(self):
        self.stop_serving()
        secret = "p+l u%s&=ü"
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write(secret)
            file.flush()
            self.issuer = self.serve("--client-secret-file", file.name)
        for method in ("client_secret_basic", "client_secret_post"):
            self.assertDone(self.ctl.run("add", method, "--issuer", self.issuer, "--client-id", "warifu-demo-confidential",
                                         "--client-secret-file", "-", "--auth-method", method, stdin=secret + "\n"))
            self.sign_in(method)
            self.assertDone(self.ctl.run("refresh", method))
        self.assertDone(self.ctl.run("edit", method, "--client-secret-file", "-", stdin="wrong"))
        self.assertFails(self.ctl.run("refresh", method), "invalid_client", 1)
        self.assertEqual(self.ctl.show(method)["refresh_token"]["present"], True)

    def test_the_keyring_is_tried_first(self):
        self.add()
        outcome = Ctl(self.ctl.config, {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}).run("sign-in", "a", "--no-open")
        self.assertFails(outcome, "keyring_unavailable", 5)
        self.assertEqual(outcome.out, "")


class Tokens(DemoTestCase):
    OPTIONS = ("--access-lifetime", "600")

    def setUp(self):
        super().setUp()
        self.add()
        self.sign_in()

    def test_without_a_request(self):
        self.stop_serving()
        token = self.ctl.run("token", "a")
        self.assertSays(token, r"^[!-~]+\n$")
        outcome = self.ctl.run("token", "a", "--json")
        self.assertDone(outcome)
        self.assertEqual(outcome.json["access_token"], token.out.strip())
        self.assertEqual(outcome.json["expires_at"], self.ctl.show("a")["access_token"]["expires_at"])
        self.assertEqual(outcome.json["scope"], ["email", "offline_access", "openid", "profile"])
        self.assertSays(self.ctl.run("token", "a", "--id"), r"^[\w-]+\.[\w-]+\.[\w-]+\n$")

    def test_min_ttl(self):
        first = self.ctl.run("token", "a", "--min-ttl", "500").out
        self.assertEqual(self.refreshes(), [])
        second = self.ctl.run("token", "a", "--min-ttl", "3600")
        self.assertDone(second)
        self.assertNotEqual(first, second.out)
        self.assertEqual(len(self.refreshes()), 1)

    def test_ten_at_once_refresh_once(self):
        account = self.ctl.show("a")["id"]
        with open(os.path.join(os.environ["XDG_RUNTIME_DIR"], "warifu", f"{account}.lock"), "w") as lock:
            # another Warifu is at work until all of them wait
            fcntl.flock(lock, fcntl.LOCK_EX)
            processes = [self.ctl.start("token", "a", "--min-ttl", "3600") for _ in range(10)]
            wait_for("all of them to wait", lambda: all(is_at_lock(process, account) for process in processes))
        outcomes = [process.communicate(timeout=60) for process in processes]
        self.assertEqual([process.returncode for process in processes], [0] * 10, outcomes)
        self.assertEqual(len({out for out, _ in outcomes}), 1)
        self.assertEqual(self.ctl.show("a")["refresh_token"]["generation"], 2)

    def test_refresh(self):
        first = self.ctl.run("token", "a").out
        self.assertSays(self.ctl.run("refresh", "a"), r"^a: refreshed, expires .*, generation 2\n$")
        self.assertNotEqual(self.ctl.run("token", "a").out, first)
        outcome = self.ctl.run("refresh", "a", "--json")
        self.assertEqual(outcome.json["refresh_token"], {"present": True, "generation": 3, "rotates": True})

    def test_refresh_offline(self):
        self.stop_serving()
        self.assertFails(self.ctl.run("refresh", "a"), "offline", 4)
        shown = self.ctl.show("a")
        self.assertEqual(shown["refresh_token"]["present"], True)
        self.assertEqual(shown["last_error"]["name"], "offline")
        self.assertDone(self.ctl.run("token", "a"))

    def test_refused(self):
        port = urllib.parse.urlsplit(self.issuer).port
        self.stop_serving()
        self.serve("--port", str(port))
        outcome = self.ctl.run("refresh", "a", "--json")
        self.assertFails(outcome, "invalid_grant", 3)
        self.assertEqual(outcome.json["error"]["name"], "invalid_grant")
        shown = self.ctl.show("a")
        self.assertEqual((shown["state"], shown["refresh_token"]["present"]), ("needs-sign-in", False))
        self.assertEqual(shown["last_error"]["name"], "invalid_grant")
        self.assertEqual(self.ctl.run("refresh", "a").status, 3)
        self.assertDone(self.ctl.run("doctor", "a"))

    def test_refresh_all(self):
        for name in ("b", "c", "signed out"):
            self.add(name)
        self.sign_in("b")
        self.sign_in("c")
        outcome = self.ctl.run("refresh", "--all", "--jobs", "2")
        self.assertSays(outcome, "(?m)^a: refreshed")
        self.assertEqual(sorted(line.split(":")[0] for line in outcome.out.splitlines()), ["a", "b", "c"])
        port = urllib.parse.urlsplit(self.issuer).port
        self.stop_serving()
        other = self.serve()
        self.serve("--port", str(port))
        self.assertDone(self.ctl.run("add", "d", "--issuer", other, "--client-id", "warifu-demo"))
        self.sign_in("d")
        self.sign_in("a")
        outcome = self.ctl.run("refresh", "--all", "--json")
        self.assertFails(outcome, "invalid_grant", 3)
        results = {entry["name"]: entry["error"] and entry["error"]["name"] for entry in outcome.json["accounts"]}
        self.assertEqual(results, {"a": None, "b": "invalid_grant", "c": "invalid_grant", "d": None})

    def test_userinfo(self):
        for args in (("userinfo", "a"), ("userinfo", "a", "--json")):
            outcome = self.ctl.run(*args)
            self.assertDone(outcome)
            self.assertEqual((outcome.json["sub"], outcome.json["email"]), ("demo|alice", "alice@example.org"))

    def test_inspect(self):
        token = self.ctl.run("token", "a", "--id").out
        outcome = run("inspect", "--issuer", self.issuer, "--json", stdin=token)
        self.assertDone(outcome)
        self.assertEqual((outcome.json["signature"], outcome.json["claims"]["sub"]), ("verified", "demo|alice"))
        head, claims, signature = token.strip().split(".")
        forged = f"{head}.{claims}.{'A' * len(signature)}"
        outcome = run("inspect", "--issuer", self.issuer, "--json", stdin=forged)
        self.assertFails(outcome, "signature_invalid", 1)
        self.assertEqual(outcome.json["signature"], "invalid")
        metadata = json.loads(Browser().open(f"{self.issuer}/.well-known/openid-configuration")[2])
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(Browser().open(metadata["jwks_uri"])[2])
            file.flush()
            self.assertDone(run("inspect", "--jwks", file.name, stdin=token))
        self.stop_serving()
        self.assertFails(run("inspect", "--issuer", self.issuer, stdin=token), "offline", 4)

    def test_sign_out(self):
        outcome = self.ctl.run("sign-out", "a")
        self.assertSays(outcome, rf"^revocation: done\nkeyring: done\nend session: {self.issuer}/logout\?\S*\n$")
        self.assertNotIn("id_token_hint", outcome.out)
        self.assertEqual(self.ctl.show("a")["state"], "signed-out")
        self.assertFails(self.ctl.run("token", "a"), "needs_sign_in", 3)

    def test_sign_out_as_json(self):
        outcome = self.ctl.run("sign-out", "a", "--json", "--local")
        self.assertDone(outcome)
        self.assertEqual(outcome.json["revocation"], {"outcome": "skipped", "error": None})
        self.assertEqual(outcome.json["keyring"], {"outcome": "done", "error": None})

    def test_sign_out_without_the_server(self):
        self.stop_serving()
        outcome = self.ctl.run("sign-out", "a", "--json")
        self.assertFails(outcome, "offline", 4)
        self.assertEqual(outcome.json["revocation"]["outcome"], "failed")
        self.assertEqual(outcome.json["error"]["name"], "offline")
        self.assertEqual(self.ctl.show("a")["refresh_token"]["present"], False)

    def test_remove_takes_the_tokens_along(self):
        account = self.ctl.show("a")["id"]
        self.assertDone(self.ctl.run("remove", "a"))
        self.assertDone(self.ctl.run("add", "a", "--issuer", self.issuer, "--client-id", "warifu-demo"))
        found = subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path",
                                "/org/freedesktop/secrets", "--method", "org.freedesktop.Secret.Service.SearchItems",
                                f"{{'account': '{account}'}}"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(re.findall(r"/org/freedesktop/secrets/collection", found), [])

    def test_another_client_gets_no_tokens(self):
        self.assertDone(self.ctl.run("edit", "a", "--client-id", "another"))
        self.assertFails(self.ctl.run("token", "a"), "needs_sign_in", 3)

    def test_history(self):
        self.assertDone(self.ctl.run("refresh", "a"))
        events = self.ctl.run("history", "a", "--json").json
        self.assertEqual([(event["event"], event["result"]) for event in events], [("refresh", "ok"), ("sign-in", "ok")])
        self.assertEqual(len(self.ctl.run("history", "a", "--limit", "1", "--json").json), 1)
        self.assertSays(self.ctl.run("history", "a"), r"(?m)^\S+Z  refresh   by-hand +ok .*generation 2$")

    def test_doctor(self):
        outcome = self.ctl.run("doctor", "a", "--json")
        self.assertDone(outcome)
        self.assertEqual(outcome.json["worst"], "ok")
        self.assertSays(self.ctl.run("doctor", "a"), "(?m)^ok ")
        self.stop_serving()
        outcome = self.ctl.run("doctor", "a", "--json")
        self.assertDone(outcome)
        self.assertEqual(outcome.json["worst"], "problem")
        self.assertIn("offline", [finding["name"] for finding in outcome.json["findings"]])

    def test_snippet(self):
        for language in ("curl", "csharp", "go", "java", "node", "objc", "php", "python", "ruby", "swift"):
            for grant in ("authorization_code", "refresh_token"):
                self.assertSays(self.ctl.run("snippet", "a", "--grant", grant, "--language", language), self.issuer)
        hidden = self.ctl.run("snippet", "a", "--grant", "refresh_token", "--language", "python", "--json").json
        self.assertEqual((hidden["language"], hidden["grant"], hidden["file_name"]), ("python", "refresh_token", "token.py"))
        self.assertIn("WARIFU_REFRESH_TOKEN", hidden["program"])
        shown = self.ctl.run("snippet", "a", "--grant", "refresh_token", "--language", "python", "--reveal")
        self.assertDone(shown)
        self.assertNotIn("WARIFU_REFRESH_TOKEN", shown.out)
        self.assertRegex(shown.err, r"^warifuctl: warning: [^\n]+\n$")

    def test_nothing_leaks(self):
        """Tokens are printed by "token" alone, also where every debug message is on."""
        tokens = [self.ctl.run("token", "a").out.strip(), self.ctl.run("token", "a", "--id").out.strip()]
        noisy = Ctl(self.ctl.config, {"G_MESSAGES_DEBUG": "all"})
        for args in (("show", "a"), ("show", "a", "--json"), ("accounts",), ("doctor", "a", "--json"), ("refresh", "a"),
                     ("history", "a", "--json"), ("sign-out", "a")):
            outcome = noisy.run(*args)
            self.assertEqual(outcome.status, 0, args)
            for token in tokens:
                self.assertFalse(token in outcome.out + outcome.err, args)
        for home in (os.environ["HOME"], self.ctl.config):
            for folder, _, names in os.walk(home):
                for name in names:
                    with open(os.path.join(folder, name), "rb") as file:
                        data = file.read()
                    for token in tokens:
                        self.assertFalse(token.encode() in data, os.path.join(folder, name))


class SlowServer(DemoTestCase):
    OPTIONS = ("--latency", "1000")

    def test_an_interrupted_refresh_loses_nothing(self):
        """Who interrupts stops waiting; the answer, which holds the next refresh token, is still stored."""
        self.add()
        self.sign_in()
        account = self.ctl.show("a")["id"]
        process = self.ctl.start("refresh", "a")
        # what it does from there on, two answers of the server, it does to its end
        wait_for("the refresh to begin", lambda: is_at_lock(process, account))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertRegex(err, r"^warifuctl: cancelled: [^\n]+\n$")
        self.assertEqual(self.ctl.show("a")["refresh_token"]["generation"], 2)
        self.assertDone(self.ctl.run("refresh", "a"))


class ShortLives(DemoTestCase):
    OPTIONS = ("--access-lifetime", "5", "--id-lifetime", "5")

    def test_expired_tokens_are_refreshed(self):
        self.add()
        self.sign_in()
        first = self.ctl.run("token", "a", "--min-ttl", "0").out
        self.wait_expired()
        second = self.ctl.run("token", "a")
        self.assertDone(second)
        self.assertNotEqual(first, second.out)
        self.wait_expired()
        self.assertDone(self.ctl.run("token", "a", "--id"))

    def wait_expired(self):
        wait_for("the tokens to expire", lambda: self.ctl.show("a")["state"] == "expired")


if __name__ == "__main__":
    tap.main()
