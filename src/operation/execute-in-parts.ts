import { type ExecutionResult, type GraphQLError, responsePathAsArray } from 'graphql';
import { Deliveries, type Group, type LaterData, type LaterParts } from './deliveries.ts';
import {
  errorAt,
  errorsOf,
  executeFields,
  executeRoot,
  type ItemSource,
  isBelow,
  isPromise,
  type NulledPlace,
  type Postponing,
  type Run,
  settle,
} from './execute-plan.ts';
import type { Pace, Paced } from './pace.ts';
import { type FieldInfo, ItemPlace, type Place } from './path.ts';
import type { Completion, DeferredPlan, OperationPlan } from './plan.ts';

// Executes queries with `@defer` and `@stream`. Resolvers are called in the same turn of the event loop as without the
// directives, so that loaders make the same calls. Only completed values wait: for the part that contains their parent.

/** A query that is executed in parts. */
export interface ExecutionInParts {
  readonly first: Promise<ExecutionResult>;
  /** It is complete when the first part is. */
  readonly later: LaterParts;
}

/** A part of the response while it is executed: what it postpones is delivered after it. */
class Part implements Postponing {
  readonly run: Run;
  readonly #deliveries: Deliveries;
  readonly #groups: Group[] = [];
  #isComplete = false;

  constructor(deliveries: Deliveries, pace: Pace | undefined) {
    const { context, variables } = deliveries;
    this.#deliveries = deliveries;
    this.run = { context, variables, failures: [], pace, postponed: this };
  }

