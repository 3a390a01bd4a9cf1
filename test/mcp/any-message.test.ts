import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { canary } from '../support/leaf-values.ts';
import { startMcp, toolEntries } from '../support/mcp.ts';

// A name of letters alone may be that of a field, and is repeated.
const value = fc.oneof(fc.jsonValue(), fc.constant(canary), fc.constant({ [`${canary}1`]: canary }));

const methods = [
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'tasks/get',
  'notifications/cancelled',
  canary,
];

const params = fc.oneof(
  value,
  fc.record({
    name: fc.oneof(fc.constantFrom(...Object.keys(toolEntries)), value),
    arguments: fc.oneof(value, fc.record({ fileNumber: value, input: value }, { requiredKeys: [] })),
  }),
  fc.record({ protocolVersion: value, capabilities: value, clientInfo: value, cursor: value, _meta: value }),
);

const message = fc.record(
  {
    jsonrpc: fc.oneof({ weight: 9, arbitrary: fc.constant('2.0') }, { weight: 1, arbitrary: value }),
    id: fc.oneof(fc.integer(), fc.string(), fc.jsonValue()),
    method: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...methods) }, { weight: 1, arbitrary: value }),
    params,
    result: value,
  },
  { requiredKeys: ['jsonrpc', 'method'] },
);

const body = fc.oneof(message, fc.array(message, { maxLength: 4 }), value);

interface RpcReply {
  readonly jsonrpc?: string;
  readonly error?: { readonly code: number };
  readonly result?: { readonly structuredContent?: { readonly data: object | null } };
}

it('Any message is answered or rejected, without an unexpected error and without a value of it', async () => {
  const { post } = await startMcp({
    scollect: await startCorpusUpstream('scollect'),
    recoveryConnect: await startCorpusUpstream('recoveryconnect'),
  });
  await fc.assert(
    fc.asyncProperty(body, async (sent) => {
      const response = await post(JSON.stringify(sent));
      const text = await response.text();
      expect([200, 202, 400]).toContain(response.status);
      if (response.status === 202) {
        expect(text).toBe('');
        return;
      }
      const replies = [JSON.parse(text) as RpcReply | readonly RpcReply[]].flat();
      for (const { jsonrpc, error, result } of replies) {
        expect(jsonrpc).toBe('2.0');
        expect([error === undefined, result === undefined]).toContain(true);
        expect(error?.code).not.toBe(-32_603);
        // The upstream of this test repeats the number of an account in its row.
        const hasData = Boolean(result?.structuredContent?.data);
        if (!hasData) expect(JSON.stringify([error, result])).not.toContain(canary);
      }
      expect(text).not.toContain('INTERNAL_SERVER_ERROR');
    }),
    { numRuns: 300 },
  );
}, 60_000);
