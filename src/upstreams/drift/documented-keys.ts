import { isRecord, type Row } from '../endpoint/row.ts';
import table from './documented-keys.json' with { type: 'json' };

/** Separates the keys of a path. */
export const pathSeparator = ' > ';

/** Marks a key that only some of the documented rows have. */
export const optionalMark = '?';

/** The keys of the documented success of one operation. */
export interface DocumentedKeys {
  /** The keys that lead to the payload; `null` if the payload is created from the body. */
  readonly at: readonly string[] | null;
  /** The paths outside the payload. */
  readonly envelope: readonly string[];
  /** The paths within the rows of the payload; with a mark if only some of the rows have the key. */
  readonly rows: readonly string[];
}

/** By operation: written by `npm run docs` from the documented responses. */
export const documentedKeys: Readonly<Record<string, DocumentedKeys>> = table;

const rowsIn = (value: unknown): Row[] => (Array.isArray(value) ? value : [value]).filter(isRecord);

/** Returns the paths of the keys of rows and of the rows nested in them. */
export const rowPaths = (rows: readonly Row[], prefix = ''): string[] =>
  [...new Set(rows.flatMap((row) => Object.keys(row)))].sort().flatMap((key) => {
    const own = rows.filter((row) => key in row);
    const path = prefix + key;
    const nested = own.flatMap((row) => rowsIn(row[key]));
    return [
      own.length === rows.length ? path : path + optionalMark,
      ...rowPaths(nested, path + pathSeparator),
    ];
  });

/**
 * Visits the keys of a body outside its payload.
 *
 * @param visit receives the path and the value of a key; false if the keys below it are not to be visited.
 */
export const visitEnvelope = (
  body: unknown,
  at: readonly string[] | null,
  visit: (path: string, value: unknown) => boolean,
  prefix = '',
): void => {
  if (at?.length === 0) return;
  for (const part of rowsIn(body)) {
    for (const [key, value] of Object.entries(part)) {
      const inside = at?.[0] === key ? at.slice(1) : null;
      if (visit(prefix + key, value)) visitEnvelope(value, inside, visit, prefix + key + pathSeparator);
    }
  }
};

/** Returns the keys of a documented success. */
export const keysOf = (body: unknown, payload: unknown, at: readonly string[] | null): DocumentedKeys => {
  const envelope = new Set<string>();
  visitEnvelope(body, at, (path) => {
    envelope.add(path);
    return true;
  });
  return { at, envelope: [...envelope].sort(), rows: at === null ? [] : rowPaths(rowsIn(payload)) };
};
