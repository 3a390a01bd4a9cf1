import {
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import type { Authenticate } from '../auth/authentication.ts';
import type { Limits } from '../operation/limits.ts';
import { createKnownOperations, type OperationKey } from '../operation/operation-cache.ts';
import { planOperation } from '../operation/plan.ts';
import type { Context } from '../request/context.ts';
import { createRequestContext, type SharedServices } from '../request/request-context.ts';
import { endWhenSent } from '../request/response-work.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type AuditLines, codesIn } from './audit-lines.ts';
import { codeOf } from './error-masking.ts';
import type { IncomingRequest } from './incoming-request.ts';
import type { PartsFormat } from './media-types.ts';
import { outcomeOf } from './operation-outcome.ts';
import { type OperationRun, runOperation, type ValidOperation } from './operation-run.ts';
import { operationParts, type RunInParts } from './parts/operation-parts.ts';
import { createDocumentReader, type ReadableDocument, type ReadDocument } from './read-document.ts';
import { type Reply, resultReply } from './reply.ts';
import { beginOperationSpan, endOperationSpan } from './request-spans.ts';
import { applyResultSteps, type StepServices } from './response-steps.ts';
import { createSubscriptions, type ValidSubscription } from './subscriptions.ts';
import { createYogaServer } from './yoga/yoga-server.ts';

export interface OperationOptions {
  readonly schema: GraphQLSchema;
  readonly parts: SharedServices;
  readonly limits: Limits;
  readonly steps: StepServices;
  readonly audit: AuditLines;
  readonly authenticate: Authenticate;
  readonly metrics: Pick<Metrics, 'requests' | 'onFastPath'>;
}

/** Executes operations of admitted requests. */
export interface Operations {
  /** Executes a valid operation directly; graphql-yoga reports what is wrong with others. */
  reply(request: IncomingRequest): Promise<Reply>;
  /** Executes a trusted document, and returns its result after all response steps. The caller ends the work on it. */
  result(request: IncomingRequest): Promise<ExecutedOperation>;
}

export interface ExecutedOperation {
  readonly result: ExecutionResult;
  /** `undefined` for a document that was rejected before execution. */
  readonly run: OperationRun | undefined;
}

const keyOf = ({ method, document = '', parameters }: IncomingRequest): OperationKey => ({
  method,
  text: document,
  operationName: parameters?.operationName ?? null,
});

const rejected = (status: number, message: string, headers: Readonly<Record<string, string>> = {}) =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status, headers } } });

/** Why a request cannot subscribe; `undefined` if it can. */
const subscriptionProblem = ({ method, partsFormat }: IncomingRequest): GraphQLError | undefined => {
  if (method !== 'POST') return rejected(405, 'Subscriptions: expected a POST request.', { allow: 'POST' });
  if (partsFormat?.type === 'text/event-stream') return undefined;
  return rejected(406, 'Subscriptions: expected the header `Accept: text/event-stream`.');
};

const isInParts = (ran: OperationRun): ran is RunInParts => ran.later !== undefined;

