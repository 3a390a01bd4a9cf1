import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { scopes } from '../../src/operation/caller.ts';
import * as checks from '../../src/schema/kit/checks.ts';
import { today, withCalendar } from '../../src/schema/kit/today.ts';
import { createAgencyCalendar } from '../../src/values/agency-calendar.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';

const card = { type: 'Visa', number: '4111111111111111', securityCode: '111' };
const keyed = { idempotencyKey: 'key-1', fileNumber: '12345' };
const payer = { ...keyed, payorName: 'John Doe', type: 'Online' };

const withCard = (expiry: object): Record<string, object> => ({
  recordPayment: { ...payer, paymentDate: '2027-01-02', amount: '1.00', card: { ...card, ...expiry } },
  createPaymentPlan: {
    ...payer,
    installments: [{ amount: '1.00', date: '2027-01-02' }],
    card: { ...card, ...expiry },
  },
  updatePendingPayments: { ...keyed, card: expiry },
});

const atOnce = (now: string): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) });
};

afterEach(() => {
  vi.useRealTimers();
});

describe.each(Object.keys(withCard({})))('%s: card expiry', (field) => {
  it.each([
    ['America/Los_Angeles', '2026-12-01T07:59:59Z', 11, []],
    ['America/Los_Angeles', '2026-12-01T08:00:00Z', 11, ['card.expirationMonth']],
    ['UTC', '2026-11-30T23:59:59Z', 11, []],
    ['UTC', '2026-12-01T00:00:00Z', 11, ['card.expirationMonth']],
    ['Asia/Tokyo', '2026-11-30T15:00:00Z', 11, ['card.expirationMonth']],
    ['America/Los_Angeles', '2027-01-01T07:59:59Z', 12, []],
    ['America/Los_Angeles', '2027-01-01T08:00:00Z', 12, ['card.expirationYear']],
  ] as const)('%s at %s, %i/2026 → faults %j', async (timeZone, now, expirationMonth, faults) => {
    atOnce(now);
    const { query } = await startGateway({ timeZone });
    const input = withCard({ expirationMonth, expirationYear: 2026 })[field];
    const { data } = await query(mutationOf(field, '__typename'), { input });
    const paths = (data[field].fields ?? []).map(({ path }: { path: string }) => path);
    expect(paths).toEqual(faults);
  });
});

describe('dateOfBirth', () => {
  const isAccepted = (timeZone: string, day: string): boolean =>
    withCalendar(createAgencyCalendar(timeZone), () => checks.dateOfBirth.safeParse(day).success);

  it("accepts the agency's day, and none after it", () => {
    atOnce('2026-12-01T07:59:59Z');
    expect(isAccepted('America/Los_Angeles', '2026-11-30')).toBe(true);
    expect(isAccepted('America/Los_Angeles', '2026-12-01')).toBe(false);
    expect(isAccepted('UTC', '2026-12-01')).toBe(true);
  });

  it('reaches updateAccount', async () => {
    atOnce('2026-12-01T07:59:59Z');
    const { query } = await startGateway({ timeZone: 'America/Los_Angeles' });
    const input = { fileNumber: '12345', changes: { dateOfBirth: '2026-12-01' } };
    const { data } = await query(mutationOf('updateAccount', '__typename'), { input });
    expect(data.updateAccount).toMatchObject({
      fields: [{ path: 'changes.dateOfBirth', message: 'Expected a date from 1900 to today.' }],
    });
  });
});

describe('withCalendar', () => {
  it('applies to the check alone, also if the check throws', () => {
    atOnce('2026-12-01T10:30:00Z');
    const early = createAgencyCalendar('Pacific/Pago_Pago');
    const late = createAgencyCalendar('Pacific/Kiritimati');
    const machine = today();
    expect(withCalendar(early, () => [today(), withCalendar(late, today), today()])).toEqual([
      '2026-11-30',
      '2026-12-02',
      '2026-11-30',
    ]);
    const failing = z.string().transform(() => {
      throw new Error('failed');
    });
    expect(() => withCalendar(late, () => failing.safeParse('x'))).toThrow('failed');
    expect(today()).toBe(machine);
  });
});

describe('a date with two digits of a year', () => {
  const dated = '11/22/26';
  const rows = {
    getaccount: {
      filenumber: 'R1001',
      dateaccountopened: dated,
      datechargedoff: dated,
      birthdate: dated,
      lastworked: dated,
    },
    getattempts: [
      { filenumber: 'R1001', id: 1, date: dated, time: '1:00 AM', type: 'OUTBOUND CALL', dispo: 'SPOKE' },
    ],
  };

  it.each([
    ['America/Los_Angeles', '2026-11-22T03:00:00Z', '1926-11-22'],
    ['America/Los_Angeles', '2026-11-22T08:00:00Z', '2026-11-22'],
    ['Pacific/Auckland', '2026-11-21T20:00:00Z', '2026-11-22'],
    ['UTC', '2026-11-21T20:00:00Z', '1926-11-22'],
  ])(
    '%s at %s: no date of an account lies after today, and an attempt is counted',
    async (timeZone, now, date) => {
      atOnce(now);
      const scollect = await startCorpusUpstream(
        'scollect',
        Object.fromEntries(
          Object.entries(rows).map(([operation, row]) => [
            operation,
            { json: { result: Array.isArray(row) ? row : [row], state: 'SUCCESS' } },
          ]),
        ),
      );
      const { query } = await startGateway({ scollect, timeZone, scopes });
      const { data, errors } = await query(`{ account(fileNumber: "R1001") {
      openedDate chargeOffDate lastWorkedDate borrower { dateOfBirth }
      attempts { edges { node { date } } } contactSummary { windowEnd callFrequency { latestConversationDate } } } }`);
      expect(errors).toBeUndefined();
      const { contactSummary, ...account } = data.account;
      expect(account).toEqual({
        openedDate: date,
        chargeOffDate: date,
        borrower: { dateOfBirth: date },
        // By the upstream's own clock, which may be ahead.
        lastWorkedDate: '2026-11-22',
        attempts: { edges: [{ node: { date: '2026-11-22' } }] },
      });
      expect(contactSummary.callFrequency.latestConversationDate).toBe(contactSummary.windowEnd);
    },
  );
});
