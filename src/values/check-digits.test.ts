import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCardNumber, isRoutingNumber } from './check-digits.ts';

// Those that the brands publish for tests.
const cards = [
  '4242424242424242',
  '4111111111111111',
  '4222222222222',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '6011111111111117',
  '30569309025904',
  '3530111333300000',
  '501717010307',
  '6304000000000000000',
];

// Those of the Federal Reserve's own banks, and of others.
const routings = ['011000015', '021000021', '021001208', '111000025', '121000358', '322271627'];

const withOtherDigit = (digits: string, place: number, by: number): string =>
  digits.slice(0, place) + String((Number(digits[place]) + by) % 10) + digits.slice(place + 1);

/** A number of the list with one digit that is not right. */
const misread = (numbers: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...numbers), fc.nat(), fc.integer({ min: 1, max: 9 }))
    .map(([digits, place, by]) => withOtherDigit(digits, place % digits.length, by));

describe('isCardNumber', () => {
  it.each(cards)('takes %s', (digits) => {
    expect(isCardNumber(digits)).toBe(true);
  });

  it.each([
    '',
    '4',
    '4242424242424241',
    '42424242426',
    '42424242424242424242',
    '0000000000000000',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '4242424242424242\n',
    '４２４２４２４２４２４２４２４２',
    '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢',
    '-4242424242424242',
    '4242424242424242.0',
    'card number',
  ])('refuses %j', (digits) => {
    expect(isCardNumber(digits)).toBe(false);
  });

  it('refuses a number with one digit misread', () => {
    fc.assert(fc.property(misread(cards), (digits) => !isCardNumber(digits)));
  });

  it('takes exactly one last digit for each beginning', () => {
    const beginning = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 18 });
    fc.assert(
      fc.property(beginning, (digits) => {
        const first = `1${digits.join('').slice(1)}`;
        expect([...'0123456789'].filter((last) => isCardNumber(first + last))).toHaveLength(1);
      }),
    );
  });
});

describe('isRoutingNumber', () => {
  it.each(routings)('takes %s', (digits) => {
    expect(isRoutingNumber(digits)).toBe(true);
  });

  it.each([
    '',
    '021000020',
    '012345678',
    '21000021',
    '0210000210',
    '000000000',
    '021-000-021',
    ' 021000021',
    '021000021\n',
    '０２１００００２１',
    '02100002l',
  ])('refuses %j', (digits) => {
    expect(isRoutingNumber(digits)).toBe(false);
  });

  it('refuses a number with one digit misread', () => {
    fc.assert(fc.property(misread(routings), (digits) => !isRoutingNumber(digits)));
  });
});
