import type { Charge } from './charge.ts';
import type { FirstCall } from './counting-scollect.ts';
import type { KillAt } from './gateway-process.ts';

/** How a charge ends that was interrupted. The unknown ones are settled by what the upstream really has. */
export type End = 'charged' | 'declined' | 'unknown: charged' | 'unknown: not charged' | 'unavailable';

/** A step within the gateway, whichever charge it is of. */
export type Step = Omit<KillAt, 'amount'>;

/** One way in which a charge is interrupted. */
export interface Scenario {
  readonly name: string;
  readonly mutation: Charge['mutation'];
  /** Who kills the gateway: itself at a step, the upstream at a call, or the client once it was answered. */
  readonly killedAt: Step | 'received' | 'executed' | 'answered';
  readonly upstream: FirstCall['conduct'] | 'is not there' | 'is slow';
  /** A second kill, while the operator settles what is unknown. */
  readonly killedInResolve?: Step;
  /** The result of the key after the restart. */
  readonly end: End;
  /** How often the upstream was asked before the restart. */
  readonly calls: number;
}

const before = (step: KillAt['step']): Step => ({ when: 'before', step });
const after = (step: KillAt['step']): Step => ({ when: 'after', step });

const run = (
  name: string,
  upstream: Scenario['upstream'],
  killedAt: Scenario['killedAt'],
  end: End,
  calls: number,
  killedInResolve?: Step,
): Scenario => ({
  name,
  mutation: 'runPayment',
  upstream,
  killedAt,
  end,
  calls,
  ...(killedInResolve && { killedInResolve }),
});

const record = (...parts: Parameters<typeof run>): Scenario => ({
  ...run(...parts),
  mutation: 'recordPayment',
});

const [charged, declined, open, openCharged] = [
  'charged',
  'declined',
  'unknown: not charged',
  'unknown: charged',
] as const;

/** Every step of a charge, first those that every run of the tests is to see. */
export const scenarios: readonly Scenario[] = [
  run('before the intent is written', 'approves', before('INTENT'), charged, 0),
  run('after the intent, before the log-in', 'approves', after('INTENT'), open, 0),
  run('after the intent, as the call leaves', 'approves', before('CALL'), open, 0),
  run('call received, never executed', 'drops', 'received', open, 1),
  run('call received, executed without a client', 'approves', 'received', openCharged, 1),
  run('executed, not answered yet', 'approves', 'executed', openCharged, 1),
  run('answer came, outcome not written', 'approves', before('SETTLED'), openCharged, 1),
  run('outcome written, client not answered', 'approves', after('SETTLED'), charged, 1),
  run('client answered', 'approves', 'answered', charged, 1),
  record('answer came, outcome not written', 'approves', before('SETTLED'), charged, 1),
  record('call received, never executed', 'drops', 'received', open, 1),
  run('answer lost, client answered', 'loses', 'answered', openCharged, 1),
  record('answer lost, client answered', 'loses', 'answered', charged, 1),
  run('declined, outcome not written', 'declines', before('SETTLED'), open, 1),
  run('declined, client not answered', 'declines', after('SETTLED'), declined, 1),
  run('unreachable, release not written', 'is not there', before('RELEASED'), open, 0),
  run('unreachable, client not answered', 'is not there', after('RELEASED'), charged, 0),
  run('settled as charged, not written', 'approves', 'executed', openCharged, 1, before('SETTLED')),
  run('settled as not charged, written', 'drops', 'received', open, 1, after('RELEASED')),

  record('before the intent is written', 'approves', before('INTENT'), charged, 0),
  record('after the intent, before the look', 'approves', after('INTENT'), open, 0),
  record('looked before, not noted', 'approves', before('NOTE'), open, 0),
  record('looked before and noted', 'approves', after('NOTE'), open, 0),
  record('as the call leaves', 'approves', before('CALL'), open, 0),
  record('call received, executed without a client', 'approves', 'received', charged, 1),
  record('executed, not answered yet', 'approves', 'executed', charged, 1),
  record('outcome written, client not answered', 'approves', after('SETTLED'), charged, 1),
  record('client answered', 'approves', 'answered', charged, 1),
  record('answer lost, loss not written', 'loses', before('UNKNOWN'), charged, 1),
  record('answer lost, loss written', 'loses', after('UNKNOWN'), charged, 1),
  record('declined, outcome not written', 'declines', before('SETTLED'), open, 1),
  record('declined, client not answered', 'declines', after('SETTLED'), declined, 1),
  record('settled as not charged, not written', 'drops', 'received', open, 1, before('RELEASED')),

  run('answer lost, loss not written', 'loses', before('UNKNOWN'), openCharged, 1),
  run('answer lost, loss written', 'loses', after('UNKNOWN'), openCharged, 1),
  run('connection lost, client answered', 'drops', 'answered', open, 1),
  run('declined, client answered', 'declines', 'answered', declined, 1),
  run('unreachable, client answered', 'is not there', 'answered', charged, 0),
  run('slow, sign of life not written', 'is slow', before('RENEWAL'), openCharged, 1),
  run('slow, sign of life written', 'is slow', after('RENEWAL'), openCharged, 1),
  run('settled as charged, written', 'approves', 'executed', openCharged, 1, after('SETTLED')),
  run('settled as not charged, not written', 'drops', 'received', open, 1, before('RELEASED')),
];
