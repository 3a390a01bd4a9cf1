import { Counter, type Registry } from 'prom-client';
import { type HistogramSlot, SlotHistogram } from './slot-histogram.ts';

/** The part of an upstream operation that labels a metric. */
interface Operation {
  readonly system: string;
  readonly operation: string;
}

interface KnownOperation extends Operation {
  readonly effect: 'read' | 'write';
}

interface Drift {
  readonly kind: string;
}

/** The metrics of exchanges with upstreams. Labels are names in the program and HTTP statuses. */
export interface UpstreamMetrics {
  readonly observer: {
    onExchange(operation: Operation, verdict: string, status: number | null, milliseconds: number): void;
    onDrift(operation: Operation, drifts: readonly Drift[]): void;
    onRetry(operation: Operation): void;
    onMismatch(operation: Operation): void;
    onIncomplete(operation: Operation, rows: number): void;
  };
  /**
   * Adds the usual series of operations, with the count 0: an alert on an increase sees the first event only if its
   * series is older.
   */
  addKnown(operations: readonly KnownOperation[], driftKinds: readonly string[]): void;
}

// From an immediate response to a timeout.
const bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

const labelNames = ['upstream', 'operation', 'verdict', 'status'] as const;

type Result = readonly [verdict: string, status: string];

const ofAll: readonly Result[] = [
  ['ok', '200'],
  ['failed', 'none'],
  ['rate_limited', '429'],
  ['token', '401'],
];

const usualResults: Readonly<Record<KnownOperation['effect'], readonly Result[]>> = {
  read: [...ofAll, ['failed', '200'], ['bad_response', '200']],
  write: [...ofAll, ['unknown', '200'], ['unknown', 'none']],
};

/** The exchanges of one operation with one verdict and status. */
interface Cell {
  readonly slot: HistogramSlot;
  /** The number of exchanges that the counter already has. */
  counted: number;
}

type CellsByStatus = Map<number | null, Cell>;

/** Finds the cells of operations: in nested maps, since prom-client takes a microsecond to find a set of labels. */
const createCells = (seconds: SlotHistogram) => {
  const byOperation = new Map<Operation, Map<string, CellsByStatus>>();
  const all: Cell[] = [];

  const add = (
    endpoint: Operation,
    byVerdict: Map<string, CellsByStatus> | undefined,
    verdict: string,
    status: number | null,
  ): Cell => {
    const { system: upstream, operation } = endpoint;
    const slot = seconds.slot({ upstream, operation, verdict, status: String(status ?? 'none') });
    const cell = { slot, counted: 0 };
    all.push(cell);
    const verdicts = byVerdict ?? new Map<string, CellsByStatus>();
    byOperation.set(endpoint, verdicts);
    verdicts.set(verdict, (verdicts.get(verdict) ?? new Map()).set(status, cell));
    return cell;
  };

  return {
    all,
    of: (endpoint: Operation, verdict: string, status: number | null): Cell => {
      const byVerdict = byOperation.get(endpoint);
      return byVerdict?.get(verdict)?.get(status) ?? add(endpoint, byVerdict, verdict, status);
    },
  };
};

export const createUpstreamMetrics = (registry: Registry): UpstreamMetrics => {
  const registers = [registry];
  const seconds = new SlotHistogram({
    name: 'recollect_upstream_request_seconds',
    help: 'Duration of exchanges with an upstream, including log-ins.',
    labelNames,
    bounds,
  });
  registry.registerMetric(seconds);
  const cells = createCells(seconds);
  const requests = new Counter({
    name: 'recollect_upstream_requests_total',
    help: 'Exchanges with an upstream, including log-ins, by verdict and HTTP status; "none" without a response.',
    labelNames,
    registers,
    collect() {
      for (const cell of cells.all) {
        const { labels, count } = cell.slot;
        this.inc(labels, count - cell.counted);
        cell.counted = count;
      }
    },
  });
  const ofOperation = (name: string, help: string): Counter<'upstream' | 'operation'> =>
    new Counter({ name, help, labelNames: ['upstream', 'operation'], registers });
  const retries = ofOperation('recollect_upstream_retries_total', 'Retries of exchanges with an upstream.');
  const mismatches = ofOperation(
    'recollect_upstream_mismatches_total',
    'Upstream responses with another key than the requested one.',
  );
  const rowsLeftOut = ofOperation(
    'recollect_upstream_rows_left_out_total',
    'Rows of upstream responses that were left out because they have no identifying value.',
  );
  const drift = new Counter({
    name: 'recollect_upstream_drift_total',
    help: 'Deviations of sampled upstream responses from the documented ones, by kind.',
    labelNames: ['upstream', 'operation', 'kind'],
    registers,
  });
  return {
    observer: {
      onExchange: (endpoint, verdict, status, milliseconds) => {
        cells.of(endpoint, verdict, status).slot.observe(milliseconds / 1000);
      },
      onDrift: ({ system: upstream, operation }, drifts) => {
        for (const { kind } of drifts) drift.inc({ upstream, operation, kind });
      },
      onRetry: ({ system: upstream, operation }) => retries.inc({ upstream, operation }),
      onMismatch: ({ system: upstream, operation }) => mismatches.inc({ upstream, operation }),
      onIncomplete: ({ system: upstream, operation }, rows) => rowsLeftOut.inc({ upstream, operation }, rows),
    },
    addKnown: (operations, driftKinds) => {
      for (const { system: upstream, operation, effect } of operations) {
        for (const [verdict, status] of usualResults[effect]) {
          requests.inc({ upstream, operation, verdict, status }, 0);
        }
        for (const kind of driftKinds) drift.inc({ upstream, operation, kind }, 0);
      }
    },
  };
};
