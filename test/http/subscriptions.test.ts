import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../src/auth/authentication.ts';
import { maxSubscriptionsPerCaller } from '../../src/http/subscriptions.ts';
import { scopes as allScopes, type Scope } from '../../src/operation/caller.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { Polls } from '../../src/updates/polls.ts';
import type { WriteReports } from '../../src/updates/write-reports.ts';
import { startAudited } from '../support/audited.ts';
import { type Event, subscribe } from '../support/events.ts';
import { startGateway } from '../support/gateway.ts';
import { startSandboxedScollect } from '../support/sandboxed-upstream.ts';

type Options = NonNullable<Parameters<typeof startGateway>[0]>;

const hourMs = 60 * 60 * 1000;
const soonMs = 20;

const pollsOf = (intervalMs: number, maxObjects = 100, reports: WriteReports | null = null): Polls => {
  const polls = new Polls({ intervalMs, maxObjects }, reports);
  onTestFinished(() => polls.end());
  return polls;
};

const newSandbox = async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return sandbox;
};

/** A gateway that polls so seldom, unless told otherwise, that only its own writes are noticed. */
const start = async (options: Options = {}) => {
  const sandbox = options.sandbox ?? (await newSandbox());
  const polls = options.polls ?? pollsOf(hourMs);
  return { sandbox, polls, ...(await startGateway({ sandbox, polls, ...options })) };
};

const addNote = (text: string, fileNumber = 'R1001'): string =>
  `mutation { addNote(input: { fileNumber: "${fileNumber}", body: "${text}", collectorName: "A" }) { __typename } }`;

const notesOf = (fileNumber = 'R1001', parts = ''): string =>
  `subscription Notes { accountUpdates(fileNumber: "${fileNumber}"${parts}) { changed account { notes(first: 1, order: NEWEST_FIRST) { edges { node { body } } } } } }`;

const noted = (body: string, changed = ['NOTES']): Event => ({
  data: { accountUpdates: { changed, account: { notes: { edges: [{ node: { body } }] } } } },
});

const errorsIn = (event: Event | undefined) => (typeof event === 'object' ? (event.errors ?? []) : []);
const codesIn = (event: Event | undefined) => errorsIn(event).map(({ extensions }) => extensions?.['code']);

