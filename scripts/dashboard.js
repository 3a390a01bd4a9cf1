// Prints the Grafana dashboard: node scripts/dashboard.js > deploy/grafana/recollect.json

/**
 * @typedef {readonly [expression: string, legend: string]} Query
 * @typedef {object} Panel
 * @property {string} title
 * @property {string} description
 * @property {string} unit
 * @property {readonly Query[]} queries
 * @property {'timeseries' | 'stat' | 'table'} [type]
 * @property {readonly [warning: number | null, critical: number]} [thresholds]
 * @property {boolean} [isStacked]
 * @property {Readonly<Record<string, string>>} [words] words for values
 */

const one = '{instance=~"$instance"}';

/** @param {string} metric @param {string} [labels] */
const of = (metric, labels = '') => `${metric}{instance=~"$instance"${labels && `, ${labels}`}}`;

/** @param {string} metric @param {string} [labels] */
const rate = (metric, labels) => `rate(${of(metric, labels)}[$__rate_interval])`;

/** @param {string} by @param {string} expression */
const sum = (by, expression) => (by === '' ? `sum(${expression})` : `sum by (${by}) (${expression})`);

/** @param {number} quantile @param {string} metric @param {string} [by] */
const quantile = (quantile, metric, by = '') =>
  `histogram_quantile(${quantile}, ${sum(by === '' ? 'le' : `le, ${by}`, rate(`${metric}_bucket`))})`;

