#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Going on without a window: allowed by the person and the desktop, told once, refreshing by schedule, quit when asked; and
what is told over notifications.

usage: test_background.py [prepare], which signs in while the keyring is still unlocked
"""

import configparser
import os
import shlex
import subprocess
import sys
import time
import unittest

from gi.repository import Gio, GLib

import tap
from fake_desktop import Notifications, Portal
from scripted import Answer
from window_testing import DEADLINE, SANDBOX, WARIFU, Home, PageProvider, Warifu, WindowTestCase, wait_for

APPLICATION = "org.freedesktop.Application"
KEPT = os.path.join(os.environ["KEYRING_TEST_DIR"], "kept")
IS_LOCKED = os.path.isdir(KEPT)
ON = {"background": "true"}
IN_SANDBOX = {"GTK_USE_PORTAL": "1"}  # as GLib has it where a program is to use portals
SWITCH = ("check-box", "toggle-button", "switch")
LIFETIME = 12  # of an access token: refreshed every six seconds


def sign_in(home, provider, name="Work"):
    home.ctl.run("add", name, "--issuer", provider.issuer, "--client-id", "client", "--refresh-policy", "before-expiry")
    outcome = home.ctl.sign_in(name, provider.person)
    assert outcome.status == 0, outcome


def prepare():
    """An account whose tokens are in the keyring that is locked next."""
    provider = PageProvider()
    sign_in(Home(path=KEPT), provider, "Kept")
    provider.stop()


class Quiet(Warifu):
    """Warifu without a window. Call meet() once it should have one."""

    def __init__(self, home, *arguments, env=None):
        self.home = home
        self.errors = open(os.path.join(home.path, "errors"), "w+")
        inherited = {name: value for name, value in os.environ.items() if name != "G_DEBUG"}
        self.process = subprocess.Popen([WARIFU, *arguments], env=dict(inherited, **SANDBOX, **home.env, **(env or {})),
                                        stdin=subprocess.DEVNULL, stdout=self.errors, stderr=self.errors)


class BackgroundTestCase(WindowTestCase):
    def setUp(self):
        super().setUp()
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.id = "io.github.warifu.Warifu"
        self.provider = self.start_provider()
        self.provider.lifetime = LIFETIME
        self.notifications = self.serve(Notifications)

    def serve(self, service):
        made = service()
        self.addCleanup(made.stop)
        return made

    def start_quietly(self, *arguments, **env):
        warifu = Quiet(self.home, *(arguments or ("--background",)), env=env)
        self.addCleanup(warifu.errors.close)
        self.addCleanup(self.end, warifu)
        wait_for("Warifu on the bus", lambda: self.owns_name(warifu))
        return warifu

    def owns_name(self, warifu):
        warifu.check_life()
        call = lambda method, name: self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
                                                       GLib.Variant("(s)", (name,)), None, 0, 10000, None).unpack()[0]
        return call("NameHasOwner", self.id) and call("GetConnectionUnixProcessID", self.id) == warifu.process.pid

    def ask(self, method, signature, *arguments):
        self.bus.call_sync(self.id, "/" + self.id.replace(".", "/"), APPLICATION, method, GLib.Variant(signature, arguments),
                           None, 0, DEADLINE * 1000, None)

    def call_action(self, name, *parameter):
        self.ask("ActivateAction", "(sava{sv})", name, [GLib.Variant("s", text) for text in parameter], {})

    def run_again(self, *arguments, **env):
        inherited = {name: value for name, value in os.environ.items() if name != "G_DEBUG"}
        done = subprocess.run([WARIFU, *arguments], env=dict(inherited, **self.home.env, **env), capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def close_window(self, warifu):
        wait_for("one window", lambda: len(warifu.windows()) == 1)
        warifu.key("ctrl+w")
        wait_for("no window", lambda: not warifu.windows())

    def quit_quietly(self, warifu):
        self.call_action("quit")
        self.assertEqual(warifu.process.wait(DEADLINE), 0)
        self.assertEqual(warifu.said(), "")

    def wait_refresh(self, more=1):
        before = self.provider.count("/token")
        wait_for(f"{more} refreshes", lambda: self.provider.count("/token") >= before + more, 120)

    def end_session(self):
        """From now on the provider knows no refresh token any more, nor the one that it is just making."""
        with self.provider.lock:
            self.provider.refresh_tokens = dict.fromkeys(self.provider.refresh_tokens, False)

    def read_settings(self):
        parser = configparser.ConfigParser()
        parser.read(os.path.join(self.home.env["XDG_CONFIG_HOME"], "glib-2.0", "settings", "keyfile"))
        return dict(parser["io/github/warifu/Warifu"]) if "io/github/warifu/Warifu" in parser else {}

    @property
    def entry(self):
        return os.path.join(self.home.env["XDG_CONFIG_HOME"], "autostart", self.id + ".desktop")


@unittest.skipIf(IS_LOCKED, "needs the keyring")
class GoingOn(BackgroundTestCase):
    def open_preferences(self, warifu):
        warifu.key("ctrl+comma")
        return warifu.wait("Keep Sessions Alive in the Background", SWITCH)

    def toggle(self, warifu, name):
        warifu.press(name, SWITCH)

    def is_checked(self, warifu, name):
        return any(node.has("checked") for node in warifu.find(name, SWITCH))

    def test_off(self):
        """It is off at first: the process ends with its last window, and the desktop is asked nothing"""
        portal = self.serve(Portal)
        sign_in(self.home, self.provider)
        warifu = self.start(**IN_SANDBOX)
        warifu.wait("Refresh Now", "push-button")
        warifu.key("ctrl+w")
        self.assertEqual(warifu.process.wait(DEADLINE), 0)
        self.assertEqual(warifu.said(), "")
        self.assertEqual(portal.made("RequestBackground") + portal.made("SetStatus") + portal.made("AddNotification"), [])

    def test_no_account(self):
        """Where no account refreshes by itself, there is nothing to go on for"""
        self.home = Home(ON)
        self.ctl = self.home.ctl
        self.add("Work", self.provider.issuer, "--refresh-policy", "on-demand")
        warifu = self.start()
        warifu.wait("Sign In", "push-button")
        warifu.key("ctrl+w")
        self.assertEqual(warifu.process.wait(DEADLINE), 0)
        self.assertEqual(warifu.said(), "")

    def test_goes_on(self):
        """The desktop is asked and told, sessions are refreshed without a window, a second warifu opens it again, quitting ends it"""
        portal = self.serve(Portal)
        self.home = Home(ON)
        self.ctl = self.home.ctl
        sign_in(self.home, self.provider)
        warifu = self.start(**IN_SANDBOX)
        warifu.wait("Refresh Now", "push-button")
        self.assertEqual(portal.made("RequestBackground"), [], "nothing is asked while there is a window")
        self.close_window(warifu)
        (window, options), = wait_for("the question", lambda: portal.made("RequestBackground"))
        self.assertEqual((window, options["autostart"], options["commandline"], options["dbus-activatable"]), ("", False, ["warifu", "--background"], False))
        self.assertIn("sessions alive", options["reason"])
        self.assertLessEqual(len(options["reason"]), 256)
        wait_for("what is told", lambda: portal.statuses and portal.shown)
        self.wait_refresh(2)
        self.assertEqual(portal.statuses, ["Keeping 1 session alive"])
        self.assertEqual(list(portal.shown), ["background"])
        told = portal.shown["background"]
        self.assertEqual((told["title"], told["body"]), ("Warifu Goes On Without a Window", "Keeping 1 session alive"))
        self.assertEqual([(button["label"], button["action"]) for button in told["buttons"]], [("Quit", "app.quit")])
        wait_for("a session that is alive", lambda: self.ctl.show("Work")["state"] == "signed-in")

        self.run_again(**IN_SANDBOX)
        warifu.meet()
        warifu.wait("Refresh Now", "push-button")
        wait_for("what was told to go", lambda: not portal.shown)
        self.assertEqual(len(warifu.windows()), 1)
        self.close_window(warifu)
        self.provider.lifetime = 300  # of what is looked at after the process has ended
        self.wait_refresh()
        self.assertEqual(len(portal.made("RequestBackground")), 1)
        self.assertEqual(portal.shown, {}, "it is told once")
        self.quit_quietly(warifu)
        self.assertEqual(self.ctl.show("Work")["state"], "signed-in")

    def test_refused_at_closing(self):
        """Where the desktop refuses when the window is closed, the process ends and the setting goes back"""
        portal = self.serve(Portal)
        portal.allows = False
        self.home = Home(ON)
        self.ctl = self.home.ctl
        sign_in(self.home, self.provider)
        warifu = self.start(**IN_SANDBOX)
        warifu.wait("Refresh Now", "push-button")
        warifu.key("ctrl+w")
        self.assertEqual(warifu.process.wait(DEADLINE), 0)
        self.assertEqual(warifu.said(), "")
        self.assertEqual(self.read_settings()["background"], "false")

    def test_preferences(self):
        """In the preferences a refusal is said and the switch goes back; what is allowed stays, autostart too"""
        portal = self.serve(Portal)
        portal.allows = False
        sign_in(self.home, self.provider)
        warifu = self.start(**IN_SANDBOX)
        warifu.wait("Refresh Now", "push-button")
        self.open_preferences(warifu)
        warifu.wait("Start When You Log In", "list-item", sensitive=False)
        warifu.shot("preferences-background")
        self.toggle(warifu, "Keep Sessions Alive in the Background")
        warifu.wait(contains="does not let Warifu run in the background")
        warifu.shot("preferences-background-refused")
        wait_for("the switch to go back", lambda: not self.is_checked(warifu, "Keep Sessions Alive in the Background"))
        self.assertEqual(len(portal.made("RequestBackground")), 1)

        portal.allows, portal.starts = True, False
        self.toggle(warifu, "Keep Sessions Alive in the Background")
        warifu.wait_gone(contains="does not let Warifu run in the background")
        self.toggle(warifu, "Start When You Log In")
        warifu.wait(contains="does not start Warifu when you log in")
        wait_for("the switch to go back", lambda: not self.is_checked(warifu, "Start When You Log In"))
        portal.starts = True
        self.toggle(warifu, "Start When You Log In")
        warifu.wait_gone(contains="does not start Warifu when you log in")
        wait_for("the switch", lambda: self.is_checked(warifu, "Start When You Log In"))
        self.toggle(warifu, "Keep Sessions Alive in the Background")
        wait_for("the last question", lambda: len(portal.made("RequestBackground")) == 5)
        self.assertEqual([options["autostart"] for _, options in portal.made("RequestBackground")], [False, False, True, True, False])
        self.assertEqual(portal.statuses, [], "there is a window")
        self.assertFalse(os.path.exists(self.entry), "the desktop writes it for a sandboxed program")
        warifu.key("Escape")
        self.quit(warifu)

    def test_autostart_entry(self):
        """Outside of a sandbox no portal is asked; the autostart entry is written, starts this program, and is removed"""
        portal = self.serve(Portal)
        sign_in(self.home, self.provider)
        warifu = self.start()
        warifu.wait("Refresh Now", "push-button")
        self.open_preferences(warifu)
        self.toggle(warifu, "Keep Sessions Alive in the Background")
        warifu.wait("Start When You Log In", "list-item", sensitive=True)
        self.assertFalse(os.path.exists(self.entry))
        self.toggle(warifu, "Start When You Log In")
        wait_for("the entry", lambda: os.path.exists(self.entry))
        with open(self.entry) as file:
            lines = dict(line.rstrip("\n").partition("=")[::2] for line in file if "=" in line)
        self.assertEqual(shlex.split(lines["Exec"]), [WARIFU, "--background"])
        self.assertEqual((lines["Type"], lines["Name"], lines["Icon"]), ("Application", "Warifu", self.id))
        self.assertEqual(os.listdir(os.path.dirname(self.entry)), [os.path.basename(self.entry)])
        self.toggle(warifu, "Keep Sessions Alive in the Background")
        wait_for("the entry to go", lambda: not os.path.exists(self.entry))
        self.assertEqual(portal.calls, [])
        warifu.key("Escape")
        self.quit(warifu)

    def test_entry_removed_elsewhere(self):
        """An entry that the desktop's own settings have taken away stays away, and the switch says so"""
        self.home = Home(dict(ON, autostart="true"))
        self.ctl = self.home.ctl
        sign_in(self.home, self.provider)
        warifu = self.start()
        warifu.wait("Refresh Now", "push-button")
        self.assertFalse(os.path.exists(self.entry))
        self.open_preferences(warifu)
        self.assertFalse(self.is_checked(warifu, "Start When You Log In"))
        self.assertTrue(self.is_checked(warifu, "Keep Sessions Alive in the Background"))
        warifu.key("Escape")
        self.close_window(warifu)
        self.quit_quietly(warifu)


