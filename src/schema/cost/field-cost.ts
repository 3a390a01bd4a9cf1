import type { Scope } from '../../operation/caller.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import { pageSize } from '../kit/builder.ts';
import type { Calls } from './calls.ts';
import { callsFor, type Things } from './cost-node.ts';

/** A field that is selected of some things. */
export interface Asked {
  readonly things: Things;
  readonly args: Readonly<Record<string, unknown>>;
  /** By which name the answer tells it. */
  readonly responseKey: string;
  /** The names of the fields that are selected below it, of an object type. */
  readonly selected: (typeName: string) => readonly string[];
  readonly scopes: ReadonlySet<Scope>;
}

/** What a field costs, and what it gives. */
export interface FieldCost {
  /** The columns that it reads: where the row at hand may lack one, the full row is asked for. */
  readonly reads?: (asked: Asked) => readonly Column<unknown>[];
  /** The calls that it makes itself. */
  readonly calls?: (asked: Asked) => readonly Calls[];
  /** What is selected of below it; left out where that is the same things, seen from another side. */
  readonly gives?: (asked: Asked) => readonly Things[];
}

export type FieldCosts = Readonly<Record<string, FieldCost>>;

/** One call of an operation for each of the things. */
export const perThing = (operation: string): FieldCost => ({
  calls: ({ things }) => [callsFor(operation, things)],
});

/** The full row of each, whatever its own row tells. */
export const fullRows = ({ things: { full } }: Asked): Calls[] => (full ? [full] : []);

const numberIn = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** How many items a page of a connection has, of a list of so many. */
export const sizeOfPage = (
  { first, last }: Readonly<Record<string, unknown>>,
  size: number = pageSize.max,
): number => {
  const fromStart = numberIn(first) ?? (typeof last === 'number' ? pageSize.max : pageSize.default);
  return Math.max(0, Math.min(fromStart, numberIn(last) ?? pageSize.max, size, pageSize.max));
};

export const textsIn = (value: unknown): string[] =>
  [value].flat().flatMap((one) => (typeof one === 'string' ? [one] : []));