/** @type {Readonly<Record<string, readonly Panel[]>>} */
const rows = {
  Traffic: [
    {
      title: 'Requests by type',
      description: 'GraphQL requests per second.',
      unit: 'reqps',
      queries: [[sum('type', rate('recollect_requests_total')), '{{type}}']],
      isStacked: true,
    },
    {
      title: 'Requests by trusted document',
      description: 'The ten most frequent operations of manifests; all other operations are "other".',
      unit: 'reqps',
      queries: [[`topk(10, ${sum('operation', rate('recollect_requests_total'))})`, '{{operation}}']],
    },
    {
      title: 'Requests in flight',
      description: 'GraphQL requests that are not answered yet.',
      unit: 'short',
      queries: [[sum('type', of('recollect_requests_under_way')), '{{type}}']],
    },
    {
      title: 'Rejected requests by reason',
      description: 'Requests that were rejected before execution.',
      unit: 'reqps',
      queries: [[sum('reason', rate('recollect_refusals_total')), '{{reason}}']],
    },
    {
      title: 'Client connections',
      description: 'Open connections, and those closed at once because MAX_CONNECTIONS were open.',
      unit: 'short',
      queries: [
        [of('recollect_connections'), '{{instance}}'],
        [sum('', rate('recollect_connections_dropped_total')), 'dropped per second'],
        [sum('', rate('recollect_stalled_clients_total')), 'stalled per second'],
      ],
    },
    {
      title: 'Size of responses',
      description: 'p50 and p99 of GraphQL responses.',
      unit: 'bytes',
      queries: [
        [quantile(0.5, 'recollect_response_bytes'), 'p50'],
        [quantile(0.99, 'recollect_response_bytes'), 'p99'],
      ],
    },
  ],
  Errors: [
    {
      title: 'Share of requests with errors',
      description: 'Of executed requests. RecollectErrors fires above 10 %.',
      unit: 'percentunit',
      queries: [
        [
          `${sum('', rate('recollect_requests_total', 'outcome="error"'))} / ${sum('', rate('recollect_requests_total', 'outcome!="refused"'))}`,
          'no data',
        ],
        [
          `${sum('', rate('recollect_requests_total', 'outcome="partial"'))} / ${sum('', rate('recollect_requests_total', 'outcome!="refused"'))}`,
          'partial data',
        ],
      ],
      thresholds: [0.02, 0.1],
    },
    {
      title: 'Errors by code',
      description: 'Entries of `errors` per second. Codes: docs/errors.md.',
      unit: 'short',
      queries: [[`${sum('code', rate('recollect_errors_total'))} > 0`, '{{code}}']],
    },
    {
      title: 'Mutations by result',
      description: 'Mutations per second, by the member of their result.',
      unit: 'short',
      queries: [
        [`${sum('mutation, outcome', rate('recollect_mutations_total'))} > 0`, '{{mutation}} {{outcome}}'],
      ],
    },
  ],
  Latency: [
    {
      title: 'Duration of requests',
      description:
        'From the arrival to the response, upstream calls included. RecollectSlowRequests fires at a p99 of 5 s.',
      unit: 's',
      queries: [
        [quantile(0.5, 'recollect_request_seconds'), 'p50'],
        [quantile(0.95, 'recollect_request_seconds'), 'p95'],
        [quantile(0.99, 'recollect_request_seconds'), 'p99'],
      ],
      thresholds: [2.5, 5],
    },
    {
      title: 'p99 of requests by trusted document',
      description: 'The ten slowest operations.',
      unit: 's',
      queries: [[`topk(10, ${quantile(0.99, 'recollect_request_seconds', 'operation')})`, '{{operation}}']],
    },
    {
      title: 'p99 of upstream exchanges',
      description: 'Single exchanges. RecollectSlowUpstream fires at 2.5 s.',
      unit: 's',
      queries: [[quantile(0.99, 'recollect_upstream_request_seconds', 'upstream'), '{{upstream}}']],
      thresholds: [1, 2.5],
    },
  ],
  'Upstreams by verdict': [
    {
      title: 'Scollect: calls by verdict',
      description: 'Exchanges per second. A failure under HTTP 200 counts as failed.',
      unit: 'reqps',
      queries: [
        [sum('verdict', rate('recollect_upstream_requests_total', 'upstream="SCOLLECT"')), '{{verdict}}'],
      ],
      isStacked: true,
    },
    {
      title: 'RecoveryConnect: calls by verdict',
      description: 'Exchanges per second.',
      unit: 'reqps',
      queries: [
        [
          sum('verdict', rate('recollect_upstream_requests_total', 'upstream="RECOVERY_CONNECT"')),
          '{{verdict}}',
        ],
      ],
      isStacked: true,
    },
    {
      title: 'Failing operations',
      description: 'The ten operations with the most failures in the selected time.',
      unit: 'short',
      type: 'table',
      queries: [
        [
          `topk(10, sum by (upstream, operation, verdict, status) (increase(${of('recollect_upstream_requests_total', 'verdict=~"failed|bad_response|rate_limited|token|unknown"')}[$__range])) > 0)`,
          '',
        ],
      ],
    },
    {
      title: 'Retries',
      description: 'Further attempts of calls per second.',
      unit: 'reqps',
      queries: [[sum('upstream', rate('recollect_upstream_retries_total')), '{{upstream}}']],
    },
    {
      title: 'Responses for another record',
      description: 'In the selected interval. RecollectUpstreamMismatch fires for the first one.',
      unit: 'short',
      queries: [
        [
          `sum by (upstream, operation) (increase(${of('recollect_upstream_mismatches_total')}[$__rate_interval])) > 0`,
          '{{upstream}} {{operation}}',
        ],
      ],
      thresholds: [null, 1],
    },
    {
      title: 'Rows left out',
      description: 'Rows per second without an identifying value.',
      unit: 'short',
      queries: [
        [
          sum('upstream, operation', rate('recollect_upstream_rows_left_out_total')),
          '{{upstream}} {{operation}}',
        ],
      ],
    },
  ],
  Breakers: [
    {
      title: 'Open circuit breakers',
      description: 'Gateways whose breaker of an upstream is open or half-open. Calls fail at once.',
      unit: 'short',
      queries: [
        [
          `sum by (upstream, state) (${of('recollect_upstream_breaker', 'state!="closed"')})`,
          '{{upstream}} {{state}}',
        ],
      ],
      thresholds: [null, 1],
    },
    {
      title: 'Rejected tokens and log-ins',
      description: 'In the selected interval. RecollectUpstreamTokenRefused fires above 3 in 10 minutes.',
      unit: 'short',
      queries: [
        [
          `sum by (upstream) (increase(${of('recollect_upstream_requests_total', 'verdict="token"')}[$__rate_interval]))`,
          '{{upstream}}',
        ],
      ],
      thresholds: [1, 3],
    },
  ],
  Queues: [
    {
      title: 'Calls in flight',
      description: 'At most UPSTREAM_MAX_CONCURRENCY for each upstream and process, without log-ins.',
      unit: 'short',
      queries: [[sum('upstream', of('recollect_upstream_under_way')), '{{upstream}}']],
    },
    {
      title: 'Calls in the queue',
      description:
        'Calls that wait for a concurrency slot. RecollectQueueWaiting fires if it does not empty.',
      unit: 'short',
      queries: [[sum('upstream', of('recollect_upstream_waiting')), '{{upstream}}']],
      thresholds: [1, 1000],
    },
    {
      title: 'Large responses',
      description: 'In progress, and waiting for memory (docs/limits.md).',
      unit: 'short',
      queries: [
        [sum('', of('recollect_large_responses')), 'in progress'],
        [sum('', of('recollect_large_responses_waiting')), 'waiting'],
      ],
    },
  ],
  'Pending outcomes': [
    {
      title: 'Pending outcomes',
      description:
        'Writes that may have been executed. Resolve them: docs/operating.md. No data: the ledger cannot be read.',
      unit: 'short',
      type: 'stat',
      queries: [[`max(${of('recollect_pending_outcomes')})`, '']],
      thresholds: [null, 1],
    },
    {
      title: 'Age of the oldest',
      description: 'RecollectPendingOutcomeOld fires after 30 minutes.',
      unit: 's',
      type: 'stat',
      queries: [[`max(${of('recollect_pending_outcome_oldest_seconds')})`, '']],
      thresholds: [1, 1800],
    },
    {
      title: 'New unknown outcomes',
      description: 'In the selected interval.',
      unit: 'short',
      queries: [
        [
          `sum(increase(${of('recollect_ledger_entries_total', 'state="unknown"')}[$__rate_interval]))`,
          'unknown',
        ],
      ],
      thresholds: [null, 1],
    },
  ],
  Ledger: [
    {
      title: 'Ledger readable',
      description: 'By gateway. Without the ledger nothing is charged.',
      unit: 'short',
      type: 'stat',
      queries: [[of('recollect_ledger_available'), '{{instance}}']],
      words: { 0: 'no', 1: 'yes' },
    },
    {
      title: 'Entries by state',
      description:
        'Entries per second that enter a state: pending (in flight), settled, released (not executed), unknown.',
      unit: 'short',
      queries: [[sum('state', rate('recollect_ledger_entries_total')), '{{state}}']],
    },
    {
      title: 'Failures',
      description:
        'Failed accesses to the ledger, and lost lines of the audit trail, in the selected interval.',
      unit: 'short',
      queries: [
        [`sum(increase(${of('recollect_ledger_failures_total')}[$__rate_interval]))`, 'ledger'],
        [`sum(increase(${of('recollect_audit_lines_lost_total')}[$__rate_interval]))`, 'audit trail'],
      ],
      thresholds: [null, 1],
    },
  ],
  Drift: [
    {
      title: 'Unexpected forms by kind',
      description: 'Values, keys and envelopes per second that the gateway does not know.',
      unit: 'short',
      queries: [[sum('upstream, kind', rate('recollect_upstream_drift_total')), '{{upstream}} {{kind}}']],
    },
    {
      title: 'Operations with unexpected forms',
      description: 'In the selected time.',
      unit: 'short',
      type: 'table',
      queries: [
        [
          `topk(20, sum by (upstream, operation, kind) (increase(${of('recollect_upstream_drift_total')}[$__range])) > 0)`,
          '',
        ],
      ],
    },
  ],
  'Workers and Redis': [
    {
      title: 'Workers',
      description: 'Workers that serve requests, and WORKERS. No data with one process.',
      unit: 'short',
      queries: [
        [of('recollect_workers'), '{{instance}}'],
        [of('recollect_workers_configured'), '{{instance}} configured'],
      ],
    },
    {
      title: 'Redis usable',
      description: 'Without Redis, each process counts its limits for itself. No data without REDIS_URL.',
      unit: 'short',
      type: 'stat',
      queries: [[of('recollect_redis_up'), '{{instance}}']],
      words: { 0: 'no', 1: 'yes' },
      thresholds: [null, 1],
    },
    {
      title: 'Failed commands of Redis',
      description: 'Commands that failed, or were not sent because Redis is down, by purpose.',
      unit: 'short',
      queries: [
        [sum('use', `increase(${of('recollect_redis_failures_total')}[$__rate_interval])`), '{{use}}'],
      ],
    },
    {
      title: 'Concurrency slots',
      description: 'Slots of each instance. With REDIS_URL, at most UPSTREAM_MAX_CONCURRENCY in total.',
      unit: 'short',
      queries: [[sum('instance, upstream', of('recollect_upstream_slots')), '{{instance}} {{upstream}}']],
      isStacked: true,
    },
    {
      title: 'Reads from the cache',
      description: 'Share of the reads of operations in CACHE that a cached response answered.',
      unit: 'percentunit',
      queries: [
        [
          `${sum('operation', rate('recollect_cache_total', 'result="hit"'))} / ${sum('operation', rate('recollect_cache_total'))}`,
          '{{operation}}',
        ],
      ],
    },
  ],
  Process: [
    {
      title: 'CPU',
      description: 'Cores in use; JavaScript uses one.',
      unit: 'short',
      queries: [[rate('process_cpu_seconds_total'), '{{instance}}']],
      thresholds: [0.8, 1],
    },
    {
      title: 'Memory of its limit',
      description:
        'Of the control group or machine, and of the JavaScript heap. RecollectMemoryNearLimit fires at 85 %.',
      unit: 'percentunit',
      queries: [
        [`process_resident_memory_bytes${one} / recollect_memory_limit_bytes${one}`, '{{instance}} memory'],
        [`nodejs_heap_size_used_bytes${one} / recollect_heap_limit_bytes${one}`, '{{instance}} heap'],
      ],
      thresholds: [0.7, 0.85],
    },
    {
      title: 'Event-loop lag',
      description: 'p99 between two scrapes; 10 ms is the resolution. RecollectEventLoopLag fires at 250 ms.',
      unit: 's',
      queries: [[of('nodejs_eventloop_lag_p99_seconds'), '{{instance}}']],
      thresholds: [0.1, 0.25],
    },
    {
      title: 'Garbage collection',
      description: 'Share of time.',
      unit: 'percentunit',
      queries: [[sum('instance, kind', rate('nodejs_gc_duration_seconds_sum')), '{{instance}} {{kind}}']],
    },
    {
      title: 'Uptime',
      description: 'Time since the start of each process.',
      unit: 's',
      type: 'stat',
      queries: [[`time() - process_start_time_seconds${one}`, '{{instance}}']],
    },
    {
      title: 'Builds',
      description: 'Version of the gateway and of Node.',
      unit: 'short',
      type: 'table',
      queries: [[`count by (instance, version, node) (${of('recollect_build_info')})`, '']],
    },
  ],
};

