import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import type { PaymentMethodsKey } from '../loaders.ts';
import { type AccountRow, inCapitals } from './account-row.ts';
import { badInput, fileNumberOf } from './input-error.ts';
import { type ReadsByKey, startReads } from './look-ahead.ts';
import { findNodesBy } from './node.ts';

interface PaymentMethodsArgs {
  readonly method?: string | null | undefined;
  readonly last4?: string | null | undefined;
}

/** The key of the ways of paying that a field asks for. */
export const paymentMethodsKey = (
  fileNumber: string,
  { method, last4 }: PaymentMethodsArgs,
): PaymentMethodsKey => {
  if (last4 && !/^\d{4}$/.test(last4)) throw badInput('last4', 'four digits');
  return { fileNumber, method: method?.trim() || undefined, last4: last4 || undefined };
};

/**
 * What the file number alone can fetch: the fields of an account that do not wait for the account itself.
 *
 * A field of `Account` that gets a read of its own by the file number belongs here.
 */
const readsByFileNumber: ReadsByKey<string> = {
  phones: ({ loaders }, fileNumber) => loaders.phonesOfAccount.load(fileNumber),
  notes: ({ loaders }, fileNumber) => loaders.notes.load(fileNumber),
  attempts: ({ loaders }, fileNumber) => loaders.attempts.load(fileNumber),
  contactSummary: ({ loaders }, fileNumber) => loaders.attempts.load(fileNumber),
  emails: ({ loaders }, fileNumber) => loaders.emails.load(fileNumber),
  emailStats: ({ loaders }, fileNumber) => loaders.emailStats.load(fileNumber),
  payments: ({ loaders }, fileNumber) => loaders.payments.load(fileNumber),
  lastPayment: ({ loaders }, fileNumber) => loaders.lastPayment.load(fileNumber),
  settlement: ({ loaders }, fileNumber) => loaders.settlement.load(fileNumber),
  paymentMethods: async ({ loaders }, fileNumber, args) =>
    loaders.paymentMethods.load(paymentMethodsKey(fileNumber, args)),
  portfolio: ({ loaders }) => loaders.portfolios.load('all'),
  borrower: {
    phones: ({ loaders }, fileNumber) => loaders.phonesOfAccount.load(fileNumber),
    phone: ({ loaders }, fileNumber) => loaders.phonesOfAccount.load(fileNumber),
  },
};

/** An account by its file number, with its lists on their way beside it; `null` when there is none. */
export const accountOf = async (
  fileNumber: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<AccountRow | null> => {
  const account = context.loaders.account.load(fileNumber);
  startReads(readsByFileNumber, 'Account', fileNumber, context, info);
  const row = await account;
  return row && { fileNumber, row };
};

/** The accounts in rows of a search, each once. */
export const accountsIn = (rows: readonly { readonly filenumber: string }[]): AccountRow[] => [
  ...new Map(
    rows.map((row) => {
      const fileNumber = inCapitals(row.filenumber);
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
