import type { Content } from './content.ts';

/** Names and values in turn, as undici keeps them: an object takes it ten times as long. */
const headersOf = (token: string | undefined, hasBody: boolean): string[] => {
  const headers = [
    // Without it RecoveryConnect answers errors with HTML, or a redirect to a log-in page.
    'accept',
    'application/json',
    // What is packed tells its size too late.
    'accept-encoding',
    'identity',
    'user-agent',
    'recollect',
  ];
  if (hasBody) headers.push('content-type', 'application/json');
  if (token !== undefined) headers.push('authorization', `Bearer ${token}`);
  return headers;
};

/** Puts the headers for a token together once, for all calls that carry it. */
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
