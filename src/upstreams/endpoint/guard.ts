import type { core } from 'zod';
import { z } from 'zod';

/** Returns whether a value is valid. */
export type Guard = (value: unknown) => boolean;

/** Whether a schema checks the type only. */
const isPlain = (schema: z.ZodString | z.ZodNumber): boolean =>
  !schema.def.checks?.length && !schema.def.coerce && !('format' in schema.def);

/**
 * Creates a guard that agrees with `safeParse` of a schema, but creates no result object: it checks every row of every
 * response.
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
