import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Reply } from '../support/gateway.ts';
import { secondsFromNow } from '../support/issuer.ts';
import { tokenFor } from '../support/token.ts';

/** How a payment ended for its client. */
export type PaymentEnd =
  | { readonly kind: 'charged'; readonly approvalCode: string }
  | { readonly kind: 'unknown'; readonly outcomeId: string }
  | { readonly kind: 'open' };

export interface Payment {
  readonly key: string;
  readonly fileNumber: string;
  readonly amount: string;
}

/** The requests of one kind in a period. */
export interface Counts {
  requests: number;
  failed: number;
  /** What they failed with, and how often. */
  readonly reasons: Map<string, number>;
}

/** What happened from one call of `period` to the next. */
export interface Period {
  readonly reads: Counts;
  readonly payments: Counts;
  /** Responses that were not those of their request. */
  readonly wrong: string[];
  /** When the last request failed, in milliseconds of `performance.now()`; 0 if none did. */
  lastFailure: number;
}

export interface Load {
  /** Begins a new period, and returns it. */
  period(): Period;
  /** Ends when all payments have ended, each of which is repeated with its key until it has. */
  stop(): Promise<void>;
  readonly ends: ReadonlyMap<string, { readonly payment: Payment; readonly end: PaymentEnd }>;
  /** Sends a payment once more. */
  pay(payment: Payment): Promise<PaymentEnd>;
  pendingOutcomes(): Promise<readonly string[]>;
}

interface Target {
  readonly port: number;
  readonly ca: Buffer;
}

const readAccount = 'query ($fileNumber: String!) { account(fileNumber: $fileNumber) { fileNumber client } }';
const runPayment = `mutation ($input: RunPaymentInput!) { runPayment(input: $input) {
  __typename ... on RunPaymentSuccess { approvalCode } ... on MutationError { code }
  ... on OutcomeUnknownError { outcomeId } } }`;

const newPeriod = (): Period => ({
  reads: { requests: 0, failed: 0, reasons: new Map() },
  payments: { requests: 0, failed: 0, reasons: new Map() },
  wrong: [],
  lastFailure: 0,
});

// Valid for longer than a clock is stepped.
const scope = 'accounts:read payments:write payments:read outcomes:resolve';

class FailedRequest extends Error {}

/** A client's time between two attempts with one key. */
const retryMs = 250;

/** Sends reads, and payments of which each has a key of its own, until it is stopped. */
export const startLoad = ({ port, ca }: Target, readers: number, payers: number): Load => {
  const pool = new Pool(`https://127.0.0.1:${port}`, {
    connections: readers + payers + 1,
    connect: { ca, servername: 'recollect.example.com' },
    // A client's patience.
    headersTimeout: 30_000,
  });
  const headers = {
    host: 'recollect.example.com',
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${tokenFor({ scope, exp: secondsFromNow(86_400) })}`,
  };
  let current = newPeriod();
  let isStopping = false;
  let serial = 0;
  const ends = new Map<string, { payment: Payment; end: PaymentEnd }>();

  const ask = async (query: string, variables: object): Promise<Reply> => {
    let status: number;
    let text: string;
    try {
      const body = JSON.stringify({ query, variables });
      const response = await pool.request({ method: 'POST', path: '/graphql', headers, body });
      status = response.statusCode;
      text = await response.body.text();
    } catch (error) {
      throw new FailedRequest((error as NodeJS.ErrnoException).code ?? String(error));
    }
    if (status !== 200) throw new FailedRequest(`HTTP ${status}`);
    const reply = JSON.parse(text) as Reply;
    const code = reply.errors?.[0]?.extensions?.['code'];
    if (reply.errors) throw new FailedRequest(String(code ?? reply.errors[0]?.message));
    return reply;
  };

  const counted = async <Value>(kind: 'reads' | 'payments', send: () => Promise<Value>): Promise<Value> => {
    // Counted where it ends: a fault shows in the requests that end during it.
    try {
      const value = await send();
      current[kind].requests += 1;
      return value;
    } catch (error) {
      if (!(error instanceof FailedRequest)) throw error;
      const counts = current[kind];
      counts.requests += 1;
      counts.failed += 1;
      counts.reasons.set(error.message, (counts.reasons.get(error.message) ?? 0) + 1);
      current.lastFailure = performance.now();
      throw error;
    }
  };

  const ignoreFailure = (error: unknown): void => {
    if (!(error instanceof FailedRequest)) throw error;
  };

  const read = async (): Promise<void> => {
    serial += 1;
    const fileNumber = `R${serial % 500}`;
    const expected = { account: { fileNumber, client: `Client of ${fileNumber}` } };
    const { data } = await ask(readAccount, { fileNumber });
    if (JSON.stringify(data) !== JSON.stringify(expected)) current.wrong.push(JSON.stringify(data));
  };

  const pay = async ({ key, fileNumber, amount }: Payment): Promise<PaymentEnd> => {
    const input = { idempotencyKey: key, fileNumber, amount, paymentDate: '2030-01-02' };
    const { data } = await ask(runPayment, { input });
    const { __typename: name, code, approvalCode, outcomeId } = data.runPayment;
    if (name === 'RunPaymentSuccess') return { kind: 'charged', approvalCode };
    // Without an id the ledger could not be read: the message requests a repetition with the same key.
    if (name === 'OutcomeUnknownError' && outcomeId !== null) return { kind: 'unknown', outcomeId };
    throw new FailedRequest(`${name} ${code}`);
  };

  const payToTheEnd = async (payment: Payment): Promise<void> => {
    ends.set(payment.key, { payment, end: { kind: 'open' } });
    for (;;) {
      try {
        ends.set(payment.key, { payment, end: await counted('payments', () => pay(payment)) });
        return;
      } catch (error) {
        ignoreFailure(error);
      }
      await pause(retryMs);
    }
  };

  const reader = async (): Promise<void> => {
    while (!isStopping) {
      await counted('reads', read).catch(ignoreFailure);
      await pause(10);
    }
  };
  const payer = async (): Promise<void> => {
    while (!isStopping) {
      serial += 1;
      const payment = { key: `key ${serial}`, fileNumber: `P${serial}`, amount: `${serial}.00` };
      await payToTheEnd(payment);
      await pause(10);
    }
  };
  const clients = [...Array.from({ length: readers }, reader), ...Array.from({ length: payers }, payer)];

  return {
    period: () => {
      current = newPeriod();
      return current;
    },
    stop: async () => {
      isStopping = true;
      await Promise.all(clients);
    },
    ends,
    pay,
    pendingOutcomes: async () => {
      const { data } = await ask('{ pendingOutcomes { outcomeId } }', {});
      return (data.pendingOutcomes as { outcomeId: string }[]).map(({ outcomeId }) => outcomeId);
    },
  };
};
