import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { Row } from '../upstreams/endpoint.ts';
import { accountColumns, feeColumns } from '../upstreams/scollect/account-columns.ts';
import { portfolioColumns } from '../upstreams/scollect/portfolios.ts';
import { BorrowerType, debtorOf } from './borrower.ts';
import { columnFields } from './column-fields.ts';
import { pageOf } from './connection.ts';
import { fileNumberOf } from './input-error.ts';
import { PaymentType } from './payment.ts';
import { PhoneType, phonesOfAccount } from './phone.ts';
import { PortfolioType } from './portfolio.ts';

/** An account by its file number in capitals, with its row of `getaccount`. */
export interface Account {
  readonly fileNumber: string;
  readonly row: Row;
}

const accountOf = async (fileNumber: string, { loaders }: Context): Promise<Account | null> => {
  const row = await loaders.account.load(fileNumber);
  return row && { fileNumber, row };
};

const AccountFeesType = builder.objectRef<Account>('AccountFees').implement({
  description: 'The fees on an account, by their cause, in US dollars.',
  fields: (t) => {
    const column = columnFields(t, () => feeColumns);
    return {
      advanced: column.decimal('advanced', 'Fees advanced by the agency.'),
      attorney: column.decimal('attorney', "Attorney's fees."),
      collection: column.decimal('collection', 'Collection fees.'),
      court: column.decimal('court', 'Court fees.'),
      judgment: column.decimal('judgment', 'Fees of a judgment.'),
      late: column.decimal('late', 'Fees for paying late.'),
      miscellaneous: column.decimal('miscellaneous', 'Other fees.'),
      nonSufficientFunds: column.decimal(
        'nonSufficientFunds',
        'Fees for payments returned for want of funds.',
      ),
      penalty: column.decimal('penalty', 'Penalties.'),
      reimbursed: column.decimal('reimbursed', 'Fees that were reimbursed.'),
    };
  },
});

const AccountType = builder.objectRef<Account>('Account').implement({
  description:
    'A debt in collection (Scollect: getaccount). Amounts are in US dollars; what is not recorded is null.',
  fields: (t) => {
    const column = columnFields(t, () => accountColumns);
    return {
      fileNumber: t.exposeString('fileNumber', {
        description: "The agency's number for the account, in capitals.",
      }),
      accountId: column.id('accountId', "Scollect's internal number for the account."),
      originalAccountNumber: column.text(
        'originalAccountNumber',
        "The account's number at the original creditor.",
      ),
      status: column.text(
        'status',
        'Where the account stands, in words of the agency, which defines its own.',
      ),
      statusType: column.text('statusType', 'The kind of status, in words of the agency.'),
      client: column.text('client', 'Who placed the account for collection.'),
      originalCreditor: column.text('originalCreditor', 'Who the money was first owed to.'),
      debtType: column.text('debtType', 'The kind of debt, in words of the agency.'),
      assignedTo: column.text('assignedTo', 'The agent or queue that works the account.'),
      collectorName: column.text('collectorName', 'The collector in charge.'),

      currentBalance: column.decimal('currentBalance', 'What is owed now.'),
      originalBalance: column.decimal('originalBalance', 'What was owed when the account was placed.'),
      principal: column.decimal('principal', 'The principal owed now.'),
      originalPrincipal: column.decimal('originalPrincipal', 'The principal when the account was placed.'),
      chargeOffAmount: column.decimal('chargeOffAmount', 'The principal when the debt was charged off.'),
      accruedInterest: column.decimal('accruedInterest', 'Interest accrued so far.'),
      interestRate: column.decimal('interestRate', 'The yearly interest in per cent.'),
      adjustments: column.decimal('adjustments', 'The sum of adjustments to the balance.'),
      lastPaymentAmount: column.decimal('lastPaymentAmount', 'The last amount that was paid.'),
      fees: t.field({
        type: AccountFeesType,
        description: 'The fees on the account.',
        resolve: (account) => account,
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
        resolve: ({ row, fileNumber }) => debtorOf(row, fileNumber),
      }),
      portfolio: t.field({
        type: PortfolioType,
        nullable: true,
        description:
          'The portfolio that the account is in (Scollect: getportfoliolist); null for one that is not listed.',
        resolve: async ({ row }, _, { loaders }) => {
          const name = accountColumns.portfolio.read(row);
          if (name === null) return null;
          const portfolios = await loaders.portfolios.load('all');
          const found = portfolios.find((portfolio) => portfolioColumns.name.read(portfolio) === name);
          return found ? { row: found } : null;
        },
      }),
      phones: t.field({
        type: [PhoneType],
        nullable: true,
        description:
          "The account's phones (Scollect: getphones). Null, with an error, when they cannot be read.",
        resolve: ({ fileNumber }, _, context) => phonesOfAccount(fileNumber, context),
      }),
      payments: t.connection(
        {
          type: PaymentType,
          nullable: true,
          description:
            'Payments made and planned, in the order of the upstream (Scollect: getpayments). Null, with an error, when they cannot be read.',
          resolve: async ({ fileNumber }, args, { loaders }) => {
            const rows = await loaders.payments.load(fileNumber);
            return pageOf(
              rows.map((row) => ({ row })),
              args,
            );
          },
        },
        { name: 'PaymentConnection', description: 'One page of payments.' },
        { name: 'PaymentEdge', description: 'A payment in a page, with its place.' },
      ),
    };
  },
});

builder.queryField('account', (t) =>
  t.field({
    type: AccountType,
    nullable: true,
    description: 'One account by its file number (Scollect: getaccount); null when there is none.',
    args: {
      fileNumber: t.arg.string({
        required: true,
        description: "The agency's number for the account, in any letter case.",
      }),
    },
    resolve: (_, { fileNumber }, context) => accountOf(fileNumberOf(fileNumber, 'fileNumber'), context),
  }),
);

for (const type of [BorrowerType, PhoneType] as const) {
  builder.objectField(type, 'account', (t) =>
    t.field({
      type: AccountType,
      nullable: true,
      description: 'The account that it belongs to. Null in RecoveryConnect.',
      resolve: (owned, _, context) => ('fileNumber' in owned ? accountOf(owned.fileNumber, context) : null),
    }),
  );
}
