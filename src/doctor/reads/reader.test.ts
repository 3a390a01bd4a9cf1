import { describe, expect, it } from 'vitest';
import { LightAbortSignal } from '../../lib/abort-signal.ts';
import { notConfigured, type UpstreamClient } from '../../upstreams/client/client.ts';
import { UnavailableError } from '../../upstreams/errors.ts';
import { getportfoliolist } from '../../upstreams/scollect/portfolios.ts';
import { createReader, type Finding } from './reader.ts';

/** Reads the portfolios twice, with a client of which only `call` is used. */
const readTwice = async (call: (signal: LightAbortSignal) => unknown) => {
  const signal = new LightAbortSignal();
  const findings: Finding[] = [];
  const client: UpstreamClient = { ...notConfigured, call: async () => call(signal) as never };
  const upstreams = { SCOLLECT: client, RECOVERY_CONNECT: notConfigured };
  const read = createReader(upstreams, signal, (finding) => findings.push(finding));
  const rows = [
    await read(getportfoliolist, { params: {} }, getportfoliolist.columns?.()),
    await read(getportfoliolist, { params: {} }),
  ];
  return { rows, findings: findings.map(({ status, message }) => [status, message]) };
};

describe('the reader of the doctor', () => {
  it('returns the first row, and names the keys that it lacks', async () => {
    const row = { id: 1, portfolio: 'P', client: 'C' };
    const { rows, findings } = await readTwice(() => [row, {}]);
    expect(rows).toEqual([row, row]);
    expect(findings).toEqual([
      ['trouble', '2 rows, without dateplaced'],
      ['ok', '2 rows'],
    ]);
  });

  it('states that the time is over, and does not try later reads', async () => {
    const { findings } = await readTwice((signal) => {
      signal.abort();
      throw new UnavailableError(getportfoliolist);
    });
    expect(findings).toEqual([
      ['trouble', 'did not end in time.'],
      ['skipped', 'no time was left.'],
    ]);
  });

  it('names other errors without their message, and continues', async () => {
    let calls = 0;
    const { findings } = await readTwice(() => {
      calls += 1;
      if (calls === 1) throw new TypeError('CANARY');
      return [];
    });
    expect(findings).toEqual([
      ['trouble', 'could not be examined (TypeError).'],
      ['ok', 'nothing found'],
    ]);
  });
});
