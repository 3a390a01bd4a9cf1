import { collectFields, collectSubFields, getDefinedRootType } from '@graphql-tools/utils';
import {
  type DirectiveNode,
  type DocumentNode,
  defaultFieldResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type VariableNode,
  visit,
} from 'graphql';

import { type ArgumentsOf, argumentsByVariables, fixedArguments } from './field-arguments.ts';
import type { FieldRead } from './field-read.ts';
import { scopesOf } from './field-scopes.ts';
import { fragmentsIn } from './walk-selection.ts';

// Own code: graphql-js collects the fields and reads the arguments of each object in each execution anew.
//
// What is the same for all runs of one operation: which fields are selected of which type, how their values are
// completed, and those arguments that no variable has a part in. It is found once, as far as a run gets to it.

/** What every part of a plan is made by. */
export interface Planning {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** The variables that `@skip` and `@include` look at: a plan is for one choice of them. */
  readonly conditions: Readonly<Record<string, unknown>>;
  /** Counts the fields that were planned, whenever a part of the plan is made. */
  readonly onPlanned: (fields: number) => void;
}

/** How a value of a type becomes what the answer holds. */
export type Completion = { readonly isNonNull: boolean } & (
  | { readonly kind: 'leaf'; readonly type: GraphQLLeafType }
  | { readonly kind: 'list'; readonly item: Completion }
  | { readonly kind: 'object'; readonly type: GraphQLObjectType }
  | { readonly kind: 'abstract'; readonly type: GraphQLAbstractType }
);

const completionOf = (type: GraphQLOutputType, isNonNull = false): Completion => {
  if (isNonNullType(type)) return completionOf(type.ofType, true);
  if (isListType(type)) return { isNonNull, kind: 'list', item: completionOf(type.ofType) };
  if (isLeafType(type)) return { isNonNull, kind: 'leaf', type };
  if (isAbstractType(type)) return { isNonNull, kind: 'abstract', type };
  // Values would have to be asked what they are: no type here does.
  if (type.isTypeOf) throw new Error(`${type.name}: a type with isTypeOf is not planned.`);
  return { isNonNull, kind: 'object', type };
};

