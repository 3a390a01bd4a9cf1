import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { type Caller, type Scope, scopes } from '../operation/caller.ts';
import { invalidToken } from './bearer.ts';

export interface CallerRules {
  /** The claim with the tenant; `null` without tenants. */
  readonly tenantClaim: string | null;
  /** Seconds by which the clocks of the issuer and the gateway may differ. */
  readonly clockSkewSeconds: number;
}

// Without control characters, bidirectional formatting, and blanks at the ends.
const printable = /^(?! )[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,256}(?<! )$/u;

const nameOf = (claim: string) => {
  const error = `whose ${claim} is a text of 1 to 256 printable characters`;
  return z.string({ error }).regex(printable, { error });
};
const seconds = (claim: string) => z.number({ error: `whose ${claim} is a number of seconds` });

const claimsOf = z.object({
  sub: nameOf('sub'),
  // A token that never expires could not be revoked.
  exp: seconds('exp'),
  nbf: seconds('nbf').optional(),
  iat: seconds('iat').optional(),
  scope: z.string({ error: 'whose scope is a text' }).default(''),
});

const isScope = (text: string): text is Scope => scopes.some((scope) => scope === text);

const parse = <Value>(schema: z.ZodType<Value>, claims: unknown): Value => {
  const parsed = schema.safeParse(claims);
  if (!parsed.success) throw invalidToken(parsed.error.issues[0]?.message ?? 'with other claims');
  return parsed.data;
};

/** The caller in a verified token. */
export interface TokenIdentity {
  readonly caller: Caller;
  /** When the token expires, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Reads the caller from the claims of a verified token. Unknown scopes are ignored.
 *
 * @throws {UnauthenticatedError}
 */
export const tokenIdentityOf = (
  payload: JWTPayload,
  { tenantClaim, clockSkewSeconds }: CallerRules,
): TokenIdentity => {
  const { sub, exp, iat = 0, scope } = parse(claimsOf, payload);
  if (iat > Date.now() / 1000 + clockSkewSeconds) throw invalidToken('that is valid already');
  const isNamed = tenantClaim !== null && Object.hasOwn(payload, tenantClaim);
  const tenant = isNamed ? parse(nameOf('tenant'), payload[tenantClaim]) : null;
  const caller = { id: sub, tenant, scopes: new Set(scope.split(/\s+/).filter(isScope)) };
  return { caller, expiresAt: exp * 1000 };
};
