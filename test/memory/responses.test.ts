import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { corpusOf } from '../support/corpus.ts';
import { startUpstream } from '../support/upstream.ts';
import { residentMb, startMemoryGateway } from './memory-gateway.ts';

const responses = 120;

/** Enough for the large responses that are completed at a time; all at once end the process. */
const heap = ['--max-old-space-size=256'];

/** An account of twelve phones, each of which leads back to it: 12⁴ phones for two calls, some 66,000 fields. */
const startScollect = () => {
  const row = (operation: string): object => {
    const success = corpusOf('scollect').find((one) => one.operation === operation)?.success as {
      readonly result: readonly object[];
    };
    return success.result[0] as object;
  };
  const [account, phone] = [row('getaccount'), row('getphones')];
  return startUpstream(({ path }) => {
    const filenumber = decodeURIComponent(path.split('/').at(-1) ?? '');
    if (path.startsWith('/login')) return { json: { access_token: 'token' } };
    const result = path.startsWith('/getphones')
      ? Array.from({ length: 12 }, (_, id) => ({ ...phone, filenumber, id }))
      : [{ ...account, filenumber }];
    return { json: { result, state: 'SUCCESS' } };
  });
};

const phones = (levels: number): string =>
  levels === 1 ? 'phones { number status }' : `phones { number account { ${phones(levels - 1)} } }`;

const large = `query Large($f: String!) { account(fileNumber: $f) { ${phones(4)} } }`;

const getText = (url: URL): Promise<string> =>
  new Promise((resolve, reject) => {
    request(url, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });

const figureOf = (metrics: string, name: string): number =>
  Number(
    metrics
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1],
  );

describe(`${responses} large responses at once in a heap of 256 MB`, () => {
  it('are completed a few at a time, and the process serves others meanwhile', async () => {
    const scollect = await startScollect();
    const { gateway, url, post } = await startMemoryGateway(heap, {
      scope: 'accounts:read',
      connections: 500,
      env: { SCOLLECT_URL: scollect.url, SCOLLECT_API_KEY: 'key', SCOLLECT_PIN: 'pin' },
    });
    // The second one runs by the plan of the first.
    for (const f of ['R1', 'R2', 'R3']) expect((await post(large, { f })).status).toBe(200);
    const before = residentMb(gateway);
    let isDone = false;
    let mostActive = 0;
    let mostResident = before;
    let served = 0;
    let slowestMs = 0;
    const watch = async (): Promise<void> => {
      while (!isDone) {
        const begin = performance.now();
        await getText(new URL('/health', url));
        slowestMs = Math.max(slowestMs, performance.now() - begin);
        const metrics = await getText(new URL('/metrics', url));
        mostActive = Math.max(mostActive, figureOf(metrics, 'recollect_large_responses'));
        mostResident = Math.max(mostResident, residentMb(gateway));
        expect(figureOf(metrics, 'recollect_upstream_breaker{upstream="SCOLLECT",state="closed"}')).toBe(1);
        served += 1;
        await pause(50);
      }
    };
    const watching = watch();
    const all = await Promise.all(
      Array.from({ length: responses }, (_, index) => post(large, { f: `R${1000 + index}` })),
    );
    isDone = true;
    await watching;
    const whole = all.filter(({ status }) => status === 200);
    process.stdout.write(
      `${whole.length} of ${responses} whole, /health ${slowestMs.toFixed(0)} ms at most (${served} times), ` +
        `resident ${before.toFixed(0)} -> ${mostResident.toFixed(0)} MB\n`,
    );
    expect([...new Set(all.map(({ status }) => status))].sort()).toEqual(
      whole.length === responses ? [200] : [200, 429],
    );
    for (const { status, body } of all) {
      if (status === 200) expect(body.length).toBeGreaterThan(500_000);
      else expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    }
    expect(mostActive).toBeGreaterThan(0);
    expect(mostActive).toBeLessThanOrEqual(2);
    expect(served).toBeGreaterThan(10);
  }, 180_000);
});
