import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  locatedError,
  type OperationDefinitionNode,
} from 'graphql';
import {
  type Authenticate,
  AuthenticationUnavailableError,
  ForbiddenError,
  UnauthenticatedError,
} from '../auth/authentication.ts';
import type { ErrorCode } from '../lib/error-codes.ts';
import type { Caller } from '../operation/caller.ts';
import { executePlan } from '../operation/execute-plan.ts';
import { type OperationPlan, planOperation } from '../operation/plan.ts';
import type { Context } from '../request/context.ts';
import { endWhenSent } from '../request/response-work.ts';
import type { AuditLines } from './audit-lines.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { checkOperation, type OperationRun } from './operation-run.ts';
import { framingOf } from './parts/framing.ts';
import { withPings } from './parts/pings.ts';
import { partsReply, type Reply, resultReply, shownResult } from './reply.ts';

/** A valid operation that subscribes. */
export interface ValidSubscription {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

export interface SubscriptionOptions {
  readonly schema: GraphQLSchema;
  readonly maxUpstreamCalls: number;
  readonly contextOf: (request: IncomingRequest) => Context;
  readonly authenticate: Authenticate;
  readonly audit: Pick<AuditLines, 'executed'>;
  /** Applies all response steps to a result, and counts its errors. */
  readonly complete: (
    request: IncomingRequest,
    result: ExecutionResult,
    ran: OperationRun | undefined,
  ) => Promise<ExecutionResult>;
}

export interface Subscriptions {
  /** Subscribes, and responds with what comes, or with the reason for which nothing can. */
  reply(request: IncomingRequest, subscription: ValidSubscription): Promise<Reply>;
}

/** The maximum number of open subscriptions of one caller. */
export const maxSubscriptionsPerCaller = 50;

/** Milliseconds after which the caller of a subscription is authenticated again, events or not. */
const recheckMs = 60_000;

/** Seconds after which another attempt makes sense. */
const retryAfter = 30;

const refused = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: {
      code: 'RATE_LIMITED',
      retryAfter,
      http: { status: 429, headers: { 'retry-after': String(retryAfter) } },
    },
  });

const failed = (code: ErrorCode, { message }: Error): GraphQLError =>
  new GraphQLError(message, { extensions: { code } });

const callerKeyOf = ({ tenant, id }: Caller): string => JSON.stringify([tenant, id]);

/** A subscription as each of its events is executed. */
interface PlannedSubscription {
  readonly operation: OperationDefinitionNode;
  readonly plan: OperationPlan;
  readonly variables: Record<string, unknown>;
}

type Variables = Readonly<Record<string, unknown>>;

/** What comes to a subscription, until it ends. */
type Events = AsyncIterableIterator<unknown>;

const isResult = (subscribed: object): subscribed is ExecutionResult => !(Symbol.asyncIterator in subscribed);

/** An error of the upstreams or of ours, as one of the field that subscribes. */
const errorOf = (error: unknown, { selectionSet }: OperationDefinitionNode): GraphQLError => {
  if (error instanceof GraphQLError) return error;
  const [field] = selectionSet.selections;
  const path = field?.kind === 'Field' ? [field.alias?.value ?? field.name.value] : [];
  if (error instanceof UnauthenticatedError) return failed('UNAUTHENTICATED', error);
  if (error instanceof ForbiddenError) return failed('FORBIDDEN', error);
  if (error instanceof AuthenticationUnavailableError) return failed('AUTHENTICATION_UNAVAILABLE', error);
  return locatedError(error, field?.kind === 'Field' ? [field] : undefined, path);
};

/**
 * Executes subscriptions. Each event is executed like a query of its own: its caller is authenticated again, and it has
 * its own deadline, budgets and audit line.
 */
