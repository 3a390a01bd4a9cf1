import { createHash } from 'node:crypto';
import { InFlightSet } from '../lib/in-flight-set.ts';
import { Changes } from './changes.ts';
import type { WriteReports } from './write-reports.ts';

/** A part of an object that is read by one upstream call. */
export interface PolledPart<Part extends string> {
  readonly part: Part;
  /** Reads it anew, from no cache. */
  readonly read: () => Promise<unknown>;
  /** The values that are compared; the whole response unless given. */
  readonly compared?: (response: never) => unknown;
}

/** An object whose changes are wanted. */
export interface Polled<Part extends string> {
  /** What sees the object: callers with the same credentials of the upstreams share a poll. */
  readonly source: object;
  /** The same for the same object. */
  readonly name: string;
  /** The scopes of its reads: a write that invalidates one of them may change it. The same in all processes. */
  readonly scopes: readonly string[];
  readonly parts: readonly PolledPart<Part>[];
}

export interface PollLimits {
  /** Milliseconds from the end of one poll to the begin of the next, which vary by a tenth. */
  readonly intervalMs: number;
  /** The maximum number of objects that are polled. */
  readonly maxObjects: number;
}

export const defaultPollLimits: PollLimits = { intervalMs: 15_000, maxObjects: 500 };

/** Why no further object is polled. */
export class TooManyPollsError extends Error {}

/** After so many failed polls in a row the subscribers get the error, instead of silence. */
const maxFailures = 5;

/** Failed polls are repeated after up to so many times the interval. */
const longestBackoff = 8;

/**
 * The digest of what a part contains: an object in memory for hours should hold no personal data. It is compared
 * within the process only.
 */
const digestOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('base64');

interface Subscriber {
  readonly parts: ReadonlyMap<string, PolledPart<string>>;
  readonly changes: Changes<string>;
}

/** Returns the milliseconds until the next poll. */
const delayOf = (intervalMs: number, failures: number): number =>
  intervalMs * Math.min(2 ** failures, longestBackoff) * (0.9 + 0.2 * Math.random());

/** The poll of one object with one credential, shared by its subscribers. */
class Poll {
  readonly #intervalMs: number;
  readonly #onEmpty: () => void;
  readonly #subscribers = new InFlightSet<Subscriber>();
  readonly #digests = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  /** The failures in a row of each part. */
  readonly #failures = new Map<string, number>();
  #isRunning = false;
  /** Whether another one follows it at once. */
  #isAgain = false;

  constructor(intervalMs: number, onEmpty: () => void) {
    this.#intervalMs = intervalMs;
    this.#onEmpty = onEmpty;
  }

  get subscribers(): number {
    return this.#subscribers.size;
  }

