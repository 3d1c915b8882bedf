# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a person can be in the window: each place, how to come there by its names, and how to leave.

test_window_walk.py walks them all; build-aux/screenshots takes a picture of each, in every language and style.
"""

import gettext
import json
import os
import re
import sqlite3
import time

from scripted import EC_KEY, OTHER_KEY, RSA_KEY, encode_jwt
from warifu_testing import Browser, DEMO, Program, redirect_uri_of
from window_ears import Ears
from window_testing import PageProvider, wait_for

PRESSED = ("push-button", "toggle-button", "page-tab", "radio-button", "check-box", "link")
CHOSEN = ("list-item", "menu-item")
STEPS = 20  # with one key, until it is looked again what is there
# More than a row shows, and more than a label lays out.
LARGE = {"about": "Down the rabbit hole went Alice after it, never once considering how in the world she was to get out again. " * 60}
LONG_NAME = ("Nightly builds of the documentation team, on the machine in the basement " * 3)[:200].strip()


class Guide:
    """Finds the way through one Warifu, in whatever language it speaks."""

    # The demo server's page speaks the languages of src/demo/wf-demo-words.c.
    PAGE_WORDS = {"ja": {"Approve": "許可", "Deny": "拒否"}}

    def __init__(self, warifu, locale_dir=None, language=None):
        self.warifu = warifu
        self.page_words = self.PAGE_WORDS.get(language, {})
        self.translation = gettext.translation("warifu", locale_dir, [language] if language else None, fallback=True) \
            if locale_dir else gettext.NullTranslations()
        self.tops = self.find_tops()
        self.ears = Ears(warifu)

    def tr(self, text, context=None):
        return self.translation.pgettext(context, text) if context else self.translation.gettext(text)

    def label(self, text):
        """A menu item's text, as it is shown: without what marks the letter."""
        return re.sub(r"_(.)", r"\1", self.tr(text))

    # --- the windows ---

    def find_tops(self):
        return [node for node in self.warifu.look() if node.parent is not None and node.parent.parent is None]

    @property
    def top(self):
        """The window that opened last, or the first."""
        tops = self.find_tops()
        known = [node.ref for node in self.tops]
        return next((node for node in tops if node.ref not in known), tops[0])

    def wait_window(self, act):
        """Does ACT, and waits until a window more is there."""
        count = len(self.warifu.windows())
        act()
        wait_for("a window more", lambda: len(self.warifu.windows()) > count)
        wait_for("what is in it", lambda: len(self.warifu.find(within=self.top)) > 4)

    def close_window(self, count=1):
        wait_for("the keyboard", lambda: self.warifu.windows())
        self.warifu.key("Escape")
        wait_for("the window to close", lambda: len(self.warifu.windows()) <= count)

    # --- what is in them ---

    def wait(self, text, role=None, context=None, **criteria):
        return self.warifu.wait(self.tr(text, context), role, **criteria)

    def wait_part(self, text, role=None, **criteria):
        """Waits for a name with this in it, up to the first %s of it."""
        return self.warifu.wait(role=role, contains=self.tr(text).split("%")[0].strip(), **criteria)

    def press(self, text, role=PRESSED, context=None, **criteria):
        """Presses what the keyboard can stand on: around the button of a menu is another of its name."""
        name = self.tr(text, context)
        found = wait_for(lambda: f"{name} to be pressed; there is {self.warifu.describe()}", lambda: [
            node for node in self.warifu.find(name, role, sensitive=True, **criteria) if node.has("focusable")])
        found[-1].press()

    def switch(self, role=PRESSED, **criteria):
        """Presses one of several, and waits until it is the one. It takes GTK a moment to let a button go."""
        def is_chosen():
            found = self.warifu.find(role=role, **criteria)
            return any(node.has(state) for node in found for state in ("selected", "checked", "pressed"))

        if not is_chosen():
            wait_for(f"{criteria} to be pressed", lambda: self.warifu.find(role=role, sensitive=True, **criteria))[-1].press()
        wait_for(f"{criteria} to be chosen", is_chosen)

    def page(self, number):
        names = (("Overview", None), ("Tokens", None), ("Flow", "page"), ("History", None))
        self.warifu.key(f"alt+{number}")
        name = self.tr(*names[number - 1])
        wait_for(f"the page {name}", lambda: any(node.has("selected") for node in self.warifu.find(name, "page-tab", shown=False)))

    def stand_on(self, role=None, onwards="Tab", **criteria):
        """Presses Tab, or another key, until the focus is on what fits. Where that is does not matter: the page scrolls."""
        def find():
            found = self.warifu.find(role=role, shown=False, **criteria)
            return {node.ref[1] for node in found}, any(node.has("focused") for node in found)

        def step():
            wanted, is_there = find()
            for _ in range(STEPS if wanted and not is_there else 0):
                self.ears.forget()
                self.warifu.key(onwards)
                self.ears.wait_focus()
                if wanted & set(self.ears.focused()[-1:]):
                    return True
            return is_there
        wait_for(f"the keyboard to come to {role} {criteria}", step)

    def expand(self, text):
        """Opens or closes the expander of this title."""
        self.stand_on("list-item", name=self.tr(text))
        self.warifu.key("space")

    def menu(self, name, *path, role=("push-button", "toggle-button")):
        """Opens the menu of a button."""
        self.press(name, role)
        wait_for("a menu", lambda: self.warifu.find(role="menu-item", sensitive=True))

    def choose(self, item):
        """Chooses ITEM of the menu that is open."""
        wanted = self.label(item)
        items = wait_for(f"the item {wanted}", lambda: self.find_items(wanted))
        order = [node.ref for node in items]
        ref = next(node.ref for node in items if node.name.replace("_", "") == wanted)
        # from the first item it goes round to the last
        key = "Up" if order.index(ref) > len(order) // 2 else "Down"
        wait_for(f"the keyboard to come to {wanted}", lambda: self.warifu.step_to(ref, key))
        self.warifu.key("Return")

    def find_items(self, wanted):
        """All items of the menu that is open, where WANTED is one of them."""
        items = [node for node in self.warifu.look() if node.role == "menu-item"]
        return items if any(node.name.replace("_", "") == wanted for node in items) else []

    def close_menu(self):
        self.warifu.key("Escape")
        wait_for("the menu to close", lambda: len(self.warifu.windows()) == 1)

    def select_account(self, name):
        node = self.warifu.wait(role="list-item", contains=name[:20], shown=False)
        if not node.has("selected"):
            self.warifu.click(role="list-item", contains=name[:20])
        wait_for(f"{name} in the title", lambda: any(name[:20] in top.current_name for top in self.find_tops()))

    def wait_on_page(self, button):
        return self.warifu.wait_on_page(self.page_words.get(button, button), "push-button")

    def approve(self):
        """On the demo server's page: by its tree, and where it has none by the keyboard."""
        self.press("Sign In")
        self.wait_on_page("Approve").press()
        self.wait("Refresh Now", "push-button", sensitive=True)


