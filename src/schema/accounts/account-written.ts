import type { Loaders } from '../../request/loaders.ts';
import type { FieldBuilder } from '../kit/column-fields.ts';
import { AccountType } from './account.ts';

/** What a mutation of an account gives on: the account is read again only if something of it is selected. */
export interface AccountWritten {
  readonly fileNumber: string;
}

export const accountField = <Written extends AccountWritten>(t: FieldBuilder<Written>) =>
  t.field({
    type: AccountType,
    authScopes: { 'accounts:read': true },
    description: 'The account, as it is now.',
    resolve: ({ fileNumber }) => ({ fileNumber, row: {} }),
  });

export const fileNumberInput = 'The file number of the account, in any case.';

/** The log of an account: Scollect notes down there what is done to it. */
export const forgetLog = (loaders: Loaders, { fileNumber }: AccountWritten): void => {
  loaders.notes.clear(fileNumber);
};

/** The account's own row, those of searches that hold parts of it, and its log. */
export const forgetAccount = (loaders: Loaders, account: AccountWritten): void => {
  forgetLog(loaders, account);
  loaders.account.clear(account.fileNumber);
  loaders.accountsBySsn.clearAll();
  loaders.accountsByPhone.clearAll();
  loaders.accountsOfPortfolio.clearAll();
};

/** Whatever shows the payments or the balance of an account. */
export const forgetPayments = (loaders: Loaders, account: AccountWritten): void => {
  forgetAccount(loaders, account);
  loaders.payments.clear(account.fileNumber);
  loaders.lastPayment.clear(account.fileNumber);
  loaders.settlement.clear(account.fileNumber);
  loaders.paymentMethods.clearAll();
};
