#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A citizen of the session bus: started by it, one at a time, called through org.freedesktop.Application. Whatever is
opened and whatever action is called, nobody is signed in by it."""

import glob
import os
import shlex
import subprocess

from gi.repository import Gio, GLib

import tap
from scripted import Answer
from warifu_testing import BUILD
from window_testing import DEADLINE, SANDBOX, WARIFU, Warifu, WindowTestCase, wait_for

BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
SECRET = "notforanyonetoread"
# What a web page, a mail or another program may try.
ADDRESSES = (
    "warifu:sign-in?account=a", "warifu://a/sign-in", "io.github.warifu:/callback?code=" + SECRET + "&state=1",
    "io.github.warifu:/callback?error=access_denied", "javascript:alert(1)",
)


class ServiceProcess:
    """The process that the bus has started: not a child of ours. Its status is what the script around it wrote."""

    def __init__(self, pid, status):
        self.pid, self.path, self.returncode = pid, status, None

    def poll(self):
        if self.returncode is None and os.path.exists(self.path):
            with open(self.path) as file:
                self.returncode = int(file.read())
        return self.returncode

    def wait(self, seconds=DEADLINE):
        wait_for("the service to end", lambda: self.poll() is not None, seconds)
        return self.returncode

    def send_signal(self, number):
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass  # has ended, and the script around it is about to say how


class Service(Warifu):
    """Warifu as the bus starts it."""

    def __init__(self, home, pid, errors, status):
        self.home, self.errors = home, open(errors)
        self.process = ServiceProcess(pid, status)


class WindowBus(WindowTestCase):
    def setUp(self):
        super().setUp()
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.provider = self.start_provider()
        self.add("a", self.provider.issuer)
        self.requests = len(self.provider.requests)
        self.install_service()

    def install_service(self):
        """The installed file, except that what it starts is in this home."""
        built, = glob.glob(os.path.join(BUILD, "data", "io.github.warifu.Warifu*.service"))
        self.id = os.path.basename(built).removesuffix(".service")
        self.path = "/" + self.id.replace(".", "/")
        with open(built) as file:
            text = file.read()
        command, = (line.partition("=")[2] for line in text.splitlines() if line.startswith("Exec="))
        self.assertEqual([os.path.basename(word) for word in shlex.split(command)], ["warifu", "--gapplication-service"])
        self.errors, self.status, script = (os.path.join(self.home.path, name) for name in ("errors", "status", "service"))
        env = dict(SANDBOX, **self.home.env, **{name: os.environ[name] for name in ("DISPLAY", "GDK_BACKEND") if name in os.environ})
        with open(script, "w") as file:
            file.write("#!/bin/sh\nunset G_DEBUG\n" + "".join(f"export {name}={shlex.quote(value)}\n" for name, value in env.items()) +
                       f"{WARIFU} --gapplication-service > {self.errors} 2>&1\necho $? > {self.status}.new\n"
                       f"mv {self.status}.new {self.status}\n")
        os.chmod(script, 0o755)
        path = os.path.join(os.environ["KEYRING_TEST_DIR"], "services", os.path.basename(built))
        with open(path, "w") as file:
            file.write(text.replace(command, script))
        self.addCleanup(self.call, *BUS, "ReloadConfig")
        self.addCleanup(os.unlink, path)
        self.call(*BUS, "ReloadConfig")

    def call(self, name, path, interface, method, signature=None, *arguments):
        variant = GLib.Variant(signature, arguments) if signature else None
        return self.bus.call_sync(name, path, interface, method, variant, None, 0, DEADLINE * 1000, None).unpack()

    def ask(self, method, signature, *arguments):
        """Of org.freedesktop.Application, as a desktop does: the bus starts Warifu where it does not run."""
        self.call(self.id, self.path, "org.freedesktop.Application", method, signature, *arguments)

    def get_service(self):
        owner, = self.call(*BUS, "GetNameOwner", "(s)", self.id)
        pid, = self.call(*BUS, "GetConnectionUnixProcessID", "(s)", owner)
        service = Service(self.home, pid, self.errors, self.status)
        self.addCleanup(service.errors.close)
        self.addCleanup(self.end, service)
        service.meet()
        return service

    def run_again(self, *arguments):
        """A second warifu: hands over to the first and is gone."""
        env = {name: value for name, value in os.environ.items() if name != "G_DEBUG"}
        done = subprocess.run([WARIFU, *arguments], env=dict(env, **self.home.env), capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def assertNothingHappened(self):
        """No request has gone to the provider, and the account is as it was."""
        self.assertEqual([request[:2] for request in self.provider.requests[self.requests:]], [])
        shown = self.ctl.show()
        self.assertEqual((shown["state"], shown["last_error"]), ("signed-out", None))

    def test_activate(self):
        """The bus starts Warifu with its window; a second warifu raises it and ends, and there is one"""
        self.ask("Activate", "(a{sv})", {})
        warifu = self.get_service()
        warifu.wait("Sign In", "push-button")
        self.run_again()
        self.ask("Activate", "(a{sv})", {})
        self.assertEqual(self.get_service().process.pid, warifu.process.pid)
        self.assertEqual(len(warifu.windows()), 1)
        self.assertNothingHappened()
        self.assertEqual(warifu.quit(), "")

    def test_actions(self):
        """Every action that takes nothing is called: the editor, the inspector, the demo open, and no sign-in begins"""
        self.ask("ActivateAction", "(sava{sv})", "add-account", [], {})
        warifu = self.get_service()
        warifu.wait("Discover", "push-button")
        warifu.key("Escape")
        warifu.wait_gone("Discover")
        actions, = self.call(self.id, self.path, "org.gtk.Actions", "DescribeAll")
        plain = sorted(name for name, (enabled, parameter, _) in actions.items() if enabled and not parameter)
        self.assertLessEqual({"about", "add-account", "demo", "inspect", "preferences", "quit", "shortcuts"}, set(plain))
        for name in plain:
            if name != "quit":
                self.ask("ActivateAction", "(sava{sv})", name, [], {})
        wait_for("the windows", lambda: len(warifu.windows()) > 4)
        # What stays in the background is no matter of windows: the answer to a call comes after what the call did.
        self.assertNothingHappened()
        self.ask("ActivateAction", "(sava{sv})", "quit", [], {})
        self.assertEqual(warifu.process.wait(), 0)
        self.assertEqual(warifu.said(), "")

    def test_open(self):
        """Addresses of every kind are opened: they are refused in the inspector, not followed, not shown, not kept"""
        addresses = (*ADDRESSES, self.provider.issuer + "/authorize?code=" + SECRET)
        self.ask("Open", "(asa{sv})", addresses, {})
        warifu = self.get_service()
        warifu.wait(contains="Only files on this computer are opened")
        self.assertEqual(warifu.find("Sign In"), [], "Warifu's own window is not even there")
        for address in addresses:
            self.ask("Open", "(asa{sv})", [address], {})
        self.run_again(*addresses)
        self.ask("Activate", "(a{sv})", {})
        warifu.wait("Sign In", "push-button")
        self.assertNothingHappened()
        self.assertEqual([node for node in warifu.look() if SECRET in node.name + node.description], [])
        self.assertEqual([path for path, content in self.home.files() if SECRET.encode() in content], [])
        self.ask("ActivateAction", "(sava{sv})", "quit", [], {})
        self.assertEqual(warifu.process.wait(), 0)
        self.assertEqual(warifu.said(), "")

    def test_sign_in_goes_on(self):
        """While a sign-in waits for its answer, even the right answer is not taken from another program"""
        self.provider.page = lambda url: Answer("<!DOCTYPE html><title>Waiting</title><h1>Stay a while</h1>", content_type="text/html")
        self.ask("Activate", "(a{sv})", {})
        warifu = self.get_service()
        warifu.press("Sign In")
        warifu.wait_on_page("Stay a while", "heading")
        self.ask("Open", "(asa{sv})", [self.provider.redirect(self.provider.target)], {})
        warifu.wait(contains="Only files on this computer are opened")
        self.assertEqual(self.provider.count("/token"), 0)
        warifu.key("ctrl+w")
        wait_for("the inspector to close", lambda: len(warifu.windows()) == 1)
        warifu.key("Escape")
        warifu.wait("Sign In", "push-button")
        self.assertEqual(self.provider.count("/token"), 0)
        self.assertEqual(self.ctl.show()["state"], "signed-out")
        self.assertEqual(warifu.quit(), "")


if __name__ == "__main__":
    tap.main()
