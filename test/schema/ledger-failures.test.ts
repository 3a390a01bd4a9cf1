import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Answer } from '../support/upstream.ts';

const charge = { idempotencyKey: 'key-1', fileNumber: '12345', paymentDate: '2023-04-15', amount: '9.00' };
const runPayment = mutationOf('runPayment', 'result approvalCode');
const approved: Answer = { json: { result: 'APPROVED', approvalcode: 'A-771', error: '' } };

/** A gateway on a ledger in a file, and an upstream that answers a charge when `answer` is called. */
const start = async () => {
  const file = join(temporaryFolder(), 'ledger.db');
  const ledger = await createLedger(openSqliteStore(file), createDigest(randomBytes(32)), {
    keyLifeMs: 60_000,
  });
  onTestFinished(() => ledger.close());
  let answer = (): void => {};
  let arrive = (): void => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const scollect = await startCorpusUpstream('scollect', {
    run_payment_external: () =>
      new Promise<Answer>((resolve) => {
        answer = () => resolve(approved);
        arrive();
      }),
  });
  const { query } = await startGateway({ scollect, ledger, requestTimeoutMs: 1000 });
  const send = async () => (await query(runPayment, { input: charge })).data.runPayment;
  const charges = () => scollect.calls().filter((path) => path === '/run_payment_external').length;
  const lock = (): (() => void) => {
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    return () => {
      other.exec('ROLLBACK');
      other.close();
    };
  };
  return { send, charges, lock, arrived, answer: () => answer(), query };
};

it('a ledger locked while a charge is in flight: its key returns OutcomeUnknownError with its outcomeId', async () => {
  const { send, charges, lock, arrived, answer, query } = await start();
  const first = send();
  await arrived;
  const unlock = lock();
  const open = { __typename: 'OutcomeUnknownError', outcomeId: expect.any(String) };
  const again = await send();
  expect(again).toMatchObject(open);
  answer();
  expect(await first).toMatchObject({ ...open, outcomeId: again.outcomeId });
  expect(await send()).toMatchObject({ ...open, outcomeId: again.outcomeId });
  const pending = async () => (await query('{ pendingOutcomes { outcomeId } }')).data.pendingOutcomes;
  await vi.waitFor(async () => expect(await pending()).toEqual([{ outcomeId: again.outcomeId }]), 60_000);
  unlock();
  expect(charges()).toBe(1);
}, 120_000);
