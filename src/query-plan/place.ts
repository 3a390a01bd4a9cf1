import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { FieldPlan } from './plan.ts';

type Path = GraphQLResolveInfo['path'];

/** A field, or an item of a list, in an answer. */
export interface Place {
  readonly above: Place | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

/** Where a place is, from the root. */
export const keysTo = (place: Place): (string | number)[] => {
  const keys: (string | number)[] = [];
  for (let at: Place | undefined = place; at; at = at.above) keys.push(at.key);
  return keys.reverse();
};

const pathTo = (place: Place): Path => ({
  prev: place.above && pathTo(place.above),
  key: place.key,
  typename: place.typename,
});

/** An item of a list. */
export class ItemPlace implements Place {
  readonly above: Place;
  readonly key: number;
  readonly typename = undefined;

  constructor(above: Place, index: number) {
    this.above = above;
    this.key = index;
  }
}

/**
 * What a resolver is told of its field. Most don't look at it: all but the place is the plan's, and made out when asked.
 */
export class FieldInfo implements GraphQLResolveInfo, Place {
  readonly above: Place | undefined;
  readonly plan: FieldPlan;
  readonly variableValues: Record<string, unknown>;

  constructor(above: Place | undefined, plan: FieldPlan, variableValues: Record<string, unknown>) {
    this.above = above;
    this.plan = plan;
    this.variableValues = variableValues;
  }

  get key(): string {
    return this.plan.responseName;
  }

  get typename(): string {
    return this.plan.parentType.name;
  }

  get path(): Path {
    return pathTo(this);
  }

  get fieldName(): string {
    return this.plan.definition.name;
  }

  get fieldNodes(): FieldNode[] {
    return this.plan.nodes;
  }

  get returnType(): GraphQLOutputType {
    return this.plan.definition.type;
  }

  get parentType(): GraphQLObjectType {
    return this.plan.parentType;
  }

  get schema(): GraphQLSchema {
    return this.plan.planning.schema;
  }

  get fragments(): Record<string, FragmentDefinitionNode> {
    return this.plan.planning.fragments;
  }

  get operation(): OperationDefinitionNode {
    return this.plan.planning.operation;
  }

  get rootValue(): undefined {
    return undefined;
  }
}
