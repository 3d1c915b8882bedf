# SPDX-License-Identifier: GPL-3.0-or-later
"""The window, as a person meets it who has a keyboard and a screen reader: over AT-SPI and with keys.

AT-SPI is spoken over its bus itself: libatspi keeps what it has read until a main loop tells it better, and a test wants
what is true now. Nothing here sleeps for luck; everything waits for what it wants to see, with a deadline.
"""

import os
import re
import signal
import subprocess
import tempfile
import time
import unittest

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

from scripted import Answer, ScriptedProvider  # noqa: E402
from warifu_testing import BUILD, DEADLINE, PAUSE, Ctl, TestCase, wait_for  # noqa: E402, F401

WARIFU = os.path.join(BUILD, "src", "warifu")
PATIENCE = DEADLINE * 1000  # with an answer on a bus
SCREENSHOTS = os.environ.get("WARIFU_SCREENSHOTS")  # a folder, to look at them afterwards

ACCESSIBLE = "org.a11y.atspi.Accessible"
APPLICATION = "org.a11y.atspi.Application"
COMPONENT = "org.a11y.atspi.Component"
ROOT = "/org/a11y/atspi/accessible/root"
NULL = "/org/a11y/atspi/null"
IN_WINDOW = 1  # ATSPI_COORD_TYPE_WINDOW
BUTTONS = ("push-button", "toggle-button")
LISTS = ("list", "table", "tree")
PICTURES = ("image", "icon")
STEPS = 120  # of the keyboard, to anything in a window
ASIDE = ("mousemove", "9999", "9999")  # a tooltip is a window too
STATES = {state.value_nick: int(state) for state in (getattr(Atspi.StateType, name) for name in dir(Atspi.StateType) if name.isupper())}


NAMELESS = re.compile(r"\n?(?:\*\* )?\(process:(\d+)\): [^\n]*\n")  # as GLib logs, with and without a domain
COMPLAINT = r"-(WARNING|CRITICAL|ERROR) \*\*|ERROR: AddressSanitizer|runtime error:"


def role_name(number):
    """The role's name as at-spi2-core has it before 2.54, which calls a push-button a button."""
    name = Atspi.Role(number).value_nick
    return "push-button" if name == "button" else name


def make_sandbox_env():
    """Where this machine does not let WebKit have its sandbox, the page runs without it, as in build-aux/try-headless."""
    allowed = subprocess.run(["bwrap", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--unshare-all", "true"],
                             stderr=subprocess.DEVNULL).returncode == 0
    return {} if allowed else {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}


SANDBOX = make_sandbox_env()


class Bus:
    """The accessibility bus."""

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, PATIENCE, None)
        flags = Gio.DBusConnectionFlags
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address.unpack()[0], flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
        self.gtk_version = (4, 8)  # of Warifu, once it is known

    def call(self, name, path, interface, method, signature=None, *arguments):
        variant = GLib.Variant(signature, arguments) if signature else None
        return self.connection.call_sync(name, path, interface, method, variant, None, 0, PATIENCE, None).unpack()

    def names(self):
        """(unique name, process id) of everyone on it."""
        own = self.connection.get_unique_name()
        for name in self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ListNames")[0]:
            if name.startswith(":") and name != own:
                try:
                    yield name, self.pid_of(name)
                except GLib.Error:
                    pass  # has gone

    def applications(self):
        """(unique name, process id) of those that have come forward as applications. Whoever is called before that may
        still be setting its connection up, and GLib before 2.80 complains then."""
        children = self.call("org.a11y.atspi.Registry", ROOT, ACCESSIBLE, "GetChildren")[0]
        for name in dict.fromkeys(name for name, _ in children):
            try:
                yield name, self.pid_of(name)
            except GLib.Error:
                pass  # has gone

    def pid_of(self, name):
        return self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                         "GetConnectionUnixProcessID", "(s)", name)[0]

    def items(self, name):
        """What the application has shown so far, by path: one call for all of it."""
        return {item[0][1]: item for item in self.call(name, "/org/a11y/atspi/cache", "org.a11y.atspi.Cache", "GetItems")[0]}


