import type { AgencyCalendar } from '../../values/agency-calendar.ts';
import type { Row } from './row.ts';

/** The key of a value in a row, or the path of keys through nested rows. */
export type Key = string | readonly string[];

/** The keys of a value in a row, and its parser. */
export interface Column<T> {
  /** The upstream's keys in the order in which they are tried: one value can have several names. */
  readonly keys: readonly Key[];
  /** Reads one value; `null` if it is blank or unreadable. */
  readonly parse: (wire: unknown, calendar?: AgencyCalendar) => T | null;
  /** @param calendar the calendar of the agency: the century of a two-digit year may depend on the present day. */
  read(row: Row, calendar?: AgencyCalendar): T | null;
  /** Whether the row has the column, even with a blank value. */
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

/** Creates a column that returns the first key with a value. */
export const column = <T>(
  interpret: (wire: unknown, calendar?: AgencyCalendar) => T | null,
  ...keys: readonly Key[]
): Column<T> => ({
  keys,
  parse: interpret,
  read: (row, calendar) => {
    for (const key of keys) {
      const value = interpret(valueAt(row, key), calendar);
      if (value !== null) return value;
    }
    return null;
  },
  isIn: (row) => keys.some((key) => valueAt(row, key) !== undefined),
});

/** Columns by the names of their GraphQL fields. */
export type Columns = Readonly<Record<string, Column<unknown>>>;

/** Whether any of the columns holds a value. */
export const isAnyIn = (columns: Columns, row: Row): boolean =>
  Object.values(columns).some((one) => one.read(row) !== null);
