import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callFrequencyOf, conversationTest, readAttempt } from '../../src/schema/accounts/call-history.ts';
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

  it.each([
    [
      'a day that cannot be read',
      attempt('someday'),
      '1 attempt without a known day counted as made on 2026-11-21.',
    ],
    ['no day', attempt('0000-00-00'), '1 attempt without a known day counted as made on 2026-11-21.'],
    ['no key of a day', attempt('', 'X', { date: undefined }), '1 attempt without a known day'],
    ['a day that is an object', attempt('', 'X', { date: {} }), '1 attempt without a known day'],
    [
      'no direction',
      attempt('2026-11-20', 'X', { direction: '' }),
      '1 attempt without a known direction counted as outbound.',
    ],
    [
      'an unknown direction',
      attempt('2026-11-20', 'X', { direction: 'Out' }),
      '1 attempt without a known direction',
    ],
    [
      'a direction that is an object',
      attempt('2026-11-20', 'X', { direction: {} }),
      '1 attempt without a known direction',
    ],
    ['neither', attempt('?', 'X', { direction: null }), '1 attempt without a known day'],
  ])('counts an attempt with %s as a call', (_, unclear, reason) => {
    const found = frequency('2026-11-21', ...times(6, '2026-11-20'), unclear);
    expect(found).toMatchObject({
      callCount: 7,
      isIncomplete: true,
      wouldNextCallBePresumedExcessive: true,
    });
    expect(found.reasons.join(' ')).toContain(reason);
    expect(frequency('2026-11-21', ...times(7, '2026-11-20'), unclear).isPresumedExcessive).toBe(true);
  });

  it.each([
    ['is no text', { dispo: {} }],
    ['is a list', { dispo: ['SPOKE'] }],
    ['is missing', { dispo: undefined }],
  ])('counts an attempt whose disposition %s as a conversation', (_, rest) => {
    const found = frequency('2026-11-21', attempt('2026-11-18', '', rest));
    expect(found).toMatchObject({
      latestConversationDate: '2026-11-18',
      wouldNextCallBePresumedExcessive: true,
      nextDateWithoutPresumption: '2026-11-25',
      isIncomplete: true,
    });
    expect(found.reasons.join(' ')).toContain(
      '1 attempt without a readable disposition counted as a conversation.',
    );
  });

  it('counts a conversation without a known day as of today, and calls as after it', () => {
    const spoke = attempt('?', 'SPOKE TO DEBTOR', { direction: 'Inbound' });
    expect(frequency('2026-11-21', spoke)).toMatchObject({
      callCount: 0,
      latestConversationDate: '2026-11-21',
      isPresumedExcessive: false,
      wouldNextCallBePresumedExcessive: true,
      nextDateWithoutPresumption: '2026-11-28',
    });
    expect(frequency('2026-11-21', spoke, attempt('2026-11-16'))).toMatchObject({
      callsAfterConversation: 1,
      isPresumedExcessive: true,
    });
    expect(frequency('2026-11-21', spoke, attempt('2026-11-14')).callsAfterConversation).toBe(0);
  });

  it('counts a call without a known day as after a conversation', () => {
    const rows = [attempt('2026-11-20', 'SPOKE TO DEBTOR'), attempt('?')];
    expect(frequency('2026-11-21', ...rows)).toMatchObject({ callsAfterConversation: 1 });
  });

  it('counts a row that was left out as a call and a conversation of today', () => {
    const found = callFrequencyOf([], '2026-11-21', 1);
    expect(found).toMatchObject({
      callCount: 1,
      latestConversationDate: '2026-11-21',
      isPresumedExcessive: false,
      wouldNextCallBePresumedExcessive: true,
      nextDateWithoutPresumption: '2026-11-28',
      isIncomplete: true,
    });
    expect(found.reasons.join(' ')).toContain(
      '1 incomplete row counted as an outbound call and a conversation on 2026-11-21.',
    );
    expect(callFrequencyOf([], '2026-11-21', 2).isPresumedExcessive).toBe(true);
  });

  it('is complete where every attempt can be read', () => {
    const rows = [attempt('2026-11-20'), attempt('2026-11-20', '', { dispo: null }), attempt('2026-11-25')];
    expect(frequency('2026-11-21', ...rows)).toMatchObject({
      isIncomplete: false,
      latestConversationDate: null,
    });
    expect(frequency('2026-11-21').isIncomplete).toBe(false);
  });

  it('says what it assumes, and never that all is well', () => {
    const { reasons } = frequency(
      '2026-11-21',
      attempt('0000-00-00'),
      attempt('2026-11-20', 'X', { direction: '' }),
    );
    expect(reasons.join(' ')).toContain('1 attempt without a known day counted as made on 2026-11-21.');
    expect(reasons.join(' ')).toContain('1 attempt without a known direction counted as outbound.');
    expect(reasons.join(' ')).toContain('Calls recorded elsewhere are not included');
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

  it('has the requested number of days, and applies the dispositions of the agency', async () => {
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

  it('counts what cannot be read, and rows that are left out', async () => {
    const row = {
      date: 'Tue, 23 Jan 2024 00:00:00 GMT',
      time: '07:24',
      direction: 'Outbound',
      dispo: 'BUSY',
      type: 'MANUAL',
      phonenumber: '222-222-2222',
    };
    const rows = [
      row,
      { ...row, date: 'yesterday' },
      { ...row, direction: null },
      { ...row, dispo: { text: 'SPOKE' } },
      { filenumber: 'R1001' },
    ];
    const scollect = await startCorpusUpstream('scollect', {
      getattempts: { json: { result: { result: rows }, state: 'SUCCESS' } },
    });
    const { query } = await startGateway({ scollect });
    const { data, errors, extensions } = await query(`{ account(fileNumber: "R1001") {
      attempts { totalCount }
      contactSummary {
        outboundAttempts byPhone { outboundAttempts } latestConversation { date } conversationDispositions
        callFrequency { callCount isIncomplete wouldNextCallBePresumedExcessive nextDateWithoutPresumption }
      }
    } }`);
    expect(errors).toBeUndefined();
    expect(data.account).toEqual({
      attempts: { totalCount: 4 },
      contactSummary: {
        outboundAttempts: 5,
        byPhone: [{ outboundAttempts: 4 }],
        latestConversation: null,
        conversationDispositions: [],
        callFrequency: {
          callCount: 5,
          isIncomplete: true,
          wouldNextCallBePresumedExcessive: true,
          nextDateWithoutPresumption: '2024-01-30',
        },
      },
    });
    expect(extensions).toMatchObject({ warnings: [{ operation: 'getattempts' }] });
  });

  it('is an error if no attempt can be read', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getattempts: { json: { result: { result: [{ filenumber: 'R1001' }] }, state: 'SUCCESS' } },
    });
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(summary(''));
    expect(data.account.contactSummary).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
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
