import { z } from 'zod';
import { systemNames, type UpstreamSystem } from '../../upstreams/errors.ts';
import { logIns, type OperationName, operations } from '../operations.ts';
import { type FaultName, faults } from './faults.ts';

// Object.keys loses the types of the keys.
const operationNames = Object.keys(operations) as OperationName[];
const faultNames = Object.keys(faults) as FaultName[];
const systems = Object.keys(systemNames) as UpstreamSystem[];

const timedFaults = faultNames.filter((name) => faults[name].isTimed);
const givenFaults = faultNames.filter((name) => faults[name].isGiven);

// Timers do not support longer delays.
const longestDelay = 2 ** 31 - 1;

const switchSchema = z
  .strictObject({
    /** The operation with the fault; `*` stands for all of a system except its log-in. */
    operation: z.enum([...operationNames, '*']),
    /** The system; for `*` only. */
    system: z.enum(systems).optional(),
    fault: z.enum(faultNames),
    /** The delay of the response for `delay`, and of each byte for `drip`. */
    milliseconds: z.int().min(0).max(longestDelay).optional(),
    /** The HTTP status of the response; for `answer` and `replace-answer`. */
    status: z.int().min(200).max(599).optional(),
    /** The JSON body of the response; for the same faults, which return a page without it. */
    body: z.json().optional(),
    /** The number of calls with the fault; without it all calls until the switch is cleared. */
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

/** A fault of an operation. */
export type FaultSwitch = Readonly<z.infer<typeof switchSchema>>;

/**
 * The fault switches of a sandbox. Those of one operation apply in order, each until it is used up, and before those of
 * `*`.
 */
export interface FaultSwitches {
  /**
   * Replaces all switches.
   *
   * @throws {FaultSwitchError} for invalid switches, without any change.
   */
  set(switches: readonly FaultSwitch[]): void;
  clear(): void;
  /** The switches that are not used up, with their remaining `times`. */
  list(): readonly FaultSwitch[];
}

/** Invalid switches. */
export class FaultSwitchError extends Error {
  constructor({ issues }: z.ZodError) {
    const problems = issues.map(({ path, message }) =>
      [z.core.toDotPath(path) || 'list', message].join(': '),
    );
    super(problems.join('; '));
    this.name = 'FaultSwitchError';
  }
}

/** The switches as the servers use them. */
export interface FaultSwitchboard extends FaultSwitches {
  set(switches: unknown): void;
  /** Returns and counts the switch for a call of this operation; undefined if there is none. */
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
