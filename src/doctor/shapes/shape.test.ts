import { describe, expect, it } from 'vitest';
import { createKeyMask } from '../../telemetry/redaction/key-mask.ts';
import { bodyShapeOf } from './shape.ts';

const mask = createKeyMask(['result', 'state', 'phonenumber', 'firstname', 'CO AMT']);

const shown = (...bodies: readonly unknown[]) => Object.fromEntries(bodyShapeOf(mask, ...bodies));

describe('the shape of bodies', () => {
  it('counts types, blank texts, formats and lengths at each path', () => {
    const rows = [
      { phonenumber: '678-932-1578' },
      { phonenumber: '6789321578' },
      { phonenumber: ' ' },
      { phonenumber: null },
    ];
    expect(shown({ result: rows, state: 'SUCCESS' })).toEqual({
      $: { seen: 1, types: { object: 1 }, blank: 0, formats: {}, length: null },
      result: { seen: 1, types: { list: 1 }, blank: 0, formats: {}, length: [4, 7] },
      'result[]': { seen: 4, types: { object: 4 }, blank: 0, formats: {}, length: null },
      'result[].phonenumber': {
        seen: 4,
        types: { text: 3, null: 1 },
        blank: 1,
        formats: { '999-999-9999': 1, '10 digits': 1 },
        length: [8, 15],
      },
      state: { seen: 1, types: { text: 1 }, blank: 0, formats: { letters: 1 }, length: [4, 7] },
    });
  });

  it('merges several bodies, and bodies of other types', () => {
    const { $, result } = shown({ result: 1.5 }, { result: -20 }, { result: true }, ['x'], null, 'text');
    expect($?.types).toEqual({ object: 3, list: 1, null: 1, text: 1 });
    expect(result?.formats).toEqual({ decimal: 1, 'negative whole': 1 });
    expect(result?.types).toEqual({ number: 2, boolean: 1 });
  });

  it('quotes keys that are no words', () => {
    expect(Object.keys(shown({ 'CO AMT': 1 }))).toEqual(['$', '["CO AMT"]']);
  });

  it('masks and merges the keys of a map that are data', () => {
    const person = { firstname: 'Mary' };
    const shape = shown({
      result: { '111-22-3333': person, '222-33-4444': person, Jones: person, Smith: person },
    });
    expect(Object.keys(shape)).toEqual([
      '$',
      'result',
      'result.{999-99-9999}',
      'result.{999-99-9999}.firstname',
      'result.{letters}',
      'result.{letters}.firstname',
    ]);
    expect(shape['result.{letters}']?.seen).toBe(2);
  });

  it('contains no part of hostile keys and values', () => {
    const hostile = [
      'Mary Jones',
      'JONES',
      '111-22-3333',
      '111223333',
      'mary@example.com',
      '4111 1111 1111 1111',
      '1HGCM82633A004352',
      'result[].firstname Mary',
      '{letters} Jones"]',
      '__proto__',
      'constructor',
    ];
    const values = [
      ...hostile,
      '{"ssn":"111-22-3333"}',
      'https://x.example/?s=JONES',
      'a\nJONES',
      'Bearer JONES',
    ];
    const body = {
      result: hostile.map((key) => ({
        [key]: values,
        [`${key} x`]: Object.fromEntries(values.map((one) => [one, one])),
      })),
      ...Object.fromEntries(hostile.map((key) => [key, Number('111223333')])),
    };
    const written = JSON.stringify(shown(JSON.parse(JSON.stringify(body))));
    for (const part of [
      'mary',
      'jones',
      '111',
      '222',
      '3333',
      '4111',
      '1HGCM',
      'example',
      'proto',
      'bearer',
    ]) {
      expect(written.toLowerCase()).not.toContain(part.toLowerCase());
    }
  });

  it('limits paths, levels and formats', () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
    expect(bodyShapeOf(mask, deep(5000)).size).toBeLessThan(20);
    const wide = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`phone${index % 100}_${'x'.repeat(index % 90)}`, 1]),
    );
    expect(bodyShapeOf(mask, wide).size).toBeLessThanOrEqual(5000);
    const texts = Array.from(
      { length: 40 },
      (_, index) => `${'1-'.repeat((index % 11) + 1)}${'22'.repeat(index % 3)}`,
    );
    expect(Object.keys(shown(texts)['[]']?.formats ?? {}).length).toBeLessThanOrEqual(13);
  });
});
