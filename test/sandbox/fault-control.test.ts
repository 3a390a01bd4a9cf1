import { describe, expect, it } from 'vitest';
import { operations } from '../../src/sandbox/operations.ts';
import { recoveryConnectOperations } from '../../src/upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../../src/upstreams/scollect/operations.ts';
import { type Answer, send, startCaller } from './caller.ts';

const lostCharge = { operation: 'run_payment_external', fault: 'lose-answer', times: 1 };
const slowOrder = { operation: 'getOrder', fault: 'delay', milliseconds: 5 };

const start = async () => {
  const caller = await startCaller();
  const { scollect, recoveryConnect, faults } = caller.sandbox;
  const control =
    ({ url }: { readonly url: string }) =>
    (method: string, body?: unknown): Promise<Answer> =>
      send(`${url}/_sandbox/faults`, method, body, { accept: '*/*', 'content-type': 'text/plain' });
  return {
    ...caller,
    faults,
    atScollect: control(scollect),
    atRecoveryConnect: control(recoveryConnect),
  };
};

describe('/_sandbox/faults', () => {
  it('GET returns no faults at start', async () => {
    const { atScollect, atRecoveryConnect } = await start();
    expect(await atScollect('GET')).toMatchObject({ status: 200, body: [] });
    expect(await atRecoveryConnect('GET')).toMatchObject({ status: 200, body: [] });
  });

  it('PUT replaces the faults of both servers, and the next calls fail accordingly', async () => {
    const { atScollect, atRecoveryConnect, recoveryConnect, faults } = await start();
    expect(await atScollect('PUT', [lostCharge])).toMatchObject({ status: 200, body: [lostCharge] });
    const declined = { operation: 'getOrder', fault: 'decline', times: 2 };
    const replaced = await atRecoveryConnect('PUT', [slowOrder, declined]);
    expect(replaced).toMatchObject({ status: 200, body: [slowOrder, declined] });
    expect((await atScollect('GET')).body).toEqual([slowOrder, declined]);
    expect(faults.list()).toEqual([slowOrder, declined]);
    await atScollect('PUT', [declined]);
    expect((await recoveryConnect('GET', '/api/v150/orders/20')).status).toBe(403);
    expect((await atScollect('GET')).body).toEqual([{ ...declined, times: 1 }]);
  });

  it('DELETE removes all faults', async () => {
    const { atScollect, atRecoveryConnect, scollect, faults } = await start();
    faults.set([{ operation: 'getaccount', fault: 'hang' }]);
    expect(await atRecoveryConnect('DELETE')).toMatchObject({ status: 200, body: [] });
    expect((await atScollect('GET')).body).toEqual([]);
    expect((await scollect('GET', '/getaccount/R1001')).status).toBe(200);
  });

  it.each([
    ['no JSON', '[{', 'a list of switches as JSON'],
    ['nothing', '', 'a list of switches as JSON'],
    ['no list', lostCharge, 'list: Invalid input: expected array'],
    ['no switch', [lostCharge, 'hang'], '[1]: Invalid input: expected object'],
    ['no operation', [{ fault: 'hang' }], '[0].operation: Invalid option: expected one of "createCallback"|'],
    ['an unknown operation', [{ ...lostCharge, operation: 'toString' }], '[0].operation: Invalid option'],
    [
      'an unknown fault',
      [lostCharge, { ...lostCharge, fault: 'explode' }],
      '[1].fault: Invalid option: expected one of "decline"|"refuse"|',
    ],
    ['an unknown key', [{ ...lostCharge, count: 1 }], '[0]: Unrecognized key: "count"'],
    ['no number of times', [{ ...lostCharge, times: 0 }], '[0].times: Too small: expected number to be >=1'],
    ['half a time', [{ ...lostCharge, times: 1.5 }], '[0].times: Invalid input: expected int'],
    [
      'a text for a number',
      [{ ...slowOrder, milliseconds: '5' }],
      '[0].milliseconds: Invalid input: expected',
    ],
    ['a delay before now', [{ ...slowOrder, milliseconds: -1 }], '[0].milliseconds: Too small'],
    [
      'a delay that no timer can wait for',
      [{ ...slowOrder, milliseconds: 2 ** 31 }],
      '[0].milliseconds: Too big: expected number to be <=2147483647',
    ],
    [
      'a delay of unknown length',
      [{ operation: 'getOrder', fault: 'delay' }],
      '[0].milliseconds: Expected a number: delay needs it',
    ],
    [
      'a drip of unknown speed',
      [{ operation: 'login', fault: 'drip' }],
      '[0].milliseconds: Expected a number: drip needs it',
    ],
    [
      'all operations of no system',
      [{ operation: '*', fault: 'hang' }],
      '[0].system: Expected SCOLLECT or RECOVERY_CONNECT: * needs it',
    ],
    [
      'all operations of an unknown system',
      [{ operation: '*', system: 'Scollect', fault: 'hang' }],
      '[0].system: Invalid option: expected one of "SCOLLECT"|"RECOVERY_CONNECT"',
    ],
    [
      'one operation of a system',
      [{ ...lostCharge, system: 'SCOLLECT' }],
      '[0].system: Expected nothing: only * takes it',
    ],
    [
      'pending calls of RecoveryConnect',
      [{ operation: '*', system: 'RECOVERY_CONNECT', fault: 'pending' }],
      '[0].fault: Expected another: * of RECOVERY_CONNECT is no operation of SCOLLECT, which alone has this one',
    ],
    [
      'another key in the answer to a note, which has none',
      [{ operation: 'InsertNoteline', fault: 'wrong-key' }],
      '[0].fault: Expected another: no answer of InsertNoteline can have this one',
    ],
    [
      'a length of what has none',
      [{ ...lostCharge, milliseconds: 5 }],
      '[0].milliseconds: Expected nothing: only delay and drip take it',
    ],
    [
      'a pending call of RecoveryConnect',
      [lostCharge, { operation: 'getOrder', fault: 'pending' }],
      '[1].fault: Expected another: getOrder is no operation of SCOLLECT',
    ],
  ])('PUT of %s → 400 with the expectation; nothing changes', async (_, body, message) => {
    const { atScollect, faults } = await start();
    faults.set([{ operation: 'getphones', fault: 'hang' }]);
    expect(await atScollect('PUT', body)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) },
    });
    expect(faults.list()).toEqual([{ operation: 'getphones', fault: 'hang' }]);
  });

  it('reports all faults at once', async () => {
    const { atScollect } = await start();
    const { body } = await atScollect('PUT', [
      { ...lostCharge, times: 0 },
      { ...slowOrder, fault: 'x' },
    ]);
    expect(body).toEqual({ message: expect.stringMatching(/^\[0\]\.times: .*; \[1\]\.fault: /) });
  });

  it('rejects other methods', async () => {
    const { atRecoveryConnect } = await start();
    const answer = await atRecoveryConnect('POST', [lostCharge]);
    expect(answer).toMatchObject({ status: 405, body: { message: 'Expected GET, PUT or DELETE.' } });
    expect(answer.headers.get('allow')).toBe('DELETE, GET, PUT');
    expect((await atRecoveryConnect('GET')).body).toEqual([]);
  });

  it('rejects a list that is too long', async () => {
    const { atRecoveryConnect } = await start();
    const answer = await atRecoveryConnect(
      'PUT',
      Array.from({ length: 20_000 }, () => lostCharge),
    );
    expect(answer).toMatchObject({ status: 413, body: { message: 'The list is too large.' } });
  });

  it('is no path of an operation', () => {
    const paths = Object.values(operations).map(({ path }) => path);
    expect(paths.filter((path) => /^\/(?:_sandbox|\{)/.test(path))).toEqual([]);
  });
});

describe('the operations of both systems', () => {
  it('have different names', () => {
    expect(Object.keys(operations)).toHaveLength(
      Object.keys(scollectOperations).length + Object.keys(recoveryConnectOperations).length,
    );
  });
});
