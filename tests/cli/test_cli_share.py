#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""warifuctl for more than one person: export and import, presets, accounts that an administrator provides."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

from cli_testing import DEMO, ISSUER, CliTestCase, Ctl, Program, approve, run
import tap

WHOLE = ("--scope", "openid", "--audience", "https://api.example.org", "--resource", "https://a.example.org", "--param", "prompt=login",
         "--refresh-policy", "every:600", "--reuse-leeway", "yes", "--redirect-uri", "http://127.0.0.1/cb")


class Share(CliTestCase):
    def setUp(self):
        self.ctl = Ctl()
        self.folder = tempfile.mkdtemp(prefix="warifu-share-")
        self.assertDone(self.ctl.run("add", "Work", "--issuer", ISSUER, "--client-id", "c", *WHOLE))

    def path(self, name="work.warifu"):
        return os.path.join(self.folder, name)

    def write(self, text, name="other.warifu"):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def text(self, ctl, name):
        path = os.path.join(ctl.config, "accounts", ctl.show(name)["id"] + ".conf")
        with open(path, encoding="utf-8") as file:
            return file.read()

    def test_round_trip(self):
        self.assertSays(self.ctl.run("export", "Work", self.path()), "^$")
        other = Ctl()
        self.assertSays(other.run("import", self.path()), r"^Added Work \([0-9a-f-]{36}\)\n$")
        self.assertEqual(self.text(other, "Work"), self.text(self.ctl, "Work"))
        self.assertNotEqual(other.show("Work")["id"], self.ctl.show("Work")["id"])
        self.assertEqual(other.show("Work")["state"], "signed-out")

    def test_standard_output_and_input(self):
        text = self.ctl.run("export", "Work")
        self.assertSays(text, r"^\[Account\]\n")
        self.assertEqual(self.ctl.run("export", "Work", "-").out, text.out)
        other = Ctl()
        self.assertDone(other.run("import", "-", stdin=text.out))
        self.assertEqual(other.run("export", "Work").out, text.out)

    def test_as_json(self):
        outcome = self.ctl.run("export", "Work", "--json")
        self.assertDone(outcome)
        self.assertEqual(outcome.json["text"], self.ctl.run("export", "Work").out)
        self.assertEqual((outcome.json["name"], outcome.json["file"]), ("Work", None))
        self.assertEqual(self.ctl.run("export", "Work", self.path(), "--json").json["file"], self.path())
        outcome = Ctl().run("import", self.path(), "--json")
        self.assertDone(outcome)
        self.assertEqual((outcome.json["name"], outcome.json["state"]), ("Work", "signed-out"))

    def test_no_secret_and_no_id(self):
        self.assertDone(self.ctl.run("add", "s", "--issuer", ISSUER, "--client-id", "c", "--client-secret-file", "-", stdin="hunter2hunter2"))
        text = self.ctl.run("export", "s").out
        self.assertNotIn("hunter2", text)
        self.assertNotIn(self.ctl.show("s")["id"], text)
        self.write(text)
        other = Ctl()
        outcome = other.run("import", self.path("other.warifu"))
        self.assertDone(outcome)
        self.assertRegex(outcome.err, r"^warifuctl: warning: [^\n]*--client-secret-file[^\n]*\n$")
        self.assertSays(other.run("import", self.path("other.warifu"), "--name", "t", "--client-secret-file", "-", stdin="hunter2hunter2"), "^Added t ")
        self.assertUsage(other.run("import", "-", "--client-secret-file", "-", stdin=text))
        self.assertDone(self.ctl.run("export", "Work", self.path()))
        self.assertUsage(other.run("import", self.path(), "--client-secret-file", "-", stdin="hunter2hunter2"))

    def test_nothing_is_overwritten(self):
        self.write("mine", "work.warifu")
        self.assertUsage(self.ctl.run("export", "Work", self.path()))
        with open(self.path(), encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")
        self.assertDone(self.ctl.run("export", "Work", self.path("2.warifu")))
        before = self.text(self.ctl, "Work")
        self.assertUsage(self.ctl.run("import", self.path("2.warifu")))
        self.assertEqual(self.text(self.ctl, "Work"), before)
        self.assertSays(self.ctl.run("import", self.path("2.warifu"), "--name", "Second"), "^Added Second ")
        self.assertEqual(len(self.ctl.run("accounts", "--json").json), 2)
        self.assertUsage(self.ctl.run("import", self.path("2.warifu"), "--name", self.ctl.show("Work")["id"]))

    def test_what_cannot_be_imported(self):
        good = self.ctl.run("export", "Work").out
        for wrong in ("", "{}", "[Account]\n", good.replace("https://id", "http://id"), good.replace("prompt=login", "state=mine"),
                      good.replace("every:600", "every:1"), good + "CaFile=ca.pem\n", "x" * 65536):
            self.assertFails(Ctl().run("import", self.write(wrong)), "invalid_account", 1)
        self.assertFails(Ctl().run("import", self.write("x" * 65537)), "response_too_large", 1)
        self.assertUsage(Ctl().run("import", self.path("missing")))
        self.assertUsage(Ctl().run("import", self.write(good), "--name", "-x"))
        self.assertUsage(Ctl().run("import", self.write(good), "--name", ""))

    def test_where_it_cannot_be_written(self):
        self.assertFails(self.ctl.run("export", "Work", "/nonexistent/work.warifu"), "storage_failed", 1)
        self.assertFails(self.ctl.run("export", "nobody"), "no_such_account", 1)

    @unittest.skipUnless(shutil.which("openssl"), "openssl is missing")
    def test_what_the_file_relies_on_is_said(self):
        text = self.ctl.run("export", "Work").out + f"CaFile={self.path('ca.pem')}\nProxy=http://proxy.example.org:3128\n"
        other = Ctl()
        # A file that is not on this computer.
        self.assertFails(other.run("import", self.write(text)), "tls_error", 1)
        self.assertEqual(other.run("accounts", "--json").json, [])
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=a",
                        "-keyout", self.path("key.pem"), "-out", self.path("ca.pem")], check=True, capture_output=True)
        outcome = other.run("import", self.write(text))
        self.assertDone(outcome)
        self.assertIn(self.path("ca.pem"), outcome.err)
        self.assertIn("http://proxy.example.org:3128", outcome.err)
        self.assertEqual(len(outcome.err.splitlines()), 2)


