import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Random } from '../../src/sandbox/random.ts';
import { type Leaf, leafOf, type Path } from '../support/input-types.ts';
import { misfits, canary as placeholder, validValue } from '../support/leaf-values.ts';
import { oneOf, times } from './chance.ts';
import { hostileText } from './texts.ts';

/** A number that JSON can write and JavaScript cannot hold, until `jsonOf` writes it. */
const asWritten = (number: string): string => `@@${number}@@`;

/** Writes JSON. A half of a pair of characters is written as such, and not escaped. */
export const jsonOf = (value: unknown): string =>
  (JSON.stringify(value) ?? 'null').replace(/"@@([^"]*)@@"/g, '$1');

const numbers: readonly unknown[] = [
  0,
  -1,
  0.1,
  1e21,
  5e-324,
  1.7976931348623157e308,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  ...['-0', '1e999', '-1e999', '1E+400', '12345678901234567890', '0.1e-999', '9'.repeat(400)].map(asWritten),
];

/** Some mean something to JavaScript. */
export const oddKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
  '0',
  '',
  '$where',
  '\u0000',
  'input',
  'fileNumber',
];

/** Any JSON. */
export const anyJson = (random: Random, canary: string, depth = 3): unknown => {
  switch (random.integer(depth > 0 ? 0 : 3, 7)) {
    case 0:
      return times(random.integer(0, 4), () => anyJson(random, canary, depth - 1));
    case 1:
    case 2:
      return Object.fromEntries(
        times(random.integer(0, 4), () => [
          random.chance(0.2) ? canary : oneOf(random, oddKeys),
          anyJson(random, canary, depth - 1),
        ]),
      );
    case 3:
      return oneOf(random, numbers);
    case 4:
      return oneOf(random, [null, true, false]);
    default:
      return hostileText(random, canary);
  }
};

/** Lists or objects far inside one another, or very many in one list. */
export const hugeJson = (random: Random, canary: string): unknown => {
  const levels = oneOf(random, [20, 33, 200, 3000]);
  const start: unknown = canary;
  switch (random.integer(0, 3)) {
    case 0:
      return times(levels, () => 0).reduce<unknown>((inner) => [inner], start);
    case 1:
      return times(levels, () => 0).reduce<unknown>((inner) => ({ input: inner }), start);
    case 2:
      return times(oneOf(random, [501, 10_000, 50_000]), () => canary);
    default:
      return Object.fromEntries(times(5000, (index) => [`k${index}`, canary]));
  }
};

const wellKnown = (random: Random, { name, type }: Leaf): unknown => {
  if (type.name === 'Int') return random.integer(1, 5);
  if (/^fileNumbers?$/.test(name)) return `R${random.integer(3001, 3300)}`;
  if (/^orderIds?$/.test(name)) return oneOf(random, ['57062885', '57062886', '1', '99999999']);
  if (/^ids?$/.test(name)) {
    const id = oneOf(random, [
      'Account:R3001',
      'Order:57062885',
      'Portfolio:C2C%20PDL%20TEST',
      'Phone:S:R3001:1',
      'Phone:%zz',
      'Nothing:1',
    ]);
    return Buffer.from(id).toString(oneOf(random, ['base64', 'base64url', 'hex', 'utf8']));
  }
  return undefined;
};

/** Any name has the canary in it; scalars that only go out have no value. */
const validValueOr = (leaf: Leaf, canary: string): unknown => {
  if (leaf.type.name === 'BirthDate') return canary;
  const value = validValue(leaf);
  return typeof value === 'string' ? value.replace(/^Zaphod(?= )/, canary) : value;
};

const leafValue = (random: Random, canary: string, leaf: Leaf): unknown => {
  if (random.chance(0.04)) {
    const misfit = oneOf(random, misfits(leaf));
    return JSON.parse(JSON.stringify(misfit).replaceAll(placeholder, canary));
  }
  if (random.chance(0.03)) return anyJson(random, canary, 1);
  if (isEnumType(leaf.type)) return oneOf(random, leaf.type.getValues()).name;
  const hasText = !['Boolean', 'Int', 'Float'].includes(leaf.type.name);
  if (hasText && random.chance(0.15)) return hostileText(random, canary);
  return wellKnown(random, leaf) ?? (leaf.type.name.endsWith('Time') ? '14:45' : validValueOr(leaf, canary));
};

/** A value for an argument or a field: mostly one that it takes. */
export const someValue = (random: Random, canary: string, type: GraphQLInputType, path: Path): unknown => {
  if (!isNonNullType(type) && random.chance(0.05)) return null;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const count = random.chance(0.01) ? 600 : random.integer(0, 3);
    return times(count, (index) => someValue(random, canary, nullable.ofType, [...path, index]));
  }
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields()).filter(
      (field) => isNonNullType(field.type) || random.chance(0.25),
    );
    const entries = fields.map((field): [string, unknown] => [
      field.name,
      someValue(random, canary, field.type, [...path, field.name]),
    ]);
    if (random.chance(0.03)) entries.push([oneOf(random, oddKeys), canary]);
    if (random.chance(0.03)) entries.pop();
    return Object.fromEntries(entries);
  }
  const leaf = leafOf({ path, type });
  return leaf ? leafValue(random, canary, leaf) : null;
};
