import type { core } from 'zod';
import { z } from 'zod';

/** Tells whether a value is as it should be, and nothing more. */
export type Guard = (value: unknown) => boolean;

/** Whether a schema asks for its type alone. */
const isPlain = (schema: z.ZodString | z.ZodNumber): boolean =>
  !schema.def.checks?.length && !schema.def.coerce && !('format' in schema.def);

/**
 * Makes of a schema what tells of a value what `safeParse` would, without a result for each: every row of every answer is
 * looked at.
 */
export const guardOf = (schema: core.$ZodType): Guard => {
  if (schema instanceof z.ZodString && isPlain(schema)) return (value) => typeof value === 'string';
  if (schema instanceof z.ZodNumber && isPlain(schema)) return Number.isFinite;
  if (schema instanceof z.ZodNullable) {
    const inner = guardOf(schema.def.innerType);
    return (value) => value === null || inner(value);
  }
  if (schema instanceof z.ZodUnion) {
    const each = schema.def.options.map(guardOf);
    return (value) => each.some((accepts) => accepts(value));
  }
  return (value) => z.safeParse(schema, value).success;
};
