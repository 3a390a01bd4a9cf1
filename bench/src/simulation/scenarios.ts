/** How the limits of a setting apply to several processes. `shared` is the ideal: one queue for all of them. */
export type Sharing = 'divided' | 'shared';

/** What happens in a run. */
export interface Scenario {
  readonly name: string;
  /** Milliseconds in which all agents begin their work; otherwise they begin at any time of their first account. */
  readonly allBeginWithinMs?: number;
  /** From the second minute on, the log-ins of the largest tenant are refused. */
  readonly hasRefusedCredentials?: true;
  /** From the second minute on, a program of the largest tenant requests lists as fast as it can. */
  readonly hasRunawayClient?: true;
  /** From the second minute on, by how much Scollect is slower. */
  readonly slowdown?: number;
  /** From the second minute on, the share of Scollect's calls that fail. */
  readonly failures?: number;
  /** In the second minute, the processes of one replica end. */
  readonly losesReplica?: true;
}

export const scenarios: readonly Scenario[] = [
  { name: 'normal day' },
  { name: 'Monday morning: all begin within 1 minute', allBeginWithinMs: 60_000 },
  { name: 'log-ins of the largest tenant refused', hasRefusedCredentials: true },
  { name: 'a program of the largest tenant out of control', hasRunawayClient: true },
  { name: 'Scollect five times slower', slowdown: 5 },
  { name: 'Scollect fails half of its calls', failures: 0.5 },
  { name: 'one replica dead', losesReplica: true },
];

/** A size of the whole: the agents, and what serves them. */
export interface Size {
  readonly agents: number;
  readonly tenants: number;
  readonly replicas: number;
  /** Processes of each replica. */
  readonly workers: number;
  /** UPSTREAM_MAX_CONCURRENCY: for all processes together. */
  readonly maxConcurrency: number;
  /** Calls that the upstreams execute at once, for all tenants. */
  readonly scollectServers: number;
  readonly recoveryConnectServers: number;
}

/** A size in the tables. */
export interface ListedSize extends Size {
  /** Virtual minutes unless SIMULATION_MINUTES is set: enough for what begins in the second minute. */
  readonly minutes: number;
}

export const sizes: readonly ListedSize[] = [
  {
    agents: 1000,
    minutes: 10,
    tenants: 5,
    replicas: 2,
    workers: 1,
    maxConcurrency: 32,
    scollectServers: 24,
    recoveryConnectServers: 8,
  },
  {
    agents: 10_000,
    minutes: 10,
    tenants: 10,
    replicas: 2,
    workers: 2,
    maxConcurrency: 96,
    scollectServers: 160,
    recoveryConnectServers: 60,
  },
  {
    agents: 100_000,
    minutes: 3,
    tenants: 20,
    replicas: 3,
    workers: 2,
    maxConcurrency: 600,
    scollectServers: 1500,
    recoveryConnectServers: 500,
  },
];

/** The share of the agents that the largest tenant has. The others share the rest by 1, ½, ⅓ … */
const largestShare = 0.4;

/** Returns the number of agents of each tenant, from the largest. */
export const tenantSizes = ({ agents, tenants }: Pick<Size, 'agents' | 'tenants'>): number[] => {
  if (tenants === 1) return [agents];
  const weights = Array.from({ length: tenants - 1 }, (_, index) => 1 / (index + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const rest = agents * (1 - largestShare);
  return [agents * largestShare, ...weights.map((weight) => (rest * weight) / sum)].map((count) =>
    Math.max(1, Math.round(count)),
  );
};
