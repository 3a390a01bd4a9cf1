import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callFrequencyOf, conversationTest, readAttempt } from '../../src/schema/call-history.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const attempt = (date: string, dispo = 'LEFT MESSAGE MACHINE', rest: object = {}) => ({
  date,
  time: '10:00',
  direction: 'Outbound',
  dispo,
  type: 'MANUAL',
  phonenumber: '555-589-5050',
  ...rest,
});
const frequency = (day: string, ...rows: object[]) =>
  callFrequencyOf(
    rows.map((row) => readAttempt(row as Record<string, unknown>, conversationTest(null))),
    day,
  );
const times = (count: number, date: string) => Array.from({ length: count }, () => attempt(date));

describe('CallFrequency', () => {
  it.each([
    [
      7,
      '2026-11-15',
      {
        callCount: 7,
        isPresumedExcessive: false,
        wouldNextCallBePresumedExcessive: true,
        nextDateWithoutPresumption: '2026-11-22',
      },
    ],
    [8, '2026-11-15', { callCount: 8, isPresumedExcessive: true, nextDateWithoutPresumption: '2026-11-22' }],
    [
      6,
      '2026-11-21',
      {
        callCount: 6,
        isPresumedExcessive: false,
        wouldNextCallBePresumedExcessive: false,
        nextDateWithoutPresumption: '2026-11-21',
      },
    ],
    [9, '2026-11-14', { callCount: 0, isPresumedExcessive: false, wouldNextCallBePresumedExcessive: false }],
  ])('counts %i calls of %s over seven days', (count, date, expected) => {
    expect(frequency('2026-11-21', ...times(count, date))).toMatchObject({
      windowStart: '2026-11-15',
      windowEnd: '2026-11-21',
      ...expected,
    });
  });

  it('counts neither inbound calls nor texts', () => {
    const rows = [
      attempt('2026-11-20', 'X', { direction: 'Inbound' }),
      attempt('2026-11-20', 'X', { type: 'TEXT' }),
      attempt('2026-11-20'),
    ];
    expect(frequency('2026-11-21', ...rows).callCount).toBe(1);
  });

  it('begins seven days with the day of a conversation', () => {
    const spoke = attempt('2026-11-15', 'SPOKE TO DEBTOR');
    expect(frequency('2026-11-21', spoke)).toMatchObject({
      latestConversationDate: '2026-11-15',
      conversationWindowEnd: '2026-11-21',
      callsAfterConversation: 0,
      isPresumedExcessive: false,
      wouldNextCallBePresumedExcessive: true,
      nextDateWithoutPresumption: '2026-11-22',
    });
    expect(frequency('2026-11-22', spoke).wouldNextCallBePresumedExcessive).toBe(false);
    const later = attempt('2026-11-15', 'NO ANSWER', { time: '10:01' });
    expect(frequency('2026-11-21', spoke, later)).toMatchObject({
      callsAfterConversation: 1,
      isPresumedExcessive: true,
    });
  });

  it('takes an inbound conversation for one', () => {
    const called = attempt('2026-11-20', 'SPOKE TO DEBTOR', { direction: 'Inbound' });
    expect(frequency('2026-11-21', called)).toMatchObject({
      callCount: 0,
      wouldNextCallBePresumedExcessive: true,
    });
  });

  it('keeps the presumption of an earlier conversation if a later one follows', () => {
    const rows = [
      attempt('2026-11-18', 'SPOKE TO DEBTOR'),
      attempt('2026-11-19'),
      attempt('2026-11-20', 'SPOKE TO DEBTOR', { direction: 'Inbound' }),
    ];
    const expected = {
      latestConversationDate: '2026-11-20',
      conversationWindowEnd: '2026-11-26',
      callsAfterConversation: 1,
      isPresumedExcessive: true,
      nextDateWithoutPresumption: '2026-11-27',
    };
    expect(frequency('2026-11-21', ...rows)).toMatchObject(expected);
    expect(frequency('2026-11-21', ...rows.toReversed())).toMatchObject(expected);
    expect(frequency('2026-11-21', ...rows).reasons.join(' ')).toContain(
      '2 conversations recorded from 2026-11-15 to 2026-11-21; 1 outbound call followed one of them.',
    );
  });

  it('counts the call of a second conversation after the first', () => {
    const rows = [attempt('2026-11-15', 'SPOKE TO DEBTOR'), attempt('2026-11-21', 'RPC - NO PTP')];
    expect(frequency('2026-11-21', ...rows)).toMatchObject({
      callsAfterConversation: 1,
      isPresumedExcessive: true,
    });
  });

  it('counts no call before the first conversation, nor after the seven days of one', () => {
    const rows = [attempt('2026-11-17'), attempt('2026-11-18', 'SPOKE TO DEBTOR')];
    expect(frequency('2026-11-21', ...rows)).toMatchObject({ callsAfterConversation: 0 });
    const older = [attempt('2026-11-14', 'SPOKE TO DEBTOR'), attempt('2026-11-21')];
    expect(frequency('2026-11-21', ...older)).toMatchObject({
      callsAfterConversation: 0,
      isPresumedExcessive: false,
    });
  });

  it('counts a call without a time of day as after the conversation of its day', () => {
    const rows = [attempt('2026-11-20', 'SPOKE TO DEBTOR'), attempt('2026-11-20', 'BUSY', { time: null })];
    expect(frequency('2026-11-21', ...rows)).toMatchObject({ callsAfterConversation: 1 });
    const alone = attempt('2026-11-20', 'SPOKE TO DEBTOR', { time: null });
    expect(frequency('2026-11-21', alone)).toMatchObject({ callsAfterConversation: 0 });
  });

  it.each([
    ['VOICE MAIL', 1],
    ['RINGLESS VOICE MAIL', 1],
    ['VOICEMAIL', 1],
    ['MAIL', 0],
    ['E-MAIL', 0],
    ['LETTER', 0],
  ])('an attempt of the type %s counts as %i calls', (type, callCount) => {
    expect(frequency('2026-11-21', attempt('2026-11-20', 'X', { type }))).toMatchObject({ callCount });
  });

  it('counts attempts dated after today as made today', () => {
    const calls = Array.from({ length: 8 }, () => attempt('2026-11-22'));
    expect(frequency('2026-11-21', ...calls)).toMatchObject({
      windowEnd: '2026-11-21',
      callCount: 8,
      isPresumedExcessive: true,
      nextDateWithoutPresumption: '2026-11-28',
    });
    expect(frequency('2026-11-21', attempt('2026-11-22', 'RPC'))).toMatchObject({
      latestConversationDate: '2026-11-21',
      conversationWindowEnd: '2026-11-27',
      wouldNextCallBePresumedExcessive: true,
    });
    const { callsAfterConversation, reasons } = frequency(
      '2026-11-21',
      attempt('2026-11-21', 'RPC'),
      attempt('2026-11-22'),
    );
    expect(callsAfterConversation).toBe(1);
    expect(reasons).toContain('1 attempt dated after 2026-11-21 counted as made on that day.');
  });

  it('says what it cannot count, and never that all is well', () => {
    const { reasons } = frequency(
      '2026-11-21',
      attempt('0000-00-00'),
      attempt('2026-11-20', 'X', { direction: '' }),
    );
    expect(reasons.join(' ')).toContain('2 attempts without a day or a direction could not be counted');
    expect(reasons.join(' ')).toContain('Calls recorded elsewhere are not seen here');
    expect(reasons.join(' ')).not.toMatch(/complian|allowed|permitted|lawful/i);
  });

  it.each([
    ['SPOKE TO DEBTOR', true],
    ['Promise to pay', true],
    ['LEFT MESSAGE MACHINE', false],
    ['NEVER SPOKE', false],
    ['SPOKE TO DEBTOR - WILL NOT PAY', true],
    ['RIGHT-PARTY CONTACT', true],
    ['NO CONTACT', false],
    [null, false],
  ])('takes %j for a conversation: %s', (disposition, expected) => {
    expect(conversationTest(null)(disposition)).toBe(expected);
  });
});

