import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { mutationOutcomes } from '../src/http/mutation-outcomes.ts';
import { errorCodes } from '../src/lib/error-codes.ts';
import { schema } from '../src/schema/schema.ts';
import { rejectionReasons } from '../src/telemetry/metrics/request-metrics.ts';
import { verdictNames } from '../src/upstreams/client/verdict-name.ts';
import { driftKinds } from '../src/upstreams/endpoint/drift.ts';
import { corpusOf } from './support/corpus.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { ledgerInMemory, startGateway } from './support/gateway.ts';
import { type Running, run } from './support/process.ts';
import { samplesIn } from './support/samples.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { type Answer, jwt, type LocalUpstream, startUpstream } from './support/upstream.ts';

/** Starting gateways takes its time where others are at work. */
const timeout = 60_000;

const atRest = { breaker: 'closed', underWay: 0, waiting: 0 };

const success = (result: unknown): Answer => ({ json: { result, state: 'SUCCESS' } });

/** A Scollect that gives a token, and to all else the answer that stands at the moment. */
const startScollect = async (answer: Answer | Promise<Answer>) => {
  let current = answer;
  const scollect = await startUpstream(({ path }) =>
    path === '/login' ? success({ access_token: jwt({}) }) : current,
  );
  return {
    ...scollect,
    become: (next: Answer) => {
      current = next;
    },
  };
};

const account = success([{ filenumber: 'R1', clientname: 'Acme' }]);

const readOf = (fileNumber: string): string => `{ account(fileNumber: "${fileNumber}") { client } }`;

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(5);
};

const getFrom =
  ({ gateway }: Awaited<ReturnType<typeof startGateway>>) =>
  async (path: string, options: RequestInit = {}) => {
    const response = await gateway.fetch(`http://gateway${path}`, options);
    return { status: response.status, text: await response.text(), headers: response.headers };
  };

interface Gateway extends Running {
  readonly url: URL;
  query(document: string, variables?: object, headers?: Record<string, string>): Promise<unknown>;
  get(path: string): Promise<{ status: number; text: string; contentType: string | null }>;
}

const startProcess = async (scollect: LocalUpstream, env: Record<string, string> = {}): Promise<Gateway> => {
  const folder = temporaryFolder();
  const running = run('main.js', {
    PORT: '0',
    AUTH_DISABLED: 'true',
    SCOLLECT_URL: scollect.url,
    SCOLLECT_API_KEY: 'key',
    SCOLLECT_PIN: 'pin',
    STORE_URL: `file:${folder}/gateway.db`,
    ...env,
  });
  const url = new URL(await running.line(/^Recollect is ready at (\S+)$/m));
  return {
    ...running,
    url,
    query: async (query, variables = {}, own = {}) => {
      const headers = { 'content-type': 'application/json', ...own };
      const body = JSON.stringify({ query, variables, operationName: own['x-operation'] });
      const response = await fetch(url, { method: 'POST', headers, body });
      return response.json();
    },
    get: async (path) => {
      const response = await fetch(new URL(path, url));
      const { status, headers } = response;
      return { status, text: await response.text(), contentType: headers.get('content-type') };
    },
  };
};

