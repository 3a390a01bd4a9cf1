import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

export const fragmentsIn = ({ definitions }: Pick<DocumentNode, 'definitions'>): Fragments =>
  Object.fromEntries(
    definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );

interface Walk<State> {
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
  /** The variables by which selections are skipped; without them none is. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Returns the same text for equal states. */
  readonly keyOf: (state: State) => string;
  readonly visit: (node: FieldNode, type: GraphQLObjectType | GraphQLInterfaceType, state: State) => void;
}

/** Walks a selection set of a type; the state is passed to each visit. */
export type WalkSelection<State> = (set: SelectionSetNode, type: GraphQLCompositeType, state: State) => void;

/** The type of what a fragment selects within a type; `undefined` if the fragment does not apply to it. */
const typeWithin = (
  { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
  type: GraphQLCompositeType,
  schema: GraphQLSchema,
): GraphQLCompositeType | undefined => {
  const condition = typeCondition && schema.getType(typeCondition.name.value);
  if (!condition || condition === type) return type;
  if (isAbstractType(type)) return isCompositeType(condition) ? condition : undefined;
  return isAbstractType(condition) && schema.isSubType(condition, type) ? type : undefined;
};

/**
 * Creates a walk over the fields of selection sets, including those of their fragments. It does not descend below a field:
 * the visit does that, if the field leads further.
 *
 * A selection set is walked once for the same type and state, so that the walk takes as long as the document is, and not
 * as long as the document with all fragments written out.
 */
export const createSelectionWalk = <State>({
  schema,
  fragments,
  variables,
  keyOf,
  visit,
}: Walk<State>): WalkSelection<State> => {
  const seen = new Map<SelectionSetNode, Set<string>>();

  const isIncluded = (selection: SelectionNode): boolean =>
    variables === undefined ||
    selection.directives?.length === 0 ||
    (getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] !== true &&
      getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false);

  const walk: WalkSelection<State> = (set, type, state) => {
    const walked = seen.get(set) ?? new Set();
    const key = `${type.name} ${keyOf(state)}`;
    if (walked.has(key)) return;
    seen.set(set, walked.add(key));
    for (const selection of set.selections) {
      if (!isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        if (!isUnionType(type)) visit(selection, type, state);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      const within = fragment && typeWithin(fragment, type, schema);
      if (within) walk(fragment.selectionSet, within, state);
    }
  };
  return walk;
};
