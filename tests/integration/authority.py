# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate authority of a test, and a proxy."""

import datetime
import http.server
import ipaddress
import os
import socket
import ssl
import tempfile
import threading
import warnings

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

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

    def issue(self, name, purpose=ExtendedKeyUsageOID.SERVER_AUTH, address="127.0.0.1", days=1, self_signed=False):
        """Returns the path of a PEM file with a certificate for ADDRESS and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = self.builder(subject, subject if self_signed else self.name, key, NOW + datetime.timedelta(days=days))
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), False)
        certificate = builder.sign(key if self_signed else self.key, hashes.SHA256())
        return self.write(f"{name}.pem", certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))

    def issue_client(self):
        """Returns the path of a PEM file for somebody who connects."""
        return self.issue("client", ExtendedKeyUsageOID.CLIENT_AUTH)

    def context(self, wants_client=False, newest=None, **keywords):
        """For a server. WANTS_CLIENT: it lets nobody in who shows no certificate of this authority. NEWEST: of the versions of TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.issue("server", **keywords))
        if newest:
            context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = newest
        if wants_client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.file)
        return context


class TunnelProxy:
    """A proxy that opens tunnels (CONNECT) and notes where to."""

    def __init__(self):
        self.asked = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_CONNECT(self):
                proxy.asked.append(self.path)
                host, port = self.path.rsplit(":", 1)
                with socket.create_connection((host.strip("[]"), int(port))) as far:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=self.pump, args=(far, self.connection), daemon=True)
                    back.start()
                    self.pump(self.connection, far)
                    back.join()

            @staticmethod
            def pump(source, target):
                try:
                    while data := source.recv(65536):
                        target.sendall(data)
                    target.shutdown(socket.SHUT_WR)
                except OSError:
                    pass  # one side has gone

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.uri = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
