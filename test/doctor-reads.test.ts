import { beforeAll, describe, expect, it } from 'vitest';
import type { ReadCheck } from '../src/doctor/reads/reader.ts';
import { examineRecoveryConnect } from '../src/doctor/reads/recoveryconnect.ts';
import { examineScollect } from '../src/doctor/reads/scollect.ts';
import { documentedReads } from '../src/sandbox/documented-reads.ts';
import { reads } from './support/reads.ts';

/** Reads by a value that the doctor does not know: a phone number or an SSN. */
const withoutKey = ['getaccountbysocial', 'searchbyphone'];

const examined: string[] = [];

const read: ReadCheck = async ({ operation }) => {
  examined.push(operation);
  return { id: 1, lotno: 'R1', portfolio: 'P' };
};

beforeAll(async () => {
  await examineScollect(read);
  await examineRecoveryConnect(read);
});

describe('the doctor', () => {
  it.each(reads.map(({ operation }) => operation).filter((operation) => !withoutKey.includes(operation)))(
    'examines %s once',
    (operation) => {
      expect(
        examined.filter((name) => name === operation),
        `add ${operation} to src/doctor/, or to \`withoutKey\` in this file`,
      ).toEqual([operation]);
    },
  );

  it('compares every read and log-in with its documented responses', () => {
    const expected = [...reads.map(({ operation }) => operation), 'login', 'authenticate'];
    expect(
      Object.keys(documentedReads).sort(),
      'list the fixture in src/sandbox/documented-reads.ts',
    ).toEqual(expected.sort());
  });
});
