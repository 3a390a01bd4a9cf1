import type { GraphQLError } from 'graphql';
import type { Pace, Paced } from './pace.ts';
import type { Place } from './path.ts';

/** A deferred fragment or a streamed list, as a part before it announces it. */
export interface Announced {
  readonly id: string;
  readonly path: readonly (string | number)[];
  readonly label: string | undefined;
}

/** Data that comes after the first part. */
export interface LaterData {
  readonly of: Announced;
  /** The fields of a fragment; `null` for an error, `undefined` for a list. */
  readonly data?: object | null;
  /** Items of a list, none if only its end is reported; `null` for an error, which ends the list. */
  readonly items?: readonly unknown[] | null;
  /** The index of the first item. */
  readonly index?: number;
  /** Those with the paths of the whole response, in the order of their fields. */
  readonly errors: readonly GraphQLError[];
  /** Whether nothing more comes of the fragment or list. */
  readonly isLast: boolean;
}

/** Everything that is ready at one moment. */
export interface Delivery {
  readonly announced: readonly Announced[];
  readonly parts: readonly LaterData[];
  readonly hasNext: boolean;
}

/** The parts of a response after the first one. */
export interface LaterParts {
  /** The fragments and lists that are announced with the first part. If there are none, nothing comes later. */
  readonly announced: readonly Announced[];
  /** Waits until something is ready; `undefined` after the last part, and once stopped. What is not taken waits. */
  next(): Promise<Delivery | undefined>;
  /** Ends the delivery, and releases what is ready. */
  stop(): void;
  /** Fulfilled when everything is executed. */
  readonly executed: Promise<void>;
  /** The errors of all later parts that are executed. */
  readonly errors: readonly GraphQLError[];
}

/** A fragment or a list that comes later. */
export interface Group extends Announced {
  /** The object or the list that it is a part of. */
  readonly place: Place | undefined;
  /** What it is a part of is delivered, at the latest together with it. */
  release(): void;
  /** What it is a part of is null. */
  drop(): void;
}

/** Joins the items of one list that follow each other. */
const joinItems = (parts: readonly LaterData[]): LaterData[] => {
  const joined: LaterData[] = [];
  let open: { readonly items: unknown[]; readonly errors: GraphQLError[] } | undefined;
  for (const part of parts) {
    const last = joined.at(-1);
    if (open && last?.of === part.of && part.items) {
      open.items.push(...part.items);
      open.errors.push(...part.errors);
      joined[joined.length - 1] = { ...last, isLast: part.isLast };
      continue;
    }
    open = part.items ? { items: [...part.items], errors: [...part.errors] } : undefined;
    joined.push(open ? { ...part, ...open } : part);
  }
  return joined;
};

/** What all parts of one execution share. */
export class Deliveries implements LaterParts {
  readonly context: unknown;
  readonly variables: Record<string, unknown>;
  readonly pace: Pace | undefined;
  announced: readonly Announced[] = [];
  readonly executed: Promise<void>;
  readonly errors: GraphQLError[] = [];
  #onExecuted = (): void => {};
  #onFirst = (): void => {};
  readonly #firstIsComplete: Promise<void>;
  #ids = 0;
  /** Announced fragments and lists that are not completely ready. What is not announced is a part of one of them. */
  #left = 0;
  #isFirstComplete = false;
  #isStopped = false;
  #starts: (() => void)[] = [];
  #newlyAnnounced: Announced[] = [];
  #ready: LaterData[] = [];
  #wake: (() => void) | undefined;

  constructor(context: object, variables: Record<string, unknown>) {
    const { pace }: Paced = context;
    this.context = context;
    this.variables = variables;
    this.#firstIsComplete = new Promise((resolve) => {
      this.#onFirst = resolve;
    });
    this.executed = new Promise((resolve) => {
      this.#onExecuted = resolve;
    });
    this.pace = pace && this.#paceOfLater(pace);
  }

  /** Later parts get no further slice before the first part is complete, so that it never waits for them. */
  #paceOfLater(pace: Pace): Pace {
    return {
      isDue: () => pace.isDue(),
      next: () => (this.#isFirstComplete ? pace.next() : this.#firstIsComplete.then(() => pace.next())),
      get failure() {
        return pace.failure;
      },
    };
  }

  nextId(): string {
    const id = String(this.#ids);
    this.#ids += 1;
    return id;
  }

  /** Starts the execution of a part after the present one has called its resolvers, before their calls are sent. */
  start(begin: () => void): void {
    this.#starts.push(begin);
    if (this.#starts.length === 1) queueMicrotask(() => this.#startAll());
  }

  #startAll(): void {
    const again = (): void => this.#startAll();
    for (let index = 0; index < this.#starts.length; index += 1) {
      // A part begins even if the whole response fails: it reports the failure.
      if (this.pace?.isDue() && !this.pace.failure) {
        this.#starts.splice(0, index);
        this.pace.next().then(again, again);
        return;
      }
      this.#starts[index]?.();
    }
    this.#starts = [];
  }

  /** A part is ready, and so is what it is a part of. */
  release(part: LaterData): void {
    this.errors.push(...part.errors);
    if (part.isLast) this.#left -= 1;
    if (!this.#isStopped) this.#ready.push(part);
  }

  announce(announced: Announced): void {
    this.#left += 1;
    this.#newlyAnnounced.push(announced);
  }

  /** @param groups what comes later, if what is below it is not counted. */
  firstIsComplete(groups: readonly Group[]): void {
    this.#isFirstComplete = true;
    for (const group of groups) group.release();
    // What is below them is announced with them, even if it is ready.
    this.announced = groups;
    this.#newlyAnnounced = this.#newlyAnnounced.filter(
      (one) => !(groups as readonly Announced[]).includes(one),
    );
    this.#onFirst();
    this.notify();
  }

  /** Reports what is ready, once all that becomes ready at one moment is. */
  notify(): void {
    if (this.#isFirstComplete && this.#left === 0) this.#onExecuted();
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  async next(): Promise<Delivery | undefined> {
    while (!this.#isStopped && this.#ready.length === 0 && this.#left > 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isStopped || this.#ready.length === 0) return undefined;
    return {
      announced: this.#newlyAnnounced.splice(0),
      parts: joinItems(this.#ready.splice(0)),
      hasNext: this.#left > 0,
    };
  }

  stop(): void {
    this.#isStopped = true;
    this.#ready = [];
    this.#newlyAnnounced = [];
    this.#wake?.();
  }
}
