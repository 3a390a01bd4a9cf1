import { z } from 'zod';
import { toFlag } from '../../values/flag.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { isRecord } from '../endpoint/row.ts';
import { hasTokenStatus, isAboutToken } from '../endpoint/token-words.ts';
import {
  accepted,
  failed,
  type HttpReply,
  noContent,
  retryAfterSeconds,
  type Verdict,
} from '../endpoint/verdict.ts';
import { judgeCharge } from './charge.ts';
import { longestText, textValues, wordsOf } from './texts.ts';
import { signsIn, statesAbsence } from './words.ts';
import { judgeWrite, judgeWriteError, unknownField } from './writes.ts';

/** The success of a write: a text or `true`. */
export const acknowledgement = z.union([z.string(), z.literal(true)]);

// Scollect returns most errors with HTTP 200 and the state "SUCCESS", which is that of the background task. The shape
// decides, and the state shows only tasks that failed.
const unfinished = new Set(['PENDING', 'RECEIVED', 'STARTED', 'RETRY', 'REVOKED', 'FAILURE']);

// States of a task that may have been executed.
const interrupted = /\btim(?:ed|e) ?out\b|\bconnection\b/i;
// A task may time out for a missing heartbeat: with TIMEOUT, only a sentence about the input is about the input.
const validation = /\bmust be\b|\bis required\b|\bat least one\b|\bneed to provide\b/i;

type Body = Readonly<Record<string, unknown>>;

// Only the text identifies the error if the adjacent number is missing or wrong: InsertNoteline returns 400 for an
// account that does not exist.
const judgeReadError = ({ operation }: Endpoint, text: string, status: unknown): Verdict => {
  const badInput: Verdict = { kind: 'badInput', text };
  const signs = signsIn(text);
  // A read may be sent again because of the text alone.
  if (isAboutToken(text)) return { kind: 'token' };
  if (status === 403) return { kind: 'refused', text };
  if (unknownField.test(text)) return badInput;
  if (statesAbsence(text, operation) || (status === 404 && text === '')) return { kind: 'nothing' };
  // Another object than the requested one is missing.
  if (status === 404) return { kind: 'failed', reason: 'unreadable' };
  if (signs.has('invalid') || status === 400 || status === 422) return badInput;
  return { kind: 'failed', reason: 'unavailable' };
};

const payloadKeys = ['result', 'success', 'Success', 'data'] as const;

/** Whether a row contains anything but a blank error. */
const holdsMore = ({ state: _, error: __, ...rest }: Body): boolean =>
  textValues(rest).length > 0 || payloadKeys.some((key) => rest[key] !== undefined && rest[key] !== null);

interface ErrorFound {
  readonly error: unknown;
  /** The adjacent number: the actual status. */
  readonly status: number | undefined;
  /** The other values of the row. */
  readonly row: Body;
}

/**
 * Finds the error in the shapes `{error}`, `[{error}]` and `[{error}, status]`. A blank error counts only if it is
 * alone.
 */
const errorIn = (result: unknown): ErrorFound | undefined => {
  const [row, status] = Array.isArray(result) ? (result as unknown[]) : [result];
  if (!isRecord(row) || !('error' in row)) return undefined;
  const { error } = row;
  if (wordsOf(error) === '' && holdsMore(row)) return undefined;
  return { error, status: typeof status === 'number' ? status : undefined, row };
};

const judgeError = (endpoint: Endpoint, { error, status, row }: ErrorFound): Verdict => {
  const text = wordsOf(error);
  // The number next to a text is the actual status; for 400 and 404 the text is more precise.
  if (status === 401 || (endpoint.effect === 'read' && hasTokenStatus(row))) return { kind: 'token' };
  if (status === 429) return { kind: 'rateLimited', retryAfter: null };
  if (typeof status === 'number' && status >= 500) return failed(endpoint, 'unavailable');
  if (status === 408 || interrupted.test(text)) return failed(endpoint, 'timeout');
  return endpoint.effect === 'write'
    ? judgeWriteError(endpoint, { text, status, row })
    : judgeReadError(endpoint, text, status);
};

/** Finds the payload: in `result`, in one of the keys below it, in `message`, or at the root itself. */
const payloadIn = (body: Body): unknown => {
  const { result } = body;
  if (isRecord(result)) {
    const place = 'access_token' in result ? undefined : payloadKeys.find((key) => key in result);
    return place === undefined ? result : result[place];
  }
  if ('approvalcode' in body || 'access_token' in body) return body;
  return result === undefined ? (body['message'] ?? body) : result;
};

