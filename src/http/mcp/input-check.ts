import type { JsonSchema, JsonType } from './json-schema.ts';

/** Faults that are reported at once: a list may have thousands. */
const maxFaults = 10;

const typeNames: Readonly<Record<JsonType, string>> = {
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const hasType = (value: unknown, type: JsonType): boolean => {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    default:
      return typeof value === type;
  }
};

/** A name that the caller chose may be a value: only what can be the name of a field is repeated. */
const shownKey = (key: string): string => (/^[A-Za-z_]{1,60}$/.test(key) ? key : '(not shown)');

const below = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Texts without a value of the input: it may be a card number at the wrong place. */
const expectationOf = (value: unknown, schema: JsonSchema): string | undefined => {
  const types = [schema.type].flat();
  if (!types.some((type) => hasType(value, type))) {
    const names = types.map((type) => typeNames[type]).join(' or ');
    return schema.pattern === undefined ? names : `${names} of the form ${schema.pattern}`;
  }
  if (schema.enum && !schema.enum.includes(value)) {
    return `one of ${schema.enum.map((one) => String(one)).join(', ')}`;
  }
  const { pattern, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (typeof value === 'string' && pattern !== undefined && !new RegExp(pattern).test(value)) {
    return `a string of the form ${pattern}`;
  }
  if (typeof value === 'number' && (value < minimum || value > maximum)) {
    return `a number from ${minimum} to ${maximum}`;
  }
  return undefined;
};

/**
 * Compares arguments with the schema of a tool, and returns what is wrong with them: sentences with the name of a field and
 * what was expected, without any value. The SDK compares nothing for a server of this kind.
 */
export const faultsOfInput = (input: unknown, schema: JsonSchema): string[] => {
  const faults = new Set<string>();
  const add = (path: string, expectation: string): void => {
    if (faults.size < maxFaults) faults.add(`${path === '' ? 'arguments' : path}: expected ${expectation}.`);
  };

  const checkObject = (
    value: Readonly<Record<string, unknown>>,
    { properties = {}, required = [] }: JsonSchema,
    path: string,
  ): void => {
    for (const key of Object.keys(value)) {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (property) check(value[key], property, below(path, key));
      else add(below(path, shownKey(key)), 'no such field');
      if (faults.size >= maxFaults) return;
    }
    for (const key of required)
      if (!Object.hasOwn(value, key)) add(below(path, key), 'a value, since it is required');
  };

  const check = (value: unknown, schema: JsonSchema, path: string): void => {
    const expectation = expectationOf(value, schema);
    if (expectation !== undefined) {
      add(path, expectation);
    } else if (Array.isArray(value) && schema.items) {
      for (const [index, item] of value.entries()) {
        if (faults.size >= maxFaults) return;
        check(item, schema.items, `${path}[${index}]`);
      }
    } else if (schema.properties && typeof value === 'object' && value !== null) {
      checkObject(value as Readonly<Record<string, unknown>>, schema, path);
    }
  };

  check(input, schema, '');
  return [...faults];
};
