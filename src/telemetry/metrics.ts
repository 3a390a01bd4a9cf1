import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The part of an upstream operation that labels a metric. */
interface Operation {
  readonly system: string;
  readonly operation: string;
}

/** The state of one upstream; null before its first call. */
interface UpstreamState {
  readonly breaker: (typeof breakerStates)[number];
  /** Exchanges in flight, without log-ins. */
  readonly inFlight: number;
  /** Calls that wait for a slot. */
  readonly waiting: number;
}

type UpstreamStates = Readonly<Record<string, { state(): UpstreamState | null }>>;

interface RequestCount {
  count(): number;
}

interface ResponseCounts {
  active(): number;
  waiting(): number;
}

/** The reason for which a request was rejected before execution. */
export type RejectionReason =
  | 'authentication'
  | 'forbidden'
  | 'media_type'
  | 'not_acceptable'
  | 'rate_limit'
  | 'too_large';

/** The metrics of the gateway. Labels are names of systems, operations and states, and never values of a call. */
export interface Metrics {
  /** Counts the exchanges with upstreams. */
  readonly observer: {
    onExchange(operation: Operation, status: number | null, milliseconds: number): void;
    onRetry(operation: Operation): void;
    onMismatch(operation: Operation): void;
    onIncomplete(operation: Operation, rows: number): void;
  };
  /** Counts a line of the audit trail that could not be written. */
  readonly onAuditLineLost: () => void;
  /** Counts a client connection that was closed because the maximum was reached. */
  readonly onConnectionDropped: () => void;
  /** Adds a gauge of open client connections. */
  watchConnections(count: () => number): void;
  /** Adds gauges of upstream states, requests and responses. */
  watch(upstreams: UpstreamStates, lives: RequestCount, responses: ResponseCounts): void;
  /** Counts a rejected request. */
  onRefusal(reason: RejectionReason): void;
  /** Counts a query that was executed directly, without graphql-yoga. */
  readonly onFastPath: () => void;
  /** Counts a client that was disconnected because it did not read its response. */
  readonly onStall: () => void;
  readonly contentType: string;
  /** Returns all metrics in the text format of Prometheus. */
  read(): Promise<string>;
}

const breakerStates = ['closed', 'open', 'half-open'] as const;

// From an immediate response to a timeout.
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** Adds gauges, whose values are collected at each scrape. */
const watchStates = (
  registers: Registry[],
  upstreams: UpstreamStates,
  lives: RequestCount,
  responses: ResponseCounts,
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
    name: 'recollect_requests_under_way',
    help: 'GraphQL requests in flight.',
    registers,
    collect() {
      this.set(lives.count());
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
};

/** Counts exchanges in a map until the next scrape: finding a counter by its labels takes a microsecond. */
const exchangeCounter = (registers: Registry[]) => {
  const counts = new Map<Operation, Map<number | null, number>>();
  new Counter({
    name: 'recollect_upstream_requests_total',
    help: 'Exchanges with an upstream, including log-ins, by HTTP status; "none" without a response.',
    labelNames: ['upstream', 'operation', 'status'],
    registers,
    collect() {
      for (const [{ system: upstream, operation }, byStatus] of counts) {
        for (const [status, count] of byStatus) {
          this.inc({ upstream, operation, status: status ?? 'none' }, count);
        }
      }
      counts.clear();
    },
  });
  return (endpoint: Operation, status: number | null): void => {
    const byStatus = counts.get(endpoint) ?? new Map<number | null, number>();
    if (byStatus.size === 0) counts.set(endpoint, byStatus);
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  };
};

export const createMetrics = (): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const countExchange = exchangeCounter(registers);
  const seconds = new Histogram({
    name: 'recollect_upstream_request_seconds',
    help: 'Duration of exchanges with an upstream.',
    labelNames: ['upstream'],
    buckets,
    registers,
  });
  const retries = new Counter({
    name: 'recollect_upstream_retries_total',
    help: 'Retries of exchanges with an upstream.',
    labelNames: ['upstream', 'operation'],
    registers,
  });
  const mismatches = new Counter({
    name: 'recollect_upstream_mismatches_total',
    help: 'Upstream responses with another key than the requested one.',
    labelNames: ['upstream', 'operation'],
    registers,
  });
  const rowsLeftOut = new Counter({
    name: 'recollect_upstream_rows_left_out_total',
    help: 'Rows of upstream responses that were left out because they have no identifying value.',
    labelNames: ['upstream', 'operation'],
    registers,
  });
  const refused = new Counter({
    name: 'recollect_requests_refused_total',
    help: 'Requests that were rejected before execution.',
    labelNames: ['reason'],
    registers,
  });
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
  return {
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
    onFastPath: () => fastPath.inc(),
    onStall: () => stalled.inc(),
    observer: {
      onExchange: (endpoint, status, milliseconds) => {
        countExchange(endpoint, status);
        seconds.observe({ upstream: endpoint.system }, milliseconds / 1000);
      },
      onRetry: ({ system: upstream, operation }) => retries.inc({ upstream, operation }),
      onMismatch: ({ system: upstream, operation }) => mismatches.inc({ upstream, operation }),
      onIncomplete: ({ system: upstream, operation }, rows) => rowsLeftOut.inc({ upstream, operation }, rows),
    },
    watch: (...watched) => watchStates(registers, ...watched),
    onRefusal: (reason) => refused.inc({ reason }),
    contentType: registry.contentType,
    read: () => registry.metrics(),
  };
};
