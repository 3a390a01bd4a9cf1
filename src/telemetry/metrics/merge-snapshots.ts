import { AggregatorRegistry, type MetricObjectWithValues, type MetricValueWithName } from 'prom-client';

type Metric = MetricObjectWithValues<MetricValueWithName<string>>;

/** All metrics of one process at one moment, as data that can be sent to another process. */
export type MetricsSnapshot = readonly Metric[];

type Rule = 'sum' | 'max' | 'min';

/**
 * How the gauges of several processes are merged; counters and histograms are added. A sum if each process has a part of
 * the whole; otherwise the worst value, or the one that all processes have alike, such as the state of their ledger.
 */
export const gaugeRules: Readonly<Record<string, Rule>> = {
  recollect_requests_under_way: 'sum',
  recollect_upstream_under_way: 'sum',
  recollect_upstream_waiting: 'sum',
  recollect_upstream_slots: 'sum',
  recollect_connections: 'sum',
  recollect_large_responses: 'sum',
  recollect_large_responses_waiting: 'sum',
  recollect_subscriptions: 'sum',
  recollect_followed_objects: 'sum',
  // A state is 1 if any process has it.
  recollect_upstream_breaker: 'max',
  recollect_build_info: 'max',
  recollect_persisted_documents: 'max',
  recollect_pending_outcomes: 'max',
  recollect_pending_outcome_oldest_seconds: 'max',
  recollect_ledger_available: 'min',
  recollect_redis_up: 'min',
  // The limit of the control group is one for all processes, that of the heap is the same for each.
  recollect_memory_limit_bytes: 'max',
  recollect_heap_limit_bytes: 'max',
  process_resident_memory_bytes: 'sum',
  process_virtual_memory_bytes: 'sum',
  process_heap_bytes: 'sum',
  process_open_fds: 'sum',
  process_max_fds: 'max',
  process_start_time_seconds: 'max',
  nodejs_active_handles: 'sum',
  nodejs_active_handles_total: 'sum',
  nodejs_active_requests: 'sum',
  nodejs_active_requests_total: 'sum',
  nodejs_active_resources: 'sum',
  nodejs_active_resources_total: 'sum',
  nodejs_eventloop_lag_seconds: 'max',
  nodejs_eventloop_lag_min_seconds: 'min',
  nodejs_eventloop_lag_max_seconds: 'max',
  nodejs_eventloop_lag_mean_seconds: 'max',
  nodejs_eventloop_lag_stddev_seconds: 'max',
  nodejs_eventloop_lag_p50_seconds: 'max',
  nodejs_eventloop_lag_p90_seconds: 'max',
  nodejs_eventloop_lag_p99_seconds: 'max',
  nodejs_external_memory_bytes: 'sum',
  // Compared with the limit of one heap.
  nodejs_heap_size_total_bytes: 'max',
  nodejs_heap_size_used_bytes: 'max',
  nodejs_heap_space_size_total_bytes: 'max',
  nodejs_heap_space_size_used_bytes: 'max',
  nodejs_heap_space_size_available_bytes: 'max',
  nodejs_version_info: 'max',
};

const isGauge = ({ type }: Metric): boolean => String(type) === 'gauge';

const withRule = (metric: Metric): Metric =>
  ({
    ...metric,
    aggregator: isGauge(metric) ? (gaugeRules[metric.name] ?? 'max') : 'sum',
  }) as Metric;

/** The library merges values by their labels and writes the text; the rules for gauges are those of this program. */
const merged = (snapshots: readonly MetricsSnapshot[]) =>
  AggregatorRegistry.aggregate(snapshots.map((snapshot) => snapshot.map(withRule)));

/** Returns the counters and histograms of ended processes in one snapshot. Gauges end with their process. */
export const addEnded = async (ended: MetricsSnapshot, last: MetricsSnapshot): Promise<MetricsSnapshot> =>
  (await merged([ended, last.filter((metric) => !isGauge(metric))]).getMetricsAsJSON()) as Metric[];

/** Returns the metrics of several processes as one, in the text format of Prometheus. */
export const mergedText = (snapshots: readonly MetricsSnapshot[]): Promise<string> =>
  merged(snapshots).metrics();
