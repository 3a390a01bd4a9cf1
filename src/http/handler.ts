import type { AddressOf } from '../auth/client-address.ts';
import type { RequestMetrics } from '../telemetry/metrics/request-metrics.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { AuditLines } from './audit-lines.ts';
import type { GraphiQL } from './graphiql/graphiql.ts';
import type { GuardServices, RequestGuard } from './guards/guard.ts';
import { guards } from './guards.ts';
import { IncomingRequest, type TransportRequest } from './incoming-request.ts';
import type { McpEndpoint } from './mcp/mcp.ts';
import type { Operations } from './operations.ts';
import { type OperatorEndpoints, operatorReply } from './operator-endpoints.ts';
import { withEnd } from './parts/sent-parts.ts';
import type { Rejection } from './rejection.ts';
import { type Reply, rejectionReply, rpcRejectionReply } from './reply.ts';
import type { IdentityOf } from './request-identity.ts';
import { beginRequestSpan, endRequestSpan } from './request-spans.ts';
import { type StepServices, withHeaders } from './response-steps.ts';
import { type Route, type RouteOptions, routeOf } from './routes.ts';

export interface HandlerOptions {
  readonly addressOf: AddressOf;
  readonly identityOf: IdentityOf;
  readonly routing: RouteOptions;
  readonly guards: GuardServices;
  readonly steps: StepServices;
  readonly audit: AuditLines;
  readonly operators: OperatorEndpoints;
  readonly operations: Operations;
  /** Responds to requests for `/mcp`; `null` without it. */
  readonly mcp: McpEndpoint | null;
  readonly graphiql: GraphiQL;
  readonly tracing: Tracing;
  readonly metrics: RequestMetrics;
}

/** Returns the response to a request; `undefined` if its client disconnected before the request was complete. */
export type Handle = (transport: TransportRequest) => Promise<Reply | undefined>;

const guardsFor = (route: Route): readonly RequestGuard[] =>
  guards.filter((guard) => guard.routes.includes(route));

const guardsOf: Readonly<Record<Route, readonly RequestGuard[]>> = {
  graphql: guardsFor('graphql'),
  mcp: guardsFor('mcp'),
  metadata: guardsFor('metadata'),
  page: guardsFor('page'),
  home: guardsFor('home'),
  operator: guardsFor('operator'),
  options: guardsFor('options'),
  other: guardsFor('other'),
};

/** Whether a request is for operations, or for tools, which are operations. */
const executes = ({ route }: IncomingRequest): boolean => route === 'graphql' || route === 'mcp';

/** The response to `OPTIONS *` and to preflights. */
const optionsReply: Reply = { status: 204, headers: ['allow', 'GET, HEAD, POST, OPTIONS'], body: '' };

/** Redirects a browser to GraphiQL. The address is relative: a proxy may have removed a prefix of the path. */
const homeReply: Reply = { status: 302, headers: ['location', 'graphql'], body: '' };

/** Creates the one handler of all requests: it applies the guards, finds who responds, and adds the headers. */
export const createHandler = ({
  addressOf,
  identityOf,
  routing,
  guards: services,
  steps,
  audit,
  operators,
  operations,
  mcp,
  graphiql,
  tracing,
  metrics,
}: HandlerOptions): Handle => {
  const reject = async (
    request: IncomingRequest,
    rejection: Rejection,
    stage: RequestGuard['stage'],
  ): Promise<Reply> => {
    metrics.onRefusal(rejection.reason);
    request.span?.add({ 'recollect.rejection': rejection.reason });
    if (rejection.reason === 'internal_error') request.outcome = 'error';
    if (rejection.error && executes(request)) metrics.onError(rejection.error.code);
    await audit.rejected(request, rejection.error ? [rejection.error.code] : []);
    if (request.route === 'mcp') return rpcRejectionReply(rejection);
    return rejectionReply(rejection, stage === 'body' ? request.mediaType : undefined);
  };

  const admitted = (request: IncomingRequest): Reply | Promise<Reply> => {
    switch (request.route) {
      case 'graphql':
        return operations.reply(request);
      case 'mcp':
        if (!mcp) throw new Error('Expected no route for tools without any.');
        return mcp.reply(request);
      case 'metadata':
        if (!services.protectedResource) throw new Error('Expected no route for metadata without any.');
        return services.protectedResource.reply(request);
      case 'page':
        return graphiql.reply(request);
      case 'home':
        return homeReply;
      case 'operator':
        return operatorReply(request.path, operators);
      case 'options':
        return optionsReply;
      case 'other':
        throw new Error('Expected that a guard rejects unknown paths.');
    }
  };

  const unexpected = (request: IncomingRequest, error: unknown): Reply => {
    const { message, extensions } = services.maskError(error, request);
    metrics.onRefusal('internal_error');
    request.outcome = 'error';
    if (executes(request)) metrics.onError('INTERNAL_SERVER_ERROR');
    const reply = request.route === 'mcp' ? rpcRejectionReply : rejectionReply;
    return reply({
      status: 500,
      reason: 'internal_error',
      error: { code: 'INTERNAL_SERVER_ERROR', message, extensions },
    });
  };

  const replyTo = async (request: IncomingRequest): Promise<Reply | undefined> => {
    try {
      for (const { check, stage } of guardsOf[request.route]) {
        const checked = check(request, services);
        const rejection = checked instanceof Promise ? await checked : checked;
        if (rejection) return await reject(request, rejection, stage);
        if (request.isAborted) return undefined;
      }
      return await admitted(request);
    } catch (error) {
      return unexpected(request, error);
    }
  };

  return async (transport) => {
    const request = new IncomingRequest(transport, addressOf, identityOf);
    request.route = routeOf(request, routing);
    // Pages, preflights and operator endpoints are no GraphQL requests: they would hide what callers experience. Each call
    // of a tool is measured on its own.
    const isMeasured = request.route === 'graphql';
    let bytes: number | undefined;
    let isInParts = false;
    if (isMeasured) metrics.onRequest(request);
    beginRequestSpan(request, tracing);
    try {
      const replied = await replyTo(request);
      const reply = replied && withHeaders(request, replied, steps);
      if (reply?.parts && !replied?.isOpenEnded) {
        isInParts = true;
        const parts = withEnd(reply.parts, (sentBytes) => {
          endRequestSpan(request, replied);
          if (isMeasured) metrics.onReply(request, sentBytes);
        });
        return { ...reply, parts };
      }
      endRequestSpan(request, replied);
      bytes = reply?.bytes;
      return reply;
    } finally {
      if (isMeasured && !isInParts) metrics.onReply(request, bytes);
    }
  };
};
