import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { type Answer, jwt, startUpstream } from '../support/upstream.ts';

const traced = { 'x-recollect-trace': '1' };

const call = (system: string, operation: string, path: string, rest: object = {}) => ({
  system,
  operation,
  path,
  milliseconds: expect.any(Number),
  status: 200,
  shared: false,
  ...rest,
});
const getaccount = (rest?: object) => call('SCOLLECT', 'getaccount', '/getaccount/{filenumber}', rest);
const getphones = (rest?: object) => call('SCOLLECT', 'getphones', '/getphones/{filenumber}', rest);

const account = '{ account(fileNumber: "R1001") { phones { number } } }';
const alone = '{ account(fileNumber: "R1001") { status } }';
const rows = (...result: readonly object[]): Answer => ({ json: { result, state: 'SUCCESS' } });

/** A Scollect whose every answer but to a log-in is awaited. */
const startScollect = (answer: (path: string) => Promise<Answer>) =>
  startUpstream(({ path }) =>
    path === '/login' ? { json: { result: { access_token: jwt({}) }, state: 'SUCCESS' } } : answer(path),
  );

describe('extensions.upstream', () => {
  it('lists the calls in the order in which they began, log-ins left out', async () => {
    const { query } = await startGateway();
    const { extensions } = await query('{ order(orderId: "20") { borrowers { fullName } } }', {}, traced);
    expect(extensions).toEqual({
      upstream: [
        // Orders are asked for together, as soon as nobody names another.
        call('RECOVERY_CONNECT', 'listOrderBorrowers', '/api/v140/orders/{order_id}/borrowers'),
        call('RECOVERY_CONNECT', 'filterOrders', '/api/v150/recon/orders'),
      ],
    });
    expect((await query(account, {}, traced)).extensions).toEqual({ upstream: [getaccount(), getphones()] });
  });

  it('keeps the order of the beginnings where the ends have another', async () => {
    const scollect = await startScollect(async (path) => {
      if (!path.endsWith('SLOW')) return rows({ filenumber: 'FAST' });
      await setTimeout(100);
      return { status: 500, json: {} };
    });
    const { query } = await startGateway({ scollect });
    const { extensions } = await query(
      '{ a: account(fileNumber: "SLOW") { fileNumber } b: account(fileNumber: "FAST") { fileNumber } }',
      {},
      traced,
    );
    expect(extensions).toEqual({ upstream: [getaccount({ status: 500 }), getaccount()] });
  });

  it('is not there unless it is asked for', async () => {
    const { query } = await startGateway();
    expect(await query(account)).not.toHaveProperty('extensions');
    expect(await query(account, {}, { 'x-recollect-trace': '0' })).not.toHaveProperty('extensions');
  });

  it('is empty where nothing was called', async () => {
    const { query } = await startGateway({ recoveryConnect: null });
    expect((await query('{ __typename }', {}, traced)).extensions).toEqual({ upstream: [] });
    const { data, extensions } = await query('{ order(orderId: "20") { orderId } }', {}, traced);
    expect(data).toEqual({ order: null });
    expect(extensions).toEqual({ upstream: [] });
  });

  it.each<readonly [Answer, number | null, number]>([
    [{ status: 500, html: 'no' }, 500, 1],
    [{ status: 503, html: 'no' }, 503, 3],
    ['reset', null, 3],
    ['silence', null, 1],
  ])('is there when all has failed, with all tries (%j)', async (answer, status, tries) => {
    const scollect = await startCorpusUpstream('scollect', { getaccount: answer });
    const { query } = await startGateway({ scollect, timeoutMs: answer === 'silence' ? 300 : 5000 });
    const { data, errors, extensions } = await query(alone, {}, traced);
    expect(data).toEqual({ account: null });
    expect(errors).toHaveLength(1);
    expect(extensions).toEqual({ upstream: Array(tries).fill(getaccount({ status })) });
  });

  it('has both exchanges of a call whose token was refused', async () => {
    let calls = 0;
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: () => {
        calls += 1;
        return calls === 1 ? { status: 401, json: {} } : rows({ filenumber: 'R1001' });
      },
    });
    const { query } = await startGateway({ scollect });
    const { extensions } = await query(alone, {}, traced);
    expect(extensions).toEqual({ upstream: [getaccount({ status: 401 }), getaccount()] });
  });

  it('has one entry for a call that was joined, however often it was sent', async () => {
    let calls = 0;
    const scollect = await startScollect(async (path) => {
      calls += 1;
      await setTimeout(200);
      if (path.endsWith('LOST')) return { status: 500, html: 'no' };
      return calls === 1 ? { status: 401, json: {} } : rows({ filenumber: 'R1001' });
    });
    const { query } = await startGateway({ scollect });
    const [one, other] = await Promise.all([query(alone, {}, traced), query(alone, {}, traced)]);
    expect(one.extensions).toEqual({ upstream: [getaccount({ status: 401 }), getaccount()] });
    expect(other.extensions).toEqual({ upstream: [getaccount({ shared: true })] });
    const lost = alone.replace('R1001', 'LOST');
    const [lostOne, lostOther] = await Promise.all([query(lost, {}, traced), query(lost, {}, traced)]);
    expect(lostOne.extensions).toEqual({ upstream: [getaccount({ status: 500 })] });
    expect(lostOther.extensions).toEqual({ upstream: [getaccount({ shared: true, status: 500 })] });
  });

  it('stands beside the warnings', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: { json: { data: [{ id: 20 }], warnings: ['Data of today is incomplete'] } },
    });
    const { query } = await startGateway({ recoveryConnect });
    const { extensions } = await query('{ order(orderId: "20") { orderId } }', {}, traced);
    expect(extensions).toEqual({
      warnings: [
        { upstream: 'RECOVERY_CONNECT', operation: 'filterOrders', message: 'Data of today is incomplete' },
      ],
      upstream: [call('RECOVERY_CONNECT', 'filterOrders', '/api/v150/recon/orders')],
    });
  });

  it('holds no key and no value', async () => {
    const [fileNumber, ssn] = ['SENTINEL7531', '123-45-6789'];
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: rows({ filenumber: fileNumber, ssn }),
      getphones: rows({ id: 7531, phone: '2223337531', ssn }),
    });
    const { query } = await startGateway({ scollect, scopes });
    const document = 'query ($f: String!) { account(fileNumber: $f) { fileNumber phones { number } } }';
    const both = await Promise.all([
      query(document, { f: fileNumber }, traced),
      query(document, { f: fileNumber }, traced),
      query(document, { f: ssn }, traced),
    ]);
    const told = JSON.stringify(both.map(({ extensions }) => extensions));
    expect(both[0].data.account.fileNumber).toBe(fileNumber);
    expect(told).toContain('"shared":true');
    expect(told).not.toMatch(/7531|6789|123-45|Bearer/);
    for (const { extensions } of both) {
      for (const one of (extensions?.['upstream'] as readonly object[] | undefined) ?? []) {
        expect(Object.keys(one)).toEqual(['system', 'operation', 'path', 'milliseconds', 'status', 'shared']);
      }
    }
  });
});
