import { z } from 'zod';
import { toFlag } from '../../values/flag.ts';
import { toText } from '../../values/text.ts';
import type { Endpoint } from '../endpoint.ts';
import {
  failed,
  type HttpReply,
  isRecord,
  nothing,
  retryAfterSeconds,
  understood,
  type Verdict,
} from '../verdict.ts';

/** A write's success says no more than that: a text or `true`. */
export const acknowledgement = z.union([z.string(), z.literal(true)]);

// Scollect puts most errors inside HTTP 200 and says "SUCCESS" beside them: the state is the background task's,
// so the shape decides and the state only tells of tasks that have not ended well.
const unfinished = new Set(['PENDING', 'RECEIVED', 'STARTED', 'RETRY', 'REVOKED', 'FAILURE']);

// Error texts are the only sign of what went wrong where no number, or the wrong one, stands beside them:
// updatedbase says 404 for a column that does not exist, InsertNoteline 400 for an account that does not.
const unknownField = /\bfield\b.*\bdoes not exist\b/i;
const absent = /\bdoes not (?:exist|have)\b|\bmay not exist\b|\bnot found\b|^no\b.*\bfound\b/i;
// "Server not found" is a failure: only the absence of what was asked for is an answer.
const record = /\b(?:file ?numbers?|accounts?|ssn|phone|payments?|data|notes|portfolio)\b/i;
// What ended on the way was perhaps carried out.
const interrupted = /\btim(?:ed|e) ?out\b|\bconnection\b/i;
const invalid = /\bmissing\b|\binvalid\b|\brequired\b|\bmust\b|\bat least one\b|\bneed to provide\b/i;
// A task may time out for a missing heartbeat: of a TIMEOUT only a sentence about the input speaks of the input.
const validation = /\bmust be\b|\bis required\b|\bat least one\b|\bneed to provide\b/i;

/** The beginning of a text: what is longer than any sentence is not read, for that could take forever. */
const sentence = (text: string): string => text.slice(0, 1000);

const judgeError = (endpoint: Endpoint, text: unknown, status: unknown): Verdict => {
  const words = typeof text === 'string' ? sentence(text) : '';
  const badInput: Verdict = { kind: 'badInput', text: words };
  // The number beside a text is the real status; of 400 and 404 alone the text knows better.
  if (status === 401) return { kind: 'token' };
  if (status === 403) return { kind: 'refused', text: words };
  if (status === 429) return { kind: 'rateLimited', retryAfter: null };
  if (typeof status === 'number' && status >= 500) return failed(endpoint, 'unavailable');
  if (status === 408 || interrupted.test(words)) return failed(endpoint, 'timeout');
  if (unknownField.test(words)) return badInput;
  // A write whose account is not there found nothing too: it surely was not carried out.
  if (status === 404 || (absent.test(words) && record.test(words))) return { kind: 'nothing' };
  if (invalid.test(words) || status === 400 || status === 422) return badInput;
  return endpoint.effect === 'write'
    ? { kind: 'refused', text: words }
    : { kind: 'failed', reason: 'unavailable' };
};

/** Finds the error among the shapes `{error}`, `[{error}]` and `[{error}, status]`. */
const errorIn = (result: unknown): { text: unknown; status: unknown } | undefined => {
  const [first, status] = Array.isArray(result) ? (result as unknown[]) : [result];
  return isRecord(first) && 'error' in first && !('approvalcode' in first)
    ? { text: first['error'], status: typeof status === 'number' ? status : undefined }
    : undefined;
};

const places = ['result', 'success', 'Success', 'data'] as const;

/** Finds the payload: in `result`, in one of the keys below it, in `message`, or at the root itself. */
const payloadIn = (body: Readonly<Record<string, unknown>>): unknown => {
  const { result } = body;
  if (isRecord(result)) {
    const place = 'access_token' in result ? undefined : places.find((key) => key in result);
    return place === undefined ? result : result[place];
  }
  if ('approvalcode' in body || 'access_token' in body) return body;
  return result === undefined ? (body['message'] ?? body) : result;
};

const denial = /\b(?:not|unsuccess\w*|unable|fail\w*|cannot|could|error|declined|rejected)\b/i;

