import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, type GraphQLError, type GraphQLSchema, getVariableValues } from 'graphql';
import type { AuditTrail } from '../../audit/audit-trail.ts';
import type { AddressOf } from '../../auth/client-address.ts';
import type { Caller } from '../../operation/caller.ts';
import { executePlan } from '../../operation/execute-plan.ts';
import type { Limits } from '../../operation/limits.ts';
import type { KnownOperation, KnownOperations } from '../../operation/operation-cache.ts';
import type { OperationPlan } from '../../operation/plan.ts';
import type { Context } from '../../request/context.ts';
import { createRequestContext, type SharedServices } from '../../request/request-context.ts';
import { endWhenSent } from '../../request/response-work.ts';
import { estimateCalls } from '../../schema/cost/known-estimates.ts';
import type { RejectionReason } from '../../telemetry/metrics.ts';
import { jsonResponseTypeFor } from '../media-types.ts';
import type { Admit, Origin } from '../plugins/use-admission.ts';
import { withoutRepeats } from '../plugins/use-answer-limit.ts';
import { carriedOut } from '../plugins/use-audit.ts';
import { setBadRequestStatus } from '../plugins/use-bad-request-status.ts';
import { isFromAnotherSite, type Site } from '../plugins/use-csrf-prevention.ts';
import { isTooDeep } from '../plugins/use-document-limits.ts';
import { withoutSuggestions } from '../plugins/use-no-introspection.ts';
import { findPersisted, type PersistedDocuments } from '../plugins/use-persisted-documents.ts';
import { withScrubbedMessages } from '../plugins/use-scrubbed-messages.ts';
import { withWarnings } from '../plugins/use-warnings.ts';
import { takeBody } from './body.ts';
import { type Parameters, readBody, readSearch } from './parameters.ts';
import { type PlainRequest, plainRequestOf } from './plain-request.ts';
import { send } from './response.ts';
import { createAnswerHeaders } from './response-headers.ts';

export interface FastPathOptions extends Site {
  readonly schema: GraphQLSchema;
  readonly known: KnownOperations;
  readonly admit: Admit;
  readonly addressOf: AddressOf;
  readonly persistedDocuments: PersistedDocuments | null;
  readonly introspection: boolean;
  readonly limits: Limits;
  readonly parts: SharedServices;
  readonly audit: Pick<AuditTrail, 'writeBatched'>;
  readonly maskError: (error: unknown) => GraphQLError;
  /** Called for each query that is executed here. */
  readonly onFastPath: () => void;
  readonly onRefusal: (reason: RejectionReason) => void;
  readonly maxRequestBodySize: number;
}

const noBody = Buffer.alloc(0);

/** Handles any request (Yoga). */
type FullPath = (request: IncomingMessage, response: ServerResponse, origin?: Partial<Origin>) => void;

/** A query that is ready to be executed. */
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
  const { schema, known, admit, addressOf, persistedDocuments, limits, parts, audit } = options;
  const headersFor = createAnswerHeaders(options);

  /** As Yoga does, it ignores the hash of a persisted document next to a query, and where there are no such documents. */
  const textOf = ({ query, documentId, persistedQuery }: Parameters): string | null => {
    if (!persistedDocuments) return documentId === null ? query : null;
    if (query !== null) return persistedDocuments.only || documentId !== null ? null : query;
    const id = documentId ?? persistedQuery;
    return id === null ? null : findPersisted(persistedDocuments, id);
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
  const prepare = ({ method, search }: PlainRequest, body: Buffer, caller: Caller): Ready | undefined => {
    const asked = method === 'GET' ? readSearch(search) : readBody(body);
    const text = asked ? textOf(asked) : null;
    if (!asked || text === null) return undefined;
    const found = known.find(method, text, asked.operationName);
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
    const mediaType = plain && jsonResponseTypeFor(plain.accept);
    if (!plain || mediaType === undefined) return fullPath(request, response);

    if (isFromAnotherSite(plain, options)) return fullPath(request, response);

    const requestId = randomUUID();
    const address = addressOf(plain, request.socket.remoteAddress);
    const admission = await admit(plain, address);
    const origin = { requestId, address, admission };
    if (admission.refusal) return fullPath(request, response, origin);
    const { caller } = admission;

    const body = plain.length === 0 ? noBody : await takeBody(request, plain.length);
    const ready = body && prepare(plain, body, caller);
    if (!ready) {
      if (body && body !== noBody) request.unshift(body);
      return fullPath(request, response, origin);
    }

    options.onFastPath();
    const context = createRequestContext({ requestId, caller, request: plain }, parts, limits);
    const result = await carryOut(ready, context, response);
    const { pace } = context;
    if (pace.failure) options.onRefusal('rate_limit');
    const { type, operation, noted, errors } = carriedOut(ready.operation, context.audit, result.errors);
    const milliseconds = performance.now() - begin;
    // Not spread: that takes longer than all else here.
    await audit.writeBatched({
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