const definitionOf = (
  { schema }: Planning,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined => {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
};

/** A field that is selected of an object type. */
export class FieldPlan {
  readonly planning: Planning;
  readonly parentType: GraphQLObjectType;
  readonly responseName: string;
  /** Its number among the fields of its selection. */
  readonly position: number;
  readonly node: FieldNode;
  /** All that are selected under one name. */
  readonly nodes: FieldNode[];
  readonly definition: GraphQLField<unknown, unknown>;
  readonly resolve: GraphQLFieldResolver<unknown, unknown>;
  /** The arguments where they are the same in every run. */
  readonly fixedArguments: Readonly<Record<string, unknown>> | undefined;
  readonly argumentsOf: ArgumentsOf;
  readonly scopes: readonly string[];
  /** How it is prefetched (`prefetch.ts`); `undefined` if it is not. */
  readonly read: FieldRead | undefined;
  readonly completion: Completion;
  readonly #selections = new Map<GraphQLObjectType, SelectionPlan>();

  constructor(
    planning: Planning,
    parentType: GraphQLObjectType,
    responseName: string,
    position: number,
    nodes: FieldNode[],
    definition: GraphQLField<unknown, unknown>,
  ) {
    const [node] = nodes as [FieldNode];
    this.planning = planning;
    this.parentType = parentType;
    this.responseName = responseName;
    this.position = position;
    this.node = node;
    this.nodes = nodes;
    this.definition = definition;
    this.resolve = definition.resolve ?? defaultFieldResolver;
    const fixed = fixedArguments(definition, node);
    this.fixedArguments = fixed;
    this.argumentsOf = fixed ? () => fixed : argumentsByVariables(definition, node);
    this.scopes = scopesOf(definition);
    this.read = definition.extensions['read'] as FieldRead | undefined;
    this.completion = completionOf(definition.type);
  }

  /** What is selected of an object type below this field. */
  selectionOf(type: GraphQLObjectType): SelectionPlan {
    const known = this.#selections.get(type);
    if (known) return known;
    const made = selectionPlanOf(this.planning, type, this.#collect(type));
    this.#selections.set(type, made);
    return made;
  }

  #collect(type: GraphQLObjectType): ReadonlyMap<string, FieldNode[]> {
    const { schema, fragments, conditions } = this.planning;
    const { selectionSet } = this.node;
    // The same without five weak maps, which keep the garbage collector busy.
    const { fields } =
      this.nodes.length === 1 && selectionSet
        ? collectFields(schema, fragments, conditions, type, selectionSet)
        : collectSubFields(schema, fragments, conditions, type, this.nodes);
    return fields;
  }
}

/** The fields that are selected of an object type at one place of an operation. */
export interface SelectionPlan {
  readonly fields: readonly FieldPlan[];
  /** Of each field. */
  readonly nodes: readonly FieldNode[][];
  /** Of each field, as its type calls it. */
  readonly names: readonly string[];
  /** The fields that can be prefetched. */
  readonly reads: readonly FieldPlan[];
}

/** Names the plan of nodes: in a weak map, plans would keep the garbage collector busy. */
const planKey = Symbol('plan');

type PlannedNodes = readonly FieldNode[] & { [planKey]?: FieldPlan };

/** What is selected of an object type below fields; `undefined` where they are not those of a plan. */
export const plannedSelection = (nodes: PlannedNodes, type: GraphQLObjectType): SelectionPlan | undefined =>
  nodes[planKey]?.selectionOf(type);

const selectionPlanOf = (
  planning: Planning,
  type: GraphQLObjectType,
  collected: ReadonlyMap<string, FieldNode[]>,
): SelectionPlan => {
  const fields: FieldPlan[] = [];
  for (const [responseName, nodes] of collected) {
    const definition = definitionOf(planning, type, nodes[0]?.name.value ?? '');
    if (!definition) continue;
    const field = new FieldPlan(planning, type, responseName, fields.length, nodes, definition);
    (nodes as PlannedNodes)[planKey] = field;
    fields.push(field);
  }
  planning.onPlanned(fields.length);
  return {
    fields,
    nodes: fields.map(({ nodes }) => nodes),
    names: fields.map(({ definition }) => definition.name),
    reads: fields.filter(({ read }) => read !== undefined),
  };
};

/** The execution of an operation under one combination of its `@skip` and `@include` conditions. */
export interface OperationPlan {
  readonly root: SelectionPlan;
}

/** The variables that decide what is selected: those of the operation's and all fragments' directives. */
const conditionsIn = (
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
): string[] => {
  const names = new Set<string>();
  const note = ({ name }: VariableNode): void => {
    names.add(name.value);
  };
  const noteAll = (directive: DirectiveNode): void => {
    visit(directive, { Variable: note });
  };
  for (const part of [operation, ...fragments]) visit(part, { Directive: noteAll });
  return [...names];
};

/** More choices than this are seldom made of one operation: the first ones make room. */
const mostChoices = 16;

/** Gets the plan of an operation for the values of its variables. */
export type FindPlan = (variables: Readonly<Record<string, unknown>>) => OperationPlan;

/**
 * Plans an operation for the one schema that it is executed with, once for each choice that its variables make of what
 * is selected.
 *
 * @param onPlanned is called with the number of fields whenever a part of the plan is made.
 */
export const planOperation = (
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
  onPlanned: Planning['onPlanned'] = () => {},
): FindPlan => {
  const fragments = fragmentsIn({ definitions });
  const type = getDefinedRootType(schema, operation.operation);
  const names = conditionsIn(operation, Object.values(fragments));
  const known = new Map<string, OperationPlan>();

  const plan = (variables: Readonly<Record<string, unknown>>): OperationPlan => {
    const given = names.filter((name) => Object.hasOwn(variables, name));
    const conditions = Object.fromEntries(given.map((name) => [name, variables[name]]));
    const planning = { schema, operation, fragments, conditions, onPlanned };
    const { fields } = collectFields(schema, fragments, conditions, type, operation.selectionSet);
    return { root: selectionPlanOf(planning, type, fields) };
  };
  return (variables) => {
    const key = names.map((name) => variables[name]).join();
    const found = known.get(key);
    if (found) return found;
    const made = plan(variables);
    const [first] = known.keys();
    if (first !== undefined && known.size >= mostChoices) known.delete(first);
    known.set(key, made);
    return made;
  };
};
