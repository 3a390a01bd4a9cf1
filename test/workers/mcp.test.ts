import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagesIn } from '../support/loaded-packages.ts';
import { connectClient } from '../support/mcp.ts';
import { run } from '../support/process.ts';
import { root } from '../support/root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUpstream } from '../support/upstream.ts';
import { amountIn, metricOf, startWorkers, until, wellDone, workerIds } from '../support/workers.ts';

const example = (name: string): string => join(root, 'deploy/mcp', name);

const settings = {
  MCP: 'true',
  PERSISTED_DOCUMENTS: example('documents.json'),
  MCP_TOOLS: example('tools.json'),
};

const sdk = '@modelcontextprotocol/sdk';

/** What the SDK depends on for servers and clients of other kinds. */
const unused = ['express', 'hono', '@hono/node-server', 'cors', 'cross-spawn', 'eventsource', 'raw-body'];

const chargeOf = (n: number) => ({
  name: 'ChargeStoredMethod',
  arguments: {
    input: { fileNumber: 'R1', amount: `${n}.00`, paymentDate: '2030-01-02', idempotencyKey: `key ${n}` },
  },
});

describe('/mcp of two workers', () => {
  it('needs no session: calls of one client reach both, and a key is executed once', async () => {
    const folder = temporaryFolder();
    const tools = join(folder, 'tools.json');
    copyFileSync(example('tools.json'), tools);
    const scollect = await startUpstream(wellDone);
    const gateway = await startWorkers(scollect, { ...settings, MCP_TOOLS: tools }, folder);
    const { client } = await connectClient(gateway.url, { connection: 'close' });
    expect((await client.listTools()).tools).toHaveLength(5);

    // The workers read the file again.
    writeFileSync(tools, JSON.stringify({ ChargeStoredMethod: { write: true } }));
    gateway.process.kill('SIGHUP');
    await gateway.line(/"msg":"(all workers were replaced)"/);
    await until(async () => (await client.listTools()).tools.length === 1);

    const numbers = Array.from({ length: 8 }, (_, index) => index + 1);
    const results = await Promise.all([...numbers, ...numbers].map((n) => client.callTool(chargeOf(n))));
    for (const result of results) {
      const {
        outcomes: [{ outcome }],
      } = result.structuredContent as { outcomes: [{ outcome: string }] };
      expect(['RunPaymentSuccess', 'IdempotencyConflictError']).toContain(outcome);
    }
    const again = await Promise.all(numbers.map((n) => client.callTool(chargeOf(n))));
    expect(again.filter(({ isError }) => isError)).toEqual([]);
    const charged = scollect.received.filter(({ path }) => path === '/run_payment_external').map(amountIn);
    expect(charged.map(Number).sort((a, b) => a - b)).toEqual(numbers);
    expect(await metricOf(gateway, 'recollect_requests_total', { operation: 'ChargeStoredMethod' })).toBe(24);
  }, 60_000);

  it('loads the SDK, and nothing of its other servers and clients', async () => {
    const coverage = temporaryFolder();
    const gateway = await startWorkers(null, { ...settings, NODE_V8_COVERAGE: coverage });
    const { client } = await connectClient(gateway.url);
    const result = await client.callTool({ name: 'AccountOverview', arguments: { fileNumber: 'R3012' } });
    expect(result.isError).toBeUndefined();
    await client.close();
    const [worker] = await workerIds(gateway);
    const supervisor = gateway.process.pid;
    gateway.process.kill('SIGTERM');
    expect((await gateway.ended).code).toBe(0);
    const ofWorker = packagesIn(coverage, worker);
    expect(ofWorker).toContain(sdk);
    expect(ofWorker.filter((name) => unused.includes(name))).toEqual([]);
    expect(packagesIn(coverage, supervisor)).not.toContain(sdk);
  }, 60_000);

  it('does not start with a tool that does not exist', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'tools.json'), '{"Nothing": {}}');
    const env = { PORT: '0', ...settings, MCP_TOOLS: 'tools.json' };
    const { code, stderr } = await run('main.js', env, folder).ended;
    expect(code).not.toBe(0);
    expect(stderr).toContain('MCP_TOOLS: Nothing: expected an operation of this name');
  });
});
