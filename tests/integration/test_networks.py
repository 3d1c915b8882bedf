#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks as they are: TLS that is wrong, authorities of one's own, a proxy, IPv6."""

import datetime
import http.server
import ipaddress
import os
import ssl
import tempfile
import threading
import urllib.request

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import tap
from scripted import ScriptedProvider
from warifu_testing import Ctl, TestCase

NOW = datetime.datetime.utcnow()


class Authority:
    """A certificate authority in a temporary folder."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="warifu-ca-")
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Authority")])
        self.certificate = (self.builder(self.name, self.name, self.key, NOW + datetime.timedelta(days=1))
                            .add_extension(x509.BasicConstraints(True, None), True).sign(self.key, hashes.SHA256()))
        self.file = self.write("ca.pem", self.certificate.public_bytes(serialization.Encoding.PEM))

    @staticmethod
    def builder(subject, issuer, key, end):
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
                .serial_number(x509.random_serial_number()).not_valid_before(NOW - datetime.timedelta(days=30)).not_valid_after(end))

    def write(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def context(self, address="127.0.0.1", days=1, self_signed=False):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        builder = self.builder(subject, subject if self_signed else self.name, key, NOW + datetime.timedelta(days=days))
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        certificate = builder.sign(key if self_signed else self.key, hashes.SHA256())
        path = self.write("server.pem", certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


class Tls(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority()

    def try_it(self, with_ca, **keywords):
        provider = ScriptedProvider(tls=self.authority.context(**keywords))
        self.addCleanup(provider.stop)
        ctl = Ctl()
        options = ("--ca-file", self.authority.file) if with_ca else ()
        self.assertDone(ctl.run("add", "a", "--issuer", provider.issuer, "--client-id", "client", *options))
        return ctl.sign_in("a", provider.person), provider

    def test_good(self):
        """#17 an authority of one's own is trusted where the account names it"""
        outcome, _ = self.try_it(True)
        self.assertDone(outcome)

    def test_unknown_authority(self):
        """#17 an authority that nobody named"""
        outcome, provider = self.try_it(False)
        self.assertFails(outcome, "tls_error", 1)
        self.assertEqual(provider.requests, [])

    def test_self_signed(self):
        """#17 a self-signed certificate"""
        outcome, provider = self.try_it(True, self_signed=True)
        self.assertFails(outcome, "tls_error", 1)
        self.assertEqual(provider.requests, [])

    def test_expired(self):
        """#17 an expired certificate"""
        outcome, provider = self.try_it(True, days=-1)
        self.assertFails(outcome, "tls_error", 1)
        self.assertEqual(provider.requests, [])

    def test_wrong_host(self):
        """#17 a certificate of another host"""
        outcome, provider = self.try_it(True, address="127.0.0.2")
        self.assertFails(outcome, "tls_error", 1)
        self.assertEqual(provider.requests, [])

    def test_no_such_ca_file(self):
        """a file with authorities that is not there"""
        ctl = Ctl()
        ctl.run("add", "a", "--issuer", "https://127.0.0.1:1", "--client-id", "client", "--ca-file", "/nonexistent.pem")
        outcome = ctl.sign_in("a", lambda url: None)
        self.assertIn(outcome.name, ("tls_error", "no_such_account"), outcome)


class Proxy(TestCase):
    def test_proxy(self):
        """requests go through the proxy that the account names"""
        provider = ScriptedProvider()
        self.addCleanup(provider.stop)
        asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def forward(self):
                asked.append(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or None
                request = urllib.request.Request(self.path, body, {"Content-Type": self.headers.get("Content-Type", "")}, method=self.command)
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
                    data = answer.read()
                    self.send_response(answer.status)
                    self.send_header("Content-Type", answer.headers["Content-Type"])
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)

            do_GET = do_POST = forward

        proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        self.addCleanup(proxy.server_close)
        self.addCleanup(proxy.shutdown)
        ctl = Ctl()
        self.assertDone(ctl.run("add", "a", "--issuer", provider.issuer, "--client-id", "client", "--proxy", f"http://127.0.0.1:{proxy.server_address[1]}"))
        self.assertDone(ctl.sign_in("a", provider.person))
        self.assertEqual(len(asked), len(provider.requests))
        self.assertIn(f"{provider.issuer}/token", asked)


class Ipv6(TestCase):
    def test_ipv6(self):
        """a provider on ::1, and a redirect to ::1"""
        try:
            provider = ScriptedProvider(host="::1")
        except OSError as error:
            self.skipTest(f"no IPv6 loopback here: {error}")
        self.addCleanup(provider.stop)
        ctl = Ctl()
        self.assertDone(ctl.run("add", "a", "--issuer", provider.issuer, "--client-id", "client", "--redirect-uri", "http://[::1]/callback"))
        self.assertDone(ctl.sign_in("a", provider.person))


if __name__ == "__main__":
    tap.main()
