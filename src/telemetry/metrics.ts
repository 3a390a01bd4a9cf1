import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** An operation of an upstream, as far as it names a figure. */
interface Operation {
  readonly system: string;
  readonly operation: string;
}

/** The state of one upstream; null before its first call. */
interface UpstreamState {
  readonly breaker: (typeof breakerStates)[number];
  /** Exchanges in flight, without log-ins. */
  readonly underWay: number;
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

/** Why a request was turned away before any of it was carried out. */
export type RejectionReason =
  | 'authentication'
  | 'forbidden'
  | 'media_type'
  | 'not_acceptable'
  | 'rate_limit'
  | 'too_large';

/** What Prometheus is told. Labels are names of systems, operations and states: never anything that came with a call. */
export interface Metrics {
  /** Counts what happens between the gateway and its upstreams. */
  readonly observer: {
    onExchange(operation: Operation, status: number | null, milliseconds: number): void;
    onRetry(operation: Operation): void;
    onMismatch(operation: Operation): void;
    onIncomplete(operation: Operation, rows: number): void;
  };
  /** Counts a line of the audit trail that could not be written. */
  readonly onAuditLineLost: () => void;
  /** Counts a connection of a client that was closed at once, since as many as allowed were open. */
  readonly onConnectionDropped: () => void;
  /** Reports the number of open connections of clients, whenever it is asked. */
  watchConnections(count: () => number): void;
  /** Tells how these are, whenever it is asked. */
  watch(upstreams: UpstreamStates, lives: RequestCount, responses: ResponseCounts): void;
  /** Counts a request that was turned away. */
  onRefusal(reason: RejectionReason): void;
  /** Counts a query that was carried out on the fast path. */
  readonly onFastPath: () => void;
  /** Counts a client that was disconnected since it did not read its response. */
  readonly onStall: () => void;
  readonly contentType: string;
  /** All figures in the text format of Prometheus. */
  read(): Promise<string>;
}

const breakerStates = ['closed', 'open', 'half-open'] as const;

// From a call that is answered on the spot to one that is cut off.
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** The figures of how things are when they are asked for. */
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
    'Exchanges with an upstream, without log-ins.',
    ({ underWay }) => underWay,
  );
  gauge('recollect_upstream_waiting', 'Calls that wait for their turn.', ({ waiting }) => waiting);
  new Gauge({
    name: 'recollect_upstream_breaker',
    help: 'Whether the breaker of an upstream is in this state: 1 for the one that it is in.',
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
    help: 'GraphQL requests that are being carried out.',
    registers,
    collect() {
      this.set(lives.count());
    },
  });
  new Gauge({
    name: 'recollect_large_responses',
    help: 'Large responses that are being completed.',
    registers,
    collect() {
      this.set(responses.active());
    },
  });
  new Gauge({
    name: 'recollect_large_responses_waiting',
    help: 'Large responses that wait for their turn.',
    registers,
    collect() {
      this.set(responses.waiting());
    },
  });
};

/** Counts exchanges by themselves until they are asked for: to find a count by its labels takes a microsecond. */
const exchangeCounter = (registers: Registry[]) => {
  const counts = new Map<Operation, Map<number | null, number>>();
  new Counter({
    name: 'recollect_upstream_requests_total',
    help: 'Exchanges with an upstream, log-ins among them, by HTTP status; "none" where no answer came.',
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
    help: 'How long exchanges with an upstream took.',
    labelNames: ['upstream'],
    buckets,
    registers,
  });
  const retries = new Counter({
    name: 'recollect_upstream_retries_total',
    help: 'Exchanges with an upstream that were tried again.',
    labelNames: ['upstream', 'operation'],
    registers,
  });
  const mismatches = new Counter({
    name: 'recollect_upstream_mismatches_total',
    help: 'Answers of an upstream that named another key than the one requested.',
    labelNames: ['upstream', 'operation'],
    registers,
  });
  const rowsLeftOut = new Counter({
    name: 'recollect_upstream_rows_left_out_total',
    help: 'Rows of answers of an upstream that lacked what identifies them, and were left out.',
    labelNames: ['upstream', 'operation'],
    registers,
  });
  const refused = new Counter({
    name: 'recollect_requests_refused_total',
    help: 'Requests that were turned away before any of them was carried out.',
    labelNames: ['reason'],
    registers,
  });
  const fastPath = new Counter({
    name: 'recollect_fast_path_queries_total',
    help: 'Queries that were known already, and carried out on the fast path.',
    registers,
  });
  const stalled = new Counter({
    name: 'recollect_stalled_clients_total',
    help: 'Clients that were disconnected since they did not read their responses.',
    registers,
  });
  const auditLinesLost = new Counter({
    name: 'recollect_audit_lines_lost_total',
    help: 'Lines of the audit trail that could not be written.',
    registers,
  });
  const connectionsDropped = new Counter({
    name: 'recollect_connections_dropped_total',
    help: 'Connections of clients that were closed at once, since MAX_CONNECTIONS were open.',
    registers,
  });
  return {
    onAuditLineLost: () => auditLinesLost.inc(),
    onConnectionDropped: () => connectionsDropped.inc(),
    watchConnections: (count) => {
      new Gauge({
        name: 'recollect_connections',
        help: 'Open connections of clients.',
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
