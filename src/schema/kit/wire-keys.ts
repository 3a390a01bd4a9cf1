import type { PathOf } from './mutation-errors.ts';

/** The upstream's keys of input fields; a field with fields of its own has their keys next to its own. */
export interface WireKeys {
  readonly [field: string]: string | readonly [key: string, within: WireKeys];
}

type Within<Value> = Value extends readonly (infer Item)[] ? Extract<Item, object> : Extract<Value, object>;

/** A table with every field of an input. */
type KeysOf<Input> = {
  readonly [Field in keyof Input]-?: [Within<Input[Field]>] extends [never]
    ? string
    : readonly [string, KeysOf<Within<Input[Field]>>];
};

type NameIn<Key> = Key extends readonly [infer Name extends string, unknown] ? Name : Key & string;

type WireValue<Value, Key> = Key extends readonly [string, infer Keys]
  ? Value extends readonly (infer Item)[]
    ? Wire<Item, Keys>[]
    : Value extends object
      ? Wire<Value, Keys>
      : Value
  : Value;

/** An input under the upstream's keys. */
type Wire<Input, Keys> = {
  [Field in keyof Input & keyof Keys as NameIn<Keys[Field]>]: WireValue<Input[Field], Keys[Field]>;
};

const nameOf = (key: WireKeys[string]): string => (typeof key === 'string' ? key : key[0]);

const rename = (value: unknown, keys: WireKeys): unknown => {
  if (Array.isArray(value)) return value.map((item) => rename(item, keys));
  if (typeof value !== 'object' || value === null) return value;
  const fields = new Map(Object.entries(value));
  return Object.fromEntries(
    Object.entries(keys).map(([field, key]) => {
      const inner = fields.get(field);
      return [nameOf(key), typeof key === 'string' ? inner : rename(inner, key[1])];
    }),
  );
};

/** Returns an input with the upstream's keys. Omitted fields are undefined, which JSON leaves out. */
export const toWire = <Input extends object, const Keys extends KeysOf<Input>>(
  input: Input,
  keys: Keys,
): Wire<Input, Keys> =>
  // The types follow from the table, which TypeScript does not carry through its entries.
  rename(input, keys as Keys & WireKeys) as Wire<Input, Keys>;

/**
 * Converts a key that an upstream reported as invalid, such as `borrowers.0.lastname`, to the path within the input.
 *
 * @returns the path of the nearest field that is in the table; `null` if there is none.
 */
export const pathIn =
  (keys: WireKeys): PathOf =>
  (key) => {
    const path: string[] = [];
    let level = keys;
    for (const part of key.split('.')) {
      const isIndex = /^\d+$/.test(part) && path.length > 0;
      const found = isIndex ? undefined : Object.entries(level).find(([, name]) => nameOf(name) === part);
      if (!isIndex && !found) break;
      path.push(found ? found[0] : part);
      if (found) level = typeof found[1] === 'string' ? {} : found[1][1];
    }
    return path.length === 0 ? null : path.join('.');
  };
