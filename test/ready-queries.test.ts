import { OperationTypeNode, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type ReadyTab, readyTabs } from '../src/http/graphiql/ready-queries.ts';
import { schema } from '../src/schema/schema.ts';
import { startGateway } from './support/gateway.ts';
import { nameOf } from './support/ready-tabs.ts';
import { ownSandbox } from './support/sandboxed-upstream.ts';

const tabs = readyTabs.map((tab: ReadyTab) => [nameOf(tab), tab] as const);

/** Paths of values that show nothing: nulls and empty lists. */
const emptyIn = (value: unknown, path = ''): string[] => {
  if (value === null) return [path];
  if (typeof value !== 'object') return [];
  const entries = Object.entries(value);
  if (Array.isArray(value) && entries.length === 0) return [path];
  return entries.flatMap(([key, inner]) => emptyIn(inner, `${path}/${key}`));
};

describe('the tabs that GraphiQL opens with', () => {
  it('have names of their own', () => {
    const names = tabs.map(([name]) => name);
    expect(names).not.toContain('');
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(tabs)('%s is one valid operation', (name, { query }) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    expect(document.definitions).toMatchObject([{ name: { value: name } }]);
  });

  // A window of 1280 pixels shows 50: test/graphiql.test.ts measures it.
  it.each(tabs)('%s fits the editor, and says first what it is for', (_, { query }) => {
    expect(query.split('\n').filter((line) => line.length > 50)).toEqual([]);
    expect(query).toMatch(/^# \w/);
  });

  it.each(tabs)(
    '%s is answered by the sandbox, without an error',
    async (_, { query, variables, headers }) => {
      const { query: send } = await startGateway({ sandbox: await ownSandbox() });
      const { data, errors } = await send(query, variables, headers);
      expect(errors).toBeUndefined();
      expect(emptyIn(data)).toEqual([]);
      const [{ operation } = {}] = parse(query).definitions as readonly { readonly operation?: string }[];
      if (operation !== OperationTypeNode.MUTATION) return;
      const [result] = Object.values(data as Record<string, { readonly __typename: string }>);
      expect(result?.__typename).toMatch(/Success$/);
    },
  );

  it('send the numbers of people as variables only', () => {
    for (const [, { query }] of tabs) expect(query).not.toMatch(/\d{3}-\d{2,3}-\d{4}/);
  });

  it('show how to find what an operation costs, by headers', async () => {
    const [, tab] = tabs.find(([name]) => name === 'Cost') ?? [];
    const { query: send } = await startGateway({ sandbox: await ownSandbox() });
    const { extensions } = await send(tab?.query ?? '', tab?.variables, tab?.headers);
    expect(extensions).toMatchObject({
      cost: { upstreamCalls: expect.any(Number), made: 6 },
      upstream: expect.arrayContaining([expect.objectContaining({ operation: 'getphones' })]),
    });
  });

  it('charge once, however often the tab is run', async () => {
    const [, tab] = tabs.find(([name]) => name === 'RunPayment') ?? [];
    const { query: send } = await startGateway({ sandbox: await ownSandbox() });
    const first = await send(tab?.query ?? '', tab?.variables);
    // With the balance after one charge.
    expect(await send(tab?.query ?? '', tab?.variables)).toEqual(first);
  });
});
