import { describe, expect, it } from 'vitest';
import type { FaultSwitch } from '../../src/sandbox/faults/switches.ts';
import { type Answer, logInToRecoveryConnect, logInToScollect, send, startCaller } from './caller.ts';
import { phonesPath, type System, samples, systems, write } from './samples.ts';

/** The code of the error that a call ended with; undefined where it was answered. */
const errorCode = async (call: Promise<Answer>): Promise<unknown> => {
  const error = await call.then(
    () => undefined,
    (reason: Error) => reason.cause,
  );
  return (error as { code?: unknown } | undefined)?.code;
};

const isWaiting = async (call: Promise<unknown>, milliseconds: number): Promise<boolean> => {
  const settled = call.then(
    () => false,
    () => false,
  );
  const waited = new Promise<boolean>((resolve) => setTimeout(() => resolve(true), milliseconds));
  return Promise.race([settled, waited]);
};

const start = async (system: System, ...switches: readonly Omit<FaultSwitch, 'operation'>[]) => {
  const caller = await startCaller();
  const { operation, count } = samples[system];
  const before = await count(caller);
  caller.sandbox.faults.set(switches.map((one) => ({ ...one, operation })));
  return {
    caller,
    faults: caller.sandbox.faults,
    write: () => write(caller, system),
    carriedOut: async () => (await count(caller)) - before,
  };
};

const invalidType = {
  message: 'The given data was invalid.',
  errors: { type: ['The selected type is invalid.'] },
};

const debugged = {
  message: 'Call to a member function toArray() on null',
  exception: 'Error',
  file: expect.stringMatching(/^\/var\/www\/.*\.php$/),
  line: 58,
  trace: [expect.objectContaining({ function: 'toArray' })],
};

describe('a response that a fault describes', () => {
  const body = { result: 'HELD FOR REVIEW', approvalcode: '123456' };
  it.each([
    ['answer', 0],
    ['replace-answer', 1],
  ] as const)('%s', async (fault, count) => {
    const { write, carriedOut } = await start('Scollect', { fault, body, times: 1 }, { fault, status: 409 });
    expect(await write()).toMatchObject({ status: 200, body });
    const { status, headers } = await write();
    expect([status, headers.get('content-type')]).toEqual([409, expect.stringContaining('text/html')]);
    expect(await carriedOut()).toBe(2 * count);
  });

  it.each<readonly [Omit<FaultSwitch, 'operation'>, string]>([
    [{ fault: 'answer' }, '[0].status: Expected this, body or both: answer needs it'],
    [{ fault: 'html', status: 404 }, '[0].status: Expected nothing: only answer and replace-answer take it'],
    [{ fault: 'html', body: {} }, '[0].body: Expected nothing: only answer and replace-answer take it'],
  ])('%j is rejected', async (one, message) => {
    const { sandbox } = await startCaller();
    expect(() => sandbox.faults.set([{ ...one, operation: 'getaccount' }])).toThrow(message);
  });
});

