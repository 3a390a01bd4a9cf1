import { type Claims, claimsWith, hmacToken } from './issuer.ts';

/** What gateways in tests check tokens with. */
export const jwtSecret = 'canary-jwt-secret-0123456789-abcdef';

/** Signs a token for a caller, valid for an hour by default. */
export const tokenFor = (claims: Claims, secret = jwtSecret): string =>
  hmacToken(claimsWith(claims), undefined, secret);
