import type { GraphQLResolveInfo } from 'graphql';
import { type FieldCost, textsIn } from '../../operation/cost/field-cost.ts';
import { callsFor } from '../../operation/cost/things.ts';
import { prefetch } from '../../operation/prefetch.ts';
import type { Context } from '../../request/context.ts';
import { getaccount } from '../../upstreams/scollect/accounts.ts';
import { canonicalFileNumber, fileNumberForm, toFileNumber } from '../../values/file-number.ts';
import { fileNumberOf } from '../kit/input-error.ts';
import { costOfSingleKeys, findNodesBy } from '../kit/node.ts';
import type { AccountRow } from './account-row.ts';
import { wholeAccounts } from './account-things.ts';

/** An account by its file number, whose lists are read in parallel; `null` if it does not exist. */
export const accountOf = async (
  fileNumber: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<AccountRow | null> => {
  const account = context.loaders.of(getaccount).load({ fileNumber });
  prefetch('Account', { fileNumber }, context, info);
  const row = await account;
  return row && { fileNumber, row };
};

/** The accounts in rows of a search, each once. */
export const accountsIn = (rows: readonly { readonly filenumber: string | number }[]): AccountRow[] => [
  ...new Map(
    rows.map((row) => {
      const fileNumber = canonicalFileNumber(row.filenumber);
      return [fileNumber, { fileNumber, row }];
    }),
  ).values(),
];

/** The calls for accounts by their file numbers, and the accounts. */
export const findAccounts = (fileNumbers: readonly string[]) => ({
  calls: [callsFor(getaccount, wholeAccounts(fileNumbers))],
  gives: [wholeAccounts(fileNumbers)],
});

/** The cost of a field that finds accounts by the file numbers in an argument. */
export const accountsCost = (argument: string): FieldCost => ({
  calls: ({ args }) => findAccounts(textsIn(args[argument])).calls,
  gives: ({ args }) => findAccounts(textsIn(args[argument])).gives,
});

findNodesBy('Account', {
  scopeOf: () => 'accounts:read',
  find: ([fileNumber = '', ...rest], context, info) =>
    rest.length === 0 ? accountOf(fileNumberOf(fileNumber, 'id'), context, info) : undefined,
  ...costOfSingleKeys(findAccounts),
  keyField: { name: 'fileNumber', form: fileNumberForm, read: toFileNumber },
});
