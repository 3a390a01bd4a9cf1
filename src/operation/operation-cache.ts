import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { bytesOfDocument, createDocumentCache } from './document-cache.ts';
import { type FindPlan, planOperation } from './plan.ts';

/** A query that was valid when it was executed first. */
export interface KnownOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly findPlan: FindPlan;
}

/** How a request names an operation. */
export interface OperationKey {
  /** The method of HTTP: a document that is valid for POST can be invalid for GET. */
  readonly method: string;
  /** The text of the document. */
  readonly text: string;
  readonly operationName: string | null;
}

/** Queries that were executed, with their plans. */
export interface KnownOperations {
  find(key: OperationKey): KnownOperation | undefined;
  /** Returns the plans of a valid query whose document is kept, and keeps them too. */
  plansFor(key: OperationKey, document: DocumentNode, operation: OperationDefinitionNode): FindPlan;
}

const name = /^[_A-Za-z]\w*$/;

/** A name has no line break, so that no two operations have the same key; `undefined` for what is no name. */
const keyOf = ({ method, text, operationName }: OperationKey): string | undefined =>
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

export const createKnownOperations = (schema: GraphQLSchema): KnownOperations => {
  const operations = createDocumentCache<Weighed>({
    maxBytes,
    bytesOf: ({ document, planned }) =>
      bytesPerOperation + bytesOfDocument(document) + bytesPerField * planned.fields,
  });
  /** A function of its own: what is kept must not share the scope of a request, which it would keep in memory. */
  const add = (key: string, document: DocumentNode, operation: OperationDefinitionNode): FindPlan => {
    const planned = { fields: 0 };
    const findPlan = planOperation(schema, document, operation, (fields) => {
      planned.fields += fields;
      operations.reweigh(key);
    });
    operations.set(key, { document, operation, findPlan, planned });
    return findPlan;
  };
  return {
    find: (named) => {
      const key = keyOf(named);
      return key === undefined ? undefined : operations.get(key);
    },
    plansFor: (named, document, operation) => {
      const key = keyOf(named);
      const found = key === undefined ? undefined : operations.get(key);
      if (found?.document === document) return found.findPlan;
      return key === undefined ? planOperation(schema, document, operation) : add(key, document, operation);
    },
  };
};
