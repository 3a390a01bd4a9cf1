import { documentIdParameter, persistedQueryOf } from '../plugins/use-persisted-documents.ts';

/** The parameters of a request to GraphQL, as in GraphQL over HTTP. */
export interface Parameters {
  readonly query: string | null;
  readonly documentId: string | null;
  /** The hash in `extensions.persistedQuery`. Nothing else in `extensions` has a meaning. */
  readonly persistedQuery: string | null;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isObjectOrNull = (value: unknown): value is JsonObject | null => value === null || isObject(value);

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';

const known = new Set(['query', documentIdParameter, 'operationName', 'variables', 'extensions']);

/** @returns `undefined` if a parameter is of another type than documented: Yoga reports which one. */
const parametersOf = (all: JsonObject): Parameters | undefined => {
  const { query = null, documentId = null, operationName = null, variables = null, extensions = null } = all;
  if (!isTextOrNull(query) || !isTextOrNull(documentId) || !isTextOrNull(operationName)) return undefined;
  if (!isObjectOrNull(variables) || !isObjectOrNull(extensions)) return undefined;
  return { query, documentId, persistedQuery: persistedQueryOf(extensions), operationName, variables };
};

/** @returns `undefined` for a body that is not one object of known parameters. Yoga ignores others that are null. */
export const readBody = (body: Buffer): Parameters | undefined => {
  let all: unknown;
  try {
    all = JSON.parse(body.toString());
  } catch {
    return undefined;
  }
  if (!isObject(all)) return undefined;
  for (const key in all) if (!known.has(key) && all[key] !== null) return undefined;
  return parametersOf(all);
};

/** Reads the parameters of a GET. As Yoga does, it takes the first of equal names, and ignores unknown ones. */
export const readSearch = (search: string): Parameters | undefined => {
  const parameters = new URLSearchParams(search);
  const text = (name: string): string | null => parameters.get(name) || null;
  const json = (name: string): unknown => {
    const value = text(name);
    return value === null ? null : JSON.parse(value);
  };
  try {
    return parametersOf({
      query: text('query'),
      // Unlike the others, one that is empty is not the same as none.
      documentId: parameters.get(documentIdParameter),
      operationName: text('operationName'),
      variables: json('variables'),
      extensions: json('extensions'),
    });
  } catch {
    return undefined;
  }
};
