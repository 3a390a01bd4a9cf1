import { hash } from 'node:crypto';
import { LedgerError, type Outcome } from '../../../src/ledger/ledger.ts';
import type { Entry } from '../../../src/ledger/store.ts';
import { emptyStore, isChanging, type Method, transactionsOn } from './model-store.ts';
import { type Answered, createProperties } from './properties.ts';
import { executor, type Limits, type Scenario } from './scenario.ts';
import {
  leaseMs,
  type SimulatedGateway,
  type StoreCall,
  startSimulatedGateway,
  tickMs,
  type WorldTime,
} from './simulated-gateway.ts';
import { conclude, type Sent } from './upstream.ts';

/** Processes that run the real ledger, a store, an upstream and clocks, whose next step is chosen from outside. */
export interface World {
  /** The steps that may come next. */
  enabled(): string[];
  /** Executes a step, and everything that follows from it without a further one. */
  perform(step: string): Promise<void>;
  /** The first property that does not hold. */
  violation(): string | null;
  /** Equal for worlds that cannot be distinguished by any later step. */
  key(): string;
  /** Ends all requests without further failures, and sends one more with the key to a new gateway. */
  finish(): Promise<void>;
}

const never: Limits = {
  ticks: 0,
  leases: 0,
  crashes: 0,
  restarts: 0,
  losses: 0,
  delays: 0,
  renewals: 0,
  looks: 0,
  clockSteps: 0,
  longTicks: 0,
  resolutions: 0,
};

/** More than a key is kept, so that a rule that used the wall clock would be wrong by far. */
const clockStepMs = 1e12;

/** Runs everything that needs no further step: only promises wait. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Longer than any run of the model, and than a lease. */
const waitMs = 12 * tickMs;

const operatorName = 'operator';