const metricsOf = async (gateway: Gateway) => {
  const { status, text, contentType } = await gateway.get('/metrics');
  expect(status).toBe(200);
  expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  const samples = samplesIn(text);
  return {
    text,
    samples,
    valueOf: (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined => {
      const found = samples.filter(
        (sample) =>
          sample.name === name &&
          Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
      );
      expect(found.length).toBeLessThan(2);
      return found[0]?.value;
    },
  };
};

/** The lines of the log, parsed. */
const logged = (stdout: string): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('/health', () => {
  it('answers as long as the process lives, whatever is with its upstreams and its store', async () => {
    const ledger = await ledgerInMemory();
    const broken = { ...ledger, check: () => Promise.reject(new Error('The store is gone')) };
    const get = getFrom(await startGateway({ scollect: null, recoveryConnect: null, ledger: broken }));
    expect((await get('/health')).status).toBe(200);
  });
});

describe('/ready', () => {
  it('contains the state of the store and of each upstream', async () => {
    const get = getFrom(await startGateway({ recoveryConnect: null }));
    const { status, text, headers } = await get('/ready');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(JSON.parse(text)).toEqual({
      isReady: true,
      isStopping: false,
      store: 'open',
      upstreams: { SCOLLECT: atRest, RECOVERY_CONNECT: 'not configured' },
    });
  });

  it('answers 503 where the store cannot be read, and 200 when it can again', async () => {
    const ledger = await ledgerInMemory();
    let check = () => Promise.reject(new Error('/secret/path: the disk is full of CANARY'));
    const get = getFrom(await startGateway({ ledger: { ...ledger, check: () => check() } }));
    const { status, text } = await get('/ready');
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({
      isReady: false,
      isStopping: false,
      store: 'unavailable',
      upstreams: { SCOLLECT: atRest, RECOVERY_CONNECT: atRest },
    });
    check = ledger.check as typeof check;
    expect((await get('/ready')).status).toBe(200);
  });

  it('contains the numbers of calls in flight and in the queue', async () => {
    let letGo: (answer: Answer) => void = () => {};
    const scollect = await startScollect(
      new Promise<Answer>((resolve) => {
        letGo = resolve;
      }),
    );
    const gateway = await startGateway({ scollect, limits: { maxConcurrency: 2 } });
    const get = getFrom(gateway);
    const asked = Promise.all(['R1', 'R2', 'R3', 'R4', 'R5'].map((number) => gateway.query(readOf(number))));
    await until(() => gateway.upstreams.SCOLLECT.state()?.waiting === 3);
    expect(JSON.parse((await get('/ready')).text)).toMatchObject({
      isReady: true,
      upstreams: { SCOLLECT: { breaker: 'closed', underWay: 2, waiting: 3 }, RECOVERY_CONNECT: atRest },
    });
    letGo(account);
    await asked;
    expect(JSON.parse((await get('/ready')).text)).toMatchObject({ upstreams: { SCOLLECT: atRest } });
  });

  it('answers 200 with an open breaker, which it shows: the other system is served', async () => {
    const scollect = await startScollect({ status: 500, json: {} });
    const gateway = await startGateway({ scollect });
    for (let asked = 0; asked < 6; asked += 1) await gateway.query(readOf('R1'));
    const { status, text } = await getFrom(gateway)('/ready');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      isReady: true,
      upstreams: { SCOLLECT: { breaker: 'open' }, RECOVERY_CONNECT: atRest },
    });
  });
});

