import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, type GraphQLError, type GraphQLSchema, getVariableValues } from 'graphql';
import type { AuditTrail } from '../audit-trail.ts';
import type { Authenticate } from '../authentication.ts';
import type { Caller } from '../caller.ts';
import { addressOf } from '../client-address.ts';
import type { Context, RequestOrigin } from '../context.ts';
import { estimateCalls } from '../cost/known-estimates.ts';
import type { Limits } from '../limits.ts';
import type { RefusalReason } from '../metrics.ts';
import { withoutRepeats } from '../plugins/use-answer-limit.ts';
import { carriedOut } from '../plugins/use-audit.ts';
import { setBadRequestStatus } from '../plugins/use-bad-request-status.ts';
import { isFromAnotherSite, type Site } from '../plugins/use-csrf-prevention.ts';
import { isTooDeep } from '../plugins/use-document-limits.ts';
import { withoutSuggestions } from '../plugins/use-no-introspection.ts';
import { findPersisted, type PersistedDocuments } from '../plugins/use-persisted-documents.ts';
import { withScrubbedMessages } from '../plugins/use-scrubbed-messages.ts';
import { withWarnings } from '../plugins/use-warnings.ts';
import { executePlan } from '../query-plan/execute-plan.ts';
import type { OperationPlan } from '../query-plan/plan.ts';
import { type ContextParts, createRequestContext } from '../request-context.ts';
import type { RequestLimits } from '../request-limits.ts';
import { endWhenSent } from '../response-work.ts';
import { send } from './answer.ts';
import { createAnswerHeaders } from './answer-headers.ts';
import { type Asked, readBody, takeBody } from './body.ts';
import type { KnownOperation, KnownOperations } from './known-operations.ts';
import { type PlainRequest, plainRequestOf } from './plain-request.ts';

export interface FastPathOptions extends Site {
  readonly schema: GraphQLSchema;
  readonly known: KnownOperations;
  readonly authenticate: Authenticate;
  readonly requestLimits: RequestLimits;
  readonly persistedDocuments: PersistedDocuments | null;
  readonly introspection: boolean;
  readonly limits: Limits;
  readonly parts: ContextParts;
  readonly audit: Pick<AuditTrail, 'writeThisTurn'>;
  readonly maskError: (error: unknown) => GraphQLError;
  /** Hears of each query that is carried out here. */
  readonly onFastPath: () => void;
  readonly onRefusal: (reason: RefusalReason) => void;
  readonly maxRequestBodySize: number;
}

/** Carries a request out in full, whatever it is. */
type FullPath = (request: IncomingMessage, response: ServerResponse, admitted?: RequestOrigin) => void;

/** A query that is ready to be carried out. */
interface Ready extends Pick<KnownOperation, 'operation'> {
  readonly text: string;
  readonly plan: OperationPlan;
  readonly variables: Record<string, unknown>;
}

/**
 * Carries out plain requests for queries that are known already, without what the full path does anew for each:
 * it makes a Request and a Response of the web's, and asks some thirty plugins at every turn.
 *
 * It answers byte for byte as the full path would. Whatever is not plain, not known, or turned away goes there.
 */