const datasource = { type: 'prometheus', uid: '$datasource' };

/** @param {Panel['thresholds']} thresholds */
const stepsOf = (thresholds) => [
  { color: 'green', value: null },
  ...(thresholds?.[0] == null ? [] : [{ color: 'orange', value: thresholds[0] }]),
  ...(thresholds ? [{ color: 'red', value: thresholds[1] }] : []),
];

/** @param {Panel} panel */
const optionsOf = ({ type = 'timeseries' }) => {
  if (type === 'table') return { showHeader: true, cellHeight: 'sm' };
  if (type === 'stat') {
    return {
      colorMode: 'value',
      graphMode: 'none',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    };
  }
  return {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  };
};

/** @param {Panel} panel */
const fieldsOf = ({ unit, thresholds, isStacked, words, type = 'timeseries' }) => ({
  defaults: {
    unit,
    thresholds: {
      mode: 'absolute',
      steps: words
        ? [
            { color: 'red', value: null },
            { color: 'green', value: 1 },
          ]
        : stepsOf(thresholds),
    },
    color: { mode: type === 'stat' ? 'thresholds' : 'palette-classic' },
    ...(words && {
      mappings: [
        {
          type: 'value',
          options: Object.fromEntries(
            Object.entries(words).map(([value, text], index) => [value, { text, index }]),
          ),
        },
      ],
    }),
    ...(type === 'timeseries' && {
      min: 0,
      custom: {
        fillOpacity: isStacked ? 20 : 5,
        showPoints: 'never',
        stacking: { mode: isStacked ? 'normal' : 'none', group: 'A' },
        thresholdsStyle: { mode: thresholds ? 'dashed' : 'off' },
      },
    }),
  },
  overrides: [],
});