const isValidation = (status: unknown): status is string =>
  typeof status === 'string' && validation.test(status.slice(0, longestText));

/** `{msg}` is the form of Flask-JWT-Extended; other layers use a `code` or words. */
const refusesToken = (body: Body): boolean =>
  'msg' in body || hasTokenStatus(body) || isAboutToken(wordsOf(body['message']));

/** Returns the verdict on a task that failed by its state, or has no result. */
const judgeTask = (endpoint: Endpoint, { state, status, result, ...body }: Body): Verdict | undefined => {
  if (state === 'TIMEOUT') {
    // Scollect also uses it for invalid input, which the text then describes.
    return isValidation(status)
      ? judgeWriteError(endpoint, { text: status, status: 400, row: {} })
      : failed(endpoint, 'timeout');
  }
  if (typeof state === 'string' && unfinished.has(state)) return failed(endpoint, 'unavailable');
  if (result === undefined && 'task_id' in body) return failed(endpoint, 'unavailable');
  // Only a read may be sent again because a message may be about the token.
  return result === undefined && endpoint.effect === 'read' && refusesToken(body)
    ? { kind: 'token' }
    : undefined;
};

const judgeRead = (endpoint: Endpoint, { result }: Body, payload: unknown): Verdict => {
  if (isRecord(result) && toFlag(result['success']) === false) return { kind: 'refused' };
  return Array.isArray(payload) && payload.length === 0 ? noContent(endpoint) : accepted(endpoint, payload);
};

const judgeBody = (endpoint: Endpoint, body: Body): Verdict => {
  const { result } = body;
  const task = judgeTask(endpoint, body);
  if (task) return task;
  const charge = endpoint.isCharge ? judgeCharge(endpoint, body) : undefined;
  if (charge) return charge;
  const error = errorIn(result === undefined ? body : result);
  if (error) return judgeError(endpoint, error);
  const judge = endpoint.effect === 'read' ? judgeRead : judgeWrite;
  return judge(endpoint, body, payloadIn(body));
};

/** The shape of the error in a body with a status of its own. */
const errorUnder = (status: number, json: unknown): ErrorFound | undefined => {
  if (!isRecord(json)) return undefined;
  const found = errorIn(json['result'] ?? json);
  // Flask returns 404 for a missing route, in HTML or JSON: only a text shows that an account is missing.
  return found && { ...found, status: found.status ?? (status === 404 ? undefined : status) };
};

/** Returns the verdict on a 4xx without an `error` in JSON, such as a page of a proxy. */
const judgePage = (endpoint: Endpoint, { status, json }: HttpReply): Verdict => {
  // It does not prove that the server behind the proxy executed nothing.
  if (endpoint.isOnce) return failed(endpoint, 'unreadable');
  // Other layers use other keys, such as `{message}`.
  const text = wordsOf(json);
  if (status === 403) return { kind: 'refused', text };
  return status === 400 || status === 422 ? { kind: 'badInput', text } : failed(endpoint, 'unreadable');
};

/**
 * Determines the verdict on a response of Scollect by its HTTP status and the shape of its body.
 *
 * Source: the "Error" sections of the Scollect API documentation and the notes on the states of Celery.
 */
export const judgeScollect = (endpoint: Endpoint, reply: HttpReply): Verdict => {
  const { status, json } = reply;
  // Flask-JWT-Extended returns 401 for an expired token and 422 for an unreadable one.
  if (status === 401 || (status === 422 && isRecord(json) && 'msg' in json)) return { kind: 'token' };
  if (status === 429) return { kind: 'rateLimited', retryAfter: retryAfterSeconds(reply) };
  if (status >= 500) return failed(endpoint, status === 504 ? 'timeout' : 'unavailable');
  if (status === 408) return failed(endpoint, 'timeout');
  if (status >= 400) {
    if (endpoint.effect === 'read' && isRecord(json) && refusesToken(json)) return { kind: 'token' };
    const error = errorUnder(status, json);
    return error ? judgeError(endpoint, error) : judgePage(endpoint, reply);
  }
  return status < 300 && isRecord(json) ? judgeBody(endpoint, json) : failed(endpoint, 'unreadable');
};
