import { isSameKey } from '../kit/listed.ts';
import { findableTypes, type NodeKey, readNodeId } from '../kit/node.ts';

/** The object that a representation stands for. */
export interface Reference extends NodeKey {
  /** Names the key in errors. */
  readonly argument: string;
}

/** What is wrong with a representation. It is no error yet: each of those costs a call stack. */
export interface RepresentationFault {
  readonly argument: string;
  readonly expected: string;
}

type Representation = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Representation =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names in single quotes of code, as in "`id` or `fileNumber`". */
const written = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' or ');

/** Reads the value of a key. */
const readKey = (
  typeName: string,
  name: string,
  value: unknown,
  at: string,
): Reference | RepresentationFault => {
  const argument = `${at}.${name}`;
  if (typeof value !== 'string') return { argument, expected: 'a string' };
  const { keyField } = findableTypes.get(typeName) ?? {};
  if (name !== 'id') {
    const read = keyField?.read(value) ?? null;
    return read === null
      ? { argument, expected: keyField?.form ?? 'a key' }
      : { typeName, key: [read], argument };
  }
  const { typeName: ofId, key } = readNodeId(value);
  if (ofId !== typeName || key.length === 0 || key.includes('')) {
    return { argument, expected: `an id of ${typeName} that came with an earlier response` };
  }
  const [only = ''] = key;
  return { typeName, key: keyField && key.length === 1 ? [keyField.read(only) ?? only] : key, argument };
};

const isFault = (read: Reference | RepresentationFault): read is RepresentationFault => 'expected' in read;

/**
 * Reads a representation of an entity: `__typename` with one of its keys. Nothing else is accepted, so that no personal
 * data comes with it.
 *
 * Several keys must be those of one object.
 *
 * @param at names the representation in errors, which contain no value.
 */
export const readRepresentation = (value: unknown, at: string): Reference | RepresentationFault => {
  if (!isObject(value)) return { argument: at, expected: 'an object with `__typename` and a key' };
  const { __typename: typeName, ...given } = value;
  const type = typeof typeName === 'string' ? findableTypes.get(typeName) : undefined;
  if (typeof typeName !== 'string' || !type) {
    const names = [...findableTypes.keys()].sort().join(', ');
    return { argument: `${at}.__typename`, expected: `the name of an entity: ${names}` };
  }
  const keys = ['id', ...(type.keyField ? [type.keyField.name] : [])];
  const names = Object.keys(given);
  if (names.length === 0 || !names.every((name) => keys.includes(name))) {
    return { argument: at, expected: `\`__typename\` with ${written(keys)}, and nothing else` };
  }
  const read = names.map((name) => readKey(typeName, name, given[name], at));
  const [first, ...others] = read;
  const fault = read.find(isFault);
  if (fault || !first || isFault(first)) return fault ?? { argument: at, expected: written(keys) };
  return others.every((other) => !isFault(other) && isSameKey(other.key, first.key))
    ? first
    : { argument: at, expected: `${written(keys)} of one object` };
};
