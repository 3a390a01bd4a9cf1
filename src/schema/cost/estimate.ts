import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Scope } from '../../operation/caller.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { columnsReadBy } from '../kit/column-fields.ts';
import { accountCosts } from './account-costs.ts';
import { createCallCounter, mostCounted } from './calls.ts';
import { countOf, named, type Things } from './cost-node.ts';
import { answersFor } from './documented-rows.ts';
import type { Asked, FieldCosts } from './field-cost.ts';
import { mutationCosts } from './mutation-costs.ts';
import { nodeCosts } from './node-costs.ts';
import { orderCosts } from './order-costs.ts';
import { peopleCosts } from './people-costs.ts';

/** What every field costs that may cost a call, by its coordinates. All others read the row of their parent. */
export const fieldCosts: FieldCosts = {
  ...accountCosts,
  ...peopleCosts,
  ...orderCosts,
  ...nodeCosts,
  ...mutationCosts,
};

/** An operation as it is about to run. */
export interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As they are after coercion. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly scopes: ReadonlySet<Scope>;
}

/** An operation of which more fields have to be looked at, for all they are selected of, counts as one without end. */
const mostSteps = 20_000;

/**
 * Estimates the calls to the upstreams that an operation makes, at the most, if lists are no longer than assumed.
 *
 * Equal calls count once, as a request makes them once. A selection that comes again by a fragment is looked at
 * once for the same things, so that the time this takes grows with the document and not with what it spells out; what
 * goes beyond all bounds even so is not counted to its end.
 *
 * @returns 100,000 where it is as many or more.
 */
export const countCalls = ({ schema, document, operation, variables, scopes }: Operation): number => {
  const fragments = new Map<string, FragmentDefinitionNode>(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [],
    ),
  );
  const counter = createCallCounter();
  const seen = new Map<SelectionSetNode, Set<string>>();
  let steps = 0;
  const isEndless = (): boolean => steps > mostSteps || counter.total() >= mostCounted;

  const isIncluded = (selection: SelectionNode): boolean =>
    selection.directives?.length === 0 ||
    (getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] !== true &&
      getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false);

  const applies = (condition: string | undefined, type: GraphQLObjectType): boolean => {
    const named = condition === undefined ? type : schema.getType(condition);
    return named === type || (isAbstractType(named) && schema.isSubType(named, type));
  };

  /** The fields that are selected of a type, those of fragments among them. */
  const fieldsOf = (
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    spread: Set<string> = new Set(),
  ): FieldNode[] =>
    selections.filter(isIncluded).flatMap((selection): FieldNode[] => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { typeCondition, selectionSet } = selection;
        return applies(typeCondition?.name.value, type) ? fieldsOf(type, selectionSet, spread) : [];
      }
      const fragment = fragments.get(selection.name.value);
      if (!fragment || spread.has(selection.name.value)) return [];
      spread.add(selection.name.value);
      return applies(fragment.typeCondition.name.value, type)
        ? fieldsOf(type, fragment.selectionSet, spread)
        : [];
    });

  const selectedBelow =
    ({ selectionSet }: FieldNode) =>
    (typeName: string): string[] => {
      const type = schema.getType(typeName);
      if (!selectionSet || !isObjectType(type)) return [];
      const fields = fieldsOf(type, selectionSet);
      steps += fields.length;
      return fields.map(({ name }) => name.value);
    };

  const askedFor = (
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    things: Things,
  ): Asked | undefined => {
    const responseKey = node.alias?.value ?? node.name.value;
    try {
      const args = getArgumentValues(field, node, variables);
      return { things, args, responseKey, selected: selectedBelow(node), scopes };
    } catch {
      // The field itself will tell what is wrong with its arguments, and ask for nothing.
      return undefined;
    }
  };

  const lookAtField = (type: GraphQLObjectType, node: FieldNode, things: Things): void => {
    const field = type.getFields()[node.name.value];
    const asked = field && askedFor(field, node, things);
    if (!field || !asked) return;
    const { reads, calls, gives } = fieldCosts[`${type.name}.${field.name}`] ?? {};
    steps += 1;
    if (things.full) {
      const { row } = things.parent as { readonly row: Row };
      const columns = reads?.(asked) ?? columnsReadBy(field, things.parent);
      if (!columns.every((column) => answersFor(row, column))) counter.add(things.full);
    }
    for (const call of calls?.(asked) ?? []) counter.add(call);
    const below = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(below)) return;
    for (const given of gives?.(asked) ?? [things]) lookAt(node.selectionSet, below.name, given);
  };

  const lookAt = (set: SelectionSetNode, typeName: string, things: Things): void => {
    const named = schema.getType(typeName);
    const type = isObjectType(named) ? named : schema.getType(things.type ?? '');
    if (!isObjectType(type) || countOf(things) === 0 || isEndless()) return;
    const looked = seen.get(set) ?? new Set();
    const what = `${type.name} ${things.key}`;
    if (looked.has(what)) return;
    seen.set(set, looked.add(what));
    for (const selection of set.selections.filter(isIncluded)) {
      if (selection.kind === Kind.FIELD) {
        lookAtField(type, selection, things);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (fragment && applies(fragment.typeCondition?.name.value, type)) {
        lookAt(fragment.selectionSet, type.name, things);
      }
    }
  };

  const root = schema.getRootType(operation.operation);
  if (root) lookAt(operation.selectionSet, root.name, named('root', [''], { parent: {} }));
  return isEndless() ? mostCounted : counter.total();
};
