import { describe, expect, it } from 'vitest';
import { createKeyMask } from '../../telemetry/redaction/key-mask.ts';
import { type Difference, differencesBetween, leastDifferences } from './differences.ts';
import { bodyShapeOf } from './shape.ts';

const documented = {
  result: [
    {
      filenumber: 'R1000',
      phonenumber: '123-456-7890',
      lastchange: '2020-01-01',
      balance: '809.00',
      note: 'none yet',
      log: { source: 'x' },
    },
    {
      filenumber: 'R1000',
      phonenumber: '222-333-4444',
      lastchange: '12/5/2022',
      balance: null,
      note: '',
      log: { source: 'x' },
    },
  ],
  state: 'SUCCESS',
};

const mask = createKeyMask(['result', 'state', 'log', ...Object.keys(documented.result[0] ?? {})]);

const row = documented.result[0];

const compare = (found: unknown): Pick<Difference, 'kind' | 'at'>[] =>
  differencesBetween(bodyShapeOf(mask, documented), bodyShapeOf(mask, found)).map(({ kind, at }) => ({
    kind,
    at,
  }));

const withRow = (change: object) => ({ ...documented, result: [{ ...row, ...change }] });

describe('differences from the documented bodies', () => {
  it.each<readonly [string, unknown]>([
    ['the documented body', documented],
    ['an empty list', { result: [], state: 'SUCCESS' }],
    ['null and blank values', withRow({ phonenumber: null, balance: ' ', lastchange: '' })],
    ['placeholders', withRow({ lastchange: '0000-00-00 00:00:00' })],
    ['another documented format', withRow({ lastchange: '11/30/2022' })],
    ['a number in another notation', withRow({ balance: '$1,809.00' })],
    ['any format of free text', withRow({ note: '123-456-7890' })],
    [
      'some rows without a key',
      { result: [row, { ...row, note: undefined }].map((one) => JSON.parse(JSON.stringify(one))), state: '' },
    ],
  ])('%s: none', (_, found) => {
    expect(compare(found)).toEqual([]);
  });

  it.each<readonly [string, unknown, Difference['kind'], string]>([
    ['another format', withRow({ phonenumber: '(123) 456-7890' }), 'format', 'result[].phonenumber'],
    ['day and month exchanged', withRow({ lastchange: '30/11/2022' }), 'format', 'result[].lastchange'],
    ['a text where numbers were', withRow({ balance: 'Jones' }), 'format', 'result[].balance'],
    ['another type', withRow({ balance: { amount: 1 } }), 'type', 'result[].balance'],
    ['an unknown key', withRow({ middlename: 'Ann' }), 'unknown_key', 'result[].middlename'],
    ['an unknown key that is data', withRow({ Jones: 1 }), 'unknown_key', 'result[].{letters}'],
    [
      'an unknown nested key',
      withRow({ log: { source: 'x', time: '1' } }),
      'unknown_key',
      'result[].log.time',
    ],
    [
      'an unknown key of the envelope',
      { ...documented, task: 1 },
      'envelope',
      '{letters}'.replace('{letters}', 'task'),
    ],
    ['another envelope', { ...documented, result: { data: [row] } }, 'envelope', 'result'],
    ['no envelope', [row], 'envelope', '$'],
    ['a missing part of the envelope', { result: documented.result }, 'envelope', 'state'],
  ])('%s: one, at its path', (_, found, kind, at) => {
    expect(compare(found)).toEqual([{ kind, at }]);
  });

  it('another type in some rows: one, and none below it', () => {
    const rows = [
      { ...row, log: ['x'] },
      { ...row, log: { source: 'x', time: '1' } },
    ];
    expect(compare({ ...documented, result: rows })).toEqual([{ kind: 'type', at: 'result[].log' }]);
  });

  it('optional parts of the envelope: none, and none below them', () => {
    const found = bodyShapeOf(mask, { ...documented, meta: { page: 1 }, links: null });
    const optional = new Set(['meta', 'links']);
    const without = differencesBetween(bodyShapeOf(mask, documented), found);
    expect(without.map(({ at }) => at)).toEqual(['meta', 'links']);
    expect(differencesBetween(bodyShapeOf(mask, documented), found, optional)).toEqual([]);
  });

  it('a renamed key: one missing and one unknown', () => {
    const { phonenumber, ...rest } = row ?? { phonenumber: '' };
    expect(compare({ ...documented, result: [{ ...rest, phone_number: phonenumber }] })).toEqual([
      { kind: 'unknown_key', at: 'result[].phone_number' },
      { kind: 'missing_key', at: 'result[].phonenumber' },
    ]);
  });

  it('name the documented and the found types and formats, and no value', () => {
    const found = bodyShapeOf(mask, withRow({ phonenumber: '(123) 456-7890', balance: ['CANARY'] }));
    expect(differencesBetween(bodyShapeOf(mask, documented), found)).toEqual([
      { kind: 'format', at: 'result[].phonenumber', documented: ['999-999-9999'], found: ['(999) 999-9999'] },
      { kind: 'type', at: 'result[].balance', documented: ['text'], found: ['list'] },
    ]);
  });

  it('leastDifferences: compares with the documented body of the same envelope', () => {
    const failure = { result: { error: 'not found' }, state: 'SUCCESS' };
    const bodies = [documented, failure].map((body) => bodyShapeOf(mask, body));
    expect(leastDifferences(bodies, bodyShapeOf(mask, { result: { error: '' }, state: 'SUCCESS' }))).toEqual(
      [],
    );
    const other = withRow({ phonenumber: 1, note: 1, lastchange: 1 });
    expect(leastDifferences(bodies, bodyShapeOf(mask, other)).map(({ kind }) => kind)).toEqual([
      'type',
      'type',
      'type',
    ]);
  });
});
