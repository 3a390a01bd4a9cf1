import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { corpusFile } from './support/corpus.ts';
import { type Reply, startGateway } from './support/gateway.ts';
import { type Answer, jwt, type LocalUpstream, startUpstream } from './support/upstream.ts';

/** Some of these make thousands of calls, or measure for a while. */
const timeout = 120_000;

const success = (result: unknown): Answer => ({ json: { result, state: 'SUCCESS' } });
const logIn = success({ access_token: jwt({}) });

const accountAt = (path: string): Answer =>
  success([{ filenumber: path.split('/').at(-1), clientname: 'Acme' }]);

const readOf = (fileNumber: string): string => `{ account(fileNumber: "${fileNumber}") { client } }`;

const acme = { status: 200, data: { account: { client: 'Acme' } } };

const numbers = (count: number, prefix = 'F'): string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}`);

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(5);
};

/** Answers an account after so many milliseconds. */
const startScollect = (milliseconds: number): Promise<LocalUpstream> =>
  startUpstream(async ({ path }) => {
    if (path === '/login') return logIn;
    await pause(milliseconds);
    return accountAt(path);
  });

/** A Scollect whose log-ins alone are answered, until it is let go. */
const startHangingScollect = async () => {
  let letGo = (): void => {};
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const scollect = await startUpstream(async ({ path }) => {
    if (path === '/login') return logIn;
    await released;
    return accountAt(path);
  });
  return { ...scollect, letGo };
};

/** A RecoveryConnect whose orders hang, all until the same moment, again and again. */
const startTidalRecoveryConnect = async () => {
  let hanging: (() => void)[] = [];
  const recoveryConnect = await startUpstream(async ({ path }) => {
    if (path.endsWith('/auth')) return { json: corpusFile('recoveryconnect', 'authenticate').success };
    await new Promise<void>((resolve) => {
      hanging.push(resolve);
    });
    return { json: corpusFile('recoveryconnect', 'filterOrders').success };
  });
  return {
    ...recoveryConnect,
    hanging: () => hanging.length,
    letGo: () => {
      for (const answer of hanging) answer();
      hanging = [];
    },
  };
};

const medianOf = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

const quiet = { breaker: 'closed', inFlight: 0, waiting: 0 };

describe('an upstream that hangs', { timeout }, () => {
  /** The medians of how long a read of Scollect takes: while RecoveryConnect is calm, and while it hangs. */
  const measure = async (): Promise<{ calm: number; hanging: number }> => {
    const recoveryConnect = await startTidalRecoveryConnect();
    const gateway = await startGateway({
      scollect: await startScollect(20),
      recoveryConnect,
      timeoutMs: 60_000,
      requestTimeoutMs: 60_000,
    });
    let asked = 0;
    const sample = async (times: number): Promise<number[]> => {
      const samples: number[] = [];
      for (let n = 0; n < times; n += 1) {
        asked += 1;
        const begin = performance.now();
        expect(await gateway.query(readOf(`F${asked}`))).toEqual(acme);
        samples.push(performance.now() - begin);
      }
      return samples;
    };
    // Neither the first calls nor the first connections count.
    await sample(20);
    const calm: number[] = [];
    const hanging: number[] = [];
    for (let phase = 0; phase < 8; phase += 1) {
      calm.push(...(await sample(20)));
      const orders = Array.from({ length: 50 }, (_, n) => {
        const orderId = phase * 100 + n + 1;
        return gateway.query(`{ order(orderId: "${orderId}") { caseNumber } }`);
      });
      // All places are taken, and some wait.
      await until(() => recoveryConnect.hanging() === 32);
      expect(gateway.upstreams.RECOVERY_CONNECT.state()).toMatchObject({ inFlight: 32, waiting: 18 });
      hanging.push(...(await sample(20)));
      expect(recoveryConnect.hanging()).toBe(32);
      recoveryConnect.letGo();
      await until(() => recoveryConnect.hanging() === 18);
      recoveryConnect.letGo();
      await Promise.all(orders);
    }
    return { calm: medianOf(calm), hanging: medianOf(hanging) };
  };

  it('does not make the other one slower', { retry: 2 }, async () => {
    const { calm, hanging } = await measure();
    process.stdout.write(
      `medians: ${calm.toFixed(1)} ms calm, ${hanging.toFixed(1)} ms hanging: ${(hanging / calm).toFixed(3)}\n`,
    );
    expect(calm).toBeGreaterThan(15);
    expect(hanging / calm).toBeLessThan(1.2);
  });

  it('does not keep the fields of the other one from their answer in time', async () => {
    const recoveryConnect = await startTidalRecoveryConnect();
    const gateway = await startGateway({
      scollect: await startScollect(1),
      recoveryConnect,
      timeoutMs: 300,
    });
    const reply = await gateway.query(
      '{ account(fileNumber: "F1") { client } order(orderId: "20") { caseNumber } }',
    );
    expect(reply).toMatchObject({
      data: { account: { client: 'Acme' }, order: null },
      errors: [{ path: ['order'], extensions: { code: 'UPSTREAM_TIMEOUT', upstream: 'RECOVERY_CONNECT' } }],
    });
    expect(reply.errors).toHaveLength(1);
    recoveryConnect.letGo();
  });
});

describe('the calls that wait for an upstream', { timeout }, () => {
  const few = { maxConcurrency: 2, maxWaiting: 3 };
  const overloaded = {
    status: 200,
    data: { account: null },
    errors: [
      expect.objectContaining({
        message:
          'Scollect has too many calls at a time: this call got no concurrency slot, or its response no memory (GET /getaccount/{filenumber}).',
        path: ['account'],
        extensions: {
          code: 'UPSTREAM_UNAVAILABLE',
          upstream: 'SCOLLECT',
          operation: 'getaccount',
          retryable: true,
        },
      }),
    ],
  };

  it('are limited: further calls are rejected at once', async () => {
    const scollect = await startHangingScollect();
    const gateway = await startGateway({ scollect, limits: few });
    const replies: Reply[] = [];
    const asked = numbers(40).map(async (number) => {
      replies.push(await gateway.query(readOf(number)));
    });
    await until(() => replies.length === 35);
    expect(replies).toEqual(replies.map(() => overloaded));
    expect(gateway.upstreams.SCOLLECT.state()).toEqual({
      breaker: 'closed',
      inFlight: 2,
      waiting: 3,
      slots: 2,
    });
    await until(() => scollect.calls().length === 2);
    scollect.letGo();
    await Promise.all(asked);
    expect(replies.slice(35)).toEqual(numbers(5).map(() => acme));
    expect(gateway.upstreams.SCOLLECT.state()).toMatchObject(quiet);
    expect(gateway.lives.count()).toBe(0);
  });

  it('are given up when each has waited for as long as a call may take', async () => {
    const scollect = await startHangingScollect();
    const gateway = await startGateway({ scollect, limits: few, timeoutMs: 300 });
    const replies = await Promise.all(numbers(5).map((number) => gateway.query(readOf(number))));
    const codes = replies.map(({ errors }) => errors?.[0]?.extensions?.['code']);
    expect(codes).toEqual([
      'UPSTREAM_TIMEOUT',
      'UPSTREAM_TIMEOUT',
      ...numbers(3).map(() => expect.stringMatching(/^UPSTREAM_(?:TIMEOUT|UNAVAILABLE)$/) as unknown),
    ]);
    await until(() => gateway.upstreams.SCOLLECT.state()?.inFlight === 0);
    expect(gateway.upstreams.SCOLLECT.state()).toMatchObject({ inFlight: 0, waiting: 0 });
    expect(gateway.lives.count()).toBe(0);
    scollect.letGo();
  });

  it('are given up with their request', async () => {
    const scollect = await startHangingScollect();
    const gateway = await startGateway({ scollect, limits: few, requestTimeoutMs: 300 });
    const replies = await Promise.all(numbers(5).map((number) => gateway.query(readOf(number))));
    expect(replies.map(({ errors }) => errors?.[0]?.extensions?.['code'])).toEqual(
      numbers(5).map(() => 'UPSTREAM_TIMEOUT'),
    );
    await until(() => gateway.upstreams.SCOLLECT.state()?.inFlight === 0);
    expect(gateway.upstreams.SCOLLECT.state()).toMatchObject(quiet);
    expect(gateway.lives.count()).toBe(0);
    scollect.letGo();
  });
});

describe('a query that needs thousands of calls', { timeout }, () => {
  // A list takes 500 numbers: ten lists are 5,000 accounts, each of which is a call.
  const lists = Array.from({ length: 10 }, (_, n) => n);
  // It asks for more than the defaults allow: what is looked at is how it waits.
  const operationLimits = { maxUpstreamCalls: 10_000 };
  const manyAccounts = `query (${lists.map((n) => `$n${n}: [String!]!`).join(', ')}) {
    ${lists.map((n) => `l${n}: accounts(fileNumbers: $n${n}) { client }`).join('\n')}
  }`;
  const variables = Object.fromEntries(lists.map((n) => [`n${n}`, numbers(500, `L${n}F`)]));

  it('does not keep a small one waiting: its calls take turns with those', async () => {
    const scollect = await startScollect(20);
    const gateway = await startGateway({
      scollect,
      operationLimits,
      timeoutMs: 60_000,
      requestTimeoutMs: 60_000,
    });
    let isBigAnswered = false;
    const big = gateway.query(manyAccounts, variables).then((reply) => {
      isBigAnswered = true;
      return reply;
    });
    const waiting = () => gateway.upstreams.SCOLLECT.state()?.waiting ?? 0;
    await until(() => waiting() > 4900);
    for (let asked = 0; asked < 5; asked += 1) {
      const before = scollect.received.length;
      expect(await gateway.query(readOf(`SMALL${asked}`))).toEqual(acme);
      // Its turn comes as soon as one place is free.
      const place = scollect.received.findIndex(({ path }) => path.endsWith(`SMALL${asked}`));
      expect(place - before).toBeLessThan(64);
    }
    expect(isBigAnswered).toBe(false);
    expect(waiting()).toBeGreaterThan(3000);
    const { data, errors } = await big;
    expect(errors).toBeUndefined();
    expect(lists.flatMap((n) => data[`l${n}`] as { client: string }[])).toEqual(
      numbers(5000).map(() => ({ client: 'Acme' })),
    );
    expect(gateway.upstreams.SCOLLECT.state()).toMatchObject(quiet);
  });

  it('leaves nothing behind that waits when its time is over', async () => {
    const scollect = await startHangingScollect();
    const gateway = await startGateway({
      scollect,
      operationLimits,
      timeoutMs: 60_000,
      requestTimeoutMs: 3000,
    });
    const { errors } = await await gateway.query(manyAccounts, variables);
    expect(errors).toHaveLength(5000);
    await until(() => gateway.upstreams.SCOLLECT.state()?.inFlight === 0);
    expect(gateway.upstreams.SCOLLECT.state()).toMatchObject(quiet);
    expect(scollect.calls()).toHaveLength(32);
    scollect.letGo();
  });
});

describe('an upstream that fails', { timeout }, () => {
  const kinds: Readonly<Record<string, Answer>> = {
    reset: 'reset',
    silence: 'silence',
    '503': { status: 503, html: 'Service Unavailable' },
    '500': { status: 500, json: { error: 'Internal Server Error' } },
    '429': { status: 429, json: {} },
    '429 with Retry-After': { status: 429, json: {}, headers: { 'retry-after': '1' } },
    'HTML in 200': { html: '<html>Maintenance</html>' },
    'an error in 200': { json: { result: [{ error: 'The task has failed' }], state: 'SUCCESS' } },
    '401': { status: 401, json: { msg: 'Token has expired' } },
  };
  const queries = 120;
  const measured: string[] = [];
  afterAll(() => {
    process.stdout.write(`calls for a query, of an upstream that\n${measured.join('\n')}\n`);
  });

  /** Requests so many accounts, and returns how many calls the upstream received for each. */
  const callsPerQuery = async (
    kind: string,
    answer: (path: string) => Answer,
    areAtOnce: boolean,
  ): Promise<number> => {
    const scollect = await startUpstream(({ path }) => answer(path));
    const gateway = await startGateway({ scollect, timeoutMs: kind === 'silence' ? 50 : 5000 });
    const ask = async (number: string): Promise<void> => {
      const { data, errors } = await gateway.query(readOf(number));
      if (data.account === null) expect(errors).toHaveLength(1);
    };
    if (areAtOnce) await Promise.all(numbers(queries).map(ask));
    else for (const number of numbers(queries)) await ask(number);
    expect(gateway.upstreams.SCOLLECT.state()).toMatchObject({ inFlight: 0, waiting: 0 });
    const calls = scollect.received.length / queries;
    measured.push(`${calls.toFixed(3)} ${expect.getState().currentTestName?.split(' > ').at(-1)}`);
    return calls;
  };

  const each = Object.entries(kinds).flatMap(([kind, answer]) => [
    [kind, 'one after another', answer, false] as const,
    [kind, 'all at once', answer, true] as const,
  ]);

  it.each(each)(
    'sees hardly more calls than there are queries: %s, %s',
    async (kind, _, answer, areAtOnce) => {
      const calls = callsPerQuery(kind, (path) => (path === '/login' ? logIn : answer), areAtOnce);
      expect(await calls).toBeLessThanOrEqual(1.2);
    },
  );

  it.each(each)('in its log-ins too, sees hardly more either: %s, %s', async (kind, _, answer, areAtOnce) => {
    expect(await callsPerQuery(kind, () => answer, areAtOnce)).toBeLessThanOrEqual(1.2);
  });

  // Such a one never fails five times in a row, so that no breaker keeps the calls away. Refused tokens are left out:
  // each call is sent again once when there is a new one.
  const often = each.filter(([kind]) => ['reset', '503', '500', '429', 'HTML in 200'].includes(kind));
  it.each(often)('two times of three sees hardly more either: %s, %s', async (kind, _, answer, areAtOnce) => {
    let received = 0;
    const answerOrFail = (path: string): Answer => {
      if (path === '/login') return logIn;
      received += 1;
      return received % 3 === 0 ? accountAt(path) : answer;
    };
    const calls = await callsPerQuery(kind, answerOrFail, areAtOnce);
    // All of them go.
    expect(calls).toBeGreaterThan(1);
    expect(calls).toBeLessThanOrEqual(1.2);
  });
});
