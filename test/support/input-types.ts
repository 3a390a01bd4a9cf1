import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  getNullableType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { schema } from '../../src/schema/schema.ts';

/** A place in an input, by the names and numbers that lead to it. */
export type Path = readonly (string | number)[];

/** A part of an input as it stands there, with the type that it is given as. */
export interface Part {
  readonly path: Path;
  readonly type: GraphQLInputType;
  readonly value: unknown;
}

export interface Leaf {
  readonly path: Path;
  readonly type: GraphQLLeafType;
  /** The name of the field, or of the list, that it is given for. */
  readonly name: string;
}

/** A mutation of the schema, and a document that asks for all that it may find fault with. */
export interface MutationUnderTest {
  readonly field: string;
  readonly type: GraphQLInputObjectType;
  readonly document: string;
}

const inputTypeOf = (field: string, type: GraphQLInputType | undefined): GraphQLInputObjectType => {
  const named = type && getNullableType(type);
  if (!isInputObjectType(named)) throw new Error(`${field} has no argument input`);
  return named;
};

/** Every mutation that there is. */
export const mutations: readonly MutationUnderTest[] = Object.values(
  schema.getMutationType()?.getFields() ?? {},
).map(({ name: field, args }) => {
  const type = inputTypeOf(field, args.find(({ name }) => name === 'input')?.type);
  const document = `mutation ($input: ${type.name}!) { ${field}(input: $input) { __typename
    ... on MutationError { message code } ... on InvalidInputError { fields { path message } } } }`;
  return { field, type, document };
});

export const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All parts of an input that are given, itself first. What its type does not know is no part of it. */
export const partsOf = (type: GraphQLInputType, value: unknown, path: Path = []): Part[] => {
  if (value === null || value === undefined) return [];
  const nullable = getNullableType(type);
  const part = { path, type, value };
  if (isListType(nullable) && Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return [part, ...items.flatMap((item, index) => partsOf(nullable.ofType, item, [...path, index]))];
  }
  if (!isInputObjectType(nullable) || !isPlain(value)) return [part];
  const fields = Object.values(nullable.getFields());
  return [part, ...fields.flatMap((field) => partsOf(field.type, value[field.name], [...path, field.name]))];
};

export const leafOf = ({ path, type }: Pick<Part, 'path' | 'type'>): Leaf | null => {
  const nullable = getNullableType(type);
  const name = path.findLast((part) => typeof part === 'string');
  return isLeafType(nullable) && typeof name === 'string' ? { path, type: nullable, name } : null;
};

export const leavesOf = (type: GraphQLInputType, value: unknown): Leaf[] =>
  partsOf(type, value).flatMap((part) => leafOf(part) ?? []);

/** Whether a path, its parts joined by dots, leads to something within an input of this type. */
export const leadsSomewhere = (type: GraphQLInputType, path: string): boolean => {
  let at: GraphQLInputType | undefined = type;
  for (const part of path === '' ? [] : path.split('.')) {
    const within: GraphQLInputType | undefined = at && getNullableType(at);
    if (isListType(within)) at = /^(?:0|[1-9]\d*)$/.test(part) ? within.ofType : undefined;
    else at = isInputObjectType(within) ? within.getFields()[part]?.type : undefined;
  }
  return at !== undefined;
};

/** The same input with another value at one place. */
export const replacedAt = (value: unknown, [first, ...rest]: Path, replacement: unknown): unknown => {
  if (first === undefined) return replacement;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item, index) => (index === first ? replacedAt(item, rest, replacement) : item));
  }
  const fields = isPlain(value) ? value : {};
  return { ...fields, [first]: replacedAt(fields[first], rest, replacement) };
};

/**
 * An input with every field filled, and one item in each list.
 *
 * @param without names of input types that are left out.
 */
export const filled = (
  type: GraphQLInputType,
  fill: (leaf: Leaf) => unknown,
  without: readonly string[] = [],
  path: Path = [],
): unknown => {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [filled(nullable.ofType, fill, without, [...path, 0])];
  if (!isInputObjectType(nullable)) {
    const leaf = leafOf({ path, type });
    return leaf && fill(leaf);
  }
  const fields = Object.values(nullable.getFields()).filter((field) => {
    const named = getNullableType(field.type);
    return !(isInputObjectType(named) && without.includes(named.name));
  });
  return Object.fromEntries(
    fields.map((field) => [field.name, filled(field.type, fill, without, [...path, field.name])]),
  );
};

/** The types of which an input takes only one. */
const alternatives = ['BankAccountInput', 'CardInput'] as const;

/** What has to be left out of an input so that it can be valid: one list of types for each way to fill it. */
export const waysToFill = (type: GraphQLInputObjectType): readonly (readonly string[])[] => {
  const within = Object.values(type.getFields()).map((field) => String(getNullableType(field.type)));
  return alternatives.every((one) => within.includes(one)) ? alternatives.map((one) => [one]) : [[]];
};

export const isRequired = isNonNullType;
