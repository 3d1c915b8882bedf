#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Flow and History pages of the window: what happened, walked by keyboard, revealed one by one, exported without secrets."""

import csv
import json
import os
import sqlite3
import xml.etree.ElementTree as ElementTree

from gi.repository import GLib

import tap
from window_testing import WindowTestCase, wait_for

SVG = "{http://www.w3.org/2000/svg}"


class Flow(WindowTestCase):
    settings = {"history-events": "uint32 500", "history-days": "uint32 30"}

    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()
        self.add("Work", self.provider.issuer)
        self.assertDone(self.ctl.sign_in("Work", self.provider.person))

    def start_refreshed(self, page):
        warifu = self.start()
        warifu.press("Refresh Now")
        # the tokens are shown while they are being stored
        warifu.wait(contains="eneration 2")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        warifu.key(f"alt+{page}")
        return warifu

    def steps(self, warifu):
        """The names of the diagram's rows, in order."""
        return [node.name for node in warifu.look() if node.role == "list-item" and node.name.split(".")[0].isdigit()]

    def texts(self, warifu):
        words = []
        for node in warifu.look():
            words.append(node.name)
            if "org.a11y.atspi.Text" in node.interfaces:
                try:
                    words.append(node.text)
                except GLib.Error:
                    pass  # has gone
        return "\n".join(words)

    def save(self, warifu, label, path):
        """Through the Export menu, with the keyboard, and the file chooser."""
        warifu.click("Export", ("push-button", "toggle-button"))
        warifu.choose(label)
        wait_for("the file chooser", lambda: len(warifu.windows()) == 2 and warifu.find(contains="Export ", role=("dialog", "filler"), shown=False))
        warifu.key("ctrl+a")
        warifu.type(path)
        warifu.key("Return")
        wait_for("the file", lambda: os.path.exists(path) and os.path.getsize(path) > 0)
        wait_for("the file chooser to go", lambda: len(warifu.windows()) == 1)
        with open(path, "rb") as file:
            return file.read()

    def assertNoSecret(self, data):
        for token in self.provider.tokens_given:
            for part in token.split("."):
                self.assertNotIn(part.encode(), data)

    def test_steps_in_order(self):
        """The diagram is a list of messages and checks, in order, that arrow keys walk"""
        warifu = self.start_refreshed(3)
        warifu.wait(contains="/token", role="list-item")
        steps = wait_for("the last step", lambda: [name for name in [self.steps(warifu)] if name and "stored" in name[-1]])[0]
        self.assertEqual([int(name.split(".")[0]) for name in steps], list(range(1, len(steps) + 1)))
        wanted = ["/.well-known/openid-configuration", "200 OK", "POST /token", "200 OK", "Refresh token rotated", "ID token: signature",
                  "Tokens stored"]
        found = iter(steps)
        for title in wanted:
            self.assertTrue(any(title in name for name in found), f"{title} is not in its place in {steps}")
        self.assertTrue(any(name.endswith("POST /token, token endpoint") and "Warifu to Authorization server" in name for name in steps), steps)
        warifu.click(contains="POST /token", role="list-item")
        heard = []
        for _ in range(3):
            node = wait_for("the focus on a step", lambda: [node for node in [warifu.focused()] if node and node.name.split(".")[0].isdigit()])[0]
            heard.append(int(node.name.split(".")[0]))
            warifu.key("Down")
            wait_for("the next step", lambda: (warifu.focused() or node).ref != node.ref)
        self.assertEqual(heard, list(range(heard[0], heard[0] + 3)))
        self.quit(warifu)

    def test_reveal_one_by_one(self):
        """Each secret of a message is revealed alone, and masked again when it is hidden or left"""
        warifu = self.start_refreshed(3)
        warifu.click(contains="POST /token", role="list-item")
        spent = self.provider.tokens_given[1]
        access, refresh = self.provider.tokens_given[3:5]
        warifu.wait("Reveal refresh_token", ("push-button", "toggle-button"))
        for token in (spent, access, refresh):
            self.assertNotIn(token, self.texts(warifu))
        warifu.press("Reveal refresh_token")
        wait_for("the spent token", lambda: spent in self.texts(warifu))
        for token in (access, refresh):
            self.assertNotIn(token, self.texts(warifu))
        warifu.shot("flow-window-revealed")
        warifu.press("Hide refresh_token")
        wait_for("the mask", lambda: spent not in self.texts(warifu))
        warifu.press("Reveal refresh_token")
        wait_for("the spent token", lambda: spent in self.texts(warifu))
        warifu.key("alt+1")
        warifu.wait("Refresh Now", "push-button")
        wait_for("the mask", lambda: spent not in self.texts(warifu))
        self.quit(warifu)

    def test_export(self):
        """The diagram becomes an SVG with words in it and a PNG, both without a secret"""
        warifu = self.start_refreshed(3)
        warifu.wait(contains="Tokens stored", role="list-item", shown=False)
        svg = self.save(warifu, "As SVG…", os.path.join(self.home.path, "flow.svg"))
        root = ElementTree.fromstring(svg)
        words = " ".join(node.text for node in root.iter(f"{SVG}text"))
        for word in ("Work", "Authorization server", "POST /token", "200 OK", "Refresh token rotated"):
            self.assertIn(word, words)
        self.assertIn("Refresh", root.find(f"{SVG}title").text)
        self.assertNoSecret(svg)
        png = self.save(warifu, "As PNG…", os.path.join(self.home.path, "flow.png"))
        self.assertEqual(png[:8], b"\x89PNG\r\n\x1a\n")
        self.assertEqual(int.from_bytes(png[16:20], "big"), 2 * int(root.get("width")))
        self.assertNoSecret(png)
        self.quit(warifu)

    def test_history(self):
        """The chart is walked by keyboard and heard, the table is exported, and the bounds of the preferences hold"""
        warifu = self.start_refreshed(4)
        # what has just happened comes from the database's thread
        chart = warifu.wait(contains="2 access tokens, 2 refresh tokens, 0 failures", role=("image", "icon"))
        self.assertIn("Token lifetimes", chart.name)
        warifu.click(contains="Token lifetimes", role=("image", "icon"))
        warifu.key("Home")
        wait_for("the oldest", lambda: "(1 of 4)" in chart.current_name)
        self.assertIn("Access token", chart.current_name)
        warifu.key("Right", "Right", "Right")
        wait_for("the newest", lambda: "(4 of 4)" in chart.current_name)
        self.assertIn("generation 2", chart.current_name)
        warifu.key("plus", "minus", "0", "shift+Left")
        self.assertIn("(4 of 4)", chart.current_name)
        warifu.shot("history-window")
        table = self.save(warifu, "As CSV…", os.path.join(self.home.path, "history.csv"))
        rows = list(csv.DictReader(table.decode().splitlines()))
        self.assertEqual([row["event"] for row in rows], ["refresh", "sign-in"])
        self.assertNoSecret(table)
        data = self.save(warifu, "As JSON…", os.path.join(self.home.path, "history.json"))
        self.assertEqual([(row["event"], row["generation"], row["result"]) for row in json.loads(data)],
                         [("refresh", 2, "ok"), ("sign-in", 1, "ok")])
        self.assertNoSecret(data)
        self.quit(warifu)
        with sqlite3.connect(os.path.join(self.home.env["XDG_DATA_HOME"], "warifu", "history.db")) as database:
            self.assertEqual(dict(database.execute("SELECT name, value FROM bounds")), {"events": 500, "days": 30})


if __name__ == "__main__":
    tap.main()
