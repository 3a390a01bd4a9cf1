import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { fragmentsIn } from '../../operation/walk-selection.ts';
import { described, type JsonSchema, type ObjectSchema, orNull } from './json-schema.ts';
import { leafOutputSchema } from './scalar-schema.ts';

interface Selection {
  readonly schema: GraphQLSchema;
  readonly fragments: ReturnType<typeof fragmentsIn>;
  /** Receives the path of each text in the result that is written in the systems behind the gateway. */
  readonly onText: (path: string) => void;
}

/** What is selected under one key of a response. */
interface SelectedField {
  readonly nodes: FieldNode[];
  /** Whether a condition may leave it out. */
  isConditional: boolean;
}

type SelectedFields = Map<string, SelectedField>;

const typeName = '__typename';

/** Collects the fields that a type has in selection sets, as execution does, but with those that may be left out. */
const collect = (
  sets: readonly SelectionSetNode[],
  type: GraphQLObjectType,
  { schema, fragments }: Selection,
): SelectedFields => {
  const fields: SelectedFields = new Map();
  const look = ({ selections }: SelectionSetNode, isWithinCondition: boolean): void => {
    for (const selection of selections) {
      const isConditional = isWithinCondition || (selection.directives ?? []).length > 0;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const field = fields.get(key) ?? { nodes: [], isConditional: true };
        field.nodes.push(selection);
        field.isConditional &&= isConditional;
        fields.set(key, field);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
      const applies =
        !condition || condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
      if (fragment && applies) look(fragment.selectionSet, isConditional);
    }
  };
  for (const set of sets) look(set, false);
  return fields;
};

const objectSchema = (
  sets: readonly SelectionSetNode[],
  type: GraphQLObjectType,
  selection: Selection,
  path: string,
): ObjectSchema => {
  const properties: [string, JsonSchema][] = [];
  const required: string[] = [];
  for (const [key, { nodes, isConditional }] of collect(sets, type, selection)) {
    const [node] = nodes;
    if (!node) continue;
    const field = type.getFields()[node.name.value];
    const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (field) {
      const schema = outputSchema(below, field.type, selection, `${path}.${key}`);
      properties.push([key, described(schema, field.description)]);
    } else {
      properties.push([key, { type: 'string', const: type.name }]);
    }
    if (!isConditional) required.push(key);
  }
  return {
    type: 'object',
    // An alias may be any name, also that of a prototype.
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
};

/** Returns the name of the type, if it is selected under its own name. */
const nameIn = ({ properties }: ObjectSchema): string | undefined => {
  const name = properties[typeName];
  return name?.const === undefined ? undefined : String(name.const);
};

const withNames = (schema: ObjectSchema, names: readonly string[]): ObjectSchema => {
  const [name] = names;
  if (name === undefined) return schema;
  const named: JsonSchema =
    names.length > 1 ? { type: 'string', enum: names } : { type: 'string', const: name };
  return { ...schema, properties: { ...schema.properties, [typeName]: named } };
};

/** Joins the schemas of types with the same fields: errors of mutations have them mostly. */
const joined = (schemas: readonly ObjectSchema[]): ObjectSchema[] => {
  const groups = new Map<string, { readonly schema: ObjectSchema; readonly names: string[] }>();
  for (const schema of schemas) {
    const name = nameIn(schema);
    const form = JSON.stringify(name === undefined ? schema : withNames(schema, ['']));
    const group = groups.get(form) ?? { schema, names: [] };
    if (name !== undefined) group.names.push(name);
    groups.set(form, group);
  }
  return [...groups.values()].map(({ schema, names }) => withNames(schema, names));
};

const compositeSchema = (
  sets: readonly SelectionSetNode[],
  type: GraphQLCompositeType,
  selection: Selection,
  path: string,
): JsonSchema => {
  if (isObjectType(type)) return objectSchema(sets, type, selection, path);
  const possible = selection.schema.getPossibleTypes(type);
  const schemas = joined(possible.map((one) => objectSchema(sets, one, selection, path)));
  const [only] = schemas;
  if (only && schemas.length === 1) return only;
  // With the names of their types exactly one holds.
  const isNamed = schemas.every((schema) => schema.required?.includes(typeName));
  return isNamed ? { type: 'object', oneOf: schemas } : { type: 'object', anyOf: schemas };
};

const outputSchema = (
  sets: readonly SelectionSetNode[],
  type: GraphQLOutputType,
  selection: Selection,
  path: string,
): JsonSchema => {
  if (!isNonNullType(type)) return orNull(valueSchema(sets, type, selection, path));
  return valueSchema(sets, type.ofType, selection, path);
};

const valueSchema = (
  sets: readonly SelectionSetNode[],
  type: GraphQLOutputType,
  selection: Selection,
  path: string,
): JsonSchema => {
  if (isNonNullType(type)) return valueSchema(sets, type.ofType, selection, path);
  if (isListType(type))
    return { type: 'array', items: outputSchema(sets, type.ofType, selection, `${path}[]`) };
  if (isScalarType(type) && type.name === 'String') selection.onText(path);
  if (isScalarType(type) || isEnumType(type)) return leafOutputSchema(type);
  return compositeSchema(sets, type, selection, path);
};

/** The schema of the data of an operation, and the paths of the texts in it. */
export interface DataSchema {
  readonly schema: JsonSchema;
  /** The paths of fields of the type String: people wrote them, also debtors, and upstreams. */
  readonly texts: readonly string[];
}

/** Returns the schema of the data that a selection set of a root type returns. */
export const dataSchemaOf = (
  set: SelectionSetNode,
  type: GraphQLObjectType,
  { schema, fragments }: Pick<Selection, 'schema' | 'fragments'>,
): DataSchema => {
  const texts = new Set<string>();
  const selection: Selection = { schema, fragments, onText: (path) => texts.add(path) };
  // Data is null where a field that is never null has an error.
  return { schema: orNull(objectSchema([set], type, selection, 'data')), texts: [...texts] };
};
