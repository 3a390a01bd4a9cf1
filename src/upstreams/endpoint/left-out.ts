import { BadResponseError, type UpstreamOperation } from '../errors.ts';
import type { Row } from './row.ts';

/** A row of an answer that is not in its list, since it lacks what identifies it. */
export interface LeftOut {
  /** How many rows of the list come before it. */
  readonly at: number;
  readonly row: Row;
}

const none: readonly LeftOut[] = [];

// Kept next to the lists: a list stays an array of rows for everything that does not look anything up in it.
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
 * The result of a look-up in a list without the row that is looked for.
 *
 * @throws {BadResponseError} if rows were left out of the list: it may be one of them.
 */
export const absentFrom = (endpoint: UpstreamOperation, rows: readonly unknown[]): null => {
  if (leftOutOf(rows).length > 0) throw new BadResponseError(endpoint);
  return null;
};

/** Returns the rows of a list in the places that they have in the answer; `undefined` stands for one left out. */
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
