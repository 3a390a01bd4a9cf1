import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Delivery, LaterParts } from '../../operation/deliveries.ts';
import type { IncomingRequest } from '../incoming-request.ts';
import type { PartsFormat } from '../media-types.ts';
import type { OperationRun } from '../operation-run.ts';
import { formatted, partsReply, type Reply, shownResult } from '../reply.ts';
import { applyResultSteps, type StepServices } from '../response-steps.ts';
import { framingOf } from './framing.ts';
import { payloadsOf, type ShownDelivery } from './payloads.ts';
import { withPings } from './pings.ts';

/** An operation whose first part is executed. */
export interface RunInParts extends OperationRun {
  readonly later: LaterParts;
}

export interface OperationPartsOptions {
  readonly request: IncomingRequest;
  readonly ran: RunInParts;
  readonly format: PartsFormat;
  readonly steps: StepServices;
  /** Is called for each error in the response. */
  readonly onError: (error: GraphQLError) => void;
  /**
   * Is called once, when everything is executed or its client has disconnected, with all errors. The last part waits for
   * it.
   */
  readonly onExecuted: (whole: OperationRun) => Promise<void>;
}

/** The result of all parts, for what reports about the operation. */
const wholeOf = (ran: RunInParts): OperationRun => {
  const errors = [...(ran.result.errors ?? []), ...ran.later.errors];
  return { ...ran, result: errors.length > 0 ? { ...ran.result, errors } : ran.result };
};

/**
 * Creates the response to an operation in parts. Each part passes the response steps. The operation is executed whether
 * or not its parts are requested; if the client disconnects, its calls are cancelled.
 */
export const operationParts = ({
  request,
  ran,
  format,
  steps,
  onError,
  onExecuted,
}: OperationPartsOptions): Reply => {
  const { later, context } = ran;
  const { pace, life, responseBudget } = context;
  const framing = framingOf(format);
  const payloads = payloadsOf(format.spec);
  /** Errors that were sent: one error stands for all fields beyond the limit of a response. */
  const sent = new Set<GraphQLError>();

  const withSteps = (result: ExecutionResult): ExecutionResult => {
    let given = result;
    if (result.errors && responseBudget.isExceeded()) {
      const errors = result.errors.filter((error) => !sent.has(error));
      for (const error of errors) sent.add(error);
      const { errors: _, ...rest } = result;
      given = errors.length > 0 ? { ...rest, errors } : rest;
    }
    const shown = applyResultSteps(given, request, ran, steps);
    for (const error of shown.errors ?? []) onError(error);
    return shown;
  };

  const shown = ({ announced, parts, hasNext }: Delivery): ShownDelivery => ({
    announced,
    parts: parts.map(({ errors, ...part }) => ({
      ...part,
      errors: errors.length === 0 ? [] : (withSteps({ errors }).errors ?? []).map(formatted),
    })),
    extensions: applyResultSteps({}, request, ran, steps).extensions,
    hasNext,
  });

  const first = shownResult(withSteps(ran.result));

  const disconnect = (): void => {
    life.leave();
    later.stop();
  };
  const stopWatching = request.transport.onLeave(disconnect);
  const executed = later.executed
    .then(() => onExecuted(wholeOf(ran)))
    .finally(() => {
      stopWatching();
    });
  // Reported by the part that waits for it.
  executed.catch(() => {});

  const generate = async function* (): AsyncGenerator<string, void> {
    yield framing.begin + framing.part(JSON.stringify(payloads.first(first, later.announced)));
    for (let hasNext = true; hasNext; ) {
      const delivery = await later.next();
      // The client has disconnected.
      if (!delivery) break;
      hasNext = delivery.hasNext;
      if (pace.isLarge) await pace.nextSlice();
      if (!hasNext) await executed;
      const part = framing.part(JSON.stringify(payloads.later(shown(delivery))));
      yield hasNext ? part : part + framing.end;
    }
    await executed;
  };

  const parts = withPings(generate(), framing.ping);
  return partsReply(
    {
      [Symbol.asyncIterator]: () => ({
        next: () => parts.next(),
        return: async () => {
          disconnect();
          await parts.return();
          await executed;
          return { done: true, value: undefined };
        },
      }),
    },
    framing.headers,
    context,
  );
};
