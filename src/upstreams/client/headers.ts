import type { Content } from './content.ts';

/** Returns names and values alternately, as undici stores them. From an object undici needs ten times as long. */
const headersOf = (token: string | undefined, hasBody: boolean): string[] => {
  const headers = [
    // Without it RecoveryConnect returns errors as HTML, or redirects to a log-in page.
    'accept',
    'application/json',
    // The size of a compressed response is known too late.
    'accept-encoding',
    'identity',
    'user-agent',
    'recollect',
  ];
  if (hasBody) headers.push('content-type', 'application/json');
  if (token !== undefined) headers.push('authorization', `Bearer ${token}`);
  return headers;
};

/** Creates the headers for a token once, for all calls with that token. */
export const createHeaders = () => {
  const headersFor = (token: string | undefined) => ({
    token,
    alone: headersOf(token, false),
    withBody: headersOf(token, true),
  });
  let latest = headersFor(undefined);
  return ({ body }: Content, token: string | undefined): string[] => {
    if (token !== latest.token) latest = headersFor(token);
    return body === undefined ? latest.alone : latest.withBody;
  };
};
