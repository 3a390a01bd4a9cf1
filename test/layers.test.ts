import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src', import.meta.url));

// From the bottom up; a file may import from its own layer and from those below.
const layers = [
  [
    'errors.ts',
    'lib/',
    'values/',
    'redact.ts',
    'client-address.ts',
    'rate-limit.ts',
    'redaction/',
    'log.ts',
    'deadline.ts',
    'keyed-reads.ts',
    'light-signal.ts',
    'under-way.ts',
    'request-life.ts',
    'caller.ts',
    'audit.ts',
    'query-too-complex.ts',
    'document-cache.ts',
    'query-plan/',
    'audit-trail.ts',
    'audit-line.ts',
    'call-budget.ts',
    'answer-budget.ts',
    'response-work.ts',
    'authentication.ts',
    'authentication/',
  ],
  ['upstreams/', 'ledger/'],
  ['loaders.ts', 'sandbox/'],
  ['context.ts'],
  ['builder.ts'],
  ['schema/'],
  [
    'schema.ts',
    'cost/',
    'settings.ts',
    'settings/',
    'credentials.ts',
    'ready-queries.ts',
    'graphiql.ts',
    'graphiql-storage.ts',
    'http/',
    'plugins/',
    'request-limits.ts',
    'persisted-documents.ts',
    'document-limits.ts',
    'document-text.ts',
    'limits.ts',
    'error-masking.ts',
    'metrics.ts',
    'mismatch-log.ts',
    'readiness.ts',
    'server.ts',
    'stalled-responses.ts',
  ],
  ['request-context.ts', 'connect.ts', 'print-schema.ts', 'announcement.ts'],
  ['fast-path/'],
  ['gateway.ts', 'callers.ts', 'identity-warnings.ts', 'open-store.ts'],
  ['main.ts', 'docs/', 'doctor/', 'ledger-commands/'],
];

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

const layerOf = (file: string): number =>
  layers.findIndex((places) =>
    places.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place)),
  );

const importsOf = (file: string): string[] => {
  const source = readFileSync(join(root, file), 'utf8');
  return [...source.matchAll(/(?:from|import\(?) '(\.[^']+)'/g)].map(([, path = '']) =>
    relative(root, join(root, dirname(file), path)),
  );
};

const systemOf = (file: string): string | undefined =>
  /^upstreams\/(scollect|recoveryconnect)\//.exec(file)?.[1];

describe('src', () => {
  it.each(files)('%s imports nothing from above', (file) => {
    expect(layerOf(file)).toBeGreaterThanOrEqual(0);
    expect(importsOf(file).filter((imported) => layerOf(imported) > layerOf(file))).toEqual([]);
  });

  it('keeps the two systems apart', () => {
    const crossing = files.filter((file) => {
      const system = systemOf(file);
      return system && importsOf(file).some((imported) => (systemOf(imported) ?? system) !== system);
    });
    expect(crossing).toEqual([]);
  });

  it('lets nothing know the sandbox but what starts it', () => {
    const knowing = files.filter((file) =>
      importsOf(file).some((imported) => imported.startsWith('sandbox/')),
    );
    expect(knowing.filter((file) => !file.startsWith('sandbox/'))).toEqual(['connect.ts']);
  });
});
