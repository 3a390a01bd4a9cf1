import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { addBuildInfo } from './metrics/build-info.ts';
import { type CacheMetrics, createCacheMetrics } from './metrics/cache-metrics.ts';
import { createLedgerMetrics, type LedgerMetrics } from './metrics/ledger-metrics.ts';
import type { MetricsSnapshot } from './metrics/merge-snapshots.ts';
import { addProcessMetrics } from './metrics/process-metrics.ts';
import { createRedisMetrics, type RedisMetrics } from './metrics/redis-metrics.ts';
import { createRequestMetrics, type RequestMetrics } from './metrics/request-metrics.ts';
import { createUpstreamMetrics, type UpstreamMetrics } from './metrics/upstream-metrics.ts';

/** The state of one upstream; null before its first call. */
interface UpstreamState {
  readonly breaker: (typeof breakerStates)[number];
  /** Exchanges in flight, without log-ins. */
  readonly inFlight: number;
  /** Calls that wait for a slot. */
  readonly waiting: number;
  /** Calls of this process that may be in flight. */
  readonly slots: number;
}

type UpstreamStates = Readonly<Record<string, { state(): UpstreamState | null }>>;

interface PollCounts {
  /** The number of objects that are polled. */
  readonly size: number;
  readonly subscriptions: number;
}

interface ResponseCounts {
  active(): number;
  waiting(): number;
}

const documentsReloads = ['loaded', 'rejected'] as const;

type DocumentsReload = (typeof documentsReloads)[number];

/** The metrics of the gateway. Labels are names of systems, operations and states, and never values of a call. */
export interface Metrics {
  /** Counts the exchanges with upstreams. */
  readonly observer: UpstreamMetrics['observer'];
  /** Adds the usual series of upstream operations, with the count 0. */
  readonly addKnownOperations: UpstreamMetrics['addKnown'];
  readonly ledger: LedgerMetrics;
  readonly cache: CacheMetrics;
  readonly redis: RedisMetrics;
  /** Counts a line of the audit trail that could not be written. */
  readonly onAuditLineLost: () => void;
  /** Counts a client connection that was closed because the maximum was reached. */
  readonly onConnectionDropped: () => void;
  /** Adds a gauge of open client connections. */
  watchConnections(count: () => number): void;
  /** Adds a gauge of trusted documents. */
  watchDocuments(count: () => number): void;
  /** Counts that the manifests of trusted documents were read again, or could not be. */
  onDocumentsReload(outcome: DocumentsReload): void;
  /** Adds gauges of upstream states, responses and subscriptions. */
  watch(upstreams: UpstreamStates, responses: ResponseCounts, polls: PollCounts): void;
  /** Counts GraphQL requests, and all that are rejected. */
  readonly requests: RequestMetrics;
  /** Counts a query that was executed directly, without graphql-yoga. */
  readonly onFastPath: () => void;
  /** Counts a client that was disconnected because it did not read its response. */
  readonly onStall: () => void;
  readonly contentType: string;
  /** Returns all metrics as data, for the process that merges those of several. */
  snapshot(): Promise<MetricsSnapshot>;
  /** Returns all metrics in the text format of Prometheus. */
  read(): Promise<string>;
}

const breakerStates = ['closed', 'open', 'half-open'] as const;

