/** A place in an answer, as in the path of an error. */
export type Path = readonly (string | number)[];

/** What stands at a place; undefined where there is no such place. */
export const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) => (value as Readonly<Record<string | number, unknown>> | null)?.[key],
    data,
  );

/** The same with another value at a place. */
export const withValueAt = (data: unknown, [key, ...rest]: Path, value: unknown): unknown => {
  if (key === undefined) return value;
  if (Array.isArray(data)) {
    return data.map((item: unknown, index) => (index === key ? withValueAt(item, rest, value) : item));
  }
  const record = data as Readonly<Record<string, unknown>>;
  return { ...record, [key]: withValueAt(record[key], rest, value) };
};