describe('a fault with a response', () => {
  it.each([
    ['decline', 'Scollect', 0, 200, { result: 'DECLINED', approvalcode: '', error: 'Insufficient funds' }],
    ['decline', 'RecoveryConnect', 0, 403, { message: 'This action is unauthorized.' }],
    ['refuse', 'Scollect', 0, 200, { result: { result: [] }, state: 'SUCCESS' }],
    ['refuse', 'RecoveryConnect', 0, 422, invalidType],
    ['pending', 'Scollect', 1, 200, { state: 'PENDING', status: 'Pending...' }],
    ['refuse-token', 'Scollect', 0, 401, { msg: 'Token has expired' }],
    ['refuse-token', 'RecoveryConnect', 0, 401, { message: 'Unauthenticated.' }],
    ['rate-limit', 'Scollect', 0, 429, undefined],
    ['rate-limit', 'RecoveryConnect', 0, 429, { message: 'Too Many Attempts.' }],
    ['wrong-types', 'Scollect', 1, 200, { result: 42, state: 'SUCCESS' }],
    ['wrong-types', 'RecoveryConnect', 1, 200, { data: 42 }],
    ['truncate', 'Scollect', 1, 200, undefined],
    ['truncate', 'RecoveryConnect', 1, 200, undefined],
    ['html', 'Scollect', 1, 200, undefined],
    ['html', 'RecoveryConnect', 1, 200, undefined],
    ['gzip-bomb', 'Scollect', 1, 200, []],
    ['gzip-bomb', 'RecoveryConnect', 1, 200, []],
    [
      'error-in-200',
      'Scollect',
      0,
      200,
      { result: [{ error: 'Internal Server Error' }, 500], state: 'SUCCESS' },
    ],
    ['error-in-200', 'RecoveryConnect', 0, 200, { status: 'error', message: 'Server Error' }],
    ['not-found-page', 'Scollect', 0, 404, undefined],
    ['not-found-page', 'RecoveryConnect', 0, 404, undefined],
    ['server-error', 'Scollect', 1, 500, undefined],
    ['server-error', 'RecoveryConnect', 1, 500, debugged],
    ['bad-gateway', 'Scollect', 1, 502, undefined],
    ['bad-gateway', 'RecoveryConnect', 1, 502, undefined],
    ['unavailable', 'Scollect', 0, 503, undefined],
    ['unavailable', 'RecoveryConnect', 0, 503, { message: 'Service Unavailable' }],
    ['gateway-timeout', 'Scollect', 1, 504, undefined],
    ['gateway-timeout', 'RecoveryConnect', 1, 504, undefined],
  ] as const)('%s of %s: %i writes are executed, the status is %i', async (fault, system, ...expected) => {
    const [carriedOut, status, body] = expected;
    const sample = await start(system, { fault });
    const answer = await sample.write();
    expect({ status: answer.status, body: answer.body }).toEqual({ status, body });
    expect(await sample.carriedOut()).toBe(carriedOut);
  });

  it.each([
    ['html', 'Scollect', '<h1>Welcome</h1>'],
    ['html', 'RecoveryConnect', '<h1>Welcome</h1>'],
    ['rate-limit', 'Scollect', '<h1>Too Many Requests</h1>'],
    ['not-found-page', 'Scollect', '<h1>Not Found</h1>'],
    ['not-found-page', 'RecoveryConnect', '<h1>404 Not Found</h1>'],
    ['server-error', 'Scollect', '<h1>Internal Server Error</h1>'],
    ['bad-gateway', 'RecoveryConnect', '<h1>502 Bad Gateway</h1>'],
    ['unavailable', 'Scollect', '<h1>503 Service Temporarily Unavailable</h1>'],
    ['gateway-timeout', 'Scollect', '<h1>504 Gateway Time-out</h1>'],
  ] as const)('%s of %s is an HTML page', async (fault, system, heading) => {
    const sample = await start(system, { fault });
    const { headers, text } = await sample.write();
    expect(headers.get('content-type')).toContain('text/html');
    expect(text).toContain(heading);
  });

  it.each(systems)('rate-limit of %s has a Retry-After', async (system) => {
    const sample = await start(system, { fault: 'rate-limit' });
    expect((await sample.write()).headers.get('retry-after')).toBe('1');
  });

  it.each(systems)('truncate of %s is the first half of the response', async (system) => {
    const sample = await start(system, { fault: 'truncate', times: 1 });
    const { text, headers } = await sample.write();
    const whole = (await sample.write()).text;
    expect(headers.get('content-length')).toBe(String(text.length));
    expect(Math.abs(text.length - whole.length / 2)).toBeLessThan(2);
    expect(text.slice(0, 5)).toBe(whole.slice(0, 5));
  });

  it('gzip-bomb is small until it is inflated', async () => {
    const sample = await start('Scollect', { fault: 'gzip-bomb' });
    const { headers, text } = await sample.write();
    expect(headers.get('content-encoding')).toBe('gzip');
    expect(Number(headers.get('content-length'))).toBeGreaterThan(100_000);
    expect(Number(headers.get('content-length'))).toBeLessThan(200_000);
    expect(text.length).toBeGreaterThan(100_000_000);
  });

  it('decline of another write of Scollect is an error with its status', async () => {
    const { caller, faults } = await start('Scollect');
    faults.set([{ operation: 'InsertNoteline', fault: 'decline' }]);
    const before = await caller.scollect('GET', '/getnotes/R1000');
    const note = { filenumber: 'R1000', collectorname: 'API', logmessage: 'Called' };
    expect(await caller.scollect('POST', '/InsertNoteline', note)).toMatchObject({
      status: 200,
      body: { result: [{ error: expect.stringMatching(/./) }, 403], state: 'SUCCESS' },
    });
    expect((await caller.scollect('GET', '/getnotes/R1000')).body).toEqual(before.body);
  });

  it('refuse names the path of a request without a body', async () => {
    const { caller, faults } = await start('RecoveryConnect');
    faults.set([{ operation: 'getOrder', fault: 'refuse' }]);
    expect(await caller.recoveryConnect('GET', '/api/v150/orders/20')).toMatchObject({
      status: 422,
      body: { errors: { order_id: ['The selected order id is invalid.'] } },
    });
  });

  it('applies to reads too', async () => {
    const { caller, faults } = await start('Scollect');
    faults.set([{ operation: 'getaccount', fault: 'refuse' }]);
    expect((await caller.scollect('GET', '/getaccount/R1001')).body).toEqual({
      result: { result: [] },
      state: 'SUCCESS',
    });
    expect((await caller.scollect('GET', '/getphones/R1001')).body).toMatchObject({ result: [{}, {}, {}] });
  });
});

