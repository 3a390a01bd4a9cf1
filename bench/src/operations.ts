import { orderVariables } from './recovery-connect.ts';

/**
 * What is asked for; the key is a file number, a phone number, the name of a portfolio, or the beginning of numbers of
 * orders. `newDocument` is `account` with another document for each key, `failing` an account with calls that fail.
 */
export type Operation =
  | 'account'
  | 'newDocument'
  | 'failing'
  | 'accountsOfPhone'
  | 'portfolioPage'
  | 'largePage'
  | 'orders'
  | 'note'
  | 'payment';

/** An answer, as it is compared. */
export interface Answer {
  readonly data: unknown;
  readonly errors?: readonly unknown[];
}

/** How a kind of server is asked, and what it has to answer. */
export interface Dialect {
  /** The documents, with the variables of `variablesOf`; none of what cannot be asked for. */
  readonly documents: Readonly<Partial<Record<Operation, string>>>;
  /** Returns the answer that is expected for a key. */
  expected(operation: Operation, key: string): Answer;
}

export type Variables = Readonly<Record<string, unknown>>;

/** Payments are for today: a date in the past is rejected. */
const today = (): string => new Date().toISOString().slice(0, 10);

/** The note that is added. */
const noteText = { collectorName: 'bench', body: 'Called, no answer' } as const;

const variablesFor: Readonly<Partial<Record<Operation, (key: string) => Variables>>> = {
  orders: orderVariables,
  note: (key) => ({ input: { fileNumber: key, ...noteText } }),
  payment: (key) => ({
    input: { fileNumber: key, amount: '25.00', paymentDate: today(), idempotencyKey: key },
  }),
};

/** The variables of an operation for a key. No document contains a value, as those of clients do not. */
export const variablesOf = (operation: Operation, key: string): Variables =>
  variablesFor[operation]?.(key) ?? { key };
