import { describe, expect, it } from 'vitest';
import type { CheckResult } from './result.ts';
import { ok } from './result.ts';
import { type Check, runCheck } from './run-check.ts';

const systemError = (code: string) => Object.assign(new Error('CANARY'), { code });

const checkOf = (run: Check<null>['run']): Check<null> => ({ id: 'one', subject: 'One', run });

const resultsOf = async (run: Check<null>['run'], limitMs?: number) => {
  const results: CheckResult[] = [];
  const check = checkOf(run);
  await runCheck(check, null, (result) => results.push(result), limitMs);
  return results;
};

describe('runCheck', () => {
  it('reports the results', async () => {
    const check = checkOf((_, report) => report(ok({ id: 'a', subject: 'A' }, 'fine.')));
    expect(await resultsOf(check.run)).toEqual([
      { id: 'a', subject: 'A', status: 'ok', message: 'fine.', action: null, tenant: null },
    ]);
  });

  it.each([
    ['code', systemError('EACCES'), 'EACCES'],
    ['name', new TypeError('CANARY'), 'TypeError'],
  ])('names the %s of an error, without its message', async (_, error, shown) => {
    const fail = () => {
      throw error;
    };
    for (const run of [fail, () => Promise.reject(error)]) {
      const results = await resultsOf(run);
      expect(results).toEqual([expect.objectContaining({ id: 'one', status: 'trouble' })]);
      expect(results[0]?.message).toBe(`could not be examined; the system says ${shown}.`);
    }
  });

  it('ends a check that does not end, and ignores its later results', async () => {
    let reportLater: () => void = () => {};
    const results = await resultsOf((_, report) => {
      reportLater = () => report(ok({ id: 'late', subject: 'Late' }, 'fine.'));
      return new Promise<void>(() => {});
    }, 10);
    reportLater();
    expect(results.map(({ id, status }) => [id, status])).toEqual([['one', 'trouble']]);
  });
});
