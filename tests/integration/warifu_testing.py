# SPDX-License-Identifier: GPL-3.0-or-later
"""What the integration tests share: warifuctl as a program, servers as programs, a person with a browser."""

import html
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

BUILD = os.environ["WARIFU_BUILD_DIR"]
SOURCE = os.environ["WARIFU_SOURCE_DIR"]
# what the tests make goes with the home of the keyring's wrapper
tempfile.tempdir = os.environ.get("KEYRING_TEST_DIR")
CTL = os.path.join(BUILD, "src", "cli", "warifuctl")
DEMO = os.path.join(BUILD, "src", "demo", "warifu-demo")
DEADLINE = 60
PAUSE = 0.03  # between two looks


def wait_for(what, look, seconds=DEADLINE):
    """Looks until LOOK finds something, and returns it. WHAT is a sentence, or a function that makes it."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} seconds for {what() if callable(what) else what}")
        time.sleep(PAUSE)


def is_at_lock(process, account):
    """Whether PROCESS holds the lock of the account of that id, or waits for it: it knows by then what was in the keyring."""
    folder = f"/proc/{process.pid}/fd"
    try:
        return any(os.path.basename(os.readlink(os.path.join(folder, name))) == f"{account}.lock" for name in os.listdir(folder))
    except FileNotFoundError:
        return False  # a file that was closed while it was looked at
    except PermissionError:
        raise unittest.SkipTest("a release build lets nobody but root look") from None


class Outcome:
    """How one run of warifuctl ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def name(self):
        """The error's stable name, None where nothing was said."""
        lines = [line for line in self.err.splitlines() if line.startswith("warifuctl: ")]
        return lines[-1].split(": ")[1] if lines else None

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"<status {self.status}, {self.err.strip()!r}, out {self.out[:300]!r}>"


class Ctl:
    """warifuctl with a configuration of its own."""

    def __init__(self, config=None, env=None):
        self.config = config or tempfile.mkdtemp(prefix="warifu-config-")
        self.env = dict(os.environ, **(env or {}))

    def command(self, *args):
        return [CTL, "--config-dir", self.config, *map(str, args)]

    def run(self, *args, stdin=None, timeout=60):
        done = subprocess.run(self.command(*args), input=stdin, capture_output=True, text=True, timeout=timeout, env=self.env)
        return Outcome(done.returncode, done.stdout, done.stderr)

    def start(self, *args):
        return subprocess.Popen(self.command(*args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.env)

    def show(self, name="a"):
        return self.run("show", name, "--json").json

    def sign_in(self, name, person, *options, timeout=60):
        """Begins a sign-in, lets PERSON (a function of the URL that opens) answer, and waits for the end."""
        process = self.start("sign-in", name, "--no-open", *options)
        line = process.stdout.readline()
        if line.startswith("Open: "):
            try:
                person(line.removeprefix("Open: ").strip())
            except BaseException:
                process.kill()
                process.communicate()
                raise
        out, err = process.communicate(timeout=timeout)
        return Outcome(process.returncode, out, err)


class Program:
    """A server that says "Issuer: URL" when it is ready."""

    def __init__(self, *command, env=None, cwd=None):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        env=dict(os.environ, **(env or {})), cwd=cwd)
        line = self.process.stdout.readline()
        if not line.startswith("Issuer: "):
            self.stop()
            raise RuntimeError(f"{command[0]} did not start")
        self.issuer = line.removeprefix("Issuer: ").strip()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Browser:
    """As much of a browser as signing in needs: cookies, forms, redirects one by one."""

    def __init__(self):
        self.opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPCookieProcessor(), urllib.request.ProxyHandler({}))

    def open(self, url, fields=None):
        """Returns status, where to go on (or None), and the text."""
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        try:
            answer = self.opener.open(urllib.request.Request(url, data), timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            target = answer.headers.get("Location")
            return answer.status, target and urllib.parse.urljoin(url, target), answer.read().decode(errors="replace")

    def walk(self, url, until):
        """Follows redirects until one that begins with UNTIL, which is not opened. Returns it, or the page where it ends."""
        for _ in range(20):
            if url.startswith(until):
                return url, ""
            _, target, text = self.open(url)
            if not target:
                return url, text
            url = target
        raise RuntimeError("the server redirects without end")

    @staticmethod
    def form(url, page):
        action = re.search(r'<form[^>]*action="([^"]+)"', page).group(1)
        fields = {}
        for tag in re.findall(r"<input[^>]*>", page):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name:
                fields[html.unescape(name.group(1))] = html.unescape(value.group(1)) if value else ""
        return urllib.parse.urljoin(url, html.unescape(action)), fields

    def submit(self, url, page, until, **values):
        action, fields = self.form(url, page)
        fields.update(values)
        _, target, text = self.open(action, fields)
        return self.walk(target, until) if target else (action, text)


def redirect_uri_of(url):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["redirect_uri"][0]


def parameters_of(url):
    return {name: values[0] for name, values in urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).items()}


class TestCase(unittest.TestCase):
    def assertFails(self, outcome, name, status=None):
        self.assertEqual(outcome.name, name, outcome)
        self.assertEqual(len(outcome.err.strip().splitlines()), 1, outcome)
        if status is not None:
            self.assertEqual(outcome.status, status, outcome)
        else:
            self.assertNotEqual(outcome.status, 0, outcome)

    def assertDone(self, outcome):
        self.assertEqual(outcome.status, 0, outcome)
