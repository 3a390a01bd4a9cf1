import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import type { GraphQLParams, Plugin } from 'graphql-yoga';

export interface PersistedDocuments {
  /** By their id: the hash of each, as the manifest has it. */
  readonly documents: ReadonlyMap<string, string>;
  /** Whether no others are carried out. */
  readonly only: boolean;
}

/** The parameter, beside those of GraphQL over HTTP, that names a document. */
export const documentIdParameter = 'documentId';

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The hash that Apollo Client and urql send in `extensions.persistedQuery`. */
export const persistedQueryOf = (
  extensions: Readonly<Record<string, unknown>> | null | undefined,
): string | null => {
  const query: unknown = extensions?.['persistedQuery'];
  return typeof query === 'object' && query !== null && 'sha256Hash' in query
    ? textOr(query.sha256Hash)
    : null;
};

/** Yoga's reader of addresses leaves what it does not know. */
const idIn = (params: GraphQLParams, { method, url }: Request): string | null =>
  textOr((params as Readonly<Record<string, unknown>>)[documentIdParameter]) ??
  (method === 'GET' ? new URL(url).searchParams.get(documentIdParameter) : null) ??
  persistedQueryOf(params.extensions);

const error = (status: number, code: string, message: string) => ({
  message,
  extensions: { code, http: { status } },
});

const required = error(
  400,
  'PERSISTED_DOCUMENT_REQUIRED',
  'Only documents that are known here are carried out: expected documentId, the hash of one, and no query.',
);

const unknown = error(
  404,
  'PERSISTED_DOCUMENT_NOT_FOUND',
  'documentId: expected the hash of a document that is known here.',
);

const missing = error(
  400,
  'BAD_REQUEST',
  'Expected a query, or documentId, the hash of a document that is known here.',
);

/** A document by its id, `<hash>` or `sha256:<hash>`; `null` where none is known by it. */
export const findPersisted = (
  { documents }: Pick<PersistedDocuments, 'documents'>,
  id: string,
): string | null => {
  const hash = id.replace(/^sha256:/, '');
  return documents.get(id) ?? documents.get(hash) ?? documents.get(`sha256:${hash}`) ?? null;
};

/** Carries out documents that are known here by their id. */
export const usePersistedDocuments = ({ documents, only }: PersistedDocuments): Plugin =>
  usePersistedOperations({
    allowArbitraryOperations: !only,
    extractPersistedOperationId: idIn,
    getPersistedOperation: (id) => findPersisted({ documents }, id),
    customErrors: { notFound: unknown, keyNotFound: only ? required : missing, persistedQueryOnly: required },
  });
