import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
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
