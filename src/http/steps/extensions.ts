import type { ExecutionResult } from 'graphql';
import type { RequestHeaders } from '../../auth/client-address.ts';
import type { Context } from '../../request/context.ts';
import type { OperationRun } from '../operation-run.ts';

const withExtension = (result: ExecutionResult, name: string, value: unknown): ExecutionResult => {
  const { extensions, ...rest } = result;
  return { ...rest, extensions: { ...extensions, [name]: value } };
};

/** Adds the warnings of the upstreams, as `extensions.warnings`. */
export const withWarnings = (
  result: ExecutionResult,
  { warnings }: Pick<Context, 'warnings'>,
): ExecutionResult => (warnings.length === 0 ? result : withExtension(result, 'warnings', warnings));

/** Adds the time of the oldest cached data in the response, as `extensions.asOf`, if cached data was used. */
export const withAsOf = (
  result: ExecutionResult,
  { cachedReads }: Pick<Context, 'cachedReads'>,
): ExecutionResult => {
  const ageMs = cachedReads?.ageMs() ?? null;
  return ageMs === null ? result : withExtension(result, 'asOf', new Date(Date.now() - ageMs).toISOString());
};

/**
 * Adds every exchange with an upstream, also joined ones, as `extensions.upstream`, if the caller requested it. Log-ins
 * are not included: they serve all requests.
 */
export const withTrace = (result: ExecutionResult, { trace }: Pick<Context, 'trace'>): ExecutionResult =>
  trace ? withExtension(result, 'upstream', trace.calls()) : result;

const costHeader = 'x-recollect-cost';

/** The cost of an operation. */
export interface Cost {
  /** The calls that it was estimated to make at most. */
  readonly upstreamCalls: number;
  readonly maximum: number;
  /** The calls that it made; one with retries is counted once. */
  readonly made: number;
}

/** Adds the cost of the operation, as `extensions.cost`, if the caller requested it by `x-recollect-cost: 1`. */
export const withCost = (
  result: ExecutionResult,
  { headers }: { readonly headers: RequestHeaders },
  { estimate, context }: Pick<OperationRun, 'estimate'> & { readonly context: Pick<Context, 'calls'> },
): ExecutionResult => {
  if (estimate === undefined || headers.get(costHeader) !== '1') return result;
  const cost: Cost = { ...estimate, made: context.calls.made() };
  return withExtension(result, 'cost', cost);
};