describe.each(systems)('a fault of %s without a response', (system) => {
  it.each([
    ['reset', 0],
    ['lose-answer', 1],
  ] as const)('%s resets the connection, and %i writes are executed', async (fault, carriedOut) => {
    const sample = await start(system, { fault });
    expect(await errorCode(sample.write())).toBe('ECONNRESET');
    expect(await sample.carriedOut()).toBe(carriedOut);
  });

  it('hang leaves the connection open until the sandbox is closed, and executes nothing', async () => {
    const sample = await start(system, { fault: 'hang' });
    const call = sample.write();
    const code = errorCode(call);
    expect(await isWaiting(call, 150)).toBe(true);
    expect(await sample.carriedOut()).toBe(0);
    await sample.caller.sandbox.close();
    expect(await code).toBe('UND_ERR_SOCKET');
  });
});

describe.each(systems)('delay of %s', (system) => {
  it('returns the usual response after the delay', async () => {
    const { write } = await start(system, { fault: 'delay', milliseconds: 200 });
    const begin = performance.now();
    expect((await write()).status).toBe(200);
    // A timer may be a little early.
    expect(performance.now() - begin).toBeGreaterThan(195);
  });

  it('executes on arrival, even if the sandbox is closed before the response is due', async () => {
    const sample = await start(system, { fault: 'delay', milliseconds: 60_000 });
    const call = sample.write();
    const code = errorCode(call);
    await expect.poll(sample.carriedOut).toBe(1);
    expect(await isWaiting(call, 50)).toBe(true);
    await sample.caller.sandbox.close();
    expect(await code).toBe('UND_ERR_SOCKET');
  });
});