const [columns, height] = [3, 8];
const width = 24 / columns;

let id = 0;
const nextId = () => {
  id += 1;
  return id;
};

let top = 0;
const panels = Object.entries(rows).flatMap(([title, row]) => {
  const head = {
    id: nextId(),
    type: 'row',
    title,
    collapsed: false,
    gridPos: { h: 1, w: 24, x: 0, y: top },
    panels: [],
  };
  const first = top + 1;
  top = first + Math.ceil(row.length / columns) * height;
  return [
    head,
    ...row.map((panel, index) => ({
      id: nextId(),
      type: panel.type ?? 'timeseries',
      title: panel.title,
      description: panel.description,
      datasource,
      gridPos: {
        h: height,
        w: width,
        x: (index % columns) * width,
        y: first + Math.floor(index / columns) * height,
      },
      targets: panel.queries.map(([expr, legendFormat], place) => ({
        refId: String.fromCharCode(65 + place),
        datasource,
        expr,
        ...(panel.type === 'table' ? { format: 'table', instant: true } : { legendFormat, range: true }),
      })),
      fieldConfig: fieldsOf(panel),
      options: optionsOf(panel),
      ...(panel.type === 'table' && {
        transformations: [{ id: 'organize', options: { excludeByName: { Time: true } } }],
      }),
    })),
  ];
});

