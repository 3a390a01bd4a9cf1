import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isObjectType,
  type OperationDefinitionNode,
} from 'graphql';
import type { Row } from '../../upstreams/endpoint/row.ts';
import type { Scope } from '../caller.ts';
import { createSelectionWalk, fragmentsIn } from '../walk-selection.ts';
import { createCallCounter, mostCounted } from './calls.ts';
import { costOf, type Selected } from './field-cost.ts';
import { isEnoughFor } from './known-row.ts';
import { countOf, named, type Things } from './things.ts';

/** An operation that is about to be executed. */
export interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** After coercion. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly scopes: ReadonlySet<Scope>;
}

/** An operation with more fields than this, each counted for all objects that it is selected of, counts as endless. */
const mostSteps = 20_000;

const noArguments: Selected['args'] = {};

/**
 * Estimates the upstream calls that an operation makes, at the most, if lists are no longer than assumed.
 *
 * Equal calls count once, as a request makes them once.
 *
 * @returns 100,000 if it is as many or more, or if counting takes too many steps.
 */
export const countCalls = ({ schema, document, operation, variables, scopes }: Operation): number => {
  const fragments = fragmentsIn(document);
  const counter = createCallCounter();
  let steps = 0;
  const isEndless = (): boolean => steps > mostSteps || counter.total() >= mostCounted;

  const selectedBelow =
    ({ selectionSet }: FieldNode) =>
    (typeName: string): string[] => {
      const type = schema.getType(typeName);
      if (!selectionSet || !isObjectType(type)) return [];
      const names: string[] = [];
      const collect = createSelectionWalk<undefined>({
        schema,
        fragments,
        variables,
        keyOf: () => '',
        visit: ({ name }) => names.push(name.value),
      });
      collect(selectionSet, type, undefined);
      steps += names.length;
      return names;
    };

  const selectedOf = (
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    things: Things,
  ): Selected | undefined => {
    const responseKey = node.alias?.value ?? node.name.value;
    try {
      const args = field.args.length === 0 ? noArguments : getArgumentValues(field, node, variables);
      return { things, args, responseKey, selected: selectedBelow(node), scopes };
    } catch {
      // The field itself reports what is wrong with its arguments, and makes no call.
      return undefined;
    }
  };

  const walk = createSelectionWalk<Things>({
    schema,
    fragments,
    variables,
    keyOf: ({ key }) => key,
    visit: (node, type, things) => {
      const field = type.getFields()[node.name.value];
      if (!field) return;
      const { reads, calls, gives } = costOf(field);
      steps += 1;
      // Most fields are leaves that cost nothing.
      const isFree = !calls && !gives && !(things.full && reads);
      if ((isFree && !node.selectionSet) || steps > mostSteps) return;
      const selected = selectedOf(field, node, things);
      if (!selected) return;
      if (things.full && reads) {
        const { row } = things.parent as { readonly row: Row };
        if (!reads(selected).every((column) => isEnoughFor(row, column))) counter.add(things.full);
      }
      for (const call of calls?.(selected) ?? []) counter.add(call);
      const below = getNamedType(field.type);
      for (const given of gives?.(selected) ?? [things]) lookBelow(node, below, given);
    },
  });

  const lookBelow = (
    { selectionSet }: FieldNode | OperationDefinitionNode,
    type: GraphQLNamedType,
    things: Things,
  ) => {
    const own = isObjectType(type) ? type : schema.getType(things.type ?? '');
    if (!selectionSet || !isObjectType(own) || countOf(things) === 0 || isEndless()) return;
    walk(selectionSet, own, things);
  };

  const root = schema.getRootType(operation.operation);
  if (root) lookBelow(operation, root, named('root', [''], { parent: {} }));
  return isEndless() ? mostCounted : counter.total();
};
