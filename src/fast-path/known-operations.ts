import { type DocumentNode, getOperationAST, type OperationDefinitionNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';
import { bytesOfDocument, createDocumentCache, mayBeKept } from '../document-cache.ts';
import { type FindPlan, planOperation } from '../query-plan/plan.ts';

/** A query that was found within all limits, and valid, when Yoga carried it out. */
export interface KnownOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly findPlan: FindPlan;
}

/** What of Yoga's work need not be done again. */
export interface KnownOperations {
  find(text: string, operationName: string | null): KnownOperation | undefined;
  /** The media type that answers to this `Accept` have; `undefined` where none was seen. */
  mediaTypeFor(accept: string): string | undefined;
  /** Learns from Yoga. */
  readonly plugin: Plugin<Context & { readonly params: { readonly query?: string } }>;
}

const longestAccept = 200;
const mostAccepts = 100;

const name = /^[_A-Za-z]\w*$/;

/** A name has no line break, so that no two operations have the same key; `undefined` for what is no name. */
const keyOf = (text: string, operationName: string | null): string | undefined =>
  operationName === null || name.test(operationName) ? `${operationName ?? ''}\n${text}` : undefined;

const mediaTypeOf = (contentType: string | null): string | undefined =>
  /^(application\/(?:graphql-response\+)?json); charset=utf-8$/.exec(contentType ?? '')?.[1];

/** Measured over thousands of operations: what each planned field holds, and what each operation does. */
const bytesPerField = 1000;
const bytesPerOperation = 4000;

/** Enough for a hundred operations of three hundred fields. */
const maxBytes = 12 * 1024 * 1024;

interface Weighed extends KnownOperation {
  /** How many fields were planned so far: a plan is made as far as its runs get. */
  readonly planned: { fields: number };
}

export const createKnownOperations = (): KnownOperations => {
  const operations = createDocumentCache<Weighed>({
    maxBytes,
    bytesOf: ({ document, planned }) =>
      bytesPerOperation + bytesOfDocument(document) + bytesPerField * planned.fields,
  });
  const mediaTypes = new Map<string, string>();
  const carriedOut = new WeakSet<Request>();
  return {
    find: (text, operationName) => {
      const key = keyOf(text, operationName);
      return key === undefined ? undefined : operations.get(key);
    },
    mediaTypeFor: (accept) => mediaTypes.get(accept),
    plugin: {
      onExecute: ({ args: { schema, document, operationName, contextValue } }) => {
        const { query } = contextValue.params;
        const operation = getOperationAST(document, operationName);
        const key = query === undefined ? undefined : keyOf(query, operationName ?? null);
        if (operation?.operation !== 'query' || key === undefined) return;
        // The objects of a planned answer have a prototype.
        if (key.includes('__proto__')) return;
        carriedOut.add(contextValue.request);
        if (operations.get(key)?.document === document || !mayBeKept(document)) return;
        const planned = { fields: 0 };
        const findPlan = planOperation(schema, document, operation, (fields) => {
          planned.fields += fields;
          operations.reweigh(key);
        });
        operations.set(key, { document, operation, findPlan, planned });
      },
      onResponse: ({ request, response }) => {
        if (!carriedOut.has(request)) return;
        const accept = request.headers.get('accept') ?? '';
        const mediaType = mediaTypeOf(response.headers.get('content-type'));
        if (mediaType === undefined || accept.length > longestAccept || mediaTypes.size >= mostAccepts)
          return;
        mediaTypes.set(accept, mediaType);
      },
    },
  };
};
