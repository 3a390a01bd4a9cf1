import { z } from 'zod';
import { isGatewayKey } from '../ledger/gateway-key.ts';
import { logLevels } from '../telemetry/log.ts';
import { bearerToken, flag, host, jwtSecret, origins, secureUrl, timeZone, whole } from './fields.ts';
import { storeUrl } from './store-url.ts';

/** Requests a minute; 0 for as many as come. */
const perMinute = whole(0, 100_000_000);

const notServed = z.never({
  error: 'not served by this version yet: limits and caches are kept in the memory of each process',
});

/** The environment variables that are settings, each by itself. */
export const environment = z.object({
  // In whichever letters: whoever means it must not be left with doors open.
  NODE_ENV: z.string().trim().toLowerCase().optional(),
  PORT: whole(0, 65_535).default(4000),
  HOST: host.default('127.0.0.1'),
  AGENCY_TIME_ZONE: timeZone.optional(),
  KEEP_ALIVE_TIMEOUT_MS: whole(1, 3_600_000).default(75_000),
  MAX_CONNECTIONS: whole(1, 1_000_000).default(10_000),
  SCOLLECT_URL: secureUrl.optional(),
  SCOLLECT_API_KEY: z.string().optional(),
  SCOLLECT_PIN: z.string().optional(),
  RECOVERYCONNECT_URL: secureUrl.optional(),
  RECOVERYCONNECT_TOKEN: bearerToken.optional(),
  RECOVERYCONNECT_USERNAME: z.string().optional(),
  RECOVERYCONNECT_PASSWORD: z.string().optional(),
  CREDENTIALS_FILE: z.string().trim().optional(),
  REQUEST_TIMEOUT_MS: whole(1, 600_000).optional(),
  UPSTREAM_TIMEOUT_MS: whole(1, 600_000).optional(),
  UPSTREAM_MAX_CONCURRENCY: whole(1, 1000).default(32),
  UPSTREAM_MAX_WAITING: whole(1, 1_000_000).default(10_000),
  UPSTREAM_MAX_ANSWER_MB: whole(1, 500).default(64),
  WRITE_TIMEOUT_MS: whole(1000, 600_000).default(30_000),
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
  AUTH_JWT_SECRET: jwtSecret.optional(),
  AUTH_JWKS_URL: secureUrl.optional(),
  AUTH_ISSUER: z.string().trim().optional(),
  AUTH_AUDIENCE: z.string().trim().optional(),
  AUTH_TENANT_CLAIM: z.string().trim().default('tenant'),
  AUTH_CLOCK_SKEW_SECONDS: whole(0, 300).default(5),
  MAX_UPSTREAM_CALLS: whole(1, 50_000).default(1000),
  RATE_LIMIT_PER_CALLER: perMinute.optional(),
  RATE_LIMIT_PER_ADDRESS: perMinute.optional(),
  RATE_LIMIT_FAILED_AUTH: perMinute.optional(),
  CORS_ORIGINS: origins.default([]),
  TRUSTED_PROXIES: whole(0, 10).default(0),
  INTROSPECTION: flag.optional(),
  GRAPHIQL: flag.optional(),
  PERSISTED_DOCUMENTS: z.string().trim().optional(),
  PERSISTED_DOCUMENTS_ONLY: flag.optional(),
  AUDIT_LOG: z.string().trim().default('stdout'),
  LOG_LEVEL: z.enum(logLevels, { error: `expected one of ${logLevels.join(', ')}` }).default('info'),
  // Named so that setting it cannot be mistaken for being served by it.
  REDIS_URL: notServed.optional(),
});

export type Environment = z.output<typeof environment>;
