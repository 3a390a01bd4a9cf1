import { getAlaccountdata, getaccount } from '../../upstreams/scollect/accounts.ts';
import { getattempts } from '../../upstreams/scollect/attempts.ts';
import { emailColumns, getemails, getemailstats } from '../../upstreams/scollect/messages.ts';
import { getnotes, noteColumns } from '../../upstreams/scollect/notes.ts';
import {
  get_lastpayinfo,
  getAlpaymentdata,
  getpayments,
  paymentColumns,
} from '../../upstreams/scollect/payments.ts';
import { getphones } from '../../upstreams/scollect/phones.ts';
import { builder } from '../kit/builder.ts';
import { badInput } from '../kit/input-error.ts';
import { declaring, type Known, read, readPage } from '../kit/read.ts';
import { LastPaymentType, PaymentMethodType, PaymentType } from '../payments/payment.ts';
import { SettlementType } from '../payments/settlement.ts';
import { BorrowerType } from '../people/borrower.ts';
import type { Borrower } from '../people/borrower-rows.ts';
import { callsForPhones, type Phone, PhoneType, phonesOfAccount } from '../people/phone.ts';
import { AccountType } from './account.ts';
import { accountOf } from './account-reads.ts';
import type { AccountRow } from './account-row.ts';
import { accountBehindCost, phonesOf, phonesPerAccount } from './account-things.ts';
import { ContactAttemptType, placeInTime } from './contact-attempt.ts';
import { ContactSummaryType, summarize } from './contact-summary.ts';
import { EmailEventType, EmailStatsType, emailEventsIn } from './email.ts';
import { NoteType, notesIn } from './note.ts';

interface ContactSummaryArgs {
  readonly days: number;
  readonly conversationDispositions?: readonly string[] | null;
}

const unreadable = 'Null, with an error, if they cannot be read.';

interface PaymentMethodsArgs {
  readonly method?: string | null;
  readonly last4?: string | null;
}

