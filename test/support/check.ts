import type { CheckResult } from '../../src/doctor/result.ts';
import type { Check } from '../../src/doctor/run-check.ts';

/** Runs a check of the doctor, and returns its results. */
export const resultsOf = async <Context>(check: Check<Context>, context: Context): Promise<CheckResult[]> => {
  const results: CheckResult[] = [];
  await check.run(context, (result) => results.push(result));
  return results;
};

/** The status of each result by its id. */
export const statusesOf = (results: readonly CheckResult[]): Record<string, string> =>
  Object.fromEntries(results.map(({ id, status }) => [id, status]));