  /** Resolves when the present state of all parts is known. @throws if it cannot be read. */
  async add(parts: readonly PolledPart<string>[]): Promise<Changes<string>> {
    const changes = new Changes<string>(() => leave());
    const subscriber = { parts: new Map(parts.map((part) => [part.part, part])), changes };
    const forget = this.#subscribers.add(subscriber);
    const leave = (): void => {
      forget();
      if (this.#subscribers.size === 0) this.#stop();
    };
    try {
      const unknown = parts.filter(({ part }) => !this.#digests.has(part));
      await Promise.all(unknown.map((part) => this.#readFirst(part)));
    } catch (error) {
      changes.end();
      throw error;
    }
    if (this.subscribers > 0 && !this.#timer && !this.#isRunning) this.#schedule();
    return changes;
  }

  /** Polls at once: something was written. */
  now(): void {
    if (this.#isRunning) {
      this.#isAgain = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isRunning = true;
    // It does not fail: the errors of reads are kept.
    void this.#run();
  }

  /** Ends all subscriptions. */
  end(): void {
    for (const { changes } of this.#subscribers.all()) changes.end();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#onEmpty();
  }

  async #readFirst({ part, read, compared }: PolledPart<string>): Promise<void> {
    const response = await read();
    // A poll may have read it meanwhile.
    if (!this.#digests.has(part))
      this.#digests.set(part, digestOf(compared?.(response as never) ?? response));
  }

  #schedule(): void {
    this.#timer = setTimeout(
      () => this.now(),
      delayOf(this.#intervalMs, Math.max(0, ...this.#failures.values())),
    ).unref();
  }

  async #run(): Promise<void> {
    const parts = new Map(this.#subscribers.all().flatMap((subscriber) => [...subscriber.parts]));
    const changed = new Map<string, unknown>();
    const failed = new Map<string, unknown>();
    const readAgain = async ({ part, read, compared }: PolledPart<string>): Promise<void> => {
      try {
        const response = await read();
        const digest = digestOf(compared?.(response as never) ?? response);
        const before = this.#digests.get(part);
        this.#digests.set(part, digest);
        this.#failures.delete(part);
        if (before !== undefined && before !== digest) changed.set(part, response);
      } catch (error) {
        const failures = (this.#failures.get(part) ?? 0) + 1;
        this.#failures.set(part, failures);
        if (failures >= maxFailures) failed.set(part, error);
      }
    };
    await Promise.all([...parts.values()].map(readAgain));
    this.#isRunning = false;
    for (const subscriber of this.#subscribers.all()) {
      const { parts: own, changes } = subscriber;
      const wanted = [...changed].filter(([part]) => own.has(part));
      if (wanted.length > 0) changes.add(wanted);
      const [failure] = [...failed].filter(([part]) => own.has(part));
      if (failure) changes.fail(failure[1]);
    }
    if (this.#subscribers.size === 0) return;
    if (this.#isAgain) {
      this.#isAgain = false;
      this.now();
    } else {
      this.#schedule();
    }
  }
}

/** The polls of a process: one for each object and credential, as long as it has subscribers. */
export class Polls {
  readonly #limits: PollLimits;
  readonly #reports: WriteReports | null;
  readonly #bySource = new Map<object, Map<string, Poll>>();
  readonly #byScope = new Map<string, Set<Poll>>();
  #receiving: Promise<void> | undefined;
  #size = 0;
  #isEnded = false;

  /** @param reports those of writes to and from other processes; `null` if there are none. */
  constructor(limits: PollLimits, reports: WriteReports | null = null) {
    this.#limits = limits;
    this.#reports = reports;
  }

  /** The number of objects that are polled. */
  get size(): number {
    return this.#size;
  }

  /** Whether objects may be followed, here or by other processes, that a write changes. */
  get mayFollow(): boolean {
    return this.#size > 0 || this.#reports !== null;
  }

  get subscriptions(): number {
    let sum = 0;
    for (const polls of this.#bySource.values()) for (const poll of polls.values()) sum += poll.subscribers;
    return sum;
  }

  /**
   * Subscribes to the changes of an object from now on.
   *
   * @throws {TooManyPollsError} if as many objects as allowed are polled, and what the first read throws.
   */
  async subscribe<Part extends string>({
    source,
    name,
    scopes,
    parts,
  }: Polled<Part>): Promise<Changes<Part>> {
    // A write after the first read is reported, also by another process.
    this.#receiving ??= this.#reports?.receive((written) => this.#pollNow(written));
    await this.#receiving;
    const polls = this.#bySource.get(source) ?? new Map<string, Poll>();
    const poll = polls.get(name) ?? this.#begin(source, polls, name, scopes);
    const changes = await poll.add(parts);
    if (this.#isEnded) changes.end();
    return changes as Changes<Part>;
  }

  /**
   * Polls at once the objects that a write may have changed, also those of other processes.
   *
   * @param scopes those that it invalidates.
   */
  changed(scopes: readonly string[]): void {
    this.#pollNow(scopes);
    this.#reports?.send(scopes);
  }

  /** Ends all subscriptions, and later ones at once. */
  end(): void {
    this.#isEnded = true;
    for (const polls of [...this.#bySource.values()]) for (const poll of [...polls.values()]) poll.end();
  }

  #pollNow(scopes: readonly string[]): void {
    const concerned = new Set(scopes.flatMap((scope) => [...(this.#byScope.get(scope) ?? [])]));
    for (const poll of concerned) poll.now();
  }

  #begin(source: object, polls: Map<string, Poll>, name: string, scopes: readonly string[]): Poll {
    if (this.#size >= this.#limits.maxObjects) throw new TooManyPollsError('Too many objects are polled.');
    const poll = new Poll(this.#limits.intervalMs, () => {
      if (polls.get(name) !== poll) return;
      polls.delete(name);
      this.#size -= 1;
      if (polls.size === 0) this.#bySource.delete(source);
      for (const scope of scopes) {
        const ofScope = this.#byScope.get(scope);
        ofScope?.delete(poll);
        if (ofScope?.size === 0) this.#byScope.delete(scope);
      }
    });
    polls.set(name, poll);
    this.#bySource.set(source, polls);
    for (const scope of scopes) {
      const ofScope = this.#byScope.get(scope) ?? new Set();
      this.#byScope.set(scope, ofScope.add(poll));
    }
    this.#size += 1;
    return poll;
  }
}