class Place:
    """COME and LEAVE take a Guide. KEY is what it is walked with. What IS_FOREIGN is GTK's or libadwaita's, and so are its names."""

    def __init__(self, name, come, leave=lambda guide: None, key="Tab", is_foreign=False):
        self.name, self.come, self.leave, self.key, self.is_foreign = name, come, leave, key, is_foreign
        self.is_menu = key == "Down"


def dialog(name, act, ready=lambda guide: None, is_foreign=False):
    def come(guide):
        guide.wait_window(lambda: act(guide))
        ready(guide)
    return Place(name, come, Guide.close_window, is_foreign=is_foreign)


def popup(name, act):
    return Place(name, act, Guide.close_menu, "Down")


def choose_in_account_menu(item):
    def act(guide):
        guide.page(1)
        guide.menu("Account Menu")
        guide.choose(item)
    return act


def key(*keys):
    return lambda guide: guide.warifu.key(*keys)


def show_token(kind):
    def come(guide):
        guide.page(2)
        guide.switch(contains=guide.tr(kind))
        guide.wait("Reveal", "push-button")
    return come


def show_message(tab):
    def come(guide):
        guide.page(3)
        wait_for("a flow", lambda: guide.warifu.find(guide.tr("Recorded flows"), shown=False))
        if not guide.warifu.find(role="list-item", contains="/token", shown=False):  # the keyboard has gone on to another
            guide.warifu.click(role="list-item", contains=f"{guide.tr('Refresh')}, ")
        guide.warifu.wait(role="list-item", contains="/token", shown=False)
        guide.warifu.click(role="list-item", contains="/token")
        guide.switch(name=guide.tr(tab))
    return come


def show_overview(guide):
    guide.page(1)


def show_provider(guide):
    guide.page(1)
    guide.expand("Provider")
    guide.stand_on("list-item", "Down", name=guide.tr("Provider"))


def show_history(guide):
    guide.page(4)
    guide.wait("Search events", "entry")


def call_api(guide):
    guide.page(3)
    guide.press("Call the API")


def send_call(guide):
    guide.press("Send", context="verb")
    guide.warifu.wait("200 OK")


def open_advanced(guide):
    guide.expand("Advanced")
    guide.warifu.key("Tab", "Tab", "Tab")  # into it


