/** The parameters that name a trusted document, in the order of precedence: `doc_id` is Relay's. */
export const documentIdParameters = ['documentId', 'doc_id'] as const;

/** The parameters of a GraphQL request, as in GraphQL over HTTP. */
export interface Parameters {
  readonly query: string | null;
  /** The id of a trusted document, in `documentId` or else in `doc_id`. */
  readonly documentId: string | null;
  /** The hash in `extensions.persistedQuery`. Nothing else in `extensions` has a meaning. */
  readonly persistedQuery: string | null;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
}

type JsonObject = Readonly<Record<string, unknown>>;

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
};

const isObject = (value: unknown): value is JsonObject => typeOf(value) === 'object';

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Returns the hash that Apollo Client and urql send in `extensions.persistedQuery`. */
const persistedQueryOf = (extensions: unknown): string | null => {
  const query = isObject(extensions) ? extensions['persistedQuery'] : null;
  return isObject(query) ? textOr(query['sha256Hash']) : null;
};

/** Parameters, or a sentence that names what is wrong with them. */
type Read = { readonly parameters: Parameters } | { readonly fault: string };

const textFault = (name: string, value: unknown): string | undefined =>
  value === null || value === undefined || typeof value === 'string'
    ? undefined
    : `Expected "${name}" param to be a string, but given ${typeOf(value)}.`;

const objectFault = (name: string, value: unknown): string | undefined =>
  value === null || value === undefined || isObject(value)
    ? undefined
    : `Expected "${name}" param to be empty or an object, but given ${typeOf(value)}.`;

const standard = new Set<string>([
  'query',
  'operationName',
  'variables',
  'extensions',
  ...documentIdParameters,
]);

const read = (all: JsonObject): Read => {
  const { query, operationName, variables, extensions } = all;
  // Without a query, the document has an id, and clients differ in what they send next to it.
  for (const name in query ? all : {}) {
    if (all[name] === null || standard.has(name)) continue;
    return { fault: 'Unexpected parameter (not shown) in the request body.' };
  }
  const [documentId, docId] = documentIdParameters.map((name) => all[name]);
  const fault =
    textFault('query', query) ??
    textFault('operationName', operationName) ??
    objectFault('variables', variables) ??
    objectFault('extensions', extensions);
  if (fault !== undefined) return { fault };
  return {
    parameters: {
      query: textOr(query),
      documentId: textOr(documentId) ?? textOr(docId),
      persistedQuery: persistedQueryOf(extensions),
      operationName: textOr(operationName),
      variables: isObject(variables) ? variables : null,
    },
  };
};

const parseOr = <Other>(text: string, other: Other): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return other;
  }
};

const invalid = Symbol('invalid JSON');

export const readBodyParameters = (body: Buffer): Read => {
  const all = parseOr(body.toString(), invalid);
  if (isObject(all)) return read(all);
  if (all === invalid) return { fault: 'POST body sent invalid JSON.' };
  if (Array.isArray(all)) return { fault: 'Batching is not supported.' };
  return { fault: `POST body is expected to be object but received ${typeOf(all)}` };
};

/** Reads the parameters of a GET: the first of equal names. Others are ignored. */
export const readSearchParameters = (parameters: URLSearchParams): Read => {
  const text = (name: string): string | null => parameters.get(name) || null;
  const json = (name: string): unknown => {
    const value = text(name);
    return value === null ? null : parseOr(value, invalid);
  };
  const all = {
    query: text('query'),
    // One that is empty is an unknown id, not a missing one.
    ...Object.fromEntries(documentIdParameters.map((name) => [name, parameters.get(name)])),
    operationName: text('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  };
  if (all.variables === invalid || all.extensions === invalid) {
    return { fault: 'A parameter of the request is not JSON.' };
  }
  return read(all);
};
