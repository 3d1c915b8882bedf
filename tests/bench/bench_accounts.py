# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks with many accounts share: accounts as files, and refresh tokens of the demo server for them."""

import base64
import hashlib
import http.client
import json
import os
import sys
import tempfile
import urllib.parse

sys.path.insert(0, os.path.join(os.environ["WARIFU_SOURCE_DIR"], "tests", "integration"))

from warifu_testing import DEMO, Ctl, Program

CLIENT = "warifu-demo"
REDIRECT = "http://127.0.0.1/callback"
VERIFIER = "v" * 43


class Provider(Program):
    """The demo server, which approves by itself."""

    def __init__(self, *options):
        super().__init__(DEMO, "--auto-approve", *options)
        parts = urllib.parse.urlsplit(self.issuer)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        self.token_endpoint = json.loads(self.request("GET", "/.well-known/openid-configuration")[1])["token_endpoint"]

    def request(self, method, path, form=None):
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        self.connection.request(method, path, urllib.parse.urlencode(form) if form else None, headers)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def sign_in(self):
        """Returns the tokens of one more sign-in."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        answer, _ = self.request("GET", "/authorize?" + urllib.parse.urlencode({
            "response_type": "code", "client_id": CLIENT, "redirect_uri": REDIRECT, "state": "s", "nonce": "n",
            "scope": "openid profile email offline_access", "prompt": "consent",
            "code_challenge": challenge, "code_challenge_method": "S256"}))
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["Location"]).query)["code"][0]
        _, body = self.request("POST", urllib.parse.urlsplit(self.token_endpoint).path, {
            "grant_type": "authorization_code", "client_id": CLIENT, "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER})
        return json.loads(body)

    def write_tokens(self, path, count):
        """Writes COUNT fresh refresh tokens, a line each."""
        with open(path, "w") as file:
            for _ in range(count):
                print(self.sign_in()["refresh_token"], file=file)


def make_accounts(issuer, count, home=None):
    """Writes COUNT accounts of one issuer. Returns the folder for XDG_CONFIG_HOME."""
    home = home or tempfile.mkdtemp(prefix="warifu-bench-")
    ctl = Ctl(config=os.path.join(home, "warifu"))
    added = ctl.run("add", "account 0", "--issuer", issuer, "--client-id", CLIENT)
    if added.status != 0:
        sys.exit(added.err)
    folder = os.path.join(ctl.config, "accounts")
    with open(os.path.join(folder, os.listdir(folder)[0])) as file:
        text = file.read()
    for number in range(1, count):
        with open(os.path.join(folder, f"00000000-0000-4000-8000-{number:012d}.conf"), "w") as file:
            file.write(text.replace("account 0", f"account {number}"))
    return home
