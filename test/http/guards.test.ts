import { describe, expect, it } from 'vitest';
import { UnauthenticatedError } from '../../src/auth/authentication.ts';
import { guards } from '../../src/http/guards.ts';
import { routes as allRoutes, type Route } from '../../src/http/routes.ts';
import { securityHeaders } from '../../src/http/steps/security-headers.ts';
import { callerWith } from '../support/caller.ts';
import { noRateLimits } from '../support/gateway.ts';
import {
  admitted,
  type Case,
  executedDirectly,
  get,
  type Headers,
  kinds,
  type Options,
  query,
  type Reply,
  type Sent,
  startOver,
  type Transport,
  transports,
} from '../support/sent-requests.ts';

interface Example {
  /** The routes that it protects. */
  readonly routes: readonly Route[];
  readonly status: number;
  /** `undefined` for a response without a body. */
  readonly code: string | undefined;
  /** Routes whose response has no body either. */
  readonly withoutBody?: readonly Route[];
  readonly reason: string;
  /** Makes of an admitted request one that the guard rejects; `null` if the guard rejects none of this kind. */
  readonly change: (sent: Sent, kind: Case) => Sent | null;
  readonly options?: Options;
  /** The number of admitted requests that precede it. */
  readonly before?: number;
}

const withHeaders =
  (headers: Headers) =>
  (sent: Sent): Sent => ({ ...sent, headers: { ...sent.headers, ...headers } });

const ofPost =
  (change: (sent: Sent) => Sent) =>
  (sent: Sent): Sent | null =>
    sent.method === 'POST' ? change(sent) : null;

const withParameters =
  (parameters: Readonly<Record<string, unknown>>) =>
  (sent: Sent): Sent => {
    if (sent.method === 'POST') return { ...sent, body: JSON.stringify(parameters) };
    const texts = Object.entries(parameters).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    return { ...sent, path: get(Object.fromEntries(texts)) };
  };

/** Requests that open GraphiQL, which are admitted from other sites without a query. */
const opening: readonly Case[] = ["GraphiQL's page", 'the redirect to it'];

const deep = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) as unknown;

const orderCall = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'OrderById', arguments: {} },
};