class Discovery(CliTestCase):
    def setUp(self):
        self.server = Program(DEMO)
        self.addCleanup(self.stop)
        self.ctl = Ctl()

    def stop(self):
        if self.server:
            self.server.stop()
        self.server = None

    def test_an_address(self):
        address = f"{self.server.issuer}/.well-known/openid-configuration"
        self.assertSays(self.ctl.run("import", address, "--client-id", "warifu-demo", "--name", "a"), "^Added a ")
        self.assertEqual(self.ctl.show("a")["issuer"], self.server.issuer)
        self.assertEqual(self.ctl.show("a")["state"], "signed-out")
        self.assertDone(self.ctl.sign_in("a", approve))
        self.assertSays(self.ctl.run("import", self.server.issuer, "--client-id", "warifu-demo"), r"^Added 127\.0\.0\.1 ")

    def test_errors(self):
        self.assertUsage(self.ctl.run("import", self.server.issuer))
        self.assertFails(self.ctl.run("import", "http://id.example.org", "--client-id", "c"), "insecure_endpoint", 1)
        issuer = self.server.issuer
        self.stop()
        self.assertFails(self.ctl.run("import", issuer, "--client-id", "c"), "offline", 4)
        self.assertEqual(self.ctl.run("accounts", "--json").json, [])


class Presets(CliTestCase):
    IDS = {"generic", "auth0", "okta", "keycloak", "entra", "google", "gitlab", "github"}
    EXAMPLES = {"domain": "login.example.org", "tenant": "8eaef023-2b34-4da1-9baa-8bc8c9d6a490", "realm": "staff"}

    def setUp(self):
        self.ctl = Ctl()

    def add(self, name, *options, stdin=None):
        return self.ctl.run("add", name, "--preset", name, "--client-id", "c", *options, stdin=stdin)

    def exported(self, name):
        return dict(line.split("=", 1) for line in self.ctl.run("export", name).out.splitlines() if "=" in line)

    def test_list(self):
        presets = run("presets", "--json").json
        self.assertEqual({preset["id"] for preset in presets}, self.IDS)
        self.assertEqual(presets[0]["id"], "generic")
        outcome = run("presets")
        self.assertSays(outcome, "(?m)^keycloak +Keycloak +--domain id.example.org --realm staff$")
        self.assertEqual(len(outcome.out.splitlines()), len(self.IDS))

    def test_one(self):
        self.assertSays(run("presets", "auth0"), r"(?s)^Auth0 \(auth0\)\n.*--domain tenant\.eu\.auth0\.com")
        self.assertEqual(run("presets", "GitHub", "--json").json["id"], "github")
        self.assertUsage(run("presets", "bogus"))

    def test_each(self):
        """Every field of every preset has an option, and what comes out is an account."""
        for preset in run("presets", "--json").json:
            options = [part for field in preset["fields"] for part in (f"--{field['name']}", self.EXAMPLES[field["name"]])]
            if not preset["issuer"]:
                options += ["--issuer", ISSUER]
            secret = ("--client-secret-file", "-") if preset["auth_method"] != "none" else ()
            self.assertDone(self.add(preset["id"], *options, *secret, stdin="secret" if secret else None))
            self.assertNotIn("{", self.ctl.show(preset["id"])["issuer"])

    def test_auth0(self):
        self.assertDone(self.add("auth0", "--domain", "tenant.eu.auth0.com"))
        self.assertEqual(self.ctl.show("auth0")["issuer"], "https://tenant.eu.auth0.com/")

    def test_google(self):
        self.assertUsage(self.add("google"))
        self.assertDone(self.add("google", "--client-secret-file", "-", stdin="secret"))
        keys = self.exported("google")
        self.assertEqual((keys["Issuer"], keys["Parameters"], keys["Scope"]),
                         ("https://accounts.google.com", "access_type=offline;prompt=consent;", "openid profile email"))

    def test_options_go_before_the_preset(self):
        self.assertDone(self.add("okta", "--domain", "example.okta.com", "--scope", "openid", "--reuse-leeway", "no"))
        keys = self.exported("okta")
        self.assertEqual((keys["Issuer"], keys["Scope"], keys.get("ReuseLeeway", "false")), ("https://example.okta.com", "openid", "false"))

    def test_what_is_missing_or_too_much(self):
        self.assertUsage(self.add("auth0"))
        self.assertUsage(self.add("auth0", "--domain", ""))
        self.assertFails(self.add("auth0", "--domain", "http://tenant.eu.auth0.com"), "insecure_endpoint", 1)
        self.assertUsage(self.add("auth0", "--domain", "a.example.org", "--realm", "staff"))
        self.assertUsage(self.add("bogus"))
        self.assertUsage(self.add("generic"))
        self.assertUsage(self.ctl.run("add", "a", "--issuer", ISSUER, "--client-id", "c", "--domain", "a.example.org"))
        self.assertEqual(self.ctl.run("accounts", "--json").json, [])


