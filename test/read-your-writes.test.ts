import { isNonNullType } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { corpusOf } from './support/corpus.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { startGateway } from './support/gateway.ts';
import { fieldsOf } from './support/operation-fields.ts';
import { readOperations } from './support/reads.ts';

const sandboxed = async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return { sandbox, ...(await startGateway({ sandbox })) };
};

const run = (alias: string, amount: string, key = alias): string => `${alias}: runPayment(input: {
  idempotencyKey: "${key}", fileNumber: "R1001", paymentDate: "2024-05-01", amount: "${amount}" }) {
    __typename
    ... on RunPaymentSuccess {
      account {
        currentBalance
        payments(first: 500) { totalCount }
        lastPayment { paymentDate }
        settlement { currentBalance }
      }
    }
  }`;

/** A selection for each read by the file number of the account. */
const accountReads = corpusOf('scollect')
  .filter(
    ({ operation, path, request }) =>
      readOperations.includes(operation) && /file_?number/i.test(path + JSON.stringify(request)),
  )
  .flatMap(({ operation }) => fieldsOf(operation))
  .filter(
    ({ typeName, field }) => typeName === 'Account' && field.args.every(({ type }) => !isNonNullType(type)),
  )
  .map(({ field }) => `${field.name} { __typename }`);

describe('after a mutation', () => {
  it('the next one of its request, and the next request, see the change', async () => {
    const { query } = await sandboxed();
    const { data, errors } = await query(`mutation { ${run('first', '1.00')} ${run('second', '2.00')} }`);
    expect(errors).toBeUndefined();
    const balances = [data.first, data.second].map(({ account }) => Number(account.currentBalance));
    expect(Number(balances[0]) - Number(balances[1])).toBeCloseTo(2);
    expect(data.second.account.settlement.currentBalance).toBe(data.second.account.currentBalance);
    expect(data.second.account.payments.totalCount).toBe(data.first.account.payments.totalCount + 1);
    const after = await query('{ account(fileNumber: "R1001") { currentBalance payments { totalCount } } }');
    expect(after.data.account).toMatchObject({
      currentBalance: data.second.account.currentBalance,
      payments: { totalCount: data.second.account.payments.totalCount },
    });
  });

  it('whose answer was lost, they see it too', async () => {
    const { query, sandbox } = await sandboxed();
    sandbox.faults.set([{ operation: 'run_payment_external', fault: 'lose-answer', times: 1 }]);
    const { data } = await query(`mutation { ${run('before', '1.00', 'a')} ${run('after', '2.00')} }`);
    expect(data.before.__typename).toBe('OutcomeUnknownError');
    expect(data.after.__typename).toBe('RunPaymentSuccess');
    expect(data.after.account.lastPayment.paymentDate).toBe('2024-05-01');
  });

  it('only what it may have changed is read again', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { query } = await startGateway({ scollect });
    const account = `account { status ${accountReads.join(' ')} }`;
    const input = 'idempotencyKey: "k", fileNumber: "R1001"';
    const mutations: readonly (readonly [mutation: string, type: string, reads: readonly string[]])[] = [
      [
        'addNote(input: { fileNumber: "R1001", collectorName: "c", body: "b" })',
        'AddNote',
        ['/getnotes/R1001'],
      ],
      [
        `sendEmail(input: { ${input}, template: "t", updatePermissions: false })`,
        'SendEmail',
        ['/getemails/R1001', '/getemailstats/R1001', '/getnotes/R1001'],
      ],
      [
        `sendText(input: { ${input.replace('"k"', '"l"')}, template: "t", messageType: "m", environment: "e" })`,
        'SendText',
        ['/getnotes/R1001'],
      ],
      [
        `updatePendingPayments(input: { ${input.replace('"k"', '"m"')}, invoice: "1" })`,
        'UpdatePendingPayments',
        [
          '/get_lastpayinfo',
          '/getAlaccountdata',
          '/getAlpaymentdata',
          '/getaccount/R1001',
          '/getnotes/R1001',
          '/getpayments/R1001',
        ],
      ],
    ];
    const warm = `warm: addNote(input: { fileNumber: "R1001", collectorName: "c", body: "b" }) { ... on AddNoteSuccess { ${account} } }`;
    for (const [mutation, type, reads] of mutations) {
      const begin = scollect.received.length;
      const { errors } = await query(
        `mutation { ${warm} next: ${mutation} { ... on ${type}Success { ${account} } } }`,
      );
      expect(errors).toBeUndefined();
      const paths = scollect.received.slice(begin).map(({ path }) => path);
      const written = paths.findLastIndex((path) => /^\/(?:Insert|send|update)/.test(path));
      expect(
        paths.slice(written + 1).sort(),
        `reads after ${type}: those of \`mutations\` in this file`,
      ).toEqual(reads.toSorted());
    }
  });
});
