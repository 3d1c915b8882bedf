// SPDX-License-Identifier: GPL-3.0-or-later
// A certified OpenID provider (npm oidc-provider) on a free loopback port, as a person would meet it: PKCE required,
// refresh tokens rotate, a used one revokes its family. Prints "Issuer: URL" first. GET /_stats answers how often
// each endpoint was asked.
import http from 'node:http';
import crypto from 'node:crypto';
import Provider from 'oidc-provider';

const lifetime = Number(process.env.ACCESS_LIFETIME ?? 300);
const server = http.createServer();
await new Promise((resolve) => server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const { privateKey: rsa } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const { privateKey: ec } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = (key, alg, kid) => ({ ...key.export({ format: 'jwk' }), alg, kid, use: 'sig' });

const common = {
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  application_type: 'native',
  redirect_uris: ['http://127.0.0.1/callback', 'io.github.warifu:/callback'],
};
const secret = 's3c&r=t+/%"\'\\$ end';

const provider = new Provider(issuer, {
  clients: [
    { ...common, client_id: 'native', token_endpoint_auth_method: 'none' },
    { ...common, client_id: 'native-es256', token_endpoint_auth_method: 'none', id_token_signed_response_alg: 'ES256' },
    { ...common, client_id: 'basic', client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' },
    { ...common, client_id: 'post', client_secret: secret, token_endpoint_auth_method: 'client_secret_post' },
  ],
  jwks: { keys: [jwk(rsa, 'RS256', 'rsa-1'), jwk(ec, 'ES256', 'ec-1')] },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  scopes: ['openid', 'offline_access', 'profile', 'email'],
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: 'Alice Liddell', email: `${id}@example.org`, email_verified: true }),
  }),
  ttl: { AccessToken: lifetime, IdToken: 300, RefreshToken: 86400, Session: 3600, Grant: 86400, Interaction: 600, AuthorizationCode: 60 },
  features: {
    devInteractions: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
});
provider.proxy = false;

const counts = {};
server.on('request', (request, response) => {
  const path = new URL(request.url, issuer).pathname;
  if (path === '/_stats') {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(counts));
    return;
  }
  counts[path] = (counts[path] ?? 0) + 1;
  provider.callback()(request, response);
});
process.on('SIGTERM', () => process.exit(0));
console.log(`Issuer: ${issuer}`);
