import { z } from 'zod';
import { toInteger } from '../../values/identifier.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { isRecord } from '../endpoint/row.ts';
import { hasTokenStatus, isAboutToken } from '../endpoint/token-words.ts';
import {
  accepted,
  failed,
  type HttpReply,
  noContent,
  type Paging,
  retryAfterSeconds,
  type Verdict,
} from '../endpoint/verdict.ts';

/** A delete returns `{success: true}`. Further keys are kept: they may identify the deleted object. */
export const confirmation = z.looseObject({ success: z.literal(true) });

/** The message of Laravel for a missing record contains its class; any other 404 is about a route. */
const isAbsent = (json: unknown): boolean =>
  isRecord(json) &&
  typeof json['message'] === 'string' &&
  json['message'].startsWith('No query results for model');

const isDenied = ({ status, data }: Readonly<Record<string, unknown>>): boolean =>
  status === false ||
  (typeof status === 'string' && /^(?:fail|error)/i.test(status)) ||
  (isRecord(data) && data['success'] === false);

const isSuccessful = ({ status }: Readonly<Record<string, unknown>>): boolean =>
  status === undefined ||
  status === null ||
  status === true ||
  (typeof status === 'string' && status.toLowerCase() === 'success');

/**
 * Photo transfers return `{orders}`, and the log-in returns its token, without an envelope. All other payloads are in
 * `data`.
 */
const payloadIn = (body: Readonly<Record<string, unknown>>): unknown => {
  if ('data' in body) return body['data'];
  return 'orders' in body ? body['orders'] : body;
};

const warningsIn = ({ warnings }: Readonly<Record<string, unknown>>): readonly string[] => {
  const all: readonly unknown[] = Array.isArray(warnings) ? warnings : [warnings];
  return all
    .filter((warning) => warning !== undefined && warning !== null && warning !== '')
    .map((warning) => (typeof warning === 'string' ? warning : JSON.stringify(warning)));
};

const positive = (value: unknown): number | null => {
  const number = toInteger(value);
  return number !== null && number >= 0 ? number : null;
};

/** Paging is in `meta` or at the root; `per_page` is a text. */
const pagingIn = (body: Readonly<Record<string, unknown>>): Paging | null => {
  const { last_page, total, per_page } = isRecord(body['meta']) ? body['meta'] : body;
  const lastPage = positive(last_page);
  return lastPage === null
    ? null
    : { lastPage: Math.max(1, lastPage), total: positive(total), perPage: positive(per_page) };
};

const hasMessage = (body: unknown): boolean => isRecord(body) && typeof body['message'] === 'string';

const sentencesIn = (value: unknown): string[] => {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentencesIn) : [];
};

/** Returns all sentences of the values, each once; `undefined` if there are none. */
const textOf = (...values: readonly unknown[]): string | undefined => {
  const text = [...new Set(values.flatMap(sentencesIn))].join('. ');
  return text === '' ? undefined : text.replace(/([.!?])\. /g, '$1 ');
};

/** Laravel reports each invalid key with a list of sentences. */
const textsIn = (body: unknown): Record<string, string> => {
  const errors = isRecord(body) && isRecord(body['errors']) ? body['errors'] : {};
  const reasons = Object.entries(errors).map(([key, sentences]) => {
    const all: readonly unknown[] = Array.isArray(sentences) ? sentences : [sentences];
    return [key, all.filter((sentence) => typeof sentence === 'string').join(' ')] as const;
  });
  return Object.fromEntries(reasons);
};

type Refusal = (body: unknown) => Verdict;

const refused: Refusal = (body) => {
  const { message, error, errors, data } = isRecord(body) ? body : {};
  return { kind: 'refused', text: textOf(message, error, errors, isRecord(data) && data['message']) };
};

const badInput: Refusal = (body) => {
  const { message, error, errors } = isRecord(body) ? body : {};
  // A list contains no keys: its sentences are about the whole input.
  const text = textOf(message, error, Array.isArray(errors) && errors);
  return { kind: 'badInput', text, texts: textsIn(body) };
};

const judgeBody = (endpoint: Endpoint, body: Readonly<Record<string, unknown>>): Verdict => {
  if (isDenied(body)) {
    return endpoint.effect === 'write' ? refused(body) : { kind: 'failed', reason: 'unavailable' };
  }
  if (!isSuccessful(body)) return failed(endpoint, 'unreadable');
  // The rest of `meta` is dropped on purpose: its `fixme` contains server paths.
  const payload = payloadIn(body);
  // A list without rows is empty; null is no list.
  if (payload === null && endpoint.nothing === 'NO_ROWS') return failed(endpoint, 'unreadable');
  if (payload === null || (Array.isArray(payload) && payload.length === 0)) return noContent(endpoint);
  return accepted(endpoint, payload, { warnings: warningsIn(body), paging: pagingIn(body) });
};

/** Whether a token is refused under another status than 401. The text alone is enough for a read. */
const refusesToken = (endpoint: Endpoint, json: unknown): boolean => {
  if (endpoint.effect === 'write' || !isRecord(json) || 'data' in json) return false;
  const { message, error } = json;
  const inner = isRecord(error) ? error : {};
  return (
    [json, inner].some(hasTokenStatus) ||
    [message, error, inner['message']].some((text) => typeof text === 'string' && isAboutToken(text))
  );
};

/**
 * The statuses that prove that a write was not executed. Any other 4xx leaves its outcome unknown: a proxy may have
 * answered after the server behind it did.
 */
const writeRefusals: Readonly<Record<number, Refusal>> = {
  402: refused,
  405: refused,
  411: badInput,
  413: badInput,
  414: badInput,
  415: badInput,
  // The status of Laravel for an expired session: the route was not reached.
  419: () => ({ kind: 'failed', reason: 'unavailable' }),
  423: refused,
  426: refused,
  428: refused,
  431: badInput,
  451: refused,
};

// Only with its message these statuses are from the application: without one, a repeated write may have met its first
// execution.
const refusalsWithMessage: Readonly<Record<number, Refusal>> = { 409: refused, 410: refused, 412: refused };

const judgeClientError = (endpoint: Endpoint, { status, json }: HttpReply): Verdict => {
  if (endpoint.effect === 'read') return { kind: 'failed', reason: 'unreadable' };
  const refusal = writeRefusals[status] ?? (hasMessage(json) ? refusalsWithMessage[status] : undefined);
  return refusal?.(json) ?? failed(endpoint, 'unreadable');
};

/**
 * Determines the verdict on a response of RecoveryConnect, a Laravel server.
 *
 * Its error bodies are not documented: those of Laravel are expected.
 */
export const judgeRecoveryConnect = (endpoint: Endpoint, reply: HttpReply): Verdict => {
  const { status, headers, json } = reply;
  if (status === 401 || refusesToken(endpoint, json)) return { kind: 'token' };
  // Without a token Laravel redirects browsers to its log-in page.
  if (status >= 300 && status < 400) {
    return /login/i.test(String(headers['location'])) ? { kind: 'token' } : failed(endpoint, 'unreadable');
  }
  if (status === 403) return refused(json);
  if (status === 400 || status === 422) return badInput(json);
  if (status === 404 && isAbsent(json)) return { kind: 'nothing' };
  if (status === 429) return { kind: 'rateLimited', retryAfter: retryAfterSeconds(reply) };
  if (status === 408) return failed(endpoint, 'timeout');
  if (status >= 500) return failed(endpoint, status === 504 ? 'timeout' : 'unavailable');
  if (status >= 400) return judgeClientError(endpoint, reply);
  return isRecord(json) ? judgeBody(endpoint, json) : failed(endpoint, 'unreadable');
};