/** For each guard a request that it rejects. A guard that is added to the list needs an entry here. */
const examples: Readonly<Record<string, Example>> = {
  'head format': {
    routes: allRoutes,
    status: 431,
    code: 'BAD_REQUEST',
    reason: 'bad_request',
    change: withHeaders(Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`x${index}`, '']))),
  },
  'loopback host': {
    routes: allRoutes,
    status: 403,
    code: 'FORBIDDEN',
    reason: 'forbidden',
    options: { loopbackOnly: true },
    change: withHeaders({ host: 'rebound.example.com' }),
  },
  path: { routes: ['other'], status: 404, code: undefined, reason: 'not_found', change: (sent) => sent },
  method: {
    routes: ['graphql', 'mcp', 'metadata', 'operator'],
    status: 405,
    code: 'BAD_REQUEST',
    withoutBody: ['mcp'],
    reason: 'method_not_allowed',
    change: (sent) => ({ ...sent, method: 'PUT' }),
  },
  site: {
    routes: ['graphql', 'mcp', 'page', 'home'],
    status: 403,
    code: 'FORBIDDEN',
    reason: 'forbidden',
    change: (sent, kind) =>
      withHeaders({ origin: 'https://evil.example.com' })(
        opening.includes(kind) ? { ...sent, path: `${sent.path}?query=%7B__typename%7D` } : sent,
      ),
  },
  'content type': {
    routes: ['graphql', 'mcp'],
    status: 415,
    code: 'BAD_REQUEST',
    reason: 'media_type',
    change: ofPost(withHeaders({ 'content-type': 'text/plain' })),
  },
  'content encoding': {
    routes: ['graphql', 'mcp'],
    status: 415,
    code: 'BAD_REQUEST',
    reason: 'media_type',
    change: ofPost(withHeaders({ 'content-encoding': 'gzip' })),
  },
  accept: {
    routes: ['graphql', 'mcp'],
    status: 406,
    code: 'BAD_REQUEST',
    reason: 'not_acceptable',
    change: withHeaders({ accept: 'image/png' }),
  },
  'personal data': {
    routes: ['graphql', 'page', 'home'],
    status: 400,
    code: 'BAD_REQUEST',
    reason: 'bad_request',
    change: (sent) =>
      sent.method === 'GET'
        ? { ...sent, path: `${sent.path}${sent.path.includes('?') ? '&' : '?'}x=912-55-4418` }
        : null,
  },
  'rate limit of the page': {
    routes: ['page', 'home', 'metadata'],
    status: 429,
    code: 'RATE_LIMITED',
    reason: 'rate_limit',
    options: { access: { rateLimits: { ...noRateLimits, perAddress: 1 } } },
    before: 1,
    change: (sent) => sent,
  },
  authentication: {
    routes: ['graphql', 'mcp'],
    status: 401,
    code: 'UNAUTHENTICATED',
    reason: 'authentication',
    change: withHeaders({ authorization: 'bad' }),
  },
  'rate limit': {
    routes: ['graphql', 'mcp'],
    status: 429,
    code: 'RATE_LIMITED',
    reason: 'rate_limit',
    options: { access: { rateLimits: { ...noRateLimits, perCaller: 1 } } },
    before: 1,
    change: (sent) => sent,
  },
  'body size': {
    routes: ['graphql', 'mcp'],
    status: 413,
    code: 'REQUEST_ENTITY_TOO_LARGE',
    reason: 'too_large',
    change: ofPost((sent) => ({ ...sent, body: `${sent.body}${' '.repeat(1_000_001)}` })),
  },
  messages: {
    routes: ['mcp'],
    status: 400,
    code: 'BAD_REQUEST',
    reason: 'bad_request',
    change: ofPost((sent) => ({ ...sent, body: '[]' })),
  },
  'tool scopes': {
    routes: ['mcp'],
    status: 403,
    code: 'FORBIDDEN',
    reason: 'forbidden',
    change: ofPost((sent) => ({ ...sent, body: JSON.stringify(orderCall) })),
  },
  parameters: {
    routes: ['graphql'],
    status: 400,
    code: 'BAD_REQUEST',
    reason: 'bad_request',
    change: withParameters({ query, variables: 1 }),
  },
  document: {
    routes: ['graphql'],
    status: 400,
    code: 'PERSISTED_DOCUMENT_REQUIRED',
    reason: 'persisted_document',
    options: {
      access: { persistedDocuments: { documents: new Map([['known', query]]), only: true } },
    },
    change: withParameters({ query }),
  },
  variables: {
    routes: ['graphql'],
    status: 200,
    code: 'BAD_USER_INPUT',
    reason: 'bad_request',
    change: withParameters({ query, variables: { f: deep } }),
  },
};

const start = (transport: Transport, options: Options) =>
  startOver(transport, {
    authenticate: ({ headers }) => {
      if (headers.get('authorization') === 'bad') throw new UnauthenticatedError('No.');
      return callerWith(['accounts:read']);
    },
    ...options,
    access: { corsOrigins: ['https://app.example.com'], ...options.access },
  });