def come_back(guide):
    guide.press("Cancel")
    guide.wait("Sign In", "push-button", sensitive=True)


def show_sign_in(guide):
    guide.press("Sign In")
    guide.wait_on_page("Approve")


def show_denied(guide):
    show_sign_in(guide)
    guide.wait_on_page("Deny").press()
    guide.wait("Try Again", "push-button", sensitive=True)


def wait_for_browser(guide):
    guide.press("Sign In with Browser")
    guide.wait("Open Again", "push-button", sensitive=True)


def sign_in_and_refresh(guide):
    guide.approve()
    guide.press("Refresh Now")
    guide.wait("Tokens refreshed", "label")
    guide.warifu.wait_gone(guide.tr("Tokens refreshed"), "label")


def go_to(name):
    def come(guide):
        guide.page(1)
        show_accounts(guide)
        guide.select_account(name)
    return come


def show_accounts(guide):
    """Where they are not beside the page."""
    if guide.warifu.find(guide.tr("Accounts"), "push-button"):
        guide.press("Accounts", "push-button")
        guide.wait("Add Account", "push-button")


def show_main_menu(guide):
    show_accounts(guide)
    guide.menu("Main Menu")


def open_claim(guide):
    guide.wait("Signature verified", "label")
    guide.stand_on("list-item", "Down", contains="about: ")
    guide.warifu.key("Return")


def reveal(guide):
    guide.press("Reveal")
    guide.wait("Hide", "push-button")


def show_revealed(kind):
    def come(guide):
        show_token(kind)(guide)
        reveal(guide)
    return come


# Where somebody is signed in, with a refresh behind.
SIGNED_IN = [
    Place("overview", sign_in_and_refresh),
    Place("overview-provider", show_provider, lambda guide: guide.expand("Provider")),
    popup("main-menu", show_main_menu),
    popup("account-menu", lambda guide: (guide.page(1), guide.menu("Account Menu"))),
    Place("tokens-access", show_token("Access token")),
    Place("tokens-id", show_token("ID token")),
    Place("tokens-refresh", show_token("Refresh token")),
    Place("tokens-revealed", show_revealed("ID token")),
    Place("flow-request", show_message("Request")),
    Place("flow-response", show_message("Response")),
    Place("flow-checks", show_message("Checks")),
    Place("flow-code", show_message("Code")),
    popup("flow-export", lambda guide: guide.menu("Export")),
    dialog("call-the-api", call_api, send_call),
    Place("history", show_history),
    popup("history-export", lambda guide: guide.menu("Export")),
    dialog("add-account", key("ctrl+n")),
    dialog("add-account-advanced", key("ctrl+n"), open_advanced),
    dialog("edit-account", choose_in_account_menu("_Edit")),
    dialog("preferences", key("ctrl+comma")),
    dialog("about", lambda guide: (show_main_menu(guide), guide.choose("_About Warifu")), is_foreign=True),
    dialog("shortcuts", key("ctrl+question"), is_foreign=True),
    dialog("diagnosis", key("ctrl+d"), lambda guide: guide.wait("Check Again", "push-button", sensitive=True)),
    dialog("connection", choose_in_account_menu("_Test Connection"), lambda guide: guide.wait("Test Again", "push-button")),
    dialog("sign-out", choose_in_account_menu("Sign _Out")),
    dialog("remove", choose_in_account_menu("Re_move")),
]


# Before there is an account.
FIRST = [
    Place("welcome", lambda guide: guide.wait("Try the Demo", "push-button")),
    popup("welcome-menu", lambda guide: guide.menu("Main Menu")),
]
# On the way to be signed in at the demo server.
SIGN_IN = [
    Place("signed-out", lambda guide: guide.wait("Sign In", "push-button", sensitive=True)),
    # The page has Tab for itself.
    Place("sign-in-view", show_sign_in, come_back, "ctrl+Tab"),
    Place("sign-in-failure", show_denied, come_back),
    Place("sign-in-browser", wait_for_browser, come_back),
]
# Accounts that something is wrong with.
ODD = [
    Place("accounts", show_accounts),
    Place("needs-sign-in", go_to("GitLab")),
    Place("long-name", go_to(LONG_NAME)),
    Place("offline", go_to("Offline")),
]
# What `warifu FILE` shows.
INSPECTOR = [
    (lambda scene: [scene.write("nonsense.jwt", "just words")],
     [Place("inspector-error", lambda guide: guide.wait("This can be read neither as a token nor as a key set.", "label"))]),
    (lambda scene: [scene.write_token(), scene.write_keys()],
     [Place("inspector-token", lambda guide: guide.wait("Signature verified", "label"))]),
    (lambda scene: [scene.write_token("large.jwt", LARGE), scene.write_keys()],
     [dialog("inspector-claim", open_claim),
      Place("inspector-revealed", lambda guide: (guide.stand_on("push-button", name=guide.tr("Reveal")), reveal(guide)))]),
    (lambda scene: [scene.write_keys()],
     [Place("inspector-keys", lambda guide: guide.warifu.wait(contains="rsa-1"))]),
]


