import { type DocumentNode, getOperationAST, type OperationDefinitionNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';
import { createDocumentCache } from '../document-cache.ts';
import { type FindPlan, planOperation } from '../query-plan/plan.ts';

/** A query that was found within all limits, and valid, when Yoga carried it out. */
export interface KnownOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly findPlan: FindPlan;
}

/** What of Yoga's work need not be done again. */
export interface KnownOperations {
  /** @param method of HTTP: a document that POST may send can be invalid for GET. */
  find(method: string, text: string, operationName: string | null): KnownOperation | undefined;
  /** Learns from Yoga. */
  readonly plugin: Plugin<Context & { readonly params: { readonly query?: string } }>;
}

const name = /^[_A-Za-z]\w*$/;

/** A name has no line break, so that no two operations have the same key; `undefined` for what is no name. */
const keyOf = (method: string, text: string, operationName: string | null): string | undefined =>
  operationName === null || name.test(operationName)
    ? `${method} ${operationName ?? ''}\n${text}`
    : undefined;

export const createKnownOperations = (): KnownOperations => {
  const operations = createDocumentCache<KnownOperation>();
  return {
    find: (method, text, operationName) => {
      const key = keyOf(method, text, operationName);
      return key === undefined ? undefined : operations.get(key);
    },
    plugin: {
      onExecute: ({ args: { schema, document, operationName, contextValue } }) => {
        const { params, request } = contextValue;
        const { query } = params;
        const operation = getOperationAST(document, operationName);
        const key = query === undefined ? undefined : keyOf(request.method, query, operationName ?? null);
        if (operation?.operation !== 'query' || key === undefined) return;
        operations.set(key, { document, operation, findPlan: planOperation(schema, document, operation) });
      },
    },
  };
};
