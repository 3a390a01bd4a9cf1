import type { GraphQLField } from 'graphql';
import type { Column } from '../../upstreams/endpoint/column.ts';
import type { UpstreamOperation } from '../../upstreams/errors.ts';
import type { Scope } from '../caller.ts';
import type { Calls } from './calls.ts';
import { callsFor, relatedTo, type Things } from './things.ts';

/** A field that is selected of some objects. */
export interface Selected {
  readonly things: Things;
  readonly args: Readonly<Record<string, unknown>>;
  /** The name of the field in the response. */
  readonly responseKey: string;
  /** Returns the names of the fields that are selected below it, of an object type. */
  readonly selected: (typeName: string) => readonly string[];
  readonly scopes: ReadonlySet<Scope>;
}

/** What a field costs, and what it returns. A field declares it as `extensions.cost`; one without it costs nothing. */
export interface FieldCost {
  /** The columns that it reads: if the row may lack one of them, the full row is called for. */
  readonly reads?: (selected: Selected) => readonly Column<unknown>[];
  /** The calls that it makes itself. */
  readonly calls?: (selected: Selected) => readonly Calls[];
  /** The objects below it; left out if they are the same objects, seen from another side. */
  readonly gives?: (selected: Selected) => readonly Things[];
  /**
   * The argument that only identifies the object. An operation that consists of this field costs the same for each of
   * its values.
   */
  readonly naming?: string;
}

/** The extensions of a field with a cost. */
export const costing = (cost: FieldCost): { readonly cost: FieldCost } => ({ cost });

const free: FieldCost = {};

export const costOf = ({ extensions }: Pick<GraphQLField<unknown, unknown>, 'extensions'>): FieldCost =>
  (extensions['cost'] as FieldCost | undefined) ?? free;

/** One call of an endpoint for each of the objects. */
export const perThing = (endpoint: UpstreamOperation): Pick<FieldCost, 'calls'> => ({
  calls: ({ things }) => [callsFor(endpoint, things)],
});

/** Returns related objects, at no cost. */
export const giving = (name: string): FieldCost => ({ gives: ({ things }) => relatedTo(things, name) });

/** The full row of each, whatever its own row contains. */
export const fullRows = ({ things: { full } }: Pick<Selected, 'things'>): Calls[] => (full ? [full] : []);

export const textsIn = (value: unknown): string[] =>
  [value].flat().flatMap((one) => (typeof one === 'string' ? [one] : []));
