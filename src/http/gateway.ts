import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { Authenticate } from '../auth/authentication.ts';
import { createAddressOf } from '../auth/client-address.ts';
import { errorCodes } from '../lib/error-codes.ts';
import { createOpaqueDigest } from '../lib/opaque-digest.ts';
import { defaultLimits, type Limits } from '../operation/limits.ts';
import type { Shared } from '../redis/shared.ts';
import type { SharedServices } from '../request/request-context.ts';
import { createResponseWork, type ResponseWork } from '../request/response-work.ts';
import { scopeCacheKey } from '../schema/kit/builder.ts';
import { schema as publicSchema } from '../schema/schema.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createUnrecorded, type Tracing } from '../telemetry/tracing/tracing.ts';
import { defaultPollLimits, Polls } from '../updates/polls.ts';
import { type AgencyCalendar, createAgencyCalendar } from '../values/agency-calendar.ts';
import { createAuditLines } from './audit-lines.ts';
import { createErrorMasking } from './error-masking.ts';
import { createGraphiQL } from './graphiql/graphiql.ts';
import type { Site } from './guards/guard.ts';
import { createHandler } from './handler.ts';
import type { Mcp } from './mcp/mcp.ts';
import { mutationOutcomes } from './mutation-outcomes.ts';
import { createOperations } from './operations.ts';
import type { OperatorEndpoints } from './operator-endpoints.ts';
import type { PersistedDocuments } from './persisted-documents/open-documents.ts';
import { createIdentityOf } from './request-identity.ts';
import { createRequestLimits, type RateLimits } from './request-limits.ts';
import { createCorsRules } from './steps/cors.ts';
import { nodeListener, webHandler } from './transports.ts';

export interface GatewayOptions
  extends Omit<SharedServices, 'calendar' | 'opaque' | 'polls' | 'responses' | 'scopeCacheKey' | 'tracing'>,
    OperatorEndpoints,
    Site {
  /** The calendar of the agency; by the machine's time zone unless given. */
  readonly calendar?: AgencyCalendar;
  /**
   * The key of digests in ids: 32 random bytes that are the same at each start, and for all processes of a gateway. By
   * default a new one, so that no other gateway finds the phones of Scollect by the ids that this one returned.
   */
  readonly gatewayKey?: Buffer;
  /** Authenticates callers. */
  readonly authenticate: Authenticate;
  /** Receives a line for every operation. */
  readonly audit: AuditTrail;
  /** Whether a browser gets GraphiQL. */
  readonly graphiql: boolean;
  /** Whether callers are identified by tokens, which GraphiQL then explains. */
  readonly requiresToken: boolean;
  /** Whether the upstreams are the gateway's own sandbox: only then GraphiQL's mutations name an account. */
  readonly usesSandbox: boolean;
  /** Whether only requests to this machine by its own names are admitted. */
  readonly loopbackOnly: boolean;
  readonly metrics: OperatorEndpoints['metrics'] & Pick<Metrics, 'requests' | 'onFastPath'>;
  /** Headers that pages of allowed origins may send besides the known ones. */
  readonly corsHeaders?: readonly string[];
  /** Of all processes of the gateway together. */
  readonly rateLimits: RateLimits;
  /** The limits of this process while it counts alone; `rateLimits` unless given. */
  readonly ownRateLimits?: RateLimits;
  /** What the processes of the gateway share; nothing unless given. */
  readonly shared?: Shared | null;
  /** Whether introspection is allowed. */
  readonly introspection: boolean;
  /** Documents that clients may name by their ids; `null` without any. */
  readonly persistedDocuments: PersistedDocuments | null;
  /** The tools of `/mcp`; by default there is no such path. */
  readonly mcp?: Mcp | null;
  /** Limits of one operation; `defaultLimits` unless given. */
  readonly limits?: Limits;
  /** Records traces; by default there are none. */
  readonly tracing?: Tracing;
  /** The public schema unless given. */
  readonly schema?: GraphQLSchema;
  /** The work on responses; by `defaultResponseLimits` unless given. */
  readonly responses?: ResponseWork;
  /** The polls of subscriptions; by `defaultPollLimits` unless given. */
  readonly polls?: Polls;
}

/** A GraphQL request is text: a megabyte is a thousand times what a person writes. */
const maxBodyBytes = 1_000_000;

/** The gateway, as a handler of requests. */
export interface Gateway {
  /** Handles requests as they arrive over HTTP. */
  readonly handle: RequestListener;
  /** Handles requests of code that embeds the gateway, by the same handler. */
  readonly fetch: (input: string | URL | Request, options?: RequestInit) => Promise<Response>;
}

export const createGateway = ({
  authenticate,
  audit: trail,
  readiness,
  metrics,
  graphiql,
  requiresToken,
  usesSandbox,
  loopbackOnly,
  corsOrigins,
  corsHeaders = [],
  trustedProxies,
  rateLimits,
  ownRateLimits = rateLimits,
  shared = null,
  introspection,
  persistedDocuments,
  mcp = null,
  limits = defaultLimits,
  gatewayKey = randomBytes(32),
  calendar = createAgencyCalendar(),
  responses = createResponseWork(),
  polls = new Polls(defaultPollLimits),
  tracing = createUnrecorded(),
  schema = publicSchema,
  ...rest
}: GatewayOptions): Gateway => {
  const parts: SharedServices = {
    ...rest,
    opaque: createOpaqueDigest(gatewayKey),
    calendar,
    polls,
    responses,
    scopeCacheKey,
    tracing,
  };
  const { log, redactor } = parts;
  metrics.requests.addKnown({ codes: Object.keys(errorCodes), mutations: mutationOutcomes(schema) });
  const maskError = createErrorMasking(log, redactor);
  const requestLimits = createRequestLimits(rateLimits, { shared, own: ownRateLimits });
  const audit = createAuditLines(trail, requestLimits);
  const site: Site = { corsOrigins, trustedProxies };
  const cors = createCorsRules(corsOrigins, [...corsHeaders, ...(mcp ? ['mcp-protocol-version'] : [])]);
  const steps = { ...site, cors, introspection, redactor, maskError };
  const operations = createOperations({ schema, parts, limits, steps, audit, authenticate, metrics });
  const handle = createHandler({
    addressOf: createAddressOf(trustedProxies, log),
    identityOf: createIdentityOf(trustedProxies, redactor),
    routing: {
      graphiql,
      mcp: mcp !== null,
      metadataPaths: mcp?.protectedResource?.paths,
      corsOrigins,
    },
    guards: {
      ...site,
      loopbackOnly,
      requiresToken,
      authenticate,
      rateLimits: requestLimits,
      persistedDocuments,
      mcpVersions: mcp?.versions ?? [],
      protectedResource: mcp?.protectedResource ?? null,
      maskError,
      maxBodyBytes,
    },
    steps,
    audit,
    operators: { readiness, metrics },
    operations,
    mcp:
      mcp?.createEndpoint({
        operations,
        audit,
        metrics: metrics.requests,
        rateLimits: requestLimits,
        maskError,
      }) ?? null,
    graphiql: createGraphiQL({ requiresToken, usesSandbox }),
    tracing,
    metrics: metrics.requests,
  });
  return { handle: nodeListener(handle, maskError), fetch: webHandler(handle) };
};
