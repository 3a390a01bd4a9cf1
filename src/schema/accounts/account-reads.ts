import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../request/context.ts';
import { fileNumberOf } from '../kit/input-error.ts';
import { startReads } from '../kit/look-ahead.ts';
import { findNodesBy } from '../kit/node.ts';
import { readsOfAccount } from '../kit/reads-by-key.ts';
import { type AccountRow, inCapitals } from './account-row.ts';

/** An account by its file number, with its lists on their way beside it; `null` when there is none. */
export const accountOf = async (
  fileNumber: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<AccountRow | null> => {
  const account = context.loaders.account.load(fileNumber);
  startReads(readsOfAccount, 'Account', fileNumber, context, info);
  const row = await account;
  return row && { fileNumber, row };
};

/** The accounts in rows of a search, each once. */
export const accountsIn = (rows: readonly { readonly filenumber: string | number }[]): AccountRow[] => [
  ...new Map(
    rows.map((row) => {
      const fileNumber = inCapitals(String(row.filenumber));
      return [fileNumber, { fileNumber, row }];
    }),
  ).values(),
];

findNodesBy(
  'Account',
  () => 'accounts:read',
  ([fileNumber = '', ...rest], context, info) =>
    rest.length === 0 ? accountOf(fileNumberOf(fileNumber, 'id'), context, info) : undefined,
);
