import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { errorLog, startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';
import type { Answer } from '../support/upstream.ts';

const requestTimeoutMs = 600;
const approved: Answer = { json: { result: 'APPROVED', approvalcode: 'A-771', error: '' } };
const noted: Answer = {
  json: { result: { success: 'Noteline inserted successfully' }, state: 'SUCCESS' },
};
const charge = { idempotencyKey: 'key-1', fileNumber: '12345', paymentDate: '2023-04-15', amount: '9.00' };
const runPayment = mutationOf('runPayment', 'result approvalCode');
const note =
  '(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { __typename ... on MutationError { code message } }';

/** A gateway whose requests end before the upstream answers its writes. */
const start = async (options: Parameters<typeof startGateway>[0] = {}) => {
  const late = (answer: Answer) => async (): Promise<Answer> => {
    await pause(requestTimeoutMs * 2);
    return answer;
  };
  const scollect = await startCorpusUpstream('scollect', {
    run_payment_external: late(approved),
    InsertNoteline: late(noted),
  });
  const { query } = await startGateway({ scollect, requestTimeoutMs, ...options });
  return { query, scollect };
};

const uuid = expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);

describe('a write that is in flight at the deadline', () => {
  it('with an idempotency key continues, and the key returns its outcome later', async () => {
    const { query, scollect } = await start();
    const { data } = await query(runPayment, { input: charge });
    expect(data.runPayment).toMatchObject({
      __typename: 'OutcomeUnknownError',
      code: 'IDEMPOTENCY_KEY_IN_USE',
      outcomeId: expect.any(String),
      whatToCheck: expect.stringMatching(/^Ask again with the same idempotency key\./),
    });
    await pause(requestTimeoutMs);
    const { data: later } = await query(runPayment, { input: charge });
    expect(later.runPayment).toEqual({
      __typename: 'RunPaymentSuccess',
      result: 'APPROVED',
      approvalCode: 'A-771',
    });
    expect(scollect.calls()).toEqual(['/run_payment_external']);
  });

  it('is logged if its outcome cannot be recorded', async () => {
    const store = openSqliteStore(':memory:');
    const ledger = await createLedger(
      {
        ...store,
        replace: (entry) =>
          entry.state === 'SETTLED' ? Promise.reject(new Error('disk')) : store.replace(entry),
      },
      createDigest(randomBytes(32)),
      { keyLifeMs: 60_000 },
    );
    const error = vi.fn();
    const { query } = await start({ ledger, log: errorLog(error) });
    expect((await query(runPayment, { input: charge })).data.runPayment.code).toBe('IDEMPOTENCY_KEY_IN_USE');
    await vi.waitFor(() => expect(error).toHaveBeenCalled(), 5000);
    expect(error.mock.calls).toEqual([
      [
        { isSent: true, requestId: uuid, traceId: expect.stringMatching(/^[\da-f]{32}$/) },
        'the ledger cannot be written',
      ],
    ]);
  });

  it('is waited for by a request with the same key no longer than its own deadline', async () => {
    const { query, scollect } = await start();
    const both = await Promise.all([1, 2].map(() => query(runPayment, { input: charge })));
    const inUse = { code: 'IDEMPOTENCY_KEY_IN_USE', outcomeId: expect.any(String) };
    expect(both.map(({ data }) => data.runPayment)).toMatchObject([inUse, inUse]);
    expect(scollect.calls()).toEqual(['/run_payment_external']);
  });

  it('without one is of unknown outcome, and those after it are not sent', async () => {
    const { query, scollect } = await start();
    const { data } = await query(`mutation { first: addNote${note} second: addNote${note} }`);
    expect(data).toEqual({
      first: {
        __typename: 'OutcomeUnknownError',
        code: 'OUTCOME_UNKNOWN',
        message: 'It is not known whether this was executed.',
      },
      second: {
        __typename: 'UnavailableError',
        code: 'UPSTREAM_UNAVAILABLE',
        message: 'Scollect was not called: the deadline of the request had passed; nothing was executed.',
      },
    });
    await pause(requestTimeoutMs);
    expect(scollect.calls()).toEqual(['/InsertNoteline']);
  });
});
