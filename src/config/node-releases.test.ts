import { describe, expect, it } from 'vitest';
import { createLog } from '../telemetry/log.ts';
import { nodeRelease, warnOfNodeRelease } from './node-releases.ts';

const linesAt = (isProduction: boolean, version: string, now: string): unknown[] => {
  const lines: unknown[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line)) };
  warnOfNodeRelease({ isProduction }, createLog('info', { destination }), version, new Date(now));
  return lines;
};

describe('the warning of the release of Node', () => {
  it.each([
    ['20.20.2', '2026-04-30'],
    ['21.7.3', '2024-06-01'],
    ['22.22.0', '2027-04-30'],
    ['23.11.1', '2025-06-01'],
    ['24.21.0', '2028-04-30'],
    ['25.9.0', '2026-06-01'],
    ['26.10.0', '2029-04-30'],
  ])('in production, Node %s: from %s on', (version, since) => {
    const before = new Date(Date.parse(since) - 1).toISOString();
    expect(linesAt(true, version, before)).toEqual([]);
    expect(linesAt(true, version, since)).toEqual([
      {
        level: 40,
        time: expect.any(String) as string,
        node: Number(version.slice(0, 2)),
        since,
        msg: 'this release of Node gets no more security fixes: run the gateway with Node 26 or 24',
      },
    ]);
  });

  it('is not logged outside of production', () => {
    expect(linesAt(false, '20.20.2', '2026-05-01')).toEqual([]);
  });

  it('is not logged for a release that is newer than the table', () => {
    expect(linesAt(true, '27.0.0', '2099-01-01')).toEqual([]);
    expect(nodeRelease('27.0.0', new Date('2099-01-01'))).toEqual({ major: 27, end: null, hasEnded: false });
  });
});
