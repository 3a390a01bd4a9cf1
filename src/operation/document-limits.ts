import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { queryTooComplex } from './query-too-complex.ts';

// Own code: graphql-armor's plugins each walk a document, and each fragment again wherever it is spread, which takes
// exponential time for fragments that spread each other twice.

/** How large and how deep a document may be. What fragments hold counts wherever they are spread. */
export interface DocumentLimits {
  /** Names, signs and values, comments left out. */
  readonly maxTokens: number;
  /** Fields inside one another. */
  readonly maxDepth: number;
  /** Of one operation. */
  readonly maxAliases: number;
  /** Of one operation. */
  readonly maxDirectives: number;
  /** Fields of one name, or alias, in one selection set. */
  readonly maxRepeats: number;
  readonly maxRootFields: number;
}

/** There are but two directives for a place, and neither may be there twice. */
const maxDirectivesInOnePlace = 5;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** What is counted of a selection set, fragments spread out. */
interface Counts {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
}

const nothing: Counts = { depth: 0, aliases: 0, directives: 0 };

/** Far above any limit: fragments that spread each other twice would count on beyond all numbers. */
const mostCounted = 1_000_000;

const combined = (one: Counts, other: Counts): Counts => ({
  depth: Math.max(one.depth, other.depth),
  aliases: Math.min(one.aliases + other.aliases, mostCounted),
  directives: Math.min(one.directives + other.directives, mostCounted),
});

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Counts each fragment once, however often it is spread. One that spreads itself is for GraphQL to refuse. */
const createCounting = (fragments: Fragments) => {
  const counted = new Map<string, Counts>();

  const ofFragment = (name: string): Counts => {
    const known = counted.get(name);
    if (known) return known;
    counted.set(name, nothing);
    const fragment = fragments.get(name);
    const counts = fragment
      ? combined(ofSet(fragment.selectionSet), { ...nothing, directives: fragment.directives?.length ?? 0 })
      : nothing;
    counted.set(name, counts);
    return counts;
  };

  const ofSet = ({ selections }: SelectionSetNode): Counts => {
    let counts = nothing;
    for (const selection of selections) {
      counts = combined(counts, { ...nothing, directives: selection.directives?.length ?? 0 });
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        counts = combined(counts, ofFragment(selection.name.value));
        continue;
      }
      const inner = selection.selectionSet ? ofSet(selection.selectionSet) : nothing;
      const isField = selection.kind === Kind.FIELD;
      const aliases = inner.aliases + (isField && selection.alias ? 1 : 0);
      counts = combined(counts, { ...inner, aliases, depth: inner.depth + (isField ? 1 : 0) });
    }
    return counts;
  };
  return ofSet;
};

/**
 * How often each response key stands in a selection set, each fragment counted once, as it is collected.
 *
 * @param spread the fragments that were met: they are not looked into again.
 */
const keysOf = (
  { selections }: SelectionSetNode,
  fragments: Fragments,
  spread: Set<string>,
  keys: Map<string, number> = new Map(),
): Map<string, number> => {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const { value: key } = selection.alias ?? selection.name;
      keys.set(key, (keys.get(key) ?? 0) + 1);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      keysOf(selection.selectionSet, fragments, spread, keys);
    } else if (!spread.has(selection.name.value)) {
      spread.add(selection.name.value);
      const fragment = fragments.get(selection.name.value);
      if (fragment) keysOf(fragment.selectionSet, fragments, spread, keys);
    }
  }
  return keys;
};

/** Counts how often a field may stand in a selection set: as often as in the set itself and in each of its fragments. */
const createRepeatBound = (fragments: Fragments) => {
  const bounds = new Map<string, number>();
  const none: Fragments = new Map();

  const ofFragment = (name: string): number => {
    const known = bounds.get(name);
    if (known !== undefined) return known;
    bounds.set(name, 0);
    const fragment = fragments.get(name);
    const bound = fragment ? ofSet(fragment.selectionSet) : 0;
    bounds.set(name, bound);
    return bound;
  };

  const ofSet = (set: SelectionSetNode): number => {
    const spread = new Set<string>();
    const own = Math.max(0, ...keysOf(set, none, spread).values());
    return Math.min(own + sum([...spread].map(ofFragment)), mostCounted);
  };
  return ofSet;
};

