import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { identifier } from './endpoint.ts';
import { guardOf } from './guard.ts';

const schemas = {
  text: z.string(),
  'text or null': z.string().nullable(),
  identifier,
  'identifier or null': identifier.nullable(),
  'text of a form': z.string().regex(/^a/),
  'coerced text': z.coerce.string(),
  'whole number': z.int(),
  'e-mail address': z.email().or(z.literal('a')),
  'coerced number': z.coerce.number(),
  'list of texts': z.array(z.string()),
  'object or nothing': z.object({ a: z.number().nullable() }).optional(),
};

const anyValue = fc.oneof(
  fc.anything(),
  fc.constantFrom('', 'a', 'b', 1, 1.5, -0, Number.NaN, Number.POSITIVE_INFINITY, 1n, null, undefined, true),
  fc.constantFrom(['a'], [1], {}, { a: 1 }, { a: null }, new Date(0)),
);

describe('guardOf', () => {
  it.each(Object.entries(schemas))('agrees with safeParse for any value: %s', (_, schema) => {
    const accepts = guardOf(schema);
    const accepted = new Set<boolean>();
    fc.assert(
      fc.property(anyValue, (value) => {
        let isGood: boolean;
        try {
          isGood = schema.safeParse(value).success;
        } catch {
          // What cannot be made a text at all.
          return;
        }
        accepted.add(isGood);
        expect(accepts(value)).toBe(isGood);
      }),
      { numRuns: 500 },
    );
    expect(accepted.has(true)).toBe(true);
  });
});
