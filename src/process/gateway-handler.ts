import type { RequestListener } from 'node:http';
import { authenticatorOf } from '../auth/callers.ts';
import type { WorkerLink } from '../cluster/worker-link.ts';
import type { OpenedStore } from '../config/open-store.ts';
import { shareOfLimits } from '../config/share-of-limits.ts';
import { createGateway } from '../http/gateway.ts';
import { readReadiness } from '../http/readiness.ts';
import { defaultLimits } from '../operation/limits.ts';
import { createAgencyCalendar } from '../values/agency-calendar.ts';
import type { Parts } from './parts.ts';

/**
 * Creates the gateway of the opened parts, and returns what handles its requests.
 *
 * @param link that of a worker, whose metrics are those of all.
 */
export const createGatewayHandler = (
  parts: Parts,
  { ledger, gatewayKey }: OpenedStore,
  link: WorkerLink | undefined,
  isStopping: () => boolean,
): RequestListener => {
  const {
    connection,
    log,
    redactor,
    trail,
    persistedDocuments,
    mcp,
    metrics,
    tracing,
    lives,
    responses,
    polls,
    subgraph,
  } = parts;
  const { settings, tenants } = connection;
  const { graphiql, introspection, corsOrigins, corsHeaders, trustedProxies } = settings;
  const { rateLimits: ownRateLimits } = shareOfLimits(settings, settings.workers);
  const gateway = createGateway({
    graphiql,
    requiresToken: settings.authentication !== null,
    usesSandbox: settings.usesSandbox,
    introspection,
    corsOrigins,
    corsHeaders,
    trustedProxies,
    rateLimits: settings.rateLimits,
    ownRateLimits,
    shared: connection.shared,
    authenticate: authenticatorOf(connection, log),
    upstreams: ({ tenant }) => tenants.of(tenant),
    log,
    audit: trail,
    redactor,
    ledger,
    gatewayKey,
    lives,
    responses,
    polls,
    readiness: () => readReadiness({ ledger, upstreams: tenants.states, isStopping }),
    metrics: link ? { ...metrics, read: link.scrape } : metrics,
    tracing,
    loopbackOnly: settings.authDisabled,
    persistedDocuments,
    mcp,
    calendar: createAgencyCalendar(settings.timeZone),
    ...(subgraph && { schema: subgraph }),
    limits: { ...defaultLimits, maxUpstreamCalls: settings.maxUpstreamCalls },
  });
  return gateway.handle;
};
