import type { IncomingMessage, ServerResponse } from 'node:http';
import { createYoga } from 'graphql-yoga';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { Authenticate } from '../auth/authentication.ts';
import { createAddressOf } from '../auth/client-address.ts';
import { defaultLimits, type Limits } from '../operation/limits.ts';
import { createKnownOperations } from '../operation/operation-cache.ts';
import type { Context, RequestOrigin } from '../request/context.ts';
import { createRequestContext, type SharedServices } from '../request/request-context.ts';
import { createResponseWork, type ResponseWork } from '../request/response-work.ts';
import { scopeCacheKey } from '../schema/kit/builder.ts';
import { schema } from '../schema/schema.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type AgencyCalendar, createAgencyCalendar } from '../values/agency-calendar.ts';
import { createFastPath } from './direct/direct-execution.ts';
import { createErrorMasking } from './error-masking.ts';
import { createGraphiQLPage, graphiqlOptions } from './graphiql/graphiql.ts';
import { isGraphQLPath } from './graphql-path.ts';
import { createAdmit, type Origin, useAdmission } from './plugins/use-admission.ts';
import { useAnswerLimit } from './plugins/use-answer-limit.ts';
import { useAudit } from './plugins/use-audit.ts';
import { useBadRequestStatus } from './plugins/use-bad-request-status.ts';
import { corsFor, useVaryByOrigin } from './plugins/use-cors.ts';
import { useCost } from './plugins/use-cost.ts';
import { isFromAnotherSite, type Site, useCsrfPrevention } from './plugins/use-csrf-prevention.ts';
import { useDocumentCache } from './plugins/use-document-cache.ts';
import { useDocumentLimits } from './plugins/use-document-limits.ts';
import { useLoopbackOnly } from './plugins/use-loopback-only.ts';
import { useMediaTypes } from './plugins/use-media-types.ts';
import { useNoIntrospection } from './plugins/use-no-introspection.ts';
import { useNoPersonalGet } from './plugins/use-no-personal-get.ts';
import {
  noHealthCheck,
  type OperatorEndpoints,
  useHealth,
  useOperatorEndpoints,
} from './plugins/use-operator-endpoints.ts';
import {
  documentIdParameter,
  type PersistedDocuments,
  usePersistedDocuments,
} from './plugins/use-persisted-documents.ts';
import { useQueryPlan } from './plugins/use-query-plan.ts';
import { useRefusalCount } from './plugins/use-refusal-count.ts';
import { useRequestLife } from './plugins/use-request-life.ts';
import { useRequestOrigin } from './plugins/use-request-origin.ts';
import { useResponseWork } from './plugins/use-response-work.ts';
import { useScrubbedMessages } from './plugins/use-scrubbed-messages.ts';
import { securityHeaders, useSecurityHeaders } from './plugins/use-security-headers.ts';
import { useUnknownPaths } from './plugins/use-unknown-paths.ts';
import { useUpstreamTrace } from './plugins/use-upstream-trace.ts';
import { useWarnings } from './plugins/use-warnings.ts';
import { admitHead } from './request-head.ts';
import { createRequestLimits, type RateLimits } from './request-limits.ts';

export interface GatewayOptions
  extends Omit<SharedServices, 'calendar' | 'responses' | 'scopeCacheKey'>,
    OperatorEndpoints,
    Site {
  /** The agency's; by the machine's time zone unless given. */
  readonly calendar?: AgencyCalendar;
  /** Tells who asks. */
  readonly authenticate: Authenticate;
  /** Where a line is left for every operation. */
  readonly audit: AuditTrail;
  /** Whether a browser gets GraphiQL. */
  readonly graphiql: boolean;
  /** Whether only requests to this machine by its own names are answered. */
  readonly loopbackOnly: boolean;
  readonly metrics: OperatorEndpoints['metrics'] & Pick<Metrics, 'onRefusal' | 'onFastPath'>;
  readonly rateLimits: RateLimits;
  /** Whether the schema may be asked for. */
  readonly introspection: boolean;
  /** Documents that are carried out by their id; `null` where none are. */
  readonly persistedDocuments: PersistedDocuments | null;
  /** What one operation may ask for; `defaultLimits` unless told. */
  readonly limits?: Limits;
  /** The work on responses; by `defaultResponseLimits` unless given. */
  readonly responses?: ResponseWork;
}

/** A GraphQL request is text: a megabyte is a thousand times what a person writes. */
const maxRequestBodySize = 1_000_000;

