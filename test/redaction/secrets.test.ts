import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/telemetry/redaction/redact.ts';
import { formsOf } from '../support/canary-forms.ts';
import { positions, under } from './canaries.ts';

describe('a configured secret', () => {
  const printable = fc.string({ minLength: 6, maxLength: 40 }).filter((text) => text.trim().length >= 6);

  it('is masked in whatever way it is written, in whatever stands around it', () => {
    fc.assert(
      fc.property(printable, fc.string(), fc.string(), (given, before, after) => {
        const secret = given.trim();
        const own = createRedactor({ secrets: [given] });
        const whole = `${before}${secret}${after}`;
        const encoded = [
          secret.toLowerCase(),
          secret.toUpperCase(),
          encodeURIComponent(secret),
          new URLSearchParams({ a: secret }).toString().slice(2),
          JSON.stringify(secret).slice(1, -1),
          ...formsOf(secret),
        ];
        for (const form of encoded) expect(own.text(`${before}${form}${after}`).includes(form)).toBe(false);
        for (const encoding of ['base64', 'base64url', 'hex'] as const) {
          const masked = own.text(Buffer.from(whole).toString(encoding));
          for (const form of formsOf(secret)) expect(masked.includes(form)).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is masked as the bytes that a hexadecimal key stands for', () => {
    const key = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
    const own = createRedactor({ secrets: [key] });
    const bytes = Buffer.from(key, 'hex');
    expect(own.text(`key ${bytes.toString('base64')}`)).toMatch(/^key ….{0,2}$/);
    expect(own.text(`key ${key.toUpperCase()}`)).toBe('key …');
  });

  it.each(['value', 'key', 'item of a list', 'value of a map', 'toJSON', 'code of an error'])(
    'is masked in this position: %s',
    (position) => {
      const own = createRedactor({ secrets: ['zoo8', 'Open Sesame'] });
      for (const form of ['zoo8', 'ZOO8', 'open sesame', 'Open+Sesame', 'em9vOA']) {
        const line = JSON.stringify(own.value(under(3, positions[position]?.(`is ${form}.`))));
        expect(line).not.toContain(form);
      }
    },
  );

  it('is masked as a number', () => {
    expect(createRedactor({ secrets: ['8642'] }).value({ given: 8642, n: 86 })).toEqual({
      given: '…',
      n: 86,
    });
  });

  it('that is too short to be distinguished from a word is not masked', () => {
    expect(createRedactor({ secrets: ['p', ''] }).text('a plan')).toBe('a plan');
  });
});
