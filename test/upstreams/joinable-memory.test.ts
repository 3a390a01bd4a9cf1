import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Joinable } from '../../src/upstreams/client/joinable.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;

const oldBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? 0;

const keyBytes = 200;
const keysPerRound = 1000;

/** Opens and closes items, some dozens at a time, and collects the young generation after each round. */
const churn = (joinable: Joinable<object>, rounds: number): void => {
  const open: (readonly [string, object])[] = [];
  const closeFirst = (): void => {
    const [key, item] = open.shift() ?? ['', {}];
    joinable.close(key, item);
  };
  for (let round = 0; round < rounds; round += 1) {
    for (let count = 0; count < keysPerRound; count += 1) {
      const key = `${'/getaccount/'.padEnd(keyBytes, 'x')}${round}-${count}`;
      const item = { key };
      if (!joinable.of(key)) joinable.open(key, item);
      open.push([key, item]);
      if (open.length > 64) closeFirst();
    }
    gc({ type: 'minor' });
  }
  while (open.length > 0) closeFirst();
};

it('keys of reads that have ended do not stay in the old generation', () => {
  const joinable = new Joinable<object>();
  churn(joinable, 20);
  gc();
  gc();
  const before = oldBytes();
  const rounds = 60;
  churn(joinable, rounds);
  expect(oldBytes() - before).toBeLessThan((rounds * keysPerRound * keyBytes) / 4);
});
