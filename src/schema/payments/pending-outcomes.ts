import { z } from 'zod';
import type { OpenOutcome } from '../../ledger/ledger.ts';
import { costing } from '../../operation/cost/field-cost.ts';
import { named, severalOf } from '../../operation/cost/things.ts';
import { getpayments } from '../../upstreams/scollect/payments.ts';
import { AccountType } from '../accounts/account.ts';
import { ofAccountOfWrite } from '../accounts/account-things.ts';
import { builder } from '../kit/builder.ts';
import { optional, text } from '../kit/checks.ts';
import { addMutation } from '../kit/mutation.ts';
import { invalidInput } from '../kit/mutation-errors.ts';
import { findNodesBy, NodeInterface, nodeId } from '../kit/node.ts';
import { keyedMutations, type Subject, subjectSchema, successOutcome } from './keyed-mutation.ts';
import { PaymentType } from './payment.ts';
import { matchingPayments } from './payment-evidence.ts';

/** The assumed number of pending outcomes. */
const assumedOutcomes = 20;

interface PendingOutcome extends OpenOutcome {
  readonly about: Subject;
}

const pendingOutcomeOf = (open: OpenOutcome): PendingOutcome => ({
  ...open,
  about: subjectSchema.parse(open.subject),
});

const InstallmentType = builder
  .objectRef<{ readonly amount: string; readonly date: string }>('Installment')
  .implement({
    description: 'One payment of a plan.',
    fields: (t) => ({
      amount: t.expose('amount', { type: 'Decimal', description: 'Amount in US dollars.' }),
      date: t.expose('date', { type: 'Date', description: 'The day on which it is paid.' }),
    }),
  });

const PendingOutcomeType = builder.objectRef<PendingOutcome>('PendingOutcome').implement({
  description:
    'A write that may have been executed: its response was lost, or the gateway stopped before it arrived. It is kept until it is settled by `resolveOutcome`.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: nodeId(t, 'PendingOutcome', ({ outcomeId }) => [outcomeId]),
    outcomeId: t.exposeID('outcomeId', { description: 'Names it for `resolveOutcome`.' }),
    mutation: t.exposeString('operation', { description: 'The mutation, as in `runPayment`.' }),
    caller: t.exposeString('caller', { description: 'The caller that requested it.' }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'Start time, by the clock of this gateway.',
      resolve: ({ startedAt }) => startedAt.toISOString(),
    }),
    whatToCheck: t.string({
      description: 'Where to check whether it was executed.',
      resolve: ({ operation }) => keyedMutations.get(operation)?.whatToCheck ?? '',
    }),
    account: t.field({
      type: AccountType,
      authScopes: { 'accounts:read': true },
      nullable: true,
      description: 'The account that it was for. Null, with an error, without the scope `accounts:read`.',
      extensions: costing(ofAccountOfWrite([], (account) => [account])),
      resolve: ({ about: { fileNumber } }) => ({ fileNumber, row: {} }),
    }),
    amount: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Amount in US dollars; null if it is no single payment.',
      resolve: ({ about }) => about.amount ?? null,
    }),
    paymentDate: t.field({
      type: 'Date',
      nullable: true,
      description: 'The day of the payment; null if none was given.',
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
      description: 'Payment method, such as `CREDIT CARD`; null if none was given.',
      resolve: ({ about }) => about.method ?? null,
    }),
    last4: t.string({
      nullable: true,
      description: 'The last four digits of the card or the account; null if none was given.',
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
      extensions: costing(ofAccountOfWrite([getpayments])),
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
      'The writes whose outcome is not known, oldest first. Null, with an error, if the ledger cannot be read.',
    extensions: costing({
      gives: () => [severalOf(named('outcomes', ['all'], { parent: {} }), 'each', assumedOutcomes)],
    }),
    resolve: async (_, __, { ledger }) => (await ledger.open()).map(pendingOutcomeOf),
  }),
);

const outcomeIdCheck = z.uuid({ error: 'Expected an id from `pendingOutcomes`.' });

findNodesBy('PendingOutcome', {
  scopeOf: () => 'payments:read',
  find: ([outcomeId, ...rest], { ledger }) => {
    const checked = outcomeIdCheck.safeParse(outcomeId);
    if (!checked.success || rest.length > 0) return undefined;
    return ledger.find(checked.data).then((open) => open && pendingOutcomeOf(open));
  },
  costOf: ([outcomeId = '', ...rest]) =>
    rest.length > 0 ? undefined : { calls: [], gives: [named('outcome', [outcomeId], { parent: {} })] },
});

const notOpen = {
  path: 'outcomeId',
  message: 'Expected the id of an outcome that is not known: there is none, or it was settled before.',
};

addMutation('resolveOutcome', {
  endpoint: null,
  // A client that charges must not settle the outcome of its own charge.
  scope: 'outcomes:resolve',
  description:
    'Settles a write whose outcome was not known, by what was found. If it was executed, its key returns a success from now on; if not, it may be sent again under the same key.',
  input: (t) => ({
    outcomeId: t.id({
      required: true,
      description: 'As in `pendingOutcomes` or an `OutcomeUnknownError`.',
    }),
    wasCarriedOut: t.boolean({ required: true, description: 'Whether it was found to be executed.' }),
    approvalCode: t.string({
      description: "The processor's code for an approved charge, 1 to 20 characters, if one was found.",
    }),
  }),
  check: z.strictObject({
    outcomeId: outcomeIdCheck,
    wasCarriedOut: z.boolean(),
    approvalCode: optional(
      text(20).refine((code) => /^[\w-]+$/.test(code) && code.replace(/\D/g, '').length < 9, {
        error: 'Expected letters and digits.',
      }),
    ),
  }),
  execute: async ({ outcomeId, wasCarriedOut, approvalCode = null }, { ledger, audit }) => {
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
    wasCarriedOut: t.exposeBoolean('wasCarriedOut', { description: 'Whether it was settled as executed.' }),
    account: t.field({
      type: AccountType,
      authScopes: { 'accounts:read': true },
      description: 'The account that it was for.',
      extensions: costing(ofAccountOfWrite([], (account) => [account])),
      resolve: ({ fileNumber }) => ({ fileNumber, row: {} }),
    }),
  }),
  // Nothing of the upstreams has changed.
  changes: [],
  whatToCheck: 'Look whether it is still among `pendingOutcomes`.',
});
