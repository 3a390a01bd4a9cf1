import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  Source,
  type ValidationRule,
  validate,
} from 'graphql';
import {
  bytesOfDocument,
  createDocumentCache,
  createSeenTexts,
  mayBeKept,
} from '../operation/document-cache.ts';
import { type DocumentLimits, findExcess } from '../operation/document-limits.ts';
import { checkText } from '../operation/document-text.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { validationRules } from './validation-rules.ts';

/** A document within the limits. */
export interface ReadableDocument {
  readonly document: DocumentNode;
  /** A valid one has none. */
  readonly errors: readonly GraphQLError[];
  /** Whether it is kept for further requests. */
  readonly isKept: boolean;
}

/** A document, or why there is none. */
export type ReadDocument = ReadableDocument | { readonly fault: unknown };

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

/** Of the documents that are kept at once, the first ones of a process. */
const maxEarlyBytes = maxBytes / 4;

/** Enough for a thousand texts of four hundred characters. */
const maxSeenBytes = 1024 * 1024;

/** @throws {GraphQLError} for a document that is too large or too deep, before it is parsed or validated. */
const parseWithin = (text: string, limits: DocumentLimits): DocumentNode => {
  checkText(new Source(text), limits);
  const document = parse(text);
  const excess = findExcess(document, limits);
  if (excess) throw excess;
  return document;
};

/**
 * Reads documents, and keeps valid ones, so that they are neither parsed nor validated again: the first ones of a process
 * at once, and later ones when they are used again. So a caller who sends any number of distinct documents replaces none
 * that others use, and what was made of such a document is gone before the garbage collector has to move it.
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
  const bytesOf = ({ document }: Pick<ValidDocument, 'document'>): number => bytesOfDocument(document);
  const early = createDocumentCache<ValidDocument>({ maxBytes, bytesOf });
  const usedAgain = createDocumentCache<ValidDocument>({ maxBytes, bytesOf });

  const seen = createSeenTexts(maxSeenBytes);

  /** Returns whether the document is kept. */
  const keep = (text: string, valid: ValidDocument): boolean => {
    if (!mayBeKept(valid.document)) return false;
    const hasRoom = early.bytes() + bytesOf(valid) <= maxEarlyBytes;
    if (!hasRoom && !seen.note(text)) return false;
    const part = hasRoom ? early : usedAgain;
    part.set(text, valid);
    return part.get(text) === valid;
  };

  const readText = (text: string, rules: readonly ValidationRule[]): ReadDocument => {
    const known = usedAgain.get(text) ?? early.get(text);
    if (known?.rules.has(rules)) return { document: known.document, errors: [], isKept: true };
    const document = known?.document ?? parseWithin(text, limits);
    const errors = validate(schema, document, rules);
    if (errors.length > 0) return { document, errors, isKept: false };
    known?.rules.add(rules);
    const isKept = known !== undefined || keep(text, { document, rules: new Set([rules]) });
    return { document, errors, isKept };
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
