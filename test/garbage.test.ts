import { Pool } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { corpusFile } from './support/corpus.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { claimsWith, hmacToken, secret } from './support/issuer.ts';
import { run } from './support/process.ts';
import type { Received } from './support/upstream.ts';

const query = `query ($fileNumber: String!) {
  account(fileNumber: $fileNumber) {
    fileNumber client status phones { number } payments(first: 5) { edges { node { amount merchant } } }
  }
}`;

const clients = 32;
const queriesEach = 400;

/** Asks for different accounts, as many at a time as there are clients. */
const load = async (url: string): Promise<void> => {
  const pool = new Pool(new URL(url).origin, { connections: clients });
  onTestFinished(() => pool.close());
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${hmacToken(claimsWith({ scope: 'accounts:read payments:read' }))}`,
  };
  const ask = async (fileNumber: string): Promise<void> => {
    const body = JSON.stringify({ query, variables: { fileNumber } });
    const answer = await pool.request({ method: 'POST', path: '/graphql', headers, body });
    const { data, errors } = (await answer.body.json()) as Record<'data' | 'errors', unknown>;
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ account: { fileNumber } });
  };
  const askInTurn = async (client: number): Promise<void> => {
    for (let count = 0; count < queriesEach; count += 1) await ask(`F${client}N${count}`);
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => askInTurn(client)));
};

/** Answers the documented account under whatever number it is asked for. */
const anyAccount = ({ path }: Received) => {
  const documented = corpusFile('scollect', 'getaccount').success as { readonly result: readonly object[] };
  return {
    json: { ...documented, result: [{ ...documented.result[0], filenumber: path.split('/').at(-1) }] },
  };
};

/** What V8 reports about its collections of the young generation, in bytes: `name=value`, or JSON from Node 26 on. */
const scavengesIn = (output: string): { readonly allocated: number; readonly promoted: number }[] =>
  [...output.matchAll(/^.*(?: gc=s |"gc":"s").*$/gm)].map(([line]) => ({
    allocated: Number(/\ballocated"?[=:](\d+)/.exec(line)?.[1]),
    promoted: Number(/\bpromoted"?[=:](\d+)/.exec(line)?.[1]),
  }));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

it('what belongs to a request does not grow old', async () => {
  const upstream = await startCorpusUpstream('scollect', { getaccount: anyAccount });
  const settings = {
    PORT: '0',
    LOG_LEVEL: 'warn',
    SCOLLECT_URL: upstream.url,
    SCOLLECT_API_KEY: 'key',
    SCOLLECT_PIN: 'pin',
    AUTH_JWT_SECRET: secret,
    RATE_LIMIT_PER_CALLER: '1000000',
    RATE_LIMIT_PER_ADDRESS: '1000000',
  };
  const gateway = run('main.js', settings, undefined, ['--trace-gc', '--trace-gc-nvp']);
  await load(await gateway.line(/^Recollect is ready at (\S+)$/m));
  gateway.process.kill('SIGTERM');
  const { stdout } = await gateway.ended;
  // While it warms up it keeps much that it has learned.
  const scavenges = scavengesIn(stdout).slice(-10);
  const promoted = sum(scavenges.map((one) => one.promoted));
  const allocated = sum(scavenges.map((one) => one.allocated));
  expect(scavenges).toHaveLength(10);
  // A tenth and more as long as anything that comes and goes leads to what comes later.
  expect(promoted / allocated).toBeLessThan(0.03);
});
