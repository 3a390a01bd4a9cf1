import { describe, expect, it } from 'vitest';
import { maskSsn, toSsn, writeSsn } from './ssn.ts';

describe('toSsn', () => {
  it.each([
    ['111-22-3333', { digits: '111223333', last4: '3333' }],
    ['123456789', { digits: '123456789', last4: '6789' }],
    [' 123456789', { digits: '123456789', last4: '6789' }],
    ['123 45 6789', { digits: '123456789', last4: '6789' }],
    ['000-00-3333', { digits: null, last4: '3333' }],
    ['000003333', { digits: null, last4: '3333' }],
    ['3333', { digits: null, last4: '3333' }],
    ['***-**-3333', { digits: null, last4: '3333' }],
    ['XXX-XX-3333', { digits: null, last4: '3333' }],
    ['xxx-xx-3333', { digits: null, last4: '3333' }],
    ['xxxxx3333', { digits: null, last4: '3333' }],
    ['*****3333', { digits: null, last4: '3333' }],
    ['••••• 3333', { digits: null, last4: '3333' }],
    ['•••-••-3333', { digits: null, last4: '3333' }],
    ['###-##-3333', { digits: null, last4: '3333' }],
    ['***-22-3333', { digits: null, last4: '3333' }],
    ['*3333', { digits: null, last4: '3333' }],
  ])('reads %j', (wire, ssn) => {
    expect(toSsn(wire)).toEqual(ssn);
  });

  it.each([
    null,
    '',
    ' ',
    '000-00-0000',
    '000000000',
    '111-22-333',
    '12345678',
    '111-223333',
    'null',
    '0000',
    0,
    '111-22-0000',
    '***-**-0000',
    'XXX-XX-XXXX',
    '***-**-333',
    '111-22-****',
    'fax 3333',
    '*'.repeat(300_000),
  ])('reads %j as none', (wire) => {
    expect(toSsn(wire)).toBeNull();
  });
});

describe('writeSsn and maskSsn', () => {
  const whole = { digits: '111223333', last4: '3333' };
  const lastFour = { digits: null, last4: '3333' };

  it('masks all but the last four digits', () => {
    expect(maskSsn(whole)).toBe('***-**-3333');
    expect(maskSsn(lastFour)).toBe('***-**-3333');
  });

  it('writes it unmasked only if all digits are known', () => {
    expect(writeSsn(whole)).toBe('111-22-3333');
    expect(writeSsn(lastFour)).toBe('***-**-3333');
  });
});
