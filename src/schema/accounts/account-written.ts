import { costing } from '../../operation/cost/field-cost.ts';
import {
  getAlaccountdata,
  getaccount,
  getaccountbysocial,
  searchbyphone,
} from '../../upstreams/scollect/accounts.ts';
import { getnotes } from '../../upstreams/scollect/notes.ts';
import { get_lastpayinfo, getAlpaymentdata, getpayments } from '../../upstreams/scollect/payments.ts';
import { get_accounts_in_portfolio } from '../../upstreams/scollect/portfolios.ts';
import type { FieldBuilder } from '../kit/column-fields.ts';
import { AccountType } from './account.ts';
import { ofAccountOfWrite } from './account-things.ts';

/** What a mutation of an account gives on: the account is read again only if something of it is selected. */
export interface AccountWritten {
  readonly fileNumber: string;
}

export const accountField = <Written extends AccountWritten>(t: FieldBuilder<Written>) =>
  t.field({
    type: AccountType,
    authScopes: { 'accounts:read': true },
    description: 'The account, as it is now.',
    extensions: costing(ofAccountOfWrite([], (account) => [account])),
    resolve: ({ fileNumber }) => ({ fileNumber, row: {} }),
  });

export const fileNumberInput = 'The file number of the account, in any case.';

/** The log of an account: Scollect records there what is done to it. */
export const logOfAccount = [getnotes] as const;

/** The account's own row, those of searches that contain parts of it, and its log. */
export const rowsOfAccount = [
  ...logOfAccount,
  getaccount,
  getaccountbysocial,
  searchbyphone,
  get_accounts_in_portfolio,
] as const;

/** Everything that contains the payments or the balance of an account. */
export const paymentsOfAccount = [
  ...rowsOfAccount,
  getpayments,
  get_lastpayinfo,
  getAlaccountdata,
  getAlpaymentdata,
] as const;
