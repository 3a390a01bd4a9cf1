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

/** The variables of an operation for a key. */
export const variablesOf = (operation: Operation, key: string): Readonly<Record<string, string>> =>
  operation === 'orders' ? orderVariables(key) : { key };
