import type { Loaders } from './loaders.ts';

/** What a caller may see or do beyond what everybody may. */
export type Scope = 'pii:read';

/** What an upstream wants its caller to know although it did what was asked. */
export interface Warning {
  readonly upstream: string;
  readonly operation: string;
  readonly message: string;
}

/** What one request carries. */
export interface Context {
  readonly loaders: Loaders;
  readonly scopes: ReadonlySet<Scope>;
  readonly warnings: Warning[];
}
