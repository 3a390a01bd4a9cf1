import { mappedDialect } from './mapped-dialect.ts';
import type { Dialect } from './operations.ts';
import { recollectDialect } from './recollect-dialect.ts';

/** Dialects by their names, as helper processes are told of them. */
export const dialects = { recollect: recollectDialect, mapped: mappedDialect } satisfies Readonly<
  Record<string, Dialect>
>;

export type DialectName = keyof typeof dialects;