export const startWorld = async (scenario: Scenario): Promise<World> => {
  const { conducts, operator, mutation = {}, execute = executor, keyLifeMs = 1e9 } = scenario;
  const committed = emptyStore();
  const transactions = transactionsOn(committed) as Record<Method, (...args: unknown[]) => unknown>;
  // Where no key expires, their results change nothing.
  const isTimeless = scenario.keyLifeMs === undefined;
  const immediate: readonly Method[] = isTimeless ? ['marks', 'removeExpired', 'raise'] : [];
  const time: WorldTime = { now: 0, wallOffset: 1e12 };
  const left: Record<keyof Limits, number> = { ...never, ...scenario.limits };
  const gateways = new Map<string, SimulatedGateway>();
  const toBegin = new Map<string, number>();
  const sent: Sent[] = [];
  const names = new Map<string, string>();
  let requests = 0;
  let open = 0;

  const properties = createProperties({ scenario, committed, sent, time });

  const nameIds = (gateway: string, { id, attempt }: Entry): void => {
    for (const each of [id, attempt]) if (!names.has(each)) names.set(each, `${gateway}.${names.size}`);
  };

  const start = async (name: string): Promise<SimulatedGateway> => {
    const gateway = await startSimulatedGateway({
      name,
      committed,
      time,
      keyLifeMs,
      immediate,
      mutation,
      onEntry: nameIds,
    });
    gateways.set(name, gateway);
    return gateway;
  };

  const send = (gateway: SimulatedGateway, attempt: string) => {
    properties.onSend(attempt);
    return new Promise<Parameters<Sent['end']>[0]>((end) => {
      sent.push({ gateway: gateway.name, state: 'in flight', end });
    });
  };

  const request = (gateway: SimulatedGateway): void => {
    requests += 1;
    open += 1;
    const asked = properties.begin(gateway.name);
    const answered = (answer: Answered): void => {
      open -= gateway.isAlive ? 1 : 0;
      properties.onAnswer(asked, answer);
    };
    const write = {
      caller: 'ann',
      idempotencyKey: 'key',
      operation: 'runPayment',
      input: null,
      subject: null,
      waitMs,
    };
    gateway.ledger
      .once<string>(write, (attempt) => execute(attempt, () => send(gateway, attempt.outcomeId)))
      .then(
        (outcome: Outcome) => answered(outcome),
        (error: unknown) => {
          if (!(error instanceof LedgerError)) throw error;
          answered({ kind: 'failed', isSent: error.isSent, entry: error.entry });
        },
      );
  };

  /** Resolves the first outcome in the list, by what is true when the list is there. */
  const operate = async (gateway: SimulatedGateway): Promise<void> => {
    const [first] = await gateway.ledger.open();
    const isCharged = sent.some(({ state }) => state === 'executed');
    gateway.learn(`charged: ${isCharged}, of ${sent.length}`);
    if (!first || (operator === 'careful' && sent.some(({ state }) => state === 'in flight'))) return;
    gateway.isReleasing = !isCharged;
    await gateway.ledger.resolve(first.outcomeId, isCharged ? 'found' : null);
    gateway.isReleasing = false;
  };

  /** Lets the store execute a call. */
  const execution = ({ method, args, isRelease }: StoreCall): unknown => {
    const before = new Map(committed.entries);
    const value = transactions[method](...args);
    if (isChanging(method)) properties.onCommit(before, isRelease);
    return value;
  };

  const live = (): SimulatedGateway[] => [...gateways.values()].filter(({ isAlive }) => isAlive);
  const gatewayOf = (name: string): SimulatedGateway => {
    const gateway = gateways.get(name);
    if (!gateway) throw new RangeError(`There is no gateway ${name}.`);
    return gateway;
  };

  const stepsOf = (gateway: SimulatedGateway): string[] => {
    const { name, calls, timers, isAlive } = gateway;
    const steps: string[] = [];
    for (const [number, call] of calls) {
      if (!isAlive) {
        if (isChanging(call.method)) steps.push(`store executes late ${name} ${number}`);
        continue;
      }
      steps.push(`store answers ${name} ${number}`);
      if (left.delays > 0 && !call.result) steps.push(`store executes ${name} ${number}`);
      if (left.losses > 0) steps.push(`connection lost ${name} ${number}`);
    }
    if (!isAlive) return steps;
    for (const [number, { kind, due }] of timers) {
      const isLeft = kind === 'pause' || (kind === 'renew' ? left.renewals > 0 : left.looks > 0);
      if (isLeft && due <= time.now) steps.push(`timer ${name} ${number}`);
    }
    if (left.crashes > 0 && name !== operatorName) steps.push(`crash ${name}`);
    return steps;
  };

  /** Gateways that have not begun are alike: they begin in the order of their names. */
  const beginning = (): string[] => {
    const waiting = [...toBegin].filter(([name, count]) => count > 0 && gateways.get(name)?.isAlive);
    const isFresh = ([name, count]: readonly [string, number]): boolean =>
      count === scenario.requests[Number(name.slice(1))];
    const first = waiting.find(isFresh);
    return waiting.filter((one) => one === first || !isFresh(one)).map(([name]) => `request ${name}`);
  };

  const upstreamSteps = (): string[] =>
    sent.flatMap(({ state, gateway }, number) => {
      if (state !== 'in flight') return [];
      const isHeard = gateways.get(gateway)?.isAlive;
      // Nobody hears how it ends.
      const distinct = isHeard ? conducts : (['execute and lose', 'drop'] as const);
      return distinct.map((conduct) => `upstream ${number} ${conduct}`);
    });

  const enabled: World['enabled'] = () => [
    ...[...gateways.values()].flatMap(stepsOf),
    ...beginning(),
    ...upstreamSteps(),
    ...abandoned.map((_, place) => `store executes abandoned ${place}`),
    ...(left.restarts > 0 && live().length < gateways.size ? ['restart'] : []),
    ...(operator && left.resolutions > 0 && sentOrBegun() ? ['resolve'] : []),
    ...(left.clockSteps > 0 ? ['clock forward', 'clock back'] : []),
    ...(left.ticks > 0 && requests > 0 ? ['tick'] : []),
    ...(left.leases > 0 && requests > 0 ? ['lease passes'] : []),
    ...(left.longTicks > 0 && requests > 0 ? ['long tick'] : []),
  ];

  /** Before there is an entry there is nothing to resolve. */
  const sentOrBegun = (): boolean => committed.entries.size > 0;

  const storeStep = (
    verb: 'answers' | 'executes' | 'late',
    gateway: SimulatedGateway,
    number: number,
  ): void => {
    const call = gateway.calls.get(number);
    if (!call) throw new RangeError(`There is no call ${number} of ${gateway.name}.`);
    call.result ??= { value: execution(call) };
    if (verb === 'executes') {
      left.delays -= 1;
      return;
    }
    gateway.calls.delete(number);
    if (verb === 'late') return;
    gateway.learn(`${number} ${describe(call.result.value)}`);
    call.resolve(call.result.value);
  };

  const lose = (gateway: SimulatedGateway, number: number): void => {
    const call = gateway.calls.get(number);
    if (!call) throw new RangeError(`There is no call ${number} of ${gateway.name}.`);
    left.losses -= 1;
    gateway.calls.delete(number);
    if (!call.result && isChanging(call.method)) abandoned.push(call);
    gateway.learn(`${number} lost`);
    call.reject(new Error('The connection is lost.'));
  };

  /** Calls that the store may still execute, though their sender has given up. */
  const abandoned: StoreCall[] = [];

  const fire = (gateway: SimulatedGateway, number: number): void => {
    const timer = gateway.timers.get(number);
    if (!timer) throw new RangeError(`There is no timer ${number} of ${gateway.name}.`);
    if (timer.everyMs === null) gateway.timers.delete(number);
    else timer.due = time.now + timer.everyMs;
    if (timer.kind === 'renew') left.renewals -= 1;
    if (timer.kind === 'upkeep') left.looks -= 1;
    gateway.learn(`timer ${number}`);
    timer.run();
  };

  const crash = (gateway: SimulatedGateway): void => {
    left.crashes -= 1;
    gateway.isAlive = false;
    open -= properties.abandon(gateway.name);
    for (const [number, { method, result }] of gateway.calls) {
      if (result || !isChanging(method)) gateway.calls.delete(number);
    }
    gateway.timers.clear();
  };

  const restart = async (): Promise<void> => {
    left.restarts -= 1;
    const name = `g${gateways.size}`;
    await start(name);
    toBegin.set(name, 1);
  };

  const step = async (text: string): Promise<void> => {
    const words = text.split(' ');
    const numbered = [gateways.get(words.at(-2) ?? ''), Number(words.at(-1))] as const;
    const [gateway, number] = numbered;
    if (text === 'tick') {
      left.ticks -= 1;
      time.now += tickMs;
    } else if (text === 'lease passes') {
      left.leases -= 1;
      time.now += leaseMs;
    } else if (text === 'long tick') {
      left.longTicks -= 1;
      time.now += keyLifeMs / 2;
    } else if (text === 'restart') await restart();
    else if (text === 'resolve') {
      left.resolutions -= 1;
      void operate(gatewayOf(operatorName)).catch(() => {});
    } else if (words[0] === 'clock') {
      left.clockSteps -= 1;
      time.wallOffset += words[1] === 'forward' ? clockStepMs : -clockStepMs;
    } else if (words[0] === 'request') {
      const name = words[1] ?? '';
      toBegin.set(name, (toBegin.get(name) ?? 0) - 1);
      gatewayOf(name).learn('request');
      request(gatewayOf(name));
    } else if (words[0] === 'crash') crash(gatewayOf(words[1] ?? ''));
    else if (words[0] === 'upstream') {
      const place = Number(words[1]);
      const call = sent[place];
      if (!call) throw new RangeError(`There is no call ${place}.`);
      const conduct = words.slice(2).join(' ') as Parameters<typeof conclude>[2];
      gateways.get(call.gateway)?.learn(`upstream ${place} ${conduct}`);
      conclude(call, place, conduct);
    } else if (words[2] === 'abandoned') {
      const [given] = abandoned.splice(Number(words.at(-1)), 1);
      if (given) execution(given);
    } else if (!gateway) throw new RangeError(`There is no step: ${text}`);
    else if (words[0] === 'timer') fire(gateway, number);
    else if (words[0] === 'connection') lose(gateway, number);
    else
      storeStep(
        words[2] === 'late' ? 'late' : words[1] === 'answers' ? 'answers' : 'executes',
        gateway,
        number,
      );
  };

  const perform: World['perform'] = async (text) => {
    await step(text);
    await settle();
    properties.afterStep();
  };

  const describe = (value: unknown): string =>
    JSON.stringify(value, (_, part: unknown) => {
      if (part instanceof Map) return null;
      if (typeof part !== 'object' || part === null || !('keyDigest' in part)) return part;
      return describeEntry(part as Entry);
    }) ?? 'nothing';

  /** Times on the ledger's clock only matter where keys expire. */
  const describeEntry = ({ id, attempt, state, version, outcome, expiresAt, changedAt }: Entry) => [
    names.get(id),
    names.get(attempt),
    state,
    version,
    outcome,
    isTimeless ? expiresAt === null : [expiresAt, changedAt],
  ];

  const key: World['key'] = () =>
    hash(
      'md5',
      JSON.stringify([
        time,
        left,
        [...committed.entries.values()].map(describeEntry),
        isTimeless ? null : [...committed.marks],
        [...gateways.values()].map((gateway) => [
          gateway.isAlive && gateway.history(),
          [...gateway.calls].map(([number, { method, args, result }]) => [
            number,
            result && describe(result.value),
            !gateway.isAlive && [method, describe(args)],
          ]),
          // The others follow from what the process has learned.
          gateway.isAlive && [...gateway.timers].map(([number, { due }]) => [number, due]),
        ]),
        abandoned.map(({ method, args }) => [method, describe(args)]),
        [...toBegin],
        sent.map(({ gateway, state }) => [gateway, state]),
        properties.key(),
      ]),
    );

  /** The next step of a world in which nothing fails any more. */
  const fairStep = (): string => {
    for (const gateway of live()) {
      const [number] = [...gateway.calls.keys()];
      if (number !== undefined) return `store answers ${gateway.name} ${number}`;
    }
    for (const [number, { state, gateway }] of sent.entries()) {
      if (state === 'in flight' && gateways.get(gateway)?.isAlive) return `upstream ${number} ${conducts[0]}`;
    }
    for (const { name, timers } of live()) {
      const due = [...timers].find(([, timer]) => timer.due <= time.now);
      if (due) return `timer ${name} ${due[0]}`;
    }
    return 'tick';
  };

  const end = async (what: string): Promise<void> => {
    for (let steps = 0; open > 0; steps += 1) {
      if (steps === 2000) return properties.fail(`${what} does not end`);
      await perform(fairStep());
      if (properties.violation() !== null) return;
    }
  };

  const finish: World['finish'] = async () => {
    await end('a request');
    const probe = await start('probe');
    request(probe);
    await settle();
    await end('a repeated request');
  };

  for (const [place, count] of scenario.requests.entries()) {
    await start(`g${place}`);
    toBegin.set(`g${place}`, count);
  }
  if (operator) await start(operatorName);

  return { enabled, perform, violation: properties.violation, key, finish };
};
