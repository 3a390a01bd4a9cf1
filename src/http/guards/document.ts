import type { ErrorCode } from '../../lib/error-codes.ts';
import type { Parameters } from '../parameters.ts';
import type { PersistedDocuments } from '../persisted-documents/open-documents.ts';
import { badRequest, type Rejection } from '../rejection.ts';
import type { RequestGuard } from './guard.ts';

const rejected = (status: number, code: ErrorCode, message: string): Rejection => ({
  status,
  reason: 'persisted_document',
  error: { code, message },
});

const required = rejected(
  400,
  'PERSISTED_DOCUMENT_REQUIRED',
  'Only documents that are known here are executed: expected documentId, the id of one, and no query.',
);

const unknown = rejected(
  404,
  'PERSISTED_DOCUMENT_NOT_FOUND',
  'documentId: expected the id of a document that is known here.',
);

/**
 * Apollo Client and urql send the hash of a query first, and the query itself if they get one of these messages, whose
 * exact words they compare. They must have the status 200: after 4xx and 5xx, Apollo Client sends no hashes any more.
 */
const persistedQueries = {
  notFound: rejected(200, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound'),
  notSupported: rejected(200, 'PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported'),
};

const noDocuments = badRequest(
  'documentId: no documents are known here (PERSISTED_DOCUMENTS is not set); expected a query.',
);

const noQuery = badRequest('Must provide query string.');

const noQueryAndNoId = badRequest(
  'Expected a query, or documentId, the id of a document that is known here.',
);

/** Returns a document by its id, `<hash>` or `sha256:<hash>`. */
const findPersisted = (documents: PersistedDocuments['documents'], id: string): string | undefined => {
  const hash = id.replace(/^sha256:/, '');
  return documents.get(id) ?? documents.get(hash) ?? documents.get(`sha256:${hash}`);
};

const withoutDocuments = (documentId: string | null, persistedQuery: string | null): Rejection => {
  if (documentId !== null) return noDocuments;
  return persistedQuery === null ? noQuery : persistedQueries.notSupported;
};

/** Returns the text of the document that a request names or contains. */
export const documentOf = (
  { query, documentId, persistedQuery }: Pick<Parameters, 'query' | 'documentId' | 'persistedQuery'>,
  persisted: PersistedDocuments | null,
): string | Rejection => {
  if (query) return persisted?.only ? required : query;
  if (!persisted) return withoutDocuments(documentId, persistedQuery);
  const id = documentId ?? persistedQuery;
  if (id === null) return persisted.only ? required : noQueryAndNoId;
  const isPersistedQuery = documentId === null;
  return findPersisted(persisted.documents, id) ?? (isPersistedQuery ? persistedQueries.notFound : unknown);
};

/** Finds the document, and rejects requests without one, or for one that is not trusted. */
export const document: RequestGuard = {
  name: 'document',
  routes: ['graphql'],
  stage: 'body',
  check: (request, { persistedDocuments }) => {
    if (!request.parameters) return noQuery;
    const found = documentOf(request.parameters, persistedDocuments);
    if (typeof found !== 'string') return found;
    request.document = found;
    request.isTrusted = !request.parameters.query;
    return undefined;
  },
};
