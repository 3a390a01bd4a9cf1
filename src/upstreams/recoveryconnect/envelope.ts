import { z } from 'zod';
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

/** A delete answers `{success: true}`. */
export const confirmation = z.object({ success: z.literal(true) });

/** Laravel's message for a missing record names a class; the one for a missing route speaks of the route. */
const isAbsent = (json: unknown): boolean =>
  isRecord(json) &&
  typeof json['message'] === 'string' &&
  /^No query results for model|not found|does not exist/i.test(json['message']) &&
  !/\broute\b/i.test(json['message']);

const isSuccessful = (body: Readonly<Record<string, unknown>>): boolean => {
  const { status, data } = body;
  return (
    (status === undefined || status === null || status === 'success') &&
    !(isRecord(data) && data['success'] === false)
  );
};

/** Photo transfers answer `{orders}` and the log-in its token with no envelope; all else sits at `data`. */
const payloadIn = (body: Readonly<Record<string, unknown>>): unknown => {
  if ('data' in body) return body['data'];
  return 'orders' in body ? body['orders'] : body;
};

const warningsIn = (body: Readonly<Record<string, unknown>>): readonly string[] => {
  const { warnings } = body;
  if (!Array.isArray(warnings)) return [];
  return warnings.map((warning: unknown) =>
    typeof warning === 'string' ? warning : JSON.stringify(warning),
  );
};

const judgeBody = (endpoint: Endpoint, body: Readonly<Record<string, unknown>>): Verdict => {
  if (!isSuccessful(body)) {
    return endpoint.effect === 'write' ? { kind: 'refused' } : { kind: 'failed', reason: 'unavailable' };
  }
  // `meta` is left behind on purpose: its `fixme` holds paths of the server's files.
  const payload = payloadIn(body);
  if (payload === null || (Array.isArray(payload) && payload.length === 0)) return nothing(endpoint);
  return understood(endpoint, payload, warningsIn(body));
};

/**
 * Tells what an answer of RecoveryConnect, a Laravel server, means.
 *
 * Its error bodies are not documented: those that Laravel gives are expected.
 */
export const judgeRecoveryConnect = (endpoint: Endpoint, reply: HttpReply): Verdict => {
  const { status, headers, json } = reply;
  if (status === 401) return { kind: 'token' };
  // Without a token Laravel sends a browser to its log-in page.
  if (status >= 300 && status < 400) {
    return /login/i.test(String(headers['location'])) ? { kind: 'token' } : failed(endpoint, 'unreadable');
  }
  if (status === 403) return { kind: 'refused' };
  if (status === 400 || status === 422) return { kind: 'badInput' };
  if (status === 404) return isAbsent(json) ? { kind: 'nothing' } : { kind: 'failed', reason: 'unreadable' };
  if (status === 429) return { kind: 'rateLimited', retryAfter: retryAfterSeconds(reply) };
  if (status >= 500) return failed(endpoint, status === 504 ? 'timeout' : 'unavailable');
  if (status >= 400) return { kind: 'failed', reason: 'unreadable' };
  return isRecord(json) ? judgeBody(endpoint, json) : failed(endpoint, 'unreadable');
};
