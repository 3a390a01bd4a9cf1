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
