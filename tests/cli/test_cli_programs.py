#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""warifuctl for other programs: exec, header, git."""

import base64
import functools
import http.server
import os
import resource
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from cli_testing import CTL, DEMO, CliTestCase, Ctl, Outcome, Program, approve
import tap

PYTHON = sys.executable
PRINT_TOKEN = "import os; print(os.environ['ACCESS_TOKEN'])"


class SignedIn(CliTestCase):
    OPTIONS = ("--access-lifetime", "600")

    def setUp(self):
        self.server = Program(DEMO, *self.OPTIONS)
        self.addCleanup(self.stop)
        self.ctl = Ctl()
        self.add("a")
        self.assertDone(self.ctl.sign_in("a", approve))

    def add(self, name):
        self.assertDone(self.ctl.run("add", name, "--issuer", self.server.issuer, "--client-id", "warifu-demo"))

    def stop(self):
        if self.server:
            self.server.stop()
        self.server = None

    def token(self, *options):
        return self.ctl.run("token", "a", *options).out.strip()


class Header(SignedIn):
    def test_header(self):
        self.assertSays(self.ctl.run("header", "a"), rf"^Authorization: Bearer {self.token()}\n$")

    def test_as_json(self):
        outcome = self.ctl.run("header", "a", "--json")
        self.assertDone(outcome)
        self.assertEqual(outcome.json, {"Authorization": f"Bearer {self.token()}",
                                        "expires_at": self.ctl.show()["access_token"]["expires_at"]})

    def test_it_refreshes(self):
        before = self.token()
        after = self.ctl.run("header", "a", "--min-ttl", "3600").out
        self.assertNotIn(before, after)
        self.assertIn(self.token(), after)

    def test_errors(self):
        self.assertFails(self.ctl.run("header", "nobody"), "no_such_account", 1)
        self.add("b")
        for options in ((), ("--json",)):
            outcome = self.ctl.run("header", "b", *options)
            self.assertFails(outcome, "needs_sign_in", 3)
            self.assertNotIn("Bearer", outcome.out)
        self.assertUsage(self.ctl.run("header"))
        self.assertUsage(self.ctl.run("header", "a", "--min-ttl", "x"))
        self.stop()
        self.assertFails(self.ctl.run("header", "a", "--min-ttl", "3600"), "offline", 4)