class Node:
    """One thing in the tree, as it was when it was read."""

    def __init__(self, bus, ref, item, parent):
        self.bus, self.ref, self.parent = bus, ref, parent
        self.interfaces, self.name, self.role, self.description = item[5], item[6], role_name(item[7]), item[8]
        self.bits = item[9][0] | item[9][1] << 32

    def call(self, interface, method, signature=None, *arguments):
        return self.bus.call(*self.ref, interface, method, signature, *arguments)

    def has(self, state):
        return bool(self.bits >> STATES[state] & 1)

    @property
    def current_name(self):
        return self.call("org.freedesktop.DBus.Properties", "Get", "(ss)", ACCESSIBLE, "Name")[0]

    @property
    def extents(self):
        return self.call(COMPONENT, "GetExtents", "(u)", IN_WINDOW)[0]

    @property
    def shown(self):
        """GTK 4.8 leaves "showing" and old sizes where a page is hidden; it knows better whether a point is in a widget.
        Later ones say the truth, and count that point from elsewhere."""
        try:
            x, y, width, height = self.extents
            if self.bus.gtk_version >= (4, 14):
                return width > 0 and height > 0 and self.has("showing")
            return width > 0 and height > 0 and self.call(COMPONENT, "Contains", "(iiu)", x + width // 2, y + height // 2, IN_WINDOW)[0]
        except GLib.Error:
            return False

    @property
    def text(self):
        """What stands in an entry or a text view."""
        return self.call("org.a11y.atspi.Text", "GetText", "(ii)", 0, -1)[0]

    def press(self):
        self.call("org.a11y.atspi.Action", "DoAction", "(i)", 0)

    def focus(self):
        """Of a page only: GTK does not do this."""
        self.call(COMPONENT, "GrabFocus")

    def set_text(self, text):
        self.call("org.a11y.atspi.EditableText", "SetTextContents", "(s)", text)

    def inside(self, ancestor):
        node = self
        while node:
            if node.ref == ancestor.ref:
                return True
            node = node.parent
        return False

    def __repr__(self):
        return f"<{self.role} {self.name!r}>"


class Home:
    """Folders of one's own for one Warifu and its warifuctl; the keyring is that of the bus."""

    def __init__(self, settings=None, path=None):
        self.path = path or tempfile.mkdtemp(prefix="window-", dir=os.environ["KEYRING_TEST_DIR"])
        self.env = {"GSETTINGS_BACKEND": "keyfile"}
        for variable, name in (("HOME", ""), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"),
                               ("XDG_CACHE_HOME", "cache"), ("XDG_STATE_HOME", "state")):
            self.env[variable] = os.path.join(self.path, name)
            os.makedirs(self.env[variable], exist_ok=True)
        self.ctl = Ctl(config=os.path.join(self.path, "config", "warifu"), env=self.env)
        os.makedirs(os.path.join(self.path, "config", "gtk-4.0"), exist_ok=True)
        with open(os.path.join(self.path, "config", "gtk-4.0", "settings.ini"), "w") as file:
            file.write("[Settings]\ngtk-enable-animations=false\n")
        if settings:
            folder = os.path.join(self.path, "config", "glib-2.0", "settings")
            os.makedirs(folder)
            with open(os.path.join(folder, "keyfile"), "w") as file:
                file.write("[io/github/warifu/Warifu]\n" + "".join(f"{key}={value}\n" for key, value in settings.items()))

    def files(self):
        """(path, bytes) of every file."""
        for folder, _, names in os.walk(self.path):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        yield path, file.read()

    def take_browser(self):
        """From now on the person's browser is a file that names what was to be opened. Returns its path."""
        opened = os.path.join(self.path, "opened")
        script = os.path.join(self.path, "browser")
        with open(script, "w") as file:
            file.write(f'#!/bin/sh\nprintf "%s\\n" "$1" > "{opened}.new"\nmv "{opened}.new" "{opened}"\n')
        os.chmod(script, 0o755)
        folder = os.path.join(self.env["XDG_DATA_HOME"], "applications")
        os.makedirs(folder)
        with open(os.path.join(folder, "browser.desktop"), "w") as file:
            file.write(f"[Desktop Entry]\nType=Application\nName=Browser\nExec={script} %u\nMimeType=x-scheme-handler/http;\n")
        with open(os.path.join(self.env["XDG_CONFIG_HOME"], "mimeapps.list"), "w") as file:
            file.write("[Default Applications]\nx-scheme-handler/http=browser.desktop\nx-scheme-handler/https=browser.desktop\n")
        return opened


class Warifu:
    """The program, its window, and the hands on it."""

    def __init__(self, home, *arguments, env=None):
        subprocess.run(["xdotool", *ASIDE], check=True)
        self.home = home
        self.errors = tempfile.TemporaryFile("w+")
        # WebKit's processes inherit it, and what they complain about must not end them; our own complaints are read.
        inherited = {name: value for name, value in os.environ.items() if name != "G_DEBUG"}
        self.process = subprocess.Popen([WARIFU, *arguments], env=dict(inherited, **SANDBOX, **home.env, **(env or {})),
                                        stdin=subprocess.DEVNULL, stdout=self.errors, stderr=self.errors)
        self.meet()

    def meet(self):
        """Waits until its window can be looked at."""
        self.bus = Bus()
        try:
            self.name = wait_for("Warifu on the accessibility bus", self.find_name)
            version = self.bus.call(self.name, ROOT, "org.freedesktop.DBus.Properties", "Get", "(ss)", APPLICATION, "Version")[0]
            self.bus.gtk_version = tuple(map(int, version.split(".")[:2]))
            wait_for("the window", lambda: self.windows() and self.look())
        except BaseException:
            self.kill()
            raise

    # --- the tree ---

    def check_life(self):
        if self.process.poll() is not None:
            raise AssertionError(f"Warifu ended with {self.process.returncode}: {self.said()}")

    def find_name(self):
        self.check_life()
        try:
            return next((name for name, pid in self.bus.applications() if pid == self.process.pid), None)
        except GLib.Error:
            return None  # the registry comes with the first application

    def look(self):
        """Every node that can be on the screen, from the top, in the order of the tree."""
        try:
            found = self.walk()
            items = self.bus.items(self.name)
        except GLib.Error:
            self.check_life()
            return []  # something went while it was read
        nodes = {}
        for path, parent in found:
            if path in items:
                nodes[path] = Node(self.bus, (self.name, path), items[path], nodes.get(parent))
        return list(nodes.values())

    def walk(self):
        """(path, parent's path) of every node, in the order of the tree. All children are asked for at once: a question at a time
        takes four times as long."""
        children, failed, waiting = {}, [], {ROOT}

        def ask(path):
            self.bus.connection.call(self.name, path, ACCESSIBLE, "GetChildren", None, None, 0, PATIENCE, None, take, path)

        def take(connection, result, path):
            waiting.discard(path)
            try:
                # Warifu's own: a later GTK joins the page of the sign-in view to the tree, which is looked at by itself.
                children[path] = [child for name, child in connection.call_finish(result).unpack()[0] if name == self.name and child != NULL]
            except GLib.Error as error:
                failed.append(error)
                return
            waiting.update(children[path])
            for child in children[path]:
                ask(child)

        ask(ROOT)
        while waiting:
            GLib.MainContext.default().iteration(True)
        if failed:
            raise failed[0]
        found, stack = [], [(ROOT, None)]
        while stack:
            path, parent = stack.pop()
            found.append((path, parent))
            stack += [(child, path) for child in reversed(children[path])]
        return found

    def find(self, name=None, role=None, contains=None, within=None, sensitive=None, shown=True, nodes=None):
        """The nodes that are shown and fit. ROLE: one, or several."""
        roles = {role} if isinstance(role, str) else role
        return [node for node in (self.look() if nodes is None else nodes)
                if (name is None or node.name == name) and (roles is None or node.role in roles)
                and (contains is None or contains in node.name) and (within is None or node.inside(within))
                and (sensitive is None or node.has("sensitive") == sensitive) and (not shown or node.shown)]

    def wait(self, name=None, role=None, **criteria):
        seconds = criteria.pop("seconds", DEADLINE)
        return wait_for(lambda: f"{role or ''} {name or criteria}; there is {self.describe()}",
                        lambda: self.find(name, role, **criteria), seconds)[0]

    def fill(self, name, text):
        """Puts TEXT into the row NAME, as pasting does."""
        node = self.wait(name, ("text", "entry", "password-text"))
        node.set_text(text)
        return node

    def get_dialog(self, title):
        return self.wait(contains=title, role=("dialog", "frame", "filler"))

    def wait_gone(self, name=None, role=None, **criteria):
        wait_for(f"{role or ''} {name or criteria} to go", lambda: not self.find(name, role, **criteria))

    def describe(self):
        words = [node.name for node in self.look() if node.name and node.role in ("label", "push-button", "heading") and node.shown]
        return " | ".join(dict.fromkeys(words))

    # --- the web page, in a process of its own ---

    def look_at_page(self):
        """The nodes of the page in the sign-in view. GTK before 4.14 cannot join its tree to the window's."""
        self.check_life()
        found = []
        for name, pid in self.bus.names():
            if name == self.name:
                continue
            try:
                items = self.bus.items(name)
                roots = [path for path in items if "/webkit/" in path]
                if roots:
                    self.walk_page(name, roots[0], None, found, set())
            except GLib.Error:
                pass  # has gone, or is no application
        return found

    def walk_page(self, name, path, parent, found, seen):
        if path in seen or path == NULL:
            return
        seen.add(path)
        call = lambda interface, method, *arguments: self.bus.call(name, path, interface, method, *arguments)
        get = lambda member: call("org.freedesktop.DBus.Properties", "Get", "(ss)", ACCESSIBLE, member)[0]
        item = (None, None, None, 0, 0, call(ACCESSIBLE, "GetInterfaces")[0], get("Name"), call(ACCESSIBLE, "GetRole")[0],
                get("Description"), call(ACCESSIBLE, "GetState")[0])
        node = Node(self.bus, (name, path), item, parent)
        found.append(node)
        for _, child in call(ACCESSIBLE, "GetChildren")[0]:
            self.walk_page(name, child, node, found, seen)

    def find_on_page(self, name=None, role=None):
        roles = {role} if isinstance(role, str) else role
        return [node for node in self.look_at_page() if (name is None or node.name == name) and (roles is None or node.role in roles)]

    def wait_on_page(self, name=None, role=None):
        return wait_for(lambda: f"{role or ''} {name or ''} on the page; there is {self.look_at_page()}",
                        lambda: self.find_on_page(name, role))[0]

    def wait_page_gone(self):
        """Its process may stay a while after the view: what is looked for next must not be found there."""
        wait_for("the page to go", lambda: not self.look_at_page())

    # --- hands ---

    def choose(self, label):
        """An item of the menu that was opened, with the keyboard: the menu is a surface of its own, which the mouse of a
        test does not find."""
        def look():
            items = self.find(role="menu-item", shown=False)
            if items and self.bus.gtk_version >= (4, 14) and not any(item.name for item in items):
                raise unittest.SkipTest("this GTK names no menu item to a screen reader")
            return [item for item in items if item.name == label]

        ref = wait_for(f"menu item {label}", look)[0].ref
        order = [item.ref for item in self.find(role="menu-item", shown=False)]
        # from the first item it goes round to the last
        key = "Up" if order.index(ref) > len(order) // 2 else "Down"
        wait_for(f"the keyboard to come to {label}", lambda: self.step_to(ref, key))
        subprocess.run(["xdotool", "key", "Return"], check=True)

    def step_to(self, ref, key):
        """Presses KEY where the focus is not at REF yet, and waits until the focus has moved: a second press before that would
        go past it. Returns whether it is there."""
        before = self.focused()
        if before and before.ref == ref:
            return True
        subprocess.run(["xdotool", "key", key], check=True)
        deadline = time.monotonic() + DEADLINE / 4
        while time.monotonic() < deadline:
            after = self.focused()
            if after and (not before or after.ref != before.ref):
                return after.ref == ref
            time.sleep(PAUSE)
        return False

    def press(self, name, role=("push-button", "toggle-button", "page-tab"), **criteria):
        node = self.wait(name, role, sensitive=True, **criteria)
        node.press()
        return node

    def windows(self):
        """The X windows, from the lowest to the highest."""
        def search():
            self.check_life()
            return subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)], capture_output=True, text=True)

        # Where a window goes while it searches it dies of an X error, and knows of none.
        return wait_for("a search without an X error", lambda: next((done for done in [search()] if not done.stderr), None)).stdout.split()

    def click(self, name=None, role=None, **criteria):
        """With the mouse, in the window that is on top. Later GTKs leave out of a node's place what is around it inside of
        its parents, and so nobody knows where the mouse should go: there it is done by keyboard."""
        node = self.wait(name, role, **criteria)
        if self.bus.gtk_version >= (4, 14):
            self.focus(node)
            if node.role not in PICTURES:
                self.key("space" if node.role in BUTTONS else "Return")
            return node
        top = node
        while top.parent and top.parent.ref[1] != ROOT:
            top = top.parent
        window = self.windows()[-1]
        geometry = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window], capture_output=True, text=True, check=True).stdout
        width = int(re.search(r"WIDTH=(\d+)", geometry).group(1))
        margin = (width - top.extents[2]) // 2  # of the window's shadow
        x, y, node_width, node_height = node.extents
        subprocess.run(["xdotool", "mousemove", "--window", window, str(margin + x + node_width // 2), str(margin + y + node_height // 2),
                        "click", "1", *ASIDE], check=True)
        return node

    def focus(self, node):
        """With Tab, and in a list with the arrow keys."""
        def list_of(other):
            while other and other.role not in LISTS:
                other = other.parent
            return other and other.ref

        for _ in range(STEPS):
            nodes = self.look()
            at = next((other for other in nodes if other.has("focused")), None)
            if at and (at.inside(node) or node.inside(at)):
                return
            order = [other.ref for other in nodes]
            if at and list_of(at) and list_of(at) == list_of(node) and node.ref in order:
                self.key("Down" if order.index(at.ref) < order.index(node.ref) else "Up")
            else:
                self.key("Tab")
        raise AssertionError(f"the keyboard does not come to {node}")

    def do_on_top(self, *command):
        """With xdotool, in the window that is on top. One that goes just then cannot be given the focus; the next one can."""
        def act():
            windows = self.windows()
            return windows and subprocess.run(["xdotool", "windowfocus", "--sync", windows[-1], *command], stderr=subprocess.DEVNULL).returncode == 0

        wait_for(f"a window for {command}", act)

    def key(self, *keys):
        """Presses keys, in the window that is on top."""
        self.do_on_top("key", "--clearmodifiers", *keys)

    def type(self, text):
        self.do_on_top("type", "--clearmodifiers", "--delay", "2", text)

    def focused(self):
        return next((node for node in self.look() if node.has("focused")), None)

    def shot(self, name):
        if SCREENSHOTS:
            subprocess.run(["import", "-window", "root", os.path.join(SCREENSHOTS, f"{name}.png")], check=True)

    # --- its end ---

    def said(self):
        """What it said on the console, without what WebKit's own processes say: those of 2.50 complain where their page
        goes while they start, and nothing here can be done about it. They are told by having no program name."""
        self.errors.seek(0)
        return NAMELESS.sub(lambda match: match[0] if int(match[1]) == self.process.pid else "", self.errors.read())

    def quit(self):
        """Ends it as a person would. Returns what it said on its way."""
        wait_for(lambda: f"one window; there are {self.windows()} and {self.look()[:3]}", lambda: len(self.windows()) == 1)
        self.key("ctrl+q")
        try:
            self.process.wait(DEADLINE)
        finally:
            self.kill()
        said = self.said()
        assert self.process.returncode == 0, f"Warifu ended with {self.process.returncode}: {said}"
        return said

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


class PageProvider(ScriptedProvider):
    """The scripted provider with a page for the sign-in view. Set PAGE to a function of the address that is asked for."""

    def __init__(self, **options):
        self.page = self.send_back
        self.tokens_given = []
        self.sent_back = None  # when the latest redirect left
        self.own_time = 0  # spent on answers since then
        self.exchanged = None  # when the latest request for tokens came
        super().__init__(**options)

    def answer(self, path, form, headers):
        if path == "/authorize":
            return self.page(self.target)
        begun = time.monotonic()
        if path == "/token":
            self.exchanged = begun
        answer = super().answer(path, form, headers)
        self.own_time += time.monotonic() - begun
        return answer

    def tokens(self, nonce):
        tokens = super().tokens(nonce)
        self.tokens_given += [tokens[name] for name in ("access_token", "refresh_token", "id_token") if name in tokens]
        return tokens

    def send_back(self, url, **changes):
        self.sent_back, self.own_time = time.monotonic(), 0
        return Answer("", 302, "text/html", [("Location", self.redirect(url, **changes))])


class WindowTestCase(TestCase):
    """One home and one provider of one's own for each test; the keyring is that of the bus."""

    settings = None

    def setUp(self):
        self.home = Home(self.settings)
        self.ctl = self.home.ctl

    def start(self, *arguments, **env):
        warifu = Warifu(self.home, *arguments, env=env)
        self.addCleanup(self.end, warifu)
        return warifu

    def end(self, warifu):
        warifu.kill()
        self.assertNotRegex(warifu.said(), COMPLAINT)

    def quit(self, warifu):
        self.assertEqual(warifu.quit(), "", "nothing is said that nobody asked for")

    def start_provider(self, **options):
        provider = PageProvider(**options)
        self.addCleanup(provider.stop)
        return provider

    def add(self, name, issuer, *options, client_id="client"):
        self.assertDone(self.ctl.run("add", name, "--issuer", issuer, "--client-id", client_id, *options))

    def read_item(self, name):
        """What the keyring holds for the account: its text, or None where there is no item."""
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        call = lambda path, interface, method, arguments: bus.call_sync(
            "org.freedesktop.secrets", path, f"org.freedesktop.Secret.{interface}", method, arguments, None, 0, PATIENCE, None).unpack()
        attributes = {"xdg:schema": "io.github.warifu.Account", "account": self.ctl.show(name)["id"]}
        items = call("/org/freedesktop/secrets", "Service", "SearchItems", GLib.Variant("(a{ss})", (attributes,)))[0]
        if not items:
            return None
        session = call("/org/freedesktop/secrets", "Service", "OpenSession", GLib.Variant("(sv)", ("plain", GLib.Variant("s", ""))))[1]
        return bytes(call(items[0], "Item", "GetSecret", GLib.Variant("(o)", (session,)))[0][2]).decode()


def read_clipboard():
    """Returns None where whoever has the text does not give it just now."""
    try:
        return subprocess.run(["xclip", "-o", "-selection", "clipboard"], capture_output=True, text=True, timeout=10).stdout
    except subprocess.TimeoutExpired:
        return None
