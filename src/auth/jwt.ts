import type { JWTPayload } from 'jose';
import { whenKnown } from '../lib/when-known.ts';
import type { Caller } from '../operation/caller.ts';
import type { Log } from '../telemetry/log.ts';
import type { Authenticate } from './authentication.ts';
import { bearerTokenOf, checkForm, unverifiable } from './bearer.ts';
import { tokenIdentityOf } from './claims.ts';
import { createJwks } from './jwks.ts';
import type { KeySet } from './keys.ts';
import { createSecret } from './secret.ts';
import { createVerifiedTokens } from './verified-tokens.ts';
import { type KeyHint, keyHintOf, type TokenRules, verify } from './verify.ts';

/** The verification keys of an issuer: a secret for HS256, or the URL of its key set for RS256 and ES256. */
export type JwtKeys = { readonly secret: string } | { readonly jwksUrl: string };

export interface JwtOptions extends Omit<TokenRules, 'clockSkewSeconds'> {
  /** The claim with the tenant, by default `tenant`; `null` without tenants. */
  readonly tenantClaim?: string | null | undefined;
  /** Seconds by which the clocks of issuer and gateway may differ; 5 by default. */
  readonly clockSkewSeconds?: number | undefined;
  readonly log: Log;
}

interface Verified {
  readonly payload: JWTPayload;
  /** The key set that contains the verifying key. */
  readonly keys: KeySet;
}

/**
 * Creates the authentication by the JSON Web Token in the header Authorization.
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
    // The named key did not sign the token, so no other key did.
    if (hint.kid !== undefined && keys.some(({ kid }) => kid === hint.kid)) throw unverifiable();
    const renewed = await source.renewed();
    const later = renewed === keys ? undefined : await verify(token, hint, renewed, rules);
    if (later === undefined) throw unverifiable();
    return { payload: later, keys: renewed };
  };

  const introduce = async (token: string): Promise<Caller> => {
    // Checked before the keys are loaded: a malformed token causes no request to the issuer.
    checkForm(token);
    const hint = keyHintOf(token, source.algorithms);
    const current = await source.current();
    const { payload, keys } = await verifyAnew(token, hint, current);
    const introduction = tokenIdentityOf(payload, rules);
    verifiedTokens.keep(token, keys, introduction);
    return introduction.caller;
  };

  return (request) => {
    const token = bearerTokenOf(request);
    const known = verifiedTokens.find(token);
    if (!known) return introduce(token);
    return whenKnown(source.current(), (current) =>
      known.keys === current ? known.caller : introduce(token),
    );
  };
};