describe('/ready and /metrics', () => {
  it.each(['/ready', '/metrics'])('are to be asked by GET alone: %s', async (path) => {
    const get = getFrom(await startGateway());
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const headers = { 'content-type': 'application/json' };
      const response = await get(path, { method, headers, body: '{"query":"{ __typename }"}' });
      const { status, text } = response;
      expect({ method, status }).toEqual({ method, status: 405 });
      expect(response.headers.get('allow')).toBe('GET, HEAD');
      expect(text).not.toMatch(/isReady|recollect_|process_|data/);
    }
  });

  it.each(['/ready', '/metrics'])('are not served to a page of another host: %s', async (path) => {
    const get = getFrom(await startGateway({ loopbackOnly: true }));
    // Whose name points at this machine.
    expect((await get(path)).status).toBe(403);
    expect((await getFrom(await startGateway())(path)).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the count of requests in flight', () => {
  const addNote =
    'mutation { addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { __typename } }';
  const bySsn = 'query ($ssn: SSN!) { accountsBySsn(ssn: $ssn) { client } }';

  it.each([
    ['answered', '{ __typename }'],
    ['answered with errors', readOf('-')],
    ['executed', addNote],
    ['not valid', '{ nope }'],
    ['not GraphQL', '{'],
    ['of several operations', 'query A { __typename } query B { __typename }'],
    ['without an operation', 'fragment A on Query { __typename }'],
    ['without its variables', bySsn],
    ['of a kind that is not served', 'subscription { __typename }'],
  ])('leaves out those that are over: %s', async (_, query) => {
    const { gateway, lives } = await startGateway();
    const headers = { 'content-type': 'application/json' };
    const ask = (accept: string) =>
      gateway.fetch('http://gateway/graphql', {
        method: 'POST',
        headers: { ...headers, accept },
        body: JSON.stringify({ query }),
      });
    for (const accept of ['application/json', 'text/event-stream', 'multipart/mixed', 'text/plain']) {
      await (await ask(accept)).text();
      expect({ accept, count: lives.count() }).toEqual({ accept, count: 0 });
    }
    await (await gateway.fetch(`http://gateway/graphql?query=${encodeURIComponent(query)}`)).text();
    expect(lives.count()).toBe(0);
  });
});

describe('/metrics', { timeout }, () => {
  it('counts the calls to each operation by verdict and status, log-ins and lost ones among them', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getphones: 'reset',
      getnotes: { status: 500, html: '' },
    });
    const gateway = await startProcess(scollect);
    await gateway.query('{ account(fileNumber: "R1") { client phones { number } notes { totalCount } } }');
    await gateway.query('{ account(fileNumber: "R2") { client } }');
    const { valueOf: value, samples } = await metricsOf(gateway);
    const calls = (operation: string, verdict: string, status: string) =>
      value('recollect_upstream_requests_total', { upstream: 'SCOLLECT', operation, verdict, status });
    expect({
      login: calls('login', 'ok', '200'),
      account: calls('getaccount', 'ok', '200'),
      notes: calls('getnotes', 'failed', '500'),
      phones: calls('getphones', 'failed', 'none'),
    }).toEqual({ login: 1, account: 2, notes: 1, phones: 3 });
    expect(value('recollect_upstream_retries_total', { operation: 'getphones' })).toBe(2);
    expect(samples.filter(({ name }) => name === 'recollect_upstream_retries_total')).toHaveLength(1);
    const durations = samples.filter(({ name }) => name === 'recollect_upstream_request_seconds_count');
    expect(durations.reduce((sum, { value: count }) => sum + count, 0)).toBe(scollect.received.length);
    // What was reported once is reported the next time too.
    await gateway.query('{ account(fileNumber: "R3") { client } }');
    const { valueOf: next } = await metricsOf(gateway);
    const counted = { upstream: 'SCOLLECT', verdict: 'ok', status: '200' };
    expect(next('recollect_upstream_requests_total', { ...counted, operation: 'getaccount' })).toBe(3);
    expect(next('recollect_upstream_requests_total', { ...counted, operation: 'login' })).toBe(1);
  });

  it('contains the current values', async () => {
    let letGo: (answer: Answer) => void = () => {};
    const scollect = await startScollect(
      new Promise<Answer>((resolve) => {
        letGo = resolve;
      }),
    );
    const gateway = await startProcess(scollect, { UPSTREAM_MAX_CONCURRENCY: '1' });
    const asked = Promise.all(['R1', 'R2', 'R3'].map((number) => gateway.query(readOf(number))));
    await until(() => scollect.calls().length === 1);
    while ((await metricsOf(gateway)).valueOf('recollect_upstream_waiting') !== 2) await pause(20);
    const busy = await metricsOf(gateway);
    expect(busy.valueOf('recollect_upstream_under_way', { upstream: 'SCOLLECT' })).toBe(1);
    expect(busy.valueOf('recollect_requests_under_way', { type: 'query' })).toBe(3);
    letGo(account);
    await asked;
    const quiet = await metricsOf(gateway);
    expect(quiet.valueOf('recollect_upstream_under_way')).toBe(0);
    expect(quiet.valueOf('recollect_upstream_waiting')).toBe(0);
    expect(quiet.valueOf('recollect_requests_under_way', { type: 'query' })).toBe(0);
    // There are no values of a system that is not configured.
    expect(quiet.samples.filter(({ labels }) => labels['upstream'] === 'RECOVERY_CONNECT')).toEqual([]);
    expect(quiet.text).toContain('# TYPE recollect_upstream_requests_total counter');
    expect(quiet.valueOf('process_start_time_seconds')).toBeGreaterThan(0);
  });

  it('holds no value of a caller, in no label and nowhere else', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getnotes: 'reset',
      getemails: { status: 503, html: '' },
    });
    const recoveryConnect = await startCorpusUpstream('recoveryconnect');
    const gateway = await startProcess(scollect, {
      RECOVERYCONNECT_URL: recoveryConnect.url,
      RECOVERYCONNECT_TOKEN: 'the-token',
    });
    const document = `query CanaryOperation($ssn: SSN!, $phone: PhoneNumber!) {
      canaryAlias: account(fileNumber: "CANARY77") { notes { totalCount } emails { totalCount } }
      accountsBySsn(ssn: $ssn) { fileNumber } accountsByPhone(number: $phone) { fileNumber }
      order(orderId: "7755331") { caseNumber }
    }`;
    const mutation = `mutation CanaryMutation($input: RunPaymentInput!) {
      runPayment(input: $input) { __typename }
    }`;
    const canaries = { ssn: '912-55-4418', phone: '678-932-1578' };
    const caller = { 'x-canary': 'canary', 'x-operation': 'CanaryOperation', 'user-agent': 'canary' };
    await gateway.query(document, canaries, caller);
    const payment = { fileNumber: 'CANARY77', amount: '7755.33', paymentDate: '2030-01-02' };
    const input = { ...payment, idempotencyKey: 'canary key' };
    await gateway.query(mutation, { input }, { ...caller, 'x-operation': 'CanaryMutation' });
    await gateway.query('{ canaryField }');
    for (const path of ['/metrics?canary=canary', '/canary', '/ready?canary']) await gateway.get(path);

    const { text, samples } = await metricsOf(gateway);
    // Figures may have any four digits by chance.
    const named = text.replace(/ -?[\d.e+-]+$/gm, '');
    expect(named).not.toMatch(/canary|912-?55-?4418|9125|678-?932-?1578|7755|the-token/i);
    const operations = ['scollect', 'recoveryconnect'] as const;
    const mutations = mutationOutcomes(schema);
    const members = Object.values(mutations).flat();
    const known: Record<string, readonly string[]> = {
      upstream: ['SCOLLECT', 'RECOVERY_CONNECT'],
      operation: [
        'other',
        ...operations.flatMap((system) => corpusOf(system).map(({ operation }) => operation)),
      ],
      verdict: verdictNames,
      kind: driftKinds,
      status: ['200', '401', '429', '503', 'none'],
      state: ['closed', 'open', 'half-open', 'pending', 'unknown', 'settled', 'released'],
      reason: rejectionReasons,
      outcome: ['loaded', 'rejected', 'ok', 'partial', 'error', 'refused', ...members],
      type: ['query', 'mutation', 'other'],
      code: [...Object.keys(errorCodes), 'OTHER'],
      mutation: Object.keys(mutations),
      result: ['hit', 'miss'],
      version: [packageJson.version],
      node: [process.versions.node],
    };
    const ours = samples.filter(({ name }) => name.startsWith('recollect_'));
    const labels = ours.flatMap((sample) => Object.entries(sample.labels).filter(([key]) => key !== 'le'));
    expect(labels.filter(([key, value]) => !known[key]?.includes(value))).toEqual([]);
    // Or else nothing was looked for.
    expect(JSON.stringify(scollect.received)).toMatch(/CANARY77.*912-?55-?4418|912-?55-?4418.*CANARY77/);
    const counted = { operation: 'getaccountbysocial', verdict: 'ok', status: '200' };
    expect(
      ours.filter(
        ({ name, labels: { operation, verdict, status } }) =>
          name === 'recollect_upstream_requests_total' &&
          Object.values(counted).join() === [operation, verdict, status].join(),
      ),
    ).toMatchObject([{ value: 1 }]);
  });
});

