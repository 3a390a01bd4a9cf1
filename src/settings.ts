import { isIP } from 'node:net';
import { z } from 'zod';
import { isGatewayKey } from './ledger/gateway-key.ts';
import type { LedgerSettings } from './ledger/open-ledger.ts';
import { logLevels } from './log.ts';
import type { UpstreamSettings } from './upstreams/upstreams.ts';

/** A setting that cannot be used, told by its name; its value is never part of the message. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SettingsError';
  }
}

/** Whether a host name can only be reached from this machine. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

const whole = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `expected a whole number from ${least} to ${most}`,
    })
    .transform(Number);

const flag = z
  .enum(['true', 'false'], { error: 'expected true or false' })
  .transform((text) => text === 'true');

const isBareUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && !username && !password && !search && !hash;
};

// Credentials and SSNs go over it: in the clear only where nobody can listen.
const upstreamUrl = z
  .string()
  .trim()
  .refine(isBareUrl, { error: 'expected an address, as in https://api.example.com', abort: true })
  .refine((text) => new URL(text).protocol === 'https:' || isLoopback(new URL(text).hostname), {
    error: 'expected https:// for any address that is not loopback',
  });

// [::1] is how an address of IPv6 stands in a URL.
const host = z.string().transform((text) =>
  text
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1'),
);

const bearerToken = z.string().regex(/^[\x21-\x7e]+$/, { error: 'expected a token without blanks' });

/** Where the ledger is kept: a path, as it stands in a URL. */
const storeUrl = z
  .string()
  .trim()
  .refine((text) => /^file:(?!$|\/\/[^/])[^?#]+$/.test(text), {
    error:
      'expected the path of a file, as in file:./data/gateway.db; no other store is served by this version',
  })
  .transform((text) => text.replace(/^file:(?:\/\/(?=\/))?/, ''));

const hoursInMs = 60 * 60 * 1000;
const megabyte = 1_000_000;

const environment = z.object({
  NODE_ENV: z.string().optional(),
  PORT: whole(0, 65_535).default(4000),
  HOST: host.default('127.0.0.1'),
  SCOLLECT_URL: upstreamUrl.optional(),
  SCOLLECT_API_KEY: z.string().optional(),
  SCOLLECT_PIN: z.string().optional(),
  RECOVERYCONNECT_URL: upstreamUrl.optional(),
  RECOVERYCONNECT_TOKEN: bearerToken.optional(),
  RECOVERYCONNECT_USERNAME: z.string().optional(),
  RECOVERYCONNECT_PASSWORD: z.string().optional(),
  REQUEST_TIMEOUT_MS: whole(1, 600_000).optional(),
  UPSTREAM_TIMEOUT_MS: whole(1, 600_000).optional(),
  UPSTREAM_MAX_CONCURRENCY: whole(1, 1000).default(32),
  UPSTREAM_MAX_WAITING: whole(1, 1_000_000).default(10_000),
  UPSTREAM_MAX_ANSWER_MB: whole(1, 500).default(64),
  SHUTDOWN_TIMEOUT_MS: whole(1000, 600_000).default(10_000),
  STORE_URL: storeUrl.default('./data/gateway.db'),
  STORE_KEY: z
    .string()
    .trim()
    .toLowerCase()
    .refine(isGatewayKey, { error: 'expected 64 hexadecimal digits, as `openssl rand -hex 32` gives' })
    .optional(),
  IDEMPOTENCY_KEY_HOURS: whole(1, 8760).default(24),
  AUTH_DISABLED: flag.default(false),
  // Named so that setting one cannot be mistaken for being protected by it.
  AUTH_JWT_SECRET: z.string().optional(),
  AUTH_JWKS_URL: z.string().optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  INTROSPECTION: z.literal('true', { error: 'expected true: this version always serves it' }).optional(),
  PERSISTED_DOCUMENTS: z.string().optional(),
  LOG_LEVEL: z.enum(logLevels, { error: `expected one of ${logLevels.join(', ')}` }).default('info'),
  GRAPHIQL: flag.optional(),
});

