import { describe, expect, it } from 'vitest';
import { asWritten, toText, toVehicleText, withoutNumbers } from './text.ts';

describe('toText', () => {
  it.each([
    [null, null],
    [undefined, null],
    ['', null],
    [' ', null],
    ['\r\n', null],
    ['null', null],
    ['No Data', null],
    ['-undefined', null],
    ['No address', null],
    [{}, null],
    [[], null],
    [true, null],
    [' TEACHER', 'TEACHER'],
    ['UNKNOWN', 'UNKNOWN'],
    [' 12345', '12345'],
    [267002, '267002'],
    [0, '0'],
    ['one\r\ntwo\rthree\n', 'one\ntwo\nthree'],
    // Names that only look like nothing.
    ['Null', 'Null'],
    ['Na', 'Na'],
    // A surname, and the disposition No Answer.
    ['NA', 'NA'],
    [' NA ', 'NA'],
    ['N/A', 'N/A'],
  ])('reads %j as %j', (wire, text) => {
    expect(toText(wire)).toBe(text);
  });
});

describe('toVehicleText', () => {
  it.each([
    ['NA', null],
    [' NA ', null],
    ['', null],
    ['null', null],
    ['No Data', null],
    ['Na', 'Na'],
    ['NAVY', 'NAVY'],
    ['Sedan 4D', 'Sedan 4D'],
  ])('reads %j as %j', (wire, text) => {
    expect(toVehicleText(wire)).toBe(text);
  });
});

describe('asWritten', () => {
  it.each([
    [' 5556667777', ' 5556667777'],
    ['', ''],
    [null, null],
    [5, '5'],
    [true, null],
  ])('gives %j as %j', (wire, text) => {
    expect(asWritten(wire)).toBe(text);
  });
});

describe('withoutNumbers', () => {
  it.each([
    ['Notice 2 of 3', 'Notice 2 of 3'],
    ['Notice to 4111111111111111', 'Notice to …'],
    ['to 4111 1111-1111.1111!', 'to …!'],
    ['111-22-3333 and (678) 932-1578', '… and (…'],
    ['of 2025-03-17', 'of …'],
    ['order 12345', 'order 12345'],
  ])('writes %j as %j', (text, masked) => {
    expect(withoutNumbers(text)).toBe(masked);
  });
});
