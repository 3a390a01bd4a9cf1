import type { Endpoint } from '../../upstreams/endpoint/endpoint.ts';
import type { ResponseKey } from '../../upstreams/endpoint/response-keys.ts';
import { type HttpAnswer, json } from '../server.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The paths of rows in the envelopes of both systems. */
const places = ['result', 'success', 'data', 'orders'] as const;

/** A key of no record: it differs from the right one in every digit. It also replaces a missing key. */
const otherThan = (key: unknown): unknown => {
  const text = String(key ?? '').trim();
  const digits = text.replace(/\d/g, (digit) => String(9 - Number(digit)));
  if (typeof key === 'number') return Number(digits);
  return digits === text ? `X${text}9` : digits;
};

const pathOf = ({ row }: ResponseKey): readonly string[] => (typeof row === 'string' ? [row] : row);

const changed = (value: unknown, path: readonly string[]): unknown => {
  const [name, ...rest] = path;
  if (Array.isArray(value)) return value.map((one) => changed(one, path));
  if (name === undefined) return otherThan(value);
  return isFields(value) ? { ...value, [name]: changed(value[name], rest) } : value;
};

/** Changes the keys that a row has; the first one is added to a row that has none. */
const withOtherKeys = (row: unknown, keys: readonly ResponseKey[]): unknown => {
  if (!isFields(row)) return row;
  const present = keys.filter((key) => (pathOf(key)[0] ?? '') in row);
  const named = present.length > 0 ? present : keys.slice(0, 1);
  return named.reduce((all: unknown, key) => changed(all, pathOf(key)), row);
};

const inEnvelope = (body: unknown, keys: readonly ResponseKey[]): unknown => {
  if (Array.isArray(body)) return body.map((row) => withOtherKeys(row, keys));
  if (!isFields(body)) return body;
  const place = places.find((name) => typeof body[name] === 'object' && body[name] !== null);
  return place === undefined
    ? withOtherKeys(body, keys)
    : { ...body, [place]: inEnvelope(body[place], keys) };
};

/**
 * Returns a response whose rows have another key than the requested one.
 *
 * @param requested the requested keys, by path parameter, query parameter or key of the body.
 * @returns the same response if the call requests no key that a row repeats.
 */
export const wrongKey = (endpoint: Endpoint, requested: Fields, answer: HttpAnswer): HttpAnswer => {
  const keys = (endpoint.answersFor ?? []).filter((key) => requested[key.requested] !== undefined);
  if (keys.length === 0 || answer.status !== 200) return answer;
  return json(inEnvelope(JSON.parse(String(answer.body)), keys), answer.status, answer.headers);
};
