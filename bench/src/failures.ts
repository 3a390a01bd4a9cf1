/** An operation of Scollect that a query for one account calls. */
export type AccountCall = 'getaccount' | 'getphones' | 'getpayments';

/** The calls of a query for one account. */
export const accountCalls: readonly AccountCall[] = ['getaccount', 'getphones', 'getpayments'];

/** How a call fails: by its HTTP status, or inside HTTP 200, as Scollect mostly does. */
export type Failure = 'status' | 'body';

/** Accounts whose file numbers begin with this have calls that fail. */
export const failingPrefix = 'F';

// A fifth of all calls: of five accounts in a row, one fails itself, one has no phones, and one no payments.
const period = 5;
const placeOf: Readonly<Record<string, number>> = { getaccount: 0, getphones: 1, getpayments: 2 };

// One failure of fifteen has HTTP 500. Five such failures in a row would open the circuit breaker of Recollect, which
// nothing else is to be measured by: they are so far apart that 64 clients never have five of them in flight.
const statusPeriod = 26;
const cycle = 75;

/** Returns how a call for an account fails; `undefined` if it does not. A function of both, so that answers are known. */
export const failureOf = (call: string, fileNumber: string): Failure | undefined => {
  const place = placeOf[call];
  if (place === undefined || !fileNumber.startsWith(failingPrefix)) return undefined;
  const number = Number(fileNumber.slice(failingPrefix.length));
  if (number % period !== place) return undefined;
  return number % cycle === place * statusPeriod ? 'status' : 'body';
};

/** Names the failures of the calls for an account: answers with the same failures are equally long. */
export const failuresOf = (fileNumber: string): string =>
  accountCalls.map((call) => failureOf(call, fileNumber) ?? 'none').join();

/** The answers of Scollect that fail: the page of Flask, and an error with its own status inside HTTP 200. */
export const failureAnswers: Readonly<Record<Failure, { readonly status: string; readonly body: string }>> = {
  status: {
    status: '500 INTERNAL SERVER ERROR',
    body: '<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n',
  },
  body: { status: '200 OK', body: '{"result":[{"error":"Access is denied"},403],"state":"SUCCESS"}' },
};

const pathOf: Readonly<Record<AccountCall, readonly string[]>> = {
  getaccount: ['account'],
  getphones: ['account', 'phones'],
  getpayments: ['account', 'payments'],
};

const meaningOf = {
  status: { words: 'is unavailable', code: 'UPSTREAM_UNAVAILABLE', retryable: true },
  body: { words: 'declined the request', code: 'UPSTREAM_REJECTED', retryable: false },
} as const;

/** Returns the entry of `errors` for a call that failed, as Recollect writes it. */
export const errorOf = (operation: AccountCall, failure: Failure): unknown => {
  const { words, code, retryable } = meaningOf[failure];
  return {
    message: `Scollect ${words} (GET /${operation}/{filenumber}).`,
    path: pathOf[operation],
    extensions: { code, upstream: 'SCOLLECT', operation, retryable },
  };
};
