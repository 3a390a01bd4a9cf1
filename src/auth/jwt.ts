import type { JWTPayload } from 'jose';
import type { Log } from '../telemetry/log.ts';
import type { Authenticate } from './authentication.ts';
import { bearerTokenOf, checkForm, unverifiable } from './bearer.ts';
import { tokenIdentityOf } from './claims.ts';
import { createJwks } from './jwks.ts';
import type { KeySet } from './keys.ts';
import { createSecret } from './secret.ts';
import { createVerifiedTokens } from './verified-tokens.ts';
import { type KeyHint, keyHintOf, type TokenRules, verify } from './verify.ts';

/** What the issuer's signatures are checked with: a secret for HS256, or the address of its keys for RS256 and ES256. */
export type JwtKeys = { readonly secret: string } | { readonly jwksUrl: string };

export interface JwtOptions extends Omit<TokenRules, 'clockSkewSeconds'> {
  /** The claim that names the tenant: `tenant` unless told; `null` where there are no tenants. */
  readonly tenantClaim?: string | null | undefined;
  /** Seconds by which the clocks of the issuer and the gateway may differ: 5 unless told. */
  readonly clockSkewSeconds?: number | undefined;
  readonly log: Log;
}

interface Verified {
  readonly payload: JWTPayload;
  /** Those among which the one was that has signed it. */
  readonly keys: KeySet;
}

/**
 * Tells who asks by the JSON Web Token that the header Authorization brings.
 *
 * @throws {RangeError} if the secret is too short.
 */
export const createJwtAuthentication = (
  from: JwtKeys,
  { tenantClaim = 'tenant', clockSkewSeconds = 5, log, ...own }: JwtOptions,
): Authenticate => {
  const source = 'secret' in from ? createSecret(from.secret) : createJwks(from.jwksUrl, log);
  const rules = { ...own, tenantClaim, clockSkewSeconds };
  const verifiedTokens = createVerifiedTokens();

  const verifyAnew = async (token: string, hint: KeyHint, keys: KeySet): Promise<Verified> => {
    const payload = await verify(token, hint, keys, rules);
    if (payload !== undefined) return { payload, keys };
    // The key that it names has not signed it, and no other will have.
    if (hint.kid !== undefined && keys.some(({ kid }) => kid === hint.kid)) throw unverifiable();
    const renewed = await source.renewed();
    const later = renewed === keys ? undefined : await verify(token, hint, renewed, rules);
    if (later === undefined) throw unverifiable();
    return { payload: later, keys: renewed };
  };

  return async (request) => {
    const token = bearerTokenOf(request);
    const known = verifiedTokens.find(token);
    if (known && known.keys === (await source.current())) return known.caller;
    // Before the keys are asked for: what cannot be verified in any case costs its issuer nothing.
    checkForm(token);
    const hint = keyHintOf(token, source.algorithms);
    const current = await source.current();
    const { payload, keys } = await verifyAnew(token, hint, current);
    const introduction = tokenIdentityOf(payload, rules);
    verifiedTokens.keep(token, keys, introduction);
    return introduction.caller;
  };
};
