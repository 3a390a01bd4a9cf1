import {
  accountColumns,
  assetColumns,
  assetsColumns,
  attorneyColumns,
  bankruptcyColumns,
  courtColumns,
  creditReportColumns,
  customColumns,
  feeColumns,
  garnishmentColumns,
  judgmentColumns,
  lienColumns,
  payeeColumns,
  verificationColumns,
  workColumns,
} from '../../upstreams/scollect/account-columns.ts';
import {
  attorneyAddressColumns,
  courtAddressColumns,
  payeeAddressColumns,
} from '../../upstreams/scollect/people-columns.ts';
import { groupedMembers, inputTypeOf, type Members, written } from './field-inputs.ts';
import { fieldKinds } from './field-kinds.ts';
import { numberedThings, numberedValues } from './numbered-fields.ts';
import { addressMember, coBorrowerMembers, debtorMembers } from './people-changes.ts';
import { keyOf, without, writtenColumns } from './written-columns.ts';

// What updatedbase may set: the columns that the schema shows, by the names under which it shows them.

const ownColumns = without(
  accountColumns,
  // These identify the row.
  'fileNumber',
  'accountId',
  // Scollect itself writes down when somebody works, dials, assigns or pays, and when the status changes.
  'lastWorkedDate',
  'lastDialedDate',
  'lastAssignedAt',
  'statusChangedAt',
  'lastPaymentDate',
  'lastPaymentAmount',
  'paidToDate',
  // The same column as `contingency`, which may hold more than a number.
  'contingencyRate',
  // Described below.
  'portfolio',
);

const workedColumns = without(
  workColumns,
  // Scollect counts these, and marks those; callbacks are made by `scheduleCallback`.
  'daysAssigned',
  'daysInStatus',
  'daysSinceWorked',
  'daysSincePayment',
  'callbacks',
  'promises',
  'skips',
  'goodNumbers',
  'hasDuplicates',
  'hasImages',
  'activated',
  'dialerStatus',
);

const part = (typeName: string, shownBy: string, members: Members) =>
  groupedMembers(typeName, `Changes of \`${shownBy}\`.`, members);

const assets = numberedThings(
  'AssetChangesInput',
  'One of the five places for assets.',
  {
    type: {
      fieldnames: assetColumns.map(({ type }) => keyOf(type)),
      kind: fieldKinds.text,
      what: 'Sets `Asset.type`',
    },
    value: {
      fieldnames: assetColumns.map(({ value }) => keyOf(value)),
      kind: fieldKinds.signedAmount,
      what: 'Sets `Asset.value`',
    },
  },
  'Changes of `Account.assets`, each by its number: that of its place, empty ones counted.',
);

const creditReports = numberedValues(
  'CreditReportChangesInput',
  'One of the five remarks on reports to credit bureaus.',
  {
    fieldnames: creditReportColumns.map(keyOf),
    kind: fieldKinds.text,
    what: 'Sets one of `Account.creditReports`',
  },
  'Changes of `Account.creditReports`, each by its number: that of its place, empty ones counted.',
);

const customFields = numberedValues(
  'CustomFieldChangesInput',
  'One of the sixty custom fields of an agency.',
  {
    fieldnames: customColumns.map(keyOf),
    kind: fieldKinds.longText,
    what: 'Sets `CustomField.value`',
  },
  'Changes of `Account.customFields`, each by its number.',
);

export const accountChanges: Members = {
  ...debtorMembers,
  ...writtenColumns('Account', ownColumns),
  portfolio: written(
    keyOf(accountColumns.portfolio),
    fieldKinds.text,
    'Moves the account to the portfolio of this name',
  ),
  ...writtenColumns('Account', assetsColumns),
  assets,
  fees: part('AccountFeesChangesInput', 'Account.fees', writtenColumns('AccountFees', feeColumns)),
  work: part('AccountWorkChangesInput', 'Account.work', writtenColumns('AccountWork', workedColumns)),
  ...coBorrowerMembers,
  attorney: part('AttorneyChangesInput', 'Account.attorney', {
    ...writtenColumns('Attorney', attorneyColumns),
    address: addressMember(attorneyAddressColumns),
  }),
  court: part('CourtChangesInput', 'Account.court', {
    ...writtenColumns('Court', courtColumns),
    address: addressMember(courtAddressColumns),
  }),
  judgment: part('JudgmentChangesInput', 'Account.judgment', writtenColumns('Judgment', judgmentColumns)),
  garnishment: part(
    'GarnishmentChangesInput',
    'Account.garnishment',
    writtenColumns('Garnishment', garnishmentColumns),
  ),
  lien: part('LienChangesInput', 'Account.lien', writtenColumns('Lien', lienColumns)),
  bankruptcy: part(
    'BankruptcyChangesInput',
    'Account.bankruptcy',
    writtenColumns('Bankruptcy', bankruptcyColumns),
  ),
  verification: part(
    'AccountVerificationChangesInput',
    'Account.verification',
    writtenColumns('AccountVerification', verificationColumns),
  ),
  payee: part('PayeeChangesInput', 'Account.payee', {
    ...writtenColumns('Payee', payeeColumns),
    address: addressMember(payeeAddressColumns),
  }),
  creditReports,
  customFields,
};

export const AccountChangesInput = inputTypeOf(
  'AccountChangesInput',
  "Changes of an account, and of the debtor, whose fields are next to the account's (Scollect: updatedbase). An empty text clears a text field; other fields cannot be cleared.",
  accountChanges,
);
