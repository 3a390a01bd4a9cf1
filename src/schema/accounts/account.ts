import { costing, fullRows } from '../../operation/cost/field-cost.ts';
import {
  accountColumns,
  assetColumns,
  assetsColumns,
  attorneyColumns,
  bankruptcyColumns,
  courtColumns,
  creditReportColumns,
  customColumns,
  garnishmentColumns,
  judgmentColumns,
  lienColumns,
  payeeColumns,
  verificationColumns,
} from '../../upstreams/scollect/account-columns.ts';
import {
  attorneyAddressColumns,
  courtAddressColumns,
  debtor,
  payeeAddressColumns,
} from '../../upstreams/scollect/people-columns.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, type FieldBuilder, reading } from '../kit/column-fields.ts';
import { NodeInterface, nodeId } from '../kit/node.ts';
import { declaring } from '../kit/read.ts';
import { BorrowerType } from '../people/borrower.ts';
import { coBorrowers, coBorrowersOf, debtorKnown, debtorOf } from '../people/borrower-rows.ts';
import {
  AssetType,
  AttorneyType,
  assetsOf,
  BankruptcyType,
  CourtType,
  CustomFieldType,
  customFieldsOf,
  FeesType,
  GarnishmentType,
  JudgmentType,
  LienType,
  PayeeType,
  textsOf,
  VerificationType,
  WorkType,
} from './account-parts.ts';
import { type AccountRow, fullAccountRow, partOf } from './account-row.ts';
import { personOf } from './account-things.ts';

export const AccountType = builder.objectRef<AccountRow>('Account');

const part = (
  t: FieldBuilder<AccountRow>,
  type: typeof AttorneyType,
  tables: readonly object[],
  description: string,
) => {
  const columns = tables.flatMap((table) => Object.values(table));
  return t.field({
    type,
    nullable: true,
    description: `${description}; null if nothing is recorded.`,
    resolve: ({ fileNumber, row }, _, context) => partOf({ fileNumber, row }, columns, context),
    extensions: reading<AccountRow>(() => columns),
  });
};

