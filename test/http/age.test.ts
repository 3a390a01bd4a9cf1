import { describe, expect, it } from 'vitest';
import { resultReply } from '../../src/http/reply.ts';
import { withAsOf } from '../../src/http/steps/extensions.ts';
import { createCachedReads } from '../../src/request/cached-reads.ts';
import { getaccount } from '../../src/upstreams/scollect/accounts.ts';
import { unpaced } from '../support/unpaced.ts';

const hour = 3_600_000;

/** The cached reads of a request that used responses of these ages. */
const usedOf = (...ages: readonly number[]) => {
  const used = createCachedReads({ get: () => null }, () => {});
  for (const age of ages) used.onHit(getaccount, age);
  return used;
};

const ageIn = (...ages: readonly number[]): string | undefined => {
  const { headers } = resultReply({ data: {} }, 'application/json', {
    pace: unpaced,
    cachedReads: usedOf(...ages),
  });
  const at = headers.indexOf('age');
  return at < 0 ? undefined : headers[at + 1];
};

describe('the age of an answer', () => {
  it('is that of the oldest cached response, in seconds', () => {
    expect(Number(ageIn(hour, 5 * hour, 0))).toBeCloseTo((5 * hour) / 1000, -2);
  });

  it('is as a time that of its read', () => {
    const { extensions } = withAsOf({ data: {} }, { cachedReads: usedOf(5 * hour, hour) });
    const asOf = Date.parse(String(extensions?.['asOf']));
    expect(Math.round((Date.now() - asOf) / hour)).toBe(5);
  });

  it('is not reported without cached responses', () => {
    expect(ageIn()).toBeUndefined();
    expect(withAsOf({ data: {} }, { cachedReads: usedOf() })).toEqual({ data: {} });
  });
});
