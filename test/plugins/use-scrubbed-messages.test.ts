import { describe, expect, it } from 'vitest';
import { scrub } from '../../src/plugins/use-scrubbed-messages.ts';

describe('scrub', () => {
  it.each([
    [
      'Variable "$s" got invalid value "1; 2"; SSN: expected nine digits.',
      'Variable "$s" got invalid value (not shown); SSN: expected nine digits.',
    ],
    [
      'Variable "$i" got invalid value "4111; x" at "input.card.number"; Expected type "CardNumber".',
      'Variable "$i" got invalid value (not shown) at "input.card.number"; Expected type "CardNumber".',
    ],
    [
      'Variable "$f" got invalid value { a: "x; 1" }; String cannot represent a non string value: { a: "x; 1" }',
      'Variable "$f" got invalid value (not shown); String cannot represent a non string value: (not shown)',
    ],
    [
      'Expected value of type "SSN", found "1"; SSN: expected nine digits.',
      'Expected value of type "SSN", found (not shown).',
    ],
    ['Value "4111" does not exist in "Kind" enum.', 'Value (not shown) does not exist in "Kind" enum.'],
    [
      'Unexpected parameter "111-22-3333" in the request body.',
      'Unexpected parameter (not shown) in the request body.',
    ],
    ['Syntax Error: Unexpected String "4111".', 'Syntax Error: Unexpected String.'],
    ['Syntax Error: Expected Name, found Int "4111".', 'Syntax Error: Expected Name, found Int.'],
  ])('%s', (message, scrubbed) => {
    expect(scrub(message)).toBe(scrubbed);
  });

  it.each([
    'Syntax Error: Expected Name, found <EOF>.',
    'Cannot query field "ssn" on type "Account". Did you mean "status"?',
    'Variable "$f" of required type "String!" was not provided.',
    'fileNumber: expected at most 50 letters and digits, as in R1001.',
  ])('leaves alone: %s', (message) => {
    expect(scrub(message)).toBe(message);
  });
});
