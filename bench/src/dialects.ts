import { type Dialect, mappedDialect, recollectDialect } from './operations.ts';

/** Dialects by their names, as helper processes are told of them. */
export const dialects = { recollect: recollectDialect, mapped: mappedDialect } satisfies Readonly<
  Record<string, Dialect>
>;

export type DialectName = keyof typeof dialects;
