import { expect, it } from 'vitest';
import { resultsOf } from '../../../test/support/check.ts';
import { nodeReleaseCheck } from './node-release.ts';

it.each([
  ['20.20.2', false, '2026-04-30', 'note', 'Node 20: no security fixes since 2026-04-30.'],
  ['20.20.2', false, '2026-04-29', 'ok', 'Node 20: security fixes until 2026-04-30.'],
  ['20.20.2', true, '2026-04-30', 'ok', 'Node 20: no security fixes since 2026-04-30.'],
  ['26.10.0', false, '2026-04-30', 'ok', 'Node 26: security fixes until 2029-04-30.'],
  ['27.0.0', false, '2099-01-01', 'ok', 'Node 27.'],
])('the check of Node %s (sandbox: %s) at %s: %s', async (version, usesSandbox, now, status, message) => {
  const action = status === 'note' ? 'Run the gateway with Node 26 or 24.' : null;
  expect(await resultsOf(nodeReleaseCheck, { usesSandbox, version, now: new Date(now) })).toEqual([
    expect.objectContaining({ id: 'node', status, message, action }),
  ]);
});
