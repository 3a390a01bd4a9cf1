import { UnauthenticatedError } from './authentication.ts';
import type { RequestHeaders } from './client-address.ts';

/** The maximum length of a token, checked before it is parsed. Tokens that are sent with each request are shorter. */
const maxLength = 8192;

/** The compact form of a signed token: header, claims and signature. */
const compact = /^[\w-]+\.[\w-]+\.([\w-]+)$/;

/** Creates the error of an invalid token, which states the violated rule. */
export const invalidToken = (expected: string): UnauthenticatedError =>
  new UnauthenticatedError(`Authorization: expected a token ${expected}.`, 'Bearer error="invalid_token"');

/** Creates one error for every fault in form or signature: it gives a forger no information. */
export const unverifiable = (): UnauthenticatedError => invalidToken('that this gateway can verify');

/** Whether a part is in canonical base64url: its last character may contain unused bits. */
const isCanonical = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;

/**
 * Returns the token in the header Authorization. Other places are not supported: browsers send cookies automatically,
 * and URLs are logged.
 *
 * @throws {UnauthenticatedError} if there is none, or it is too long.
 */
export const bearerTokenOf = ({ headers }: { readonly headers: RequestHeaders }): string => {
  const header = headers.get('authorization') ?? '';
  if (!/^bearer(?: |$)/i.test(header)) {
    throw new UnauthenticatedError('Authorization: expected Bearer and a token.');
  }
  const token = header.slice('bearer'.length).trim();
  if (token.length > maxLength) throw invalidToken(`of no more than ${maxLength} characters`);
  return token;
};

/** @throws {UnauthenticatedError} if the token does not have the form of a signed token. */
export const checkForm = (token: string): void => {
  const [, signature] = compact.exec(token) ?? [];
  if (signature === undefined || !isCanonical(signature)) throw unverifiable();
};
