import {
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { bytesOfDocument, createDocumentCache, mayBeKept } from './document-cache.ts';
import { executeOperation } from './execute-plan.ts';
import { type FindPlan, planOperation } from './plan.ts';

/** A query that was valid and within all limits when Yoga executed it. */
export interface KnownOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly findPlan: FindPlan;
}

/** Queries that Yoga has executed, with their plans. */
export interface KnownOperations {
  /** @param method of HTTP: a document that POST may send can be invalid for GET. */
  find(method: string, text: string, operationName: string | null): KnownOperation | undefined;
  /** Adds the queries that Yoga executes, and executes them by their plans. */
  readonly plugin: Plugin<{ readonly params: { readonly query?: string } }>;
}

const name = /^[_A-Za-z]\w*$/;

/** A name has no line break, so that no two operations have the same key; `undefined` for what is no name. */
const keyOf = (method: string, text: string, operationName: string | null): string | undefined =>
  operationName === null || name.test(operationName)
    ? `${method} ${operationName ?? ''}\n${text}`
    : undefined;

/** Measured over thousands of operations: what each planned field holds, and what each operation does. */
const bytesPerField = 1000;
const bytesPerOperation = 4000;

/** Enough for a hundred operations of three hundred fields. */
const maxBytes = 12 * 1024 * 1024;

interface Weighed extends KnownOperation {
  /** How many fields were planned so far: a plan is made as far as its runs get. */
  readonly planned: { fields: number };
}

const executeBy =
  (findPlan: FindPlan) =>
  (args: ExecutionArgs): ReturnType<typeof executeOperation> =>
    executeOperation(args, findPlan);

export const createKnownOperations = (): KnownOperations => {
  const operations = createDocumentCache<Weighed>({
    maxBytes,
    bytesOf: ({ document, planned }) =>
      bytesPerOperation + bytesOfDocument(document) + bytesPerField * planned.fields,
  });
  /** A function of its own: what is kept must not share the scope of a request, which it would keep in memory. */
  const add = (
    key: string,
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): Weighed | undefined => {
    if (!mayBeKept(document)) return undefined;
    const planned = { fields: 0 };
    const findPlan = planOperation(schema, document, operation, (fields) => {
      planned.fields += fields;
      operations.reweigh(key);
    });
    const added = { document, operation, findPlan, planned };
    operations.set(key, added);
    return added;
  };
  return {
    find: (method, text, operationName) => {
      const key = keyOf(method, text, operationName);
      return key === undefined ? undefined : operations.get(key);
    },
    plugin: {
      onExecute: ({ args: { schema, document, operationName, contextValue }, setExecuteFn }) => {
        const { params, request } = contextValue;
        const { query } = params;
        const operation = getOperationAST(document, operationName);
        const key = query === undefined ? undefined : keyOf(request.method, query, operationName ?? null);
        if (operation?.operation !== 'query' || key === undefined) return;
        const found = operations.get(key);
        const own = found && found.document === document ? found : add(key, schema, document, operation);
        if (own) setExecuteFn(executeBy(own.findPlan));
      },
    },
  };
};
