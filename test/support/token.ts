import { type JWTPayload, SignJWT } from 'jose';

/** What gateways in tests check tokens with. */
export const jwtSecret = 'canary-jwt-secret-0123456789-abcdef';

/** Signs a token for a caller, good for an hour unless told. */
export const tokenFor = (
  claims: JWTPayload & { readonly scope?: string; readonly tenant?: string },
  { secret = jwtSecret, expires = '1h' }: { readonly secret?: string; readonly expires?: string } = {},
): Promise<string> =>
  new SignJWT({ sub: 'ann', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret));
