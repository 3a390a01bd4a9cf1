import { Counter, type Registry } from 'prom-client';

const results = ['hit', 'miss'] as const;

type CacheResult = (typeof results)[number];

interface Operation {
  readonly operation: string;
}

/** The metrics of cached reads. */
export interface CacheMetrics {
  /** Adds the series of operations, with the count 0. */
  addKnown(operations: readonly Operation[]): void;
  /** Counts a read whose response is cached, or would be. */
  onResult(operation: Operation, result: CacheResult): void;
}

export const createCacheMetrics = (registers: Registry[]): CacheMetrics => {
  const reads = new Counter({
    name: 'recollect_cache_total',
    help: 'Reads of cached operations: answered by a cached response (hit), or by the upstream (miss).',
    labelNames: ['operation', 'result'],
    registers,
  });
  return {
    addKnown: (operations) => {
      for (const { operation } of operations) {
        for (const result of results) reads.inc({ operation, result }, 0);
      }
    },
    onResult: ({ operation }, result) => reads.inc({ operation, result }),
  };
};