/** Adds gauges, whose values are collected at each scrape. */
const watchStates = (
  registers: Registry[],
  upstreams: UpstreamStates,
  responses: ResponseCounts,
  polls: PollCounts,
): void => {
  const states = (): (readonly [upstream: string, state: UpstreamState])[] =>
    Object.entries(upstreams).flatMap(([upstream, client]) => {
      const state = client.state();
      return state ? [[upstream, state] as const] : [];
    });
  const gauge = (name: string, help: string, read: (state: UpstreamState) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['upstream'],
      registers,
      collect() {
        for (const [upstream, state] of states()) this.set({ upstream }, read(state));
      },
    });
  gauge(
    'recollect_upstream_under_way',
    'Exchanges with an upstream in flight, without log-ins.',
    ({ inFlight }) => inFlight,
  );
  gauge('recollect_upstream_waiting', 'Calls that wait for a concurrency slot.', ({ waiting }) => waiting);
  gauge('recollect_upstream_slots', 'Concurrency slots of this process.', ({ slots }) => slots);
  new Gauge({
    name: 'recollect_upstream_breaker',
    help: 'State of the circuit breaker of an upstream: 1 for the present state, else 0.',
    labelNames: ['upstream', 'state'],
    registers,
    collect() {
      for (const [upstream, { breaker }] of states()) {
        for (const state of breakerStates) this.set({ upstream, state }, breaker === state ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'recollect_large_responses',
    help: 'Large responses in progress.',
    registers,
    collect() {
      this.set(responses.active());
    },
  });
  new Gauge({
    name: 'recollect_large_responses_waiting',
    help: 'Large responses in the queue.',
    registers,
    collect() {
      this.set(responses.waiting());
    },
  });
  new Gauge({
    name: 'recollect_subscriptions',
    help: 'Open subscriptions.',
    registers,
    collect() {
      this.set(polls.subscriptions);
    },
  });
  new Gauge({
    name: 'recollect_followed_objects',
    help: 'Accounts and orders that are polled for subscriptions.',
    registers,
    collect() {
      this.set(polls.size);
    },
  });
};

export const createMetrics = (): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addBuildInfo(registers);
  addProcessMetrics(registers);
  const requests = createRequestMetrics(registry);
  const upstreams = createUpstreamMetrics(registry);
  const fastPath = new Counter({
    name: 'recollect_fast_path_queries_total',
    help: 'Cached queries that were executed directly, without graphql-yoga.',
    registers,
  });
  const stalled = new Counter({
    name: 'recollect_stalled_clients_total',
    help: 'Clients that were disconnected because they did not read their responses.',
    registers,
  });
  const auditLinesLost = new Counter({
    name: 'recollect_audit_lines_lost_total',
    help: 'Lines of the audit trail that could not be written.',
    registers,
  });
  const connectionsDropped = new Counter({
    name: 'recollect_connections_dropped_total',
    help: 'Client connections that were closed because MAX_CONNECTIONS were open.',
    registers,
  });
  const documentsRead = new Counter({
    name: 'recollect_persisted_documents_reloads_total',
    help: 'Reloads of the manifests of trusted documents.',
    labelNames: ['outcome'],
    registers,
  });
  // An alert on an increase sees the first one only if the counter exists before.
  for (const outcome of documentsReloads) documentsRead.inc({ outcome }, 0);
  return {
    ledger: createLedgerMetrics(registers),
    cache: createCacheMetrics(registers),
    redis: createRedisMetrics(registers),
    onAuditLineLost: () => auditLinesLost.inc(),
    onConnectionDropped: () => connectionsDropped.inc(),
    watchConnections: (count) => {
      new Gauge({
        name: 'recollect_connections',
        help: 'Open client connections.',
        registers,
        collect() {
          this.set(count());
        },
      });
    },
    watchDocuments: (count) => {
      new Gauge({
        name: 'recollect_persisted_documents',
        help: 'Trusted documents.',
        registers,
        collect() {
          this.set(count());
        },
      });
    },
    onDocumentsReload: (outcome) => documentsRead.inc({ outcome }),
    onFastPath: () => fastPath.inc(),
    onStall: () => stalled.inc(),
    observer: upstreams.observer,
    addKnownOperations: upstreams.addKnown,
    watch: (...watched) => watchStates(registers, ...watched),
    requests,
    contentType: registry.contentType,
    snapshot: async () => (await registry.getMetricsAsJSON()) as unknown as MetricsSnapshot,
    read: () => registry.metrics(),
  };
};
