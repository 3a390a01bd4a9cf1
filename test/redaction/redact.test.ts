import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/telemetry/redaction/redact.ts';
import { canaries, casings, encodings, positions, tells, under } from './canaries.ts';

const redactor = createRedactor();
const shown = (value: unknown): string => JSON.stringify(redactor.value(value));

const depths = Array.from({ length: 13 }, (_, depth) => depth);

const anyOf = <Value>(table: Readonly<Record<string, Value>>) =>
  fc.constantFrom(...Object.entries(table)).map(([name, value]) => ({ name, value }));

describe('what its form tells to be secret', () => {
  it.each(Object.keys(canaries))(
    'is masked in every position, at every depth, in every encoding: %s',
    (name) => {
      const { text, secret } = canaries[name] ?? { text: '', secret: '' };
      const leaks: string[] = [];
      let combinations = 0;
      for (const [casing, cased] of Object.entries(casings)) {
        for (const [encoding, encode] of Object.entries(encodings)) {
          const written = encode(cased(text));
          for (const [position, place] of Object.entries(positions)) {
            // Every depth for what is written plainly; one after the other for the encodings.
            combinations += 1;
            for (const depth of encoding === 'plain' ? depths : [combinations % depths.length]) {
              const line = shown(under(depth, place(written)));
              if (tells(line, secret, written)) leaks.push(`${casing}, ${encoding}, ${position}, ${depth}`);
            }
          }
        }
      }
      expect(leaks).toEqual([]);
    },
  );

  it('is masked beside whatever else stands in the text', () => {
    const beside = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .map((text) => text.replace(/[\p{L}\p{N}]$/u, ''));
    fc.assert(
      fc.property(anyOf(canaries), anyOf(positions), beside, beside, (canary, position, before, after) => {
        const { text, secret } = canary.value;
        const line = shown(position.value(`${before} ${text} ${after}`));
        expect(tells(line, secret, text)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
