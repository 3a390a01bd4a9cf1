import { z } from 'zod';
import { systemNames, type UpstreamSystem } from '../../upstreams/errors.ts';
import { logIns, type OperationName, operations } from '../operations.ts';
import { type FaultName, faults } from './faults.ts';

// Object.keys forgets which keys an object has.
const operationNames = Object.keys(operations) as OperationName[];
const faultNames = Object.keys(faults) as FaultName[];
const systems = Object.keys(systemNames) as UpstreamSystem[];

const timedFaults = faultNames.filter((name) => faults[name].isTimed);
const givenFaults = faultNames.filter((name) => faults[name].isGiven);

// A timer that is told to wait for longer does not wait at all.
const longestDelay = 2 ** 31 - 1;

const switchSchema = z
  .strictObject({
    /** The operation whose calls meet the fault; `*` are all of a system but its log-in. */
    operation: z.enum([...operationNames, '*']),
    /** The system; for `*`, and for it alone. */
    system: z.enum(systems).optional(),
    fault: z.enum(faultNames),
    /** How much later the answer comes; for `delay`, and for each byte of `drip`. */
    milliseconds: z.int().min(0).max(longestDelay).optional(),
    /** The HTTP status of the answer; for `answer` and `replace-answer`. */
    status: z.int().min(200).max(599).optional(),
    /** The JSON body of the answer; for the same, which answer with a page if it is left out. */
    body: z.json().optional(),
    /** How many calls meet the fault; left out, all do until the switch is cleared. */
    times: z.int().min(1).optional(),
  })
  .superRefine((one, { addIssue }) => {
    const { operation, system, fault, milliseconds, status, body } = one;
    const complain = (key: keyof typeof one, message: string) =>
      addIssue({ code: 'custom', path: [key], message });
    const { isTimed = false, isGiven = false, system: onlySystem, isFor } = faults[fault];
    const saysAnswer = status !== undefined || body !== undefined;
    const isForAll = operation === '*';
    if (isForAll && !system) complain('system', `Expected ${systems.join(' or ')}: * needs it`);
    if (!isForAll && system) complain('system', 'Expected nothing: only * takes it');
    if (isTimed && milliseconds === undefined) {
      complain('milliseconds', `Expected a number: ${fault} needs it`);
    }
    if (!isTimed && milliseconds !== undefined) {
      complain('milliseconds', `Expected nothing: only ${timedFaults.join(' and ')} take it`);
    }
    if (isGiven && !saysAnswer) complain('status', `Expected this, body or both: ${fault} needs it`);
    if (!isGiven && saysAnswer) {
      complain(
        status === undefined ? 'body' : 'status',
        `Expected nothing: only ${givenFaults.join(' and ')} take it`,
      );
    }
    if (!isForAll && isFor?.(operations[operation]) === false) {
      complain('fault', `Expected another: no answer of ${operation} can have this one`);
    }
    const concerned = isForAll ? system : operations[operation].system;
    if (onlySystem && concerned && concerned !== onlySystem) {
      const what = isForAll ? `* of ${concerned}` : operation;
      complain(
        'fault',
        `Expected another: ${what} is no operation of ${onlySystem}, which alone has this one`,
      );
    }
  });

/** Which operation meets which fault. */
export type FaultSwitch = Readonly<z.infer<typeof switchSchema>>;

/**
 * The fault switches of a sandbox: those of one operation apply one after the other, each till it is used up, and
 * before those of `*`.
 */
export interface FaultSwitches {
  /**
   * Replaces all switches.
   *
   * @throws {FaultSwitchError} for switches that cannot be, and then changes nothing.
   */
  set(switches: readonly FaultSwitch[]): void;
  clear(): void;
  /** The switches that are not used up, with the `times` that are left of them. */
  list(): readonly FaultSwitch[];
}

/** Switches as they came, from wherever, that cannot be. */
export class FaultSwitchError extends Error {
  constructor({ issues }: z.ZodError) {
    const problems = issues.map(({ path, message }) =>
      [z.core.toDotPath(path) || 'list', message].join(': '),
    );
    super(problems.join('; '));
    this.name = 'FaultSwitchError';
  }
}

/** What the servers have of the switches. */
export interface FaultSwitchboard extends FaultSwitches {
  set(switches: unknown): void;
  /** Gives the switch that a call of this operation meets, and counts it; undefined where there is none. */
  take(operation: OperationName): FaultSwitch | undefined;
}

const readSwitches = (switches: unknown): readonly FaultSwitch[] => {
  const { data, error } = z.array(switchSchema).safeParse(switches);
  if (error) throw new FaultSwitchError(error);
  return data;
};

const isForAllWith = ({ operation, system }: FaultSwitch, called: OperationName): boolean =>
  operation === '*' && system === operations[called].system && !logIns.includes(called);

const countDown = (one: FaultSwitch): readonly FaultSwitch[] => {
  if (one.times === undefined) return [one];
  return one.times > 1 ? [{ ...one, times: one.times - 1 }] : [];
};

export const createFaultSwitchboard = (): FaultSwitchboard => {
  let all: readonly FaultSwitch[] = [];
  return {
    set: (switches) => {
      all = readSwitches(switches);
    },
    clear: () => {
      all = [];
    },
    list: () => all,
    take: (operation) => {
      const next =
        all.find((one) => one.operation === operation) ?? all.find((one) => isForAllWith(one, operation));
      all = all.flatMap((one) => (one === next ? countDown(one) : [one]));
      return next;
    },
  };
};