class Exec(SignedIn):
    def test_the_token_is_in_the_environment(self):
        self.assertSays(self.ctl.run("exec", "a", "--", PYTHON, "-c", PRINT_TOKEN), f"^{self.token()}\n$")

    def test_another_variable(self):
        program = "import os; print(os.environ['GITLAB_TOKEN'], 'ACCESS_TOKEN' in os.environ)"
        self.assertSays(self.ctl.run("exec", "a", "--variable", "GITLAB_TOKEN", "--", PYTHON, "-c", program), f"^{self.token()} False\n$")
        for wrong in ("", "1A", "A-B", "A B", "A=B", "Ä"):
            self.assertUsage(self.ctl.run("exec", "a", "--variable", wrong, "--", PYTHON, "-c", PRINT_TOKEN))

    def test_nothing_else_is_changed(self):
        """The environment, the arguments, the open files, the signals and the limits are the caller's."""
        program = ("import json, os, resource, signal, sys; print(json.dumps([dict(os.environ), sys.argv, sorted(os.listdir('/proc/self/fd')),"
                   "signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, open('/proc/self/status').read().split('SigIgn:')[1].split()[0],"
                   "resource.getrlimit(resource.RLIMIT_CORE)]))")
        arguments = ["--json", "--", "-x", "two words", ""]
        plain = subprocess.run([PYTHON, "-c", program, *arguments], capture_output=True, text=True, env=self.ctl.env, check=True)
        outcome = self.ctl.run("exec", "a", "--", PYTHON, "-c", program, *arguments)
        self.assertDone(outcome)
        expected, found = Outcome(0, plain.stdout, "").json, outcome.json
        self.assertEqual(found[0].pop("ACCESS_TOKEN"), self.token())
        for variables in (expected[0], found[0]):
            variables.pop("ACCESS_TOKEN", None)
        self.assertEqual(found, expected)

    def test_it_is_in_no_argument(self):
        """While the command runs, nobody can read the token from a list of processes, and warifuctl is gone."""
        process = self.ctl.start("exec", "a", "--", PYTHON, "-c", "import signal; print('ready', flush=True); signal.pause()")
        self.assertEqual(process.stdout.readline(), "ready\n")
        with open(f"/proc/{process.pid}/cmdline", "rb") as file:
            line = file.read()
        self.assertEqual(line.split(b"\0")[0], PYTHON.encode())
        self.assertNotIn(self.token().encode(), line)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, -signal.SIGTERM)

    def test_the_status_is_the_commands(self):
        for status in (0, 1, 3, 42, 255):
            self.assertEqual(self.ctl.run("exec", "a", "--", "sh", "-c", f"exit {status}").status, status)

    def test_any_bytes(self):
        done = subprocess.run([*(part.encode() for part in self.ctl.command("exec", "a", "--")), b"printf", b"%s", b"\xff\xfe"],
                              capture_output=True, timeout=60, env=self.ctl.env)
        self.assertEqual((done.returncode, done.stdout), (0, b"\xff\xfe"))

    def test_what_cannot_be_run(self):
        self.assertFails(self.ctl.run("exec", "a", "--", "no-such-command-here"), "usage", 127)
        self.assertFails(self.ctl.run("exec", "a", "--", "/nonexistent/program"), "usage", 127)
        self.assertFails(self.ctl.run("exec", "a", "--", "/"), "usage", 126)
        with tempfile.NamedTemporaryFile("w") as file:
            self.assertFails(self.ctl.run("exec", "a", "--", file.name), "usage", 126)
        outcome = self.ctl.run("exec", "a", "--json", "--", "no-such-command-here")
        self.assertFails(outcome, "usage", 127)
        self.assertEqual(outcome.json["error"]["name"], "usage")

    def test_usage(self):
        for args in ((), ("a",), ("a", "--"), ("a", "--bogus", "--", "true")):
            self.assertUsage(self.ctl.run("exec", *args))

    def test_nothing_runs_without_a_token(self):
        self.add("b")
        with tempfile.TemporaryDirectory() as folder:
            trace = os.path.join(folder, "trace")
            self.assertFails(self.ctl.run("exec", "b", "--", "touch", trace), "needs_sign_in", 3)
            self.assertFails(self.ctl.run("exec", "nobody", "--", "touch", trace), "no_such_account", 1)
            self.assertFalse(os.path.exists(trace))

    def test_it_refreshes(self):
        before = self.token()
        outcome = self.ctl.run("exec", "a", "--min-ttl", "3600", "--", PYTHON, "-c", PRINT_TOKEN)
        self.assertNotEqual(outcome.out.strip(), before)
        self.assertEqual(outcome.out.strip(), self.token())
        # What was noted of it is on the disk before the command takes over.
        self.assertEqual([event["event"] for event in self.ctl.run("history", "a", "--json").json], ["refresh", "sign-in"])

    def test_a_reader_that_goes_away_ends_the_command(self):
        """SIGPIPE is not ignored any longer."""
        process = self.ctl.start("exec", "a", "--", "yes")
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.wait(30), -signal.SIGPIPE)
        process.stderr.close()


