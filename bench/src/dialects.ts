import { type Dialect, recollectDialect } from './operations.ts';

/** Dialects by their names, as helper processes are told of them. */
export const dialects = { recollect: recollectDialect } satisfies Readonly<Record<string, Dialect>>;

export type DialectName = keyof typeof dialects;
