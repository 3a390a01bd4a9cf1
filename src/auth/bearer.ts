import { UnauthenticatedError } from './authentication.ts';
import type { RequestHeaders } from './client-address.ts';

/** No token that is made to be sent with each request is longer; it is measured before anything is worked out of it. */
const maxLength = 8192;

/** The compact form of a signed token: header, claims and signature. */
const compact = /^[\w-]+\.[\w-]+\.([\w-]+)$/;

/** A brought token that does not hold, told by the rule that it breaks. */
export const invalidToken = (expected: string): UnauthenticatedError =>
  new UnauthenticatedError(`Authorization: expected a token ${expected}.`, 'Bearer error="invalid_token"');

/** One and the same for all that is wrong with a token's form or its signature: a forger learns nothing of how near he is. */
export const unverifiable = (): UnauthenticatedError => invalidToken('that this gateway can verify');

/** Whether a part is written as it would be anew: its last character may have bits that nothing heeds. */
const isCanonical = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;

/**
 * Reads the token that the header Authorization brings. No other place is looked at: a browser sends cookies unasked,
 * and addresses are kept in logs.
 *
 * @throws {UnauthenticatedError} if there is none, or one that is too long.
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

/** @throws {UnauthenticatedError} if it has not the form of a signed token. */
export const checkForm = (token: string): void => {
  const [, signature] = compact.exec(token) ?? [];
  if (signature === undefined || !isCanonical(signature)) throw unverifiable();
};