export const createOperations = ({
  schema,
  parts,
  limits,
  steps,
  audit,
  authenticate,
  metrics,
}: OperationOptions): Operations => {
  const known = createKnownOperations(schema);
  const reader = createDocumentReader({ schema, limits, introspection: steps.introspection });
  const runOptions = { schema, maxUpstreamCalls: limits.maxUpstreamCalls };
  const inPartsOptions = { ...runOptions, isInParts: true };

  const contextOf = (request: IncomingRequest): Context => {
    const { requestId, traceId, caller } = request;
    if (!caller) throw new Error('Expected a request whose caller is authenticated.');
    return createRequestContext({ request, requestId, traceId, caller }, parts, limits);
  };

  const countWrites = ({ operation, context }: OperationRun): void => {
    if (operation.operation !== 'mutation') return;
    for (const { mutation, outcome } of context.audit.noted().writes) {
      metrics.requests.onMutation(mutation, outcome);
    }
  };

  /** A process that stops waits for the life of a request, and so for its audit line. */
  const end = async (request: IncomingRequest, ran: OperationRun): Promise<void> => {
    try {
      countWrites(ran);
      await audit.executed(request, ran);
    } finally {
      endOperationSpan(request, ran);
      ran.context.life.end();
    }
  };

  /** Executes an operation, or the first of its parts. */
  const run = async (
    request: IncomingRequest,
    valid: ValidOperation,
    context: Context,
    isInParts: boolean,
  ): Promise<OperationRun> => {
    const variables = request.parameters?.variables ?? null;
    const { operation } = valid;
    metrics.requests.onType(request, operation.operation === 'mutation' ? 'mutation' : 'query');
    if (request.isTrusted) request.trustedOperation = operation.name?.value;
    let ran: OperationRun | undefined;
    beginOperationSpan(request, operation);
    try {
      const options = isInParts ? inPartsOptions : runOptions;
      ran = await runOperation(options, valid, variables, context, request.transport);
    } finally {
      if (!ran) {
        endOperationSpan(request, undefined);
        context.life.end();
      }
    }
    // One in parts ends with its last part.
    if (!ran.later) await end(request, ran);
    return ran;
  };

  const countRejected = ({ errors }: ExecutionResult): void => {
    const [error] = errors ?? [];
    if (error?.extensions['code'] !== 'BAD_REQUEST') return;
    const { status } = (error.extensions['http'] ?? {}) as { readonly status?: number };
    metrics.requests.onRefusal(status === 405 ? 'method_not_allowed' : 'bad_request');
  };

  /** Applies all response steps. */
  const complete = async (
    request: IncomingRequest,
    result: ExecutionResult,
    ran: OperationRun | undefined,
  ): Promise<ExecutionResult> => {
    if (ran) {
      const { pace } = ran.context;
      if (pace.failure) metrics.requests.onRefusal('rate_limit');
      if (pace.isLarge) await pace.nextSlice();
    } else {
      countRejected(result);
      await audit.rejected(request, codesIn(result));
    }
    const completed = applyResultSteps(result, request, ran, steps);
    const codes = completed.errors?.map(codeOf) ?? [];
    for (const code of codes) metrics.requests.onError(code);
    request.outcome = outcomeOf(completed, ran, codes);
    return completed;
  };

  const planned = (
    request: IncomingRequest,
    { document, isKept }: ReadableDocument,
    operation: OperationDefinitionNode,
  ): ValidOperation => {
    const isForOnce = !isKept;
    if (operation.operation !== 'query') return { document, operation, findPlan: undefined, isForOnce };
    const findPlan = isKept
      ? known.plansFor(keyOf(request), document, operation)
      : planOperation(schema, document, operation);
    return { document, operation, findPlan, isForOnce };
  };

  /** The operation that is asked for; `undefined` where there is an error to report instead. */
  const validIn = (request: IncomingRequest, read: ReadDocument): ValidOperation | undefined => {
    if ('fault' in read || read.errors.length > 0) return undefined;
    const operation = getOperationAST(read.document, request.parameters?.operationName);
    const isAllowed =
      operation?.operation === 'query' || (operation?.operation === 'mutation' && request.method === 'POST');
    return isAllowed ? planned(request, read, operation) : undefined;
  };

  const { maxUpstreamCalls } = limits;
  const subscriptions = createSubscriptions({
    schema,
    maxUpstreamCalls,
    contextOf,
    authenticate,
    audit,
    complete,
  });

  /** The subscription that is asked for; `undefined` for another operation. */
  const subscriptionIn = (request: IncomingRequest, read: ReadDocument): ValidSubscription | undefined => {
    if ('fault' in read || read.errors.length > 0) return undefined;
    const { document } = read;
    const operation = getOperationAST(document, request.parameters?.operationName);
    return operation?.operation === 'subscription' ? { document, operation } : undefined;
  };

  /** Subscribes, if the client takes events. */
  const subscribe = async (request: IncomingRequest, subscription: ValidSubscription): Promise<Reply> => {
    metrics.requests.onType(request, 'other');
    if (request.isTrusted) request.trustedOperation = subscription.operation.name?.value;
    const problem = subscriptionProblem(request);
    if (!problem) return subscriptions.reply(request, subscription);
    const completed = await complete(request, { errors: [problem] }, undefined);
    return resultReply(completed, request.responseFormat);
  };

  const yoga = createYogaServer({ schema, maskError: steps.maskError, complete });

  /** Sends the further parts as they are executed. */
  const inParts = async (request: IncomingRequest, ran: RunInParts, format: PartsFormat): Promise<Reply> => {
    const { pace } = ran.context;
    if (pace.isLarge) await pace.nextSlice();
    const codes: string[] = [];
    return operationParts({
      request,
      ran,
      format,
      steps,
      onError: (error) => {
        const code = codeOf(error);
        codes.push(code);
        metrics.requests.onError(code);
      },
      onExecuted: async (whole) => {
        if (pace.failure) metrics.requests.onRefusal('rate_limit');
        request.outcome = outcomeOf(whole.result, whole, codes);
        await end(request, whole);
      },
    });
  };

  const execute = async (request: IncomingRequest, valid: ValidOperation): Promise<Reply> => {
    const format = valid.findPlan?.inParts && request.partsFormat;
    const ran = await run(request, valid, contextOf(request), format !== undefined);
    const { pace } = ran.context;
    try {
      if (format && isInParts(ran)) return await inParts(request, ran, format);
      const completed = await complete(request, ran.result, ran);
      return resultReply(completed, request.responseFormat, ran.context);
    } catch (error) {
      endWhenSent(pace, undefined);
      throw error;
    }
  };

  const invalid = (read: ReadDocument): ExecutionResult => {
    if (!('fault' in read)) return { errors: read.errors };
    if (!(read.fault instanceof GraphQLError)) throw read.fault;
    return { errors: [read.fault] };
  };

  return {
    result: async (request) => {
      const found = known.find(keyOf(request));
      if (found) metrics.onFastPath();
      const read = found ? undefined : reader.read(request);
      const valid = found ?? (read && validIn(request, read));
      if (!valid) {
        const result = read ? invalid(read) : {};
        return { result: await complete(request, result, undefined), run: undefined };
      }
      const ran = await run(request, valid, contextOf(request), false);
      try {
        return { result: await complete(request, ran.result, ran), run: ran };
      } catch (error) {
        endWhenSent(ran.context.pace, undefined);
        throw error;
      }
    },
    reply: async (request) => {
      const found = known.find(keyOf(request));
      if (found) {
        metrics.onFastPath();
        return execute(request, found);
      }
      const read = reader.read(request);
      const subscription = subscriptionIn(request, read);
      if (subscription) return subscribe(request, subscription);
      const valid = validIn(request, read);
      return valid ? execute(request, valid) : yoga.reply(request, read);
    },
  };
};
