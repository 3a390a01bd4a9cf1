import type { Endpoint } from '../endpoint/endpoint.ts';

/** The number of responses of an operation that are compared at once. */
const burst = 50;

/** The number that is compared per second afterwards: less than one percent of the time. */
const perSecond = 5;

interface Samples {
  left: number;
  at: number;
}

/** Returns whether a response is to be compared. @param now monotonic milliseconds. */
export type IsSampled = (endpoint: Endpoint, now: number) => boolean;

/** Selects responses for comparison: all of an operation that is called rarely, a few of the others. */
export const createResponseSampler = (): IsSampled => {
  const byEndpoint = new Map<Endpoint, Samples>();
  return (endpoint, now) => {
    const samples = byEndpoint.get(endpoint);
    if (!samples) {
      byEndpoint.set(endpoint, { left: burst - 1, at: now });
      return true;
    }
    samples.left = Math.min(burst, samples.left + ((now - samples.at) * perSecond) / 1000);
    samples.at = now;
    if (samples.left < 1) return false;
    samples.left -= 1;
    return true;
  };
};