describe('a client that does not wait for a delayed response', () => {
  it('does not affect others', async () => {
    const { caller, faults } = await start('Scollect');
    faults.set([{ operation: 'login', fault: 'delay', milliseconds: 100, times: 1 }]);
    const { url, apiKey, pin } = caller.sandbox.scollect;
    const logIn = (signal: AbortSignal) =>
      fetch(`${url}/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ apikey: apiKey, pin }),
        signal,
      });
    await expect(logIn(AbortSignal.timeout(20))).rejects.toThrow('timeout');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect((await logIn(AbortSignal.timeout(5000))).status).toBe(200);
  });
});

describe('times of a fault', () => {
  it('is the number of calls that fail, also of concurrent ones', async () => {
    const { write, carriedOut, faults } = await start('Scollect', { fault: 'refuse', times: 2 });
    await Promise.all([write(), write(), write()]);
    expect(await carriedOut()).toBe(1);
    expect(faults.list()).toEqual([]);
  });

  it('does not count calls that would have been rejected anyway', async () => {
    const { caller, faults } = await start('RecoveryConnect', { fault: 'decline', times: 1 });
    const { status } = await fetch(caller.sandbox.recoveryConnect.url + phonesPath, {
      method: 'POST',
      headers: { accept: 'application/json', authorization: 'Bearer abc' },
    });
    expect(status).toBe(401);
    expect(faults.list()).toMatchObject([{ times: 1 }]);
  });

  it('is unlimited by default', async () => {
    const { write, carriedOut, faults } = await start('Scollect', { fault: 'refuse' });
    for (const _ of [1, 2, 3]) await write();
    expect(await carriedOut()).toBe(0);
    faults.clear();
    expect((await write()).body).toMatchObject({ result: 'APPROVED' });
  });
});

describe('several faults', () => {
  it('for one operation apply one after the other', async () => {
    const { write, carriedOut, faults } = await start(
      'RecoveryConnect',
      { fault: 'decline', times: 1 },
      { fault: 'gateway-timeout', times: 2 },
      { fault: 'refuse', times: 1 },
    );
    const statuses: number[] = [];
    for (const _ of [1, 2, 3, 4, 5]) statuses.push((await write()).status);
    expect(statuses).toEqual([403, 504, 504, 422, 200]);
    expect(await carriedOut()).toBe(3);
    expect(faults.list()).toEqual([]);
  });

  it('for different operations do not wait for each other', async () => {
    const { caller, faults } = await start('Scollect');
    faults.set([
      { operation: 'getphones', fault: 'hang' },
      { operation: 'getOrder', fault: 'decline', times: 1 },
      { operation: 'getaccount', fault: 'gateway-timeout', times: 3 },
    ]);
    expect((await caller.scollect('GET', '/getaccount/R1001')).status).toBe(504);
    expect((await caller.recoveryConnect('GET', '/api/v150/orders/20')).status).toBe(403);
    expect(faults.list()).toEqual([
      { operation: 'getphones', fault: 'hang' },
      { operation: 'getaccount', fault: 'gateway-timeout', times: 2 },
    ]);
  });

  it('are replaced by the next valid list, and stay if it is invalid', async () => {
    const { write, faults } = await start('RecoveryConnect', { fault: 'decline' });
    expect(() => faults.set([{ operation: 'createBorrowerPhone', fault: 'pending' }])).toThrow(
      '[0].fault: Expected another: createBorrowerPhone is no operation of SCOLLECT',
    );
    expect((await write()).status).toBe(403);
    faults.set([{ operation: 'createBorrowerPhone', fault: 'refuse' }]);
    expect((await write()).status).toBe(422);
  });

  it('belong to one sandbox', async () => {
    await start('Scollect', { fault: 'decline' });
    const other = await start('Scollect');
    expect((await other.write()).body).toMatchObject({ result: 'APPROVED' });
  });
});

describe('a fault for *', () => {
  it('applies to all operations of its system but the log-in', async () => {
    const { caller, faults } = await start('Scollect');
    faults.set([{ operation: '*', system: 'SCOLLECT', fault: 'bad-gateway' }]);
    expect((await write(caller, 'Scollect')).status).toBe(502);
    expect((await caller.scollect('GET', '/getaccount/R1001')).status).toBe(502);
    expect((await write(caller, 'RecoveryConnect')).status).toBe(200);
    expect(await logInToScollect(caller.sandbox)).toEqual(expect.any(String));
    faults.set([{ operation: '*', system: 'RECOVERY_CONNECT', fault: 'bad-gateway' }]);
    expect((await write(caller, 'RecoveryConnect')).status).toBe(502);
    expect((await write(caller, 'Scollect')).status).toBe(200);
    expect(await logInToRecoveryConnect(caller.sandbox)).toEqual(expect.any(String));
  });

  it('has lower priority than a fault for the operation, in any order', async () => {
    const { caller, faults } = await start('RecoveryConnect');
    faults.set([
      { operation: '*', system: 'RECOVERY_CONNECT', fault: 'bad-gateway', times: 2 },
      { operation: 'getOrder', fault: 'decline', times: 1 },
    ]);
    const statuses: number[] = [];
    for (const _ of [1, 2, 3]) {
      statuses.push((await caller.recoveryConnect('GET', '/api/v150/orders/20')).status);
    }
    expect(statuses).toEqual([403, 502, 502]);
    expect((await write(caller, 'RecoveryConnect')).status).toBe(200);
    expect(faults.list()).toEqual([]);
  });
});

describe('a log-in', () => {
  it.each([
    ['login', { result: [{ error: 'Invalid API Credentials.' }, 401], state: 'SUCCESS' }],
    ['authenticate', { message: 'The user credentials were incorrect.' }],
  ] as const)('%s with the fault of a rejected token rejects the credentials', async (operation, refusal) => {
    const { caller, faults } = await start('Scollect');
    faults.set([{ operation, fault: 'refuse-token' }]);
    const { scollect, recoveryConnect } = caller.sandbox;
    const answer =
      operation === 'login'
        ? await send(`${scollect.url}/login`, 'POST', { apikey: scollect.apiKey, pin: scollect.pin })
        : await send(`${recoveryConnect.url}/api/v140/auth`, 'POST', {
            username: recoveryConnect.username,
            password: recoveryConnect.password,
          });
    expect(answer.body).toEqual(refusal);
  });
});
