import type { GraphQLError } from 'graphql';
import {
  AuthenticationUnavailableError,
  ForbiddenError,
  UnauthenticatedError,
} from '../../auth/authentication.ts';
import type { ErrorCode } from '../../lib/error-codes.ts';
import { whenKnown } from '../../lib/when-known.ts';
import type { Caller } from '../../operation/caller.ts';
import type { RejectionReason } from '../../telemetry/metrics/request-metrics.ts';
import type { IncomingRequest } from '../incoming-request.ts';
import type { ProtectedResource } from '../mcp/protected-resource.ts';
import type { Rejection } from '../rejection.ts';
import type { GuardServices, RequestGuard } from './guard.ts';

const tooMany = (seconds: number): Rejection => ({
  status: 429,
  reason: 'rate_limit',
  error: {
    code: 'RATE_LIMITED',
    message: 'Too many requests: ask again later.',
    extensions: { retryAfter: seconds },
  },
  headers: { 'retry-after': String(seconds) },
});

const rejectIf = (seconds: number | null | undefined): Rejection | undefined =>
  typeof seconds === 'number' ? tooMany(seconds) : undefined;

const failed = (
  status: number,
  reason: RejectionReason,
  code: ErrorCode,
  message: string,
  extensions: Readonly<Record<string, unknown>> = {},
): Rejection => ({ status, reason, error: { code, message, extensions } });

const unauthenticated = (
  { message, challenge }: UnauthenticatedError,
  resource: ProtectedResource | null,
): Rejection => ({
  ...failed(401, 'authentication', 'UNAUTHENTICATED', message),
  headers: { 'www-authenticate': resource?.challenge(challenge) ?? challenge },
});

const rejectionOf = (
  error: unknown,
  resource: ProtectedResource | null,
  mask: (error: unknown) => GraphQLError,
): Rejection => {
  if (error instanceof UnauthenticatedError) return unauthenticated(error, resource);
  if (error instanceof ForbiddenError) return failed(403, 'forbidden', 'FORBIDDEN', error.message);
  if (error instanceof AuthenticationUnavailableError) {
    const { message, retryAfter } = error;
    const code = 'AUTHENTICATION_UNAVAILABLE';
    const rejection = failed(503, 'authentication_unavailable', code, message, { retryAfter });
    return { ...rejection, headers: { 'retry-after': String(retryAfter) } };
  }
  const { message, extensions } = mask(error);
  return failed(500, 'internal_error', 'INTERNAL_SERVER_ERROR', message, extensions);
};

const rejectCaller = async (
  request: IncomingRequest,
  error: unknown,
  { rateLimits, maskError, protectedResource }: GuardServices,
): Promise<Rejection> => {
  // The audit trail names the caller.
  if (error instanceof ForbiddenError) request.caller = error.caller;
  const isFailure = error instanceof UnauthenticatedError && error.hasToken;
  const seconds = await (request.caller
    ? rateLimits.takeCaller(request.caller)
    : isFailure
      ? rateLimits.takeFailure(request.address)
      : null);
  const resource = request.route === 'mcp' ? protectedResource : null;
  return rejectIf(seconds) ?? rejectionOf(error, resource, (unexpected) => maskError(unexpected, request));
};

/**
 * Authenticates the caller. Clients at one address may be strangers to each other, such as those behind one proxy.
 * Therefore a caller with a valid token is never rejected because of requests without one: the token is verified
 * before any limit is checked, and only requests with an invalid token count as failures of their address.
 */
export const authentication: RequestGuard = {
  name: 'authentication',
  routes: ['graphql', 'mcp'],
  stage: 'head',
  check: (request, services) => {
    const admit = (caller: Caller): undefined => {
      request.caller = caller;
    };
    const reject = (error: unknown): Promise<Rejection> => rejectCaller(request, error, services);
    try {
      const caller = services.authenticate(request);
      return caller instanceof Promise ? caller.then(admit, reject) : admit(caller);
    } catch (error) {
      return reject(error);
    }
  },
};

/** Limits the requests of a caller, and those of all authenticated callers at one address. */
export const rateLimit: RequestGuard = {
  name: 'rate limit',
  routes: ['graphql', 'mcp'],
  stage: 'head',
  // A caller beyond its own limit does not reduce the limit of others at its address.
  check: ({ caller, address }, { rateLimits }) =>
    whenKnown(caller && rateLimits.takeCaller(caller), (ofCaller) =>
      whenKnown(ofCaller ?? rateLimits.takeAddress(address), rejectIf),
    ),
};

/**
 * Limits the requests for GraphiQL's page and for metadata, which have no callers, separately from those of authenticated
 * callers.
 */
export const pageRateLimit: RequestGuard = {
  name: 'rate limit of the page',
  routes: ['page', 'home', 'metadata'],
  stage: 'head',
  check: ({ address }, { rateLimits }) => whenKnown(rateLimits.takePage(address), rejectIf),
};
