import { isPlain, type Part, type Path } from './input-types.ts';

export interface Asked {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A part of an input that stands in a variable; by its default alone, if it has one. */
export interface Variable extends Part {
  readonly byDefault?: string;
}

const keyOf = (path: Path): string => path.join('.');

const literalOf = (value: unknown, parts: ReadonlyMap<string, string>, path: Path): string => {
  const part = parts.get(keyOf(path));
  if (part !== undefined) return part;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return `[${items.map((item, index) => literalOf(item, parts, [...path, index])).join(', ')}]`;
  }
  if (!isPlain(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, one]) => `${name}: ${literalOf(one, parts, [...path, name])}`,
  );
  return `{ ${fields.join(', ')} }`;
};

/**
 * Writes a mutation with its input in the document itself, but for the parts that stand in variables.
 *
 * @param literals parts that are written in a way of their own.
 */
export const writtenOut = (
  {
    field,
    input,
    selection,
  }: { readonly field: string; readonly input: unknown; readonly selection: string },
  variables: readonly Variable[],
  literals: readonly (readonly [Path, string])[] = [],
): Asked => {
  const named = variables.map((variable, index) => ({ ...variable, name: `v${index}` }));
  const declared = named.map(
    ({ name, type, byDefault }) =>
      `$${name}: ${String(type)}${byDefault === undefined ? '' : ` = ${byDefault}`}`,
  );
  const parts = new Map([
    ...literals.map(([path, literal]) => [keyOf(path), literal] as const),
    ...named.map(({ name, path }) => [keyOf(path), `$${name}`] as const),
  ]);
  const heading = declared.length === 0 ? 'mutation' : `mutation (${declared.join(', ')})`;
  return {
    document: `${heading} { ${field}(input: ${literalOf(input, parts, [])}) { ${selection} } }`,
    variables: Object.fromEntries(
      named.flatMap(({ name, value, byDefault }) => (byDefault === undefined ? [[name, value]] : [])),
    ),
  };
};
