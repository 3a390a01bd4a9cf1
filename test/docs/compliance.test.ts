import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { environment } from '../../src/config/environment.ts';
import { tableNames } from '../../src/ledger/postgres/postgres-schema.ts';
import { scopes } from '../../src/operation/caller.ts';
import { redisUses } from '../../src/redis/shared-redis.ts';
import { schema } from '../../src/schema/schema.ts';
import { root } from '../support/root.ts';

const page = readFileSync(join(root, 'docs/compliance.md'), 'utf8');

const section = (heading: string): string => {
  const [, text = ''] = page.split(`\n## ${heading}\n`);
  return text.split('\n## ')[0] ?? '';
};

/** The cells of the rows of all tables, without headings. */
const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.slice(2, -2).split(' | '))
    .filter(([first = '']) => !['requirement', 'element', 'rule'].includes(first));

const quoted = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);

/** Variables and words in capitals that are no settings of the gateway. */
const notSettings = new Set(['NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED']);

describe('docs/compliance.md', () => {
  it.each([
    ['PCI DSS 4.0.1', 45],
    ['GLBA Safeguards Rule', 12],
  ] as const)(
    '%s: each row has a known status, and each task of the gateway has its evidence',
    (heading, least) => {
      const rows = rowsOf(section(heading));
      expect(rows.length).toBeGreaterThanOrEqual(least);
      for (const row of rows) {
        const [requirement, status = '', does = '', evidence = '', operator = ''] = row;
        expect({ requirement, cells: row.length }).toEqual({ requirement, cells: 5 });
        expect({ requirement, status }).toEqual({
          requirement,
          status: expect.stringMatching(/^(?:gateway|shared|operator)$/),
        });
        if (status === 'operator') continue;
        expect({ requirement, does: does.length > 10 }).toEqual({ requirement, does: true });
        expect({ requirement, evidence }).toEqual({
          requirement,
          evidence: expect.stringMatching(/`test\/|this page/),
        });
        expect({ requirement, operator: operator !== '' }).toEqual({ requirement, operator: true });
      }
    },
  );

  it('lists each requirement once', () => {
    const names = [section('PCI DSS 4.0.1'), section('GLBA Safeguards Rule'), section('Regulation F')]
      .flatMap(rowsOf)
      .map(([first = '']) => first);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('names only files and folders that exist', () => {
    const paths = quoted.filter(
      (text) => /^(?:src|test|docs|scripts)\//.test(text) || text === 'schema.graphql',
    );
    expect(paths.length).toBeGreaterThan(50);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names only settings, metrics and scopes that exist', () => {
    const names = quoted.map((text) => text.split('=')[0] ?? '');
    const settings = names.filter((name) => /^[A-Z]+(?:_[A-Z]+)+$|^(?:HOST|PORT)$/.test(name));
    expect(settings.length).toBeGreaterThan(20);
    expect(settings.filter((name) => !notSettings.has(name) && !(name in environment.shape))).toEqual([]);

    const telemetry = readdirSync(join(root, 'src/telemetry'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, 'src/telemetry', file), 'utf8'))
      .join('');
    const metrics = quoted.filter((text) => text.startsWith('recollect_'));
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((name) => !telemetry.includes(`'${name}'`))).toEqual([]);

    const named = quoted.filter((text) => /^[a-z]+:(?:read|write|resolve)$/.test(text));
    expect(named.filter((name) => !scopes.some((scope) => scope === name))).toEqual([]);
  });

  it('names only mutations, queries and keys of audit lines that exist', () => {
    const fields = [schema.getMutationType(), schema.getQueryType()].flatMap((type) =>
      type instanceof GraphQLObjectType ? Object.keys(type.getFields()) : [],
    );
    const called = quoted.filter((text) =>
      /^(?:run|record|create|update|add|send|resolve|pending)[A-Z]\w+$/.test(text),
    );
    const ofAudit = ['recordCount'];
    expect(called.length).toBeGreaterThan(5);
    expect(called.filter((name) => !fields.includes(name) && !ofAudit.includes(name))).toEqual([]);
  });

  it('describes each table in Postgres and each use of Redis, with its end and its evidence', () => {
    const rows = rowsOf(section('What Postgres and Redis hold')).filter(([server]) => server !== 'server');
    for (const row of rows) {
      const [server = '', place, ...facts] = row;
      expect({ server, place, cells: row.length }).toEqual({ server, place, cells: 7 });
      expect({ place, blank: facts.some((fact) => fact.trim() === '') }).toEqual({ place, blank: false });
      expect(facts.at(-1)).toMatch(/^`(?:test|src)\/[^`]+\.test\.ts`/);
    }
    const placesOf = (name: string): string[] =>
      rows
        .filter(([server]) => server === name)
        .flatMap(([, place = '']) => [...place.matchAll(/`(\w+)`/g)].map(([, one = '']) => one));
    expect(placesOf('Postgres').toSorted()).toEqual(Object.keys(tableNames('recollect')).toSorted());
    expect(placesOf('Redis').toSorted()).toEqual([...redisUses].toSorted());
  });

  it('describes every file that src opens for writing', () => {
    const writing = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .filter((file) =>
        /\b(?:writeFileSync|writeFile|appendFile|appendFileSync|createWriteStream|mkdirSync|new Database)\b|openSync\([^)]*'(?:a|ax|w|wx|r\+)'/.test(
          readFileSync(join(root, 'src', file), 'utf8'),
        ),
      );
    // The ledger, its key, its trace, its backups, the audit trail; and what `npm run docs` and `npm run schema` write.
    const message =
      'A program that writes a further file: add it to the table of files in docs/compliance.md.';
    expect(writing.toSorted(), message).toEqual([
      'audit/audit-trail.ts',
      'docs/main.ts',
      'doctor/shapes/shapes-file.ts',
      'ledger-commands/backup.ts',
      'ledger/gateway-key.ts',
      'ledger/inspect-ledger.ts',
      'ledger/open-database.ts',
      'ledger/sqlite-store.ts',
      'ledger/trace.ts',
      'schema/print-schema.ts',
    ]);
  });
});
