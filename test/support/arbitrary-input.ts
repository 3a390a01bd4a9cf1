import fc from 'fast-check';
import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
} from 'graphql';
import {
  isPlain,
  isRequired,
  type Leaf,
  leafOf,
  leavesOf,
  type Part,
  type Path,
  partsOf,
  replacedAt,
} from './input-types.ts';
import {
  brokenValues,
  canary,
  canaryNumber,
  hostileDecimals,
  hostileNumbers,
  hostileTexts,
  isBreakable,
  misfits,
  validValue,
} from './leaf-values.ts';

const text = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', minLength: 1 }).map((some) => `${some}${canary}`),
);

/** A value of the leaf's own JSON type, whether it takes it or not. */
const hostileLeaf = (leaf: Leaf): fc.Arbitrary<unknown> => {
  const { type } = leaf;
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (type.name === 'Boolean') return fc.boolean();
  if (type.name === 'Int') return fc.oneof(fc.constantFrom(...hostileNumbers), fc.integer());
  if (type.name === 'Float') return fc.double({ noDefaultInfinity: true, noNaN: true });
  const broken = fc.constantFrom(...brokenValues(leaf).filter((value) => String(value).length < 1000));
  if (type.name === 'ID') return fc.oneof(text, broken, fc.integer());
  if (type.name !== 'Decimal') return fc.oneof(text, broken);
  return fc.oneof(text, broken, fc.constantFrom(...hostileDecimals), fc.maxSafeInteger());
};

const leafArbitrary = (leaf: Leaf): fc.Arbitrary<unknown> =>
  fc.oneof(fc.constant(validValue(leaf)), hostileLeaf(leaf));

/** More items than any list takes. */
const tooMany = 150;

const listArbitrary = (type: GraphQLInputType, path: Path): fc.Arbitrary<unknown> => {
  const item = arbitraryValue(type, path);
  const isOutermost = path.filter((part) => typeof part === 'number').length === 1;
  const long = item.map((one) => Array.from({ length: tooMany }, () => one));
  const short = fc.array(item, { maxLength: 3 });
  // Lists within long lists would make the request as long as no request may be.
  return isOutermost ? fc.oneof({ weight: 9, arbitrary: short }, { weight: 1, arbitrary: long }) : short;
};

const arbitraryValue = (type: GraphQLInputType, path: Path): fc.Arbitrary<unknown> => {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return listArbitrary(nullable.ofType, [...path, 0]);
  if (!isInputObjectType(nullable)) {
    const leaf = leafOf({ path, type });
    return leaf ? leafArbitrary(leaf) : fc.constant(null);
  }
  const fields = Object.values(nullable.getFields());
  const model = Object.fromEntries(
    fields.map((field) => {
      const value = arbitraryValue(field.type, [...path, field.name]);
      return [field.name, isRequired(field.type) ? value : fc.option(value, { freq: 9 })] as const;
    }),
  );
  const requiredKeys = fields.filter((field) => isRequired(field.type)).map(({ name }) => name);
  return fc.record(model, { requiredKeys });
};

/** An item at any index, counted around its list. */
const pick = <Item>(items: readonly Item[], index: number): Item => {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('There is nothing to pick from');
  return item;
};

interface Broken {
  readonly input: unknown;
  /** The path of a field that is certainly rejected, its parts joined by dots. */
  readonly path: string;
}

/** Inputs of which every value has the JSON type that it must have, of which at least one is rejected. */
export const brokenInput = (type: GraphQLInputObjectType): fc.Arbitrary<Broken> =>
  fc.tuple(arbitraryValue(type, []), fc.nat(), fc.nat()).map(([input, where, how]) => {
    const leaf = pick(leavesOf(type, input).filter(isBreakable), where);
    return {
      input: replacedAt(input, leaf.path, pick(brokenValues(leaf), how)),
      path: leaf.path.join('.'),
    };
  });

/** Names that no input has: some mean something to JavaScript. */
const unknownKeys = ['__proto__', 'constructor', 'toString', 'fileNumber ', '0', '', '$where', 'notThere'];

/** An object with one field more, also where its name is that of the prototype. */
const withKey = (value: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.fromEntries([...Object.entries(value), [key, canary]]);

const without = (value: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));

/** All values that a part of an input could have instead, and that are rejected. */
const misfitsFor = ({ path, type, value }: Part): readonly unknown[] => {
  const nothing = isRequired(type) ? [null] : [];
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const items = misfitsFor({ path: [...path, 0], type: nullable.ofType, value: undefined });
    return [...nothing, ...items.filter((item) => item !== null), [null]];
  }
  if (!isInputObjectType(nullable)) {
    const leaf = leafOf({ path, type });
    return [...nothing, ...(leaf ? misfits(leaf) : [])];
  }
  const given = isPlain(value) ? value : {};
  const required = Object.values(nullable.getFields()).filter((field) => isRequired(field.type));
  return [
    ...nothing,
    canary,
    canaryNumber,
    true,
    [canary],
    ...unknownKeys.map((key) => withKey(given, key)),
    ...required.map(({ name }) => without(given, name)),
    ...required.map(({ name }) => ({ ...given, [name]: null })),
  ];
};

/** Inputs with one part, at any depth, of another JSON type than it must have; or any JSON at all, or none. */
export const misfitInput = (type: GraphQLInputObjectType): fc.Arbitrary<unknown> => {
  const oneMisfit = fc.tuple(arbitraryValue(type, []), fc.nat(), fc.nat()).map(([input, where, how]) => {
    const part = pick(partsOf(type, input), where);
    return replacedAt(input, part.path, pick(misfitsFor(part), how));
  });
  const anything = fc.oneof(fc.constantFrom(null, undefined), fc.jsonValue());
  return fc.oneof({ weight: 9, arbitrary: oneMisfit }, { weight: 1, arbitrary: anything });
};
