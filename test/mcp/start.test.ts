import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { readSettings, SettingsError } from '../../src/config/settings.ts';
import { parseToolFile } from '../../src/http/mcp/tool-file.ts';
import { connectClient, openTestMcp, startMcp, toolDocuments, toolEntries } from '../support/mcp.ts';

const problemsOf = async (work: () => unknown): Promise<string[]> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  throw new Error('Expected problems.');
};

const all = { MCP: 'true', PERSISTED_DOCUMENTS: 'documents', MCP_TOOLS: 'tools.json' };
const tokens = { AUTH_JWT_SECRET: 'CANARY'.repeat(6) };

describe('the settings of /mcp', () => {
  it('are a file and a size, and off by default', () => {
    expect(readSettings({ ...all, MCP_MAX_RESULT_KB: '2' }).mcp).toEqual({
      file: 'tools.json',
      maxResultBytes: 2048,
      logIn: null,
    });
    expect(readSettings({ ...all, MCP: 'false' }).mcp).toBeNull();
    expect(readSettings({ ...all, ...tokens, AUTH_AUDIENCE: 'a' }).mcp).not.toBeNull();
  });

  it.each<readonly [string, Record<string, string>, readonly RegExp[]]>([
    ['without documents', { MCP: 'true', MCP_TOOLS: 't' }, [/^PERSISTED_DOCUMENTS: required with MCP=true/]],
    ['without tools', { MCP: 'true', PERSISTED_DOCUMENTS: 'd' }, [/^MCP_TOOLS: required with MCP=true/]],
    ['with tokens for any service', { ...all, ...tokens }, [/^AUTH_AUDIENCE: required with MCP=true/]],
    ['with neither true nor false', { ...all, MCP: 'yes' }, [/^MCP: expected true or false/]],
    [
      'with another size',
      { ...all, MCP_MAX_RESULT_KB: '0' },
      [/^MCP_MAX_RESULT_KB: expected a whole number/],
    ],
  ])('stop the start %s', async (_, variables, expected) => {
    const problems = await problemsOf(() => readSettings(variables));
    expect(problems).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });
});

describe('the file of the tools', () => {
  it.each<readonly [string, string, RegExp]>([
    ['no JSON', '{"CANARY', /^MCP_TOOLS: expected a JSON object of the names of operations/],
    ['a list', '["CANARY"]', /expected a JSON object/],
    ['nothing', '{}', /expected a JSON object/],
    ['a name with blanks', '{"CANARY CANARY": {}}', /^MCP_TOOLS: name 1: expected the name of an operation/],
    ['a long name', `{"${'A'.repeat(65)}": {}}`, /at most 64 characters/],
    ['a name without an entry', '{"A": true}', /^MCP_TOOLS: A: expected an object/],
    [
      'an unknown key',
      '{"A": {"CANARY": 1}}',
      /^MCP_TOOLS: A: expected no other keys than write, destructive/,
    ],
    ['a text for a flag', '{"A": {"write": "CANARY"}}', /^MCP_TOOLS: A.write: expected true/],
    ['a flag that is off', '{"A": {"personalData": false}}', /^MCP_TOOLS: A.personalData: expected true/],
    ['an empty title', '{"A": {"title": ""}}', /^MCP_TOOLS: A.title: expected a text that is not empty/],
    [
      'a long description',
      `{"A": {"description": "${'x'.repeat(2001)}"}}`,
      /^MCP_TOOLS: A.description: expected at most/,
    ],
  ])('may not be %s, which no message repeats', async (_, text, expected) => {
    const problems = await problemsOf(() => parseToolFile(text));
    expect(problems).toEqual([expect.stringMatching(expected)]);
    expect(problems.join()).not.toContain('CANARY');
  });

  it('is read from the path of the setting, which no message repeats', async () => {
    const { readToolFile } = await import('../../src/http/mcp/tool-file.ts');
    expect(await problemsOf(() => readToolFile('/CANARY/tools.json'))).toEqual([
      'MCP_TOOLS: expected a file that can be read; the system says ENOENT.',
    ]);
  });
});

const twice = { a: 'query Twice { portfolios { name } }', b: 'query Twice { portfolios { client } }' };
const ownKey = toolDocuments['pay']
  ?.replace('$input: RunPaymentInput!', '$n: String!')
  .replace(
    'input: $input',
    'input: {fileNumber: $n, amount: "1", paymentDate: "2030-01-02", idempotencyKey: "same"}',
  );

