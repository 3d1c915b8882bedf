#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are planted, then looked for everywhere: output at every log level, command lines, environments, files,
the keyring item's attributes and label."""

import os
import subprocess
import tempfile
import time
import urllib.parse

import gi
from gi.repository import Gio, GLib

import tap
from scripted import ScriptedProvider
from warifu_testing import Browser, Ctl, TestCase, parameters_of

CLIENT_SECRET = "canary-client-secret-5f1c"


class Leaks(TestCase):
    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.stop)
        self.ctl = Ctl(env={"G_MESSAGES_DEBUG": "all"})
        self.seen = []  # (where, text)
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(CLIENT_SECRET)
            file.flush()
            self.look("add", self.ctl.run("add", "a", "--issuer", self.provider.issuer, "--client-id", "client", "--audience", "https://api.example.org",
                                          "--auth-method", "client_secret_post", "--client-secret-file", file.name))

    def look(self, where, outcome):
        self.assertDone(outcome)
        self.seen.append((f"output of {where}", outcome.out + outcome.err))

    def person(self, url):
        process = next(pid for pid in os.listdir("/proc") if pid.isdigit() and self.is_sign_in(pid))
        for file in ("cmdline", "environ"):
            try:
                with open(f"/proc/{process}/{file}", "rb") as handle:
                    self.seen.append((f"/proc/PID/{file}", handle.read().decode(errors="replace")))
            except PermissionError:  # a release build lets nobody but root look
                self.assertEqual(file, "environ")
        self.verifier_challenge = parameters_of(url)["code_challenge"]
        self.provider.person(url)

    def is_sign_in(self, pid):
        """Ours, and none of a test beside this one."""
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as handle:
                return {b"sign-in", self.ctl.config.encode()} <= set(handle.read().split(b"\0"))
        except OSError:
            return False

    def canaries(self):
        secrets = {"client secret": CLIENT_SECRET}
        for number, (_, path, headers, form) in enumerate(self.provider.requests):
            for name in ("code", "code_verifier", "refresh_token"):
                if form.get(name):
                    secrets[f"{name} {number}"] = form[name]
            if "Authorization" in headers:
                secrets[f"access token {number}"] = headers["Authorization"].split()[-1]
        self.assertGreaterEqual(len(secrets), 5)
        return secrets

    def read_files(self):
        for top in (self.ctl.config, os.environ["HOME"], os.environ["XDG_RUNTIME_DIR"]):
            for folder, _, names in os.walk(top):
                for name in names:
                    path = os.path.join(folder, name)
                    if os.path.isfile(path):
                        with open(path, "rb") as file:
                            self.seen.append((path, file.read().decode("latin-1")))

    def read_keyring(self):
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        call = lambda path, interface, method, arguments, answer: bus.call_sync(
            "org.freedesktop.secrets", path, interface, method, arguments, GLib.VariantType(answer), 0, 5000, None).unpack()
        unlocked, locked = call("/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "SearchItems",
                                GLib.Variant("(a{ss})", ({"account": self.ctl.show()["id"]},)), "(aoao)")
        self.assertEqual(len(unlocked), 1, "one item holds everything")
        properties = call(unlocked[0], "org.freedesktop.DBus.Properties", "GetAll", GLib.Variant("(s)", ("org.freedesktop.Secret.Item",)), "(a{sv})")[0]
        self.assertEqual(set(properties["Attributes"]), {"account", "xdg:schema"})
        self.assertNotIn("alice", str(properties).lower())
        self.seen.append(("the keyring item's label and attributes", str(properties)))

    def test_canaries(self):
        """#71 and #35 no secret outside the keyring's encrypted item and the one command that is asked for it"""
        outcome = self.ctl.sign_in("a", self.person)
        self.look("sign-in", outcome)
        for command in (("refresh", "a"), ("userinfo", "a"), ("show", "a"), ("show", "a", "--json"), ("accounts", "--json"),
                        ("history", "a", "--json"), ("doctor", "a")):
            self.look(" ".join(command), self.ctl.run(*command))
        self.read_files()
        self.read_keyring()
        canaries = self.canaries()
        for where, text in self.seen:
            for name, secret in canaries.items():
                self.assertNotIn(secret, text, f"{name} in {where}")
                self.assertNotIn(urllib.parse.quote(secret, safe=""), text, f"{name} in {where}")
        token = self.ctl.run("token", "a").out.strip()
        self.assertIn(token, canaries.values(), "the search would have found it")

    def test_72_bus(self):
        """#72 who listens on the session bus hears no secret: it goes to the keyring and back encrypted"""
        with tempfile.TemporaryFile() as heard:
            monitor = subprocess.Popen(["dbus-monitor", "--session", "--pcap"], stdout=heard)
            try:
                # what is said before it listens is not heard
                self.wait_to_hear(heard, b"a.name.for.the.monitor")
                self.assertDone(self.ctl.sign_in("a", self.provider.person))
                for command in (("refresh", "a"), ("userinfo", "a"), ("token", "a"), ("show", "a", "--json")):
                    self.assertDone(self.ctl.run(*command))
                self.wait_to_hear(heard, b"another.name.for.the.monitor")
            finally:
                monitor.terminate()
                monitor.wait()
            heard.seek(0)
            said = heard.read()
        self.assertIn(b"io.github.warifu.Account", said)
        tokens = [value for value in self.provider.refresh_tokens]
        self.assertGreaterEqual(len(tokens), 2)
        for secret in [*self.canaries().values(), *tokens]:
            self.assertNotIn(secret.encode(), said)

    def wait_to_hear(self, heard, name):
        """Asks the bus for somebody called NAME until that question is in what the monitor wrote."""
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        deadline = time.monotonic() + 30
        while name not in os.pread(heard.fileno(), 1 << 24, 0):
            self.assertLess(time.monotonic(), deadline)
            bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                          GLib.Variant("(s)", (name.decode(),)), None, 0, 5000, None)
            time.sleep(0.05)

    def test_74_version(self):
        """#74 --version and --help say what Warifu is, and nothing of whose it is"""
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        for option in ("--version", "--help"):
            said = self.ctl.run(option)
            self.assertDone(said)
            for word in ("alice", self.provider.issuer, self.ctl.config, CLIENT_SECRET, *self.provider.refresh_tokens):
                self.assertNotIn(word, said.out + said.err)

    def test_no_item_after_removal(self):
        """removing an account leaves no item, no file and no history"""
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        identity = self.ctl.show()["id"]
        self.assertDone(self.ctl.run("remove", "a"))
        self.assertNotIn(f"{identity}.conf", os.listdir(os.path.join(self.ctl.config, "accounts")))
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        found = bus.call_sync("org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "SearchItems",
                              GLib.Variant("(a{ss})", ({"account": identity},)), None, 0, 5000, None).unpack()
        self.assertEqual(found, ([], []))


if __name__ == "__main__":
    tap.main()
