import { describe, expect, it } from 'vitest';
import { startProductionGateway } from '../support/production.ts';

// What graphql-cop asks of a server, each as it asks it. It asks for `__typename`, which costs nothing; where the
// same could be asked of an upstream, that is tried too.

const url = 'http://gateway/graphql';

interface Reply {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever an attacker may get
  readonly body: any;
}

const start = async () => {
  const { gateway, calls } = await startProductionGateway();
  const ask = async (path: string, request: RequestInit = {}): Promise<Reply> => {
    const response = await gateway.fetch(`http://gateway${path}`, request);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    expect(calls()).toEqual([]);
    return { status: response.status, text, body: isJson ? JSON.parse(text) : undefined };
  };
  const post = (body: unknown): Promise<Reply> =>
    ask('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    });
  return { ask, post };
};

const isRefused = ({ body }: Reply): void => {
  expect(body.data ?? null).toBeNull();
  expect(body.errors.length).toBeGreaterThan(0);
  for (const { extensions } of body.errors) expect(extensions.code).toMatch(/^[A-Z_]+$/);
};

const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');

const byGet = (query: string): string => `/graphql?${new URLSearchParams({ query })}`;

describe('graphql-cop finds', () => {
  it.each([
    ['__typename', (index: number) => `alias${index}: __typename`],
    ['accounts', (index: number) => `alias${index}: account(fileNumber: "R${1000 + index}") { status }`],
  ])('no alias overloading: 101 aliases of %s are refused', async (_, write) => {
    const { post } = await start();
    isRefused(await post({ query: `query { ${times(101, write)} }` }));
  });

  it('no array-based query batching', async () => {
    const { post } = await start();
    const reply = await post(Array(10).fill({ query: 'query { __typename }' }));
    isRefused(reply);
    expect(reply.status).toBe(400);
  });

  it('no directive overloading: ten unknown directives cause fewer than ten errors', async () => {
    const { post } = await start();
    const reply = await post({ query: `query { __typename ${times(10, () => '@aa').replaceAll(' ', '')} }` });
    isRefused(reply);
    expect(reply.body.errors.length).toBeLessThan(10);
  });

  it('no circular query by introspection', async () => {
    const { post } = await start();
    const types =
      'types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } }';
    isRefused(await post({ query: `query { __schema { ${types} } }` }));
  });

  it('no circular fragment', async () => {
    const { post } = await start();
    const fragments =
      'fragment A on Query { __typename ...B } fragment B on Query { account(fileNumber: "R1") { status } ...A }';
    isRefused(await post({ query: `query { ...A } ${fragments}` }));
  });

  it.each([
    ['__typename', `query { ${times(500, () => '__typename')} }`],
    ['a field', `query { account(fileNumber: "R1001") { ${times(500, () => 'status')} } }`],
  ])('no field duplication: 500 times %s is refused', async (_, query) => {
    const { post } = await start();
    isRefused(await post({ query }));
  });

  it.each(['/graphql', '/graphiql', '/playground', '/console'])('no page to explore at %s', async (path) => {
    const { ask } = await start();
    const { text } = await ask(path, { headers: { accept: 'text/html' } });
    expect(text).not.toMatch(/graphiql|playground|<html|<script/i);
  });

  it('no field suggestions', async () => {
    const { post } = await start();
    for (const query of ['query { __schema { directive } }', 'query { accoun { status } }']) {
      const reply = await post({ query });
      isRefused(reply);
      expect(reply.text).not.toContain('Did you mean');
    }
  });

  it('no traces or exceptions in an answer', async () => {
    const { post } = await start();
    const { text, body } = await post({ query: 'query { __typename }' });
    expect(body).toEqual({ data: { __typename: 'Query' } });
    expect(text).not.toMatch(/tracing|exception|stacktrace/i);
  });

  it('no introspection', async () => {
    const { post } = await start();
    isRefused(await post({ query: 'query { __schema { types { name fields { name } } } }' }));
  });

  it('no query by GET that a page of another site could have sent', async () => {
    const { ask } = await start();
    const query = byGet('{ account(fileNumber: "R1001") { status } }');
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', accept: 'text/html' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example.com' },
    ]) {
      const reply = await ask(query, { headers });
      isRefused(reply);
      expect(reply.status).toBe(403);
    }
  });

  it.each(['{ __typename }', 'mutation { __typename }'])('no url-encoded POST (%s)', async (query) => {
    const { ask } = await start();
    const reply = await ask('/graphql', { method: 'POST', body: new URLSearchParams({ query }) });
    isRefused(reply);
    expect(reply.status).toBe(415);
  });

  it('no mutation by GET', async () => {
    const { ask } = await start();
    for (const query of [
      'mutation { __typename }',
      'mutation { addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { __typename } }',
    ]) {
      const reply = await ask(byGet(query));
      isRefused(reply);
      expect(reply.status).toBe(405);
    }
  });

  it('no unhandled errors', async () => {
    const { post, ask } = await start();
    for (const reply of [
      await post({ query: 'qwerty cop { abc }' }),
      await post({ query: 'query { __typename', variables: 1 }),
      await ask(`${new URL(url).pathname}?query={__typename}&variables={`),
    ]) {
      isRefused(reply);
      expect(reply.text).not.toMatch(/exception|stack|node_modules|\.ts:|INTERNAL/);
    }
  });
});