export const createFastPath = (options: FastPathOptions, fullPath: FullPath) => {
  const { schema, known, authenticate, requestLimits, persistedDocuments, limits, parts, audit } = options;
  const headersFor = createAnswerHeaders(options);

  /** Lets a request in and counts it; nothing is counted of one that is turned away by the full path again. */
  const admit = async (request: PlainRequest, address: string): Promise<Caller | undefined> => {
    if (isFromAnotherSite(request, options)) return undefined;
    if (typeof (await requestLimits.checkFailures(address)) === 'number') return undefined;
    let caller: Caller;
    try {
      caller = await authenticate(request);
    } catch {
      // The full path tells why.
      return undefined;
    }
    if (typeof (await requestLimits.checkCaller(caller)) === 'number') return undefined;
    if (typeof (await requestLimits.takeAddress(address)) === 'number') return undefined;
    await requestLimits.takeCaller(caller);
    return caller;
  };

  const textOf = ({ query, documentId }: Asked): string | null => {
    if (!persistedDocuments) return documentId === null ? query : null;
    if (documentId !== null) return query === null ? findPersisted(persistedDocuments, documentId) : null;
    return persistedDocuments.only ? null : query;
  };

  const planOf = (
    { document, operation, findPlan }: KnownOperation,
    variables: Ready['variables'],
    { scopes }: Caller,
  ): OperationPlan | undefined => {
    try {
      const calls = estimateCalls({ schema, document, operation, variables, scopes });
      return calls <= limits.maxUpstreamCalls ? findPlan(variables) : undefined;
    } catch {
      // Of a condition that is null, say, nobody can tell what it selects. The full path tells why.
      return undefined;
    }
  };

  /** @returns `undefined` for what is not known, or not within the limits with these variables. */
  const prepare = (body: Buffer, caller: Caller): Ready | undefined => {
    const asked = readBody(body);
    const text = asked ? textOf(asked) : null;
    if (!asked || text === null) return undefined;
    const found = known.find(text, asked.operationName);
    if (!found || isTooDeep(asked.variables)) return undefined;
    const { operation } = found;
    const { coerced: variables } = getVariableValues(
      schema,
      operation.variableDefinitions ?? [],
      asked.variables ?? {},
      { maxErrors: 1 },
    );
    const plan = variables && planOf(found, variables, caller);
    return plan && { text, operation, plan, variables };
  };

  /** What the full path's plugins make of a result that has errors. */
  const withErrorsTold = (result: ExecutionResult, context: Context): ExecutionResult => {
    const { errors = [], ...rest } = withoutRepeats(result, context);
    const masked = { errors: errors.map(options.maskError), ...rest };
    const short = options.introspection ? masked : withoutSuggestions(masked);
    const told = withScrubbedMessages(short, parts.redactor);
    setBadRequestStatus(told);
    return told;
  };

  const carryOut = async (
    ready: Ready,
    context: Context,
    response: ServerResponse,
  ): Promise<ExecutionResult> => {
    const { life } = context;
    const leave = (): void => life.leave();
    response.once('close', leave);
    if (response.closed) leave();
    const result = await executePlan(ready.plan, ready.variables, context);
    response.off('close', leave);
    life.end();
    return result;
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const begin = performance.now();
    const time = new Date();
    const plain = plainRequestOf(request, options.maxRequestBodySize);
    const mediaType = plain && known.mediaTypeFor(plain.accept);
    if (!plain || mediaType === undefined) return fullPath(request, response);

    const address = addressOf(plain, request.socket.remoteAddress, options.trustedProxies);
    const caller = await admit(plain, address);
    if (!caller) return fullPath(request, response);

    const requestId = randomUUID();
    const body = await takeBody(request, plain.length);
    const ready = body && prepare(body, caller);
    if (!ready) {
      if (body) request.unshift(body);
      return fullPath(request, response, { requestId, address, caller, isAdmitted: true });
    }

    options.onFastPath();
    const context = createRequestContext({ requestId, caller, request: plain }, parts, limits);
    const result = await carryOut(ready, context, response);
    const { pace } = context;
    if (pace.failure) options.onRefusal('rate_limit');
    const { type, operation, noted, errors } = carriedOut(ready.operation, context.audit, result.errors);
    const milliseconds = performance.now() - begin;
    // Not spread: that takes longer than all else here.
    await audit.writeThisTurn({
      time,
      requestId,
      caller,
      address,
      type,
      operation,
      document: ready.text,
      noted,
      errors,
      milliseconds,
    });
    try {
      if (pace.isLarge) await pace.nextSlice();
      const warned = withWarnings(result, context);
      const told = warned.errors ? withErrorsTold(warned, context) : warned;
      send(response, told, mediaType, headersFor(plain, requestId));
    } finally {
      endWhenSent(pace, response);
    }
  };
};
