import { operations } from '../../src/sandbox/operations.ts';
import type { Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import type { ResponseKey } from '../../src/upstreams/endpoint/response-keys.ts';
import type { Received } from './upstream.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const places = ['result', 'success', 'Success', 'data', 'orders'] as const;

/** Changes the rows of an answer, wherever its envelope holds them. */
export const changeRows = (json: unknown, change: (row: Json) => Json | null): unknown => {
  if (Array.isArray(json)) {
    return json.flatMap((row: unknown) => (isObject(row) ? (change(row) ?? []) : [row]));
  }
  if (!isObject(json)) return json;
  const place = places.find((name) => isObject(json[name]) || Array.isArray(json[name]));
  return place === undefined ? change(json) : { ...json, [place]: changeRows(json[place], change) };
};

/** What a request to an operation says by the name of a path parameter, query parameter or key of the body. */
export const requestedOf = ({ path }: Endpoint, request: Received): Json => {
  const pattern = new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
  const params = Object.entries(pattern.exec(request.path)?.groups ?? {});
  const body = isObject(request.body) ? request.body : {};
  return {
    ...body,
    ...request.query,
    ...Object.fromEntries(params.map(([name, text]) => [name, decodeURIComponent(text)])),
  };
};

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** Sets what stands at a path within a row, in each row of the lists on the way; the last name may be missing. */
export const setAt = (value: unknown, path: readonly string[], key: unknown): unknown => {
  const [name, ...rest] = path;
  if (Array.isArray(value)) return value.map((one) => setAt(one, path, key));
  if (name === undefined) return key;
  return isObject(value) ? { ...value, [name]: setAt(value[name], rest, key) } : value;
};

/** Changes what stands at a path within a row, in each row of the lists on the way, unless nothing stands there. */
export const changeAt = (
  value: unknown,
  path: readonly string[],
  change: (key: unknown) => unknown,
): unknown => {
  const [name, ...rest] = path;
  if (Array.isArray(value)) return value.map((one) => changeAt(one, path, change));
  if (name === undefined) return isNothing(value) ? value : change(value);
  return isObject(value) && name in value ? { ...value, [name]: changeAt(value[name], rest, change) } : value;
};

export const pathOf = ({ row }: ResponseKey): readonly string[] => (typeof row === 'string' ? [row] : row);

const ownRow = (row: Json, key: ResponseKey, requested: unknown): Json | null => {
  const { row: name, read, isBatch } = key;
  if (isBatch) {
    const wanted = String(requested).split(',').map(read);
    return wanted.includes(read(row[String(name)])) ? row : null;
  }
  const wanted: unknown = Array.isArray(requested) ? requested[0] : requested;
  const own = changeAt(row, pathOf(key), (documented) => {
    if (read(documented) === read(wanted)) return documented;
    return typeof documented === 'number' && /^\d+$/.test(String(wanted)) ? Number(wanted) : wanted;
  });
  return isObject(own) ? own : row;
};

export const endpointOf = (operation: string): Endpoint => {
  const endpoint = Object.values<Endpoint>(operations).find((one) => one.operation === operation);
  if (!endpoint) throw new Error(`There is no operation ${operation}.`);
  return endpoint;
};

/** Gives an answer the keys of a request, as an upstream does that answers for what it was asked. */
export const forRequest = (operation: string, request: Received, json: unknown): unknown => {
  const endpoint = endpointOf(operation);
  const requested = requestedOf(endpoint, request);
  return (endpoint.answersFor ?? []).reduce((answer: unknown, key) => {
    const wanted = requested[key.requested];
    return wanted === undefined ? answer : changeRows(answer, (row) => ownRow(row, key, wanted));
  }, json);
};
