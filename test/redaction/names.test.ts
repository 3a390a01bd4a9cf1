import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/telemetry/redaction/redact.ts';
import { under } from './canaries.ts';

const redactor = createRedactor();
const shown = (value: unknown): string => JSON.stringify(redactor.value(value));

const names = [
  'ssn',
  'socialSecurityNumber',
  'card',
  'cardNumber',
  'pan',
  'cvv',
  'cvc',
  'securityCode',
  'accountNumber',
  'routingNumber',
  'password',
  'pin',
  'apiKey',
  'token',
  'accessToken',
  'authorization',
  'cookie',
  'secret',
  'dateOfBirth',
  'birthday',
  'dob',
  'idempotencyKey',
  'clientSecret',
  'userPassword',
  'refreshToken',
  'debtorSsn',
] as const;

const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter}`);

const stylesOf = (name: string): string[] => [
  name,
  name.toLowerCase(),
  name.toUpperCase(),
  words(name).replaceAll(' ', '_').toLowerCase(),
  words(name).replaceAll(' ', '-').toUpperCase(),
  words(name),
  `x-${name}`,
  `customer${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
  `${name}s`,
  `${name}2`,
];

describe('what stands under the name of a secret', () => {
  const values = [
    'swordfish',
    9738,
    9738n,
    ['swordfish'],
    { a: { b: 'swordfish' } },
    new Map([['a', 'swordfish']]),
  ];

  it.each(names)('is masked however the name is written: %s', (name) => {
    for (const style of stylesOf(name)) {
      for (const value of values) {
        const places = [
          { [style]: value },
          new Map([[style, value]]),
          [style, value],
          { name: style, value },
        ];
        for (let depth = 0; depth <= 12; depth += 1) {
          for (const place of places) expect(shown(under(depth, place))).not.toMatch(/swordfish|9738/);
        }
      }
    }
  });

  it.each(names)('is masked inside a text: %s', (name) => {
    for (const style of stylesOf(name).filter((one) => !one.includes(' '))) {
      for (const text of [
        JSON.stringify({ [style]: 'blue "marlin"' }),
        JSON.stringify(JSON.stringify({ [style]: 'blue "marlin"' })),
        JSON.stringify({ [style]: 9738 }),
        `${style}=marlin`,
        `a=1&${style}=marlin&b=2`,
        `${style}: 9738`,
      ]) {
        expect(redactor.text(text)).not.toMatch(/marlin|9738/);
      }
    }
  });

  it('says that nothing is there, or yes or no', () => {
    const flags = { ssn: null, token: true, card: false };
    expect(redactor.value(flags)).toEqual(flags);
  });

  it.each([
    'operation',
    'spinner',
    'tokenCount',
    'spin',
    'wildcard',
    'timespan',
    'discard',
    'shipping',
    'panel',
  ])('is not what stands under %s', (name) => {
    expect(redactor.value({ [name]: 'runPayment' })).toEqual({ [name]: 'runPayment' });
  });
});
