import { createYoga } from 'graphql-yoga';
import type { Authenticate } from './authentication.ts';
import type { Caller } from './caller.ts';
import type { Context, RequestOrigin } from './context.ts';
import { createDocumentCache } from './document-cache.ts';
import { createErrorMasking } from './error-masking.ts';
import { createGraphiQLPage, graphiqlOptions } from './graphiql.ts';
import type { Ledger } from './ledger/ledger.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { createLoaders } from './loaders.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { useAuthentication } from './plugins/use-authentication.ts';
import { useBadRequestStatus } from './plugins/use-bad-request-status.ts';
import { corsFor, useVaryByOrigin } from './plugins/use-cors.ts';
import { isFromAnotherSite, type Site, useCsrfPrevention } from './plugins/use-csrf-prevention.ts';
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
import { type RateLimits, useAddressLimits, useCallerLimit } from './plugins/use-rate-limits.ts';
import { useRefusalCount } from './plugins/use-refusal-count.ts';
import { useRequestLife } from './plugins/use-request-life.ts';
import { useRequestOrigin } from './plugins/use-request-origin.ts';
import { useScrubbedMessages } from './plugins/use-scrubbed-messages.ts';
import { useSecurityHeaders } from './plugins/use-security-headers.ts';
import { traceOf, useUpstreamTrace } from './plugins/use-upstream-trace.ts';
import { useWarnings } from './plugins/use-warnings.ts';
import type { RequestLives } from './request-life.ts';
import { schema } from './schema.ts';
import type { Endpoint } from './upstreams/endpoint.ts';
import type { Upstreams } from './upstreams/upstreams.ts';

export interface GatewayOptions extends OperatorEndpoints, Site {
  /** Tells who asks. */
  readonly authenticate: Authenticate;
  /** The clients, each with its credential, that serve a caller. */
  readonly upstreams: (caller: Caller) => Upstreams;
  readonly log: Log;
  readonly ledger: Ledger;
  /** Where the requests under way are known. */
  readonly lives: RequestLives;
  /** Whether a browser gets GraphiQL. */
  readonly graphiql: boolean;
  /** Whether only requests to this machine by its own names are answered. */
  readonly loopbackOnly: boolean;
  readonly metrics: OperatorEndpoints['metrics'] & Pick<Metrics, 'onRefusal'>;
  readonly rateLimits: RateLimits;
  /** Whether the schema may be asked for. */
  readonly introspection: boolean;
  /** Documents that are carried out by their id; `null` where none are. */
  readonly persistedDocuments: PersistedDocuments | null;
  /** What one operation may ask for; `defaultLimits` unless told. */
  readonly limits?: Limits;
}

/** A GraphQL request is text: a megabyte is a thousand times what a person writes. */
const maxRequestBodySize = 1_000_000;

const graphiqlPage = createGraphiQLPage();

const hasQuery = ({ url }: Request): boolean => new URL(url).searchParams.has('query');

/** The GraphQL server, as a handler of requests: to be served over HTTP, or called by its `fetch`. */
export const createGateway = ({
  authenticate,
  upstreams,
  log,
  ledger,
  lives,
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
}: GatewayOptions) =>
  createYoga<RequestOrigin, Context>({
    schema,
    context: ({ request, caller, requestId }): Context => {
      const warnings: Context['warnings'] = [];
      const onWarning = ({ system, operation }: Endpoint, message: string): void => {
        warnings.push({ upstream: system, operation, message });
      };
      const trace = traceOf(request);
      const life = lives.begin();
      const { signal, deadline } = life;
      const options = { signal, deadline, onWarning, onCall: trace?.onCall };
      const clients = upstreams(caller);
      return {
        life,
        loaders: createLoaders(clients, options),
        write: (endpoint, input, own) =>
          clients[endpoint.system].call(endpoint, input, { ...options, ...own }),
        ledger: ledger.of(caller.tenant),
        caller,
        requestId,
        audit: { record: () => {}, shown: () => {}, wrote: () => {} },
        log,
        warnings,
        trace,
      };
    },
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    plugins: [
      useRequestOrigin(trustedProxies),
      useSecurityHeaders({
        trustedProxies,
        isCrossOrigin: corsOrigins.length > 0,
        pagePolicy: graphiqlPage.policy,
      }),
      corsOrigins.length > 0 && useVaryByOrigin(),
      useRefusalCount(metrics),
      loopbackOnly && useLoopbackOnly(),
      useOperatorEndpoints({ readiness, metrics }),
      useAddressLimits(rateLimits),
      useCsrfPrevention({ corsOrigins, trustedProxies }),
      useNoPersonalGet(),
      useAuthentication(authenticate, createErrorMasking(log)),
      useCallerLimit(rateLimits),
      persistedDocuments !== null && usePersistedDocuments(persistedDocuments),
      useDocumentLimits(limits),
      !introspection && useNoIntrospection(),
      useWarnings(),
      useUpstreamTrace(),
      useRequestLife(),
      useScrubbedMessages(),
      useBadRequestStatus(),
    ],
    // Yoga would hand out messages and stacks if NODE_ENV said so.
    maskedErrors: { maskError: createErrorMasking(log), isDev: false },
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
