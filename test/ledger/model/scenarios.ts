import type { Scenario } from './scenario.ts';
import type { Conduct } from './upstream.ts';

const every: readonly Conduct[] = ['approve', 'decline', 'execute and lose', 'drop', 'refuse'];

/** Small enough for all their states to be reached within seconds. */
export const smallScenarios: readonly Scenario[] = [
  { name: 'two gateways, one request each', requests: [1, 1], conducts: every, limits: {} },
  { name: 'one gateway, two requests', requests: [2], conducts: ['approve', 'drop', 'refuse'], limits: {} },
  {
    name: 'a crash, and a repeated request at a new gateway',
    requests: [1],
    conducts: ['approve', 'drop'],
    limits: { crashes: 1, restarts: 1, leases: 1 },
  },
  {
    name: 'a lost connection to the store',
    requests: [2],
    conducts: ['approve'],
    limits: { losses: 1 },
  },
  {
    name: 'a gateway that is halted, and an operator that looks first',
    requests: [1],
    conducts: ['approve', 'execute and lose'],
    operator: 'careful',
    limits: { leases: 1, resolutions: 1 },
  },
  {
    name: 'steps of the wall clock',
    requests: [1],
    conducts: ['approve'],
    limits: { clockSteps: 1 },
    keyLifeMs: 1000,
  },
];

/** All their states take minutes. */
export const largeScenarios: readonly Scenario[] = [
  {
    name: 'two gateways that are halted, and an operator that looks first',
    requests: [1, 1],
    conducts: ['approve', 'execute and lose'],
    operator: 'careful',
    limits: { leases: 1, resolutions: 1 },
  },
  {
    name: 'two gateways that are halted, and an operator that does not wait for calls in flight',
    requests: [1, 1],
    conducts: ['approve', 'drop'],
    operator: 'hasty',
    limits: { leases: 1, resolutions: 1 },
  },
  {
    name: 'one gateway that is halted with two requests, and an operator that looks first',
    requests: [2],
    conducts: ['approve', 'execute and lose'],
    operator: 'careful',
    limits: { leases: 1, resolutions: 1 },
  },
  {
    name: 'renewed leases and looks for dead writers, third by third of a lease',
    requests: [1, 1],
    conducts: ['approve'],
    limits: { ticks: 3, renewals: 1, looks: 1 },
  },
  {
    name: 'a crash of one of two gateways',
    requests: [1, 1],
    conducts: ['approve', 'refuse'],
    limits: { crashes: 1, leases: 1 },
  },
  {
    name: 'a lost connection of one of two gateways to the store',
    requests: [1, 1],
    conducts: ['approve', 'refuse'],
    limits: { losses: 1 },
  },
  {
    name: 'answers of the store that come late',
    requests: [1, 1],
    conducts: ['approve', 'refuse'],
    limits: { delays: 1, leases: 1 },
  },
  {
    name: 'keys that expire',
    requests: [2],
    conducts: ['approve'],
    limits: { longTicks: 3 },
    keyLifeMs: 1000,
  },
];

/** Everything at once: far more states than can be reached, for random runs. */
export const randomScenarios: readonly Scenario[] = (['careful', 'hasty'] as const).map((operator) => ({
  name: `everything at once, with a ${operator} operator`,
  requests: [2, 2],
  conducts: every,
  operator,
  limits: {
    ticks: 8,
    leases: 2,
    crashes: 2,
    restarts: 2,
    losses: 2,
    delays: 3,
    renewals: 4,
    looks: 4,
    clockSteps: 2,
    resolutions: 3,
  },
}));
