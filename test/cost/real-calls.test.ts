import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { subgraph } from '../../src/schema/federation/subgraph.ts';
import { readNodeId } from '../../src/schema/kit/node.ts';
import { schema } from '../../src/schema/schema.ts';
import { startGateway } from '../support/gateway.ts';
import { anyQuery } from './arbitrary-query.ts';
import { costOf } from './asked.ts';

// Another one than the default finds other queries; fast-check prints the one that it failed with.
const seed = Number(process.env['SEED'] ?? 20_240_229);
const numRuns = Number(process.env['RUNS'] ?? 300);

/** No limit stands in the way: it is the estimate that is looked at. */
const unlimited = {
  maxTokens: 100_000,
  maxDepth: 100,
  maxAliases: 1000,
  maxDirectives: 1000,
  maxUpstreamCalls: 1_000_000,
};

/** The own keys of types. */
const ownKeys: Readonly<Record<string, string>> = {
  Account: 'fileNumber',
  Assignment: 'assignmentId',
  Order: 'orderId',
  Portfolio: 'portfolioId',
};

/** Writes the representation of the object with an id, at even places by its own key. */
const representationOf = (id: string, index: number): string => {
  const { typeName, key } = readNodeId(id);
  const own = index % 2 === 0 ? ownKeys[typeName] : undefined;
  const [name, value] = own ? [own, key[0]] : ['id', id];
  return `{ __typename: ${JSON.stringify(typeName)}, ${name}: ${JSON.stringify(value)} }`;
};

/** Writes what a router asks where a query asks for objects by their ids. */
const asEntities = (document: string): string =>
  document.replaceAll(/\bnodes\(ids: (\[[^\]]*\])\)/g, (_, list: string) => {
    const written = (JSON.parse(list) as string[]).map(representationOf);
    return `_entities(representations: [${written.join(', ')}])`;
  });

describe('any query for entities', () => {
  it('makes no more calls than it was estimated to make', { timeout: 300_000 }, async () => {
    const sandbox = await startSandbox();
    const access = { schema: subgraph };
    const shared = {
      sandbox,
      access,
      operationLimits: unlimited,
      timeoutMs: 60_000,
      requestTimeoutMs: 120_000,
    };
    const gateways = [await startGateway(shared), await startGateway({ ...shared, scopes })] as const;
    const made: number[] = [];
    const queries = anyQuery()
      .filter((document) => document.includes('nodes(ids: ["'))
      .map(asEntities);
    try {
      await fc.assert(
        fc.asyncProperty(queries, fc.constantFrom(...gateways), async (document, gateway) => {
          expect(validate(subgraph, parse(document)).map(({ message }) => message)).toEqual([]);
          const answer = await costOf(gateway, document, { yes: true });
          expect(answer.made).toBeLessThanOrEqual(answer.cost.upstreamCalls);
          made.push(answer.made);
        }),
        { seed, numRuns: numRuns / 3 },
      );
    } finally {
      await sandbox.close();
    }
    expect(made.filter((count) => count > 3).length).toBeGreaterThan(numRuns / 24);
  });
});

describe('any query', () => {
  it('makes no more calls than it was estimated to make', { timeout: 300_000 }, async () => {
    const sandbox = await startSandbox();
    const shared = { sandbox, operationLimits: unlimited, timeoutMs: 60_000, requestTimeoutMs: 120_000 };
    const gateways = [await startGateway(shared), await startGateway({ ...shared, scopes })] as const;
    const made: number[] = [];
    try {
      await fc.assert(
        fc.asyncProperty(anyQuery(), fc.constantFrom(...gateways), async (document, gateway) => {
          expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
          const answer = await costOf(gateway, document, { yes: true });
          expect(answer.cost.made).toBe(answer.made);
          expect(answer.made).toBeLessThanOrEqual(answer.cost.upstreamCalls);
          made.push(answer.made);
        }),
        { seed, numRuns },
      );
    } finally {
      await sandbox.close();
    }
    // They are not all of those that ask for nothing.
    expect(made.filter((count) => count > 3).length).toBeGreaterThan(numRuns / 8);
  });
});
