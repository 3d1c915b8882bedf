#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks as they are: TLS that is wrong, authorities of one's own, a proxy, IPv6."""

import http.server
import ssl
import threading
import urllib.request

import tap
from authority import Authority, TunnelProxy
from scripted import ScriptedProvider
from warifu_testing import Ctl, TestCase


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

    def test_old_versions(self):
        """#17 TLS 1.0 and 1.1 are not spoken (RFC 8996); 1.2 is"""
        for newest in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            outcome, provider = self.try_it(True, newest=newest)
            self.assertFails(outcome, "tls_error", 1)
            self.assertEqual(provider.requests, [])
        outcome, _ = self.try_it(True, newest=ssl.TLSVersion.TLSv1_2)
        self.assertDone(outcome)

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


class ClientCertificate(TestCase):
    def setUp(self):
        self.authority = Authority()
        self.provider = ScriptedProvider(tls=self.authority.context(wants_client=True))
        self.addCleanup(self.provider.stop)
        self.ctl = Ctl()

    def add(self, *options):
        self.assertDone(self.ctl.run("add", "a", "--issuer", self.provider.issuer, "--client-id", "client",
                                     "--ca-file", self.authority.file, *options))

    def test_shown(self):
        """the account's client certificate is shown where it is asked for"""
        self.add("--client-certificate", self.authority.issue_client())
        self.assertDone(self.ctl.sign_in("a", self.provider.person))
        self.assertDone(self.ctl.run("refresh", "a"))

    def test_missing(self):
        """a provider that wants one, and an account without"""
        self.add()
        self.assertNotEqual(self.ctl.sign_in("a", self.provider.person).status, 0)
        self.assertEqual(self.provider.requests, [])

    def test_of_somebody_else(self):
        """one that the provider does not believe"""
        self.add("--client-certificate", Authority().issue_client())
        self.assertNotEqual(self.ctl.sign_in("a", self.provider.person).status, 0)
        self.assertEqual(self.provider.requests, [])


class Tunnel(TestCase):
    def test_tunnel(self):
        """https goes through a tunnel of the proxy, end to end"""
        authority, proxy = Authority(), TunnelProxy()
        self.addCleanup(proxy.stop)
        provider = ScriptedProvider(tls=authority.context())
        self.addCleanup(provider.stop)
        ctl = Ctl()
        self.assertDone(ctl.run("add", "a", "--issuer", provider.issuer, "--client-id", "client",
                                "--ca-file", authority.file, "--proxy", proxy.uri))
        self.assertDone(ctl.sign_in("a", provider.person))
        self.assertEqual(set(proxy.asked), {provider.issuer.removeprefix("https://")})


class ConnectionTest(TestCase):
    """warifuctl test: which step fails."""

    def outcomes(self, *options, issuer=None, status=0, name=None, **keywords):
        """What became of each step, {name: outcome}."""
        authority = Authority()
        if not issuer:
            provider = ScriptedProvider(tls=authority.context(**keywords))
            self.addCleanup(provider.stop)
            issuer = provider.issuer
        ctl = Ctl()
        self.assertDone(ctl.run("add", "a", "--issuer", issuer, "--client-id", "client", "--ca-file", authority.file, *options))
        outcome = ctl.run("test", "a", "--json")
        self.assertEqual((outcome.status, outcome.name), (status, name), outcome)
        steps = outcome.json["steps"]
        self.assertTrue(all(step["description"] for step in steps), steps)
        failed = [step for step in steps if step["outcome"] == "failed"]
        self.assertEqual([step["description"] for step in failed], [outcome.json["error"]["description"]] if name else [])
        return {step["name"]: step["outcome"] for step in steps}, steps

    def test_good(self):
        """every step passes, and the certificate is told"""
        outcomes, steps = self.outcomes()
        self.assertEqual(outcomes, {"settings": "passed", "name": "skipped", "connect": "passed", "tls": "passed", "discovery": "passed",
                                    "keys": "passed", "token-endpoint": "passed", "clock": "passed"})
        tls = next(step["tls"] for step in steps if step["name"] == "tls")
        self.assertEqual((tls["subject"], tls["issuer"]), ("CN=server", "CN=Test Authority"))
        self.assertRegex(tls["sha256"], r"^([0-9A-F]{2}:){31}[0-9A-F]{2}$")

    def test_as_text(self):
        """one line a step, the sentence of the one that failed on standard error too"""
        ctl = Ctl()
        self.assertDone(ctl.run("add", "a", "--issuer", "https://127.0.0.1:1", "--client-id", "client"))
        outcome = ctl.run("test", "a")
        self.assertFails(outcome, "offline", 4)
        lines = outcome.out.splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["passed", "skipped", "failed"] + ["skipped"] * 5)
        self.assertIn(outcome.err.split(": ", 2)[2].strip(), lines[2])

    def test_certificate(self):
        """an expired one, one of another host, one that signed itself"""
        for keywords in ({"days": -1}, {"address": "127.0.0.2"}, {"self_signed": True}):
            outcomes, _ = self.outcomes(status=1, name="tls_error", **keywords)
            self.assertEqual((outcomes["connect"], outcomes["tls"], outcomes["discovery"]), ("passed", "failed", "skipped"), keywords)

    def test_proxy(self):
        """a proxy that is there, and one that is not"""
        proxy = TunnelProxy()
        self.addCleanup(proxy.stop)
        outcomes, _ = self.outcomes("--proxy", proxy.uri)
        self.assertEqual((outcomes["connect"], outcomes["proxy"], outcomes["tls"]), ("passed", "passed", "passed"))
        outcomes, _ = self.outcomes("--proxy", "http://127.0.0.1:1", status=4, name="offline")
        self.assertEqual((outcomes["connect"], outcomes["proxy"], outcomes["tls"]), ("failed", "skipped", "skipped"))

    def test_no_such_name(self):
        """a name that does not exist"""
        outcomes, _ = self.outcomes(issuer="https://no.such.host.invalid", status=4, name="offline")
        self.assertEqual((outcomes["name"], outcomes["connect"]), ("failed", "skipped"))


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
