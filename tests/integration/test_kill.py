#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILLs at random moments of refreshing against a rotating server, without and with a leeway for the previous token.
Prints what was lost and what was sent again. WARIFU_KILLS=200 is for how many, of each of the two servers."""

import os
import random
import threading
import time

import tap
from scripted import Answer, ScriptedProvider
from warifu_testing import Ctl, TestCase

KILLS = int(os.environ.get("WARIFU_KILLS", "100"))  # for each of the two servers


def row(*cells):
    print("# " + "".join(f"{cell!s:>20}" for cell in cells), flush=True)


class RotatingProvider(ScriptedProvider):
    """Accepts the newest refresh token, and the one before it where there is a leeway; counts the use of older ones."""

    def __init__(self, leeway):
        super().__init__()
        self.leeway = leeway
        self.chain = []
        self.reused_previous = self.reused_older = 0
        self.asked = threading.Event()  # a refresh has just arrived

    def tokens(self, nonce):
        if nonce:
            self.chain = []
        tokens = super().tokens(nonce)
        self.chain.append(tokens["refresh_token"])
        return tokens

    def token_answer(self, form):
        token = form.get("refresh_token")
        self.asked.set()
        if token in self.chain and token != self.chain[-1]:
            if token != self.chain[-2]:
                self.reused_older += 1
                return Answer({"error": "invalid_grant"}, 400)
            self.reused_previous += 1
            if not self.leeway:
                self.chain = []
                return Answer({"error": "invalid_grant"}, 400)
            # the successor that nobody has seen gives way to a new one
            self.chain.pop()
            self.refresh_tokens[token] = True
        return super().token_answer(form)


class Kill(TestCase):
    def run_kills(self, leeway):
        provider = RotatingProvider(leeway)
        self.addCleanup(provider.stop)
        ctl = Ctl()
        self.assertDone(ctl.run("add", "a", "--issuer", provider.issuer, "--client-id", "client"))
        self.assertDone(ctl.sign_in("a", provider.person))
        generator = random.Random(20260)
        began = time.monotonic()
        self.assertDone(ctl.run("refresh", "a"))
        usual = time.monotonic() - began
        killed = sign_ins = lost = 0
        while killed < KILLS:
            provider.asked.clear()
            process = ctl.start("refresh", "a")
            # a random moment: of the whole run, or (every other time) of what comes after the server has answered
            if generator.random() < 0.5:
                time.sleep(generator.uniform(0, usual * 1.2))
            elif provider.asked.wait(usual * 5):
                time.sleep(generator.uniform(0, usual / 8))
            if process.poll() is None:
                process.kill()
                killed += 1
            process.communicate()
            outcome = ctl.run("refresh", "a")
            if outcome.status == 0:
                continue
            # the only other end: the person is asked to sign in, once, and then it goes on
            self.assertEqual(outcome.status, 3, outcome)
            sign_ins += 1
            self.assertDone(ctl.sign_in("a", provider.person))
            again = ctl.run("refresh", "a")
            lost += again.status != 0
        row("leeway", "kills", "sign-ins asked", "sessions lost", "previous token sent", "older token sent")
        row("yes" if leeway else "no", killed, sign_ins, lost, provider.reused_previous, provider.reused_older)
        return sign_ins, lost, provider

    def test_without_leeway(self):
        """#37 SIGKILL while refreshing, a server without leeway: at most a sign-in is asked, nothing older is sent"""
        sign_ins, lost, provider = self.run_kills(False)
        self.assertEqual((lost, provider.reused_older), (0, 0))
        self.assertEqual(sign_ins, provider.reused_previous, "a sign-in is asked only where the answer was lost")

    def test_with_leeway(self):
        """#37 SIGKILL while refreshing, a server with leeway: no session is lost, nobody is asked"""
        sign_ins, lost, provider = self.run_kills(True)
        self.assertEqual((sign_ins, lost, provider.reused_older), (0, 0, 0))


if __name__ == "__main__":
    tap.main()
