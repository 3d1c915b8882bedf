#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page of the window: what it does not show, what can be reached without a mouse, how it stands narrow and in Japanese."""

import os
import subprocess

from gi.repository import GLib

import tap
from warifu_testing import BUILD
from window_testing import WindowTestCase, read_clipboard, wait_for

PAGES = ("Overview", "Tokens", "Flow", "History")
# What somebody can stand on, and must therefore hear the name of.
OPERABLE = {"push-button", "toggle-button", "check-box", "radio-button", "combo-box", "entry", "text", "password-text", "spin-button",
            "list-item", "page-tab", "menu-item", "link", "slider", "table-cell", "column-header"}


def is_named(node):
    """GTK 4.8 gives the name of the type where there is none. The button of a toast is libadwaita's, and nameless."""
    return bool(node.name.strip()) and not node.name.startswith(("Gtk", "Adw", "Wf")) or node.parent.name == "AdwToastWidget"


class Pages(WindowTestCase):
    settings = {"clipboard-seconds": "uint32 6"}  # enough to see it there

    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()
        self.add("Work", self.provider.issuer)
        self.assertDone(self.ctl.sign_in("Work", self.provider.person))

    def start_signed_in(self, *arguments, **env):
        warifu = self.start(*arguments, **env)
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        return warifu

    def go(self, warifu, page):
        """To a page, by the keyboard."""
        warifu.key(f"alt+{PAGES.index(page) + 1}")
        wait_for(f"the page {page}", lambda: any(node.has("selected") for node in warifu.find(page, "page-tab")))

    # --- what is not shown ---

    def read_everything(self, warifu):
        """Every word that the accessibility tree holds, shown or not, and the titles of the windows."""
        words = []
        for node in warifu.look():
            words += [node.name, node.description]
            if "org.a11y.atspi.Text" in node.interfaces:
                try:
                    words.append(node.text)
                except GLib.Error:
                    pass  # has gone
        for window in warifu.windows():
            words.append(subprocess.run(["xdotool", "getwindowname", window], capture_output=True, text=True).stdout)
        return words

    def assertMasked(self, warifu):
        for word in self.read_everything(warifu):
            for token in self.provider.tokens_given:
                for part in token.split("."):
                    self.assertNotIn(part, word)

    def test_masked(self):
        """#71 and #74 A token is in no name, text or title until it is revealed, and gone when it is hidden or left"""
        warifu = self.start_signed_in()
        warifu.press("Refresh Now")
        warifu.wait(contains="eneration 2")
        for page in PAGES:
            self.go(warifu, page)
            self.assertMasked(warifu)
        access, refresh, id_token = self.provider.tokens_given[-3:]
        self.go(warifu, "Tokens")
        warifu.wait(f"{access[:4]}…{access[-4:]}", "label")
        for kind, parts in (("Access token", [access]), ("Refresh token", [refresh]), ("ID token", id_token.split("."))):
            if kind != "Access token":
                warifu.press(None, ("push-button", "toggle-button"), contains=kind)
            warifu.press("Reveal")
            for part in parts:
                warifu.wait(contains=part, role="label")
            warifu.shot(f"revealed-{kind[:2]}")
            warifu.press("Hide")
            warifu.wait("Reveal", "push-button")
            self.assertMasked(warifu)
        warifu.press("Reveal")
        warifu.wait(contains=id_token.split(".")[1], role="label")
        self.go(warifu, "Overview")
        self.assertMasked(warifu)
        self.go(warifu, "Tokens")
        warifu.wait("Reveal", "push-button")
        self.assertMasked(warifu)
        self.quit(warifu)

    def test_flow_is_masked(self):
        """The Flow page shows every message of a refresh, and no secret in it"""
        warifu = self.start_signed_in()
        warifu.press("Refresh Now")
        warifu.wait(contains="eneration 2")
        self.go(warifu, "Flow")
        warifu.wait(contains="/token", role=("list-item", "label"))
        warifu.click(contains="/token", role="list-item")
        for tab in ("Request", "Response", "Checks", "Code"):
            roles = ("page-tab", "push-button", "toggle-button", "radio-button")
            warifu.wait(tab, roles).press()
            # it takes GTK a moment to let a button go
            wait_for(f"{tab} to be chosen", lambda: any(node.has(state) for node in warifu.find(tab, roles) for state in ("selected", "checked", "pressed")))
            self.assertMasked(warifu)
        warifu.shot("flow-token")
        self.quit(warifu)

    def test_copy(self):
        """Copy Access Token puts it on the clipboard, and takes it away again"""
        warifu = self.start_signed_in()
        self.go(warifu, "Tokens")
        warifu.press("Copy Access Token")
        access = self.provider.tokens_given[0]
        wait_for("the token on the clipboard", lambda: read_clipboard() == access)
        wait_for("the clipboard to be cleared", lambda: read_clipboard() == "")
        warifu.key("ctrl+shift+c")
        wait_for("the token on the clipboard", lambda: read_clipboard() == access)
        other = subprocess.Popen(["xclip", "-quiet", "-selection", "clipboard"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(other.wait)
        self.addCleanup(other.terminate)
        other.stdin.write("mine")
        other.stdin.close()
        wait_for("another's text on the clipboard", lambda: read_clipboard() == "mine")
        self.quit(warifu)
        self.assertEqual(read_clipboard(), "mine", "what is not Warifu's stays")

    # --- without a mouse, without seeing ---

    def check_names(self, warifu, place):
        nodes = warifu.look()
        # A combo box and an expander are named; the button and the rows that they are made of are not.
        parents = {node.parent.ref for node in nodes if node.role == "list" and node.parent and node.parent.parent} \
            | {node.parent.parent.ref for node in nodes if node.role == "list" and node.parent and node.parent.parent}
        unnamed = [node for node in nodes
                   if node.role in OPERABLE and node.has("focusable") and not is_named(node) and node.ref not in parents
                   and not self.is_in_combo_box(node) and node.shown]
        self.assertEqual(unnamed, [], f"on {place}: {[(node, node.parent, node.extents) for node in unnamed]}")

    def is_in_combo_box(self, node):
        while node:
            if node.role == "combo-box":
                return is_named(node)
            node = node.parent
        return False

    def tab_through(self, warifu, limit=80):
        """Everything that Tab comes to, until it comes round."""
        seen = []
        for _ in range(limit):
            warifu.key("Tab")
            node = warifu.focused()
            if node is None:
                continue  # the text inside of an entry row, of which GTK 4.8 does not tell
            if seen and node.ref == seen[0].ref:
                return seen
            if node.ref not in [other.ref for other in seen]:
                seen.append(node)
        return seen

    def test_keyboard_and_names(self):
        """Every page can be walked with Tab, and everything that can be operated has a name"""
        warifu = self.start_signed_in()
        warifu.key("F5")
        warifu.wait(contains="eneration 2")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        wanted = {"Overview": {"Refresh Now", "Sign Out"}, "Tokens": {"Reveal", "Copy Access Token"}, "Flow": set(), "History": set()}
        for page in PAGES:
            self.go(warifu, page)
            self.check_names(warifu, page)
            seen = self.tab_through(warifu)
            names = {node.name for node in seen}
            self.assertEqual([node for node in seen if node.role in OPERABLE and not is_named(node) and not self.is_in_combo_box(node)], [], page)
            self.assertLessEqual(wanted[page] | {"Add Account"}, names, f"{page}: {seen}")
            self.assertTrue(any("Work" in name for name in names), f"{page}: {seen}")
            warifu.shot(f"page-{page.lower()}")
        self.quit(warifu)

    def test_dialogs_and_names(self):
        """Add Account, Preferences and Shortcuts open by the keyboard, have names, and close with Escape"""
        warifu = self.start_signed_in()
        for keys, title in (("ctrl+n", "Add Account"), ("ctrl+comma", "Preferences"), ("ctrl+question", "Shortcuts")):
            warifu.key(keys)
            wait_for(f"the window {title}", lambda: len(warifu.windows()) == 2)
            if title != "Shortcuts":  # which is GTK's, with a search button that 4.8 leaves unnamed
                self.check_names(warifu, title)
                warifu.wait(title, "dialog")
            warifu.shot(f"dialog-{title.split()[0].lower()}")
            warifu.key("Escape")
            wait_for(f"{title} to close", lambda: len(warifu.windows()) == 1)
        self.quit(warifu)

    # --- how it stands ---

    def walk_pages(self, warifu, kind):
        warifu.key("F5")
        wait_for("a refresh", lambda: self.provider.count("/token") == 2)
        tabs = warifu.find(role="page-tab", shown=False)  # behind the list of accounts; the overview has none of its own
        self.assertEqual(len(tabs), len(PAGES))
        for number, tab in enumerate((tab.name for tab in tabs), 1):
            warifu.key(f"alt+{number}")
            wait_for(f"the page {tab}", lambda: any(node.has("selected") for node in warifu.find(tab, "page-tab")))
            warifu.shot(f"{kind}-{number}")

    def test_narrow(self):
        """At 360 pixels every page stands, and goes back to the list of accounts"""
        warifu = self.start_signed_in()
        subprocess.run(["xdotool", "windowsize", "--sync", warifu.windows()[0], "370", "650"], check=True)
        # 360 where the font is GNOME's; the labels of the switcher are a little wider in others.
        wait_for("a narrow window", lambda: any(360 <= node.extents[2] <= 380 for node in warifu.find(role="frame")))
        self.walk_pages(warifu, "narrow")
        warifu.press("Accounts")
        warifu.wait("Add Account", "push-button")
        warifu.shot("narrow-list")
        warifu.click(contains="Work", role="list-item")
        warifu.wait("Accounts", "push-button")
        self.quit(warifu)

    def test_japanese(self):
        """In Japanese, and with the sign-in view in Japanese too"""
        # Later C libraries translate nothing in the C locale, in whatever encoding.
        known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout.split()
        locale = "ja_JP.UTF-8" if "ja_JP.utf8" in known else "C.UTF-8"
        warifu = self.start(LC_ALL=locale, LANGUAGE="ja", WARIFU_LOCALE_DIR=os.path.join(BUILD, "po"))
        warifu.wait("今すぐ更新", "push-button", sensitive=True)
        self.walk_pages(warifu, "japanese")
        self.quit(warifu)


if __name__ == "__main__":
    tap.main()
