import type { ExecutionResult } from 'graphql';
import type { RequestOutcome } from '../telemetry/metrics/request-metrics.ts';
import type { OperationRun } from './operation-run.ts';

/** Whether data contains a value: if all root fields are null, its caller received nothing. */
const hasValue = (data: ExecutionResult['data']): boolean => {
  for (const key in data) if (data[key] !== null) return true;
  return false;
};

/**
 * Returns the outcome of an operation for metrics.
 *
 * @param run `undefined` for a document that was rejected before execution.
 * @param codes the codes of the errors in the result.
 */
export const outcomeOf = (
  { data, errors }: ExecutionResult,
  run: OperationRun | undefined,
  codes: readonly string[],
): RequestOutcome => {
  if (!run) return codes.includes('INTERNAL_SERVER_ERROR') ? 'error' : 'refused';
  // Without a slot for its large response, it is rejected as by a rate limit, unless its first part was sent.
  if (!run.isExecuted || (run.context.pace.failure && !run.later)) return 'refused';
  if (!errors || errors.length === 0) return 'ok';
  return hasValue(data) ? 'partial' : 'error';
};
