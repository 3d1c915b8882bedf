#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account files and history on a full disk, and after SIGKILL in the middle of a write: old or new, never half."""

import configparser
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time

import tap
from scripted import Answer, ScriptedProvider
from warifu_testing import CTL, Ctl, Outcome, TestCase

EDIT_KILLS = 40
HISTORY_KILLS = 25
SCOPES = ("openid", "openid " + " ".join(f"scope-{number:04}" for number in range(600)))  # one block of a disk, and several


def fill_disk():
    """No file may grow: what a program on a full disk sees, without the rights to make one."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


class FullCtl(Ctl):
    def run(self, *args, **options):
        done = subprocess.run(self.command(*args), capture_output=True, text=True, timeout=60, env=self.env,
                              preexec_fn=fill_disk)
        return Outcome(done.returncode, done.stdout, done.stderr)


class Storage(TestCase):
    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.stop)
        self.data = tempfile.mkdtemp(prefix="warifu-data-")
        self.addCleanup(shutil.rmtree, self.data)
        self.env = {"XDG_DATA_HOME": self.data}
        self.ctl = Ctl(env=self.env)
        self.full = FullCtl(self.ctl.config, self.env)
        self.folder = os.path.join(self.ctl.config, "accounts")
        self.history = os.path.join(self.data, "warifu", "history.db")
        self.notes = os.path.join(self.data, "warifu", "refreshing")

    def add(self, name="a"):
        self.assertDone(self.ctl.run("add", name, "--issuer", self.provider.issuer, "--client-id", "client"))

    def files(self):
        """Every account file, parsed: its name and its scope."""
        found = {}
        for name in sorted(os.listdir(self.folder)):
            if name.endswith(".conf"):
                parser = configparser.RawConfigParser(strict=True, interpolation=None)
                parser.optionxform = str
                with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                    parser.read_file(file)
                found[name] = parser["Account"].get("Scope")
        return found

    def assertHistoryWhole(self):
        with sqlite3.connect(self.history) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        database.close()
        self.assertDone(self.ctl.run("history", "a", "--limit", "5"))
        self.assertFalse(os.path.exists(self.history + ".damaged"))

    # a full disk

    def test_full_add(self):
        """a full disk refuses a new account by name, and leaves nothing of it"""
        self.assertFails(self.full.run("add", "a", "--issuer", self.provider.issuer, "--client-id", "client"), "storage_failed", 1)
        self.assertEqual(os.listdir(self.folder), [])
        self.assertFails(self.ctl.run("show", "a"), "no_such_account", 1)
        self.add()

    def test_full_edit(self):
        """a full disk refuses an edit by name, and the account is as before"""
        self.add()
        before = self.files()
        outcome = self.full.run("edit", "a", "--scope", SCOPES[1])
        self.assertFails(outcome, "storage_failed", 1)
        self.assertIn("cannot be written", outcome.err)
        self.assertEqual(self.files(), before)
        self.assertEqual(len(os.listdir(self.folder)), 1, "nothing half is left beside it")
        self.assertDone(self.ctl.run("edit", "a", "--scope", SCOPES[1]))

    def test_full_tokens(self):
        """sign-in, refresh, token and sign-out go on when the disk is full; the history is silent and whole"""
        self.add()
        self.assertDone(self.full_sign_in())
        for command in (["refresh", "a"], ["token", "a"], ["history", "a"]):
            self.assertDone(self.full.run(*command))
        self.assertEqual(self.ctl.show()["refresh_token"]["generation"], 2)
        self.assertDone(self.full.run("sign-out", "a"))
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        self.assertHistoryWhole()

    def test_full_note(self):
        """a full disk that takes no note of a refresh: the keyring takes it, and nothing half is left"""
        self.add()
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        self.assertDone(self.ctl.run("refresh", "a"))
        self.assertEqual(os.listdir(self.notes), [], "the note goes with the answer")
        for _ in range(2):
            self.assertDone(self.full.run("refresh", "a"))
            self.assertEqual(os.listdir(self.notes), [])
        self.assertEqual(self.ctl.show()["refresh_token"]["generation"], 4)

    def test_full_note_kill(self):
        """killed after such a note: it counts as every other"""
        self.add()
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        self.kill_while_asking(self.full)
        self.assertFalse(os.path.exists(self.notes) and os.listdir(self.notes))
        self.kill_while_asking(self.ctl)
        self.assertNotSent()

    def test_full_later(self):
        """a history that exists survives a disk that fills, and takes up again after it"""
        self.add()
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        before = len(self.ctl.run("history", "a", "--json").json)
        self.assertDone(self.full.run("refresh", "a"))
        self.assertHistoryWhole()
        self.assertDone(self.ctl.run("refresh", "a"))
        self.assertEqual(len(self.ctl.run("history", "a", "--json").json), before + 1)

    def full_sign_in(self):
        process = subprocess.Popen(self.full.command("sign-in", "a", "--no-open"), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=self.full.env, preexec_fn=fill_disk)
        self.provider.person(process.stdout.readline().removeprefix("Open: ").strip())
        out, err = process.communicate(timeout=60)
        return Outcome(process.returncode, out, err)

    def test_full_file_system(self):
        """a file system that is really full does the same (in a mount namespace, where the system gives one)"""
        script = r"""
            mount -t tmpfs -o size=16k tmpfs "$FULL" && mkdir "$FULL/config" "$FULL/data" || exit 77
            "$CTL" --config-dir "$FULL/config" add a --issuer "$ISSUER" --client-id client || exit 1
            cat /dev/zero > "$FULL/filler" 2> /dev/null
            "$CTL" --config-dir "$FULL/config" edit a --scope "$SCOPE"; echo "status $?"
            "$CTL" --config-dir "$FULL/config" show a --json > /dev/null && echo whole
            ls "$FULL/config/accounts" | wc -l
        """
        full = tempfile.mkdtemp(prefix="warifu-full-")
        self.addCleanup(shutil.rmtree, full)
        env = dict(os.environ, FULL=full, CTL=CTL, ISSUER=self.provider.issuer, SCOPE=SCOPES[1],
                   XDG_DATA_HOME=os.path.join(full, "data"))
        done = subprocess.run(["unshare", "--mount", "--user", "--map-root-user", "sh", "-c", script], capture_output=True,
                              text=True, env=env, timeout=60)
        if done.returncode == 77 or "unshare" in done.stderr:
            self.skipTest("this system gives no mount namespace")
        self.assertIn("status 1\nwhole\n1\n", done.stdout)
        self.assertIn("warifuctl: storage_failed: ", done.stderr)

    # a kill in the middle of a write

    def test_kill_edit(self):
        """SIGKILL at random moments of editing: every account file is the old or the new one"""
        self.add()
        generator = random.Random(20261)
        began = time.monotonic()
        self.assertDone(self.ctl.run("edit", "a", "--scope", SCOPES[0]))
        usual = time.monotonic() - began
        seen = {scope: 0 for scope in SCOPES}
        for number in range(EDIT_KILLS):
            process = self.ctl.start("edit", "a", "--scope", SCOPES[(number + 1) % 2])
            time.sleep(generator.uniform(0, usual * 1.2))
            process.kill()
            process.communicate()
            files = self.files()
            self.assertEqual(len(files), 1)
            scope = next(iter(files.values()))
            self.assertIn(scope, SCOPES)
            seen[scope] += 1
        self.assertDone(self.ctl.run("show", "a", "--json"))
        print(f"# {EDIT_KILLS} kills while editing: {seen[SCOPES[0]]} times the one, {seen[SCOPES[1]]} times the other, "
              "0 times half an account file")

    def kill_while_asking(self, ctl):
        """Kills a refresh whose request has come to the provider, which does not answer."""
        asked = threading.Event()

        def hang(honest, form):
            asked.set()
            return Answer(drop=True, wait=1)

        self.provider.token = hang
        process = subprocess.Popen(ctl.command("refresh", "a"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ctl.env,
                                   preexec_fn=fill_disk if ctl is self.full else None)
        self.assertTrue(asked.wait(60))
        process.kill()
        process.wait()
        self.provider.token = None

    def assertNotSent(self):
        """Another try is refused by name, without a request, until somebody signs in."""
        before = len(self.provider.requests)
        self.assertFails(self.ctl.run("refresh", "a"), "needs_sign_in", 3)
        self.assertEqual([path for _, path, _, _ in self.provider.requests[before:] if path == "/token"], [])
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        self.assertDone(self.ctl.run("refresh", "a"))
        self.assertFalse(os.path.exists(self.notes) and os.listdir(self.notes))

    def read_note(self):
        [name] = os.listdir(self.notes)
        path = os.path.join(self.notes, name)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    def test_kill_note(self):
        """SIGKILL while a request is on its way, twice: the note says so each time, and then nothing is sent"""
        self.add()
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        notes = []
        for _ in range(2):
            self.kill_while_asking(self.ctl)
            notes.append(self.read_note())
        self.assertEqual([note["attempts"] for note in notes], [1, 2])
        self.assertEqual(set(notes[0]), {"version", "write_id", "attempts", "started_at"})
        self.assertEqual(notes[0]["write_id"], notes[1]["write_id"], "the keyring was not written in between")
        self.assertEqual(os.stat(self.notes).st_mode & 0o777, 0o700)
        self.assertNotSent()

    def test_kill_note_goes_on(self):
        """SIGKILL while a request is on its way, once: the next try goes on, and its answer makes the note void"""
        self.add()
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        self.kill_while_asking(self.ctl)
        self.assertEqual(self.read_note()["attempts"], 1)
        self.assertDone(self.ctl.run("refresh", "a"))
        self.assertEqual(os.listdir(self.notes), [])

    def test_note_goes(self):
        """a sign-out and the removal of an account take the note with them"""
        for command in (["sign-out", "a"], ["remove", "a"]):
            with self.subTest(command[0]):
                self.ctl.run("remove", "a")
                self.add()
                self.assertDone(self.ctl.sign_in("a", self.provider.person))
                self.kill_while_asking(self.ctl)
                self.assertEqual(len(os.listdir(self.notes)), 1)
                self.assertDone(self.ctl.run(*command))
                self.assertEqual(os.listdir(self.notes), [])

    def test_kill_history(self):
        """SIGKILL at random moments of refreshing: the history opens and is whole"""
        self.add()
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        generator = random.Random(20262)
        began = time.monotonic()
        self.assertDone(self.ctl.run("refresh", "a"))
        usual = time.monotonic() - began
        for _ in range(HISTORY_KILLS):
            process = self.ctl.start("refresh", "a")
            time.sleep(generator.uniform(usual / 2, usual * 1.2))
            process.kill()
            process.communicate()
            self.assertHistoryWhole()
        print(f"# {HISTORY_KILLS} kills while refreshing: the history is whole after each")


if __name__ == "__main__":
    tap.main()