AccountType.implement({
  description:
    'A debt in collection (Scollect: getaccount). Amounts are in US dollars; what is not recorded is null. An account that was reached by its portfolio, a phone or a social security number answers from the row found there, and is asked for only if a selected field needs it: one that the row lacks, or that is blank in the row of a portfolio or a phone.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, () => accountColumns, fullAccountRow);
    const assets = columnFields(t, () => assetsColumns, fullAccountRow);
    return {
      id: nodeId(t, 'Account', ({ fileNumber }) => [fileNumber]),
      fileNumber: t.exposeString('fileNumber', {
        description: "The agency's number for the account, in capitals.",
      }),
      accountId: column.id('accountId', "Scollect's internal number for the account."),
      originalAccountNumber: column.number(
        'originalAccountNumber',
        "The account's number at the original creditor.",
      ),
      status: column.text('status', 'Status of the account, as the agency defines it.'),
      statusType: column.text('statusType', 'The kind of status, in words of the agency.'),
      statusColor: column.text('statusColor', 'The color that the status is shown in.'),
      client: column.text('client', 'Client that placed the account for collection.'),
      originalCreditor: column.text('originalCreditor', 'Original creditor.'),
      portfolioGroup: column.text('portfolioGroup', 'The group that its portfolio belongs to.'),
      debtType: column.text('debtType', 'The kind of debt, in words of the agency.'),
      customerType: column.text('customerType', 'The kind of customer, in words of the agency.'),
      claimType: column.text('claimType', 'The kind of claim, in words of the agency.'),
      claimStatus: column.text('claimStatus', 'Status of the claim, in words of the agency.'),
      closedReason: column.text('closedReason', 'Why the account was closed.'),
      authorizedUser: column.text('authorizedUser', 'Another person who was authorized to use the account.'),
      assignedTo: column.text('assignedTo', 'The agent or queue that works the account.'),
      collectorName: column.text('collectorName', 'The collector in charge.'),

      currentBalance: column.decimal('currentBalance', 'Balance owed now.'),
      originalBalance: column.decimal('originalBalance', 'Balance at placement.'),
      principal: column.decimal('principal', 'The principal owed now.'),
      originalPrincipal: column.decimal('originalPrincipal', 'Principal at placement.'),
      chargeOffAmount: column.decimal('chargeOffAmount', 'Principal at charge-off.'),
      accruedInterest: column.decimal('accruedInterest', 'Interest accrued so far.'),
      interestRate: column.decimal('interestRate', 'The yearly interest in per cent.'),
      calculatesInterest: column.flag('calculatesInterest', 'Whether interest continues to accrue.'),
      adjustments: column.decimal('adjustments', 'The sum of adjustments to the balance.'),
      pastDueAmount: column.decimal('pastDueAmount', 'Amount past due.'),
      paidToDate: column.decimal('paidToDate', 'Amount paid to date.'),
      lastPaymentAmount: column.decimal('lastPaymentAmount', 'The last amount that was paid.'),
      paymentPlan: column.text('paymentPlan', 'The plan that is paid by, as written.'),
      contingencyRate: column.decimal(
        'contingencyRate',
        "The agency's share of what it collects, in per cent; null if the recorded text is no number.",
      ),
      contingency: column.text('contingency', 'The same share as it is written.'),
      fees: t.field({
        type: FeesType,
        description: 'The fees on the account.',
        resolve: ({ fileNumber, row }) => ({ fileNumber, row }),
      }),

      placedDate: column.date('placedDate', 'Date on which the account was placed for collection.'),
      receivedDate: column.date('receivedDate', 'Date on which the agency received the account.'),
      openedDate: column.date('openedDate', 'Date on which the account was opened at the original creditor.'),
      delinquencyDate: column.date('delinquencyDate', 'Date of the first delinquency.'),
      chargeOffDate: column.date('chargeOffDate', 'Date of the charge-off by the creditor.'),
      statuteOfLimitationsDate: column.date(
        'statuteOfLimitationsDate',
        'Date from which the debt is time-barred.',
      ),
      lastWorkedDate: column.date('lastWorkedDate', 'Date on which the account was last worked.'),
      lastDialedDate: column.date('lastDialedDate', 'Date on which a number of the account was last dialed.'),
      lastPaymentDate: column.date('lastPaymentDate', 'Date of the last payment.'),
      closedDate: column.date('closedDate', 'Date on which the account was closed; null while it is open.'),
      lastAssignedAt: column.localDateTime('lastAssignedAt', 'Time of the last assignment of the account.'),
      statusChangedAt: column.localDateTime('statusChangedAt', 'Time of the last change of the status.'),

      borrower: t.field({
        type: BorrowerType,
        description: 'The person who owes.',
        extensions: declaring<AccountRow>({
          below: ({ fileNumber }) => debtorKnown(fileNumber),
          gives: ({ things }) => [personOf(things, debtor)],
        }),
        resolve: (account) => debtorOf(account),
      }),
      coBorrowers: t.field({
        type: [BorrowerType],
        nullable: true,
        description:
          'The other people who owe: joint debtor, spouse and co-debtors, if anything is recorded of them. Null, with an error, if they cannot be read.',
        // Only the account's own row contains all of them.
        extensions: costing({
          calls: fullRows,
          gives: ({ things }) => [...coBorrowers.keys()].map((place) => personOf(things, place)),
        }),
        resolve: (account, _, context) => coBorrowersOf(account, context),
      }),
      attorney: part(t, AttorneyType, [attorneyColumns, attorneyAddressColumns], "The debtor's attorney"),
      court: part(t, CourtType, [courtColumns, courtAddressColumns], 'The court case about the debt'),
      judgment: part(t, JudgmentType, [judgmentColumns], 'The judgment on the debt'),
      garnishment: part(t, GarnishmentType, [garnishmentColumns], 'Garnishment for the debt'),
      lien: part(t, LienType, [lienColumns], 'The lien that secures the debt'),
      bankruptcy: part(t, BankruptcyType, [bankruptcyColumns], "The debtor's bankruptcy"),
      verification: part(t, VerificationType, [verificationColumns], 'Verification of the account'),
      payee: part(t, PayeeType, [payeeColumns, payeeAddressColumns], 'Payee of payments'),
      work: t.field({
        type: WorkType,
        description: 'Work of the agency on the account.',
        resolve: ({ fileNumber, row }) => ({ fileNumber, row }),
      }),
      hasAssets: assets.flag('hasAssets', 'Whether the debtor is known to own something of value.'),
      assets: t.field({
        type: [AssetType],
        nullable: true,
        description: 'Assets of the debtor. Null, with an error, if they cannot be read.',
        extensions: reading(() => assetColumns.flatMap(({ type, value }) => [type, value])),
        resolve: (account, _, context) => assetsOf(account, context),
      }),
      creditReports: t.stringList({
        nullable: true,
        description: 'Remarks on reports to credit bureaus. Null, with an error, if they cannot be read.',
        extensions: reading(() => creditReportColumns),
        resolve: (account, _, context) => textsOf(account, creditReportColumns, context),
      }),
      customFields: t.field({
        type: [CustomFieldType],
        nullable: true,
        description:
          'Custom fields of the agency that are not blank. Null, with an error, if they cannot be read.',
        extensions: reading(() => customColumns),
        resolve: (account, _, context) => customFieldsOf(account, context),
      }),
    };
  },
});
