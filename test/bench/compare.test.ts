import { describe, expect, it } from 'vitest';
import { baselineOf, readBaselines } from '../../bench/src/baseline-file.ts';
import { describeLoss, lossesOf, lowerOf } from '../../bench/src/compare.ts';

const baseline = { version: '1.0.0', ratios: { 'account-0': 2, 'fifty-0': 4 } };

describe('lossesOf', () => {
  it.each([
    { of: 'what costs the same', measured: { 'account-0': 2, 'fifty-0': 4 }, lost: [] },
    { of: 'what costs less', measured: { 'account-0': 1, 'fifty-0': 2 }, lost: [] },
    { of: 'a tenth more', measured: { 'account-0': 2.2, 'fifty-0': 4.4 }, lost: [] },
    { of: 'more than a tenth more', measured: { 'account-0': 2.21, 'fifty-0': 4 }, lost: ['account-0'] },
    { of: 'what was not measured', measured: { 'fifty-0': 5 }, lost: ['fifty-0'] },
    { of: 'what the baseline does not know', measured: { other: 9 }, lost: [] },
  ])('of $of are $lost', ({ measured, lost }) => {
    expect(lossesOf(baseline, measured).map(({ workload }) => workload)).toEqual(lost);
  });

  it('describes a loss by both ratios and their difference', () => {
    expect(lossesOf(baseline, { 'account-0': 2.5 }).map(describeLoss)).toEqual([
      'account-0: 2.50 times the CPU time of the baseline, 2.00 before (+25 %)',
    ]);
  });
});

describe('lowerOf', () => {
  it('takes the lower of two measurements of each workload', () => {
    expect(lowerOf({ a: 2, b: 3 }, { a: 4, b: 1 })).toEqual({ a: 2, b: 1 });
  });
});

describe('the baselines', () => {
  it('are those of one major version of Node each', () => {
    const newer = { ...baseline, version: '2.0.0' };
    expect(baselineOf({ 24: baseline, 26: newer }, 26)).toBe(newer);
    expect(() => baselineOf({ 24: baseline }, 26)).toThrow('expected ratios of Node 26');
  });

  it('in bench/baseline.json have a version and a ratio each', () => {
    for (const [major, { version, ratios }] of Object.entries(readBaselines())) {
      expect(major).toMatch(/^\d+$/);
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(ratios).toEqual({ 'account-0': expect.any(Number) });
    }
  });
});