  defer(fragments: readonly DeferredPlan[], source: unknown, place: Place | undefined): void {
    // Below a field that is null already.
    if (this.#isComplete) return;
    for (const fragment of fragments) {
      this.#groups.push(new DeferredFragment(this.#deliveries, fragment, source, place));
    }
  }

  stream(info: FieldInfo, item: Completion, list: ItemSource, from: number): void {
    // An item may fail before it is executed, and is not executed if one before it fails.
    for (const value of list.items) if (isPromise(value)) value.then(undefined, () => {});
    if (this.#isComplete) return;
    this.#groups.push(new StreamedList(this.#deliveries, { info, item, list, from }));
  }

  /** Drops what is below fields that are null for an error, and returns the others. */
  complete(isNull: boolean): readonly Group[] {
    this.#isComplete = true;
    const groups = this.#groups.splice(0);
    const { failures } = this.run;
    if (groups.length === 0 || (!isNull && failures.length === 0)) return groups;
    const nulled = new Set<Place>(failures.map(({ place }: NulledPlace) => place));
    const isKept = ({ place }: Group): boolean => !isNull && !isBelow(nulled, place);
    for (const group of groups) if (!isKept(group)) group.drop();
    return groups.filter(isKept);
  }
}

class DeferredFragment implements Group {
  readonly id: string;
  readonly label: string | undefined;
  readonly place: Place | undefined;
  readonly #deliveries: Deliveries;
  #isDropped = false;
  #isReleased = false;
  #result: LaterData | undefined;
  #below: readonly Group[] = [];

  constructor(
    deliveries: Deliveries,
    { fields, label }: DeferredPlan,
    source: unknown,
    place: Place | undefined,
  ) {
    this.id = deliveries.nextId();
    this.label = label;
    this.place = place;
    this.#deliveries = deliveries;
    const part = new Part(deliveries, deliveries.pace);
    const execute = async (): Promise<void> => {
      let data: object | null = null;
      let errors: readonly GraphQLError[];
      try {
        if (deliveries.pace?.failure) throw deliveries.pace.failure;
        data = await executeFields(part.run, fields, source, place);
        if (deliveries.pace?.failure) throw deliveries.pace.failure;
        errors = errorsOf(part.run.failures);
      } catch (error) {
        data = null;
        errors = [error as GraphQLError];
      }
      this.#complete({ of: this, data, errors, isLast: true }, part.complete(data === null));
    };
    deliveries.start(() => {
      if (!this.#isDropped) void execute();
    });
  }

  get path(): readonly (string | number)[] {
    return this.place ? responsePathAsArray(this.place) : [];
  }

  #complete(result: LaterData, below: readonly Group[]): void {
    if (this.#isDropped) {
      for (const group of below) group.drop();
      return;
    }
    this.#result = result;
    this.#below = below;
    if (!this.#isReleased) return;
    this.#deliver();
    this.#deliveries.notify();
  }

  release(): void {
    this.#isReleased = true;
    this.#deliveries.announce(this);
    if (this.#result) this.#deliver();
  }

  drop(): void {
    this.#isDropped = true;
    this.#result = undefined;
    for (const group of this.#below) group.drop();
    this.#below = [];
  }

  #deliver(): void {
    if (this.#result) this.#deliveries.release(this.#result);
    this.#result = undefined;
    for (const group of this.#below) group.release();
    this.#below = [];
  }
}

interface Streamed {
  readonly info: FieldInfo;
  readonly item: Completion;
  readonly list: ItemSource;
  readonly from: number;
}

interface CompletedItem {
  readonly value: unknown;
  readonly errors: readonly GraphQLError[];
  /** Whether the item cannot be null, and is for an error: the list ends. */
  readonly isFailed: boolean;
  readonly below: readonly Group[];
}

class StreamedList implements Group {
  readonly id: string;
  readonly label: string | undefined;
  readonly place: Place;
  readonly #deliveries: Deliveries;
  readonly #streamed: Streamed;
  #isReleased = false;
  /** The index of the item that is started next. */
  #started: number;
  /** The index of the item that is delivered next. */
  #next: number;
  /** The number of items; `undefined` while they arrive. */
  #end: number | undefined;
  /** Items that wait for earlier ones, or for the list. */
  readonly #completed = new Map<number, CompletedItem>();
  /** Whether no further item is delivered. */
  #isOver = false;

  constructor(deliveries: Deliveries, streamed: Streamed) {
    const { info, list, from } = streamed;
    this.id = deliveries.nextId();
    this.label = info.plan.stream?.label;
    this.place = info;
    this.#deliveries = deliveries;
    this.#streamed = streamed;
    this.#started = from;
    this.#next = from;
    this.#startItems();
    if (list.isComplete) this.#end = this.#started;
    else void this.#follow();
  }

  get path(): readonly (string | number)[] {
    return responsePathAsArray(this.place);
  }

  /** Starts the items that have arrived. */
  #startItems(): void {
    const { items } = this.#streamed.list;
    for (; this.#started < items.length; this.#started += 1) {
      const index = this.#started;
      const value = items[index];
      this.#deliveries.start(() => void this.#execute(index, value));
    }
  }

  /** Starts further items as they arrive. An error of the list comes after the items that arrived before it. */
  async #follow(): Promise<void> {
    const { info, list } = this.#streamed;
    try {
      while (!list.isComplete && !this.#isOver) {
        await list.reach(this.#started + 1);
        this.#startItems();
      }
      this.#end = this.#started;
      this.#change();
    } catch (error) {
      const errors = [this.#deliveries.pace?.failure ?? errorAt(info, info, error)];
      this.#complete(this.#started, { value: null, errors, isFailed: true, below: [] });
    }
  }

  async #execute(index: number, value: unknown): Promise<void> {
    const { info, item } = this.#streamed;
    const deliveries = this.#deliveries;
    const { pace } = deliveries;
    if (this.#isOver) return;
    const part = new Part(deliveries, pace);
    let completed: unknown = null;
    let errors: readonly GraphQLError[];
    let isFailed = false;
    try {
      if (pace?.failure) throw pace.failure;
      completed = await settle(part.run, info, item, new ItemPlace(info, index), value);
      if (pace?.failure) throw pace.failure;
      errors = errorsOf(part.run.failures);
    } catch (error) {
      completed = null;
      isFailed = true;
      errors = [error as GraphQLError];
    }
    this.#complete(index, { value: completed, errors, isFailed, below: part.complete(completed === null) });
  }

  #complete(index: number, item: CompletedItem): void {
    if (this.#isOver) {
      for (const group of item.below) group.drop();
      return;
    }
    this.#completed.set(index, item);
    this.#change();
  }

  #change(): void {
    if (!this.#isReleased) return;
    this.#deliver();
    this.#deliveries.notify();
  }

  release(): void {
    this.#isReleased = true;
    this.#deliveries.announce(this);
    this.#deliver();
  }

  drop(): void {
    this.#isOver = true;
    for (const { below } of this.#completed.values()) for (const group of below) group.drop();
    this.#completed.clear();
  }

  /** Releases the items whose turn it is. */
  #deliver(): void {
    for (let item = this.#completed.get(this.#next); item; item = this.#completed.get(this.#next)) {
      const { value, errors, isFailed, below } = item;
      this.#completed.delete(this.#next);
      const index = this.#next;
      this.#next += 1;
      this.#isOver = isFailed || this.#next === this.#end;
      this.#deliveries.release({
        of: this,
        items: isFailed ? null : [value],
        index,
        errors,
        isLast: this.#isOver,
      });
      for (const group of below) group.release();
      // Nobody waits for the further items.
      if (isFailed) this.drop();
    }
    if (this.#isOver || this.#next !== this.#end) return;
    // The list has ended after its last item was delivered.
    this.#isOver = true;
    this.#deliveries.release({ of: this, items: [], index: this.#next, errors: [], isLast: true });
  }
}

/** Executes a query whose plan has deferred fragments or streamed lists. */
export const executeInParts = (
  plan: OperationPlan,
  variables: Record<string, unknown>,
  context: object,
): ExecutionInParts => {
  const later = new Deliveries(context, variables);
  const { pace }: Paced = context;
  const part = new Part(later, pace);
  const first = executeRoot(part.run, plan).then((result) => {
    later.firstIsComplete(part.complete(!result.data));
    return result;
  });
  return { first, later };
};
