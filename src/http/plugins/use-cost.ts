import { type ExecutionArgs, type ExecutionResult, getOperationAST, getVariableValues } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { queryTooComplex } from '../../operation/query-too-complex.ts';
import type { Context } from '../../request/context.ts';
import { estimateCalls } from '../../schema/cost/known-estimates.ts';

const header = 'x-recollect-cost';

/** What is told of an operation's cost. */
export interface Cost {
  /** The calls that it was estimated to make, at the most. */
  readonly upstreamCalls: number;
  readonly maximum: number;
  /** The calls that it has made, those that were tried again counted once. */
  readonly made: number;
}

/** Each error of a variable repeats the value: fifty times a megabyte would hold everybody up. */
const maxErrors = 5;

/** What an operation will cost, or what is wrong with its variables; `undefined` for one that will not run. */
const estimateOf = ({ schema, document, operationName, variableValues, contextValue }: ExecutionArgs) => {
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  const { coerced, errors } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variableValues ?? {},
    {
      maxErrors,
    },
  );
  if (!coerced) return { errors };
  const { scopes } = (contextValue as Context).caller;
  return { upstreamCalls: estimateCalls({ schema, document, operation, variables: coerced, scopes }) };
};

/**
 * Refuses operations that would make more calls to the upstreams than `maximum`, before they make any, and holds
 * queries to it while they run.
 *
 * It tells who asks, by the header `x-recollect-cost: 1`, what an operation costs, as `extensions.cost`.
 */
export const useCost = (maximum: number): Plugin<Context> => ({
  onExecute: ({ args, setResultAndStopExecution }) => {
    const { request, calls, pace } = args.contextValue;
    const estimate = estimateOf(args);
    if (estimate?.errors) {
      // As the executor answers them.
      for (const { extensions } of estimate.errors) extensions['http'] = { status: 400 };
      setResultAndStopExecution({ errors: estimate.errors });
    }
    if (estimate?.upstreamCalls === undefined) return undefined;
    const { upstreamCalls } = estimate;
    if (getOperationAST(args.document, args.operationName)?.operation === 'mutation') {
      calls.lift();
      pace.exempt();
    }
    const cost = { upstreamCalls, maximum };
    if (upstreamCalls > maximum) {
      const message = `The operation may need ${upstreamCalls} calls to the upstreams; at most ${maximum} are allowed.`;
      setResultAndStopExecution({ errors: [queryTooComplex(message, { cost })] });
    }
    if (request.headers.get(header) !== '1') return undefined;
    return {
      onExecuteDone: ({ result, setResult }) => {
        if (Symbol.asyncIterator in result) return;
        const { extensions, ...rest } = result as ExecutionResult;
        const told: Cost = { ...cost, made: calls.made() };
        setResult({ ...rest, extensions: { ...extensions, cost: told } });
      },
    };
  },
});
