import { type Calls, times } from './calls.ts';

/** What is selected of, as far as it is known before anything is asked: some things of one type. */
export interface Things {
  /** Equal names are the same things; each stands for `each` of them. */
  readonly names: readonly string[];
  readonly each: number;
  /** In how many answers they come: things of one answer are there at the same moment. */
  readonly arrivals: number;
  /** Tells what is selected of these from what is selected of others. */
  readonly key: string;
  /** What resolvers would get as their parent, but that its row holds no more than the documented keys. */
  readonly parent: object;
  /** The calls that tell what the row lacks; left out where nothing tells more, or they were made already. */
  readonly full?: Calls;
  /** The type, where the type of their field is an interface or a union. */
  readonly type?: string;
  /** Of orders: whether the request can give them again without a call. */
  readonly isLoaded?: boolean;
  /** What they belong to, or lead to. */
  readonly account?: Things;
  readonly order?: Things;
  readonly borrower?: Things;
  readonly phone?: Things;
}

type Rest = Pick<Things, 'parent'> & Partial<Omit<Things, 'names' | 'each' | 'key'>>;

export const countOf = ({ names, each }: Pick<Things, 'names' | 'each'>): number => times(names.length, each);

/** Things that are known by their own keys. */
export const named = (kind: string, keys: readonly string[], rest: Rest): Things => {
  const names = [...new Set(keys)].map((key) => `${kind}:${key}`);
  return { names, each: 1, arrivals: 1, key: JSON.stringify(names), ...rest };
};

/** What each of some things has one of. */
export const oneOf = (of: Things, relation: string, rest: Rest): Things => ({
  names: of.names.map((name) => `${name}/${relation}`),
  each: of.each,
  arrivals: of.arrivals,
  key: `${of.key}/${relation}`,
  ...rest,
});

/** What each of some things has several of, told by one answer for each. */
export const severalOf = (of: Things, relation: string, size: number, rest: Rest): Things => ({
  ...oneOf(of, relation, rest),
  each: times(of.each, size),
  arrivals: countOf(of),
});

/** One call for each of some things. */
export const callsFor = (operation: string, { names, each }: Things): Calls => ({ operation, names, each });

/** One call for the whole request. */
export const once = (operation: string): Calls => ({ operation, names: ['all'], each: 1 });