describe('a subscription', () => {
  it('reports a write through the gateway at once, with what was changed', async () => {
    const { gateway, query } = await start();
    const { status, next, close } = await subscribe(gateway, notesOf());
    expect(status).toBe(200);
    const { data } = await query(addNote('called twice'));
    expect(data.addNote.__typename).toBe('AddNoteSuccess');
    expect(await next()).toEqual(noted('called twice'));
    close();
  });

  it('reports what others write at the next poll', async () => {
    const sandbox = await newSandbox();
    const { gateway } = await start({ sandbox, polls: pollsOf(soonMs) });
    const other = await start({ sandbox });
    const { next, close } = await subscribe(gateway, notesOf());
    await other.query(addNote('from elsewhere'));
    expect(await next()).toEqual(noted('from elsewhere'));
    close();
  });

  it('reports the write of another process from a read that began after it', async () => {
    const listeners: ((scopes: readonly string[]) => void)[] = [];
    const reports: WriteReports = {
      send: (scopes) => {
        for (const listener of listeners) listener(scopes);
      },
      receive: async (listener) => void listeners.push(listener),
    };
    let isNextHeld = false;
    let release: (() => void) | undefined;
    const scollect = await startSandboxedScollect(async (path) => {
      if (!isNextHeld || !path.startsWith('/getnotes')) return;
      isNextHeld = false;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    const { gateway, query } = await startGateway({ scollect, polls: pollsOf(hourMs, 100, reports) });
    const other = await startGateway({ scollect, polls: pollsOf(hourMs, 100, reports) });
    const { next, close } = await subscribe(gateway, notesOf('R1001', ', parts: [NOTES]'));
    isNextHeld = true;
    const reading = query('{ account(fileNumber: "R1001") { notes(first: 1) { edges { node { body } } } } }');
    await vi.waitUntil(() => release !== undefined);
    await other.query(addNote('from another process'));
    expect(await next()).toEqual(noted('from another process'));
    release?.();
    await reading;
    close();
  });

  it('reports a write with other credentials of the same upstream at once', async () => {
    const scollect = await startSandboxedScollect();
    const apiKeys = { bank: 'example-api-key' };
    const { gateway, query } = await startGateway({ scollect, polls: pollsOf(hourMs), apiKeys });
    const { next, close } = await subscribe(gateway, notesOf());
    await query(addNote('by the bank'), {}, { 'x-caller': 'bank' });
    expect(await next()).toEqual(noted('by the bank'));
    close();
  });

  it('names what was written by digests, which differ between upstreams and gateway keys', async () => {
    const scollect = await startSandboxedScollect();
    const writtenAt = async (options: Options): Promise<string[]> => {
      const sent: string[] = [];
      const reports = {
        send: (scopes: readonly string[]) => void sent.push(...scopes),
        receive: async () => {},
      };
      const { query } = await startGateway({ polls: pollsOf(hourMs, 100, reports), ...options });
      await query(addNote('digested'));
      expect(sent).not.toEqual([]);
      for (const scope of sent) expect(scope).toMatch(/^[\w-]{22}$/);
      return sent;
    };
    const scopes = await writtenAt({ scollect });
    expect(await writtenAt({ scollect })).toEqual(scopes);
    const others = [
      ...(await writtenAt({ scollect: await startSandboxedScollect() })),
      ...(await writtenAt({ scollect, gatewayKey: Buffer.alloc(32, 1) })),
    ];
    expect(scopes.filter((scope) => others.includes(scope))).toEqual([]);
  });

  it('reports only the parts that are asked for', async () => {
    const { gateway, query } = await start();
    const payments = await subscribe(gateway, notesOf('R1001', ', parts: [PAYMENTS]'));
    await query(addNote('not reported'));
    await query(
      `mutation { runPayment(input: { idempotencyKey: "k", fileNumber: "R1001", paymentDate: "2024-05-01", amount: "1.00" }) { __typename } }`,
    );
    const event = await payments.next();
    expect(event).toMatchObject({ data: { accountUpdates: { changed: ['PAYMENTS'] } } });
    payments.close();
  });

  it('skips fields below its own by variables', async () => {
    const { gateway, query } = await start();
    const { next, close } = await subscribe(
      gateway,
      'subscription ($isShort: Boolean = true) { accountUpdates(fileNumber: "R1001") { changed account @skip(if: $isShort) { fileNumber } } }',
    );
    await query(addNote('short'));
    expect(await next()).toEqual({ data: { accountUpdates: { changed: ['NOTES'] } } });
    close();
  });

  it('reports a change of an order', async () => {
    const sandbox = await newSandbox();
    const { gateway, query } = await start({ sandbox });
    const { data: found } = await query(
      '{ orders(first: 20) { edges { node { orderId assignments { assignmentId } } } } }',
    );
    const order = found.orders.edges
      .map(({ node }: { node: { orderId: string; assignments: { assignmentId: string }[] } }) => node)
      .find(({ assignments }: { assignments: unknown[] }) => assignments.length > 0);
    const { next, close } = await subscribe(
      gateway,
      `subscription { orderUpdates(orderId: "${order.orderId}", parts: [ASSIGNMENTS]) { changed order { orderId assignments { assignmentId orderTypeId } } } }`,
    );
    const { assignmentId } = order.assignments[0];
    const { data } = await query(
      `mutation { updateAssignment(input: { assignmentId: "${assignmentId}", orderTypeId: "6" }) { __typename } }`,
    );
    expect(data.updateAssignment.__typename).toBe('UpdateAssignmentSuccess');
    const event = await next();
    expect(event).toMatchObject({
      data: { orderUpdates: { changed: ['ASSIGNMENTS'], order: { orderId: order.orderId } } },
    });
    expect(JSON.stringify(event)).toContain('"orderTypeId":"6"');
    close();
  });

  it('shares its poll, and reads what has changed once', async () => {
    const scollect = await startSandboxedScollect();
    const polls = pollsOf(hourMs);
    const { gateway, query, calls } = await startGateway({ scollect, polls });
    const one = await subscribe(gateway, notesOf());
    const other = await subscribe(gateway, notesOf());
    expect(polls.size).toBe(1);
    const before = calls().length;
    await query(addNote('shared'));
    expect(await Promise.all([one.next(), other.next()])).toEqual([noted('shared'), noted('shared')]);
    // The write, and a read of each part for both.
    expect(calls().slice(before).toSorted()).toHaveLength(5);
    one.close();
    other.close();
  });

  it('does not share its poll with callers who have other credentials', async () => {
    const polls = pollsOf(hourMs);
    const apiKeys = { bank: 'example-api-key' };
    const scollect = await startSandboxedScollect();
    const { gateway } = await startGateway({ scollect, polls, apiKeys });
    const own = await subscribe(gateway, notesOf());
    const others = await subscribe(gateway, notesOf(), { 'x-caller': 'bank' });
    expect(polls.size).toBe(2);
    own.close();
    others.close();
  });

  it('stops its poll when the client leaves, also before the first event', async () => {
    const { gateway, polls } = await start();
    const { close } = await subscribe(gateway, notesOf());
    expect(polls.size).toBe(1);
    close();
    await vi.waitFor(() => expect(polls.size).toBe(0));
  });

  it('ends without `complete` when the gateway stops, so that clients connect again', async () => {
    const { gateway, polls } = await start();
    const { next } = await subscribe(gateway, notesOf());
    polls.end();
    expect(await next()).toBeUndefined();
  });

  it('is a request of type `other` that is over when it is open', async () => {
    const { gateway, metrics } = await start();
    const { close } = await subscribe(gateway, notesOf());
    const text = await metrics.read();
    expect(text).toMatch(/^recollect_requests_total\{[^}]*type="other"[^}]*outcome="ok"[^}]*\} 1$/m);
    expect(text).toMatch(/^recollect_request_seconds_count\{[^}]*type="other"[^}]*\} 1$/m);
    close();
  });

  it('has an audit line, and one for each event', async () => {
    const sandbox = await newSandbox();
    const { gateway, query, lines } = await startAudited({ sandbox, polls: pollsOf(hourMs) });
    const { next, close } = await subscribe(gateway, notesOf());
    await query(addNote('audited'));
    await next();
    close();
    const own = lines().filter(({ type }) => type === 'subscription');
    expect(own).toHaveLength(2);
    expect(own[1]).toMatchObject({ operation: 'Notes', errors: {} });
    expect(JSON.stringify(own[1])).toContain('R1001');
  });

  it.each<[string, readonly Scope[], RegExp]>([
    ['masked', allScopes.filter((scope) => scope !== 'pii:read'), /^\*\*\*-\*\*-\d{4}$/],
    ['shown to whom may see it', allScopes, /^\d{3}-\d\d-\d{4}$/],
  ])('has personal data %s', async (_, scopes, form) => {
    const { gateway, query } = await start({ scopes });
    const { data } = await query('{ accountsBySsn(ssn: "111-22-3333") { fileNumber } }');
    const [{ fileNumber }] = data.accountsBySsn;
    const { next, close } = await subscribe(
      gateway,
      `subscription { accountUpdates(fileNumber: "${fileNumber}") { account { borrower { ssn } } } }`,
    );
    await query(addNote('a', fileNumber));
    expect(await next()).toMatchObject({
      data: { accountUpdates: { account: { borrower: { ssn: expect.stringMatching(form) } } } },
    });
    close();
  });

  it('ends with an error when its token is no longer valid', async () => {
    let isValid = true;
    const authenticate = () => {
      if (!isValid) throw new UnauthenticatedError('The token has expired.', 'Bearer error="invalid_token"');
      return { id: 'agent', tenant: null, scopes: new Set(allScopes) };
    };
    const polls = pollsOf(soonMs);
    const sandbox = await newSandbox();
    const { gateway } = await start({ sandbox, authenticate, polls });
    const other = await start({ sandbox });
    const { next } = await subscribe(gateway, notesOf());
    isValid = false;
    await other.query(addNote('not for you'));
    const event = await next();
    expect(codesIn(event)).toEqual(['UNAUTHENTICATED']);
    expect(JSON.stringify(event)).not.toContain('not for you');
    expect(await next()).toBe('complete');
    expect(await next()).toBeUndefined();
    await vi.waitFor(() => expect(polls.size).toBe(0));
  });

  it('ends without an event, too, when its token is no longer valid', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const authenticate = vi.fn(() => ({ id: 'agent', tenant: null, scopes: new Set(allScopes) }));
    const { gateway, polls } = await start({ authenticate });
    const { next } = await subscribe(gateway, notesOf());
    const end = next();
    authenticate.mockImplementationOnce(() => {
      throw new AuthenticationUnavailableError(1);
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(polls.subscriptions).toBe(1);
    authenticate.mockImplementation(() => {
      throw new UnauthenticatedError('The token has expired.', 'Bearer error="invalid_token"');
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(codesIn(await end)).toEqual(['UNAUTHENTICATED']);
    expect(await next()).toBe('complete');
    expect(await next()).toBeUndefined();
    await vi.waitFor(() => expect(polls.size).toBe(0));
    const checks = authenticate.mock.calls.length;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(authenticate).toHaveBeenCalledTimes(checks);
  });

  it('reports nothing of an account whose scope its caller has lost', async () => {
    const scopes = new Set<Scope>(allScopes);
    const authenticate = () => ({ id: 'agent', tenant: null, scopes: new Set(scopes) });
    const { gateway, query } = await start({ authenticate });
    const { next, close } = await subscribe(gateway, notesOf());
    const writing = query(addNote('hidden'));
    scopes.delete('accounts:read');
    const event = await next();
    await writing;
    expect(codesIn(event)).toEqual(['FORBIDDEN']);
    expect(JSON.stringify(event)).not.toContain('hidden');
    close();
  });

  it('ends with an error when its account cannot be read for long', async () => {
    const sandbox = await newSandbox();
    const { gateway, polls } = await start({ sandbox, polls: pollsOf(1) });
    const { next } = await subscribe(gateway, notesOf('R1001', ', parts: [NOTES]'));
    sandbox.faults.set([{ operation: 'getnotes', fault: 'wrong-types' }]);
    expect(codesIn(await next())).toEqual(['UPSTREAM_BAD_RESPONSE']);
    expect(await next()).toBe('complete');
    await vi.waitFor(() => expect(polls.size).toBe(0));
  });
});

describe('a request to subscribe', () => {
  const ask = async (
    { gateway }: Pick<Awaited<ReturnType<typeof start>>, 'gateway'>,
    headers: Readonly<Record<string, string>>,
    query = notesOf(),
    method = 'POST',
  ) => {
    const isGet = method === 'GET';
    const url = `http://gateway/graphql${isGet ? `?query=${encodeURIComponent(query)}` : ''}`;
    const response = await gateway.fetch(url, {
      method,
      headers: { 'content-type': 'application/json', 'x-requested-with': 'test', ...headers },
      ...(isGet ? {} : { body: JSON.stringify({ query }) }),
    });
    return { status: response.status, allow: response.headers.get('allow'), text: await response.text() };
  };

  it('is refused unless the client takes events', async () => {
    const gateway = await start();
    const { status, text } = await ask(gateway, { accept: 'application/json' });
    expect(status).toBe(406);
    expect(text).toContain('text/event-stream');
    expect(gateway.polls.size).toBe(0);
  });

  it('is refused by GET', async () => {
    const gateway = await start();
    const { status, allow } = await ask(gateway, { accept: 'text/event-stream' }, notesOf(), 'GET');
    expect([status, allow]).toEqual([405, 'POST']);
  });

  it.each([
    ['an account that does not exist', notesOf('NONE1'), 'BAD_USER_INPUT'],
    ['a file number that is none', notesOf(' '), 'BAD_USER_INPUT'],
    [
      'an order that does not exist',
      'subscription { orderUpdates(orderId: "1") { changed } }',
      'BAD_USER_INPUT',
    ],
    ['a number that is none', 'subscription { orderUpdates(orderId: "x") { changed } }', 'BAD_USER_INPUT'],
    [
      'two fields at once',
      'subscription { a: accountUpdates(fileNumber: "R1001") { changed } b: accountUpdates(fileNumber: "R1001") { changed } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a field that is always skipped',
      'subscription { accountUpdates(fileNumber: "R1001") @skip(if: true) { changed } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a field that a variable skips',
      'subscription ($skip: Boolean = true) { accountUpdates(fileNumber: "R1001") @skip(if: $skip) { changed } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a fragment that a variable includes',
      'subscription ($include: Boolean!) { ...Update @include(if: $include) } fragment Update on Subscription { ...Update accountUpdates(fileNumber: "R1001") { changed } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a field that is skipped in a fragment',
      'subscription { ...Update } fragment Update on Subscription { ... { accountUpdates(fileNumber: "R1001") @skip(if: false) { changed } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['no parts at all', notesOf('R1001', ', parts: []'), 'BAD_USER_INPUT'],
  ])('fails for %s', async (_, query, code) => {
    const { gateway, polls } = await start();
    const { next } = await subscribe(gateway, query);
    expect(new Set(codesIn(await next()))).toEqual(new Set([code]));
    expect(await next()).toBe('complete');
    expect(polls.size).toBe(0);
  });

  it.each([
    ['accounts:read', notesOf()],
    ['orders:read', 'subscription { orderUpdates(orderId: "1") { changed } }'],
  ])('fails without the scope %s, and makes no call', async (missing, query) => {
    const scopes = allScopes.filter((scope) => scope !== missing);
    const polls = pollsOf(hourMs);
    const { gateway, calls } = await startGateway({ scopes, polls });
    const { next } = await subscribe(gateway, query);
    expect(codesIn(await next())).toEqual(['FORBIDDEN']);
    expect(calls()).toEqual([]);
    expect(polls.size).toBe(0);
  });

  it('says which argument is wrong, and what was expected', async () => {
    const { gateway } = await start();
    const { next } = await subscribe(gateway, notesOf('NONE1'));
    expect(errorsIn(await next()).map(({ message }) => message)).toEqual([
      'fileNumber: expected the number of an account that exists.',
    ]);
  });

  it.each([
    `R1' OR '1'='1' --`,
    '{"$ne": "R1"}',
    'R1\\r\\nX-Injected: yes',
    '../../login',
    '..%2f..%2flogin',
    'R1/../../login/1',
  ])('sends no upstream what is no number: %s', async (text) => {
    const { gateway, calls } = await startGateway({ polls: pollsOf(hourMs) });
    const value = text.replaceAll('"', '\\"');
    for (const field of [`accountUpdates(fileNumber: "${value}")`, `orderUpdates(orderId: "${value}")`]) {
      const { next } = await subscribe(gateway, `subscription { ${field} { changed } }`);
      const event = await next();
      expect(codesIn(event)).toEqual(['BAD_USER_INPUT']);
      expect(JSON.stringify(event)).not.toContain('login');
    }
    expect(calls()).toEqual([]);
  });

  it('fails if an event could need too many calls', async () => {
    const { gateway, polls } = await start({ operationLimits: { maxUpstreamCalls: 4 } });
    const { next } = await subscribe(gateway, notesOf());
    expect(codesIn(await next())).toEqual(['QUERY_TOO_COMPLEX']);
    expect(polls.size).toBe(0);
  });

  it('fails beyond the limit of a caller, not of others', async () => {
    const { gateway } = await start();
    const open = await Promise.all(
      Array.from({ length: maxSubscriptionsPerCaller }, () => subscribe(gateway, notesOf())),
    );
    const further = await subscribe(gateway, notesOf());
    expect(codesIn(await further.next())).toEqual(['RATE_LIMITED']);
    const other = await subscribe(gateway, notesOf(), { 'x-caller': 'another' });
    expect(other.status).toBe(200);
    for (const { close } of [...open, other]) close();
    await vi.waitFor(async () => {
      const { next, close } = await subscribe(gateway, notesOf());
      const first = await Promise.race([next(), new Promise((resolve) => setTimeout(resolve, 5))]);
      close();
      expect(first).toBeUndefined();
    });
  });

  it('fails beyond the limit of followed objects', async () => {
    const { gateway } = await start({ polls: pollsOf(hourMs, 1) });
    const one = await subscribe(gateway, notesOf('R1001'));
    const other = await subscribe(gateway, notesOf('R1002'));
    expect(codesIn(await other.next())).toEqual(['RATE_LIMITED']);
    one.close();
  });
});