class Administrator(CliTestCase):
    """Accounts below $XDG_CONFIG_DIRS are there for everybody, and nobody's to change."""

    TEXT = f"[Account]\nName=Company\nIssuer={ISSUER}\nClientId=c\n"

    def setUp(self):
        system, own = tempfile.mkdtemp(prefix="warifu-xdg-"), tempfile.mkdtemp(prefix="warifu-home-")
        self.folder = os.path.join(system, "warifu", "accounts")
        os.makedirs(self.folder)
        self.env = {"XDG_CONFIG_DIRS": system, "XDG_CONFIG_HOME": own}
        self.provide(self.TEXT)

    def provide(self, text, name="company.conf"):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def run_ctl(self, *args, stdin=None):
        return run(*args, stdin=stdin, env=self.env)

    def files(self):
        folder = os.path.join(self.env["XDG_CONFIG_HOME"], "warifu", "accounts")
        return os.listdir(folder) if os.path.isdir(folder) else []

    def test_it_is_there(self):
        self.assertEqual([account["name"] for account in self.run_ctl("accounts", "--json").json], ["Company"])
        first = self.run_ctl("show", "Company", "--json").json
        self.assertEqual((first["issuer"], first["state"]), (ISSUER, "signed-out"))
        # The id stays, whoever looks: tokens are found by it.
        self.assertEqual(self.run_ctl("show", "Company", "--json").json["id"], first["id"])

    def test_it_is_read_only(self):
        for args in (("edit", "Company", "--client-id", "d"), ("edit", "Company", "--name", "Mine"),
                     ("edit", "Company", "--client-secret-file", "-"), ("remove", "Company")):
            outcome = self.run_ctl(*args, stdin="secret")
            self.assertUsage(outcome)
            self.assertIn("provided by your administrator", outcome.err)
            self.assertIn("Company", outcome.err)
        with open(os.path.join(self.folder, "company.conf"), encoding="utf-8") as file:
            self.assertEqual(file.read(), self.TEXT)
        self.assertEqual(self.files(), [])

    def test_its_name_is_taken(self):
        self.assertUsage(self.run_ctl("add", "Company", "--issuer", ISSUER, "--client-id", "c"))
        self.assertUsage(self.run_ctl("import", os.path.join(self.folder, "company.conf")))
        self.assertDone(self.run_ctl("import", os.path.join(self.folder, "company.conf"), "--name", "Mine"))
        self.assertDone(self.run_ctl("edit", "Mine", "--client-id", "d"))

    def test_it_signs_in_and_out(self):
        server = Program(DEMO)
        self.addCleanup(server.stop)
        self.provide(f"[Account]\nName=Company\nIssuer={server.issuer}\nClientId=warifu-demo\n")
        ctl = Ctl(env=self.env)
        ctl.command = lambda *args: Ctl.command(ctl, *args)[:1] + list(args)
        self.assertDone(ctl.sign_in("Company", approve))
        self.assertEqual(ctl.show("Company")["state"], "signed-in")
        self.assertDone(ctl.run("token", "Company"))
        self.assertDone(ctl.run("sign-out", "Company"))

    def test_a_bad_file_is_named(self):
        self.provide("[Account]\nName=Bad\n", "bad.conf")
        outcome = self.run_ctl("accounts", "--json")
        self.assertDone(outcome)
        self.assertEqual([account["name"] for account in json.loads(outcome.out)], ["Company"])
        self.assertRegex(outcome.err, r"^warifuctl: warning: [^\n]*bad\.conf[^\n]*\n$")


if __name__ == "__main__":
    tap.main()