const graphiqlPage = createGraphiQLPage();

const hasQuery = ({ url }: Request): boolean => new URL(url).searchParams.has('query');

/** The GraphQL server, as a handler of requests: to be served over HTTP, or called by its `fetch`. */
export const createGateway = ({
  authenticate,
  audit: trail,
  readiness,
  metrics,
  graphiql,
  loopbackOnly,
  corsOrigins,
  trustedProxies,
  rateLimits,
  introspection,
  persistedDocuments,
  limits = defaultLimits,
  calendar = createAgencyCalendar(),
  responses = createResponseWork(),
  ...rest
}: GatewayOptions) => {
  const parts: SharedServices = { ...rest, calendar, responses, scopeCacheKey };
  const maskError = createErrorMasking(parts.log, parts.redactor);
  const requestLimits = createRequestLimits(rateLimits);
  const admit = createAdmit(authenticate, requestLimits, maskError);
  const addressOf = createAddressOf(trustedProxies, parts.log);
  const known = createKnownOperations();
  const isCrossOrigin = corsOrigins.length > 0;
  const yoga = createYoga<RequestOrigin, Context>({
    schema,
    context: (origin) => createRequestContext(origin, parts, limits),
    // It would keep errors, and with them requests.
    parserAndValidationCache: false,
    plugins: [
      useRequestOrigin(addressOf),
      useSecurityHeaders({
        trustedProxies,
        isCrossOrigin,
        pagePolicy: graphiqlPage.policy,
      }),
      isCrossOrigin && useVaryByOrigin(),
      useRefusalCount(metrics),
      // Before all that may turn a request away, and before its life ends: a process that stops waits for that.
      useAudit(trail, requestLimits),
      useHealth(),
      loopbackOnly && useLoopbackOnly(),
      useOperatorEndpoints({ readiness, metrics }),
      useCsrfPrevention({ corsOrigins, trustedProxies }),
      useMediaTypes(),
      useNoPersonalGet(),
      useAdmission(admit),
      useUnknownPaths(),
      persistedDocuments !== null && usePersistedDocuments(persistedDocuments),
      useDocumentLimits(limits),
      !introspection && useNoIntrospection(),
      useWarnings(),
      useUpstreamTrace(),
      useRequestLife(),
      useResponseWork(),
      useCost(limits.maxUpstreamCalls),
      useAnswerLimit(),
      useScrubbedMessages(parts.redactor),
      useBadRequestStatus(),
      useQueryPlan(),
      known.plugin,
      useDocumentCache(),
    ],
    // Yoga would hand out messages and stacks if NODE_ENV said so.
    maskedErrors: { maskError, isDev: false },
    // Its own log would hold errors unmasked.
    logging: false,
    // A query that comes with the page, from a page of another site, would be a click away from being asked.
    graphiql: (request) =>
      graphiql &&
      isGraphQLPath(new URL(request.url).pathname) &&
      !(hasQuery(request) && isFromAnotherSite(request, { corsOrigins, trustedProxies })) &&
      graphiqlOptions,
    renderGraphiQL: graphiqlPage.render,
    healthCheckEndpoint: noHealthCheck,
    landingPage: false,
    // By default every page on the web might read the answers.
    cors: corsFor(corsOrigins),
    multipart: false,
    maxRequestBodySize,
    extraParamNames: persistedDocuments === null ? [] : [documentIdParameter],
  });
  const inFull = (request: IncomingMessage, response: ServerResponse, origin?: Partial<Origin>): void => {
    if (origin) yoga(request, response, origin);
    else yoga(request, response);
  };
  const fast = createFastPath(
    {
      schema,
      known,
      admit,
      addressOf,
      corsOrigins,
      trustedProxies,
      persistedDocuments,
      introspection,
      limits,
      parts,
      audit: trail,
      maskError,
      onFastPath: metrics.onFastPath,
      onRefusal: metrics.onRefusal,
      maxRequestBodySize,
    },
    inFull,
  );
  return {
    /** Answers requests as they come over HTTP. */
    handle: (request: IncomingMessage, response: ServerResponse): void => {
      const fail = (error: unknown): void => {
        // It is logged.
        maskError(error);
        if (!response.headersSent) response.writeHead(500, securityHeaders);
        response.end();
      };
      if (!admitHead(request, response)) return;
      // Whether a request names this machine is for Yoga to tell.
      if (loopbackOnly) inFull(request, response);
      else fast(request, response).catch(fail);
    },
    fetch: yoga.fetch,
  };
};
