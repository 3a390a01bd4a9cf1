import { createYoga, type GraphiQLOptions } from 'graphql-yoga';
import type { Authenticate } from './authentication.ts';
import type { Caller } from './caller.ts';
import type { Context, RequestOrigin } from './context.ts';
import { createDocumentCache } from './document-cache.ts';
import { createErrorMasking } from './error-masking.ts';
import type { Ledger } from './ledger/ledger.ts';
import { createLoaders } from './loaders.ts';
import type { Log } from './log.ts';
import { useAuthentication } from './plugins/use-authentication.ts';
import { useJsonOnly } from './plugins/use-json-only.ts';
import { useLoopbackOnly } from './plugins/use-loopback-only.ts';
import { type OperatorEndpoints, useOperatorEndpoints } from './plugins/use-operator-endpoints.ts';
import { useRequestLife } from './plugins/use-request-life.ts';
import { useScrubbedMessages } from './plugins/use-scrubbed-messages.ts';
import { traceOf, useUpstreamTrace } from './plugins/use-upstream-trace.ts';
import { useWarnings } from './plugins/use-warnings.ts';
import { readyQueries } from './ready-queries.ts';
import type { RequestLives } from './request-life.ts';
import { schema } from './schema.ts';
import type { Endpoint } from './upstreams/endpoint.ts';
import type { Upstreams } from './upstreams/upstreams.ts';

export interface GatewayOptions extends OperatorEndpoints {
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
}

/** A GraphQL request is text: a megabyte is a thousand times what a person writes. */
const maxRequestBodySize = 1_000_000;

const graphiqlOptions: GraphiQLOptions = {
  title: 'Recollect',
  defaultTabs: readyQueries.map((query) => ({ query })),
};

/** The page with all its scripts is 9 MB of text: read when a browser first asks for it. */
const renderGraphiQL = async (options: GraphiQLOptions): Promise<string> => {
  const page = await import('@graphql-yoga/render-graphiql');
  return page.renderGraphiQL(options);
};

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
      loopbackOnly && useLoopbackOnly(),
      useOperatorEndpoints({ readiness, metrics }),
      useJsonOnly(),
      useAuthentication(authenticate, log),
      useWarnings(),
      useUpstreamTrace(),
      useRequestLife(),
      useScrubbedMessages(),
    ],
    // Yoga would hand out messages and stacks if NODE_ENV said so.
    maskedErrors: { maskError: createErrorMasking(log), isDev: false },
    // Its own log would hold errors unmasked.
    logging: false,
    graphiql: graphiql && graphiqlOptions,
    renderGraphiQL,
    landingPage: false,
    // By default every page on the web might read the answers.
    cors: false,
    multipart: false,
    maxRequestBodySize,
  });
