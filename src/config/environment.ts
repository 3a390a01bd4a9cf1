import { z } from 'zod';
import { isGatewayKey } from '../ledger/gateway-key.ts';
import { logLevels } from '../telemetry/log.ts';
import { otlpProtocols } from '../telemetry/tracing/open-tracing.ts';
import { cacheTtls } from './cache-setting.ts';
import {
  bearerToken,
  collectorUrl,
  flag,
  headerNames,
  host,
  jwtSecret,
  origins,
  paths,
  redisUrl,
  secureUrl,
  share,
  timeZone,
  whole,
  workerCount,
} from './fields.ts';
import { logFormats } from './log-format.ts';
import { defaultStore, storeUrl } from './store-url.ts';

/** Requests a minute; 0 for as many as come. */
const perMinute = whole(0, 100_000_000);

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/**
 * The environment variables that are settings. `npm run docs` writes the tables in docs/settings.md from them: a
 * description, and `unset` or `accepts` where the default or the error message does not say it.
 */
export const environment = z.object({
  // In any letter case: a typing difference must not disable the protection of production.
  NODE_ENV: z.string().trim().toLowerCase().optional().meta({
    description: '`production` disables introspection and GraphiQL, and rejects a start without upstreams.',
    accepts: 'text',
  }),
  PORT: whole(0, 65_535).default(4000).describe('TCP port of the gateway; `0` picks a free port.'),
  HOST: host.default('127.0.0.1').meta({
    description: 'Address to listen on. Use `0.0.0.0` behind a proxy on another machine.',
    accepts: 'host name or IP address',
  }),
  AGENCY_TIME_ZONE: timeZone.optional().meta({
    description:
      "Time zone of the agency's day: contact summaries, scheduled payments, card expiry ([contact-summary.md](contact-summary.md)).",
    unset: "the machine's zone, logged at the start",
  }),
  KEEP_ALIVE_TIMEOUT_MS: whole(1, 3_600_000)
    .default(75_000)
    .describe(
      'Idle time before a client connection is closed. The idle timeout of a proxy must be shorter ([proxies.md](proxies.md)).',
    ),
  MAX_CONNECTIONS: whole(1, 1_000_000)
    .default(10_000)
    .describe('Open client connections. Further connections are closed at once.'),
  WORKERS: workerCount.default(1).meta({
    description:
      'Processes that serve the port ([deploying.md](deploying.md#several-processes-on-one-machine)). Limits of a process are divided among them ([limits.md](limits.md#shares-of-workers)).',
    accepts: 'a whole number from 1 to 256; `auto`: one per core',
    unset: '`1`',
  }),
  SCOLLECT_URL: secureUrl
    .optional()
    .meta({ description: 'Base URL of Scollect.', accepts: '`https:` URL; `http:` only for loopback' }),
  SCOLLECT_API_KEY: z.string().optional().describe('API key for Scollect.'),
  SCOLLECT_PIN: z.string().optional().describe('PIN for Scollect.'),
  RECOVERYCONNECT_URL: secureUrl.optional().meta({
    description: 'Base URL of RecoveryConnect.',
    accepts: '`https:` URL; `http:` only for loopback',
  }),
  RECOVERYCONNECT_TOKEN: bearerToken
    .optional()
    .describe('Fixed token for RecoveryConnect. The gateway does not renew it.'),
  RECOVERYCONNECT_USERNAME: z
    .string()
    .optional()
    .describe('User name for RecoveryConnect. The gateway logs in and renews its token.'),
  RECOVERYCONNECT_PASSWORD: z.string().optional().describe('Password for RecoveryConnect.'),
  CREDENTIALS_FILE: z.string().trim().optional().meta({
    description:
      'JSON file with URLs and credentials of each tenant, instead of the settings above ([security.md](security.md#serve-several-tenants)). ¹',
    accepts: 'path',
  }),
  REQUEST_TIMEOUT_MS: whole(1, 600_000).optional().meta({
    description: 'Deadline of a request. Data that has not arrived by then is an error at its path.',
    unset: '`15000`, or 1.5 × `UPSTREAM_TIMEOUT_MS` if that is longer',
  }),
  UPSTREAM_TIMEOUT_MS: whole(1, 600_000).optional().meta({
    description:
      'Time a call waits for a concurrency slot, and then for its response. At most `REQUEST_TIMEOUT_MS`.',
    unset: '`10000`, or ⅔ of `REQUEST_TIMEOUT_MS` if that is shorter',
  }),
  UPSTREAM_MAX_CONCURRENCY: whole(1, 1000)
    .default(32)
    .describe(
      'Concurrent calls to each upstream: of each process, or of all together with `REDIS_URL` ([limits.md](limits.md#calls-to-an-upstream)).',
    ),
  UPSTREAM_MAX_WAITING: whole(1, 1_000_000)
    .default(10_000)
    .describe('Calls to each upstream that may wait for a concurrency slot.'),
  UPSTREAM_MAX_ANSWER_MB: whole(1, 500)
    .default(64)
    .describe('Size of a portfolio response. Any other response may have an eighth of it.'),
  WRITE_TIMEOUT_MS: whole(1000, 600_000)
    .default(30_000)
    .describe('Time a client may read none of its response before it is disconnected.'),
  SHUTDOWN_DELAY_MS: whole(0, 600_000)
    .default(0)
    .describe(
      'Time from SIGTERM for which `/ready` returns 503 and requests are served as before. Then new connections are refused ([deploying.md](deploying.md#set-drain-times)).',
    ),
  SHUTDOWN_TIMEOUT_MS: whole(1000, 600_000)
    .default(10_000)
    .describe('Maximum time from the end of `SHUTDOWN_DELAY_MS` to the end of the process.'),
  STORE_URL: storeUrl.default(defaultStore).meta({
    description:
      'Idempotency ledger: an SQLite file on a persistent volume of one machine, or a Postgres database for gateways of several machines ([ledger.md](ledger.md)). Back it up.',
    accepts:
      '`file:` URL, or `postgres://user:password@host:5432/database` ([ledger.md](ledger.md#postgres))',
    unset: '`file:./data/gateway.db`',
  }),
  STORE_KEY: z
    .string()
    .trim()
    .toLowerCase()
    .refine(isGatewayKey, { error: 'expected 64 hexadecimal digits, as `openssl rand -hex 32` gives' })
    .optional()
    .meta({
      description:
        'Gateway key: the key of the HMACs in the ledger, and of the digests in ids and cursors. Another key changes the ids of phones of accounts, and ends cursors. Required with a Postgres ledger in production.',
      unset: '`gateway.key` next to the ledger file, or in `./data`, created at the first start',
    }),
  IDEMPOTENCY_KEY_HOURS: whole(1, 8760)
    .default(24)
    .describe(
      'Running time in hours for which the result under an idempotency key is kept. Unknown outcomes are kept until they are resolved.',
    ),
  AUTH_DISABLED: flag
    .default(false)
    .describe(
      'Gives every caller all scopes. Only with a loopback `HOST`, and only for requests that name it. ¹',
    ),
  AUTH_JWT_SECRET: jwtSecret.optional().describe('Secret of HS256 tokens. Exclusive with `AUTH_JWKS_URL`. ¹'),
  AUTH_JWKS_URL: secureUrl.optional().meta({
    description: "URL of the issuer's public keys, for RS256 and ES256 tokens. ¹",
    accepts: '`https:` URL; `http:` only for loopback',
  }),
  AUTH_ISSUER: z.string().trim().optional().describe('Required claim `iss` of tokens. ¹'),
  AUTH_AUDIENCE: z
    .string()
    .trim()
    .optional()
    .describe(
      'Required claim `aud` of tokens. Without it, tokens that the issuer made for other services are accepted. The URL of `/mcp` lets clients of MCP log in ([mcp.md](mcp.md#let-clients-log-in)).',
    ),
  AUTH_TENANT_CLAIM: z
    .string()
    .trim()
    .default('tenant')
    .describe("Claim with the tenant's name in `CREDENTIALS_FILE`. ¹"),
  AUTH_CLOCK_SKEW_SECONDS: whole(0, 300)
    .default(5)
    .describe('Clock skew tolerated when token times are validated.'),
  UPDATE_INTERVAL_MS: whole(1000, 3_600_000)
    .default(15_000)
    .describe(
      'Time between two reads of an account or an order that subscriptions follow ([subscriptions.md](subscriptions.md)).',
    ),
  UPDATE_MAX_OBJECTS: whole(1, 100_000)
    .default(500)
    .describe('Maximum number of accounts and orders that each process follows for subscriptions.'),
  MAX_UPSTREAM_CALLS: whole(1, 50_000)
    .default(1000)
    .describe(
      'Upstream calls that one operation may need, estimated before it runs ([limits.md](limits.md#cost)).',
    ),
  RATE_LIMIT_PER_CALLER: perMinute.optional().meta({
    description: 'Requests per minute of one caller; `0` disables the limit.',
    unset: '`30000`; none without authentication',
  }),
  RATE_LIMIT_PER_ADDRESS: perMinute.optional().meta({
    description: 'Requests per minute of all callers at one address; `0` disables the limit.',
    unset: '`60000`; none without authentication',
  }),
  RATE_LIMIT_FAILED_AUTH: perMinute.optional().meta({
    description: 'Requests per minute with an invalid token from one address; `0` disables the limit.',
    unset: '`600`; none without authentication',
  }),
  CORS_ORIGINS: origins.default([]).describe('Origins of web pages that may send requests.'),
  CORS_HEADERS: headerNames
    .default([])
    .describe(
      'Request headers that those pages may send besides the known ones ([security.md](security.md#admit-web-pages)).',
    ),
  TRUSTED_PROXIES: whole(0, 10)
    .default(0)
    .describe(
      'Number of proxies that add to `X-Forwarded-For` ([security.md](security.md#proxies)). The log warns if a proxy is detected and not trusted.',
    ),
  INTROSPECTION: flag
    .optional()
    .meta({ description: 'Whether clients may query the schema.', unset: '`true`; in production `false`' }),
  GRAPHIQL: flag.optional().meta({
    description: 'Whether a browser that opens `/` or `/graphql` gets GraphiQL.',
    unset: '`true`; in production `false`',
  }),
  FEDERATION: flag
    .default(false)
    .describe(
      'Whether the gateway is a subgraph of a federation: it adds `_service` and `_entities`, for a router only ([federation.md](federation.md)).',
    ),
  PERSISTED_DOCUMENTS: paths.optional().meta({
    description:
      'Manifests of trusted documents, of graphql-codegen, Relay or Apollo: files, and folders of `*.json` files. They are read again when they change, and on SIGHUP.',
    accepts: 'paths, comma-separated',
  }),
  PERSISTED_DOCUMENTS_ONLY: flag.optional().meta({
    description: 'Whether only trusted documents are executed. Only with `PERSISTED_DOCUMENTS`.',
    unset: '`false`; in production `true`',
  }),
  MCP: flag
    .default(false)
    .describe(
      'Whether `/mcp` offers trusted documents as tools of the Model Context Protocol ([mcp.md](mcp.md)). Requires `PERSISTED_DOCUMENTS` and `MCP_TOOLS`.',
    ),
  MCP_TOOLS: z.string().trim().optional().meta({
    description:
      'JSON file with the operations that are tools ([mcp.md](mcp.md#choose-the-tools)). It is read again when it changes, and on SIGHUP.',
    accepts: 'path',
  }),
  MCP_MAX_RESULT_KB: whole(1, 10_000)
    .default(100)
    .describe('Largest result of a tool. A larger one is replaced by an error that says to request less.'),
  AUDIT_LOG: z.string().trim().default('stdout').meta({
    description: 'Destination of the audit trail ([audit.md](audit.md)).',
    accepts: '`stdout`, `off` or the path of a file',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl.optional().meta({
    description:
      'Base URL of an OpenTelemetry collector. With it, traces are exported over OTLP/HTTP ([tracing.md](tracing.md)).',
    accepts: '`http:` or `https:` URL',
  }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collectorUrl.optional().meta({
    description: 'URL for traces, instead of `OTEL_EXPORTER_OTLP_ENDPOINT` with the path `/v1/traces`.',
    accepts: '`http:` or `https:` URL',
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(otlpProtocols, { error: `expected one of ${otlpProtocols.join(', ')}` })
    .default('http/protobuf')
    .describe('Protocol of the export.'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z
    .enum(otlpProtocols, { error: `expected one of ${otlpProtocols.join(', ')}` })
    .optional()
    .meta({
      description: 'Protocol of the export of traces.',
      unset: '`OTEL_EXPORTER_OTLP_PROTOCOL`',
    }),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional().meta({
    description: 'Headers for the collector, such as its token. The log never contains their values.',
    accepts: '`name=value`, comma-separated',
  }),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: z.string().optional().meta({
    description: 'Further headers for traces.',
    accepts: '`name=value`, comma-separated',
  }),
  OTEL_TRACES_SAMPLER: z
    .enum(samplers, { error: `expected one of ${samplers.join(', ')}` })
    .default('parentbased_always_on')
    .describe('Sampler of traces. `parentbased` samplers follow the flag in an accepted `traceparent`.'),
  OTEL_TRACES_SAMPLER_ARG: share
    .optional()
    .meta({ description: 'Share of traces that `traceidratio` samplers record.', unset: '`1`' }),
  OTEL_SDK_DISABLED: flag.default(false).describe('Whether no traces are exported, whatever else is set.'),
  FORWARD_TRACEPARENT: flag
    .default(false)
    .describe('Whether upstream calls have the headers `traceparent` and `tracestate`.'),
  LOG_LEVEL: z
    .enum(logLevels, { error: `expected one of ${logLevels.join(', ')}` })
    .default('info')
    .describe('Least severe level that is logged.'),
  LOG_FORMAT: z
    .enum(logFormats, { error: `expected one of ${logFormats.join(', ')}` })
    .optional()
    .meta({
      description:
        '`json`: every line is JSON, also those of the start. `pretty`: for people. The audit trail is always JSON.',
      unset: '`json` in production, `pretty` on a terminal; otherwise JSON after a text at the start',
    }),
  CACHE: cacheTtls.optional().meta({
    description:
      'Seconds for which responses of upstream operations are cached ([cache.md](cache.md)). Only with `REDIS_URL`, or where one process serves all requests.',
    unset: 'nothing is cached',
    accepts: 'JSON object: names of operations with `1`–`3600`, as in `{"getaccount": 5}`',
  }),
  REDIS_URL: redisUrl.optional().meta({
    description:
      'Redis that the processes of a gateway share. Without it, each process counts rate limits for itself ([redis.md](redis.md)).',
    accepts: '`rediss:` URL; `redis:` only for private networks',
    unset: 'none',
  }),
});

export type Environment = z.output<typeof environment>;
