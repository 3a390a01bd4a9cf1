import { describe, expect, it } from 'vitest';
import type { FaultSwitch } from '../../src/sandbox/faults/switches.ts';
import { operations } from '../../src/sandbox/operations.ts';
import type { Endpoint } from '../../src/upstreams/endpoint.ts';
import { judgeRecoveryConnect } from '../../src/upstreams/recoveryconnect/envelope.ts';
import { judgeScollect } from '../../src/upstreams/scollect/envelope.ts';
import { type Caller, startCaller } from './caller.ts';

const all: readonly Endpoint[] = Object.values(operations);

/** What the gateway takes the answer for that an operation gives under a fault. */
const verdictOf = async (caller: Caller, endpoint: Endpoint): Promise<string> => {
  const isScollect = endpoint.system === 'SCOLLECT';
  const ask = isScollect ? caller.scollect : caller.recoveryConnect;
  const path = endpoint.path.replace(/\{\w+\}/g, '1');
  const { status, headers, body } = await ask(
    endpoint.method,
    path,
    endpoint.method === 'GET' ? undefined : {},
  );
  const judge = isScollect ? judgeScollect : judgeRecoveryConnect;
  return judge(endpoint, { status, headers: Object.fromEntries(headers), json: body }).kind;
};

const unfinished = ({ effect }: Endpoint): string => (effect === 'write' ? 'unknown' : 'failed');

const meanings: readonly (readonly [FaultSwitch['fault'], (endpoint: Endpoint) => string | undefined])[] = [
  ['decline', () => 'refused'],
  [
    'refuse',
    ({ system, effect }) => {
      if (system === 'RECOVERY_CONNECT') return 'badInput';
      return effect === 'write' ? 'refused' : 'nothing';
    },
  ],
  ['pending', (endpoint) => (endpoint.system === 'SCOLLECT' ? unfinished(endpoint) : undefined)],
  ['gateway-timeout', unfinished],
];

describe('what the gateway takes a fault for', () => {
  it.each(meanings)('%s, of every operation that has it', async (fault, meaning) => {
    const caller = await startCaller();
    const concerned = all.filter((endpoint) => meaning(endpoint) !== undefined);
    // Object.keys forgets which keys an object has.
    const names = Object.keys(operations) as (keyof typeof operations)[];
    caller.sandbox.faults.set(
      names.filter((name) => concerned.includes(operations[name])).map((operation) => ({ operation, fault })),
    );
    const told = await Promise.all(
      concerned.map(async (endpoint) => [endpoint.operation, await verdictOf(caller, endpoint)]),
    );
    expect(told).toEqual(concerned.map((endpoint) => [endpoint.operation, meaning(endpoint)]));
  });
});