// What an account has that costs a call of its own.
builder.objectFields(AccountType, (t) => ({
  phones: t.field({
    type: [PhoneType],
    nullable: true,
    description: `The account's phones (Scollect: getphones, or the portfolio's row if it contains all that is selected). ${unreadable}`,
    extensions: declaring<AccountRow>({
      start: (account, _, { loaders }) => loaders.of(getphones).load(account),
      calls: callsForPhones,
      gives: ({ things }) => [phonesOf(things, phonesPerAccount)],
    }),
    resolve: (account, _, context, info) => phonesOfAccount(account, context, info),
  }),
  notes: readPage(
    t,
    {
      endpoint: getnotes,
      type: NoteType,
      description: `The log of the account (Scollect: getnotes). ${unreadable}`,
      list: 'Account.notes',
      itemsOf: notesIn,
      numberOf: noteColumns.noteId.read,
      newestBy: ['`loggedAt`', noteColumns.loggedAt.read],
    },
    { name: 'NoteConnection', description: 'One page of notes.' },
    { name: 'NoteEdge', description: 'A note in a page, with its place.' },
  ),
  attempts: readPage(
    t,
    {
      endpoint: getattempts,
      type: ContactAttemptType,
      description: `Contact attempts (Scollect: getattempts). ${unreadable}`,
      list: 'Account.attempts',
      newestBy: ['`date` and `time`; a day without a readable time counts as its beginning', placeInTime],
    },
    { name: 'ContactAttemptConnection', description: 'One page of contact attempts.' },
    { name: 'ContactAttemptEdge', description: 'A contact attempt in a page, with its place.' },
  ),
  contactSummary: read(t, {
    endpoint: getattempts,
    type: ContactSummaryType,
    description: `Recent calls to the debtor, and their assessment under Regulation F (Scollect: getattempts). ${unreadable}`,
    args: {
      days: t.arg.int({
        defaultValue: 7,
        required: true,
        description: 'Number of days in the window, including today.',
      }),
      conversationDispositions: t.arg.stringList({
        required: false,
        description:
          'The dispositions that report a conversation, in any letter case. Without them, common words decide, such as `SPOKE TO DEBTOR` or `RPC - NO PTP`.',
      }),
    },
    value: (rows, _, { days, conversationDispositions }: ContactSummaryArgs, { calendar }) =>
      summarize(rows, days, conversationDispositions, calendar),
  }),
  emails: readPage(
    t,
    {
      endpoint: getemails,
      type: EmailEventType,
      description: `Events of e-mails to the debtor (Scollect: getemails). ${unreadable}`,
      list: 'Account.emails',
      itemsOf: emailEventsIn,
      numberOf: emailColumns.eventId.read,
      newestBy: ['`occurredAt`', emailColumns.occurredAt.read],
    },
    { name: 'EmailEventConnection', description: 'One page of e-mail events.' },
    { name: 'EmailEventEdge', description: 'An e-mail event in a page, with its place.' },
  ),
  emailStats: read(t, {
    endpoint: getemailstats,
    type: EmailStatsType,
    description: 'E-mail statistics (Scollect: getemailstats). Null if none are recorded.',
  }),
  payments: readPage(
    t,
    {
      endpoint: getpayments,
      type: PaymentType,
      authScopes: { 'payments:read': true },
      description: `Payments made and scheduled (Scollect: getpayments). ${unreadable}`,
      list: 'Account.payments',
      newestBy: [
        '`paymentDate`, not by `takenDate`: scheduled payments come first',
        paymentColumns.paymentDate.read,
      ],
    },
    { name: 'PaymentConnection', description: 'One page of payments.' },
    { name: 'PaymentEdge', description: 'A payment in a page, with its place.' },
  ),
  lastPayment: read(t, {
    endpoint: get_lastpayinfo,
    type: LastPaymentType,
    authScopes: { 'payments:read': true },
    description: 'Last posted payment, with its method (Scollect: get_lastpayinfo); null if there is none.',
  }),
  paymentMethods: read(t, {
    endpoint: getAlpaymentdata,
    key: ({ fileNumber }, { method, last4 }: PaymentMethodsArgs) => {
      if (last4 && !/^\d{4}$/.test(last4)) throw badInput('last4', 'four digits');
      return { fileNumber, method: method?.trim() || undefined, last4: last4 || undefined };
    },
    type: [PaymentMethodType],
    authScopes: { 'payments:read': true },
    description: `Stored payment methods (Scollect: getAlpaymentdata). ${unreadable}`,
    args: {
      method: t.arg.string({ required: false, description: 'Only those of this method, as `CREDIT CARD`.' }),
      last4: t.arg.string({
        required: false,
        description: 'Only the card whose number ends in these four digits.',
      }),
    },
  }),
  settlement: read(t, {
    endpoint: getAlaccountdata,
    type: SettlementType,
    description:
      'Settlement offer and minimum payments (Scollect: getAlaccountdata); null if none are recorded.',
  }),
}));

/** What is known of the account that a person or a phone belongs to. */
const accountKnown = (owned: Known<Borrower> | Known<Phone>): Known<AccountRow> | undefined => {
  if (owned.source !== 'SCOLLECT') return undefined;
  const { fileNumber } = 'account' in owned ? owned.account : owned;
  return { fileNumber };
};

for (const type of [BorrowerType, PhoneType] as const) {
  builder.objectField(type, 'account', (t) =>
    t.field({
      type: AccountType,
      authScopes: { 'accounts:read': true },
      nullable: true,
      description: 'The account that it belongs to. Null in RecoveryConnect.',
      extensions: declaring<Borrower | Phone>({
        start: (owned, _, { loaders }) => {
          const account = accountKnown(owned);
          return account && loaders.of(getaccount).load(account);
        },
        below: accountKnown,
        ...accountBehindCost,
      }),
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
