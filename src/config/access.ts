import type { Environment } from './environment.ts';
import { isLoopback } from './fields.ts';
import { usesSandbox } from './upstream-settings.ts';

/** The authentication of callers. */
export interface AuthenticationSettings {
  readonly keys: { readonly secret: string } | { readonly jwksUrl: string };
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  /** The claim with the tenant of a caller. */
  readonly tenantClaim: string;
  readonly clockSkewSeconds: number;
}

/** Requests per minute; `null` for no limit. */
export interface RateLimitSettings {
  readonly perCaller: number | null;
  readonly perAddress: number | null;
  readonly failuresPerAddress: number | null;
}

// Offices with many users, and servers of other organizations, share one address.
const guarded = { perCaller: 30_000, perAddress: 60_000, failuresPerAddress: 600 };

const hasKeys = (env: Environment): boolean =>
  env.AUTH_JWT_SECRET !== undefined || env.AUTH_JWKS_URL !== undefined;

const tokenProblems = (env: Environment): string[] => {
  const problems: string[] = [];
  if (env.AUTH_JWT_SECRET !== undefined && env.AUTH_JWKS_URL !== undefined) {
    problems.push('AUTH_JWT_SECRET: expected either this or AUTH_JWKS_URL, not both.');
  }
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const) {
    if (env[name] !== undefined && !hasKeys(env)) {
      problems.push(`${name}: expected only with AUTH_JWT_SECRET or AUTH_JWKS_URL.`);
    }
  }
  if (env.CREDENTIALS_FILE !== undefined && !hasKeys(env)) {
    problems.push(
      'CREDENTIALS_FILE: expected only with AUTH_JWT_SECRET or AUTH_JWKS_URL: a token contains the tenant.',
    );
  }
  return problems;
};

/** Returns the problems with access: the gateway must not be open by accident. */
export const accessProblems = (env: Environment): string[] => {
  const problems = tokenProblems(env);
  if (env.AUTH_DISABLED && hasKeys(env)) {
    problems.push('AUTH_DISABLED: expected false with AUTH_JWT_SECRET or AUTH_JWKS_URL.');
  }
  if (env.AUTH_DISABLED && !isLoopback(env.HOST)) {
    problems.push('AUTH_DISABLED: expected false unless HOST is a loopback address, such as 127.0.0.1.');
  }
  if (!usesSandbox(env) && !env.AUTH_DISABLED && !hasKeys(env)) {
    problems.push(
      'AUTH_JWT_SECRET: missing, although an upstream is set: nothing would keep callers out. Set it, or AUTH_JWKS_URL; or AUTH_DISABLED=true with a loopback HOST.',
    );
  }
  if (usesSandbox(env) && env.NODE_ENV === 'production') {
    problems.push(
      'SCOLLECT_URL, RECOVERYCONNECT_URL: expected at least one of them, or CREDENTIALS_FILE, with NODE_ENV=production.',
    );
  }
  if (env.PERSISTED_DOCUMENTS === undefined && env.PERSISTED_DOCUMENTS_ONLY !== undefined) {
    problems.push('PERSISTED_DOCUMENTS_ONLY: expected only with PERSISTED_DOCUMENTS.');
  }
  return problems;
};

export const authenticationOf = (env: Environment): AuthenticationSettings | null => {
  const { AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl } = env;
  if (secret === undefined && jwksUrl === undefined) return null;
  return {
    keys: secret === undefined ? { jwksUrl: jwksUrl ?? '' } : { secret },
    issuer: env.AUTH_ISSUER,
    audience: env.AUTH_AUDIENCE,
    tenantClaim: env.AUTH_TENANT_CLAIM,
    clockSkewSeconds: env.AUTH_CLOCK_SKEW_SECONDS,
  };
};

/**
 * Returns the rate limits. Without authentication only this machine has access, so there is no limit unless one is set.
 */
export const rateLimitsOf = (env: Environment): RateLimitSettings => {
  const limitOf = (set: number | undefined, unlessSet: number): number | null => {
    const limit = set ?? (hasKeys(env) ? unlessSet : 0);
    return limit === 0 ? null : limit;
  };
  return {
    perCaller: limitOf(env.RATE_LIMIT_PER_CALLER, guarded.perCaller),
    perAddress: limitOf(env.RATE_LIMIT_PER_ADDRESS, guarded.perAddress),
    failuresPerAddress: limitOf(env.RATE_LIMIT_FAILED_AUTH, guarded.failuresPerAddress),
  };
};
