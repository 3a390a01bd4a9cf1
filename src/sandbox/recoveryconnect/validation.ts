import { invalidData } from './laravel.ts';

type Rule = 'required' | 'integer' | 'numeric' | 'string' | 'array' | 'boolean';

/** Rules by dotted path; `*` stands for each element of a list. */
export type Rules = Readonly<Record<string, readonly Rule[]>>;

export type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0);

const isBoolean = (value: unknown): boolean => [0, 1, '0', '1', true, false].includes(value as never);

const isInteger = (value: unknown): boolean =>
  Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,15}$/.test(value));

const checks: Readonly<Record<Rule, { passes: (value: unknown) => boolean; text: string }>> = {
  required: { passes: (value) => !isBlank(value), text: 'field is required.' },
  integer: { passes: isInteger, text: 'must be an integer.' },
  numeric: { passes: (value) => Number.isFinite(value), text: 'must be a number.' },
  string: { passes: (value) => typeof value === 'string', text: 'must be a string.' },
  array: { passes: Array.isArray, text: 'must be an array.' },
  boolean: { passes: isBoolean, text: 'field must be true or false.' },
};

/** Returns the values of a path with wildcards, each with its own path. */
const valuesAt = (
  value: unknown,
  path: readonly string[],
  done: readonly string[] = [],
): [string, unknown][] => {
  const [head, ...rest] = path;
  if (head === undefined) return [[done.join('.'), value]];
  if (head === '*') {
    const elements: unknown[] = Array.isArray(value) ? value : [];
    return elements.flatMap((element, index) => valuesAt(element, rest, [...done, String(index)]));
  }
  return valuesAt(isFields(value) ? value[head] : undefined, rest, [...done, head]);
};

const complaintsAbout = (path: string, value: unknown, rules: readonly Rule[]): string[] => {
  if (value === undefined || value === null)
    return rules.includes('required') ? complaint(path, 'required') : [];
  const broken = rules.find((rule) => !checks[rule].passes(value));
  return broken ? complaint(path, broken) : [];
};

const complaint = (path: string, rule: Rule): string[] => {
  const name = path.split('.').at(-1) ?? path;
  return [`The ${name.replaceAll('_', ' ')} ${checks[rule].text}`];
};

/** @throws the Refusal of Laravel if a body violates the rules. */
export const validate = (body: Fields, rules: Rules): void => {
  const errors = Object.entries(rules).flatMap(([pattern, rulesOfPath]) =>
    valuesAt(body, pattern.split('.'))
      .map(([path, value]) => [path, complaintsAbout(path, value, rulesOfPath)] as const)
      .filter(([, complaints]) => complaints.length > 0),
  );
  if (errors.length > 0) throw invalidData(Object.fromEntries(errors));
};

/** Returns a text as sent, or a number as a text; blank if it is missing. */
export const textOf = (fields: Fields, key: string): string => {
  const value = fields[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

export const numberOf = (fields: Fields, key: string): number | null => {
  const value = fields[key];
  return value === undefined || value === null || value === '' ? null : Number(value);
};

export const flagOf = (fields: Fields, key: string): number =>
  [1, '1', true].includes(fields[key] as never) ? 1 : 0;

export const listOf = (fields: Fields, key: string): readonly Fields[] => {
  const value = fields[key];
  return Array.isArray(value) ? value.filter(isFields) : [];
};
