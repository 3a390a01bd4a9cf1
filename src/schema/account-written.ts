import type { Loaders } from '../loaders.ts';
import { AccountType } from './account.ts';
import type { FieldBuilder } from './column-fields.ts';

/** What a mutation of an account gives on: the account is read again only if something of it is selected. */
export interface AccountWritten {
  readonly fileNumber: string;
}

export const accountField = <Written extends AccountWritten>(t: FieldBuilder<Written>) =>
  t.field({
    type: AccountType,
    description: 'The account, as it is now.',
    resolve: ({ fileNumber }) => ({ fileNumber, row: {} }),
  });

export const fileNumberInput = 'The file number of the account, in any case.';

/** Whatever shows the payments or the balance of an account. */
export const forgetPayments = (loaders: Loaders, { fileNumber }: AccountWritten): void => {
  for (const loader of [loaders.payments, loaders.lastPayment, loaders.settlement, loaders.account]) {
    loader.clear(fileNumber);
  }
  loaders.paymentMethods.clearAll();
  loaders.accountsBySsn.clearAll();
  loaders.accountsByPhone.clearAll();
  loaders.accountsOfPortfolio.clearAll();
};
