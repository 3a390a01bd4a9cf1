import { describe, expect, it } from 'vitest';
import { createPeople } from '../sandbox/seed/people.ts';
import { isFillerAccountNumber, isFillerPhone } from './filler.ts';

const phones: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'identifies nobody': {
    'one digit repeats': ['222-222-2222', '555-555-5555', '999-999-9999', '000-000-0000', '111-111-1111'],
    'two digits repeat': ['232-323-2323', '989-898-9898'],
    'the digits count up or down': ['123-456-7890', '012-345-6789', '234-567-8901', '987-654-3210'],
    'the area code starts with 0 or 1': ['023-456-8888', '111-222-3333', '123-253-7828'],
    'the exchange starts with 0 or 1': ['407-000-0000', '407-100-0000', '678-012-1578', '555-123-4567'],
    'the local number is a pattern': ['407-999-9999', '678-222-2222', '407-234-5678', '407-987-6543'],
    'a code is that of a service': ['911-253-7828', '407-911-7828', '407-411-0000'],
    'it is directory assistance': ['407-555-1212', '555-555-1212'],
  },
  'may identify somebody': {
    'it is documented': [
      ...['407-253-7828', '555-589-5050', '678-932-1578', '887-213-6744', '210-555-0199', '716-628-9899'],
      ...['555-666-7777', '222-333-4444', '451-589-8544'],
    ],
    'it is kept for fiction': ['217-555-0100', '716-555-0198'],
    'some digits repeat': ['407-253-0000', '407-555-0000', '800-222-2223'],
  },
};

const accountNumbers: typeof phones = {
  'identifies nobody': {
    'it has no digits': [
      '',
      ' ',
      '-',
      'N/A',
      'n.a.',
      'NONE',
      'UNKNOWN',
      'TBD',
      'TEST',
      'PENDING',
      'SEE NOTES',
    ],
    'it has too few digits': ['1', '999', 'A12', '0007', '#1', 'LOAN 12', '0-0-9'],
    'the digits are zeros': ['0', '0000', '00000000', '000000-00', '00/00/0000', 'ACCT 0000'],
    'the digits repeat': ['1111', '9999999', '99-99-99', '121212', '45454545'],
    'the digits count up or down': [
      ...['1234', '12345', '123456', '1234567', '12345678', '123456789', '1234567890', '0123456789'],
      ...['123-45-6789', '987654321', '7890123', 'TEST1234', '000012345'],
    ],
  },
  'may identify somebody': {
    'it is documented': ['12345679', '3700956', '2321', '3321', '56545'],
    'it only begins like a pattern': ['12345670', '11111112', '123412', '2323', '12340000'],
    'it contains letters': ['LN-48213', 'ABC 0099121', 'R57116600'],
  },
};

describe.each([
  ['isFillerPhone', isFillerPhone, phones],
  ['isFillerAccountNumber', isFillerAccountNumber, accountNumbers],
] as const)('%s', (_, isFiller, table) => {
  const rows = Object.entries(table).flatMap(([verdict, reasons]) =>
    Object.entries(reasons).flatMap(([reason, values]) =>
      values.map((value) => [value, verdict, reason] as const),
    ),
  );
  it.each(rows)('%j %s: %s', (value, verdict) => {
    expect(isFiller(value)).toBe(verdict === 'identifies nobody');
  });
});

describe('the people of the sandbox', () => {
  it('have no filler as a phone or as an account number', () => {
    const people = createPeople(600);
    const numbers = people.flatMap(({ phones: own, relative }) => [
      ...own,
      ...(relative ? [relative.phone] : []),
    ]);
    expect(numbers.filter(isFillerPhone)).toEqual([]);
    expect(people.map(({ accountNumber }) => accountNumber).filter(isFillerAccountNumber)).toEqual([]);
  });
});
