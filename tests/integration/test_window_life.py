#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window and the refresh token: closed in the middle of an exchange, and one of many that ask."""

import tap
from scripted import Answer
from window_testing import DEADLINE, WindowTestCase, wait_for

SLOWLY = 3  # seconds: longer than closing a window takes


class Life(WindowTestCase):
    def setUp(self):
        super().setUp()
        self.provider = self.start_provider()
        self.add("a", self.provider.issuer, "--refresh-policy", "on-demand")

    def sign_in(self):
        self.assertDone(self.ctl.sign_in("a", self.provider.person))

    def answer_slowly(self):
        def slowly(honest, form):
            answer = honest()
            answer.wait = SLOWLY
            return answer
        self.provider.token = slowly

    def wait_for_request(self, number):
        wait_for("the request at the token endpoint", lambda: self.provider.count("/token") == number)

    def assertEnds(self, warifu):
        self.assertEqual(warifu.process.wait(DEADLINE), 0)
        self.assertEqual(warifu.said(), "")

    def test_closed_during_refresh(self):
        """The window is closed while a refresh is on its way: the rotated token is in the keyring"""
        self.sign_in()
        warifu = self.start()
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.answer_slowly()
        warifu.press("Refresh Now")
        self.wait_for_request(2)
        warifu.key("ctrl+q")
        self.assertEnds(warifu)
        self.provider.token = None
        self.assertEqual(self.ctl.show()["refresh_token"]["generation"], 2)
        self.assertDone(self.ctl.run("refresh", "a"))
        self.assertEqual(self.provider.count("/token"), 3, "nothing was sent twice")

    def test_closed_during_exchange(self):
        """The window is closed while a code is exchanged: the sign-in is given up, and the next one is as good as new"""
        warifu = self.start()
        self.answer_slowly()
        warifu.press("Sign In")
        self.wait_for_request(1)
        warifu.key("ctrl+q")
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
        self.answer_slowly()
        processes = [self.ctl.start("token", "a") for _ in range(10)]
        self.wait_for_request(2)
        warifu.press("Refresh Now")
        tokens = {process.communicate(timeout=60)[0] for process in processes}
        self.assertEqual([process.returncode for process in processes], [0] * 10)
        self.assertEqual(len(tokens), 1)
        warifu.wait(contains="eneration 2")
        warifu.wait("Refresh Now", "push-button", sensitive=True)
        self.assertEqual(self.provider.count("/token"), 2)
        self.quit(warifu)


if __name__ == "__main__":
    tap.main()
