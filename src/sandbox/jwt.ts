import { createHmac, timingSafeEqual } from 'node:crypto';

export type Claims = Readonly<Record<string, unknown>> & { readonly exp: number };

export type TokenCheck =
  | { readonly kind: 'valid' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'invalid'; readonly reason: string };

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signatureOf = (content: string, secret: Buffer): Buffer =>
  createHmac('sha256', secret).update(content).digest();

/** Signs a JSON Web Token with HS256. */
export const signToken = (claims: Claims, secret: Buffer): string => {
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${signatureOf(content, secret).toString('base64url')}`;
};

const expiryOf = (payload: string): number | undefined => {
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Partial<Claims>;
  return claims.exp;
};

/** Checks a token of `signToken`: the signature first, then the time. The reasons are PyJWT's words. */
export const checkToken = (token: string, secret: Buffer, now: Date): TokenCheck => {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    return { kind: 'invalid', reason: 'Not enough segments' };
  }
  const expected = signatureOf(`${header}.${payload}`, secret);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return { kind: 'invalid', reason: 'Signature verification failed' };
  }
  const expiry = expiryOf(payload);
  return expiry !== undefined && expiry > now.getTime() / 1000 ? { kind: 'valid' } : { kind: 'expired' };
};
