import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { cacheProblems } from '../src/config/cache-setting.ts';
import { readSettings, SettingsError } from '../src/config/settings.ts';

const scollect = {
  SCOLLECT_URL: 'https://s.example.com',
  SCOLLECT_API_KEY: 'CANARY',
  SCOLLECT_PIN: 'CANARY',
};
const recoveryConnect = { RECOVERYCONNECT_URL: 'https://r.example.com', RECOVERYCONNECT_TOKEN: 'CANARY' };
const open = { AUTH_DISABLED: 'true' };
const token = { AUTH_JWT_SECRET: 'CANARY'.repeat(6) };

const messageOf = (variables: Record<string, string>): string => {
  try {
    readSettings(variables);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
  }
  throw new Error('These settings should not be usable');
};

describe('WORKERS', () => {
  it('is a number of processes, or one per core', () => {
    expect(readSettings({ WORKERS: '3' }).workers).toBe(3);
    expect(readSettings({ WORKERS: ' Auto ' }).workers).toBe(availableParallelism());
  });
});

describe('readSettings', () => {
  it('needs none: then the sandbox stands in, on loopback', () => {
    expect(readSettings({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      workers: 1,
      upstreams: {
        scollect: undefined,
        recoveryConnect: undefined,
        timeoutMs: 10_000,
        maxConcurrency: 32,
        maxWaiting: 10_000,
        maxResponseBytes: 64_000_000,
      },
      keepAliveTimeoutMs: 75_000,
      maxConnections: 10_000,
      requestTimeoutMs: 15_000,
      writeTimeoutMs: 30_000,
      shutdownDelayMs: 0,
      shutdownTimeoutMs: 10_000,
      credentialsFile: undefined,
      usesSandbox: true,
      isProduction: false,
      ledger: { file: './data/gateway.db', key: undefined, keyLifeMs: 24 * 60 * 60 * 1000 },
      redisUrl: null,
      cache: null,
      authentication: null,
      authDisabled: false,
      rateLimits: { perCaller: null, perAddress: null, failuresPerAddress: null },
      polls: { intervalMs: 15_000, maxObjects: 500 },
      maxUpstreamCalls: 1000,
      corsOrigins: [],
      corsHeaders: [],
      trustedProxies: 0,
      introspection: true,
      graphiql: true,
      federation: false,
      persistedDocuments: null,
      mcp: null,
      auditLog: 'stdout',
      logLevel: 'info',
      tracing: { protocol: null, isForwarded: false },
      collectorSecrets: [],
    });
  });

  it('takes both upstreams', () => {
    const settings = readSettings({
      ...scollect,
      ...recoveryConnect,
      ...open,
      PORT: '0',
      REQUEST_TIMEOUT_MS: '2000',
      UPSTREAM_TIMEOUT_MS: '900',
      UPSTREAM_MAX_WAITING: '5',
      UPSTREAM_MAX_ANSWER_MB: '1',
      SHUTDOWN_DELAY_MS: '2000',
      SHUTDOWN_TIMEOUT_MS: '3000',
    });
    expect(settings).toMatchObject({
      port: 0,
      usesSandbox: false,
      upstreams: {
        scollect: { url: 'https://s.example.com', apiKey: 'CANARY', pin: 'CANARY' },
        recoveryConnect: { url: 'https://r.example.com', token: 'CANARY' },
        timeoutMs: 900,
        maxWaiting: 5,
        maxResponseBytes: 1_000_000,
      },
      requestTimeoutMs: 2000,
      writeTimeoutMs: 30_000,
      shutdownDelayMs: 2000,
      shutdownTimeoutMs: 3000,
    });
  });

  it('takes one upstream alone, with a log-in in place of a token', () => {
    const settings = readSettings({
      RECOVERYCONNECT_URL: 'http://127.0.0.1:9/api',
      RECOVERYCONNECT_USERNAME: 'user',
      RECOVERYCONNECT_PASSWORD: 'password',
      ...open,
    });
    expect(settings.upstreams).toMatchObject({
      scollect: undefined,
      recoveryConnect: { username: 'user', password: 'password' },
    });
  });

  it.each(['LOCALHOST', '[::1]', '::1', ' 127.0.0.1 '])('knows %j for loopback', (HOST) => {
    expect(readSettings({ ...scollect, ...open, HOST }).host).toMatch(/^(localhost|::1|127\.0\.0\.1)$/);
  });

  it.each([
    'redis://redis:6379',
    'redis://redis.recollect.svc:6379/2',
    'redis://redis.recollect.svc.cluster.local',
    'redis://cache.internal',
    'redis://127.0.0.1:6379',
    'redis://[::1]:6379',
    'redis://10.1.2.3',
    'redis://172.31.0.1',
    'redis://[fd00::1]:6379',
    'rediss://user:p%40ss@redis.example.com:6380/0',
  ])('takes the Redis %s', (REDIS_URL) => {
    expect(readSettings({ REDIS_URL }).redisUrl).toBe(REDIS_URL);
  });

  it('takes a scheme in capitals, which the client would not take for TLS', () => {
    expect(readSettings({ REDIS_URL: ' REDISS://r.example.com ' }).redisUrl).toBe('rediss://r.example.com');
  });

  it('takes an address in capitals, and blanks around it', () => {
    const { upstreams } = readSettings({ ...scollect, ...open, SCOLLECT_URL: ' HTTPS://s.example.com ' });
    expect(upstreams.scollect?.url).toBe('HTTPS://s.example.com');
  });

  it.each([
    [{ AGENCY_TIME_ZONE: 'America/Chicago' }, 'America/Chicago'],
    [{ AGENCY_TIME_ZONE: ' america/chicago ' }, 'America/Chicago'],
    [{ AGENCY_TIME_ZONE: '' }, undefined],
    [{}, undefined],
  ])('%j sets the time zone %s', (variables, timeZone) => {
    expect(readSettings(variables).timeZone).toBe(timeZone);
  });

  it("takes README's settings for production, which trust a proxy", () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const [, snippet = ''] = /```sh\n((?:[A-Z_]+=.*\n)+)```/.exec(readme) ?? [];
    const lines = snippet.trimEnd().split('\n');
    const settings = readSettings(Object.fromEntries(lines.map((line) => line.split(/=(.*)/s, 2))));
    expect(settings).toMatchObject({ usesSandbox: false, trustedProxies: 1 });
  });

  it('counts an empty variable as not set', () => {
    expect(readSettings({ SCOLLECT_URL: '', PORT: ' ' })).toMatchObject({ usesSandbox: true, port: 4000 });
  });

  it.each<readonly [string, Record<string, string>, string]>([
    ['WORKERS', { WORKERS: '0' }, 'a whole number from 1 to 256, or auto'],
    ['WORKERS', { WORKERS: '257' }, 'a whole number from 1 to 256, or auto'],
    ['WORKERS', { WORKERS: '1.5' }, 'a whole number from 1 to 256, or auto'],
    ['PORT', { PORT: '70000' }, 'a whole number from 0 to 65535'],
    ['PORT', { PORT: '4e3' }, 'a whole number from 0 to 65535'],
    ['UPSTREAM_TIMEOUT_MS', { UPSTREAM_TIMEOUT_MS: '0' }, 'a whole number from 1 to 600000'],
    ['UPSTREAM_MAX_CONCURRENCY', { UPSTREAM_MAX_CONCURRENCY: '-1' }, 'a whole number from 1 to 1000'],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }, 'one of trace, debug'],
    ...['CANARY', 'CANARY/Zone', '-05:00', 'PST', 'UTC-5'].map(
      (AGENCY_TIME_ZONE): readonly [string, Record<string, string>, string] => [
        'AGENCY_TIME_ZONE',
        { AGENCY_TIME_ZONE },
        'the IANA name of a time zone, as in America/New_York',
      ],
    ),
    ['GRAPHIQL', { GRAPHIQL: 'yes' }, 'true or false'],
    ['SCOLLECT_URL', { ...scollect, ...open, SCOLLECT_URL: 'CANARY' }, 'an address'],
    [
      'SCOLLECT_URL',
      { ...scollect, ...open, SCOLLECT_URL: 'https://user:CANARY@s.example.com' },
      'an address',
    ],
    [
      'SCOLLECT_URL',
      { ...scollect, ...open, SCOLLECT_URL: 'https://s.example.com?key=CANARY' },
      'an address',
    ],
    ['SCOLLECT_URL', { ...scollect, ...open, SCOLLECT_URL: 'http://s.example.com' }, 'https://'],
    [
      'SCOLLECT_API_KEY',
      { SCOLLECT_URL: 'https://s.example.com', SCOLLECT_PIN: 'CANARY', ...open },
      'SCOLLECT_URL is set',
    ],
    [
      'SCOLLECT_PIN',
      { SCOLLECT_URL: 'https://s.example.com', SCOLLECT_API_KEY: 'CANARY', ...open },
      'SCOLLECT_URL is set',
    ],
    ['SCOLLECT_URL', { SCOLLECT_API_KEY: 'CANARY', SCOLLECT_PIN: 'CANARY' }, 'SCOLLECT_API_KEY is set'],
    [
      'RECOVERYCONNECT_TOKEN',
      { RECOVERYCONNECT_URL: 'https://r.example.com', ...open },
      'RECOVERYCONNECT_USERNAME and',
    ],
    ['RECOVERYCONNECT_URL', { RECOVERYCONNECT_TOKEN: 'CANARY' }, 'RECOVERYCONNECT_TOKEN is set'],
    [
      'RECOVERYCONNECT_PASSWORD',
      { RECOVERYCONNECT_URL: 'https://r.example.com', RECOVERYCONNECT_USERNAME: 'u', ...open },
      'missing',
    ],
    [
      'RECOVERYCONNECT_USERNAME',
      { RECOVERYCONNECT_URL: 'https://r.example.com', RECOVERYCONNECT_PASSWORD: 'CANARY', ...open },
      'missing',
    ],
    [
      'RECOVERYCONNECT_TOKEN',
      { ...recoveryConnect, RECOVERYCONNECT_USERNAME: 'u', RECOVERYCONNECT_PASSWORD: 'CANARY', ...open },
      'not both',
    ],
    ['AUTH_JWT_SECRET', { ...scollect }, 'nothing would keep callers out'],
    ['AUTH_DISABLED', { ...scollect, ...open, HOST: '0.0.0.0' }, 'a loopback address'],
    ['AUTH_DISABLED', { ...open, HOST: '127.example.com' }, 'a loopback address'],
    ['AUTH_JWT_SECRET', { ...scollect, AUTH_JWT_SECRET: 'CANARY' }, 'at least 32 bytes'],
    ['AUTH_JWT_SECRET', { ...token, AUTH_JWKS_URL: 'https://id.example.com/keys' }, 'not both'],
    ['AUTH_JWKS_URL', { ...scollect, AUTH_JWKS_URL: 'http://CANARY.example.com/keys' }, 'https://'],
    ['AUTH_DISABLED', { ...scollect, ...open, ...token }, 'expected false with AUTH_JWT_SECRET'],
    ['AUTH_CLOCK_SKEW_SECONDS', { AUTH_CLOCK_SKEW_SECONDS: '301' }, 'a whole number from 0 to 300'],
    ['CREDENTIALS_FILE', { CREDENTIALS_FILE: 'x.json' }, 'a token contains the tenant'],
    ['CREDENTIALS_FILE', { CREDENTIALS_FILE: 'x.json', ...token, ...scollect }, 'not both'],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'https://CANARY.example.com/path' }, 'expected origins'],
    ['CORS_ORIGINS', { CORS_ORIGINS: '*' }, 'expected origins'],
    ['CORS_HEADERS', { CORS_HEADERS: 'x-tenant, CANARY: 1' }, 'expected names of headers'],
    ['CORS_HEADERS', { CORS_HEADERS: 'x-tenant x-CANARY' }, 'expected names of headers'],
    ['CORS_HEADERS', { CORS_HEADERS: '*' }, 'expected names of headers'],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: 'all' }, 'a whole number from 0 to 10'],
    ['RATE_LIMIT_PER_CALLER', { RATE_LIMIT_PER_CALLER: '-1' }, 'a whole number from 0'],
    ['MAX_UPSTREAM_CALLS', { MAX_UPSTREAM_CALLS: '0' }, 'a whole number from 1'],
    ['PERSISTED_DOCUMENTS_ONLY', { PERSISTED_DOCUMENTS_ONLY: 'true' }, 'only with PERSISTED_DOCUMENTS'],
    ['REDIS_URL', { REDIS_URL: 'CANARY:6379' }, 'an address, as in redis://redis:6379'],
    ['REDIS_URL', { REDIS_URL: 'https://CANARY' }, 'an address, as in redis://redis:6379'],
    ['REDIS_URL', { REDIS_URL: 'redis://redis/CANARY' }, 'an address, as in redis://redis:6379'],
    ['REDIS_URL', { REDIS_URL: 'redis://redis?password=CANARY' }, 'an address, as in redis://redis:6379'],
    ['REDIS_URL', { REDIS_URL: 'redis://:CANARY%@redis' }, 'percent-encoding'],
    ...['CANARY.example.com', '8.8.8.8', '134744072', '[2001:db8::1]', '172.32.0.1'].map(
      (name) =>
        ['REDIS_URL', { REDIS_URL: `redis://:CANARY@${name}:6379` }, 'rediss:// (TLS) for a host'] as const,
    ),
    ['LOG_FORMAT', { LOG_FORMAT: 'CANARY' }, 'one of json, pretty'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', { OTEL_EXPORTER_OTLP_ENDPOINT: 'CANARY:4317' }, 'an http: or https: URL'],
    [
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'one of http/protobuf, http/json',
    ],
    ['OTEL_TRACES_SAMPLER', { OTEL_TRACES_SAMPLER: 'CANARY' }, 'one of always_on'],
    ['OTEL_TRACES_SAMPLER_ARG', { OTEL_TRACES_SAMPLER_ARG: '1.01' }, 'a number from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', { OTEL_TRACES_SAMPLER_ARG: '1e-2' }, 'a number from 0 to 1'],
    ['FORWARD_TRACEPARENT', { FORWARD_TRACEPARENT: 'yes' }, 'true or false'],
    [
      'RECOVERYCONNECT_TOKEN',
      { ...recoveryConnect, ...open, RECOVERYCONNECT_TOKEN: 'CANARY\n' },
      'without blanks',
    ],
    ['AUTH_AUDIENCE', { ...scollect, ...open, AUTH_AUDIENCE: 'CANARY' }, 'only with AUTH_JWT_SECRET'],
    ['SCOLLECT_URL, RECOVERYCONNECT_URL', { NODE_ENV: 'production' }, 'at least one'],
  ])('names %s when it cannot be used: %j', (name, variables, expected) => {
    const message = messageOf(variables);
    const line = message.split('\n').find((one) => one.startsWith(`${name}: `));
    expect(line).toContain(expected);
    expect(message).not.toContain('CANARY');
  });

  it('names all of them at once', () => {
    const variables = { PORT: 'x', LOG_LEVEL: 'x' };
    expect(() => readSettings(variables)).toThrow(/PORT: .*\nLOG_LEVEL: /);
  });

  it('admits callers by tokens, on any address, and limits their request rates', () => {
    expect(
      readSettings({ ...scollect, ...token, HOST: '0.0.0.0', AUTH_ISSUER: 'https://id.example.com' }),
    ).toMatchObject({
      authentication: {
        keys: { secret: 'CANARY'.repeat(6) },
        issuer: 'https://id.example.com',
        audience: undefined,
        tenantClaim: 'tenant',
        clockSkewSeconds: 5,
      },
      rateLimits: { perCaller: 30_000, perAddress: 60_000, failuresPerAddress: 600 },
    });
    const jwks = { AUTH_JWKS_URL: 'https://id.example.com/keys', AUTH_CLOCK_SKEW_SECONDS: '0' };
    expect(readSettings({ CREDENTIALS_FILE: 'tenants.json', ...jwks })).toMatchObject({
      authentication: { keys: { jwksUrl: 'https://id.example.com/keys' }, clockSkewSeconds: 0 },
      credentialsFile: 'tenants.json',
      usesSandbox: false,
    });
  });

  it('applies the configured limits, and none for 0', () => {
    const limits = { RATE_LIMIT_PER_CALLER: '100', RATE_LIMIT_PER_ADDRESS: '0', MAX_UPSTREAM_CALLS: '5' };
    expect(readSettings({ ...scollect, ...token, ...limits })).toMatchObject({
      rateLimits: { perCaller: 100, perAddress: null, failuresPerAddress: 600 },
      maxUpstreamCalls: 5,
    });
    expect(readSettings({ RATE_LIMIT_PER_ADDRESS: '7' }).rateLimits.perAddress).toBe(7);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, { protocol: 'http/protobuf' }],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector/v1/traces' }, { protocol: 'http/protobuf' }],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
      { protocol: 'http/json' },
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'true' }, { protocol: null }],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', FORWARD_TRACEPARENT: 'true' },
      { protocol: null, isForwarded: true },
    ],
    [{ OTEL_TRACES_SAMPLER_ARG: '.01' }, { protocol: null, isForwarded: false }],
  ])('%j: exports traces as %j', (variables, tracing) => {
    expect(readSettings(variables).tracing).toMatchObject(tracing);
  });

  it('knows the credentials for the collector, and no other values of headers', () => {
    const { collectorSecrets } = readSettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://user:sword%20fish@collector',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=abcd,x-dataset=recollect,authorization=Bearer%20swordfish',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-team=0123456789abcdef',
    });
    expect(collectorSecrets).toEqual(
      expect.arrayContaining(['sword fish', 'abcd', 'swordfish', '0123456789abcdef']),
    );
    expect(collectorSecrets).not.toContain('recollect');
  });

  it('accepts names of headers separated by commas', () => {
    expect(readSettings({ CORS_HEADERS: 'x-tenant, X_Release,' }).corsHeaders).toEqual([
      'x-tenant',
      'X_Release',
    ]);
  });

  it('accepts origins separated by commas or blanks', () => {
    const CORS_ORIGINS = 'https://app.example.com, http://localhost:3000';
    expect(readSettings({ CORS_ORIGINS }).corsOrigins).toEqual([
      'https://app.example.com',
      'http://localhost:3000',
    ]);
  });

  it.each([
    [{ NODE_ENV: 'production' }, { introspection: false, persistedDocuments: { paths: ['x'], only: true } }],
    [{}, { introspection: true, persistedDocuments: { paths: ['x'], only: false } }],
    [{ PERSISTED_DOCUMENTS_ONLY: 'true' }, { persistedDocuments: { paths: ['x'], only: true } }],
    [{ NODE_ENV: 'production', INTROSPECTION: 'true' }, { introspection: true }],
  ])('opens the schema and takes documents by %j', (variables, expected) => {
    const documents = { PERSISTED_DOCUMENTS: 'x' };
    expect(readSettings({ ...scollect, ...open, ...documents, ...variables })).toMatchObject(expected);
  });

  it('is a subgraph only if that is set', () => {
    expect(readSettings({ ...scollect, ...open, FEDERATION: 'true' }).federation).toBe(true);
    expect(() => readSettings({ ...scollect, ...open, FEDERATION: 'yes' })).toThrow(
      'FEDERATION: expected true or false.',
    );
  });

  it.each([
    [{ NODE_ENV: ' Production' }, true],
    [{ NODE_ENV: 'development' }, false],
  ])('is in production by %j: %s', (variables, isProduction) => {
    expect(readSettings({ ...scollect, ...open, ...variables }).isProduction).toBe(isProduction);
  });

  it.each([
    [{ NODE_ENV: 'production' }, false],
    [{ NODE_ENV: ' Production' }, false],
    [{ NODE_ENV: 'production', GRAPHIQL: 'true' }, true],
    [{ NODE_ENV: 'development' }, true],
    [{ GRAPHIQL: 'false' }, false],
  ])('shows GraphiQL by %j: %s', (variables, graphiql) => {
    expect(readSettings({ ...scollect, ...open, ...variables }).graphiql).toBe(graphiql);
  });

  it.each([
    ['file:./data/ledger.db', './data/ledger.db'],
    ['file:ledger.db', 'ledger.db'],
    ['file:/var/lib/ledger.db', '/var/lib/ledger.db'],
    ['file:///var/lib/ledger.db', '/var/lib/ledger.db'],
    ['file:/var/lib/My Ledger/memory.db', '/var/lib/My Ledger/memory.db'],
    ['file:./device/proc/sys.db', './device/proc/sys.db'],
    ['file:/devices/ledger.db', '/devices/ledger.db'],
  ])('keeps the ledger at %s', (STORE_URL, file) => {
    expect(readSettings({ STORE_URL }).ledger).toMatchObject({ file });
  });

  it.each([
    [{ UPSTREAM_TIMEOUT_MS: '20000' }, 30_000, 20_000],
    [{ REQUEST_TIMEOUT_MS: '3000' }, 3000, 2000],
    [{ REQUEST_TIMEOUT_MS: '60000' }, 60_000, 10_000],
  ])('gives a request more time than a call: %j', (variables, requestTimeoutMs, timeoutMs) => {
    expect(readSettings(variables)).toMatchObject({ requestTimeoutMs, upstreams: { timeoutMs } });
  });

  it('takes the key of the ledger, and for how long idempotency keys are kept', () => {
    const key = 'AB'.repeat(32);
    expect(readSettings({ STORE_KEY: key, IDEMPOTENCY_KEY_HOURS: '48' }).ledger).toMatchObject({
      key: key.toLowerCase(),
      keyLifeMs: 48 * 60 * 60 * 1000,
    });
  });

  it.each<readonly [Record<string, string>, RegExp]>([
    [{ STORE_URL: 'file:' }, /^STORE_URL: expected the path of a file/],
    [{ STORE_URL: 'file://host/ledger.db' }, /^STORE_URL: expected the path of a file/],
    [{ STORE_URL: ':memory:' }, /^STORE_URL: expected the path of a file/],
    [{ STORE_URL: 'file:?CANARY' }, /^STORE_URL: expected the path of a file/],
    ...[
      ':memory:',
      '/CANARY/:memory:',
      ':memory:CANARY',
      ':MEMORY:',
      'CANARY:x.db',
      'file:CANARY.db',
      'libsql://CANARY',
    ].map(
      (path) =>
        [
          { STORE_URL: `file:${path}` },
          /^STORE_URL: expected the path of a file, as in .*, not memory/,
        ] as const,
    ),
    [{ STORE_URL: 'file::memory:?cache=shared' }, /^STORE_URL: expected the path of a file/],
    ...[' CANARY.db', 'CA\nNARY.db', 'CANARY\u0000.db'].map(
      (path) =>
        [{ STORE_URL: `file:${path}` }, /^STORE_URL: expected a path without blanks at its ends/] as const,
    ),
    ...['CANARY/', '/', '.', '..', './', './CANARY/..', '/CANARY/.'].map(
      (path) =>
        [{ STORE_URL: `file:${path}` }, /^STORE_URL: expected the path of a file, not of a folder/] as const,
    ),
    ...[
      '/dev/null',
      '/dev/shm/CANARY.db',
      '/proc/CANARY',
      '/sys/CANARY',
      '/CANARY/../dev/fd/3',
      '///proc/x',
    ].map(
      (path) =>
        [{ STORE_URL: `file:${path}` }, /^STORE_URL: expected a file that outlives a restart/] as const,
    ),
    ...['gateway.key', '/CANARY/gateway.key', 'CANARY.trace'].map(
      (path) => [{ STORE_URL: `file:${path}` }, /^STORE_URL: expected another name than/] as const,
    ),
    [
      { STORE_URL: 'postgres://CANARY@example.com/x', NODE_ENV: 'production', AUTH_DISABLED: 'true' },
      /^STORE_KEY: required with a Postgres ledger in production/m,
    ],
    ...(
      [
        ['postgres://CANARY@db', /^STORE_URL: expected a database, as in/],
        ['postgres://db/CANARY', /^STORE_URL: expected a user, as in/],
        ['postgres://u:CAN%ARY@db/x', /^STORE_URL: expected special characters in percent encoding/],
        ['postgres://u:CANARY@db:0/x', /^STORE_URL: expected hosts with ports/],
        ['postgres://u@db/x?CANARY=1', /^STORE_URL: expected no other parameters than sslmode/],
        ['postgres://u@db/x?sslmode=CANARY', /^STORE_URL: expected sslmode to be/],
        ['postgres://u@db/x?target_session_attrs=any', /^STORE_URL: expected target_session_attrs/],
        ['postgres://u@db/x?schema=CANARY', /^STORE_URL: expected schema to be/],
      ] as const
    ).map(([STORE_URL, message]) => [{ STORE_URL }, message] as const),
    [{ STORE_KEY: 'CANARY' }, /^STORE_KEY: expected 64 hexadecimal digits/],
    [
      { REQUEST_TIMEOUT_MS: '900', UPSTREAM_TIMEOUT_MS: '1000' },
      /^UPSTREAM_TIMEOUT_MS: expected no more than REQUEST_TIMEOUT_MS\.$/,
    ],
    [{ KEEP_ALIVE_TIMEOUT_MS: '0' }, /^KEEP_ALIVE_TIMEOUT_MS: expected a whole number from 1 to/],
    [{ KEEP_ALIVE_TIMEOUT_MS: 'long' }, /^KEEP_ALIVE_TIMEOUT_MS: expected a whole number from 1 to/],
    [{ MAX_CONNECTIONS: '0' }, /^MAX_CONNECTIONS: expected a whole number from 1 to/],
    [{ WRITE_TIMEOUT_MS: '5' }, /^WRITE_TIMEOUT_MS: expected a whole number from 1000/],
    [{ SHUTDOWN_DELAY_MS: '5s' }, /^SHUTDOWN_DELAY_MS: expected a whole number from 0 to 600000/],
    [{ SHUTDOWN_TIMEOUT_MS: '5' }, /^SHUTDOWN_TIMEOUT_MS: expected a whole number from 1000/],
    [{ IDEMPOTENCY_KEY_HOURS: '0' }, /^IDEMPOTENCY_KEY_HOURS: expected a whole number from 1 to 8760/],
  ])('refuses %j, unsaid', (variables, message) => {
    expect(messageOf({ ...variables })).toMatch(message);
    expect(messageOf({ ...variables })).not.toContain('CANARY');
  });
});

