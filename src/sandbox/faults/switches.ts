import { z } from 'zod';
import { type OperationName, operations } from '../operations.ts';
import { type FaultName, faults } from './faults.ts';

// Object.keys forgets which keys an object has.
const operationNames = Object.keys(operations) as OperationName[];
const faultNames = Object.keys(faults) as FaultName[];

const timedFaults = faultNames.filter((name) => faults[name].isTimed);

// A timer that is told to wait for longer does not wait at all.
const longestDelay = 2 ** 31 - 1;

const switchSchema = z
  .strictObject({
    /** The operation whose calls meet the fault. */
    operation: z.enum(operationNames),
    fault: z.enum(faultNames),
    /** How much later the answer comes; for `delay`, and for it alone. */
    milliseconds: z.int().min(0).max(longestDelay).optional(),
    /** How many calls meet the fault; left out, all do until the switch is cleared. */
    times: z.int().min(1).optional(),
  })
  .superRefine(({ operation, fault, milliseconds }, { addIssue }) => {
    const { isTimed = false, system } = faults[fault];
    if (isTimed && milliseconds === undefined) {
      addIssue({ code: 'custom', path: ['milliseconds'], message: `Expected a number: ${fault} needs it` });
    }
    if (!isTimed && milliseconds !== undefined) {
      const message = `Expected nothing: only ${timedFaults.join(', ')} takes it`;
      addIssue({ code: 'custom', path: ['milliseconds'], message });
    }
    if (system && operations[operation].system !== system) {
      const message = `Expected another: ${operation} is no operation of ${system}, which alone has this one`;
      addIssue({ code: 'custom', path: ['fault'], message });
    }
  });

/** Which operation meets which fault. */
export type FaultSwitch = Readonly<z.infer<typeof switchSchema>>;

/** The fault switches of a sandbox: those of one operation apply one after the other, each till it is used up. */
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
      const next = all.find((one) => one.operation === operation);
      all = all.flatMap((one) => (one === next ? countDown(one) : [one]));
      return next;
    },
  };
};
