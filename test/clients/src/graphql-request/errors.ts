import { print } from 'graphql';
import type { GraphQLClient } from 'graphql-request';
import { AccountPanel } from '../documents.ts';

/** Returns an account, and the codes of errors by the paths of their fields. */
export const accountWithErrors = async (client: GraphQLClient, fileNumber: string) => {
  const { data, errors = [] } = await client.rawRequest(print(AccountPanel), { fileNumber });
  return {
    data,
    errors: new Map(errors.map(({ path = [], extensions }) => [path.join('.'), extensions['code']])),
  };
};
