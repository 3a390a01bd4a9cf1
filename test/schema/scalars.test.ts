import { type GraphQLScalarType, isScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.ts';

const scalar = (name: string): GraphQLScalarType => {
  const type = schema.getType(name);
  if (!isScalarType(type)) throw new Error(`${name} is no scalar`);
  return type;
};

describe.each<readonly [string, readonly (readonly [unknown, string])[], readonly unknown[]]>([
  ['Date', [['2024-02-29', '2024-02-29']], ['2023-02-29', '2/20/2024', '1900-01-01', '2024-2-1', 20240220]],
  [
    'LocalDateTime',
    [['2024-02-20T09:30:00', '2024-02-20T09:30:00']],
    ['2024-02-20', '2024-02-20T09:30:00Z', '2024-02-20 09:30:00', '2024-02-20T24:00:00'],
  ],
  ['LocalTime', [['09:30', '09:30']], ['9:30', '24:00', '09:60', '1:43PM', '09:30:00']],
  [
    'DateTime',
    [
      ['2024-02-20T09:30:00Z', '2024-02-20T09:30:00Z'],
      ['2024-02-20T09:30:00.123+02:00', '2024-02-20T09:30:00.123+02:00'],
    ],
    ['2024-02-20T09:30:00', '2024-02-30T09:30:00Z', '2024-02-20'],
  ],
  [
    'Decimal',
    [
      ['809.00', '809.00'],
      ['-5', '-5'],
      [100, '100'],
      ['9007199254740993.10', '9007199254740993.10'],
    ],
    [1.5, '1,000', '$5', '1e3', '.5', '', '5.', 2 ** 60, true],
  ],
  [
    'PhoneNumber',
    [
      ['678-932-1578', '+16789321578'],
      ['(678) 932 1578', '+16789321578'],
      ['+16789321578', '+16789321578'],
    ],
    ['123456', 'home', '', 6789321578],
  ],
  [
    'SSN',
    [
      ['111-22-3333', '111-22-3333'],
      ['111223333', '111-22-3333'],
    ],
    ['3333', '000-00-0000', '111-22-333', '***-**-3333', 111223333],
  ],
])('%s', (name, accepted, refused) => {
  it.each(accepted)('accepts %j as %j', (value, read) => {
    expect(scalar(name).parseValue(value)).toBe(read);
  });

  it('refuses everything else by one and the same sentence, which holds no value', () => {
    const messages = [...refused, null, {}, []].map((value) => {
      try {
        return `accepted ${JSON.stringify(scalar(name).parseValue(value))}`;
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
    });
    expect(new Set(messages)).toEqual(new Set([expect.stringMatching(`^${name}: expected `)]));
  });
});
