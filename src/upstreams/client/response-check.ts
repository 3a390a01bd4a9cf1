import { toText } from '../../values/text.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { leftOutOf, withLeftOut } from '../endpoint/left-out.ts';
import type { ReadKey, Requested, ResponseKey } from '../endpoint/response-keys.ts';
import { isRecord } from '../endpoint/row.ts';
import { failed, type Verdict } from '../endpoint/verdict.ts';

/** One key, as most calls have, or several: a set for each call would take longer than the comparison. */
type RequestedKeys = string | ReadonlySet<string>;

const isRequested = (key: string, wanted: RequestedKeys): boolean =>
  typeof wanted === 'string' ? key === wanted : wanted.has(key);

const requestedValue = ({ params, query, body }: Requested, name: string): unknown =>
  params[name] ?? query?.[name] ?? (isRecord(body) ? body[name] : undefined);

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && toText(value) === null);

const readKey = (value: unknown, read: ReadKey): string | null => {
  const key = value === undefined ? null : read(value);
  return key === '' ? null : key;
};

/** The requested keys as they are compared; `null` if the call leaves them out. */
const wantedBy = (
  { requested: name, read, isBatch }: ResponseKey,
  requested: Requested,
): RequestedKeys | null => {
  const value = requestedValue(requested, name);
  const isList = Array.isArray(value);
  if (!isList && !(isBatch && typeof value === 'string')) return readKey(value, read);
  const each: readonly unknown[] = isList ? value : value.split(',');
  const wanted = new Set<string>();
  for (const one of each) {
    const key = readKey(one, read);
    if (key !== null) wanted.add(key);
  }
  return wanted.size === 0 ? null : wanted;
};

const isOther = (value: unknown, read: ReadKey, wanted: RequestedKeys): boolean => {
  if (isNothing(value)) return false;
  const key = read(value);
  return key !== null && !isRequested(key, wanted);
};

const isOtherInside = (
  value: unknown,
  path: readonly string[],
  read: ReadKey,
  wanted: RequestedKeys,
): boolean => {
  if (Array.isArray(value)) return value.some((one) => isOtherInside(one, path, read, wanted));
  const [name, ...rest] = path;
  if (name === undefined) return isOther(value, read, wanted);
  return isRecord(value) && isOtherInside(value[name], rest, read, wanted);
};

const isWanted = (value: unknown, read: ReadKey, wanted: RequestedKeys): boolean => {
  const key = isNothing(value) ? null : read(value);
  return key !== null && isRequested(key, wanted);
};

/** Whether a row names another key than those requested. A row that names none does not. */
const isStray = (row: unknown, { row: name, read, orIn }: ResponseKey, wanted: RequestedKeys): boolean => {
  if (!isRecord(row)) return false;
  if (typeof name !== 'string') return isOtherInside(row, name, read, wanted);
  if (!isOther(row[name], read, wanted)) return false;
  return orIn === undefined || !orIn.some((other) => isWanted(row[other], read, wanted));
};

const hasStray = (payload: unknown, key: ResponseKey, wanted: RequestedKeys): boolean => {
  if (!Array.isArray(payload)) return isStray(payload, key, wanted);
  // A plain loop: it runs for every row of every response.
  for (const row of payload) if (isStray(row, key, wanted)) return true;
  return leftOutOf(payload).some(({ row }) => isStray(row, key, wanted));
};

/**
 * Checks that the rows of a response, including those left out, have the requested keys.
 *
 * @returns the same verdict if they do. A batch loses the rows of other keys. Any other response becomes a failure, or
 *   for a write an unknown outcome: nothing in it is about the request.
 */
export const checkResponse = (endpoint: Endpoint, requested: Requested, verdict: Verdict): Verdict => {
  if (verdict.kind !== 'ok' || endpoint.answersFor === undefined) return verdict;
  let checked = verdict;
  for (const key of endpoint.answersFor) {
    const wanted = wantedBy(key, requested);
    const { payload } = checked;
    if (wanted === null || !hasStray(payload, key, wanted)) continue;
    if (!key.isBatch || !Array.isArray(payload)) return failed(endpoint, 'mismatched');
    const own = payload.filter((row) => !isStray(row, key, wanted));
    checked = { ...checked, payload: withLeftOut(own, leftOutOf(payload)), hasStrays: true };
  }
  return checked;
};
