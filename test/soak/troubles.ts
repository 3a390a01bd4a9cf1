import { type FaultName, faults } from '../../src/sandbox/faults/faults.ts';
import type { FaultSwitch } from '../../src/sandbox/faults/switches.ts';
import type { Random } from '../../src/sandbox/random.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { FaultProxy, Trouble } from '../support/fault-proxy.ts';

const systems = ['SCOLLECT', 'RECOVERY_CONNECT'] as const;
// Object.keys forgets which keys an object has.
const faultNames = Object.keys(faults) as [FaultName, ...FaultName[]];

const troubles: readonly [Trouble, ...Trouble[]] = [
  { kind: 'reset-at-connect' },
  { kind: 'reset-on-request' },
  { kind: 'reset-after', bytes: 0 },
  { kind: 'reset-after', bytes: 20 },
  { kind: 'reset-after', bytes: 400 },
  { kind: 'close-after', bytes: 20 },
  { kind: 'close-after', bytes: 400 },
  { kind: 'stall' },
  { kind: 'stall-after', bytes: 300 },
  { kind: 'drip', milliseconds: 20 },
  { kind: 'latency', milliseconds: 150 },
  { kind: 'reset-reused' },
];

/** Some calls of one system, or of both, meet a fault. */
const switchesFor = (random: Random): FaultSwitch[] =>
  systems
    .filter(() => random.chance(0.7))
    .flatMap((system) => {
      const fault = random.pick(faultNames);
      const { isTimed, isGiven, system: only } = faults[fault];
      if (only && only !== system) return [];
      const times = random.integer(1, 60);
      const given = isGiven ? { status: 409 } : {};
      return [{ operation: '*', system, fault, times, ...(isTimed ? { milliseconds: 50 } : {}), ...given }];
    });

/** Makes trouble for a while: by the sandbox, by one of the proxies, or by a log-in. */
export const makeTrouble = (random: Random, sandbox: Sandbox, proxies: readonly FaultProxy[]): void => {
  const kind = random.integer(1, 9);
  if (kind <= 5) sandbox.faults.set(switchesFor(random));
  else if (kind <= 8) proxies[random.integer(0, proxies.length - 1)]?.set(random.pick(troubles));
  else {
    const operation = random.pick(['login', 'authenticate']);
    sandbox.faults.set([{ operation, fault: random.pick(['refuse-token', 'hang', 'reset']), times: 3 }]);
  }
};

export const endTrouble = (sandbox: Sandbox, proxies: readonly FaultProxy[]): void => {
  sandbox.faults.clear();
  for (const proxy of proxies) proxy.set({ kind: 'none' });
};