# --- accounts in odd states ---

class Scene:
    """Servers, and accounts in every state there is. Put one up, and take it down."""

    def __init__(self, home):
        self.home, self.ctl = home, home.ctl
        self.demo = Program(DEMO)
        self.provider, self.gone = PageProvider(), PageProvider()

    def take_down(self):
        self.demo.stop()
        self.provider.stop()
        self.gone.stop()

    def run(self, *arguments):
        outcome = self.ctl.run(*arguments)
        assert outcome.status == 0, outcome

    def put_up(self):
        self.add("Work account", self.demo.issuer, "warifu-demo")
        self.add("GitLab", self.provider.issuer)
        self.sign_in("GitLab", self.provider.person)
        for token in self.provider.refresh_tokens:
            self.provider.refresh_tokens[token] = False
        self.ctl.run("refresh", "GitLab")  # refused: it must be signed in again
        self.add(LONG_NAME, self.provider.issuer)
        self.gone.lifetime = 1
        self.add("Offline", self.gone.issuer, "client", "--refresh-policy", "on-demand")
        self.sign_in("Offline", self.gone.person)
        self.gone.stop()
        self.ctl.run("refresh", "Offline")
        self.remember("Work account")

    def add(self, name, issuer, client_id="client", *options):
        self.run("add", name, "--issuer", issuer, "--client-id", client_id, *options)

    def sign_in(self, name, person):
        outcome = self.ctl.sign_in(name, person)
        assert outcome.status == 0, outcome

    def approve(self, url):
        """A person at the demo server, with a browser."""
        browser, until = Browser(), redirect_uri_of(url)
        page_url, page = browser.walk(url, until)
        target, _ = browser.submit(page_url, page, until, decision="approve")
        browser.open(target)

    def remember(self, name):
        """A day of use in the history, as if Warifu had been there."""
        account = self.ctl.show(name)["id"]
        now = int(time.time())
        rows = [(now - 80000, 0, "window", "ok", 2300, 1), (now - 76500, 1, "schedule", "ok", 180, 2),
                (now - 73000, 1, "schedule", "ok", 210, 3), (now - 70200, 2, None, "ok", 90, 3),
                (now - 33000, 0, "browser", "ok", 5200, 1), (now - 29500, 1, "schedule", "ok", 190, 2),
                (now - 26000, 1, "schedule", "offline", 30000, 2), (now - 25800, 1, "by-hand", "ok", 340, 3),
                (now - 22300, 1, "schedule", "ok", 170, 4), (now - 18800, 1, "schedule", "ok", 201, 5),
                (now - 15300, 1, "before-action", "ok", 176, 6), (now - 11800, 1, "schedule", "ok", 188, 7)]
        path = os.path.join(self.home.env["XDG_DATA_HOME"], "warifu", "history.db")
        with sqlite3.connect(path) as database:
            for at, kind, cause, result, milliseconds, generation in rows:
                expires = at + 3600 if kind < 2 and result == "ok" else None
                database.execute("INSERT INTO events (account, time, kind, cause, result, duration, generation, expires_at)"
                                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                 (account, at * 1000000, kind, cause, result, milliseconds * 1000, generation, expires))
        database.close()

    # --- what is inspected ---

    def write(self, name, content):
        path = os.path.join(self.home.path, name)
        with open(path, "w") as file:
            file.write(content)
        return path

    def write_token(self, name="token.jwt", more=None):
        now = int(time.time())
        claims = {"iss": "https://id.example.org", "sub": "alice", "aud": ["https://api.example.org", "https://files.example.org"],
                  "scope": "openid profile email files:read", "iat": now - 600, "exp": now + 3000, "name": "Alice Liddell",
                  "address": {"locality": "Oxford", "country": "GB"}, "groups": ["readers", "writers"]}
        return self.write(name, encode_jwt({"alg": "RS256", "kid": "rsa-1", "typ": "at+jwt"}, claims | (more or {}), RSA_KEY.sign))

    def write_keys(self):
        keys = [RSA_KEY.public_jwk(), EC_KEY.public_jwk(), OTHER_KEY.public_jwk(kid="old-1", use="enc"),
                {"kty": "EC", "crv": "secp256k1", "kid": "odd-1", "x": "AA", "y": "AA"}]
        return self.write("keys.jwks", json.dumps({"keys": keys}))
