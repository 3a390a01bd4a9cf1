import { isLoopback } from '../../config/fields.ts';
import type { Rejection } from '../rejection.ts';
import { routes } from '../routes.ts';
import type { GuardServices, RequestGuard } from './guard.ts';

const foreignHost: Rejection = {
  status: 403,
  reason: 'forbidden',
  error: {
    code: 'FORBIDDEN',
    message: 'Host: expected this machine, as in localhost, since callers are not authenticated.',
  },
};

/**
 * Rejects requests that name another host than this machine.
 *
 * A web page can resolve its own host name to 127.0.0.1, and its scripts then have the same origin: a gateway without
 * authentication on loopback would answer them.
 */
export const checkLoopbackHost = (
  { url }: { readonly url: string },
  { loopbackOnly }: Pick<GuardServices, 'loopbackOnly'>,
): Rejection | undefined => (loopbackOnly && !isLoopback(new URL(url).hostname) ? foreignHost : undefined);

export const loopbackHost: RequestGuard = {
  name: 'loopback host',
  routes,
  stage: 'head',
  // Tools without tokens are for assistants on this machine, also where all data is that of the sandbox.
  check: (request, { loopbackOnly, requiresToken }) =>
    checkLoopbackHost(request, { loopbackOnly: loopbackOnly || (request.route === 'mcp' && !requiresToken) }),
};
