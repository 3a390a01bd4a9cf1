import { describe, expect, it } from 'vitest';
import { scrub } from './scrubbed-messages.ts';

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
      'Variable "$i" got invalid value "a"; at "input.b"; 4111" at "input.c"; Int cannot represent non-integer value: "a"; at "input.b"; 4111"',
      'Variable "$i" got invalid value (not shown) at "input.c"; Int cannot represent non-integer value: (not shown)',
    ],
    [
      'Variable "$i" got invalid value { a: "x", "4111": "; " }; Field "a" of required type "String!" was not provided.',
      'Variable "$i" got invalid value (not shown); Field "a" of required type "String!" was not provided.',
    ],
    [
      'Boolean cannot represent a non boolean value: "4111"',
      'Boolean cannot represent a non boolean value: (not shown)',
    ],
    [
      'Enum "Kind" cannot represent non-string value: 4111.',
      'Enum "Kind" cannot represent non-string value: (not shown)',
    ],
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
    'Variable "$i" got invalid value "4111" at "input.kind"; Value "4111" does not exist in "Kind" enum.',
    'Variable "$i" got invalid value { a: 1 }; Field "4111222233334444" is not defined by type "CardInput".',
    'Variable "$i" got invalid value { a: 1 }; Field "a; 4111" is not defined by type "CardInput".',
    'Field "a4111222233334444" is not defined by type "CardInput".',
    'Syntax Error: Invalid Unicode escape sequence: "\\u{41112222".',
  ])('shows no digits of: %s', (message) => {
    expect(scrub(message)).not.toContain('4111');
  });

  it.each([
    'Variable "$i" got invalid value { a: "4111 Field ", b: 1 }; Field "b" is not defined by type "CardInput".',
  ])('is not misled by a value that reads like the name of a field: %s', (message) => {
    expect(scrub(message)).not.toContain('4111');
  });

  it.each([
    'Variable "$i" got invalid value { a: "4111; Field ", b: 1 }; Field "b" is not defined by type "CardInput".',
    'Variable "$i" got invalid value { a: "4111; Value " } at "input.kind"; Value "b" does not exist in "Kind" enum.',
    'Variable "$i" got invalid value { a: "4111 is not defined by type " }; Field "b" is not defined by type "T".',
  ])('is not misled by a value that reads like a message: %s', (message) => {
    expect(scrub(message)).not.toContain('4111');
  });

  it.each([
    'Syntax Error: Expected Name, found <EOF>.',
    'Cannot query field "ssn" on type "Account". Did you mean "status"?',
    'Variable "$f" of required type "String!" was not provided.',
    'fileNumber: expected at most 50 letters and digits, as in R1001.',
  ])('leaves alone: %s', (message) => {
    expect(scrub(message)).toBe(message);
  });

  // A value that looks like the messages themselves would be searched again from each of its words.
  it.each(['cannot represent ', ' got invalid value ', '; Field "', '; Value "', 'Syntax Error: '])(
    'reports a variable whose value is nearly a megabyte of %j at once',
    (words) => {
      const value = words.repeat(950_000 / words.length);
      expect(scrub(`Variable "$s" got invalid value "${value}"; Int cannot represent "${value}"`)).toBe(
        'Variable "$s" has a value that cannot be used.',
      );
      expect(scrub(`Unexpected parameter "${value}" in the request body.`)).toBe(
        'The request has a value that cannot be used.',
      );
    },
  );
});
