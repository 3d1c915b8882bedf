# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of a desktop as a program without a window meets on the session bus: the Background and the Notification
portal, and the notifications of a desktop without portals. Each keeps what it was asked."""

import os
import threading

from gi.repository import Gio, GLib

PORTAL_PATH = "/org/freedesktop/portal/desktop"

BACKGROUND = """<node>
  <interface name="org.freedesktop.portal.Background">
    <method name="RequestBackground">
      <arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>
    </method>
    <method name="SetStatus"><arg type="a{sv}" direction="in"/></method>
    <property name="version" type="u" access="read"/>
  </interface>
</node>"""
REQUEST = """<node>
  <interface name="org.freedesktop.portal.Request">
    <method name="Close"/>
    <signal name="Response"><arg type="u"/><arg type="a{sv}"/></signal>
  </interface>
</node>"""
PORTAL_NOTIFICATIONS = """<node>
  <interface name="org.freedesktop.portal.Notification">
    <method name="AddNotification"><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/></method>
    <method name="RemoveNotification"><arg type="s" direction="in"/></method>
    <signal name="ActionInvoked"><arg type="s"/><arg type="s"/><arg type="av"/></signal>
    <property name="version" type="u" access="read"/>
  </interface>
</node>"""
# What GLib asks by itself once a program is to use portals.
NETWORK = """<node>
  <interface name="org.freedesktop.portal.NetworkMonitor">
    <method name="GetAvailable"><arg type="b" direction="out"/></method>
    <method name="GetMetered"><arg type="b" direction="out"/></method>
    <method name="GetConnectivity"><arg type="u" direction="out"/></method>
    <method name="GetStatus"><arg type="a{sv}" direction="out"/></method>
    <method name="CanReach"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="b" direction="out"/></method>
    <signal name="changed"/>
    <property name="version" type="u" access="read"/>
  </interface>
</node>"""
PROXIES = """<node>
  <interface name="org.freedesktop.portal.ProxyResolver">
    <method name="Lookup"><arg type="s" direction="in"/><arg type="as" direction="out"/></method>
    <property name="version" type="u" access="read"/>
  </interface>
</node>"""
NOTIFICATIONS = """<node>
  <interface name="org.freedesktop.Notifications">
    <method name="Notify">
      <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
      <arg type="u" direction="out"/>
    </method>
    <method name="CloseNotification"><arg type="u" direction="in"/></method>
    <method name="GetCapabilities"><arg type="as" direction="out"/></method>
    <method name="GetServerInformation">
      <arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/>
    </method>
    <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
    <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  </interface>
</node>"""


class Service:
    """A bus name with objects, in a thread of its own: whoever tests is busy with looking."""

    name = None

    def __init__(self):
        self.calls = []  # (method, arguments)
        self.context = GLib.MainContext()
        self.loop = GLib.MainLoop.new(self.context, False)
        self.started = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        assert self.started.wait(60), f"{self.name} did not start"

    def run(self):
        self.context.push_thread_default()
        flags = Gio.DBusConnectionFlags
        self.bus = Gio.DBusConnection.new_for_address_sync(
            os.environ["DBUS_SESSION_BUS_ADDRESS"], flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
        self.export()
        reply = self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                   GLib.Variant("(su)", (self.name, 4)), None, 0, 10000, None)
        assert reply.unpack() == (1,), f"{self.name} is taken"
        self.started.set()
        self.loop.run()
        self.bus.close_sync(None)
        self.context.pop_thread_default()

    def register(self, path, xml):
        for interface in Gio.DBusNodeInfo.new_for_xml(xml).interfaces:
            self.bus.register_object(path, interface, self.on_call, self.on_get, None)

    def on_call(self, connection, sender, path, interface, method, parameters, invocation):
        arguments = parameters.unpack()
        self.calls.append((method, arguments))  # first: whoever sees what an answer does finds the call
        invocation.return_value(getattr(self, "answer_" + method)(sender, *arguments))

    def on_get(self, connection, sender, path, interface, name):
        return GLib.Variant("u", 3 if interface.endswith("NetworkMonitor") else 2)

    def emit(self, path, interface, name, variant, destination=None):
        self.bus.emit_signal(destination, path, interface, name, variant)
        self.bus.flush_sync(None)

    def do(self, act):
        """Does ACT in the service's own thread: after what that is answering just now, and after its answer."""
        done = threading.Event()
        self.context.invoke_full(GLib.PRIORITY_DEFAULT, lambda *_: (act(), done.set(), False)[-1])
        assert done.wait(60), f"{self.name} is stuck"

    def made(self, method):
        """The arguments of each call of METHOD so far."""
        return [arguments for name, arguments in list(self.calls) if name == method]

    def stop(self):
        self.loop.quit()
        self.thread.join()