describe('CACHE', () => {
  it('is the TTL in seconds of each operation', () => {
    const { cache } = readSettings({ CACHE: '{"getaccount": 5, "getOrder": 3600}' });
    expect([...(cache ?? [])]).toEqual([
      ['getaccount', 5],
      ['getOrder', 3600],
    ]);
    expect(readSettings({ CACHE: '{}' }).cache).toBeNull();
  });

  it.each([
    ['{"getaccount": 0}', 'CACHE: getaccount: expected whole seconds from 1 to 3600.'],
    ['{"getaccount": 1.5}', 'CACHE: getaccount: expected whole seconds from 1 to 3600.'],
    ['{"getaccount": "5"}', 'CACHE: getaccount: expected whole seconds from 1 to 3600.'],
    ['{"getacount": 5}', 'CACHE: getacount is no operation of an upstream.'],
    ['{"sk_live_51H": 5}', 'CACHE: name 1 is no operation of an upstream.'],
    ['{"addNote": 5}', 'CACHE: addNote is no operation of an upstream.'],
    ['{"run_payment_external": 5}', 'CACHE: run_payment_external is never cached: it is a write.'],
    ['{"login": 5}', 'CACHE: login is never cached: its response is a token.'],
    [
      '{"getpayments": 5}',
      'CACHE: getpayments is never cached: payments are decided by its response, which must be the present one.',
    ],
    [
      '{"getattempts": 5, "getaccount": 5}',
      'CACHE: getattempts is never cached: whether a debtor may be contacted again depends on every event in its response.',
    ],
    ['5', 'CACHE: expected a JSON object of operations with seconds, as in {"getaccount": 5}.'],
    ['[]', 'CACHE: expected a JSON object of operations with seconds, as in {"getaccount": 5}.'],
    ['{', 'CACHE: expected a JSON object of operations with seconds, as in {"getaccount": 5}.'],
  ])('%s is rejected with the reason', (CACHE, message) => {
    expect(() => readSettings({ CACHE })).toThrow(new SettingsError([message]));
  });

  it('is rejected for several workers without Redis', () => {
    const CACHE = new Map([['getaccount', 5]]);
    expect(cacheProblems({ CACHE, WORKERS: 2 })).toEqual([
      'CACHE: expected REDIS_URL too, or one worker: a write of one process cannot invalidate what another has in memory.',
    ]);
    expect(cacheProblems({ CACHE, WORKERS: 2, REDIS_URL: 'redis://redis' })).toEqual([]);
    expect(cacheProblems({ CACHE, WORKERS: 1 })).toEqual([]);
    expect(cacheProblems({ WORKERS: 2 })).toEqual([]);
  });
});
