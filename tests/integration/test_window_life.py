#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window and the refresh token: closed in the middle of an exchange, and one of many that ask."""

import threading

import tap
from warifu_testing import is_at_lock
from window_testing import DEADLINE, WindowTestCase, wait_for


class Life(WindowTestCase):
    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()
        self.add("a", self.provider.issuer, "--refresh-policy", "on-demand")

    def sign_in(self):
        self.assertDone(self.ctl.sign_in("a", self.provider.person))

    def hold_answer(self):
        """From now on nobody gets an answer of the token endpoint. Returns what lets them go."""
        answered = threading.Event()
        self.addCleanup(answered.set)

        def hold(honest, form):
            answer = honest()
            answer.wait = answered
            return answer
        self.provider.token = hold
        return answered

    def wait_for_request(self, number):
        wait_for("the request at the token endpoint", lambda: self.provider.count("/token") == number)

    def close(self, warifu):
        """Closes all windows with the answer still on its way."""
        def is_closed():
            try:
                return not warifu.windows()
            except AssertionError:
                return True  # and it has ended with it

        warifu.key("ctrl+q")
        wait_for("the window to close", is_closed)

    def assertEnds(self, warifu):
        self.assertEqual(warifu.process.wait(DEADLINE), 0)
        self.assertEqual(warifu.said(), "")

    def test_closed_during_refresh(self):
        """The window is closed while a refresh is on its way: the rotated token is in the keyring"""
        self.sign_in()
        warifu = self.start()
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        answered = self.hold_answer()
        warifu.press("Refresh Now")
        self.wait_for_request(2)
        self.close(warifu)
        self.assertIsNone(warifu.process.poll(), "it waits for the answer")
        answered.set()
        self.assertEnds(warifu)
        self.provider.token = None
        self.assertEqual(self.ctl.show()["refresh_token"]["generation"], 2)
        self.assertDone(self.ctl.run("refresh", "a"))
        self.assertEqual(self.provider.count("/token"), 3, "nothing was sent twice")

    def test_closed_during_exchange(self):
        """The window is closed while a code is exchanged: the sign-in is given up, and the next one is as good as new"""
        warifu = self.start()
        answered = self.hold_answer()
        warifu.press("Sign In")
        self.wait_for_request(1)
        self.close(warifu)
        answered.set()
        self.assertEnds(warifu)
        self.provider.token = None
        shown = self.ctl.show()
        self.assertEqual((shown["state"], shown["last_error"]), ("signed-out", None))
        self.sign_in()
        self.assertDone(self.ctl.run("refresh", "a"))
        self.assertEqual(self.ctl.show()["state"], "signed-in")

    def test_ten_and_a_window(self):
        """Ten times warifuctl token and Refresh Now in an open window: one request"""
        self.provider.lifetime = 1
        self.sign_in()
        self.provider.lifetime = 300
        warifu = self.start()
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        wait_for("the access token to expire", lambda: self.ctl.show()["state"] == "expired")
        answered = self.hold_answer()
        processes = [self.ctl.start("token", "a") for _ in range(10)]
        self.wait_for_request(2)
        warifu.press("Refresh Now")
        account = self.ctl.show()["id"]
        wait_for("all to wait for the one that asks", lambda: all(is_at_lock(process, account) for process in [*processes, warifu.process]))
        answered.set()
        tokens = {process.communicate(timeout=DEADLINE)[0] for process in processes}
        self.assertEqual([process.returncode for process in processes], [0] * 10)
        self.assertEqual(len(tokens), 1)
        warifu.wait(contains="eneration 2")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.assertEqual(self.provider.count("/token"), 2)
        self.quit(warifu)


if __name__ == "__main__":
    tap.main()