class GitServer(http.server.ThreadingHTTPServer):
    """A repository over https for whoever has a token that is wanted now."""

    daemon_threads = True

    def __init__(self, folder, certificate):
        handler = functools.partial(GitHandler, directory=folder)
        super().__init__(("127.0.0.1", 0), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.wanted = None
        self.seen = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A client that does not trust the certificate goes away: no word on standard error."""


class GitHandler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        given = self.headers.get("Authorization", "")
        if given.startswith("Basic "):
            self.server.seen.append(base64.b64decode(given.removeprefix("Basic ")).decode())
        if self.server.wanted is None or self.server.wanted not in self.server.seen[-1:]:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, *args):
        pass


@unittest.skipUnless(shutil.which("git") and shutil.which("openssl"), "git or openssl is missing")
class Git(SignedIn):
    def setUp(self):
        super().setUp()
        self.folder = tempfile.mkdtemp(prefix="warifu-git-")
        os.symlink(CTL, os.path.join(self.folder, "git-credential-warifu"))
        self.certificate = os.path.join(self.folder, "server.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.certificate,
                        "-out", self.certificate + ".crt"], check=True, capture_output=True)
        with open(self.certificate, "a", encoding="ascii") as key, open(self.certificate + ".crt", encoding="ascii") as certificate:
            key.write(certificate.read())
        self.make_repository()
        self.remote = GitServer(os.path.join(self.folder, "served"), self.certificate)
        self.addCleanup(self.remote.server_close)
        self.addCleanup(self.remote.shutdown)
        self.address = f"https://127.0.0.1:{self.remote.server_address[1]}"
        self.configure(f"credential.{self.address}.warifuAccount", "a")

    @property
    def env(self):
        # The variables are for machines whose environment has them; a person would say it in the configuration.
        return dict(self.ctl.env, PATH=self.folder + os.pathsep + os.environ["PATH"], HOME=self.folder, GIT_TERMINAL_PROMPT="0",
                    GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.path.join(self.folder, "config"), GIT_ASKPASS="true",
                    GIT_SSL_CAINFO=f"{self.certificate}.crt", NO_PROXY="*", no_proxy="*")

    def git(self, *args, stdin=None, check=True):
        done = subprocess.run(["git", "-c", f"http.sslCAInfo={self.certificate}.crt", *args], input=stdin, capture_output=True,
                              text=True, timeout=60, env=self.env, cwd=self.folder)
        if check:
            self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def configure(self, *args):
        self.git("config", "--global", *args)

    def make_repository(self):
        served = os.path.join(self.folder, "served", "group", "work.git")
        self.configure("credential.helper", f"warifu --config-dir {self.ctl.config}")
        self.configure("user.name", "Alice Liddell")
        self.configure("user.email", "alice@example.org")
        self.git("init", "--quiet", "here")
        self.git("-C", "here", "commit", "--quiet", "--allow-empty", "--message", "One")
        self.git("clone", "--quiet", "--bare", "here", served)
        self.git("-C", served, "update-server-info")

    def ask(self, operation, *lines, helper="git-credential-warifu"):
        done = subprocess.run([os.path.join(self.folder, helper), "--config-dir", self.ctl.config, operation],
                              input="".join(line + "\n" for line in lines), capture_output=True, text=True, timeout=60, env=self.env)
        return Outcome(done.returncode, done.stdout, done.stderr)

    def get(self, address=None, *lines):
        protocol, host = (address or self.address).split("://")
        return self.ask("get", f"protocol={protocol}", f"host={host}", *lines)

    def assertNothing(self, outcome):
        self.assertEqual((outcome.status, outcome.out, outcome.err), (0, "", ""))

    def test_clone(self):
        self.remote.wanted = f"oauth2:{self.token()}"
        self.git("clone", "--quiet", f"{self.address}/group/work.git", "there")
        self.assertTrue(os.path.isdir(os.path.join(self.folder, "there", ".git")))
        self.assertEqual(set(self.remote.seen), {f"oauth2:{self.token()}"})

    def test_what_get_answers(self):
        outcome = self.get()
        self.assertDone(outcome)
        self.assertEqual(outcome.err, "")
        lines = dict(line.split("=", 1) for line in outcome.out.splitlines())
        self.assertEqual((lines["username"], lines["password"]), ("oauth2", self.token()))
        self.assertAlmostEqual(int(lines["password_expiry_utc"]), time.time() + 600, delta=120)

    def test_a_user_name_of_ones_own(self):
        self.configure(f"credential.{self.address}.username", "alice")
        self.remote.wanted = f"alice:{self.token()}"
        self.git("clone", "--quiet", f"{self.address}/group/work.git", "there")
        self.assertIn("username=alice\n", self.get(None, "username=alice").out)

    def test_a_refused_token_is_replaced(self):
        before = self.token()
        self.remote.wanted = "nothing is good enough"
        done = self.git("clone", "--quiet", f"{self.address}/group/work.git", "there", check=False)
        self.assertNotEqual(done.returncode, 0)
        after = self.token()
        self.assertNotEqual(after, before)
        self.remote.wanted = f"oauth2:{after}"
        self.git("clone", "--quiet", f"{self.address}/group/work.git", "there")

    def test_erase_and_store(self):
        question = ("protocol=https", f"host={self.address.split('://')[1]}", "username=oauth2")
        before = self.token()
        self.assertNothing(self.ask("erase", *question, "password=another"))
        self.assertNothing(self.ask("store", *question, f"password={before}"))
        self.assertNothing(self.ask("capability", *question))
        self.assertEqual(self.token(), before)
        self.assertNothing(self.ask("erase", *question, f"password={before}"))
        self.assertNotEqual(self.token(), before)

    def test_only_the_bound_host(self):
        port = self.remote.server_address[1]
        for other in (f"http://127.0.0.1:{port}", f"https://127.0.0.1:{port + 1}", "https://127.0.0.1", f"https://localhost:{port}",
                      f"https://127.0.0.1:{port}@evil.example.org", f"https://evil.example.org/127.0.0.1:{port}",
                      f"https://127.0.0.1:{port}.evil.example.org", f"https://x.127.0.0.1:{port}", f"ssh://127.0.0.1:{port}",
                      f"https://a@127.0.0.1:{port}", f"https://127.0.0.1:{port}?x", f"https://127.0.0.1:{port}#x", "https://", "https://[", "://"):
            self.assertNothing(self.get(other))
        self.assertNothing(self.ask("get"))
        self.assertNothing(self.ask("get", "protocol=https"))

    def test_no_binding_for_all_and_none_over_http(self):
        self.configure("credential.warifuAccount", "a")
        self.configure("credential.https://*.example.org.warifuAccount", "a")
        self.configure("credential.http://plain.example.org.warifuAccount", "a")
        self.configure("credential.named.example.org.warifuAccount", "a")
        for address in ("https://id.example.org", "https://plain.example.org", "http://plain.example.org", "https://named.example.org"):
            self.assertNothing(self.get(address))

    def test_the_last_and_the_closest_binding(self):
        for name in ("b", "c"):
            self.add(name)
        host = self.address.split("://")[1]
        self.configure("--add", f"credential.{self.address}/group.warifuAccount", "b")
        self.assertDone(self.get())
        outcome = self.ask("get", "protocol=https", f"host={host}", "path=group/work.git")
        self.assertFails(outcome, "needs_sign_in", 3)
        self.assertEqual(outcome.out, "")
        self.assertDone(self.ask("get", "protocol=https", f"host={host}", "path=groups/work.git"))
        self.configure("--add", f"credential.{self.address.upper().replace('HTTPS', 'https')}.warifuAccount", "c")
        self.assertFails(self.get(), "needs_sign_in", 3)

    def test_errors(self):
        self.configure(f"credential.{self.address}.warifuAccount", "nobody")
        self.assertFails(self.get(), "no_such_account", 1)
        self.assertFails(self.ask("get", "protocol=https\0"), "usage", 2)
        self.assertFails(self.ask("get", "x" * 70000), "response_too_large", 1)

    def test_as_a_command(self):
        question = f"protocol=https\nhost={self.address.split('://')[1]}\n"
        done = subprocess.run(self.ctl.command("git-credential", "get"), input=question, capture_output=True, text=True, timeout=60, env=self.env)
        self.assertIn(f"password={self.token()}\n", done.stdout)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    tap.main()
