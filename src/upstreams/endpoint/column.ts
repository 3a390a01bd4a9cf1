import type { AgencyCalendar } from '../../values/agency-calendar.ts';
import type { Row } from './row.ts';

/** The name of a value in a row, or the names that lead to it through the rows inside. */
export type Key = string | readonly string[];

/** Where a value stands in a row, and how it is read. */
export interface Column<T> {
  /** The upstream's keys for it, in the order they are tried: one thing has several names there. */
  readonly keys: readonly Key[];
  /** @param calendar says which day it is for the agency: two digits of a year may depend on it. */
  read(row: Row, calendar?: AgencyCalendar): T | null;
  /** Whether the row tells of it at all, were it only that there is nothing: a row may lack what another holds. */
  isIn(row: Row): boolean;
}

const valueAt = (row: Row, key: Key): unknown => {
  if (typeof key === 'string') return row[key];
  let value: unknown = row;
  for (const name of key) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Row)[name];
  }
  return value;
};

/** Reads the first of the keys that holds a value. */
export const column = <T>(
  interpret: (wire: unknown, calendar?: AgencyCalendar) => T | null,
  ...keys: readonly Key[]
): Column<T> => ({
  keys,
  read: (row, calendar) => {
    for (const key of keys) {
      const value = interpret(valueAt(row, key), calendar);
      if (value !== null) return value;
    }
    return null;
  },
  isIn: (row) => keys.some((key) => valueAt(row, key) !== undefined),
});

/** Columns by the names of the fields that they answer. */
export type Columns = Readonly<Record<string, Column<unknown>>>;

/** Whether any of the columns holds a value. */
export const isAnyIn = (columns: Columns, row: Row): boolean =>
  Object.values(columns).some((one) => one.read(row) !== null);
