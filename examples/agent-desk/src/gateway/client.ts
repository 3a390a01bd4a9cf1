import { Client, type CombinedError, fetchExchange, type TypedDocumentNode } from '@urql/core';
import type { TypedDocumentString } from '../../generated/graphql.ts';
import { followRequest } from './session.ts';

/**
 * Sends every operation by POST to the page's own origin, so that no variable is ever part of an address. There is no
 * cache: the desk shows what the gateway returns, and a mutation returns the part of the account that it changes.
 */
const client = new Client({
  url: '/graphql',
  exchanges: [fetchExchange],
  preferGetMethod: false,
  requestPolicy: 'network-only',
  fetchOptions: { credentials: 'same-origin' },
});

/**
 * A generated document is the hash of a trusted document. The gateway knows its text from the manifest
 * `generated/persisted-documents.json`, and executes no other documents.
 */
const trusted = <Data, Variables extends object>(
  document: TypedDocumentString<Data, Variables>,
): TypedDocumentNode<Data, Variables> => {
  const documentId = document.__meta__?.['hash'];
  // urql sends `documentId` for a document that has no definitions of its own.
  return { kind: 'Document', definitions: [], documentId } as unknown as TypedDocumentNode<Data, Variables>;
};

/** The result of an operation: any of `data` and `error` may be missing, and both may be there. */
export interface Result<Data> {
  readonly data: Data | undefined;
  readonly error: CombinedError | undefined;
}

/** Starts a query. Returns a function that cancels it. */
export const startQuery = <Data, Variables extends object>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  onResult: (result: Result<Data>) => void,
): (() => void) => {
  const follow = followRequest();
  const { unsubscribe } = client.query(trusted(document), variables).subscribe(({ data, error }) => {
    onResult({ data, error });
    follow(error);
  });
  return unsubscribe;
};

/** Executes a mutation. Leaving the page does not cancel it: a write that was sent may have been executed. */
export const mutate = async <Data, Variables extends object>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Result<Data>> => {
  const follow = followRequest();
  const { data, error } = await client.mutation(trusted(document), variables).toPromise();
  follow(error);
  return { data, error };
};