@unittest.skipIf(IS_LOCKED, "needs the keyring")
class Quietly(BackgroundTestCase):
    def test_starts_quietly(self):
        """With --background no window comes, sessions are refreshed by schedule, activation opens the window, Ctrl+Q ends all"""
        sign_in(self.home, self.provider)
        warifu = self.start_quietly()
        self.wait_refresh(2)
        self.assertEqual(warifu.windows(), [])
        self.run_again("--background")
        self.assertEqual(warifu.windows(), [], "the second one ends, and opens nothing")
        self.ask("Activate", "(a{sv})", {})
        warifu.meet()
        warifu.wait("Refresh Now", "push-button")
        self.quit(warifu)

    def test_service(self):
        """Started by the bus for a call, it goes on likewise where that is switched on"""
        self.home = Home(ON)
        self.ctl = self.home.ctl
        sign_in(self.home, self.provider)
        warifu = self.start_quietly("--gapplication-service")
        self.wait_refresh(2)
        self.assertEqual(warifu.windows(), [])
        self.quit_quietly(warifu)

    def test_nothing_to_do(self):
        """With --background and no account that refreshes by itself, the process ends"""
        self.add("Work", self.provider.issuer, "--refresh-policy", "on-demand")
        warifu = Quiet(self.home, "--background")
        self.addCleanup(warifu.errors.close)
        self.addCleanup(self.end, warifu)
        self.assertEqual(warifu.process.wait(DEADLINE), 0)
        self.assertEqual(warifu.said(), "")

    def results(self):
        """How each try has ended, the latest first."""
        return [event["result"] for event in self.ctl.run("history", "Work", "--json").json]

    def count_failures(self):
        return self.results().count("offline")

    def assertTriedAtOnce(self, sign):
        """After three failures, 5 and 10 seconds apart, the next try is 20 seconds away."""
        failures = self.count_failures()
        self.provider.stop()
        wait_for("three failures", lambda: self.count_failures() >= failures + 3, 180)
        refreshes = self.provider.count("/token")
        self.provider.start_again()
        begun = time.monotonic()
        sign()
        wait_for("a refresh", lambda: self.provider.count("/token") > refreshes, 15)
        self.assertLess(time.monotonic() - begun, 15)
        wait_for("its end", lambda: self.results()[0] == "ok")
        self.assertEqual(self.ctl.show("Work")["state"], "signed-in")
        self.assertEqual(self.provider.count("/token"), refreshes + 1)

    def test_comes_back(self):
        """When the machine has woken, and when the network is back, what failed on its way is tried at once, and once"""
        portal = self.serve(Portal)
        for answer in ("discovery", "token", "jwks"):
            setattr(self.provider, answer, self.close_after)
        self.provider.lifetime = 40
        sign_in(self.home, self.provider)
        self.provider.lifetime = 60
        # logind's bus is this one
        warifu = self.start_quietly(DBUS_SYSTEM_BUS_ADDRESS=os.environ["DBUS_SESSION_BUS_ADDRESS"], **IN_SANDBOX)
        self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                           GLib.Variant("(su)", ("org.freedesktop.login1", 4)), None, 0, 10000, None)
        prepare_for_sleep = lambda begins: self.bus.emit_signal(None, "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
                                                                "PrepareForSleep", GLib.Variant("(b)", (begins,)))
        wait_for("the network to be asked for", lambda: portal.made("GetStatus"))
        self.assertTriedAtOnce(lambda: (prepare_for_sleep(True), prepare_for_sleep(False)))
        self.assertTriedAtOnce(lambda: [portal.set_network(available) for available in (False, True, False, True, True)])
        self.quit_quietly(warifu)

    @staticmethod
    def close_after(honest, form):
        """So that no connection is left that a provider who is gone would still answer on."""
        answer = honest()
        answer.headers.append(("Connection", "close"))
        return answer


