import type { Column } from '../../upstreams/endpoint/column.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';

// Rows that contain less than the full row of their object, by the keys that the upstreams document: they determine which
// fields such a row can answer before it is read.

/** Under each key: whether it is enough for a field that reads it. */
export const knownRow = (...keys: readonly string[]): Row =>
  Object.fromEntries(keys.map((key) => [key, true]));

/** A row of keys that answer a field only if they are not blank, which is not known beforehand. */
export const blankableRow = (...keys: readonly string[]): Row =>
  Object.fromEntries(keys.map((key) => [key, false]));

/** Whether a row is enough for a column, whatever its values are. */
export const isEnoughFor = (row: Row, { keys }: Column<unknown>): boolean =>
  keys.some((key) => typeof key === 'string' && row[key] === true);

/** A row without keys: of the object only its key is known. */
export const bareRow = knownRow();
