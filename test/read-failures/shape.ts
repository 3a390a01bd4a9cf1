import type { Answer } from '../support/upstream.ts';

export interface Failure {
  readonly code: string;
  readonly says: string;
  readonly retryable: boolean;
  readonly retryAfter?: number;
}

/** An answer, which may be made of the documented success, and differ from the first call to the next. */
export type Served = Answer | ((success: unknown, call: number) => Answer);

/**
 * A form of an upstream's answer, and what a read has to make of it. `incomplete`: all of the data, and a warning that
 * rows were left out.
 */
export type Shape = readonly [
  name: string,
  answer: Served,
  outcome: 'nothing' | 'whole' | 'incomplete' | Failure,
];

export const unavailable: Failure = { code: 'UPSTREAM_UNAVAILABLE', says: 'is unavailable', retryable: true };
export const timeout: Failure = { code: 'UPSTREAM_TIMEOUT', says: 'did not answer in time', retryable: true };
export const rateLimited: Failure = {
  code: 'UPSTREAM_RATE_LIMITED',
  says: 'received too many requests',
  retryable: true,
};
export const badInput: Failure = {
  code: 'BAD_USER_INPUT',
  says: 'found the input invalid',
  retryable: false,
};
export const rejected: Failure = {
  code: 'UPSTREAM_REJECTED',
  says: 'declined the request',
  retryable: false,
};
export const badResponse: Failure = {
  code: 'UPSTREAM_BAD_RESPONSE',
  says: 'returned a response that cannot be understood',
  retryable: false,
};
export const authFailed: Failure = {
  code: 'UPSTREAM_AUTH_FAILED',
  says: "refused the gateway's credentials",
  retryable: false,
};

// Is placed wherever an upstream could repeat its input, or describe its internals.
export const canary = 'CANARY-123-45-6789';
export const leak = /CANARY|123-45-6789|111-22-333|R100\b|D3406/;

export const html = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  html: `<!doctype html><title>${status}</title><h1>${canary}</h1>`,
  headers,
});
export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Answer => ({
  status,
  json: body,
  headers,
});
export const wrapped = (result: unknown, status = 200): Answer => json({ result, state: 'SUCCESS' }, status);
export const notFound = `File number ${canary} does not exist.`;
export const asJson = { 'content-type': 'application/json' };

/** The documented rows, changed: wherever they sit, the rest of the answer stays. */
export const withRows = (body: unknown, change: (rows: readonly unknown[]) => unknown): unknown => {
  if (Array.isArray(body)) return change(body);
  if (typeof body !== 'object' || body === null) return body;
  const [key] = ['result', 'success', 'data'].filter((name) => name in body);
  if (key === undefined) return change([body]);
  return { ...body, [key]: withRows((body as Readonly<Record<string, unknown>>)[key], change) };
};

export const withoutKeys = (row: unknown): unknown =>
  Object.fromEntries(Object.keys(row as object).map((key) => [`other ${key}`, canary]));
export const withOtherTypes = (row: unknown): unknown =>
  Object.fromEntries(Object.keys(row as object).map((key) => [key, { text: canary }]));