/** The selection sets of an operation or a fragment: its own, and those of the fields inside. */
const setsIn = (top: SelectionSetNode): SelectionSetNode[] => {
  const sets: SelectionSetNode[] = [];
  const look = (set: SelectionSetNode, isOfField: boolean): void => {
    if (isOfField) sets.push(set);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) continue;
      look(selection.selectionSet, selection.kind === Kind.FIELD);
    }
  };
  look(top, true);
  return sets;
};

/** All places of a document at which directives may stand, by the directives there. */
const directivesIn = (document: DocumentNode): (readonly DirectiveNode[])[] => {
  const places: (readonly DirectiveNode[])[] = [];
  const look = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      places.push(selection.directives ?? []);
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) look(selection.selectionSet);
    }
  };
  for (const definition of document.definitions) {
    if (!('selectionSet' in definition)) continue;
    places.push(definition.directives ?? []);
    for (const variable of definition.variableDefinitions ?? []) places.push(variable.directives ?? []);
    look(definition.selectionSet);
  }
  return places;
};

const directivesOn = ({ directives, variableDefinitions }: OperationDefinitionNode): number =>
  sum([directives, ...(variableDefinitions ?? []).map((one) => one.directives)].map((on) => on?.length ?? 0));

const excessOf = ({ depth, aliases, directives }: Counts, limits: DocumentLimits): string | undefined => {
  const { maxDepth, maxAliases, maxDirectives } = limits;
  if (depth > maxDepth) return `fields more than ${maxDepth} levels deep`;
  if (aliases > maxAliases) return `more than ${maxAliases} aliases`;
  if (directives > maxDirectives) return `more than ${maxDirectives} directives`;
  return undefined;
};

const excessOfOperation = (
  operation: OperationDefinitionNode,
  fragments: Fragments,
  countSet: (set: SelectionSetNode) => Counts,
  limits: DocumentLimits,
): string | undefined => {
  const own = { ...nothing, directives: directivesOn(operation) };
  const excess = excessOf(combined(countSet(operation.selectionSet), own), limits);
  if (excess) return excess;
  const { maxRootFields } = limits;
  const rootFields = sum([...keysOf(operation.selectionSet, fragments, new Set()).values()]);
  return rootFields > maxRootFields ? `an operation of more than ${maxRootFields} fields` : undefined;
};

const excessOfRepeats = (
  document: DocumentNode,
  fragments: Fragments,
  { maxRepeats }: DocumentLimits,
): string | undefined => {
  const boundOf = createRepeatBound(fragments);
  const isRepeated = (set: SelectionSetNode): boolean =>
    boundOf(set) > maxRepeats &&
    [...keysOf(set, fragments, new Set()).values()].some((count) => count > maxRepeats);
  const sets = document.definitions.flatMap((one) => ('selectionSet' in one ? setsIn(one.selectionSet) : []));
  return sets.some(isRepeated) ? `a field more than ${maxRepeats} times in one selection` : undefined;
};

const firstExcess = (document: DocumentNode, limits: DocumentLimits): string | undefined => {
  const { definitions } = document;
  const fragments: Fragments = new Map(
    definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  const countSet = createCounting(fragments);
  for (const one of definitions) {
    if (one.kind !== Kind.OPERATION_DEFINITION) continue;
    const excess = excessOfOperation(one, fragments, countSet, limits);
    if (excess) return excess;
  }
  if (directivesIn(document).some(({ length }) => length > maxDirectivesInOnePlace)) {
    return `more than ${maxDirectivesInOnePlace} directives in one place`;
  }
  return excessOfRepeats(document, fragments, limits);
};

/**
 * Finds the first limit that a document goes beyond; `undefined` where it keeps to all of them.
 *
 * It looks at each fragment once, and again only for a selection set in which a field may stand too often: a document
 * that would keep the rules of GraphQL busy is refused before they see it.
 */
export const findExcess = (document: DocumentNode, limits: DocumentLimits): GraphQLError | undefined => {
  const excess = firstExcess(document, limits);
  return excess === undefined ? undefined : queryTooComplex(`The document has ${excess}.`);
};
