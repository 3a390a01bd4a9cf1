import { badRequest, type Rejection } from '../rejection.ts';
import type { RequestGuard } from './guard.ts';

export const personalGetMessage = 'Personal data in a GET would end in logs and histories: use POST.';

const personalGet = badRequest(personalGetMessage);

/** So many digits can be a social security number, an account or a card. A list of shorter numbers is none. */
const longNumber = /\d(?:[\s-]?\d){8,}/;

/** Hashes of trusted documents, which can have any digits: SHA-256, SHA-1, and MD5, which Relay's compiler writes. */
const hash = /(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|(?=\d*[a-f])[0-9a-f]{32})(?![0-9a-f])/gi;

/** The decoded texts of a query string; a malformed one is searched as it is. */
const textsIn = (parameters: URLSearchParams): string => [...parameters].flat().join('\n').replace(hash, '');

/**
 * Rejects a GET or HEAD with a number as long as that of a person in its address, which servers log and browsers keep.
 * Validation rejects documents with personal arguments.
 */
export const checkPersonalData = (request: {
  readonly method: string;
  readonly searchParameters: URLSearchParams;
}): Rejection | undefined =>
  // The parameters are parsed on demand.
  request.method !== 'POST' && longNumber.test(textsIn(request.searchParameters)) ? personalGet : undefined;

export const personalData: RequestGuard = {
  name: 'personal data',
  routes: ['graphql', 'page', 'home'],
  stage: 'head',
  check: checkPersonalData,
};
