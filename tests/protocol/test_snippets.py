#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the snippets of each language that this machine has against a server on loopback.

Every program must send every value whole, also where it is made of what quotes and forms
are made of. Usage: test_snippets.py WF-SNIPPET-PRINT
"""

import base64
import http.server
import subprocess
import sys
import threading
import urllib.parse

from snippet_languages import LANGUAGES, SLOW, missing_tool, run_snippet

PRINT = sys.argv[1]
NASTY = "s3c&r=t+/%\"'\\$ `id` $(id) #{id} \\(id) ?? \u00fc\u65e5\U0001f600 {{url}} %s \\n"
VALUES = {
    "client_secret": NASTY + "1",
    "code": NASTY + "2",
    "code_verifier": NASTY + "3",
    "refresh_token": NASTY + "4",
}
CONTROLS = {name: "a\tb\nc\x01d\x7f7e" for name in VALUES}
CLIENT_ID = "id:& 'more'"
RESOURCES = ["https://a.example.org/?x=1&y", "urn:example:b"]

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length).decode()
        self.server.seen.append((self.path, self.headers, body))
        if self.path == "/redirect":
            self.send_response(307)
            self.send_header("Location", "/stolen")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        answer = b'{"access_token":"answered"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST

    def log_message(self, *args):
        pass


def run(language, grant, method, url, values, literal):
    arguments = [PRINT, language, grant, method, url]
    if literal:
        arguments += [values[name] for name in ("client_secret", "code", "code_verifier", "refresh_token")]
    text = subprocess.run(arguments, check=True, capture_output=True).stdout
    return run_snippet(language, text, {} if literal else values)


def check_request(seen, grant, method, values):
    assert len(seen) == 1, f"{len(seen)} requests"
    path, headers, body = seen[0]
    assert path == "/token", path
    media_type = headers["Content-Type"].partition(";")[0]
    assert media_type == "application/x-www-form-urlencoded", media_type
    form = urllib.parse.parse_qsl(body, keep_blank_values=True, strict_parsing=True)
    expected = [("grant_type", grant)]
    if grant == "authorization_code":
        expected += [
            ("code", values["code"]),
            ("redirect_uri", "http://127.0.0.1/callback"),
            ("code_verifier", values["code_verifier"]),
        ]
    else:
        expected += [("refresh_token", values["refresh_token"])]
    expected += [("resource", resource) for resource in RESOURCES]
    if method == "client_secret_basic":
        scheme, _, credentials = headers["Authorization"].partition(" ")
        assert scheme == "Basic", scheme
        client = [urllib.parse.unquote_plus(part) for part in base64.b64decode(credentials).decode().split(":")]
        assert client == [CLIENT_ID, values["client_secret"]], client
    else:
        assert "Authorization" not in headers
        expected += [("client_id", CLIENT_ID)]
    if method == "client_secret_post":
        expected += [("client_secret", values["client_secret"])]
    assert sorted(form) == sorted(expected), f"{form} instead of {expected}"


def check_good(server, language, grant, method, values, literal):
    server.seen.clear()
    result = run(language, grant, method, server.url + "/token", values, literal)
    assert result.returncode == 0, result.stderr.decode(errors="replace")
    assert b'{"access_token":"answered"}' in result.stdout, result.stdout
    check_request(server.seen, grant, method, values)


def check_redirect(server, language):
    server.seen.clear()
    run(language, "refresh_token", "client_secret_post", server.url + "/redirect", VALUES, True)
    assert [path for path, _, _ in server.seen] == ["/redirect"], "followed a redirect"


def check_unset(server, language):
    server.seen.clear()
    result = run(language, "refresh_token", "client_secret_post", server.url + "/token", {}, False)
    assert result.returncode != 0, "ran without its variables"
    assert not server.seen, "sent a request without its variables"


def cases(server, language):
    for grant in ("authorization_code", "refresh_token"):
        for method in ("none", "client_secret_basic", "client_secret_post"):
            if language in SLOW and (grant, method) not in (("authorization_code", "client_secret_basic"), ("refresh_token", "client_secret_post"), ("refresh_token", "none")):
                continue
            yield f"{grant} {method} literal", lambda g=grant, m=method: check_good(server, language, g, m, VALUES, True)
            yield f"{grant} {method} environment", lambda g=grant, m=method: check_good(server, language, g, m, VALUES, False)
    yield "controls literal", lambda: check_good(server, language, "refresh_token", "client_secret_post", CONTROLS, True)
    yield "redirect", lambda: check_redirect(server, language)
    yield "unset", lambda: check_unset(server, language)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    number = 0
    failed = 0
    for language in LANGUAGES:
        missing = missing_tool(language)
        if missing:
            number += 1
            print(f"ok {number} {language} # SKIP no {missing}", flush=True)
            continue
        for title, case in cases(server, language):
            number += 1
            try:
                case()
                print(f"ok {number} {language} {title}", flush=True)
            except (AssertionError, subprocess.SubprocessError) as problem:
                failed += 1
                print(f"not ok {number} {language} {title}", flush=True)
                print("\n".join("# " + line for line in str(problem).splitlines()), flush=True)
    print(f"1..{number}", flush=True)
    server.shutdown()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
