import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { invalidToken, unverifiable } from './bearer.ts';
import type { Algorithm, KeySet, VerificationKey } from './keys.ts';

export interface TokenRules {
  /** The required issuer (`iss`); any issuer with the key if it is undefined. */
  readonly issuer?: string | undefined;
  /** The required audience (`aud`). */
  readonly audience?: string | undefined;
  /** Seconds by which the clocks of the issuer and the gateway may differ. */
  readonly clockSkewSeconds: number;
}

/** The key that a token names. */
export interface KeyHint {
  readonly algorithm: Algorithm;
  readonly kid: string | undefined;
}

// A key inside the token proves nothing, and extensions that must be understood (`crit`) are not supported.
const refusedMembers = ['crit', 'jwk', 'jku', 'x5c', 'x5u'];

const headerOf = (token: string) => {
  try {
    return decodeProtectedHeader(token);
  } catch {
    throw unverifiable();
  }
};

/** @throws {UnauthenticatedError} if the token requests another verification than that of the gateway. */
export const keyHintOf = (token: string, algorithms: readonly Algorithm[]): KeyHint => {
  const header = headerOf(token);
  const algorithm = algorithms.find((one) => one === header.alg);
  const kid: unknown = header.kid;
  const isRefused = refusedMembers.some((member) => member in header);
  if (algorithm === undefined || isRefused || (kid !== undefined && typeof kid !== 'string')) {
    throw unverifiable();
  }
  return { algorithm, kid };
};

const brokenClaims: Readonly<Record<string, string>> = {
  iss: 'of the issuer that this gateway trusts',
  aud: 'that is for this gateway',
  nbf: 'that is valid already',
  exp: 'whose exp is a number of seconds',
  iat: 'whose iat is a number of seconds',
};

const toAuthenticationError = (error: unknown): unknown => {
  if (error instanceof errors.JWTExpired) return invalidToken('that has not expired');
  const broken = error instanceof errors.JWTClaimValidationFailed && brokenClaims[error.claim];
  if (broken) return invalidToken(broken);
  return error instanceof errors.JOSEError ? unverifiable() : error;
};

const mayHaveSigned =
  ({ algorithm, kid }: KeyHint) =>
  (key: VerificationKey): boolean =>
    key.algorithm === algorithm && (kid === undefined || key.kid === undefined || key.kid === kid);

/**
 * Verifies the signature of a token with the keys that may have created it, and then issuer, audience and times.
 *
 * @returns its claims; `undefined` if none of the keys signed it.
 * @throws {UnauthenticatedError} if it is signed, but invalid.
 */
export const verify = async (
  token: string,
  hint: KeyHint,
  keys: KeySet,
  { issuer, audience, clockSkewSeconds }: TokenRules,
): Promise<JWTPayload | undefined> => {
  const options = {
    algorithms: [hint.algorithm],
    clockTolerance: clockSkewSeconds,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  for (const { key } of keys.filter(mayHaveSigned(hint))) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw toAuthenticationError(error);
    }
  }
  return undefined;
};
