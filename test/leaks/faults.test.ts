import { describe, expect, it, onTestFinished } from 'vitest';
import { type FaultName, faults } from '../../src/sandbox/faults/faults.ts';
import type { FaultSwitch } from '../../src/sandbox/faults/switches.ts';
import { type OperationName, operations } from '../../src/sandbox/operations.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { logInOf, plainReads, writes as plainWrites } from '../faults/works.ts';
import { mutationOf } from '../support/mutation.ts';
import { written } from './canaries.ts';
import { leaksAmong, startHunt, withoutPersonal } from './hunt.ts';

// Object.keys forgets which keys an object has.
const faultNames = Object.keys(faults) as FaultName[];

interface Work {
  readonly operation: OperationName;
  readonly query: string;
  readonly variables: (mark: number) => object;
}

const ssn = '111-22-3333';

/** What the sandbox knows, and says where it fails. */
const ofSandbox = {
  'SSN in the sandbox': ssn,
  'API key of the sandbox': 'example-api-key',
  'user of the sandbox': 'abctestuser',
  'password of the sandbox': 'password@12345',
  'refresh token of the sandbox': 'example-refresh-token',
  'path in the sandbox': '/var/www/mobile_dev',
  'class in the sandbox': 'GenericResource',
  'function in the sandbox': '__construct',
  'server of the sandbox': 'nginx',
  'words on limits': 'Too Many Attempts',
  'words on failures': 'internal error',
  'signature of a photo': 'X-Amz-Signature',
};

const nothing = (): object => ({});

const reads: readonly Work[] = [
  ...Object.values(plainReads).map(({ operation, selection }) => ({
    operation,
    query: `{ ${selection} }`,
    variables: nothing,
  })),
  {
    operation: 'getaccountbysocial',
    query: `{ accountsBySsn(ssn: "${ssn}") { fileNumber borrower { ssn ssnLast4 reportFileNumber } } }`,
    variables: nothing,
  },
  {
    operation: 'listOrderPhotos',
    query: '{ order(orderId: "57076503") { photos { name } } }',
    variables: nothing,
  },
];

const writes: readonly Work[] = plainWrites.map(({ operation, field, inputOf, success }) => ({
  operation,
  query: mutationOf(field, success),
  variables: (mark) => ({ input: inputOf(mark) }),
}));

/** A write whose request is a secret for the most part. */
const payment: Work = {
  operation: 'insert_payments_external',
  query: mutationOf('recordPayment', '__typename'),
  variables: (mark) => ({
    input: {
      idempotencyKey: `${written['idempotency key']} ${mark}`,
      fileNumber: 'R1005',
      paymentDate: '2030-01-02',
      amount: `${2000 + mark}.00`,
      payorName: 'Jo Doe',
      type: 'Online',
      status: 'PENDING',
      card: {
        type: 'Visa',
        number: written.card,
        securityCode: written['security code'],
        expirationMonth: 12,
        expirationYear: 2039,
      },
    },
  }),
};

const works: readonly Work[] = [...reads, ...writes, payment];

/** More than a read is tried. */
const times = 5;
const upstreamTimeoutMs = 600;

const switchesFor = (fault: FaultName, names: readonly OperationName[]): FaultSwitch[] => {
  const { isTimed, isGiven, system, isFor } = faults[fault];
  return names
    .filter((operation) => !system || operations[operation].system === system)
    .filter((operation) => isFor?.(operations[operation]) !== false)
    .map((operation) => ({
      operation,
      fault,
      times,
      ...(isGiven && { status: 409 }),
      ...(isTimed && { milliseconds: fault === 'delay' ? upstreamTimeoutMs + 200 : 100 }),
    }));
};

describe('each fault of the upstreams', { timeout: 120_000 }, () => {
  it('puts no canary into any output, at a read, a write, a keyed write and a log-in', async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const { scollect, recoveryConnect } = sandbox;
    // Each with tokens and breakers of its own.
    const tenants = Object.fromEntries(
      faultNames.flatMap((fault) =>
        ['works', 'log-in'].map((place) => [`${fault}.${place}`, { scollect, recoveryConnect }]),
      ),
    );
    const env = { UPSTREAM_TIMEOUT_MS: String(upstreamTimeoutMs), REQUEST_TIMEOUT_MS: '2000' };
    const hunt = await startHunt({ tenants, env });

    const strike = async (
      fault: FaultName,
      place: string,
      names: readonly OperationName[],
      own: readonly Work[],
    ): Promise<void> => {
      const switches = switchesFor(fault, names);
      sandbox.faults.set(switches);
      const ask = { tenant: `${fault}.${place}`, scopes: withoutPersonal };
      const mark = hunt.answers.length;
      await Promise.all(own.map(({ query, variables }, at) => hunt.ask(query, variables(mark + at), ask)));
      const untouched = sandbox.faults.list().filter((one) => one.times === times);
      expect(untouched, 'was met').toEqual([]);
      sandbox.faults.clear();
    };
    for (const fault of faultNames) {
      await strike(
        fault,
        'works',
        works.map(({ operation }) => operation),
        works,
      );
      await strike(fault, 'log-in', Object.values(logInOf), reads.slice(0, 2));
    }
    const failed = hunt.answers.filter(({ body }) => /"code":/.test(body));
    expect(failed.length).toBeGreaterThan(hunt.answers.length / 2);
    expect(hunt.answers.length).toBe(faultNames.length * (works.length + 2));

    const outputs = [...hunt.answers, ...(await hunt.end())];
    expect(leaksAmong(outputs, { ...hunt.secrets(), ...ofSandbox })).toEqual([]);
    // The tokens of the sandbox, and all others.
    expect(outputs.filter(({ text }) => /eyJ[\w-]{10,}\.eyJ/.test(text)).map(({ name }) => name)).toEqual([]);
  });
});
