import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DialectName } from './dialects.ts';
import { documentIdOf, type FormName } from './forms.ts';
import type { Operation } from './operations.ts';
import { program, root } from './paths.ts';
import { callerTokens, environmentOf, jwtSecret, type Place } from './place.ts';
import { type ServerProcess, startServer } from './processes.ts';
import { recollectDialect } from './recollect-dialect.ts';

/** A server that is measured. */
export interface Server {
  /** As in BENCH_SERVERS. */
  readonly name: string;
  /** As in tables. */
  readonly title: string;
  readonly dialect: DialectName;
  readonly tokens: readonly string[];
  /** What it cannot be asked for, or in which form, and why. */
  readonly lacks: Readonly<Partial<Record<Operation | FormName, string>>>;
  start(place: Place): ServerProcess;
}

/** What all servers but Recollect take from the environment. */
export const commonEnv = ({ port, upstream, upstreamToken }: Place): Record<string, string> => ({
  PORT: String(port),
  UPSTREAM: upstream,
  UPSTREAM_TOKEN: upstreamToken,
});

/** Starts a server on Node, with the probe for its event loop. */
export const startNode = (
  file: string,
  place: Place,
  env: Readonly<Record<string, string>>,
  isSpread = false,
): ServerProcess =>
  startServer(
    {
      command: [process.execPath, file],
      cwd: place.folder,
      env: environmentOf(env, place.folder),
      output: join(place.folder, 'output.log'),
    },
    isSpread,
  );

const muchPerMinute = '100000000';

/** Writes a manifest of one document, as clients that name it by its id come with. */
const manifestIn = (folder: string): string => {
  const file = join(folder, 'documents.json');
  const { account = '' } = recollectDialect.documents;
  writeFileSync(file, JSON.stringify({ [documentIdOf(account)]: account }));
  return file;
};

/**
 * As README says for production; only the limits are wide enough for a load that comes from one address, and documents
 * that are not in a manifest are executed too.
 */
const recollectEnv = ({ port, upstream, upstreamToken, folder }: Place): Record<string, string> => ({
  PORT: String(port),
  SCOLLECT_URL: upstream,
  SCOLLECT_API_KEY: 'the key',
  SCOLLECT_PIN: 'the pin',
  RECOVERYCONNECT_URL: upstream,
  RECOVERYCONNECT_TOKEN: upstreamToken,
  PERSISTED_DOCUMENTS: manifestIn(folder),
  PERSISTED_DOCUMENTS_ONLY: 'false',
  AUTH_JWT_SECRET: jwtSecret,
  AUTH_ISSUER: 'https://id.bench.example',
  AUTH_AUDIENCE: 'recollect',
  RATE_LIMIT_PER_CALLER: muchPerMinute,
  RATE_LIMIT_PER_ADDRESS: muchPerMinute,
  UPSTREAM_MAX_CONCURRENCY: '512',
  AUDIT_LOG: join(folder, 'audit.jsonl'),
  STORE_URL: `file:${join(folder, 'gateway.db')}`,
});

/** Recollect as built in a checkout, with further settings. */
export const recollectIn = (
  checkout: string,
  { name, title }: Pick<Server, 'name' | 'title'>,
  env: Readonly<Record<string, string>> = {},
  isSpread = false,
): Server => ({
  name,
  title,
  dialect: 'recollect',
  tokens: callerTokens(jwtSecret),
  lacks: {},
  start: (place) =>
    startNode(join(checkout, 'dist/main.js'), place, { ...recollectEnv(place), ...env }, isSpread),
});

export const recollect = recollectIn(root, { name: 'recollect', title: 'Recollect' });

export const limit: Server = {
  name: 'limit',
  title: 'baseline (node:http, undici)',
  dialect: 'recollect',
  tokens: [],
  lacks: { payment: 'it has no ledger.' },
  start: (place) => startNode(program('limit.js'), place, commonEnv(place)),
};
