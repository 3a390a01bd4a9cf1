import type { DocumentLimits } from './document-limits.ts';

/** What one operation may ask for. */
export interface Limits extends DocumentLimits {
  /** Calls to the upstreams, as they are estimated before it runs; a query is held to it while it runs too. */
  readonly maxUpstreamCalls: number;
  /** Fields of an answer, each counted as often as it is there; the rest is left out. */
  readonly maxAnswerFields: number;
}

export const defaultLimits: Limits = {
  maxTokens: 5000,
  maxDepth: 20,
  maxAliases: 100,
  maxDirectives: 50,
  maxRepeats: 20,
  maxRootFields: 100,
  maxUpstreamCalls: 1000,
  maxAnswerFields: 100_000,
};
