import { builder } from '../kit/builder.ts';
import { digestOf, pageOf } from '../kit/connection.ts';
import { paymentMethodsKey } from '../kit/reads-by-key.ts';
import { LastPaymentType, PaymentMethodType, PaymentType } from '../payments/payment.ts';
import { SettlementType } from '../payments/settlement.ts';
import { BorrowerType } from '../people/borrower.ts';
import { PhoneType, phonesOfAccount } from '../people/phone.ts';
import { AccountType } from './account.ts';
import { accountOf } from './account-reads.ts';
import { ContactAttemptType } from './contact-attempt.ts';
import { ContactSummaryType, summarize } from './contact-summary.ts';
import { EmailEventType, EmailStatsType, emailKey } from './email.ts';
import { NoteType, noteKey } from './note.ts';

const unreadable = 'Null, with an error, when they cannot be read.';

// What an account has that costs a call of its own.
builder.objectFields(AccountType, (t) => ({
  phones: t.field({
    type: [PhoneType],
    nullable: true,
    description: `The account's phones (Scollect: getphones, or the portfolio's row where that tells all that is selected). ${unreadable}`,
    resolve: (account, _, context, info) => phonesOfAccount(account, context, info),
  }),
  notes: t.connection(
    {
      type: NoteType,
      nullable: true,
      description: `The log of the account, in the order of the upstream (Scollect: getnotes). ${unreadable}`,
      resolve: async ({ fileNumber }, args, { loaders }) => {
        const rows = await loaders.notes.load(fileNumber);
        return pageOf(
          rows.map((row) => ({ row })),
          args,
          noteKey,
        );
      },
    },
    { name: 'NoteConnection', description: 'One page of notes.' },
    { name: 'NoteEdge', description: 'A note in a page, with its place.' },
  ),
  attempts: t.connection(
    {
      type: ContactAttemptType,
      nullable: true,
      description: `Attempts to talk to each other, in the order of the upstream (Scollect: getattempts). ${unreadable}`,
      resolve: async ({ fileNumber }, args, { loaders }) => {
        const rows = await loaders.attempts.load(fileNumber);
        return pageOf(
          rows.map((row) => ({ row })),
          args,
          ({ row }) => digestOf(row),
        );
      },
    },
    { name: 'ContactAttemptConnection', description: 'One page of contact attempts.' },
    { name: 'ContactAttemptEdge', description: 'A contact attempt in a page, with its place.' },
  ),
  contactSummary: t.field({
    type: ContactSummaryType,
    nullable: true,
    description: `Who was called how often of late, and what that means under Regulation F (Scollect: getattempts). ${unreadable}`,
    args: {
      days: t.arg.int({
        defaultValue: 7,
        required: true,
        description: 'How many days the window has; today is the last of them.',
      }),
      conversationDispositions: t.arg.stringList({
        required: false,
        description:
          'The dispositions that report a conversation, in any letter case. Without them, common words decide, such as `SPOKE TO DEBTOR` or `RPC - NO PTP`.',
      }),
    },
    resolve: async ({ fileNumber }, { days, conversationDispositions }, { loaders, calendar }) =>
      summarize(await loaders.attempts.load(fileNumber), days, conversationDispositions, calendar),
  }),
  emails: t.connection(
    {
      type: EmailEventType,
      nullable: true,
      description: `What happened to e-mails to the debtor, in the order of the upstream (Scollect: getemails). ${unreadable}`,
      resolve: async ({ fileNumber }, args, { loaders }) => {
        const rows = await loaders.emails.load(fileNumber);
        return pageOf(
          rows.map((row) => ({ row })),
          args,
          emailKey,
        );
      },
    },
    { name: 'EmailEventConnection', description: 'One page of e-mail events.' },
    { name: 'EmailEventEdge', description: 'An e-mail event in a page, with its place.' },
  ),
  emailStats: t.field({
    type: EmailStatsType,
    nullable: true,
    description: 'What came of the e-mails (Scollect: getemailstats); null where none is counted.',
    resolve: async ({ fileNumber }, _, { loaders }) => {
      const row = await loaders.emailStats.load(fileNumber);
      return row && { row };
    },
  }),
  payments: t.connection(
    {
      type: PaymentType,
      authScopes: { 'payments:read': true },
      nullable: true,
      description: `Payments made and planned, in the order of the upstream (Scollect: getpayments). ${unreadable}`,
      resolve: async ({ fileNumber }, args, { loaders }) => {
        const rows = await loaders.payments.load(fileNumber);
        return pageOf(
          rows.map((row) => ({ row })),
          args,
          ({ row }) => digestOf(row),
        );
      },
    },
    { name: 'PaymentConnection', description: 'One page of payments.' },
    { name: 'PaymentEdge', description: 'A payment in a page, with its place.' },
  ),
  lastPayment: t.field({
    type: LastPaymentType,
    authScopes: { 'payments:read': true },
    nullable: true,
    description:
      'The last payment that was posted, and how (Scollect: get_lastpayinfo); null where there is none.',
    resolve: async ({ fileNumber }, _, { loaders }) => {
      const row = await loaders.lastPayment.load(fileNumber);
      return row && { row };
    },
  }),
  paymentMethods: t.field({
    type: [PaymentMethodType],
    authScopes: { 'payments:read': true },
    nullable: true,
    description: `The ways of paying that are kept (Scollect: getAlpaymentdata). ${unreadable}`,
    args: {
      method: t.arg.string({ required: false, description: 'Only those of this method, as `CREDIT CARD`.' }),
      last4: t.arg.string({
        required: false,
        description: 'Only the card whose number ends in these four digits.',
      }),
    },
    resolve: async ({ fileNumber }, args, { loaders }) => {
      const rows = await loaders.paymentMethods.load(paymentMethodsKey(fileNumber, args));
      return rows.map((row) => ({ row }));
    },
  }),
  settlement: t.field({
    type: SettlementType,
    nullable: true,
    description:
      'What would settle the account, and the least payments (Scollect: getAlaccountdata); null where nothing is kept.',
    resolve: async ({ fileNumber }, _, { loaders }) => {
      const row = await loaders.settlement.load(fileNumber);
      return row && { row };
    },
  }),
}));

for (const type of [BorrowerType, PhoneType] as const) {
  builder.objectField(type, 'account', (t) =>
    t.field({
      type: AccountType,
      authScopes: { 'accounts:read': true },
      nullable: true,
      description: 'The account that it belongs to. Null in RecoveryConnect.',
      resolve: (owned, _, context, info) => {
        if (owned.source !== 'SCOLLECT') return null;
        const { fileNumber, row } = 'account' in owned ? owned.account : owned;
        // A phone that was looked up by itself knows no more than the number of its account.
        // Most rows name their account: to list the keys of one would parse all of it.
        const isKnown = 'filenumber' in row || Object.keys(row).length > 0;
        return isKnown ? { fileNumber, row } : accountOf(fileNumber, context, info);
      },
    }),
  );
}
