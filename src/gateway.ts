import type { IncomingMessage, ServerResponse } from 'node:http';
import { createYoga } from 'graphql-yoga';
import type { AuditTrail } from './audit-trail.ts';
import type { Authenticate } from './authentication.ts';
import type { Context, RequestOrigin } from './context.ts';
import { createErrorMasking } from './error-masking.ts';
import { createFastPath } from './fast-path/fast-path.ts';
import { createKnownOperations } from './fast-path/known-operations.ts';
import { createGraphiQLPage, graphiqlOptions } from './graphiql.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { useAnswerLimit } from './plugins/use-answer-limit.ts';
import { useAudit } from './plugins/use-audit.ts';
import { useAuthentication } from './plugins/use-authentication.ts';
import { useBadRequestStatus } from './plugins/use-bad-request-status.ts';
import { corsFor, useVaryByOrigin } from './plugins/use-cors.ts';
import { useCost } from './plugins/use-cost.ts';
import { isFromAnotherSite, type Site, useCsrfPrevention } from './plugins/use-csrf-prevention.ts';
import { useDocumentCache } from './plugins/use-document-cache.ts';
import { useDocumentLimits } from './plugins/use-document-limits.ts';
import { useLoopbackOnly } from './plugins/use-loopback-only.ts';
import { useNoIntrospection } from './plugins/use-no-introspection.ts';
import { useNoPersonalGet } from './plugins/use-no-personal-get.ts';
import { type OperatorEndpoints, useOperatorEndpoints } from './plugins/use-operator-endpoints.ts';
import {
  documentIdParameter,
  type PersistedDocuments,
  usePersistedDocuments,
} from './plugins/use-persisted-documents.ts';
import { useAddressLimits, useCallerLimit } from './plugins/use-rate-limits.ts';
import { useRefusalCount } from './plugins/use-refusal-count.ts';
import { useRequestLife } from './plugins/use-request-life.ts';
import { useRequestOrigin } from './plugins/use-request-origin.ts';
import { useResponseWork } from './plugins/use-response-work.ts';
import { useScrubbedMessages } from './plugins/use-scrubbed-messages.ts';
import { securityHeaders, useSecurityHeaders } from './plugins/use-security-headers.ts';
import { useUpstreamTrace } from './plugins/use-upstream-trace.ts';
import { useWarnings } from './plugins/use-warnings.ts';
import { type ContextParts, createRequestContext } from './request-context.ts';
import { createRequestLimits, type RateLimits } from './request-limits.ts';
import { createResponseWork, type ResponseWork } from './response-work.ts';
import { schema } from './schema.ts';
import { type AgencyCalendar, createAgencyCalendar } from './values/agency-calendar.ts';

export interface GatewayOptions
  extends Omit<ContextParts, 'calendar' | 'responses'>,
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
  const parts: ContextParts = { ...rest, calendar, responses };
  const maskError = createErrorMasking(parts.log, parts.redactor);
  const requestLimits = createRequestLimits(rateLimits);
  const known = createKnownOperations();
  const isCrossOrigin = corsOrigins.length > 0;
  const yoga = createYoga<RequestOrigin, Context>({
    schema,
    context: (origin) => createRequestContext(origin, parts, limits),
    // It would keep errors, and with them requests.
    parserAndValidationCache: false,
    plugins: [
      useRequestOrigin(trustedProxies),
      useSecurityHeaders({
        trustedProxies,
        isCrossOrigin,
        pagePolicy: graphiqlPage.policy,
      }),
      isCrossOrigin && useVaryByOrigin(),
      useRefusalCount(metrics),
      // Before all that may turn a request away, and before its life ends: a process that stops waits for that.
      useAudit(trail),
      loopbackOnly && useLoopbackOnly(),
      useOperatorEndpoints({ readiness, metrics }),
      useAddressLimits(requestLimits),
      useCsrfPrevention({ corsOrigins, trustedProxies }),
      useNoPersonalGet(),
      useAuthentication(authenticate, maskError),
      useCallerLimit(requestLimits),
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
      !(hasQuery(request) && isFromAnotherSite(request, { corsOrigins, trustedProxies })) &&
      graphiqlOptions,
    renderGraphiQL: graphiqlPage.render,
    landingPage: false,
    // By default every page on the web might read the answers.
    cors: corsFor(corsOrigins),
    multipart: false,
    maxRequestBodySize,
    extraParamNames: persistedDocuments === null ? [] : [documentIdParameter],
  });
  const inFull = (request: IncomingMessage, response: ServerResponse, admitted?: RequestOrigin): void => {
    if (admitted) yoga(request, response, admitted);
    else yoga(request, response);
  };
  const fast = createFastPath(
    {
      schema,
      known,
      authenticate,
      requestLimits,
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
      // Whether a request names this machine is for Yoga to tell.
      if (loopbackOnly) inFull(request, response);
      else fast(request, response).catch(fail);
    },
    fetch: yoga.fetch,
  };
};
