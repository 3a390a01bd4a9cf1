import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { settingsFor, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type Running, run } from '../support/process.ts';
import { root } from '../support/root.ts';
import { jwtSecret } from '../support/token.ts';
import { issuer, resource } from './tokens.ts';

const noLimits = { RATE_LIMIT_PER_CALLER: '0', RATE_LIMIT_PER_ADDRESS: '0', RATE_LIMIT_FAILED_AUTH: '0' };

/** Ways in which a gateway is run where strangers may reach it, by name, and how many of every 26 requests go to each. */
export const configurations = {
  'shut, as in production': { of: 12, env: noLimits },
  'that show the schema, behind a proxy and for pages of another origin': {
    of: 5,
    env: {
      ...noLimits,
      INTROSPECTION: 'true',
      GRAPHIQL: 'true',
      TRUSTED_PROXIES: '1',
      CORS_ORIGINS: 'https://app.example.com',
    },
  },
  'for few requests a minute, behind a proxy': {
    of: 2,
    env: {
      RATE_LIMIT_PER_CALLER: '30',
      RATE_LIMIT_PER_ADDRESS: '60',
      RATE_LIMIT_FAILED_AUTH: '5',
      TRUSTED_PROXIES: '1',
    },
  },
  'for known documents only': { of: 1, env: { ...noLimits, PERSISTED_DOCUMENTS_ONLY: 'true' } },
  'with tools for assistants': {
    of: 6,
    env: {
      ...noLimits,
      MCP: 'true',
      AUTH_ISSUER: issuer,
      AUTH_AUDIENCE: resource,
      CORS_ORIGINS: 'https://app.example.com',
      // Some results are larger.
      MCP_MAX_RESULT_KB: '1',
    },
  },
} as const satisfies Record<string, { of: number; env: Record<string, string> }>;

export type ConfigurationName = keyof typeof configurations;

/** The names of the configurations, each as often as requests go there. */
const places = Object.entries(configurations).flatMap(([name, { of }]) => Array<string>(of).fill(name));

/** To whose gateway a request goes, by its number. */
export const configurationOf = (number: number): ConfigurationName =>
  places[number % places.length] as ConfigurationName;

/** A question that everybody may ask at any time. */
const plain = '{ account(fileNumber: "R1001") { fileNumber borrower { fullName } } }';

const documents = [
  plain,
  '{ __typename }',
  'query ($a: String!) { account(fileNumber: $a) { fileNumber status } }',
  'query Two { portfolios { name } orders(first: 2) { totalCount } }',
];

const hashed = (document: string): string => createHash('sha256').update(document).digest('hex');

/** The ids of documents that all gateways here execute. */
export const documentIds = documents.map(hashed);

/** The documents of tools, by their ids. */
const toolDocuments = join(root, 'deploy/mcp/documents.json');

const toolEntries = {
  ...(JSON.parse(readFileSync(join(root, 'deploy/mcp/tools.json'), 'utf8')) as object),
  ChargeStoredMethod: { write: true },
};

export interface FuzzedGateway {
  /** Whether there is `/mcp`. */
  readonly hasTools: boolean;
  /** A question in the way in which it takes any. */
  readonly question: { readonly query: string } | { readonly documentId: string };
  readonly process: Running;
  readonly url: URL;
}

/** A gateway in a process of its own, before a sandbox in this one. */
export const startConfigured = async (name: ConfigurationName): Promise<FuzzedGateway> => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const folder = mkdtempSync(join(tmpdir(), 'recollect-fuzz-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const manifest = join(folder, 'documents.json');
  writeFileSync(manifest, JSON.stringify(Object.fromEntries(documents.map((one) => [hashed(one), one]))));
  const hasTools = name === 'with tools for assistants';
  const tools = join(folder, 'tools.json');
  writeFileSync(tools, JSON.stringify(toolEntries));
  const running = run('main.js', {
    NODE_ENV: 'production',
    PORT: '0',
    AUTH_JWT_SECRET: jwtSecret,
    ...settingsFor(sandbox),
    STORE_URL: `file:${join(folder, 'gateway.db')}`,
    AUDIT_LOG: join(folder, 'audit.log'),
    LOG_LEVEL: 'info',
    REQUEST_TIMEOUT_MS: '3000',
    UPSTREAM_TIMEOUT_MS: '2000',
    SHUTDOWN_TIMEOUT_MS: '5000',
    PERSISTED_DOCUMENTS: hasTools ? `${manifest},${toolDocuments}` : manifest,
    ...(hasTools && { MCP_TOOLS: tools }),
    PERSISTED_DOCUMENTS_ONLY: 'false',
    ...configurations[name].env,
  });
  const question = name === 'for known documents only' ? { documentId: hashed(plain) } : { query: plain };
  const url = new URL(await running.line(/^Recollect is ready at (\S+)$/m));
  return { hasTools, question, process: running, url };
};
