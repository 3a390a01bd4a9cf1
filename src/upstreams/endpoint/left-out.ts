import { BadResponseError, type UpstreamOperation } from '../errors.ts';
import type { Row } from './row.ts';

/** A row of a response that is not in its list, because it has no identifying value. */
export interface LeftOut {
  /** The number of rows of the list before it. */
  readonly at: number;
  readonly row: Row;
}

const none: readonly LeftOut[] = [];

// Stored apart from the lists: a list stays an array of rows for code that does not need this.
const leftOutByList = new WeakMap<object, readonly LeftOut[]>();

/** Returns the rows that were left out of a list, in their order. */
export const leftOutOf = (list: unknown): readonly LeftOut[] =>
  typeof list === 'object' && list !== null ? (leftOutByList.get(list) ?? none) : none;

/** Records which rows were left out of a list. */
export const withLeftOut = <List extends readonly unknown[]>(
  list: List,
  leftOut: readonly LeftOut[],
): List => {
  if (leftOut.length > 0) leftOutByList.set(list, leftOut);
  return list;
};

/**
 * Returns the result of a lookup in a list without the requested row.
 *
 * @throws {BadResponseError} if rows were left out of the list: one of them may be the requested one.
 */
export const absentFrom = (endpoint: UpstreamOperation, rows: readonly unknown[]): null => {
  if (leftOutOf(rows).length > 0) throw new BadResponseError(endpoint);
  return null;
};

/** Returns the rows of a list at their positions in the response; `undefined` for a row that was left out. */
export const withGaps = <Item>(list: readonly Item[]): readonly (Item | undefined)[] => {
  const leftOut = leftOutOf(list);
  if (leftOut.length === 0) return list;
  const positions: (Item | undefined)[] = [];
  let next = 0;
  for (let at = 0; at <= list.length; at += 1) {
    for (; leftOut[next]?.at === at; next += 1) positions.push(undefined);
    if (at < list.length) positions.push(list[at]);
  }
  return positions;
};