describe('a breaker', { timeout }, () => {
  it('is reported when it opens and when it closes: in the log, by /ready and by /metrics', async () => {
    const scollect = await startScollect({ status: 500, json: {} });
    const gateway = await startProcess(scollect);
    const gaugesOf = async () => {
      const { valueOf: value } = await metricsOf(gateway);
      const gauge = (state: string) => value('recollect_upstream_breaker', { upstream: 'SCOLLECT', state });
      return { closed: gauge('closed'), open: gauge('open'), 'half-open': gauge('half-open') };
    };
    expect(await gaugesOf()).toEqual({ closed: 1, open: 0, 'half-open': 0 });
    for (let asked = 0; asked < 5; asked += 1) await gateway.query(readOf('CANARY77'));
    expect(await gateway.query(readOf('CANARY77'))).toMatchObject({
      errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryAfter: 1 } }],
    });
    await gateway.line(/("breaker":"open")/);
    expect(await gaugesOf()).toEqual({ closed: 0, open: 1, 'half-open': 0 });
    const { status, text } = await gateway.get('/ready');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ isReady: true, upstreams: { SCOLLECT: { breaker: 'open' } } });
    expect(scollect.calls()).toHaveLength(5);

    scollect.become(account);
    const isClosed = async () =>
      ((await gateway.query(readOf('R1'))) as { data: { account: unknown } }).data.account;
    while (!(await isClosed())) await pause(200);
    await gateway.line(/("breaker":"closed")/);
    expect(await gaugesOf()).toEqual({ closed: 1, open: 0, 'half-open': 0 });

    gateway.process.kill('SIGTERM');
    const { stdout } = await gateway.ended;
    const lines = logged(stdout).filter((line) => 'breaker' in line);
    const levels = { info: 30, warn: 40 };
    expect(lines).toEqual([
      expect.objectContaining({ level: levels.warn, upstream: 'SCOLLECT', breaker: 'open' }),
      expect.objectContaining({ level: levels.info, upstream: 'SCOLLECT', breaker: 'half-open' }),
      expect.objectContaining({ level: levels.info, upstream: 'SCOLLECT', breaker: 'closed' }),
    ]);
    expect(stdout).not.toContain('CANARY77');
  });
});
