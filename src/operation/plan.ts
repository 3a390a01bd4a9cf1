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
import { hasDelivery, type StreamArguments, streamOf, withoutDelivery } from './incremental-directives.ts';
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
  /** The variables that directives look at: a plan is for one choice of them. */
  readonly conditions: Readonly<Record<string, unknown>>;
  /** Whether `@defer` has an effect. */
  readonly isInParts: boolean;
  /** Whether `@stream` has an effect. */
  readonly isStreaming: boolean;
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

const noPlans: readonly never[] = [];

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
  /** How its list is streamed; `undefined` if it is not. */
  stream: StreamArguments | undefined;
  /** The plans of the same field in different parts of the response; empty if it is in one part only. */
  twins: readonly FieldPlan[] = noPlans;
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
    this.stream = planning.isStreaming ? streamOf(nodes, planning.conditions) : undefined;
  }

  /** What is selected of an object type below this field. */
  selectionOf(type: GraphQLObjectType): SelectionPlan {
    const known = this.#selections.get(type);
    if (known) return known;
    const { planning } = this;
    // Clients put streamed items after those that are there, which may be those of a twin.
    const own =
      planning.isStreaming && this.twins.length > 0 ? { ...planning, isStreaming: false } : planning;
    const made = selectionPlanOf(own, type, this.#collect(type));
    this.#selections.set(type, made);
    return made;
  }

  /** The names of all fields that the operation selects of an object type here, in whichever part. */
  namesOf(type: GraphQLObjectType): readonly string[] {
    const { names } = this.selectionOf(type);
    if (this.twins.length === 0) return names;
    return [...new Set(this.twins.flatMap((twin) => twin.selectionOf(type).names))];
  }

  #collect(type: GraphQLObjectType): Collected {
    const { schema, fragments, conditions } = this.planning;
    const { selectionSet } = this.node;
    // The same without five weak maps, which keep the garbage collector busy.
    return this.nodes.length === 1 && selectionSet
      ? collectFields(schema, fragments, conditions, type, selectionSet)
      : collectSubFields(schema, fragments, conditions, type, this.nodes);
  }
}

/** The selected fields of an object, and those of its deferred fragments. */
type Collected = ReturnType<typeof collectFields>;

/** A fragment that is deferred. */
export interface DeferredPlan {
  readonly label: string | undefined;
  readonly fields: readonly FieldPlan[];
}

/** The fields that are selected of an object type at one place of an operation. */
export interface SelectionPlan {
  readonly fields: readonly FieldPlan[];
  /** The fragments that are deferred; `undefined` without any. */
  readonly deferred: readonly DeferredPlan[] | undefined;
  /** Of each field, also of deferred ones, as its type calls it. */
  readonly names: readonly string[];
  /** The fields that can be prefetched, also those that are deferred. */
  readonly reads: readonly FieldPlan[];
}

/** Names the plan of nodes: in a weak map, plans would keep the garbage collector busy. */
const planKey = Symbol('plan');

type PlannedNodes = readonly FieldNode[] & { [planKey]?: FieldPlan };

/** The plan of fields; `undefined` where they are not those of a plan. */
export const fieldPlanOf = (nodes: PlannedNodes): FieldPlan | undefined => nodes[planKey];

const fieldPlansOf = (
  planning: Planning,
  type: GraphQLObjectType,
  collected: ReadonlyMap<string, FieldNode[]>,
): readonly FieldPlan[] => {
  const fields: FieldPlan[] = [];
  for (const [responseName, nodes] of collected) {
    const definition = definitionOf(planning, type, nodes[0]?.name.value ?? '');
    if (!definition) continue;
    const field = new FieldPlan(planning, type, responseName, fields.length, nodes, definition);
    (nodes as PlannedNodes)[planKey] = field;
    fields.push(field);
  }
  planning.onPlanned(fields.length);
  return fields;
};

const selectionOfFields = (
  fields: readonly FieldPlan[],
  all: readonly FieldPlan[],
  deferred: readonly DeferredPlan[] | undefined,
): SelectionPlan => ({
  fields,
  deferred,
  names: all.map(({ definition }) => definition.name),
  reads: all.filter(({ read }) => read !== undefined),
});

/** Lets a field that is selected in several parts of the response know the others. */
const linkTwins = (all: readonly FieldPlan[]): void => {
  const byName = new Map<string, FieldPlan[]>();
  for (const field of all) {
    const same = byName.get(field.responseName);
    if (same) same.push(field);
    else byName.set(field.responseName, [field]);
  }
  for (const twins of byName.values()) {
    if (twins.length === 1) continue;
    for (const field of twins) {
      field.twins = twins;
      field.stream = undefined;
    }
  }
};

const selectionPlanOf = (
  planning: Planning,
  type: GraphQLObjectType,
  { fields: collected, patches }: Collected,
): SelectionPlan => {
  const fields = fieldPlansOf(planning, type, collected);
  if (patches.length === 0) return selectionOfFields(fields, fields, undefined);
  const deferred = patches.map((patch) => ({
    label: patch.label,
    fields: fieldPlansOf(planning, type, patch.fields),
  }));
  const all = [...fields, ...deferred.flatMap((one) => one.fields)];
  linkTwins(all);
  return selectionOfFields(fields, all, deferred);
};

/** The execution of an operation under one combination of the conditions of its directives. */
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
export interface FindPlan {
  (variables: Readonly<Record<string, unknown>>): OperationPlan;
  /** The same, with parts that are delivered later; `undefined` if the operation has neither `@defer` nor `@stream`. */
  readonly inParts: ((variables: Readonly<Record<string, unknown>>) => OperationPlan) | undefined;
}

type Planned = Omit<Planning, 'conditions' | 'isStreaming'>;

/** Plans an operation once for each choice that its variables make of what is selected. */
const planEachChoice = (
  planned: Planned,
): ((variables: Readonly<Record<string, unknown>>) => OperationPlan) => {
  const { schema, operation, fragments } = planned;
  const type = getDefinedRootType(schema, operation.operation);
  const names = conditionsIn(operation, Object.values(fragments));
  const known = new Map<string, OperationPlan>();

  const plan = (variables: Readonly<Record<string, unknown>>): OperationPlan => {
    const given = names.filter((name) => Object.hasOwn(variables, name));
    const conditions = Object.fromEntries(given.map((name) => [name, variables[name]]));
    const collected = collectFields(schema, fragments, conditions, type, operation.selectionSet);
    return {
      root: selectionPlanOf({ ...planned, conditions, isStreaming: planned.isInParts }, type, collected),
    };
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
  const planned = { schema, operation, fragments, onPlanned, isInParts: false };
  const all = [operation, ...Object.values(fragments)];
  if (!all.some(hasDelivery)) return Object.assign(planEachChoice(planned), { inParts: undefined });
  const whole = {
    ...planned,
    operation: withoutDelivery(operation),
    fragments: Object.fromEntries(
      Object.entries(fragments).map(([name, fragment]) => [name, withoutDelivery(fragment)]),
    ),
  };
  return Object.assign(planEachChoice(whole), { inParts: planEachChoice({ ...planned, isInParts: true }) });
};
