import type { Figures } from './figures.ts';
import type { Results } from './results.ts';
import type { JudgedTarget } from './targets.ts';
import type { WorkloadResult } from './workload-result.ts';

const number = (value: number | null | undefined, digits = 1): string => {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(digits);
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const tableOf = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n');

/** Less CPU time is more: the baseline has 1.00. */
const timesLimit = (figures: Figures, limit: Figures | undefined): string =>
  number(
    figures.cpuMsPerQuery === null || !limit?.cpuMsPerQuery
      ? figures.perSecond / (limit?.perSecond ?? Number.NaN)
      : limit.cpuMsPerQuery / figures.cpuMsPerQuery,
    2,
  );

const headingOf = (title: string): string => `#### ${title[0]?.toUpperCase()}${title.slice(1)}`;

const workloadTable = ({ title, servers, absent }: WorkloadResult): string => {
  const limit = servers.find(({ name }) => name === 'limit')?.figures;
  const hasReference = servers.some(({ figures }) => figures.timesReference !== null);
  const hasPages = servers.some(({ figures }) => figures.pageMs !== null);
  const heads = [
    'server',
    'CPU ms a query',
    '× baseline',
    ...(hasReference ? ['CPU ÷ plain, cached'] : []),
    'queries/s',
    'p50 ms',
    'p99 ms',
    'calls a query',
    'peak RSS MB',
    'loop delay p99 ms',
    'longest block ms',
    ...(hasPages ? ['first page ms'] : []),
  ];
  const rows = servers.map(({ title: server, figures }) => [
    server,
    number(figures.cpuMsPerQuery, 3),
    timesLimit(figures, limit),
    ...(hasReference ? [number(figures.timesReference, 2)] : []),
    number(figures.perSecond),
    number(figures.p50Ms),
    number(figures.p99Ms),
    number(figures.callsPerQuery, 2),
    number(figures.peakRssMb, 0),
    number(figures.loopDelayP99Ms),
    number(figures.longestBlockMs),
    ...(hasPages ? [number(figures.pageMs)] : []),
  ]);
  const missing = Object.entries(absent).map(([name, why]) => `Not measured: ${name}, ${why.split('\n')[0]}`);
  if (servers.length === 0) return [headingOf(title), ...missing].join('\n\n');
  const busiest = Math.max(...servers.map(({ figures }) => figures.otherCore));
  return [
    headingOf(title),
    tableOf(heads, rows),
    ...missing,
    `The core of the stub and the load was busy for ${Math.round(busiest * 100)} % of the time at the most.`,
  ].join('\n\n');
};

const targetRow = ({ title, unit, goal, minimum, better, measured, met }: JudgedTarget): string[] => {
  const mark = (value: number): string => `${better === 'more' ? '≥' : '≤'} ${value} ${unit}`.trim();
  return [title, mark(goal), mark(minimum), `${number(measured, 2)} ${unit}`.trim(), met];
};

/** What is to be reached, and what was. */
export const targetTable = (targets: readonly JudgedTarget[]): string =>
  tableOf(['target', 'goal', 'at least', 'measured', 'met'], targets.map(targetRow));

/** A whole run as Markdown. */
export const markdownOf = ({
  date,
  node,
  machine,
  isPinned,
  options,
  workloads,
  targets,
}: Results): string => {
  const pinned = isPinned ? 'each pinned to a core' : 'not pinned: there is no core to spare, or no taskset';
  return [
    `Measured on ${date} with Node ${node} on ${machine}; processes ${pinned}; each server started ${options.starts} times; after each start ${options.warmup} s of CPU time to warm up, and ${options.rounds} rounds of ${options.seconds} s, in turns. Medians over all rounds.`,
    targetTable(targets),
    ...workloads.map(workloadTable),
  ].join('\n\n');
};
