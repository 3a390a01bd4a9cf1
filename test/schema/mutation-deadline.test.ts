import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
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
const start = async () => {
  const late = (answer: Answer) => async (): Promise<Answer> => {
    await pause(requestTimeoutMs * 2);
    return answer;
  };
  const scollect = await startCorpusUpstream('scollect', {
    run_payment_external: late(approved),
    InsertNoteline: late(noted),
  });
  const { query } = await startGateway({ scollect, requestTimeoutMs });
  return { query, scollect };
};

describe('a write that is under way at the deadline', () => {
  it('with an idempotency key goes on, and the key tells its outcome later', async () => {
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
        message: 'It is not known whether this was carried out.',
      },
      second: {
        __typename: 'UnavailableError',
        code: 'UPSTREAM_UNAVAILABLE',
        message: 'Scollect did not answer in time; nothing was sent.',
      },
    });
    await pause(requestTimeoutMs);
    expect(scollect.calls()).toEqual(['/InsertNoteline']);
  });
});