describe('a start is stopped by', () => {
  it.each<readonly [string, Record<string, string>, Record<string, unknown>, string]>([
    [
      'an operation that does not exist',
      toolDocuments,
      { Nothing: {} },
      'MCP_TOOLS: Nothing: expected an operation of this name in a document of PERSISTED_DOCUMENTS.',
    ],
    [
      'a mutation without its mark',
      toolDocuments,
      { AddNote: {} },
      'MCP_TOOLS: AddNote: is a mutation: expected "write": true, which permits it.',
    ],
    [
      'a query with it',
      toolDocuments,
      { OrderById: { write: true } },
      'MCP_TOOLS: OrderById: is a query: expected no "write".',
    ],
    [
      'a destructive query',
      toolDocuments,
      { OrderById: { destructive: false } },
      'MCP_TOOLS: OrderById: is a query: expected no "destructive".',
    ],
    [
      'a name of two documents',
      twice,
      { Twice: {} },
      'MCP_TOOLS: Twice: expected "document", the id of one of the 2 documents with an operation of this name.',
    ],
    [
      'an id of no document',
      twice,
      { Twice: { document: 'c' } },
      'MCP_TOOLS: Twice: expected "document" to be the id of a document of PERSISTED_DOCUMENTS with this operation.',
    ],
    [
      'a payment with a key of the document',
      { pay: ownKey ?? '' },
      { ChargeAccount: { write: true } },
      'MCP_TOOLS: ChargeAccount: expected a required variable with the idempotencyKey of runPayment, so that each call has a key of its caller.',
    ],
    [
      'a payment with a default',
      {
        pay: (toolDocuments['pay'] ?? '').replace(
          'RunPaymentInput!',
          'RunPaymentInput = {idempotencyKey: "k", fileNumber: "R1", amount: "1", paymentDate: "2030-01-02"}',
        ),
      },
      { ChargeAccount: { write: true } },
      'MCP_TOOLS: ChargeAccount: expected a required variable with the idempotencyKey of runPayment, so that each call has a key of its caller.',
    ],
    [
      'a document beyond the limits',
      { deep: `query Deep { ${'a: __typename '.repeat(21)} }` },
      { Deep: {} },
      'MCP_TOOLS: Deep: expected a document within the limits. The document has a field more than 20 times in one selection.',
    ],
    [
      'a mutation in a fragment',
      {
        f: 'mutation Charge($input: RunPaymentInput!) { ...F } fragment F on Mutation { runPayment(input: $input) { __typename } }',
      },
      { Charge: { write: true } },
      'MCP_TOOLS: Charge: expected mutations in the operation itself, not in fragments.',
    ],
  ])('%s', async (_, documents, entries, expected) => {
    expect(await problemsOf(() => openTestMcp({ documents, entries }))).toEqual([expected]);
  });

  it('all problems at once', async () => {
    expect(await problemsOf(() => openTestMcp({ entries: { A: {}, B: {} } }))).toHaveLength(2);
  });
});

it('A document with the id of the entry is the tool, and the same text under two ids is one document', async () => {
  const same = {
    ...twice,
    c: twice.b,
    d: 'query Same { portfolios { name } }',
    e: 'query Same { portfolios { name } }',
  };
  const { call } = await startMcp({}, { documents: same, entries: { Twice: { document: 'c' }, Same: {} } });
  const { result } = await call('Twice', {});
  expect(Object.keys(result.structuredContent.data.portfolios[0])).toEqual(['client']);
});

it('A payment may have its key alone in a variable', async () => {
  const text = ownKey?.replace('$n: String!', '$n: String!, $key: String!').replace('"same"', '$key') ?? '';
  const { mcp } = await openTestMcp({
    documents: { pay: text },
    entries: { ChargeAccount: { write: true } },
  });
  expect(mcp.versions.length).toBeGreaterThan(0);
});

describe('tools follow', () => {
  const namesAt = async (url: string): Promise<string[]> => {
    const { client } = await connectClient(url);
    const { tools } = await client.listTools();
    await client.close();
    return tools.map(({ name }) => name).sort();
  };

  it('the documents: at once, without those that are no documents any more', async () => {
    const { url, persisted, call } = await startMcp();
    const { account: _, ...others } = toolDocuments;
    persisted.documents = new Map(
      Object.entries({ ...others, orders: 'query OrderById { portfolios { name } }' }),
    );
    expect((await call('AccountByNumber', { fileNumber: 'R1001' })).error.code).toBe(-32_602);
    expect((await call('OrderById', {})).result.structuredContent.data.portfolios).toBeInstanceOf(Array);
    expect(await namesAt(url)).toEqual(['AddNote', 'ChargeAccount', 'OrderById']);
  });

  it('the file, when it changes, and keep the present ones while it cannot be read', async () => {
    const { url, file } = await startMcp();
    const reach = (names: readonly string[]) =>
      vi.waitFor(async () => expect(await namesAt(url)).toEqual(names), { timeout: 10_000, interval: 50 });
    writeFileSync(file, JSON.stringify({ Hidden: {}, AddNote: { write: true } }));
    await reach(['AddNote', 'Hidden']);
    writeFileSync(file, '{');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await namesAt(url)).toEqual(['AddNote', 'Hidden']);
    // One that cannot be made is not offered; the others are.
    writeFileSync(file, JSON.stringify({ ...toolEntries, AddNote: {} }));
    await reach(['AccountByNumber', 'ChargeAccount', 'OrderById']);
    rmSync(file);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await namesAt(url)).toEqual(['AccountByNumber', 'ChargeAccount', 'OrderById']);
  });

  it('the file, when they are reloaded', async () => {
    const { url, file, mcp } = await startMcp();
    mcp.close();
    writeFileSync(file, JSON.stringify({ Hidden: {} }));
    await mcp.reload();
    expect(await namesAt(url)).toEqual(['Hidden']);
  });
});
