import type { Figures } from './figures.ts';

export interface ServerResult {
  readonly name: string;
  readonly title: string;
  readonly figures: Figures;
}

export interface WorkloadResult {
  readonly name: string;
  readonly title: string;
  readonly servers: readonly ServerResult[];
  /** Servers that could not be measured, and why. */
  readonly absent: Readonly<Record<string, string>>;
}
