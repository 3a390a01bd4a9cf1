import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/telemetry/redaction/redact.ts';
import { canaries, casings, encodings, positions, reveals, under } from './canaries.ts';

const redactor = createRedactor();
const shown = (value: unknown): string => JSON.stringify(redactor.value(value));

const depths = Array.from({ length: 13 }, (_, depth) => depth);

const anyOf = <Value>(table: Readonly<Record<string, Value>>) =>
  fc.constantFrom(...Object.entries(table)).map(([name, value]) => ({ name, value }));

describe('a value that is secret by its form', () => {
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
              if (reveals(line, secret, written)) leaks.push(`${casing}, ${encoding}, ${position}, ${depth}`);
            }
          }
        }
      }
      expect(leaks).toEqual([]);
    },
  );

  it('is masked within any other text', () => {
    const adjacent = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .map((text) => text.replace(/[\p{L}\p{N}]$/u, ''));
    fc.assert(
      fc.property(
        anyOf(canaries),
        anyOf(positions),
        adjacent,
        adjacent,
        (canary, position, before, after) => {
          const { text, secret } = canary.value;
          const line = shown(position.value(`${before} ${text} ${after}`));
          expect(reveals(line, secret, text)).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
