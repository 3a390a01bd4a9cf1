import { randomUUID } from 'node:crypto';
import type { Random } from '../../src/sandbox/random.ts';
import { mutationOf } from '../support/mutation.ts';

export interface SoakRequest {
  readonly query: string;
  readonly variables?: object;
  /** Milliseconds after which its client leaves. */
  readonly leavesAfter?: number;
}

const fileNumber = (random: Random): string => `R${random.integer(3001, 3300)}`;

const accountOf = (random: Random): string =>
  `{ account(fileNumber: "${fileNumber(random)}") { fileNumber currentBalance borrower { lastName ssn }
    phones { number status } payments(first: 20) { totalCount edges { node { amount paymentDate } } }
    notes(first: 5) { edges { node { body } } } orders { totalCount } } }`;

const accountsOf = (random: Random): string => {
  const numbers = Array.from({ length: random.integer(2, 40) }, () => fileNumber(random));
  return `{ accounts(fileNumbers: ${JSON.stringify(numbers)}) { fileNumber phones { number } attempts { totalCount } } }`;
};

const portfolio = `{ portfolios { name } portfolio(name: "C2C PDL TEST") { accounts(first: 50) {
  totalCount edges { node { fileNumber currentBalance phones { number status } } } } } }`;

const orders = `{ orders(first: 20) { totalCount edges { node { orderId createdAt status
  borrowers { fullName phones { number } } photos { name } } } } }`;

const both = `{ account(fileNumber: "R1001") { status settlement { currentBalance } contactSummary { asOf } }
  order(orderId: "57062885") { caseNumber borrowers { fullName addresses { city } } accounts { account { fileNumber } } } }`;

const addNote = mutationOf('addNote', '__typename');
const runPayment = mutationOf('runPayment', 'approvalCode account { payments(first: 1) { totalCount } }');

/** What is asked for, and how often of a hundred. */
const kinds: readonly (readonly [share: number, make: (random: Random) => SoakRequest])[] = [
  [35, (random) => ({ query: accountOf(random) })],
  [15, (random) => ({ query: accountsOf(random) })],
  [5, () => ({ query: portfolio })],
  [10, () => ({ query: orders })],
  [10, () => ({ query: both })],
  [10, (random) => ({ query: accountOf(random), leavesAfter: random.integer(1, 200) })],
  // Each its own document: what is kept of documents must not grow.
  [5, (random) => ({ query: `{ a${random.integer(1, 1e9)}: account(fileNumber: "R1001") { status } }` })],
  [2, (random) => ({ query: `{ account(fileNumber: "R1001") { field${random.integer(1, 1e9)} } }` })],
  [
    5,
    (random) => ({
      query: addNote,
      variables: { input: { fileNumber: fileNumber(random), collectorName: 'soak', body: 'Called' } },
    }),
  ],
  [
    3,
    (random) => ({
      query: runPayment,
      variables: {
        input: {
          idempotencyKey: randomUUID(),
          fileNumber: fileNumber(random),
          amount: `${random.integer(1, 99)}.00`,
          paymentDate: '2030-01-02',
        },
      },
    }),
  ],
];

export const nextRequest = (random: Random): SoakRequest => {
  let place = random.integer(1, 100);
  for (const [share, make] of kinds) {
    place -= share;
    if (place <= 0) return make(random);
  }
  return { query: both };
};
