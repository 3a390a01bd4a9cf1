import type { UpstreamOperation } from '../../upstreams/errors.ts';
import { type Calls, times } from './calls.ts';

/** Objects of one type of which fields are selected, as far as they are known before any call. */
export interface Things {
  /** Equal names are the same objects; each stands for `each` of them. */
  readonly names: readonly string[];
  readonly each: number;
  /** The number of responses that contain them: objects of one response are available at the same moment. */
  readonly arrivals: number;
  /** Distinguishes what is selected of these objects from what is selected of others. */
  readonly key: string;
  /** The parent that their resolvers get, but its row has the documented keys only (`known-row.ts`). */
  readonly parent: object;
  /** The calls for what the row lacks; left out if there are none, or they were counted already. */
  readonly full?: Calls;
  /** The type, if the type of their field is an interface or a union. */
  readonly type?: string;
  /** Whether the request has their rows already, so that they cost no call when they are reached again. */
  readonly isLoaded?: boolean;
  /** The objects that they belong to, or lead to, each under a name that fields agree on. */
  readonly related?: Readonly<Record<string, Things>>;
}

type Rest = Pick<Things, 'parent'> & Partial<Omit<Things, 'names' | 'each' | 'key'>>;

export const countOf = ({ names, each }: Pick<Things, 'names' | 'each'>): number => times(names.length, each);

/** Objects that are identified by keys of their own. */
export const named = (kind: string, keys: readonly string[], rest: Rest): Things => {
  const names = [...new Set(keys)].map((key) => `${kind}:${key}`);
  return { names, each: 1, arrivals: 1, key: JSON.stringify(names), ...rest };
};

/** Objects of which each of some others has one. */
export const oneOf = (of: Things, relation: string, rest: Rest = { parent: {} }): Things => ({
  names: of.names.map((name) => `${name}/${relation}`),
  each: of.each,
  arrivals: of.arrivals,
  key: `${of.key}/${relation}`,
  ...rest,
});

/** Objects of which each of some others has several, in one response for each. */
export const severalOf = (
  of: Things,
  relation: string,
  size: number,
  rest: Rest = { parent: {} },
): Things => ({
  ...oneOf(of, relation, rest),
  each: times(of.each, size),
  arrivals: countOf(of),
});

/** Returns related objects, if there are any. */
export const relatedTo = ({ related }: Pick<Things, 'related'>, name: string): Things[] => {
  const found = related?.[name];
  return found ? [found] : [];
};

type Operation = Pick<UpstreamOperation, 'operation'>;

/** One call for each of some objects. */
export const callsFor = ({ operation }: Operation, { names, each }: Things): Calls => ({
  operation,
  names,
  each,
});

/** One call for all that are requested at one moment, up to a number of them. */
export const batchOf = (endpoint: Operation, things: Things, perCall: number): Calls => ({
  ...callsFor(endpoint, things),
  perCall,
});

/** One call for the whole request. */
export const once = ({ operation }: Operation): Calls => ({ operation, names: ['all'], each: 1 });
