import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOf, lengthRange } from './value-format.ts';

describe('formatOf', () => {
  it.each([
    ['', 'blank'],
    [' \t', 'blank'],
    ['No Data', 'placeholder'],
    ['0000-00-00 00:00:00', 'placeholder'],
    ['YES', 'yes or no'],
    ['2020-01-01', 'yyyy-mm-dd'],
    ['2026-03-05 13:59:56', 'yyyy-mm-dd hh:mm:ss'],
    ['2026-03-05T13:59:56.000000Z', 'yyyy-mm-ddThh:mm:ssZ'],
    ['2026-03-05T13:59:56+02:00', 'yyyy-mm-ddThh:mm:ss+hh:mm'],
    ['12/5/2022', 'm/d or d/m/yyyy'],
    ['10/26/2023', 'm/d/yyyy'],
    ['26/10/2023', 'd/m/yyyy'],
    [' 11/23/23', 'm/d/yy'],
    ['26.10.2023', 'd.m.yyyy'],
    ['11/27/2023 AT 12:14 PM', 'm/d/yyyy h:mm am'],
    ['Thu, 01 Dec 2022 00:00:00 GMT', 'www, dd mmm yyyy hh:mm:ss GMT'],
    ['Jul 15, 2020 4:48 pm', 'mmm d, yyyy h:mm am'],
    ['09:45', 'hh:mm'],
    ['1:16 PM', 'h:mm am'],
    ['809.00', '9.99'],
    ['7,000', '9,999'],
    ['$0.00', '$9.99'],
    ['(15.00)', '(9.99)'],
    ['15.00-', '9.99-'],
    ['100%', '9%'],
    ['57062885', 'digits'],
    ['123456789', '9 digits'],
    ['6789321578', '10 digits'],
    ['678-932-1578', '999-999-9999'],
    ['(678) 932-1578', '(999) 999-9999'],
    ['111-22-3333', '999-99-9999'],
    ['***-**-3333', '***-**-9999'],
    ['9f1c6a44-5a3b-4a52-9c1f-0a4b8f9b1c2d', 'uuid'],
    ['mary.jones@example.com', 'e-mail'],
    ['https://example.com/a?signature=abc', 'url'],
    ['{"ssn":"111-22-3333"}', 'JSON text'],
    ['Jones', 'letters'],
    ['Müller', 'letters'],
    ['R2121118', 'letters and digits'],
    ["Mary O'Neil-Jones", 'words'],
    ['12 Main St. #4', 'text'],
    ['called twice\r\nno answer', 'text of several lines'],
  ])('%j: %s', (text, format) => {
    expect(formatOf(text)).toBe(format);
  });

  it('describes long texts, also those for which a pattern would take minutes', () => {
    expect(formatOf(`a@${'.'.repeat(300_000)} x`)).toBe('text');
    expect(formatOf('x'.repeat(2000))).toBe('letters');
    expect(formatOf(JSON.stringify({ a: 'x'.repeat(2000) }))).toBe('JSON text');
  });

  it('depends on nothing but the kinds of characters: other letters and digits have the same format', () => {
    const other = (text: string): string =>
      text.replace(/[A-Z]/g, 'Q').replace(/[a-z]/g, 'q').replace(/\d/g, '7');
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z][a-z]{4,12}(?: [A-Z][a-z]{4,12}){0,3}$/), (text) => {
        fc.pre(!/^(?:False|No data)$/i.test(text));
        expect(formatOf(text)).toBe(formatOf(other(text)));
      }),
    );
  });

  it('contains no digit of the text, and no word of it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit: 'grapheme' }), (text) => {
        const format = formatOf(text);
        expect(format.replace(/^(?:9|10|11|15|16) digits$/, '')).not.toMatch(/[0-8]/);
        expect(format).toMatch(/^[ -~]{1,40}$/);
      }),
    );
  });
});

describe('lengthRange', () => {
  it.each([
    [0, [0, 0]],
    [1, [1, 3]],
    [3, [1, 3]],
    [4, [4, 7]],
    [7, [4, 7]],
    [12, [8, 15]],
    [300, [256, 511]],
  ])('%i: %j', (length, range) => {
    expect(lengthRange(length)).toEqual(range);
  });
});
