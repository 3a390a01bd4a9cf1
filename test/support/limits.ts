import type { UpstreamLimits } from '../../src/upstreams/upstreams.ts';

/** What is asked of each upstream where a test is about something else. */
export const limits: UpstreamLimits = {
  timeoutMs: 5000,
  maxConcurrency: 32,
  maxWaiting: 10_000,
  maxResponseBytes: 64_000_000,
};