/** Whether a write says that it was carried out: by the key that its text stands under, or by the text. */
const isConfirmed = ({ result }: Readonly<Record<string, unknown>>, payload: unknown): boolean => {
  if (typeof payload !== 'string') return true;
  const words = sentence(payload);
  const isUnderSuccess = isRecord(result) && ('success' in result || 'Success' in result);
  return (isUnderSuccess || /\bsuccess/i.test(words)) && !denial.test(words);
};

const isDenied = (result: unknown): boolean =>
  isRecord(result) &&
  (toFlag(result['success']) === false ||
    (isRecord(result['response']) && toFlag(result['response']['Success']) === false));

// What a processor says of a charge that it surely did not make, and of one that it may be making still.
const turnedDown = /\b(?:declined?|denied|rejected|refused|not approved|disapproved)\b/i;
const unsettled =
  /\bpending\b|\bprocessing\b|\bno (?:response|answer)\b|\bcommunicat|\bunknown\b|\bnetwork\b/i;

// run_payment_external: a charge that has no approval code was not approved. Where nothing tells why, or the answer
// contradicts itself, who knows.
const judgeCharge = (endpoint: Endpoint, body: Readonly<Record<string, unknown>>): Verdict | undefined => {
  if (!('approvalcode' in body)) return undefined;
  const result = sentence(toText(body['result']) ?? '');
  if (toText(body['approvalcode']) !== null) {
    return turnedDown.test(result) ? failed(endpoint, 'unreadable') : undefined;
  }
  const error = toText(body['error']);
  const text = error === null ? (turnedDown.test(result) ? result : null) : sentence(error);
  return text === null || interrupted.test(text) || unsettled.test(text)
    ? failed(endpoint, 'unreadable')
    : { kind: 'refused', text };
};

const judgeBody = (endpoint: Endpoint, body: Readonly<Record<string, unknown>>): Verdict => {
  const { state, status, result } = body;
  if (state === 'TIMEOUT') {
    // Also Scollect's word for bad input: then the text speaks of the input.
    return typeof status === 'string' && validation.test(sentence(status))
      ? { kind: 'badInput', text: status }
      : failed(endpoint, 'timeout');
  }
  if (typeof state === 'string' && unfinished.has(state)) return failed(endpoint, 'unavailable');
  if (result === undefined && 'task_id' in body) return failed(endpoint, 'unavailable');
  // Only a read may be sent again on the mere look of a message about the token.
  if (result === undefined && 'msg' in body && endpoint.effect === 'read') return { kind: 'token' };

  const error = errorIn(result === undefined ? body : result);
  if (error) return judgeError(endpoint, error.text, error.status);
  const charge = judgeCharge(endpoint, body);
  if (charge) return charge;
  if (isDenied(result)) return { kind: 'refused' };

  const payload = payloadIn(body);
  if (Array.isArray(payload) && payload.length === 0) return nothing(endpoint);
  return endpoint.effect === 'read' || isConfirmed(body, payload)
    ? understood(endpoint, payload)
    : failed(endpoint, 'unreadable');
};

/**
 * Tells what an answer of Scollect means, from its HTTP status and the shape of its body.
 *
 * Source: the "Error" sections of the Scollect API documentation and the notes on Celery's states.
 */
export const judgeScollect = (endpoint: Endpoint, reply: HttpReply): Verdict => {
  const { status, json } = reply;
  // Flask-JWT-Extended answers 401 for an expired token and 422 for one it cannot read.
  if (status === 401 || (status === 422 && isRecord(json) && 'msg' in json)) return { kind: 'token' };
  if (status === 429) return { kind: 'rateLimited', retryAfter: retryAfterSeconds(reply) };
  if (status >= 500) return failed(endpoint, status === 504 ? 'timeout' : 'unavailable');
  if (status === 403) return { kind: 'refused' };
  if (status === 408) return failed(endpoint, 'timeout');
  if (status >= 400) {
    const error = isRecord(json) ? errorIn(json['result'] ?? json) : undefined;
    // Flask says 404 of a route that is not there, in HTML or JSON: only a text can say it of an account.
    if (error) return judgeError(endpoint, error.text, error.status ?? (status === 404 ? undefined : status));
    return status === 400 || status === 422 ? { kind: 'badInput' } : { kind: 'failed', reason: 'unreadable' };
  }
  return status < 300 && isRecord(json) ? judgeBody(endpoint, json) : failed(endpoint, 'unreadable');
};
