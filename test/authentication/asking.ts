import type { Authenticate } from '../../src/auth/authentication.ts';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../src/auth/authentication.ts';
import type { Caller } from '../../src/operation/caller.ts';

export const requestWith = (headers: HeadersInit): Request =>
  new Request('http://gateway/graphql', { headers });

export const bearing = (token: string): Request => requestWith({ authorization: `Bearer ${token}` });

/** The caller, or the reason why it is unknown. */
export type Outcome =
  | Caller
  | { readonly problem: string; readonly challenge: string }
  | { readonly retryAfter: number };

export const outcomeOf = async (authenticate: Authenticate, request: Request): Promise<Outcome> => {
  try {
    return await authenticate(request);
  } catch (error) {
    if (error instanceof UnauthenticatedError) return { problem: error.message, challenge: error.challenge };
    if (error instanceof AuthenticationUnavailableError) return { retryAfter: error.retryAfter };
    throw error;
  }
};

const refused = (expected: string): Outcome => ({
  problem: `Authorization: expected a token ${expected}.`,
  challenge: 'Bearer error="invalid_token"',
});

export const refusals = {
  missing: { problem: 'Authorization: expected Bearer and a token.', challenge: 'Bearer' },
  unverifiable: refused('that this gateway can verify'),
  tooLong: refused('of no more than 8192 characters'),
  expired: refused('that has not expired'),
  notYet: refused('that is valid already'),
  issuer: refused('of the issuer that this gateway trusts'),
  audience: refused('that is for this gateway'),
  form: (what: string) => refused(`whose ${what}`),
} as const;
