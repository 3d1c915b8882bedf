# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader hears of the window: the events of AT-SPI, in the order in which they come."""

import time

from gi.repository import GLib

REGISTRY = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "org.a11y.atspi.Registry")
EVENTS = "org.a11y.atspi.Event."


class Event:
    def __init__(self, path, interface, member, arguments):
        self.path, self.member = path, f"{interface.removeprefix(EVENTS)}:{member}"
        self.detail, self.detail1, _, self.value = arguments[:4]

    def __repr__(self):
        return f"<{self.member} {self.detail} {self.detail1} {self.value!r} {self.path[-8:]}>"


class Ears:
    def __init__(self, warifu):
        self.warifu, self.heard = warifu, []
        self.connection = warifu.bus.connection
        for kind in ("object:", "window:", "focus:"):  # a later GTK tells only what somebody wants to hear
            warifu.bus.call(*REGISTRY, "RegisterEvent", "(sass)", kind, [], "")
        self.subscription = self.connection.signal_subscribe(warifu.name, None, None, None, None, 0, self.on_signal, None)

    def on_signal(self, connection, sender, path, interface, member, arguments, data):
        if interface.startswith(EVENTS):
            self.heard.append(Event(path, interface, member, arguments.unpack()))

    def listen(self):
        """What has been heard so far."""
        while GLib.MainContext.default().iteration(False):
            pass
        return self.heard

    def forget(self):
        self.listen()
        self.heard = []

    def focused(self):
        """The paths on which the focus was. Of the text in an entry row GTK 4.8 says "focused: 0" when the focus comes:
        the row is no widget that has it."""
        return [event.path for event in self.listen() if event.member == "Object:StateChanged" and event.detail == "focused"]

    def wait_focus(self):
        """Until the focus has moved; not every key moves it."""
        deadline = time.monotonic() + 1
        while not [event for event in self.listen() if event.detail == "focused" and event.path] and time.monotonic() < deadline:
            time.sleep(0.005)

    def names(self):
        """(path, what is its name now) of everything that was named anew."""
        return [(event.path, event.value) for event in self.listen()
                if event.member == "Object:PropertyChange" and event.detail == "accessible-name"]

    def stop(self):
        self.connection.signal_unsubscribe(self.subscription)
