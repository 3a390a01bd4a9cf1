import type { UpstreamSettings } from '../upstreams/upstreams.ts';
import type { Environment } from './environment.ts';

const megabyte = 1_000_000;

/**
 * Returns the timeouts. A call ends before its request: otherwise the client would not learn that the upstream is slow.
 */
export const timeoutsOf = ({ REQUEST_TIMEOUT_MS, UPSTREAM_TIMEOUT_MS }: Environment) => {
  const requestMs = REQUEST_TIMEOUT_MS ?? Math.max(15_000, Math.ceil((UPSTREAM_TIMEOUT_MS ?? 0) * 1.5));
  return { requestMs, upstreamMs: UPSTREAM_TIMEOUT_MS ?? Math.ceil(Math.min(10_000, requestMs / 1.5)) };
};

const addresses = ['SCOLLECT_URL', 'RECOVERYCONNECT_URL'] as const;

/** Whether no upstream is configured, so that the sandbox replaces both. */
export const usesSandbox = (env: Environment): boolean =>
  addresses.every((name) => env[name] === undefined) && env.CREDENTIALS_FILE === undefined;

/** Returns the problems with upstream settings, such as a missing counterpart. */
export const upstreamProblems = (env: Environment): string[] => {
  const problems: string[] = [];
  const { requestMs, upstreamMs } = timeoutsOf(env);
  if (upstreamMs > requestMs) {
    problems.push('UPSTREAM_TIMEOUT_MS: expected no more than REQUEST_TIMEOUT_MS.');
  }
  const demand = (name: keyof Environment, given: keyof Environment) => {
    if (env[name] === undefined) problems.push(`${name}: missing, although ${given} is set.`);
  };
  const firstSet = (...names: (keyof Environment)[]) => names.find((name) => env[name] !== undefined);
  const demandAllOrNone = (...names: (keyof Environment)[]) => {
    const given = firstSet(...names);
    if (given) for (const name of names) demand(name, given);
  };
  demandAllOrNone('SCOLLECT_URL', 'SCOLLECT_API_KEY', 'SCOLLECT_PIN');
  demandAllOrNone('RECOVERYCONNECT_USERNAME', 'RECOVERYCONNECT_PASSWORD');

  const token = firstSet('RECOVERYCONNECT_TOKEN');
  const logIn = firstSet('RECOVERYCONNECT_USERNAME', 'RECOVERYCONNECT_PASSWORD');
  const credential = token ?? logIn;
  if (token && logIn) {
    problems.push('RECOVERYCONNECT_TOKEN: expected either this or a username with its password, not both.');
  }
  if (credential) demand('RECOVERYCONNECT_URL', credential);
  else if (env.RECOVERYCONNECT_URL !== undefined) {
    problems.push(
      'RECOVERYCONNECT_TOKEN: missing, although RECOVERYCONNECT_URL is set; or set RECOVERYCONNECT_USERNAME and RECOVERYCONNECT_PASSWORD.',
    );
  }
  const other = firstSet(...addresses, 'SCOLLECT_API_KEY', 'SCOLLECT_PIN') ?? credential;
  if (env.CREDENTIALS_FILE !== undefined && other) {
    problems.push(`CREDENTIALS_FILE: expected either this or ${other}, not both.`);
  }
  return problems;
};

export const upstreamsOf = (env: Environment): UpstreamSettings => {
  const { SCOLLECT_URL, SCOLLECT_API_KEY: apiKey, SCOLLECT_PIN: pin } = env;
  const { RECOVERYCONNECT_URL, RECOVERYCONNECT_TOKEN: token } = env;
  const { RECOVERYCONNECT_USERNAME: username = '', RECOVERYCONNECT_PASSWORD: password = '' } = env;
  const isScollectSet = SCOLLECT_URL !== undefined && apiKey !== undefined && pin !== undefined;
  const credentials = token === undefined ? { username, password } : { token };
  return {
    scollect: isScollectSet ? { url: SCOLLECT_URL, apiKey, pin } : undefined,
    recoveryConnect:
      RECOVERYCONNECT_URL === undefined ? undefined : { url: RECOVERYCONNECT_URL, ...credentials },
    timeoutMs: timeoutsOf(env).upstreamMs,
    maxConcurrency: env.UPSTREAM_MAX_CONCURRENCY,
    maxWaiting: env.UPSTREAM_MAX_WAITING,
    maxResponseBytes: env.UPSTREAM_MAX_ANSWER_MB * megabyte,
  };
};