export const createSubscriptions = ({
  schema,
  maxUpstreamCalls,
  contextOf,
  authenticate,
  audit,
  complete,
}: SubscriptionOptions): Subscriptions => {
  const limits = { schema, maxUpstreamCalls };
  const open = new Map<string, number>();

  /** Counts an open subscription. @returns what ends it; `undefined` beyond the limit of the caller. */
  const admit = (request: IncomingRequest): (() => void) | undefined => {
    if (!request.caller) throw new Error('Expected a request whose caller is authenticated.');
    const key = callerKeyOf(request.caller);
    const count = open.get(key) ?? 0;
    if (count >= maxSubscriptionsPerCaller) return undefined;
    open.set(key, count + 1);
    return () => {
      const left = (open.get(key) ?? 1) - 1;
      if (left > 0) open.set(key, left);
      else open.delete(key);
    };
  };

  const subscribe = async (
    { document, operation }: ValidSubscription,
    variableValues: Variables,
    contextValue: Context,
  ): Promise<Events | ExecutionResult> => {
    const operationName = operation.name?.value ?? null;
    try {
      const subscribed = await createSourceEventStream({
        schema,
        document,
        operationName,
        variableValues,
        contextValue,
      });
      return subscribed as Events | ExecutionResult;
    } catch (error) {
      return { errors: [errorOf(error, operation)] };
    }
  };

  /** Executes the selection for an event. */
  const executed = async (
    request: IncomingRequest,
    { operation, plan, variables }: PlannedSubscription,
    event: unknown,
  ): Promise<ExecutionResult> => {
    // Tokens expire and keys are withdrawn while a subscription is open.
    request.caller = await authenticate(request);
    const at = { time: new Date(), begin: performance.now() };
    const context = contextOf(request);
    // An event shows what is present.
    context.cachedReads?.stop();
    try {
      const result = await executePlan(plan, variables, context, event);
      const ran: OperationRun = { operation, context, result, isExecuted: true };
      await audit.executed(request, ran, at);
      return await complete(request, result, ran);
    } finally {
      endWhenSent(context.pace, undefined);
      context.life.end();
    }
  };

  /**
   * Ends the events of a caller whose token has expired or whose key is withdrawn. While callers cannot be authenticated,
   * the subscription stays open: no event is sent before its caller is authenticated.
   */
  const watchCaller = (request: IncomingRequest, events: Events) => {
    let refusal: unknown;
    const check = async (): Promise<void> => {
      try {
        await authenticate(request);
      } catch (error) {
        if (error instanceof AuthenticationUnavailableError) return;
        refusal = error;
        await events.return?.();
      }
    };
    const timer = setInterval(() => void check(), recheckMs).unref();
    return {
      stop: () => clearInterval(timer),
      throwRefusal: () => {
        if (refusal !== undefined) throw refusal;
      },
    };
  };

  /** Executes events as they come. */
  const results = async function* (
    request: IncomingRequest,
    planned: PlannedSubscription,
    events: Events,
  ): AsyncGenerator<{ readonly result: ExecutionResult; readonly isLast: boolean }, void> {
    const watch = watchCaller(request, events);
    try {
      for await (const event of events) {
        yield { result: await executed(request, planned, event), isLast: false };
      }
      watch.throwRefusal();
    } catch (error) {
      const errors = [errorOf(error, planned.operation)];
      yield { result: await complete(request, { errors }, undefined), isLast: true };
    } finally {
      watch.stop();
    }
  };

  const streamed = (
    request: IncomingRequest,
    planned: PlannedSubscription,
    events: Events,
    leave: () => void,
  ): Reply => {
    const { begin, part, end, ping, headers } = framingOf({ type: 'text/event-stream', spec: null });
    const generate = async function* (): AsyncGenerator<string, void> {
      yield begin;
      for await (const { result, isLast } of results(request, planned, events)) {
        // Without the event `complete`, clients connect again: the gateway has stopped.
        yield isLast
          ? part(JSON.stringify(shownResult(result))) + end
          : part(JSON.stringify(shownResult(result)));
      }
    };
    const parts = withPings(generate(), ping);
    let isOver = false;
    const disconnect = (): void => {
      if (isOver) return;
      isOver = true;
      leave();
      stopWatching();
      // What waits for the next event ends with it.
      void events.return?.();
    };
    const stopWatching = request.transport.onLeave(disconnect);
    const iterator = {
      next: async () => {
        const next = await parts.next();
        if (next.done) disconnect();
        return next;
      },
      return: async () => {
        disconnect();
        await parts.return();
        return { done: true as const, value: undefined };
      },
    };
    return { ...partsReply({ [Symbol.asyncIterator]: () => iterator }, headers), isOpenEnded: true };
  };

  return {
    reply: async (request, valid) => {
      const respond = async (result: ExecutionResult, ran?: OperationRun): Promise<Reply> =>
        resultReply(await complete(request, result, ran), request.responseFormat);
      const leave = admit(request);
      if (!leave) {
        return respond({
          errors: [
            refused(`A caller can have ${maxSubscriptionsPerCaller} subscriptions: close others first.`),
          ],
        });
      }
      let events: Events | undefined;
      let reply: Reply | undefined;
      const context = contextOf(request);
      const { document, operation } = valid;
      try {
        const given = request.parameters?.variables ?? {};
        const checked = checkOperation(limits, { ...valid, isForOnce: true }, given, context);
        if ('rejected' in checked) {
          const ran: OperationRun = { operation, context, ...checked.rejected };
          await audit.executed(request, ran);
          return await respond(ran.result, ran);
        }
        const { variables, estimate } = checked;
        const subscribed = await subscribe(valid, given, context);
        const result = isResult(subscribed) ? subscribed : { data: null };
        if (!isResult(subscribed)) events = subscribed;
        const ran: OperationRun = { operation, context, result, isExecuted: true, estimate };
        await audit.executed(request, ran);
        if (!events) return await respond(result, ran);
        request.outcome = 'ok';
        const plan = planOperation(schema, document, operation)(variables);
        reply = streamed(request, { operation, plan, variables }, events, leave);
        return reply;
      } finally {
        endWhenSent(context.pace, undefined);
        context.life.end();
        if (!reply) {
          leave();
          void events?.return?.();
        }
      }
    },
  };
};
