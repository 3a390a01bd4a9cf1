import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import * as checks from '../../src/schema/kit/checks.ts';
import { faultsOf } from '../../src/schema/kit/mutation.ts';
import { Secret } from '../../src/values/secret.ts';
import { checkRows } from '../support/check-rows.ts';

const revealed = (value: unknown): unknown => (value instanceof Secret ? { secret: value.reveal() } : value);

/** The value of a check, or its messages with their paths. */
const resultOf = (schema: z.ZodType, input: unknown): unknown => {
  const { success, data, error } = schema.safeParse(input);
  return success ? { gives: revealed(data) } : faultsOf(error).map(({ path, message }) => [path, message]);
};

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2024, 1, 29, 12), toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe.each(checkRows)('%s', (_, schema, accepted, refused) => {
  it.each(accepted)('gives %j as %j', (input, output) => {
    expect(resultOf(schema, input)).toEqual({ gives: output });
  });

  it.each(refused)('rejects all others: %s', (sentence, inputs) => {
    expect(inputs.map((input) => [input, resultOf(schema, input)])).toEqual(
      inputs.map((input) => [input, [['', sentence]]]),
    );
  });

  it('reports its fault and those of other fields', () => {
    const [, inputs = []] = refused.at(-1) ?? [];
    for (const input of inputs) {
      const both = z.strictObject({ one: schema, other: schema });
      const reported = resultOf(both, { one: input, other: input });
      expect(reported).toEqual(
        ['one', 'other'].map((path) => [path, expect.stringMatching(/^Expected .*\.$/)]),
      );
    }
  });
});

describe('optional', () => {
  it.each([undefined, null])('takes %j for left out', (input) => {
    expect(resultOf(checks.optional(checks.id), input)).toEqual({ gives: undefined });
  });

  it('checks what is given', () => {
    const schema = z.strictObject({ at: checks.optional(checks.id) });
    expect(resultOf(schema, { at: '007' })).toEqual({ gives: { at: '7' } });
    expect(resultOf(schema, { at: '' })).toEqual([['at', 'Expected a number of at most 15 digits.']]);
    expect(resultOf(schema, {})).toEqual({ gives: {} });
  });
});

describe('list and distinctList', () => {
  it.each([
    ['list', checks.list(checks.id, 1, 3)],
    ['distinctList', checks.distinctList(checks.id, 1, 3)],
  ])('%s takes as many as it may hold', (_, schema) => {
    expect(resultOf(schema, ['1'])).toEqual({ gives: ['1'] });
    expect(resultOf(schema, ['1', '02', '3'])).toEqual({ gives: ['1', '2', '3'] });
    for (const input of [[], ['1', '2', '3', '4']]) {
      expect(resultOf(schema, input)).toEqual([['', 'Expected 1 to 3 of them.']]);
    }
  });

  it('report each item with a fault', () => {
    const faults = [0, 2].map((index) => [String(index), 'Expected a number of at most 15 digits.']);
    expect(resultOf(checks.list(checks.id, 1, 3), ['x', '1', 'y'])).toEqual(faults);
    expect(resultOf(checks.distinctList(checks.id, 1, 3), ['x', '1', 'y'])).toEqual(faults);
  });

  it('do not look into more than they may hold, so that an answer is no longer than what was sent', () => {
    const input = ['x', 'x', 'x', 'x'];
    expect(resultOf(checks.list(checks.id, 1, 3), input)).toEqual([['', 'Expected 1 to 3 of them.']]);
    expect(resultOf(checks.distinctList(checks.id, 1, 3), input)).toEqual([['', 'Expected 1 to 3 of them.']]);
  });

  it('mind what stands twice only where nothing may', () => {
    expect(resultOf(checks.list(checks.id, 1, 3), ['1', '01'])).toEqual({ gives: ['1', '1'] });
    expect(resultOf(checks.distinctList(checks.id, 1, 3), ['1', '01'])).toEqual([
      ['', 'Expected each of them once.'],
    ]);
  });
});

describe('notEmpty and changing', () => {
  const fields = { id: checks.id, memo: checks.optional(checks.text(5)) };

  it('want something', () => {
    const all = z.strictObject({ memo: fields.memo, isValid: checks.optional(checks.flagCheck) });
    for (const input of [{}, { memo: null }, { memo: undefined, isValid: null }]) {
      expect(resultOf(checks.notEmpty(all), input)).toEqual([['', 'Expected at least one field.']]);
      expect(resultOf(checks.changing(all), input)).toEqual([['', 'Expected at least one field to change.']]);
    }
    expect(resultOf(checks.notEmpty(all), { isValid: false })).toEqual({ gives: { isValid: 0 } });
  });

  it('changing wants something besides the fields that only say where', () => {
    const schema = checks.changing(z.strictObject(fields), 'id');
    expect(resultOf(schema, { id: '1' })).toEqual([['', 'Expected at least one field to change.']]);
    expect(resultOf(schema, { id: '1', memo: 'a' })).toEqual({ gives: { id: '1', memo: 'a' } });
  });

  it('changing: reports that nothing changes, and all other faults', () => {
    const schema = checks.changing(z.strictObject(fields), 'id');
    expect(resultOf(schema, { id: 'x' })).toEqual([
      ['id', 'Expected a number of at most 15 digits.'],
      ['', 'Expected at least one field to change.'],
    ]);
  });
});

describe('withCents', () => {
  it.each([
    ['1', '1.00'],
    ['1.5', '1.50'],
    ['-1.05', '-1.05'],
    ['1.999', '1.99'],
  ])('writes %s as %s', (decimal, written) => {
    expect(checks.withCents(decimal)).toBe(written);
  });
});

it('every building block is tested', () => {
  const besides = ['changing', 'distinctList', 'list', 'notEmpty', 'optional', 'withCents'];
  expect(Object.keys(checks).sort()).toEqual([...checkRows.map(([name]) => name), ...besides].sort());
});

it.each([
  ['fileNumber', checks.fileNumber, ['\u017f1001', '\ufb011001', '\u00df1']],
  ['state', checks.state, ['\u00df', '\ufb01', 'o\u017f']],
  ['vehicleNumber', checks.vehicleNumber, ['ab\u017f12', 'abc\ufb01']],
])('%s takes no letter that only its capital makes one of A to Z', (_, schema, inputs) => {
  for (const input of inputs) expect(resultOf(schema, input)).toEqual([['', expect.any(String)]]);
});
