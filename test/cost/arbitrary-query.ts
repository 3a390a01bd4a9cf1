import fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { schema } from '../../src/schema/schema.ts';
import { argumentsOf } from './asked.ts';

const leading = { edges: true, node: true };

const mostFields = 30;
const mostLevels = 9;

/** Makes choices, one after the other, until there are none left: then always the first. */
const createChoices = (numbers: readonly number[]) => {
  let at = 0;
  const pick = (count: number): number => {
    const number = numbers[at] ?? 0;
    at += 1;
    return number % count;
  };
  return { pick, isOver: () => at >= numbers.length };
};

/** The moment of a response: two responses to one query differ in it. */
const moment = 'ContactSummary.asOf';

const isLeaf = (field: GraphQLField<unknown, unknown>): boolean => {
  const type = getNamedType(field.type);
  return !isObjectType(type) && !isAbstractType(type);
};

/** Writes a query over the schema, each field under a name of its own. */
const writeQuery = (numbers: readonly number[]): string => {
  const { pick, isOver } = createChoices(numbers);
  const fragments: { readonly name: string; readonly typeName: string; readonly text: string }[] = [];
  let fieldCount = 0;

  const selectionOf = (type: GraphQLNamedType, level: number): string => {
    if (isAbstractType(type)) {
      return `{ __typename ${schema
        .getPossibleTypes(type)
        .filter(() => pick(2) === 0)
        .map((possible) => `... on ${possible.name} ${selectionOf(possible, level)}`)
        .join(' ')} }`;
    }
    if (!isObjectType(type)) return '';
    const all = Object.values(type.getFields()).filter(({ name }) => `${type.name}.${name}` !== moment);
    const deep = all.filter((field) => !isLeaf(field));
    const costly = deep.filter(({ name, extensions }) => 'cost' in extensions || name in leading);
    const parts: string[] = ['__typename'];
    for (let left = 2 + pick(3); left > 0 && fieldCount < mostFields && !isOver(); left -= 1) {
      // Most choices lead to what costs something.
      const wanted = [costly, costly, costly, deep, all.filter(isLeaf)][pick(5)] ?? [];
      const choices = level < mostLevels && wanted.length > 0 ? wanted : all.filter(isLeaf);
      const field = choices[pick(Math.max(1, choices.length))];
      if (field) parts.push(fieldOf(field, level));
      const known = fragments.filter(({ typeName }) => typeName === type.name);
      if (known.length > 0 && pick(4) === 0) parts.push(`...${known[pick(known.length)]?.name}`);
    }
    const text = `{ ${parts.join(' ')} }`;
    switch (pick(6)) {
      case 1: {
        const name = `F${fragments.length}`;
        fragments.push({ name, typeName: type.name, text });
        return `{ ...${name} }`;
      }
      case 2:
        return `{ ... on ${type.name} ${text} }`;
      default:
        return text;
    }
  };

  const fieldOf = (field: GraphQLField<unknown, unknown>, level: number): string => {
    fieldCount += 1;
    const alias = `f${fieldCount}`;
    const written = argumentsOf(field, pick, () => pick(3) > 0);
    const directive = ['', '', '', ' @include(if: $yes)', ' @skip(if: $yes)'][pick(5)];
    return `${alias}: ${field.name}${written}${directive} ${selectionOf(getNamedType(field.type), level + 1)}`;
  };

  const root = schema.getQueryType();
  const selection = root ? selectionOf(root, 0) : '';
  const told = fragments.map(({ name, typeName, text }) => `fragment ${name} on ${typeName} ${text}`);
  return `query ($yes: Boolean!) { __typename @include(if: $yes) ... on Query ${selection} } ${told.join(' ')}`;
};

/** A valid query over the whole schema. */
export const anyQuery = (): fc.Arbitrary<string> =>
  fc.array(fc.nat(9999), { minLength: 60, maxLength: 200, size: 'max' }).map(writeQuery);
