import { z } from 'zod';
import type { OpenOutcome } from '../../ledger/ledger.ts';
import { AccountType } from '../accounts/account.ts';
import { builder } from '../kit/builder.ts';
import { optional, text } from '../kit/checks.ts';
import { addMutation } from '../kit/mutation.ts';
import { invalidInput } from '../kit/mutation-errors.ts';
import { keyedMutations, type Subject, subjectSchema, successOutcome } from './keyed-mutation.ts';
import { PaymentType } from './payment.ts';
import { matchingPayments } from './payment-evidence.ts';

interface PendingOutcome extends OpenOutcome {
  readonly about: Subject;
}

const InstallmentType = builder
  .objectRef<{ readonly amount: string; readonly date: string }>('Installment')
  .implement({
    description: 'One payment of a plan.',
    fields: (t) => ({
      amount: t.expose('amount', { type: 'Decimal', description: 'What is paid, in US dollars.' }),
      date: t.expose('date', { type: 'Date', description: 'The day on which it is paid.' }),
    }),
  });

const PendingOutcomeType = builder.objectRef<PendingOutcome>('PendingOutcome').implement({
  description:
    'A write that may have been carried out: its answer was lost, or the gateway stopped before it came. It is kept until somebody settles it by `resolveOutcome`.',
  fields: (t) => ({
    outcomeId: t.exposeID('outcomeId', { description: 'Names it for `resolveOutcome`.' }),
    mutation: t.exposeString('operation', { description: 'The mutation, as in `runPayment`.' }),
    caller: t.exposeString('caller', { description: 'Who asked for it.' }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When it began, by the clock of this gateway.',
      resolve: ({ startedAt }) => startedAt.toISOString(),
    }),
    whatToCheck: t.string({
      description: 'Where to look whether it was carried out.',
      resolve: ({ operation }) => keyedMutations.get(operation)?.whatToCheck ?? '',
    }),
    account: t.field({
      type: AccountType,
      authScopes: { 'accounts:read': true },
      nullable: true,
      description: 'The account that it was for. Null, with an error, without the scope `accounts:read`.',
      resolve: ({ about: { fileNumber } }) => ({ fileNumber, row: {} }),
    }),
    amount: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What was to be paid, in US dollars; null where it is no single payment.',
      resolve: ({ about }) => about.amount ?? null,
    }),
    paymentDate: t.field({
      type: 'Date',
      nullable: true,
      description: 'The day of the payment; null where none was given.',
      resolve: ({ about }) => about.paymentDate ?? null,
    }),
    installments: t.field({
      type: [InstallmentType],
      nullable: true,
      description: 'The payments of a plan; null for everything else.',
      resolve: ({ about }) => about.installments ?? null,
    }),
    method: t.string({
      nullable: true,
      description: 'How it was to be paid, such as `CREDIT CARD`; null where that was not said.',
      resolve: ({ about }) => about.method ?? null,
    }),
    last4: t.string({
      nullable: true,
      description: 'The last four digits of the card or the account; null where none was given.',
      resolve: ({ about }) => about.last4 ?? null,
    }),
    template: t.string({
      nullable: true,
      description: 'The template of the message; null for payments.',
      resolve: ({ about }) => about.template ?? null,
    }),
    matchingPayments: t.field({
      type: [PaymentType],
      nullable: true,
      description:
        'The payments that are on the account now, of the days and amounts of this one; a day or an amount that cannot be read could be any (Scollect: getpayments). Null for messages, and with an error when they cannot be read, or a row is incomplete.',
      resolve: async ({ about }, _, context) => {
        if (about.template !== undefined) return null;
        return (await matchingPayments(about, context)).map((row) => ({ row }));
      },
    }),
  }),
});

builder.queryField('pendingOutcomes', (t) =>
  t.field({
    type: [PendingOutcomeType],
    authScopes: { 'payments:read': true },
    nullable: true,
    description:
      'The writes whose outcome is not known, oldest first. Null, with an error, when the ledger cannot be read.',
    resolve: async (_, __, { ledger }) =>
      (await ledger.open()).map((open) => ({ ...open, about: subjectSchema.parse(open.subject) })),
  }),
);

const notOpen = {
  path: 'outcomeId',
  message: 'Expected the id of an outcome that is not known: there is none, or it was settled before.',
};

addMutation('resolveOutcome', {
  // A client that charges must not settle the outcome of its own charge.
  scope: 'outcomes:resolve',
  description:
    'Settles a write whose outcome was not known, by what was found. Found carried out, its key gives a success from now on; found not carried out, it may be sent again under the same key.',
  input: (t) => ({
    outcomeId: t.id({
      required: true,
      description: 'As `pendingOutcomes` or an `OutcomeUnknownError` tells it.',
    }),
    wasCarriedOut: t.boolean({ required: true, description: 'Whether it was found to be carried out.' }),
    approvalCode: t.string({
      description: "The processor's code for an approved charge, 1 to 20 characters, if one was found.",
    }),
  }),
  check: z.strictObject({
    outcomeId: z.uuid({ error: 'Expected an id, as `pendingOutcomes` tells it.' }),
    wasCarriedOut: z.boolean(),
    approvalCode: optional(
      text(20).refine((code) => /^[\w-]+$/.test(code) && code.replace(/\D/g, '').length < 9, {
        error: 'Expected letters and digits.',
      }),
    ),
  }),
  carryOut: async ({ outcomeId, wasCarriedOut, approvalCode = null }, { ledger, audit }) => {
    const open = await ledger.find(outcomeId);
    if (!open) return invalidInput([notOpen]);
    const { fileNumber } = subjectSchema.parse(open.subject);
    audit.record('Account', fileNumber);
    const found = keyedMutations.get(open.operation)?.found(approvalCode) ?? {};
    const isSettled = await ledger.resolve(outcomeId, wasCarriedOut ? successOutcome(found) : null);
    if (!isSettled) return invalidInput([notOpen]);
    return { wasCarriedOut, fileNumber };
  },
  success: (t) => ({
    wasCarriedOut: t.exposeBoolean('wasCarriedOut', { description: 'How it was settled.' }),
    account: t.field({
      type: AccountType,
      authScopes: { 'accounts:read': true },
      description: 'The account that it was for.',
      resolve: ({ fileNumber }) => ({ fileNumber, row: {} }),
    }),
  }),
  // Nothing of the upstreams has changed.
  forget: () => {},
  whatToCheck: 'Look whether it is still among `pendingOutcomes`.',
});
