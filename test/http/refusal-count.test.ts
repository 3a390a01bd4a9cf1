import { describe, expect, it } from 'vitest';
import { type Authenticate, UnauthenticatedError } from '../../src/auth/authentication.ts';
import { startGateway } from '../support/gateway.ts';

const post = (headers: Record<string, string>, body = '{}'): RequestInit => ({
  method: 'POST',
  headers,
  body,
});
const json = { 'content-type': 'application/json' };

describe('recollect_refusals_total', () => {
  it.each([
    ['authentication', post({ ...json, authorization: 'bad' })],
    ['forbidden', post({ ...json, origin: 'https://evil.example.com' })],
    ['media_type', post({ 'content-type': 'text/plain' })],
    ['not_acceptable', post({ ...json, accept: 'image/png' })],
    ['too_large', post(json, JSON.stringify({ query: 'x'.repeat(1_000_001) }))],
  ])('counts a request that is refused for its %s', async (reason, request) => {
    const authenticate: Authenticate = ({ headers }) => {
      if (headers.get('authorization') !== null) throw new UnauthenticatedError('No.');
      return { id: 'a', tenant: null, scopes: new Set<never>() };
    };
    const { gateway, metrics } = await startGateway({ access: { authenticate } });
    await gateway.fetch('http://gateway/graphql', request);
    const lines = (await metrics.read()).match(/^recollect_refusals_total\{.* [1-9]\d*$/gm);
    expect(lines).toEqual([`recollect_refusals_total{reason="${reason}"} 1`]);
  });

  it('counts none that is answered', async () => {
    const { query, metrics } = await startGateway();
    await query('{ __typename }');
    await query('{ nothing }');
    expect(await metrics.read()).not.toMatch(/^recollect_refusals_total\{.* [1-9]/m);
  });
});
