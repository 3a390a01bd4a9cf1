import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  Source,
  type ValidationRule,
  validate,
} from 'graphql';
import { bytesOfDocument, createDocumentCache, mayBeKept } from '../operation/document-cache.ts';
import { type DocumentLimits, findExcess } from '../operation/document-limits.ts';
import { checkText } from '../operation/document-text.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { validationRules } from './validation-rules.ts';

/** A document within the limits and its errors, of which a valid one has none; or why there is none. */
export type ReadDocument =
  | { readonly document: DocumentNode; readonly errors: readonly GraphQLError[] }
  | { readonly fault: unknown };

export interface DocumentReader {
  /** Parses and validates the document of a request. */
  read(request: Pick<IncomingRequest, 'method' | 'document'>): ReadDocument;
}

export interface DocumentReaderOptions {
  readonly schema: GraphQLSchema;
  readonly limits: DocumentLimits;
  readonly introspection: boolean;
}

/** A document that was parsed and is valid. */
interface ValidDocument {
  readonly document: DocumentNode;
  /** The lists of rules that it fulfils: those of a GET differ from those of a POST. */
  readonly rules: Set<readonly ValidationRule[]>;
}

/** Enough for a hundred operations of three hundred fields. */
const maxBytes = 6 * 1024 * 1024;

/** @throws {GraphQLError} for a document that is too large or too deep, before it is parsed or validated. */
const parseWithin = (text: string, limits: DocumentLimits): DocumentNode => {
  checkText(new Source(text), limits);
  const document = parse(text);
  const excess = findExcess(document, limits);
  if (excess) throw excess;
  return document;
};

/**
 * Reads documents, and keeps valid ones, so that they are neither parsed nor validated again.
 *
 * Nothing is kept of an invalid document: its errors would hold the call stack at which they were created, and with it
 * the request.
 */
export const createDocumentReader = ({
  schema,
  limits,
  introspection,
}: DocumentReaderOptions): DocumentReader => {
  const { get, post } = validationRules(introspection);
  const cache = createDocumentCache<ValidDocument>({
    maxBytes,
    bytesOf: ({ document }) => bytesOfDocument(document),
  });

  const readText = (text: string, rules: readonly ValidationRule[]): ReadDocument => {
    const known = cache.get(text);
    if (known?.rules.has(rules)) return { document: known.document, errors: [] };
    const document = known?.document ?? parseWithin(text, limits);
    const errors = validate(schema, document, rules);
    if (errors.length > 0) return { document, errors };
    if (known) known.rules.add(rules);
    else if (mayBeKept(document)) cache.set(text, { document, rules: new Set([rules]) });
    return { document, errors };
  };

  return {
    read: ({ method, document: text = '' }) => {
      try {
        return readText(text, method === 'GET' ? get : post);
      } catch (fault) {
        return { fault };
      }
    },
  };
};
