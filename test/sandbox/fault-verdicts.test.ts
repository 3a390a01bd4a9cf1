import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { type FaultName, faults } from '../../src/sandbox/faults/faults.ts';
import { operations } from '../../src/sandbox/operations.ts';
import type { Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import { judgeRecoveryConnect } from '../../src/upstreams/recoveryconnect/envelope.ts';
import { judgeScollect } from '../../src/upstreams/scollect/envelope.ts';
import { type Caller, parse, startCaller } from './caller.ts';

const all: readonly Endpoint[] = Object.values(operations);

/** What the gateway takes the answer for that an operation gives under a fault. As it does, it inflates nothing. */
const verdictOf = async ({ sandbox, tokens }: Caller, endpoint: Endpoint): Promise<string> => {
  const isScollect = endpoint.system === 'SCOLLECT';
  const { url } = isScollect ? sandbox.scollect : sandbox.recoveryConnect;
  const { statusCode, headers, body } = await request(url + endpoint.path.replace(/\{\w+\}/g, '1'), {
    method: endpoint.method,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: `Bearer ${isScollect ? tokens.scollect : tokens.recoveryConnect}`,
    },
    body: endpoint.method === 'GET' ? null : '{}',
  });
  const judge = isScollect ? judgeScollect : judgeRecoveryConnect;
  return judge(endpoint, { status: statusCode, headers, json: parse(await body.text()) }).kind;
};

type Meaning = (endpoint: Endpoint) => string | undefined;

const unfinished: Meaning = ({ effect }) => (effect === 'write' ? 'unknown' : 'failed');

const meanings: Readonly<Partial<Record<FaultName, Meaning>>> = {
  decline: () => 'refused',
  refuse: ({ system, effect }) => {
    if (system === 'RECOVERY_CONNECT') return 'badInput';
    return effect === 'write' ? 'refused' : 'nothing';
  },
  'refuse-token': () => 'token',
  'rate-limit': () => 'rateLimited',
  truncate: unfinished,
  'wrong-types': unfinished,
  html: unfinished,
  'gzip-bomb': unfinished,
  pending: (endpoint) => (endpoint.system === 'SCOLLECT' ? unfinished(endpoint) : undefined),
  'error-in-200': (endpoint) =>
    endpoint.system === 'RECOVERY_CONNECT' && endpoint.effect === 'write' ? 'refused' : unfinished(endpoint),
  'not-found-page': unfinished,
  'server-error': unfinished,
  'bad-gateway': unfinished,
  unavailable: unfinished,
  'gateway-timeout': unfinished,
};

/**
 * Those that give no whole answer to judge, those that give the very answer that was asked for, only later, and the one
 * that shows by the keys of its rows alone.
 */
const withoutMeaning: readonly FaultName[] = [
  'answer',
  'replace-answer',
  'delay',
  'drip',
  'hang',
  'reset',
  'lose-answer',
  'reset-in-headers',
  'reset-in-body',
  'stall-in-body',
  'endless',
  'wrong-key',
];

describe('the verdict of the gateway on a fault', () => {
  it('is stated for every fault with a response', () => {
    expect([...Object.keys(meanings), ...withoutMeaning].sort()).toEqual(Object.keys(faults).sort());
  });

  // Object.entries forgets which keys an object has.
  it.each(Object.entries(meanings) as [FaultName, Meaning][])(
    '%s, of every operation that has it',
    async (fault, meaning) => {
      const caller = await startCaller();
      const concerned = all.filter((endpoint) => meaning(endpoint) !== undefined);
      // Object.keys forgets which keys an object has.
      const names = Object.keys(operations) as (keyof typeof operations)[];
      caller.sandbox.faults.set(
        names
          .filter((name) => concerned.includes(operations[name]))
          .map((operation) => ({ operation, fault })),
      );
      const meanings = await Promise.all(
        concerned.map(async (endpoint) => [endpoint.operation, await verdictOf(caller, endpoint)]),
      );
      expect(meanings).toEqual(concerned.map((endpoint) => [endpoint.operation, meaning(endpoint)]));
    },
  );
});