class Portal(Service):
    """Set ALLOWS and STARTS to what it answers; ANSWERS to False for a person who does not decide yet."""

    name = "org.freedesktop.portal.Desktop"

    def __init__(self):
        self.allows = self.starts = self.answers = self.network = True
        super().__init__()

    def export(self):
        self.register(PORTAL_PATH, BACKGROUND)
        self.register(PORTAL_PATH, PORTAL_NOTIFICATIONS)
        self.register(PORTAL_PATH, NETWORK)
        self.register(PORTAL_PATH, PROXIES)

    def answer_RequestBackground(self, sender, window, options):
        path = f"{PORTAL_PATH}/request/{sender[1:].replace('.', '_')}/{options['handle_token']}"
        self.register(path, REQUEST)
        if self.answers:
            results = {"background": GLib.Variant("b", self.allows), "autostart": GLib.Variant("b", self.allows and self.starts and options["autostart"])}
            self.emit(path, "org.freedesktop.portal.Request", "Response", GLib.Variant("(ua{sv})", (0 if self.allows else 1, results)), sender)
        return GLib.Variant("(o)", (path,))

    def answer_GetStatus(self, sender):
        return GLib.Variant("(a{sv})", ({"available": GLib.Variant("b", self.network), "metered": GLib.Variant("b", False),
                                         "connectivity": GLib.Variant("u", 4 if self.network else 1)},))

    def answer_GetAvailable(self, sender):
        return GLib.Variant("(b)", (self.network,))

    def answer_GetMetered(self, sender):
        return GLib.Variant("(b)", (False,))

    def answer_GetConnectivity(self, sender):
        return GLib.Variant("(u)", (4 if self.network else 1,))

    def answer_CanReach(self, sender, host, port):
        return GLib.Variant("(b)", (self.network,))

    def answer_Lookup(self, sender, address):
        return GLib.Variant("(as)", (["direct://"],))

    def set_network(self, available):
        self.network = available
        self.emit(PORTAL_PATH, "org.freedesktop.portal.NetworkMonitor", "changed", None)

    def answer_Close(self, sender):
        return None

    def answer_SetStatus(self, sender, options):
        return None

    def answer_AddNotification(self, sender, identifier, notification):
        return None

    def answer_RemoveNotification(self, sender, identifier):
        return None

    @property
    def statuses(self):
        return [options["message"] for options, in self.made("SetStatus")]

    @property
    def shown(self):
        """What stands there now, by id."""
        shown = {}
        for method, arguments in list(self.calls):
            if method == "AddNotification":
                shown[arguments[0]] = arguments[1]
            elif method == "RemoveNotification":
                shown.pop(arguments[0], None)
        return shown


class Notifications(Service):
    """Those of a desktop without portals."""

    name = "org.freedesktop.Notifications"

    def __init__(self):
        self.shown = {}  # number -> (title, text, {action: label}, hints)
        self.sender = None
        super().__init__()

    def export(self):
        self.register("/org/freedesktop/Notifications", NOTIFICATIONS)

    def answer_Notify(self, sender, application, replaces, icon, title, text, actions, hints, timeout):
        number = replaces or len(self.calls)
        self.sender = sender
        self.shown[number] = (title, text, dict(zip(actions[::2], actions[1::2])), hints)
        return GLib.Variant("(u)", (number,))

    def answer_CloseNotification(self, sender, number):
        self.shown.pop(number, None)
        return None

    def answer_GetCapabilities(self, sender):
        return GLib.Variant("(as)", (["actions", "body"],))

    def answer_GetServerInformation(self, sender):
        return GLib.Variant("(ssss)", ("Test", "Test", "1", "1.2"))

    def invoke(self, number, action):
        """As the person who clicks on it, upon which it is gone."""
        def click():
            del self.shown[number]
            for name, variant in (("ActionInvoked", GLib.Variant("(us)", (number, action))), ("NotificationClosed", GLib.Variant("(uu)", (number, 2)))):
                self.emit("/org/freedesktop/Notifications", "org.freedesktop.Notifications", name, variant, self.sender)

        # Not before the program knows the number of what it has shown.
        self.do(click)