describe('Account.contactSummary', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(2024, 0, 23, 12) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const summary = (args: string) => `{ account(fileNumber: "R1001") { contactSummary${args} {
    windowStart windowEnd outboundAttempts byPhone { phoneNumber rawPhoneNumber outboundAttempts latestAttempt { disposition } }
    latestAttempt { attemptedAt } latestConversation { attemptedAt disposition } conversationDispositions
    callFrequency { callCount callLimit latestConversationDate wouldNextCallBePresumedExcessive }
  } } }`;

  it('counts the attempts of the window by phone', async () => {
    const { query, calls } = await startGateway();
    const { data, errors } = await query(summary(''));
    expect(errors).toBeUndefined();
    expect(data.account.contactSummary).toEqual({
      windowStart: '2024-01-17',
      windowEnd: '2024-01-23',
      outboundAttempts: 1,
      byPhone: [
        {
          phoneNumber: '+12222222222',
          rawPhoneNumber: '222-222-2222',
          outboundAttempts: 1,
          latestAttempt: { disposition: 'LEFT MESSAGE MACHINE' },
        },
      ],
      latestAttempt: { attemptedAt: '2024-01-23T07:24:00' },
      latestConversation: { attemptedAt: '2023-10-04T10:23:00', disposition: 'SPOKE TO DEBTOR' },
      conversationDispositions: ['SPOKE TO DEBTOR'],
      callFrequency: {
        callCount: 1,
        callLimit: 7,
        latestConversationDate: '2023-10-04',
        wouldNextCallBePresumedExcessive: false,
      },
    });
    expect(calls()).toEqual(['/getaccount/R1001', '/getattempts/R1001']);
  });

  it('has as many days as it is asked for, and heeds the dispositions of the agency', async () => {
    const { query } = await startGateway();
    const { data } = await query(summary('(days: 365, conversationDispositions: ["left message machine"])'));
    expect(data.account.contactSummary).toMatchObject({
      windowStart: '2023-01-24',
      outboundAttempts: 3,
      byPhone: [{ rawPhoneNumber: '555-589-5050', outboundAttempts: 2 }, { outboundAttempts: 1 }],
      latestConversation: { attemptedAt: '2024-01-23T07:24:00' },
      callFrequency: { callCount: 1, wouldNextCallBePresumedExcessive: true },
    });
  });

  it.each([
    ['America/Los_Angeles', '2024-01-24T07:59:59Z', '2024-01-23'],
    ['America/Los_Angeles', '2024-01-24T08:00:00Z', '2024-01-24'],
    ['UTC', '2024-01-23T23:59:59Z', '2024-01-23'],
    ['UTC', '2024-01-24T00:00:00Z', '2024-01-24'],
    ['Pacific/Auckland', '2024-01-23T11:00:00Z', '2024-01-24'],
  ])("ends the windows with the agency's day: %s at %s → %s", async (timeZone, now, windowEnd) => {
    vi.setSystemTime(new Date(now));
    const { query } = await startGateway({ timeZone });
    const { data } = await query(
      '{ account(fileNumber: "R1001") { contactSummary { timeZone windowEnd callFrequency { windowEnd } } } }',
    );
    expect(data.account.contactSummary).toEqual({ timeZone, windowEnd, callFrequency: { windowEnd } });
  });

  it('counts attempts dated after today', async () => {
    vi.setSystemTime(new Date('2024-01-23T07:30:00Z'));
    const { query } = await startGateway({ timeZone: 'America/Los_Angeles' });
    const { data } = await query(summary(''));
    expect(data.account.contactSummary).toMatchObject({
      windowEnd: '2024-01-22',
      outboundAttempts: 1,
      byPhone: [{ outboundAttempts: 1 }],
      callFrequency: { callCount: 1 },
    });
  });

  it.each([0, -1, 3661])('turns %i days away', async (days) => {
    const { query } = await startGateway();
    const { errors } = await query(summary(`(days: ${days})`));
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'days' } }]);
  });

  it('is zero where nothing was attempted', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getattempts: { json: { result: { result: [] }, state: 'SUCCESS' } },
    });
    const { query } = await startGateway({ scollect });
    const { data } = await query(summary(''));
    expect(data.account.contactSummary).toMatchObject({
      outboundAttempts: 0,
      byPhone: [],
      latestConversation: null,
    });
  });
});