const rejectionsIn = (text: string): string[] =>
  text.match(/^recollect_refusals_total\{.* [1-9]\d*$/gm)?.map((line) => line.replace(/^[^{]*/, '')) ?? [];

/** The numbers of GraphQL requests that were counted as refused. */
const refusedIn = (text: string): string[] =>
  [...text.matchAll(/^recollect_requests_total\{.*outcome="refused"\} ([1-9]\d*)$/gm)].map(
    ([, count = '']) => count,
  );

const expectHeaders = ({ header }: Reply): void => {
  for (const [name, value] of Object.entries(securityHeaders)) expect(header(name)).toBe(value);
  expect(header('x-request-id')).not.toBeNull();
};

/** The body of a response to a rejected request: that of GraphQL, or that of JSON-RPC. */
const rejectionOf = (route: Route, code: string): object =>
  route === 'mcp'
    ? { jsonrpc: '2.0', id: null, error: { code: expect.any(Number), data: { code } } }
    : { errors: [{ extensions: { code } }] };

/** Whether graphql-yoga would execute the operation (cold), or the handler (warm). */
const rows = guards.flatMap(({ name, routes }) =>
  kinds
    .filter((kind) => routes.includes(admitted[kind].route))
    // Not what a guard does not concern, such as the body of a GET.
    .filter((kind) => examples[name]?.change(admitted[kind].sent, kind) !== null)
    .flatMap((kind) =>
      transports.flatMap((transport) =>
        (admitted[kind].route === 'graphql' ? ['cold', 'warm'] : ['']).map(
          (warmth) => [name, kind, transport, warmth] as const,
        ),
      ),
    ),
);

/** The admitted form of a request: where only trusted documents are executed, it names one. */
const admittedBy = ({ options }: Example, kind: Case): Sent => {
  const { sent } = admitted[kind];
  const isTrusted = options?.access?.persistedDocuments && admitted[kind].route === 'graphql';
  return isTrusted ? withParameters({ documentId: 'known' })(sent) : sent;
};

describe('the list of guards', () => {
  it('has an example for each guard, and no others: edit `examples` in test/http/guards.test.ts', () => {
    expect(Object.keys(examples).sort()).toEqual(guards.map(({ name }) => name).sort());
  });

  it.each(guards)('protects the routes of its example: $name', ({ name, routes }) => {
    expect(routes, `edit \`examples\` in test/http/guards.test.ts: ${name}`).toEqual(examples[name]?.routes);
  });

  it('has the guards of the head before those of the body', () => {
    const stages = guards.map(({ stage }) => stage);
    expect(stages).toEqual([...stages].sort().reverse());
  });

  it('has an example for at least one kind of request of each guard and route', () => {
    const untested = guards.flatMap(({ name, routes }) =>
      routes
        .filter(
          (route) =>
            !kinds.some(
              (kind) =>
                admitted[kind].route === route && examples[name]?.change(admitted[kind].sent, kind) !== null,
            ),
        )
        .map((route) => `${name}: add an example for the route ${route}`),
    );
    expect(untested).toEqual([]);
  });
});

describe('a guard rejects', () => {
  it.each(rows)('%s: %s (%s) %s', async (name, kind, transport, warmth) => {
    const example = examples[name];
    if (!example) throw new Error(`Add ${name} to \`examples\` in test/http/guards.test.ts.`);
    const sent = admittedBy(example, kind);
    const rejected = example.change(admitted[kind].sent, kind) ?? sent;
    const started = await start(transport, example.options ?? {});
    const { send, metrics, calls } = started;
    const count = warmth === 'warm' ? Math.max(1, example.before ?? 0) : 0;
    const preceding = warmth === 'warm' ? count : (example.before ?? 0);
    for (let times = 0; times < preceding; times += 1) await send(sent);
    const before = { calls: calls().length, direct: await executedDirectly(started) };

    const reply = await send(rejected);

    const text = await metrics.read();
    expect(reply.status).toBe(example.status);
    const { route } = admitted[kind];
    if (example.code === undefined || example.withoutBody?.includes(route)) expect(reply.body).toBe('');
    else expect(JSON.parse(reply.body)).toMatchObject(rejectionOf(route, example.code));
    if (route !== 'mcp') expect(reply.body).not.toContain('"data"');
    expect(rejectionsIn(text)).toEqual([`{reason="${example.reason}"} 1`]);
    expect(refusedIn(text)).toEqual(admitted[kind].route === 'graphql' ? ['1'] : []);
    expectHeaders(reply);
    expect({ calls: calls().length, direct: await executedDirectly(started) }).toEqual(before);
  });
});

const statuses: Partial<Record<Case, number>> = { 'a preflight': 204, 'the redirect to it': 302 };

describe('without anything to reject', () => {
  it.each(
    transports.flatMap((transport) =>
      kinds.filter((kind) => kind !== 'another path').map((kind) => [kind, transport] as const),
    ),
  )('%s is admitted (%s), with all headers', async (kind, transport) => {
    const started = await start(transport, {});
    const { send, metrics } = started;
    for (const _ of ['cold', 'warm']) {
      const reply = await send(admitted[kind].sent);
      expect(reply.status).toBe(statuses[kind] ?? 200);
      const { 'content-security-policy': policy, 'cache-control': notStored, ...others } = securityHeaders;
      for (const [name, value] of Object.entries(others)) expect(reply.header(name)).toBe(value);
      expect(reply.header('content-security-policy')?.startsWith("default-src 'none'")).toBe(true);
      if (kind === "GraphiQL's page") expect(reply.header('cache-control')).toBe('no-cache');
      else {
        expect(reply.header('content-security-policy')).toBe(policy);
        const isMetadata = kind === 'GET of metadata';
        expect(reply.header('cache-control')).toBe(isMetadata ? 'public, max-age=300' : notStored);
      }
      expect(reply.header('x-request-id')).not.toBeNull();
    }
    expect(rejectionsIn(await metrics.read())).toEqual([]);
    expect(await executedDirectly(started)).toBe(admitted[kind].route === 'graphql' ? 1 : 0);
  });
});
