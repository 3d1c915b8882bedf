# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider that does whatever a test asks for: honest by default, and every answer can be replaced."""

import base64
import hashlib
import http.server
import json
import os
import socket
import threading
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from warifu_testing import Browser, parameters_of


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, length=None):
    return b64(value.to_bytes(length or (value.bit_length() + 7) // 8, "big"))


class Key:
    def __init__(self, algorithm="RS256", kid="key-1"):
        self.algorithm, self.kid = algorithm, kid
        self.private = rsa.generate_private_key(65537, 2048) if algorithm[0] in "RP" else ec.generate_private_key(ec.SECP256R1())

    def public_jwk(self, **changes):
        public = self.private.public_key().public_numbers()
        if self.algorithm[0] in "RP":
            jwk = {"kty": "RSA", "n": number(public.n), "e": number(public.e)}
        else:
            jwk = {"kty": "EC", "crv": "P-256", "x": number(public.x, 32), "y": number(public.y, 32)}
        jwk |= {"use": "sig", "kid": self.kid, "alg": self.algorithm} | changes
        return {name: value for name, value in jwk.items() if value is not None}

    def sign(self, data):
        if self.algorithm == "RS256":
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        r, s = utils.decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def encode_jwt(header, claims, sign):
    text = ".".join(b64(part if isinstance(part, bytes) else json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{b64(sign(text.encode()))}"


def hmac_signer(secret):
    def sign(data):
        mac = hmac.HMAC(secret, hashes.SHA256())
        mac.update(data)
        return mac.finalize()
    return sign


RSA_KEY, EC_KEY, OTHER_KEY = Key("RS256", "rsa-1"), Key("ES256", "ec-1"), Key("RS256", "rsa-1")


class Answer:
    """One answer; BODY is text, bytes, or what becomes JSON. RAW replaces the whole of it on the wire. WAIT: seconds, or an
    event that it waits for."""

    def __init__(self, body=b"", status=200, content_type="application/json", headers=(), raw=None, wait=0, drop=False):
        self.body = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.status, self.content_type, self.headers = status, content_type, list(headers)
        self.raw, self.wait, self.drop = raw, wait, drop


class ScriptedProvider:
    """One provider on a free port of 127.0.0.1.

    Set a member to change what it does: DISCOVERY, TOKEN, JWKS, USERINFO, REVOCATION take a function that is given
    what makes the honest answer, and the form, and returns another. CLAIMS and HEADER change the ID token; SIGN signs it.
    """

    def __init__(self, tls=None, host="127.0.0.1"):
        """TLS: an ssl.SSLContext, for https."""
        self.key = RSA_KEY
        self.requests = []  # (method, path, headers, form)
        self.target = None  # the latest one's whole address
        self.codes, self.refresh_tokens = {}, {}
        self.discovery = self.token = self.jwks = self.userinfo = self.revocation = None
        self.claims = lambda claims: claims
        self.header = lambda header: header
        self.sign = None
        self.token_changes = {}
        self.rotate = True
        self.lifetime = 300
        self.counter = 0
        self.address = None  # a socket that keeps it, of a provider that was stopped
        self.lock = threading.Lock()
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else the body waits 40 ms for the head to be acknowledged

            def log_message(self, *args):
                pass

            def handle(self):
                try:
                    super().handle()
                except ConnectionError:
                    pass  # the other side was killed

            def do_GET(self):
                self.serve({})

            def do_POST(self):
                text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                self.serve(dict(urllib.parse.parse_qsl(text, keep_blank_values=True)))

            def serve(self, form):
                path = urllib.parse.urlsplit(self.path).path
                with provider.lock:
                    provider.requests.append((self.command, path, dict(self.headers), form))
                    provider.target = provider.issuer + self.path
                    answer = provider.answer(path, form, self.headers)
                try:
                    self.send(answer)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def send(self, answer):
                if isinstance(answer.wait, threading.Event):
                    answer.wait.wait(120)
                else:
                    time.sleep(answer.wait)
                if answer.drop:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if answer.raw is not None:
                    self.close_connection = True
                    for piece in answer.raw if not isinstance(answer.raw, bytes) else [answer.raw]:
                        self.wfile.write(piece)
                        self.wfile.flush()
                    return
                self.send_response(answer.status)
                if answer.content_type:
                    self.send_header("Content-Type", answer.content_type)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

            def handle_error(self, request, client_address):
                pass  # a client that does not like the certificate

        self.server = Server((host, 0), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        shown_host = f"[{host}]" if ":" in host else host
        self.issuer = f"{'https' if tls else 'http'}://{shown_host}:{self.server.server_address[1]}"
        self.serve()

    def serve(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def stop(self):
        """Nobody listens at its address any more, and nobody else is given it: tests run side by side."""
        if self.thread.is_alive():
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()
            self.address = socket.socket(self.server.address_family)
            self.address.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.address.bind(self.server.server_address)

    def start_again(self):
        """After stop(), where it was."""
        self.server = type(self.server)(self.server.server_address, self.server.RequestHandlerClass, bind_and_activate=False)
        self.server.socket.close()
        self.server.socket, self.address = self.address, None
        self.server.server_activate()
        self.serve()

    def count(self, path):
        return sum(1 for request in self.requests if request[1] == path)

    # --- what an honest provider answers ---

    def metadata(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "revocation_endpoint": f"{self.issuer}/revoke",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        }

    def id_token(self, nonce, access_token):
        now = int(time.time())
        digest = hashlib.sha256(access_token.encode()).digest()
        claims = {"iss": self.issuer, "sub": "alice", "aud": "client", "exp": now + 300, "iat": now, "at_hash": b64(digest[:16])}
        if nonce:
            claims["nonce"] = nonce
        header = {"alg": self.key.algorithm, "kid": self.key.kid, "typ": "JWT"}
        header, claims = self.header(header), self.claims(claims)
        return encode_jwt({k: v for k, v in header.items() if v is not None},
                          {k: v for k, v in claims.items() if v is not None}, self.sign or self.key.sign)

    def tokens(self, nonce):
        self.counter += 1
        access = f"access-{self.counter}-{os.urandom(12).hex()}"
        tokens = {"access_token": access, "token_type": "Bearer", "expires_in": self.lifetime, "scope": "openid offline_access",
                  "id_token": self.id_token(nonce, access)}
        if self.rotate or not self.refresh_tokens:
            refresh = f"refresh-{self.counter}-{os.urandom(12).hex()}"
            self.refresh_tokens[refresh] = True
            tokens["refresh_token"] = refresh
        tokens |= self.token_changes
        return {k: v for k, v in tokens.items() if v is not None}

    def token_answer(self, form):
        if form.get("grant_type") == "authorization_code":
            grant = self.codes.pop(form.get("code"), None)
            challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
            if not grant or grant["code_challenge"] != challenge or grant["redirect_uri"] != form.get("redirect_uri"):
                return Answer({"error": "invalid_grant"}, 400)
            return Answer(self.tokens(grant.get("nonce")))
        token = form.get("refresh_token")
        if not self.refresh_tokens.get(token):
            return Answer({"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."}, 400)
        if self.rotate:
            self.refresh_tokens[token] = False
        return Answer(self.tokens(None))

    def answer(self, path, form, headers):
        honest, change = {
            "/.well-known/openid-configuration": (lambda: Answer(self.metadata()), self.discovery),
            "/token": (lambda: self.token_answer(form), self.token),
            "/jwks": (lambda: Answer({"keys": [self.key.public_jwk()]}), self.jwks),
            "/userinfo": (lambda: Answer({"sub": "alice", "name": "Alice Liddell"}), self.userinfo),
            "/revoke": (lambda: Answer(b"", content_type=None), self.revocation),
        }.get(path, (lambda: Answer(b"not here", 404, "text/plain"), None))
        return change(honest, form) if change else honest()

    # --- the person with a browser ---

    def new_code(self, url):
        code = f"code-{os.urandom(12).hex()}"
        self.codes[code] = parameters_of(url)
        return code

    def redirect(self, url, **changes):
        """Where an honest provider redirects to; CHANGES replace parameters, None drops one."""
        asked = parameters_of(url)
        fields = {"code": self.new_code(url), "state": asked["state"]} | changes
        query = urllib.parse.urlencode({name: value for name, value in fields.items() if value is not None})
        return f"{asked['redirect_uri']}?{query}"

    def person(self, url):
        Browser().open(self.redirect(url))
