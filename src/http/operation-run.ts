import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { countCalls } from '../operation/cost/estimate.ts';
import { estimateCalls } from '../operation/cost/known-estimates.ts';
import type { LaterParts } from '../operation/deliveries.ts';
import { executeInParts } from '../operation/execute-in-parts.ts';
import { executePlan } from '../operation/execute-plan.ts';
import type { FindPlan } from '../operation/plan.ts';
import { queryTooComplex } from '../operation/query-too-complex.ts';
import type { Context } from '../request/context.ts';
import type { TransportRequest } from './incoming-request.ts';

/** An operation that is valid. */
export interface ValidOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The plans of a query; graphql-js executes mutations. */
  readonly findPlan: FindPlan | undefined;
  /** Whether nothing of it is kept for further requests. */
  readonly isForOnce?: boolean;
}

/** An operation that was executed, or rejected for its variables or its cost. */
export interface OperationRun {
  readonly operation: OperationDefinitionNode;
  readonly context: Context;
  /** Of an operation in parts that of the first one. */
  readonly result: ExecutionResult;
  /** The further parts; `undefined` if there are none. */
  readonly later?: LaterParts | undefined;
  /** Whether it was executed. */
  readonly isExecuted: boolean;
  /** The estimated upstream calls; `undefined` without an estimate. */
  readonly estimate?: { readonly upstreamCalls: number; readonly maximum: number } | undefined;
}

type Variables = Readonly<Record<string, unknown>>;

export interface RunOptions {
  readonly schema: GraphQLSchema;
  readonly maxUpstreamCalls: number;
  /** Whether the response may come in parts. */
  readonly isInParts?: boolean;
}

/** Each error of a variable repeats its value: fifty times a megabyte would block the process. */
const maxErrors = 5;

/**
 * Executes a query by its plan: Yoga's own executor treats any object with a member `then` as a promise, and the caller
 * chooses the names in a response. graphql-js executes mutations, one field after another.
 */
const execution = (
  { document, operation, findPlan }: ValidOperation,
  variables: Record<string, unknown>,
  given: Variables,
  context: Context,
  { schema, isInParts }: RunOptions,
): (() => Started) => {
  if (isInParts && findPlan?.inParts) {
    const plan = findPlan.inParts(variables);
    return () => {
      const { first, later } = executeInParts(plan, variables, context);
      return { result: first, later };
    };
  }
  if (findPlan) {
    const plan = findPlan(variables);
    return () => ({ result: executePlan(plan, variables, context) });
  }
  const operationName = operation.name?.value ?? null;
  return () => ({
    result: execute({ schema, document, operationName, variableValues: given, contextValue: context }),
  });
};

interface Started extends Pick<OperationRun, 'later'> {
  readonly result: ExecutionResult | Promise<ExecutionResult>;
}

type Rejected = Pick<OperationRun, 'isExecuted' | 'estimate' | 'result'>;

/** An operation that may be executed with these variables, or how it is rejected. */
export type CheckedOperation =
  | { readonly variables: Record<string, unknown>; readonly estimate: NonNullable<OperationRun['estimate']> }
  | { readonly rejected: Rejected };

/** Rejects variables of other types, and operations that could make too many upstream calls. */
export const checkOperation = (
  { schema, maxUpstreamCalls: maximum }: RunOptions,
  { document, operation, isForOnce }: Omit<ValidOperation, 'findPlan'>,
  given: Variables,
  { caller: { scopes } }: Pick<Context, 'caller'>,
): CheckedOperation => {
  const definitions = operation.variableDefinitions ?? [];
  const { coerced: variables, errors } = getVariableValues(schema, definitions, given, { maxErrors });
  if (!variables) {
    for (const { extensions } of errors) extensions['http'] = { status: 400 };
    return { rejected: { isExecuted: false, result: { errors } } };
  }
  let upstreamCalls: number;
  try {
    const count = isForOnce ? countCalls : estimateCalls;
    upstreamCalls = count({ schema, document, operation, variables, scopes });
  } catch (error) {
    // A condition that is null leaves open what is selected.
    return { rejected: { isExecuted: false, result: { errors: [error as GraphQLError] } } };
  }
  const estimate = { upstreamCalls, maximum };
  if (upstreamCalls <= maximum) return { variables, estimate };
  const message = `The operation may need ${upstreamCalls} calls to the upstreams; at most ${maximum} are allowed.`;
  const tooComplex = queryTooComplex(message, { cost: estimate });
  return { rejected: { isExecuted: false, estimate, result: { errors: [tooComplex] } } };
};

interface Begun extends Started, Pick<OperationRun, 'isExecuted' | 'estimate'> {}

const begin = (options: RunOptions, valid: ValidOperation, given: Variables, context: Context): Begun => {
  const checked = checkOperation(options, valid, given, context);
  if ('rejected' in checked) return checked.rejected;
  const { variables, estimate } = checked;
  let start: ReturnType<typeof execution>;
  try {
    start = execution(valid, variables, given, context, options);
  } catch (error) {
    return { isExecuted: false, result: { errors: [error as GraphQLError] } };
  }
  if (valid.operation.operation === 'mutation') {
    context.calls.lift();
    context.cachedReads?.stop();
    context.pace.exempt();
  }
  const { result, later } = start();
  return { isExecuted: true, estimate, result, later };
};

/**
 * Executes a valid operation within its limits: rejects variables of other types, and operations that could make too
 * many upstream calls. A query is abandoned when its client disconnects. A mutation continues: its reads return the
 * result of its writes.
 */
export const runOperation = async (
  options: RunOptions,
  valid: ValidOperation,
  variables: Variables | null,
  context: Context,
  transport: Pick<TransportRequest, 'onLeave'>,
): Promise<OperationRun> => {
  const { operation } = valid;
  const isQuery = operation.operation === 'query';
  const stopWatching = isQuery ? transport.onLeave(() => context.life.leave()) : undefined;
  try {
    const begun = begin(options, valid, variables ?? {}, context);
    const { isExecuted, estimate } = begun;
    const result = await begun.result;
    const later = begun.later && begun.later.announced.length > 0 ? begun.later : undefined;
    return { operation, context, result, later, isExecuted, estimate };
  } finally {
    stopWatching?.();
  }
};