type Environment = z.output<typeof environment>;

export interface Settings {
  readonly port: number;
  readonly host: string;
  /** Addresses and credentials of the real systems; without any, the sandbox stands in. */
  readonly upstreams: UpstreamSettings;
  readonly usesSandbox: boolean;
  readonly ledger: LedgerSettings;
  /** Milliseconds that a request may take. */
  readonly requestTimeoutMs: number;
  /** Milliseconds from the signal to stop until the process ends. */
  readonly shutdownTimeoutMs: number;
  readonly authDisabled: boolean;
  readonly logLevel: (typeof logLevels)[number];
  readonly graphiql: boolean;
}

/** A call ends before its request does, or else nobody would hear that it is the upstream which takes too long. */
const timeoutsOf = ({ REQUEST_TIMEOUT_MS, UPSTREAM_TIMEOUT_MS }: Environment) => {
  const requestMs = REQUEST_TIMEOUT_MS ?? Math.max(15_000, Math.ceil((UPSTREAM_TIMEOUT_MS ?? 0) * 1.5));
  return { requestMs, upstreamMs: UPSTREAM_TIMEOUT_MS ?? Math.ceil(Math.min(10_000, requestMs / 1.5)) };
};

/** What each upstream needs beside what is set already. */
const upstreamProblems = (env: Environment): string[] => {
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
  return problems;
};

const notServed = [
  'AUTH_JWT_SECRET',
  'AUTH_JWKS_URL',
  'AUTH_ISSUER',
  'AUTH_AUDIENCE',
  'PERSISTED_DOCUMENTS',
] as const;

/** Who could reach what: the gateway does not start open by accident. */
const accessProblems = (env: Environment, usesSandbox: boolean): string[] => {
  const problems: string[] = [];
  for (const name of notServed) {
    if (env[name] !== undefined)
      problems.push(`${name}: not served by this version yet; it would protect nothing.`);
  }
  if (env.AUTH_DISABLED && !isLoopback(env.HOST)) {
    problems.push('AUTH_DISABLED: expected false unless HOST is a loopback address, such as 127.0.0.1.');
  }
  if (!usesSandbox && !env.AUTH_DISABLED) {
    problems.push(
      'AUTH_DISABLED: expected true, with a loopback HOST: an upstream is set, and nothing would keep callers out.',
    );
  }
  if (usesSandbox && env.NODE_ENV === 'production') {
    problems.push(
      'SCOLLECT_URL, RECOVERYCONNECT_URL: expected at least one of them with NODE_ENV=production.',
    );
  }
  return problems;
};

const upstreamsOf = (env: Environment): UpstreamSettings => {
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
    maxAnswerBytes: env.UPSTREAM_MAX_ANSWER_MB * megabyte,
  };
};

/**
 * Reads the settings from environment variables; one that is empty counts as not set.
 *
 * @throws {SettingsError} naming every setting that cannot be used, and what was expected.
 */
export const readSettings = (variables: Readonly<Record<string, string | undefined>>): Settings => {
  const given = Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== '');
  const parsed = environment.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}.`));
  }
  const env = parsed.data;
  const upstreams = upstreamsOf(env);
  const usesSandbox = env.SCOLLECT_URL === undefined && env.RECOVERYCONNECT_URL === undefined;
  const problems = [...upstreamProblems(env), ...accessProblems(env, usesSandbox)];
  if (problems.length > 0) throw new SettingsError(problems);
  return {
    port: env.PORT,
    host: env.HOST,
    upstreams,
    usesSandbox,
    ledger: {
      file: env.STORE_URL,
      key: env.STORE_KEY,
      keyLifeMs: env.IDEMPOTENCY_KEY_HOURS * hoursInMs,
    },
    requestTimeoutMs: timeoutsOf(env).requestMs,
    shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT_MS,
    authDisabled: env.AUTH_DISABLED,
    logLevel: env.LOG_LEVEL,
    graphiql: env.GRAPHIQL ?? env.NODE_ENV !== 'production',
  };
};
