import { describe, expect, it } from 'vitest';
import type { CallInput, Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import { corpusFile, folders } from '../support/corpus.ts';
import { forRequest } from '../support/own-keys.ts';
import { reads } from '../support/reads.ts';
import { type Answer, jwt, type Received, startUpstream } from '../support/upstream.ts';
import { connect } from './connected.ts';

/** The documented request, with a text for each parameter of its path and its query. */
const inputOf = (endpoint: Endpoint): CallInput => {
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return {
    params: Object.fromEntries(names.map((name) => [name, '1'])),
    query: Object.fromEntries(endpoint.query.map((name) => [name, '1'])),
    body: corpusFile(folders[endpoint.system], endpoint.operation).request ?? undefined,
  } as CallInput;
};

const bearerOf = (apiKey: string): string => jwt({ iat: 0, exp: 900, apiKey });

/** An upstream that holds its answers until it has heard from so many credentials. */
const startHolding = async (endpoint: Endpoint, credentials: number) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const heard: string[] = [];
  const upstream = await startUpstream(async (request: Received): Promise<Answer> => {
    const { path, headers, body } = request;
    if (path === '/login') {
      const { apikey } = body as { readonly apikey: string };
      return { json: { result: { access_token: bearerOf(apikey) }, state: 'SUCCESS' } };
    }
    heard.push(String(headers['authorization']));
    if (new Set(heard).size === credentials) release();
    await released;
    const { success } = corpusFile(folders[endpoint.system], endpoint.operation);
    return { json: forRequest(endpoint.operation, request, success) };
  });
  const clientOf = (apiKey: string) =>
    connect({
      scollect: { url: upstream.url, apiKey, pin: 'pin' },
      recoveryConnect: { url: upstream.url, token: bearerOf(apiKey) },
    })[endpoint.system];
  return { heard, clientOf };
};

describe('equal reads at one moment', () => {
  it.each(reads.map((endpoint) => [endpoint.operation, endpoint] as const))(
    'by %s are one call for each credential, and no other one',
    async (_, endpoint) => {
      const { heard, clientOf } = await startHolding(endpoint, 2);
      const [ann, bob] = [clientOf('key of Ann'), clientOf('key of Bob')];
      const callers = [ann, bob, ann, ann, bob, bob];
      const replies = await Promise.all(callers.map((client) => client.call(endpoint, inputOf(endpoint))));
      expect(heard.sort()).toEqual(
        ['key of Ann', 'key of Bob'].map((key) => `Bearer ${bearerOf(key)}`).sort(),
      );
      expect(replies).toEqual(Array(callers.length).fill(replies[0]));
    },
  );
});
