import type { CombinedError } from '@urql/core';

/** An error of the gateway, or a failure to reach it. */
export interface Problem {
  /** The field that failed, from the account on; empty for the request as a whole. */
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
  /** The system that failed. */
  readonly upstream: string | undefined;
  /** Whether the same request may succeed later. */
  readonly isRetryable: boolean;
  /** Scopes of which one is sufficient; empty unless one is missing. */
  readonly scopes: readonly string[];
}

const unreachable: Problem = {
  path: [],
  code: 'UNREACHABLE',
  message: 'The gateway cannot be reached.',
  upstream: undefined,
  isRetryable: true,
  scopes: [],
};

/** Also what a proxy in front of the gateway says, in any form: only the status counts. */
const sessionEnded: Problem = {
  path: [],
  code: 'UNAUTHENTICATED',
  message: 'Sign in again, then repeat this.',
  upstream: undefined,
  isRetryable: false,
  scopes: [],
};

/** Whether the request was rejected before it was executed, since the agent's token is missing or has expired. */
export const isSessionRejected = (error: CombinedError | undefined): boolean =>
  (error?.response as Response | undefined)?.status === 401 ||
  error?.graphQLErrors.some(({ extensions }) => extensions?.['code'] === sessionEnded.code) === true;

/** Whether nothing but the end of the session is the cause. The page states that once, above all panels. */
export const areOfSession = (problems: readonly Problem[]): boolean =>
  problems.length > 0 && problems.every(({ code }) => code === sessionEnded.code);

/** Whether the whole object is forbidden to the agent, and not only some of its fields. */
export const isForbidden = (problems: readonly Problem[]): boolean =>
  problems.some(({ code, path }) => code === 'FORBIDDEN' && path.length === 0);

const names: Readonly<Record<string, string>> = {
  SCOLLECT: 'Scollect',
  RECOVERY_CONNECT: 'RecoveryConnect',
};

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Lists what failed. `depth` is the number of steps of a path that lead to the account. */
export const problemsOf = (error: CombinedError | undefined, depth = 1): readonly Problem[] => {
  if (error === undefined) return [];
  if (isSessionRejected(error)) return [sessionEnded];
  if (error.networkError !== undefined) return [unreachable];
  return error.graphQLErrors.map(({ message, path = [], extensions = {} }) => ({
    path: path.slice(depth),
    code: String(extensions['code'] ?? 'UNKNOWN'),
    message,
    upstream: names[String(extensions['upstream'])],
    // Also true of requests that were rejected as a whole: too many of them, or no keys to verify a token.
    isRetryable: extensions['retryable'] === true || 'retryAfter' in extensions,
    scopes: texts(extensions['scopes']),
  }));
};
