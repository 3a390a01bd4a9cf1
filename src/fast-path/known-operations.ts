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
  find(text: string, operationName: string | null): KnownOperation | undefined;
  /** Learns from Yoga. */
  readonly plugin: Plugin<Context & { readonly params: { readonly query?: string } }>;
}

const name = /^[_A-Za-z]\w*$/;

/** A name has no line break, so that no two operations have the same key; `undefined` for what is no name. */
const keyOf = (text: string, operationName: string | null): string | undefined =>
  operationName === null || name.test(operationName) ? `${operationName ?? ''}\n${text}` : undefined;

export const createKnownOperations = (): KnownOperations => {
  const operations = createDocumentCache<KnownOperation>();
  return {
    find: (text, operationName) => {
      const key = keyOf(text, operationName);
      return key === undefined ? undefined : operations.get(key);
    },
    plugin: {
      onExecute: ({ args: { schema, document, operationName, contextValue } }) => {
        const { query } = contextValue.params;
        const operation = getOperationAST(document, operationName);
        const key = query === undefined ? undefined : keyOf(query, operationName ?? null);
        if (operation?.operation !== 'query' || key === undefined) return;
        // The objects of a planned answer have a prototype.
        if (key.includes('__proto__')) return;
        operations.set(key, { document, operation, findPlan: planOperation(schema, document, operation) });
      },
    },
  };
};
