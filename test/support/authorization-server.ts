import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { claimsWith, rsaKey } from './issuer.ts';

interface Grant {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly resource: string;
  readonly scope: string;
}

type Reply = readonly [status: number, body: object, headers?: Readonly<Record<string, string>>];

const refused = (error: string): Reply => [400, { error }];

const hashed = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/**
 * Starts a small authorization server: registration, and codes with PKCE and a resource, which everybody gets.
 *
 * @param issuer the address by which clients and tokens name it.
 */
export const startAuthorizationServer = async (issuer: string) => {
  const key = rsaKey('key');
  const clients = new Set<string>();
  const grants = new Map<string, Grant>();
  /** The scopes of each token. */
  const issued: string[] = [];

  const authorize = (query: URLSearchParams): Reply => {
    const given = (name: string): string => query.get(name) ?? '';
    if (!clients.has(given('client_id')) || given('code_challenge_method') !== 'S256')
      return refused('invalid_request');
    const code = randomUUID();
    const redirectUri = given('redirect_uri');
    const resource = given('resource');
    grants.set(code, { challenge: given('code_challenge'), redirectUri, resource, scope: given('scope') });
    return [302, {}, { location: `${redirectUri}?code=${code}&state=${given('state')}` }];
  };

  const token = (form: URLSearchParams): Reply => {
    const grant = grants.get(form.get('code') ?? '');
    grants.delete(form.get('code') ?? '');
    if (
      grant?.challenge !== hashed(form.get('code_verifier') ?? '') ||
      grant.redirectUri !== form.get('redirect_uri') ||
      grant.resource !== form.get('resource')
    )
      return refused('invalid_grant');
    const { scope, resource } = grant;
    issued.push(scope);
    const access = key.token(claimsWith({ iss: issuer, aud: resource, scope }));
    return [200, { access_token: access, token_type: 'Bearer', expires_in: 3600, scope }];
  };

  const register = (body: string): Reply => {
    const client = { ...(JSON.parse(body) as object), client_id: randomUUID() };
    clients.add(client.client_id);
    return [201, client];
  };

  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
  };

  const replyTo = (path: string, query: URLSearchParams, body: string): Reply => {
    if (path === '/.well-known/oauth-authorization-server') return [200, metadata];
    if (path === '/jwks') return [200, { keys: [key.jwk] }];
    if (path === '/register') return register(body);
    if (path === '/authorize') return authorize(query);
    if (path === '/token') return token(new URLSearchParams(body));
    return [404, {}];
  };

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    const [status, body, headers] = replyTo(pathname, searchParams, await text(request));
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, jwksUrl: `${url}/jwks`, issued, key };
};
