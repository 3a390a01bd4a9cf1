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

/** Where a field, or an item of a list, is in an answer. */
export interface Place extends Path {
  readonly prev: Place | undefined;
  /** Its number among the fields of its object, or the items of its list. */
  readonly position: number;
}

/** An item of a list. */
export class ItemPlace implements Place {
  readonly prev: Place;
  readonly key: number;
  readonly typename = undefined;

  constructor(prev: Place, index: number) {
    this.prev = prev;
    this.key = index;
  }

  get position(): number {
    return this.key;
  }
}

/** The `info` argument of a resolver: the path of its field, and everything else from the plan. */
export class FieldInfo implements GraphQLResolveInfo, Place {
  readonly prev: Place | undefined;
  readonly plan: FieldPlan;
  readonly variableValues: Record<string, unknown>;

  constructor(prev: Place | undefined, plan: FieldPlan, variableValues: Record<string, unknown>) {
    this.prev = prev;
    this.plan = plan;
    this.variableValues = variableValues;
  }

  get position(): number {
    return this.plan.position;
  }

  get key(): string {
    return this.plan.responseName;
  }

  get typename(): string {
    return this.plan.parentType.name;
  }

  get path(): Place {
    return this;
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
