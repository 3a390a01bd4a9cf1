import type { KnownEntry, Outcome } from '../../../src/ledger/ledger.ts';
import type { Entry } from '../../../src/ledger/store.ts';
import type { Committed } from './model-store.ts';
import type { Scenario } from './scenario.ts';
import type { WorldTime } from './simulated-gateway.ts';
import { isCertainlyNotExecuted, mayBeExecuted, type Sent } from './upstream.ts';

/** How a request ended: with an outcome, or a failure of the store. */
export type Answered =
  | Outcome
  | { readonly kind: 'failed'; readonly isSent: boolean; readonly entry: KnownEntry | null };

interface Request {
  readonly gateway: string;
  /** Whether, at some time since it began, nothing under its key was or could become executed. */
  wasFree: boolean;
  isOpen: boolean;
}

/** What the ledger promises, checked at each step of a world. */
export interface Properties {
  begin(gateway: string): Request;
  /** Ends the requests of a dead gateway; returns their number. */
  abandon(gateway: string): number;
  onSend(attempt: string): void;
  onCommit(before: ReadonlyMap<string, Entry>, isRelease: boolean): void;
  onAnswer(request: Request, answer: Answered): void;
  afterStep(): void;
  fail(what: string): void;
  violation(): string | null;
  /** What the checks of later steps depend on. */
  key(): unknown;
}

interface PropertiesParts {
  readonly scenario: Scenario;
  readonly committed: Committed;
  readonly sent: readonly Sent[];
  readonly time: WorldTime;
}

/** Every change of the store takes a millisecond of the ledger's clock, also where no time has passed. */
const clockToleranceMs = 100;

export const createProperties = ({ scenario, committed, sent, time }: PropertiesParts): Properties => {
  const { operator, keyLifeMs = Number.POSITIVE_INFINITY } = scenario;
  /** What a hasty operator reports may be wrong: then a key may be charged twice, and answers may contradict it. */
  const isTrusted = operator !== 'hasty';
  const requests: Request[] = [];
  const settledAt = new Map<string, number>();
  /** The calls that were sent before the key expired. */
  let expired = 0;
  /** The calls that were sent before an operator reported that nothing was executed. */
  let excused = 0;
  let releases = 0;
  let violated: string | null = null;

  const fail = (what: string): void => {
    violated ??= what;
  };

  const current = (): readonly Sent[] => sent.slice(expired);

  const isFree = (): boolean =>
    sent.every(
      (one, place) =>
        place < expired || isCertainlyNotExecuted(one) || (place < excused && one.state === 'dropped'),
    );

  const onSend: Properties['onSend'] = (attempt) => {
    const entry = [...committed.entries.values()].find((one) => one.attempt === attempt);
    if (entry?.state !== 'PENDING') fail('a call was sent without the key');
    const uncertain = current().filter((one) => !isCertainlyNotExecuted(one));
    if (uncertain.length > releases) fail('a call was sent although an earlier one may have been executed');
  };

  const onRemoval = ({ id, expiresAt }: Entry): void => {
    const since = settledAt.get(id) ?? Number.NEGATIVE_INFINITY;
    if (expiresAt === null) fail('an open outcome was removed');
    if (time.now - since < keyLifeMs - clockToleranceMs) fail('a key was removed before it expired');
    expired = sent.length;
    excused = 0;
    releases = 0;
  };

  const onCommit: Properties['onCommit'] = (before, isRelease) => {
    for (const [id, old] of before) {
      const entry = committed.entries.get(id);
      if (!entry) onRemoval(old);
      else if (old.state === 'SETTLED' && (entry.state !== 'SETTLED' || entry.outcome !== old.outcome))
        fail(`a recorded outcome was replaced by ${entry.state}`);
    }
    for (const [id, entry] of committed.entries) {
      const old = before.get(id);
      if (old === entry) continue;
      const isOpen = entry.state === 'PENDING' || entry.state === 'UNKNOWN';
      if (isOpen && entry.expiresAt !== null) fail('an open outcome expires');
      if (!isOpen) settledAt.set(id, time.now);
      if (isRelease && entry.state === 'RELEASED') {
        releases += 1;
        excused = sent.length;
      }
    }
  };

  const isRecorded = (outcome: unknown): boolean =>
    [...committed.entries.values()].some(
      (entry) => entry.state === 'SETTLED' && entry.outcome === JSON.stringify(outcome),
    );

  const onAnswer: Properties['onAnswer'] = (request, answer) => {
    request.isOpen = false;
    const isNotExecuted = answer.kind === 'released' || (answer.kind === 'failed' && answer.entry === null);
    if (isNotExecuted && isTrusted && !request.wasFree)
      fail('reported as not executed, but it may have been executed');
    if (answer.kind === 'settled' && isTrusted && !isRecorded(answer.outcome))
      fail('an outcome was reported that is not recorded');
    if (answer.kind === 'conflict') fail('a repeated request was taken for another one');
    if (answer.kind === 'inFlight' && request.gateway === 'probe') fail('a key stays in flight');
  };

  const afterStep = (): void => {
    const isNowFree = isFree();
    for (const request of requests) if (request.isOpen && isNowFree) request.wasFree = true;
    if (!isTrusted) return;
    if (current().filter(({ state }) => state === 'executed').length > 1) fail('charged twice');
    const isHeld = [...committed.entries.values()].some(({ state }) => state !== 'RELEASED');
    if (current().some(mayBeExecuted) && !isHeld) fail('the key of a call that may be executed is free');
  };

  return {
    begin: (gateway) => {
      const request = { gateway, wasFree: isFree(), isOpen: true };
      requests.push(request);
      return request;
    },
    abandon: (gateway) => {
      const open = requests.filter((request) => request.isOpen && request.gateway === gateway);
      for (const request of open) request.isOpen = false;
      return open.length;
    },
    onSend,
    onCommit,
    onAnswer,
    afterStep,
    fail,
    violation: () => violated,
    key: () => [requests.map(({ wasFree, isOpen }) => isOpen && wasFree), expired, excused, releases],
  };
};
