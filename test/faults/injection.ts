import { setTimeout as pause } from 'node:timers/promises';
import type { FaultSwitch } from '../../src/sandbox/faults/switches.ts';
import type { OperationName } from '../../src/sandbox/operations.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { UpstreamObserver } from '../../src/upstreams/client/upstream-observer.ts';
import type { UpstreamSystem } from '../../src/upstreams/errors.ts';
import { type FaultProxy, startFaultProxy, type Trouble } from '../support/fault-proxy.ts';
import type { Cause } from './fault-rows.ts';

/** Where and how often a fault is to strike. */
export interface Target {
  readonly system: UpstreamSystem;
  /** The operation that a switch of the sandbox makes fail. */
  readonly operation: OperationName;
  /** Whether it strikes one call, or one try at all of them, and has passed then. */
  readonly isOnce: boolean;
  /** How many calls it strikes at one moment, where it strikes all calls of the system. */
  readonly calls: number;
  /** The write whose requests are counted. */
  readonly counted?: OperationName;
}

/** A fault that is brought about and cleared again. */
export interface Injection {
  /** What the gateway takes for its upstreams. */
  readonly sandbox: Sandbox;
  readonly observer: UpstreamObserver;
  strike(): Promise<void>;
  clear(): Promise<void>;
  /** Whether a call has met it. */
  isMet(): boolean;
  /** How many requests for the counted write have reached the sandbox since it struck. */
  requests(): number;
  close(): Promise<void>;
}

// More than any gateway sends.
const many = 1000;

/** A switch that changes nothing, and counts the calls that meet it: more than nothing else does. */
const counterOf = (operation: OperationName): FaultSwitch => ({
  operation,
  fault: 'delay',
  milliseconds: 0,
  times: many,
});

const left = (switches: readonly FaultSwitch[], of: FaultSwitch['operation']): number =>
  switches.reduce((sum, { operation, times = 0 }) => (operation === of ? sum + times : sum), 0);

/** Sets switches of a sandbox that count their calls, over all lists that are set. */
const countingSwitches = ({ faults }: Sandbox) => {
  let current: readonly FaultSwitch[] = [];
  const before = new Map<FaultSwitch['operation'], number>();
  const met = (operation: FaultSwitch['operation']): number =>
    (before.get(operation) ?? 0) + left(current, operation) - left(faults.list(), operation);
  return {
    met,
    set: (switches: readonly FaultSwitch[]): void => {
      const operations = [...new Set(current.map(({ operation }) => operation))];
      for (const [operation, count] of operations.map((one) => [one, met(one)] as const)) {
        before.set(operation, count);
      }
      current = switches;
      faults.set(switches);
    },
  };
};

const countersFor = ({ counted }: Target): FaultSwitch[] =>
  counted === undefined ? [] : [counterOf(counted)];

const bySwitch = (sandbox: Sandbox, cause: Cause & { kind: 'switch' }, target: Target): Injection => {
  const switches = countingSwitches(sandbox);
  const { operation, isOnce, counted } = target;
  const { kind: _, ...fault } = cause;
  return {
    sandbox,
    observer: {},
    strike: async () =>
      switches.set([{ operation, ...fault, times: isOnce ? 1 : many }, ...countersFor(target)]),
    clear: async () => switches.set(countersFor(target)),
    isMet: () => switches.met(operation) > 0,
    requests: () => (counted === undefined ? 0 : switches.met(counted)),
    close: async () => switches.set([]),
  };
};

const keyOf = { SCOLLECT: 'scollect', RECOVERY_CONNECT: 'recoveryConnect' } as const;

/** A sandbox as it is seen with other settings for one of its systems. */
const withSettings = (sandbox: Sandbox, system: UpstreamSystem, settings: object): Sandbox => {
  const key = keyOf[system];
  return { ...sandbox, [key]: { ...sandbox[key], ...settings } };
};

interface ProxyFault {
  readonly strike: (proxy: FaultProxy) => Promise<void>;
  readonly clear: (proxy: FaultProxy) => Promise<void>;
  readonly isMet: (proxy: FaultProxy) => boolean;
}

const byTrouble = (trouble: Trouble): ProxyFault => {
  let before = 0;
  const seen = ({ seen: { exchanges, connections } }: FaultProxy): number => exchanges + connections;
  return {
    strike: async (proxy) => {
      before = seen(proxy);
      proxy.set(trouble);
    },
    clear: async (proxy) => proxy.set({ kind: 'none' }),
    isMet: (proxy) => seen(proxy) > before,
  };
};

const byRefusal: ProxyFault = {
  strike: async (proxy) => {
    await proxy.refuse();
    // The gateway is to know that its connections are closed: what it sends on one may have arrived.
    await pause(30);
  },
  clear: (proxy) => proxy.resume(),
  // A proxy does not see what it refuses. That nothing came through is the sign.
  isMet: () => true,
};

const byProxy = async (sandbox: Sandbox, fault: ProxyFault, target: Target): Promise<Injection> => {
  const { system, isOnce, calls, counted } = target;
  const proxy = await startFaultProxy(sandbox[keyOf[system]].url);
  const switches = countingSwitches(sandbox);
  let isStriking = false;
  let retries = 0;
  // It strikes what is sent first, and has passed when all of that is tried again.
  const onRetry = (): void => {
    retries += 1;
    if (isOnce && retries >= calls) void clear();
  };
  const clear = async (): Promise<void> => {
    if (!isStriking) return;
    isStriking = false;
    await fault.clear(proxy);
  };
  return {
    sandbox: withSettings(sandbox, system, { url: proxy.url }),
    observer: { onRetry },
    strike: async () => {
      switches.set(countersFor(target));
      isStriking = true;
      await fault.strike(proxy);
    },
    clear,
    isMet: () => fault.isMet(proxy),
    requests: () => (counted === undefined ? 0 : switches.met(counted)),
    close: async () => {
      switches.set([]);
      await clear();
      await proxy.close();
    },
  };
};

const wrongCredentials = { apiKey: 'no such key', pin: 'none', username: 'nobody', password: 'none' };
// Its first label is too long to be asked for: that it is not found does not hang on this machine's network.
const unknownHost = { url: `http://${'does-not-exist'.repeat(5)}.invalid` };

const bySetting = (sandbox: Sandbox, settings: object, target: Target): Injection => {
  const switches = countingSwitches(sandbox);
  const { system, counted } = target;
  return {
    sandbox: withSettings(sandbox, system, settings),
    observer: {},
    strike: async () => switches.set(countersFor(target)),
    clear: async () => {},
    isMet: () => true,
    requests: () => (counted === undefined ? 0 : switches.met(counted)),
    close: async () => switches.set([]),
  };
};

export const prepare = async (sandbox: Sandbox, cause: Cause, target: Target): Promise<Injection> => {
  switch (cause.kind) {
    case 'switch':
      return bySwitch(sandbox, cause, target);
    case 'proxy':
      return byProxy(sandbox, byTrouble(cause.trouble), target);
    case 'refused connections':
      return byProxy(sandbox, byRefusal, target);
    case 'unknown host':
      return bySetting(sandbox, unknownHost, target);
    case 'wrong credentials':
      return bySetting(sandbox, wrongCredentials, target);
  }
};
