import { describe, expect, it } from 'vitest';
import { bestOf, clockResult, readClock } from './clocks.ts';

const now = Date.parse('2026-03-05T12:00:00.500Z');
const subject = { id: 'clock', subject: 'Clock' };

const at = (time: string) => readClock({ date: new Date(Date.parse(time)).toUTCString() }, now);

describe('the clock of another machine', () => {
  it.each([
    ['2026-03-05T12:00:00Z', 0],
    ['2026-03-05T12:00:30Z', 30_000],
    ['2026-03-05T11:00:00Z', -3_600_000],
  ])('%s is read as %i ms ahead', (time, aheadMs) => {
    expect(at(time)).toEqual({ aheadMs });
  });

  it.each([
    ['no header', {}],
    ['no date', { date: 'yesterday' }],
    ['two headers', { date: ['a', 'b'] }],
    ['the date of a cached response', { date: new Date(now).toUTCString(), age: '600' }],
  ])('%s is not read', (_, headers) => {
    expect(readClock(headers, now)).toBeNull();
    expect(clockResult(subject, readClock(headers, now))).toMatchObject({ status: 'skipped' });
  });

  it('is that of the fastest response', () => {
    expect(bestOf([{ aheadMs: -9000 }, { aheadMs: -200 }, { aheadMs: 1000 }])).toEqual({ aheadMs: -200 });
    expect(bestOf([])).toBeNull();
  });

  it.each([
    [0, undefined, 'ok'],
    [5, undefined, 'ok'],
    [6, undefined, 'note'],
    [-6, undefined, 'note'],
    [5, 5, 'ok'],
    [6, 5, 'trouble'],
    [-90, 60, 'trouble'],
    [30, 60, 'note'],
    [2, 0, 'trouble'],
  ])('%i s ahead, with a tolerance of %s s: %s', (seconds, skew, status) => {
    expect(clockResult(subject, { aheadMs: seconds * 1000 }, skew)).toMatchObject({ status });
  });
});
