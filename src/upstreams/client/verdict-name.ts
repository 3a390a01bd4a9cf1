import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Verdict } from '../endpoint/verdict.ts';
import { TransportError } from './transport-error.ts';

/** The result of an exchange as its caller gets it. */
export const verdictNames = [
  'ok',
  'nothing',
  'bad_input',
  'refused',
  'failed',
  'bad_response',
  'rate_limited',
  'token',
  'unknown',
] as const;

export type VerdictName = (typeof verdictNames)[number];

/** Whether a verdict shows that an upstream does not work as it should. */
export const isFailure = (verdict: VerdictName): boolean => failures.has(verdict);

const failures: ReadonlySet<VerdictName> = new Set([
  'failed',
  'bad_response',
  'rate_limited',
  'token',
  'unknown',
]);

/** Whether a log-in was refused, in any form. */
export const isRefusedLogIn = ({ kind }: Verdict): boolean =>
  kind === 'token' || kind === 'badInput' || kind === 'refused' || kind === 'nothing';

/** @param isLogIn whether the call is a log-in: all of its refusals mean that there is no token. */
export const verdictNameOf = (endpoint: Endpoint, verdict: Verdict, isLogIn = false): VerdictName => {
  if (isLogIn && isRefusedLogIn(verdict)) return 'token';
  switch (verdict.kind) {
    case 'badInput':
      return 'bad_input';
    case 'rateLimited':
      return 'rate_limited';
    case 'failed':
      if (verdict.reason !== 'unreadable' && verdict.reason !== 'mismatched') return 'failed';
      return endpoint.effect === 'write' ? 'unknown' : 'bad_response';
    default:
      return verdict.kind;
  }
};

/** Returns the verdict on an exchange without a whole response. */
export const verdictWithoutResponse = ({ effect }: Endpoint, error: unknown): VerdictName => {
  if (!(error instanceof TransportError)) return effect === 'write' ? 'unknown' : 'failed';
  if (effect === 'write') return error.mayBeSent ? 'unknown' : 'failed';
  return error.loss === 'tooLarge' ? 'bad_response' : 'failed';
};
