import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLEnumType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { environment } from '../../src/config/environment.ts';
import { readSettings } from '../../src/config/settings.ts';
import { generatedBlocks, table, withGenerated } from '../../src/docs/markdown.ts';
import { generatePage, pages } from '../../src/docs/pages.ts';
import { settingNames } from '../../src/docs/settings-table.ts';
import { errorCodes } from '../../src/lib/error-codes.ts';
import { scopes } from '../../src/operation/caller.ts';
import { schema } from '../../src/schema/schema.ts';
import { startAudited } from '../support/audited.ts';
import { root } from '../support/root.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const rowOf = (file: string, name: string): string[] =>
  read(file)
    .split('\n')
    .filter((line) => line.startsWith(`| \`${name}\` |`))
    .flatMap((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

describe('generated tables', () => {
  it.each(pages)('%s: the tables are those of the code', (page) => {
    const isCurrent = generatePage(join(root, page)) === read(page);
    expect(isCurrent, `${page}: the code has changed. Run \`npm run docs\` and commit the page.`).toBe(true);
  });

  it('docs/settings.md: every setting is in one table', () => {
    const listed = generatedBlocks(read('docs/settings.md')).flatMap(({ words }) => words);
    expect(
      listed.toSorted(),
      'docs/settings.md: name each setting in one marker `<!-- generated: settings … -->`.',
    ).toEqual(settingNames.toSorted());
  });

  it.each(settingNames)('%s: the code contains a description', (name) => {
    const { description } =
      z.record(z.string(), z.custom<z.ZodType>()).parse(environment.shape)[name]?.meta() ?? {};
    expect(description, `${name}: add .describe() in src/config/environment.ts.`).toMatch(/\.( ¹)?$/);
  });

  it('docs/security.md and docs/errors.md: every scope and code has a row', () => {
    for (const scope of scopes) expect(rowOf('docs/security.md', scope)).not.toEqual([]);
    for (const code of Object.keys(errorCodes)) expect(rowOf('docs/errors.md', code)).not.toEqual([]);
  });

  it('docs/security.md: the row of a scope lists the fields of the schema that require it', () => {
    expect(rowOf('docs/security.md', 'payments:write').at(2)?.split(', ')).toEqual(
      ['createPaymentPlan', 'recordPayment', 'runPayment', 'updatePendingPayments'].map(
        (name) => `\`${name}\``,
      ),
    );
    expect(schema.getMutationType()?.getFields()['runPayment']).toBeDefined();
  });
});

describe('docs/settings.md: defaults that depend on other settings', () => {
  const upstream = { SCOLLECT_URL: 'https://s.example.com', SCOLLECT_API_KEY: 'k', SCOLLECT_PIN: 'p' };
  const secure = { ...upstream, AUTH_JWT_SECRET: 's'.repeat(32) };
  const inProduction = { ...secure, NODE_ENV: 'production' };
  const defaultOf = (name: string) => rowOf('docs/settings.md', name).at(1);

  it.each([
    [
      'RATE_LIMIT_PER_CALLER',
      '`30000`; none without authentication',
      readSettings(secure).rateLimits.perCaller,
    ],
    [
      'RATE_LIMIT_PER_ADDRESS',
      '`60000`; none without authentication',
      readSettings(secure).rateLimits.perAddress,
    ],
    [
      'RATE_LIMIT_FAILED_AUTH',
      '`600`; none without authentication',
      readSettings(secure).rateLimits.failuresPerAddress,
    ],
    ['INTROSPECTION', '`true`; in production `false`', readSettings(secure).introspection],
    ['GRAPHIQL', '`true`; in production `false`', readSettings(secure).graphiql],
    [
      'REQUEST_TIMEOUT_MS',
      '`15000`, or 1.5 × `UPSTREAM_TIMEOUT_MS` if that is longer',
      readSettings({}).requestTimeoutMs,
    ],
    [
      'UPSTREAM_TIMEOUT_MS',
      '`10000`, or ⅔ of `REQUEST_TIMEOUT_MS` if that is shorter',
      readSettings({}).upstreams.timeoutMs,
    ],
  ])('%s: %s', (name, text, value) => {
    expect(defaultOf(name)).toBe(text);
    expect(text).toContain(`\`${value}\``);
  });

  it('production and settings without authentication have the other default', () => {
    expect(readSettings(inProduction)).toMatchObject({ introspection: false, graphiql: false });
    expect(readSettings({}).rateLimits).toEqual({
      perCaller: null,
      perAddress: null,
      failuresPerAddress: null,
    });
    expect(readSettings({ UPSTREAM_TIMEOUT_MS: '20000' }).requestTimeoutMs).toBe(30_000);
    expect(readSettings({ REQUEST_TIMEOUT_MS: '6000' }).upstreams.timeoutMs).toBe(4000);
    expect(readSettings({}).ledger).toMatchObject({ file: './data/gateway.db' });
  });
});

const mutationCodes = z
  .instanceof(GraphQLEnumType)
  .parse(schema.getType('ErrorCode'))
  .getValues()
  .map(({ name }) => name);

/** Codes of mutation results and of the ledger's store, which never occur in `errors`. */
const otherCodes = new Set([...mutationCodes, 'STORE_REPLACED']);

describe('error codes', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );

  it('every code in src is in src/lib/error-codes.ts', () => {
    const used = files.flatMap((file) =>
      [...read(join('src', file)).matchAll(/\bcode(?::| =) '([A-Z_]+)'/g)].map(([, code = '']) => ({
        file,
        code,
      })),
    );
    const unknown = used.filter(({ code }) => !Object.hasOwn(errorCodes, code) && !otherCodes.has(code));
    expect(used.length).toBeGreaterThan(10);
    expect(
      unknown,
      'Add these codes with a meaning to src/lib/error-codes.ts, then run `npm run docs`.',
    ).toEqual([]);
  });
});

describe('a rejected request', () => {
  const post = (body: object): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  it.each<readonly [string, RequestInit]>([
    ['OPERATION_RESOLUTION_FAILURE', post({ query: 'query A { __typename }', operationName: 'B' })],
    ['REQUEST_ENTITY_TOO_LARGE', post({ query: '{ __typename }', x: 'a'.repeat(1_000_001) })],
    ['GRAPHQL_PARSE_FAILED', post({ query: '{' })],
    ['GRAPHQL_VALIDATION_FAILED', post({ query: '{ nothing }' })],
    ['BAD_REQUEST', post({})],
  ])('has a documented code: %s', async (code, request) => {
    const { gateway } = await startAudited();
    const response = await gateway.fetch('http://gateway/graphql', request);
    const body = z.object({ errors: z.array(z.object({ extensions: z.object({ code: z.string() }) })) });
    expect(body.parse(await response.json()).errors.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(Object.keys(errorCodes)).toContain(code);
  });
});

describe('withGenerated', () => {
  const page =
    'before\n<!-- generated: a X Y -->\nold\n<!-- end -->\nbetween\n<!-- generated: b -->\n<!-- end -->\nafter';

  it('replaces the content of each block, and keeps the text around it', () => {
    expect(withGenerated(page, ({ name, words }) => `${name}: ${words.join(',')} $1`)).toBe(
      'before\n<!-- generated: a X Y -->\n\na: X,Y $1\n\n<!-- end -->\nbetween\n<!-- generated: b -->\n\nb:  $1\n\n<!-- end -->\nafter',
    );
  });

  it('escapes pipes in cells', () => {
    expect(table(['a'], [['x|y']])).toBe('| a |\n| --- |\n| x\\|y |');
  });
});
