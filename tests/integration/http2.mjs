// SPDX-License-Identifier: GPL-3.0-or-later
// A provider that speaks HTTP/2 and nothing else. Usage: node http2.mjs PEM
// Says "Issuer: URL" when it is ready; "Issuer: URL/MODE" behaves as MODE says. "URL/seen" tells what was asked, one a line.

import crypto from 'node:crypto';
import fs from 'node:fs';
import http2 from 'node:http2';

const pem = fs.readFileSync(process.argv[2]);
const server = http2.createSecureServer({ key: pem, cert: pem, allowHTTP1: false });
const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
const seen = [];
let origin;
let generation = 0;

const encode = (value) => Buffer.from(value).toString('base64url');
const sign = (claims) => {
  const text = `${encode(JSON.stringify({ alg: 'ES256', kid: 'h2', typ: 'JWT' }))}.${encode(JSON.stringify(claims))}`;
  return `${text}.${encode(crypto.sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }))}`;
};

function metadata(issuer) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    code_challenge_methods_supported: ['S256'],
  };
}

function exchange(issuer, form) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, sub: 'alice', aud: 'client', iat: now, exp: now + 300 };
  if (form.get('grant_type') === 'authorization_code') {
    const grant = JSON.parse(Buffer.from(form.get('code'), 'base64url'));
    if (encode(crypto.createHash('sha256').update(form.get('code_verifier')).digest()) !== grant.challenge) return null;
    claims.nonce = grant.nonce;
  } else if (form.get('refresh_token') !== `refresh-${generation}`) {
    return null;
  }
  generation += 1;
  return {
    access_token: `access-${generation}`,
    token_type: 'Bearer',
    expires_in: 300,
    refresh_token: `refresh-${generation}`,
    id_token: sign(claims),
  };
}

function send(stream, body, status = 200) {
  stream.respond({ ':status': status, 'content-type': 'application/json' });
  stream.end(JSON.stringify(body));
}

/** A byte a second, for ever. */
function drip(stream) {
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  const timer = setInterval(() => stream.write(' '), 1000);
  stream.on('close', () => clearInterval(timer));
}

/** As many bytes as are taken, for ever. */
function pour(stream) {
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  const chunk = Buffer.alloc(65536, ' ');
  const more = () => {
    while (!stream.destroyed && stream.write(chunk));
  };
  stream.on('drain', more);
  more();
}

function answer(stream, headers, body) {
  const [, mode, ...rest] = headers[':path'].split('/');
  const issuer = `${origin}/${mode}`;
  const path = rest.join('/');

  if (mode === 'seen') return send(stream, seen);
  seen.push(`${stream.session.alpnProtocol} ${headers[':method']} ${headers[':path']}`);
  if (path === '.well-known/openid-configuration') {
    if (mode === 'drip') return drip(stream);
    if (mode === 'pour') return pour(stream);
    return send(stream, metadata(issuer));
  }
  if (path === 'jwks') return send(stream, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'h2', alg: 'ES256', use: 'sig' }] });
  if (path === 'token' && mode === 'redirect') {
    stream.respond({ ':status': 307, location: `${origin}/elsewhere/token` });
    return stream.end();
  }
  if (path === 'token' && mode === 'reset') return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
  if (path === 'token') {
    const tokens = exchange(issuer, new URLSearchParams(body));
    return tokens ? send(stream, tokens) : send(stream, { error: 'invalid_grant' }, 400);
  }
  if (path === 'userinfo') return send(stream, { sub: 'alice', name: 'Alice Liddell' }, headers.authorization ? 200 : 401);
  return send(stream, {}, 404);
}

server.on('stream', (stream, headers) => {
  let body = '';
  stream.on('error', () => {});
  stream.on('data', (chunk) => { body += chunk; });
  stream.on('end', () => answer(stream, headers, body));
});
server.on('sessionError', () => {});
server.listen(0, '127.0.0.1', () => {
  origin = `https://127.0.0.1:${server.address().port}`;
  console.log(`Issuer: ${origin}`);
});
process.on('SIGTERM', () => process.exit(0));