@unittest.skipIf(IS_LOCKED, "needs the keyring")
class Told(BackgroundTestCase):
    def setUp(self):
        super().setUp()
        sign_in(self.home, self.provider, "Work <b>account</b>")
        self.account = self.ctl.show("Work <b>account</b>")["id"]

    def wait_shown(self):
        return wait_for("a notification", lambda: list(self.notifications.shown.items()), 120)[0]

    def test_needs_sign_in(self):
        """A session that ends by itself is told with its name and nothing else, and Sign In on it leads to the sign-in"""
        warifu = self.start_quietly()
        self.wait_refresh()
        self.end_session()
        number, (title, text, actions, hints) = self.wait_shown()
        self.assertEqual((title, text), ("Work <b>account</b>", "This session has ended. Sign in again to keep it alive."))
        self.assertEqual(sorted(actions.values()), ["", "Sign In"])
        self.assertEqual(hints["desktop-entry"], self.id)
        self.assertEqual(hints["category"], "x-warifu.sign-in")
        self.assertNotIn("alice", repr(self.notifications.calls))
        button = next(action for action, label in actions.items() if label == "Sign In")
        self.provider.lifetime = 300
        self.notifications.invoke(number, button)
        warifu.meet()
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.assertEqual(self.ctl.show(self.account)["state"], "signed-in")
        self.assertEqual(len(self.notifications.made("Notify")), 1)
        self.quit(warifu)

    def test_click(self):
        """A click on it opens the account, and no sign-in begins"""
        warifu = self.start_quietly()
        self.end_session()
        number, _ = self.wait_shown()
        self.notifications.invoke(number, "default")
        warifu.meet()
        warifu.wait(contains="Sign In Again")
        self.assertEqual(self.provider.count("/authorize"), 0)
        self.quit(warifu)

    def test_withdrawn(self):
        """It goes when the account is signed in to elsewhere, signed out, or removed"""
        warifu = self.start_quietly()
        for solve in (lambda: self.ctl.sign_in(self.account, self.provider.person), lambda: self.ctl.run("sign-out", self.account),
                      lambda: self.ctl.run("remove", self.account)):
            if self.ctl.show(self.account)["state"] == "signed-out":
                self.assertDone(self.ctl.sign_in(self.account, self.provider.person))
            self.end_session()
            self.wait_shown()
            self.assertDone(solve())
            wait_for("the notification to go", lambda: not self.notifications.shown)
        self.assertEqual(len(self.notifications.made("Notify")), 3)
        self.assertEqual(warifu.process.wait(DEADLINE), 0, "there is no account left to go on for")
        self.assertEqual(warifu.said(), "")

    def test_in_front(self):
        """What happens in front of the person, or by their hand, is not told"""
        self.provider.lifetime = 300  # so that the hand is faster than the schedule
        self.assertDone(self.ctl.run("refresh", self.account))
        warifu = self.start()
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.end_session()
        warifu.press("Refresh Now")
        warifu.wait(contains="Sign In Again")
        self.provider.lifetime = LIFETIME
        self.assertDone(self.ctl.sign_in(self.account, self.provider.person))
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        warifu.key("Tab")
        self.end_session()
        warifu.wait(contains="Sign In Again")
        self.quit(warifu)
        self.assertEqual(self.notifications.made("Notify"), [])

    def test_action_of_others(self):
        """Another program that calls the actions gets no further than a page: no id but an account's counts, and no session that is well is asked to sign in"""
        warifu = self.start_quietly()
        self.wait_refresh()
        for text in ("", "x", "../../etc/passwd", "00000000-0000-4000-8000-000000000000", self.account):
            self.call_action("sign-in", text)
            self.call_action("show-account", text)
        warifu.meet()
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.assertEqual(self.provider.count("/authorize"), 0)
        self.assertEqual(len(warifu.windows()), 1)
        self.quit(warifu)


@unittest.skipUnless(IS_LOCKED, "needs a locked keyring")
class Locked(BackgroundTestCase):
    def test_locked(self):
        """A locked keyring is told once for all accounts; Unlock on it opens the window"""
        notifications = self.notifications
        self.home = Home(path=KEPT)
        self.ctl = self.home.ctl
        self.add("Other", self.provider.issuer, "--refresh-policy", "before-expiry")
        warifu = self.start_quietly()
        number, (title, text, actions, _) = wait_for("a notification", lambda: list(notifications.shown.items()), 60)[0]
        self.assertEqual((title, text), ("Keyring Locked", "Warifu cannot keep your sessions alive until your keyring is unlocked."))
        notifications.invoke(number, next(action for action, label in actions.items() if label == "Unlock"))
        warifu.meet()
        warifu.wait("Try Again", "push-button", sensitive=True)
        self.assertEqual(len(notifications.made("Notify")), 1)
        self.quit(warifu)


if __name__ == "__main__":
    if sys.argv[1:] == ["prepare"]:
        prepare()
    else:
        tap.main()