const dashboard = {
  uid: 'recollect',
  title: 'Recollect',
  description: 'The gateway Recollect: docs/operating.md describes each alert.',
  tags: ['recollect'],
  schemaVersion: 41,
  version: 1,
  editable: true,
  graphTooltip: 1,
  refresh: '30s',
  time: { from: 'now-3h', to: 'now' },
  timezone: 'browser',
  templating: {
    list: [
      {
        name: 'datasource',
        label: 'Data source',
        type: 'datasource',
        query: 'prometheus',
        current: {},
        refresh: 1,
      },
      {
        name: 'instance',
        label: 'Gateway',
        type: 'query',
        datasource,
        query: { query: 'label_values(up{job="recollect"}, instance)', refId: 'instance' },
        refresh: 2,
        includeAll: true,
        multi: true,
        allValue: '.*',
        current: { text: 'All', value: '$__all' },
        sort: 1,
      },
    ],
  },
  annotations: {
    list: [
      {
        name: 'Firing alerts',
        datasource,
        enable: true,
        iconColor: 'red',
        expr: 'ALERTS{alertname=~"Recollect.*", alertstate="firing"}',
        titleFormat: '{{alertname}}',
      },
      {
        name: 'Starts',
        datasource,
        enable: true,
        iconColor: 'blue',
        expr: 'changes(process_start_time_seconds{job="recollect"}[1m]) > 0',
        titleFormat: 'Start of {{instance}}',
      },
    ],
  },
  links: [],
  panels,
};

process.stdout.write(`${JSON.stringify(dashboard, null, 2)}\n`);
