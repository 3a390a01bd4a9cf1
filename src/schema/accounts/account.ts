import {
  accountColumns,
  assetsColumns,
  attorneyColumns,
  bankruptcyColumns,
  courtColumns,
  creditReportColumns,
  garnishmentColumns,
  judgmentColumns,
  lienColumns,
  payeeColumns,
  verificationColumns,
} from '../../upstreams/scollect/account-columns.ts';
import {
  attorneyAddressColumns,
  courtAddressColumns,
  payeeAddressColumns,
} from '../../upstreams/scollect/people-columns.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, type FieldBuilder, reading } from '../kit/column-fields.ts';
import { NodeInterface, nodeId } from '../kit/node.ts';
import { BorrowerType } from '../people/borrower.ts';
import { coBorrowersOf, debtorOf } from '../people/borrower-rows.ts';
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
    description: `${description}; null where nothing is recorded.`,
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
      status: column.text(
        'status',
        'Where the account stands, in words of the agency, which defines its own.',
      ),
      statusType: column.text('statusType', 'The kind of status, in words of the agency.'),
      statusColor: column.text('statusColor', 'The color that the status is shown in.'),
      client: column.text('client', 'Who placed the account for collection.'),
      originalCreditor: column.text('originalCreditor', 'Who the money was first owed to.'),
      portfolioGroup: column.text('portfolioGroup', 'The group that its portfolio belongs to.'),
      debtType: column.text('debtType', 'The kind of debt, in words of the agency.'),
      customerType: column.text('customerType', 'The kind of customer, in words of the agency.'),
      claimType: column.text('claimType', 'The kind of claim, in words of the agency.'),
      claimStatus: column.text('claimStatus', 'Where the claim stands, in words of the agency.'),
      closedReason: column.text('closedReason', 'Why the account was closed.'),
      authorizedUser: column.text('authorizedUser', 'Who else was authorized to use the account.'),
      assignedTo: column.text('assignedTo', 'The agent or queue that works the account.'),
      collectorName: column.text('collectorName', 'The collector in charge.'),

      currentBalance: column.decimal('currentBalance', 'What is owed now.'),
      originalBalance: column.decimal('originalBalance', 'What was owed when the account was placed.'),
      principal: column.decimal('principal', 'The principal owed now.'),
      originalPrincipal: column.decimal('originalPrincipal', 'The principal when the account was placed.'),
      chargeOffAmount: column.decimal('chargeOffAmount', 'The principal when the debt was charged off.'),
      accruedInterest: column.decimal('accruedInterest', 'Interest accrued so far.'),
      interestRate: column.decimal('interestRate', 'The yearly interest in per cent.'),
      calculatesInterest: column.flag('calculatesInterest', 'Whether interest goes on accruing.'),
      adjustments: column.decimal('adjustments', 'The sum of adjustments to the balance.'),
      pastDueAmount: column.decimal('pastDueAmount', 'What is past due.'),
      paidToDate: column.decimal('paidToDate', 'What has been paid so far.'),
      lastPaymentAmount: column.decimal('lastPaymentAmount', 'The last amount that was paid.'),
      paymentPlan: column.text('paymentPlan', 'The plan that is paid by, as written.'),
      contingencyRate: column.decimal(
        'contingencyRate',
        "The agency's share of what it collects, in per cent; null where what is written is no number.",
      ),
      contingency: column.text('contingency', 'The same share as it is written.'),
      fees: t.field({
        type: FeesType,
        description: 'The fees on the account.',
        resolve: ({ fileNumber, row }) => ({ fileNumber, row }),
      }),

      placedDate: column.date('placedDate', 'When the account was placed for collection.'),
      receivedDate: column.date('receivedDate', 'When the agency received it.'),
      openedDate: column.date('openedDate', 'When the account was opened at the original creditor.'),
      delinquencyDate: column.date('delinquencyDate', 'When payments first fell behind.'),
      chargeOffDate: column.date('chargeOffDate', 'When the creditor charged the debt off.'),
      statuteOfLimitationsDate: column.date(
        'statuteOfLimitationsDate',
        'From when on the debt is barred by limitation.',
      ),
      lastWorkedDate: column.date('lastWorkedDate', 'When somebody last worked the account.'),
      lastDialedDate: column.date('lastDialedDate', 'When a number of the account was last dialed.'),
      lastPaymentDate: column.date('lastPaymentDate', 'When something was last paid.'),
      closedDate: column.date('closedDate', 'When the account was closed; null while it is open.'),
      lastAssignedAt: column.localDateTime(
        'lastAssignedAt',
        'When the account was last assigned to someone.',
      ),
      statusChangedAt: column.localDateTime('statusChangedAt', 'When the status last changed.'),

      borrower: t.field({
        type: BorrowerType,
        description: 'The person who owes.',
        resolve: (account) => debtorOf(account),
      }),
      coBorrowers: t.field({
        type: [BorrowerType],
        nullable: true,
        description:
          'Whoever owes beside: joint debtor, spouse and co-debtors, those of whom anything is recorded. Null, with an error, when they cannot be read.',
        resolve: (account, _, context) => coBorrowersOf(account, context),
      }),
      attorney: part(t, AttorneyType, [attorneyColumns, attorneyAddressColumns], "The debtor's attorney"),
      court: part(t, CourtType, [courtColumns, courtAddressColumns], 'The court case about the debt'),
      judgment: part(t, JudgmentType, [judgmentColumns], 'The judgment on the debt'),
      garnishment: part(t, GarnishmentType, [garnishmentColumns], 'What is garnished for the debt'),
      lien: part(t, LienType, [lienColumns], 'The lien that secures the debt'),
      bankruptcy: part(t, BankruptcyType, [bankruptcyColumns], "The debtor's bankruptcy"),
      verification: part(t, VerificationType, [verificationColumns], 'What was verified'),
      payee: part(t, PayeeType, [payeeColumns, payeeAddressColumns], 'Whom payments are to be made out to'),
      work: t.field({
        type: WorkType,
        description: 'How the agency works the account.',
        resolve: ({ fileNumber, row }) => ({ fileNumber, row }),
      }),
      hasAssets: assets.flag('hasAssets', 'Whether the debtor is known to own something of value.'),
      assets: t.field({
        type: [AssetType],
        nullable: true,
        description: 'What the debtor owns. Null, with an error, when it cannot be read.',
        resolve: (account, _, context) => assetsOf(account, context),
      }),
      creditReports: t.stringList({
        nullable: true,
        description: 'Remarks on reports to credit bureaus. Null, with an error, when they cannot be read.',
        resolve: (account, _, context) => textsOf(account, creditReportColumns, context),
      }),
      customFields: t.field({
        type: [CustomFieldType],
        nullable: true,
        description:
          'The fields that the agency fills as it pleases, those that are not blank. Null, with an error, when they cannot be read.',
        resolve: (account, _, context) => customFieldsOf(account, context),
      }),
    };
  },
});
