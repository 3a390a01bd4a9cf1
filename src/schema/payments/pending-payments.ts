import { z } from 'zod';
import { update_payment_external } from '../../upstreams/scollect/payments.ts';
import { accountField, paymentsOfAccount } from '../accounts/account-written.ts';
import { builder } from '../kit/builder.ts';
import { date, fileNumber, idempotencyKey, optional, state, text, zipCode } from '../kit/checks.ts';
import { addKeyedMutation, keyedInput } from './keyed-mutation.ts';
import {
  BankAccountChangesInput,
  bankAccountBody,
  bankAccountChanges,
  CardChangesInput,
  cardBody,
  cardChanges,
  last4Of,
} from './payment-input.ts';

const PayorAddressInput = builder.inputType('PayorAddressInput', {
  description: 'Address of the holder of a bank account; omitted fields are unchanged.',
  fields: (t) => ({
    line1: t.string({ description: 'Street and number, at most 100 characters.' }),
    city: t.string({ description: 'The city, at most 50 characters.' }),
    state: t.string({ description: 'The two letters of the state.' }),
    zipCode: t.string({ description: 'The ZIP code, five or nine digits.' }),
  }),
});

const changeFields = {
  paymentDate: optional(date),
  payorName: optional(text(100)),
  method: optional(text(30)),
  status: optional(text(50)),
  type: optional(text(50)),
  address: optional(
    z.strictObject({
      line1: optional(text(100)),
      city: optional(text(50)),
      state: optional(state),
      zipCode: optional(zipCode),
    }),
  ),
  card: optional(cardChanges),
  bankAccount: optional(bankAccountChanges),
  acceptedFees: optional(z.boolean()),
  printed: optional(z.boolean()),
  invoice: optional(text(50)),
};

type Changes = z.output<z.ZodObject<typeof changeFields>>;

/** The documented keys of what is changed; those that are not are left out. */
const changesBody = ({ address, card, bankAccount, ...changes }: Changes) => ({
  paymentdate: changes.paymentDate,
  payorname: changes.payorName,
  paymentmethod: changes.method,
  paymentstatus: changes.status,
  typeofpayment: changes.type,
  checkaddress: address?.line1,
  checkcity: address?.city,
  checkstate: address?.state,
  checkzip: address?.zipCode,
  ...(bankAccount && bankAccountBody(bankAccount)),
  ...(card && cardBody(card, (month, year) => `${month}/${year.slice(2)}`)),
  acceptedfees: changes.acceptedFees,
  printed: changes.printed === undefined ? undefined : changes.printed ? 'yes' : 'no',
  invoice: changes.invoice,
});

const isGiven = (value: unknown): boolean => {
  if (value === null || value === undefined) return false;
  return typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype
    ? true
    : Object.values(value).some(isGiven);
};

const check = z
  .strictObject({ idempotencyKey, fileNumber, ...changeFields })
  .superRefine(({ idempotencyKey: _, fileNumber: __, ...changes }, { addIssue }) => {
    if (Object.values(changes).some(isGiven)) return;
    addIssue({ code: 'custom', path: [], message: 'Expected at least one field to change.' });
  });

addKeyedMutation('updatePendingPayments', {
  endpoint: update_payment_external,
  scope: 'payments:write',
  description:
    'Changes all payments of an account that are pending still (Scollect: update_payment_external). At least one field is to be given; those that are left out, or null, stay as they are.',
  input: (t) => ({
    ...keyedInput(t),
    paymentDate: t.field({ type: 'Date', description: 'The day on which they are to be paid.' }),
    payorName: t.string({ description: 'Payer, at most 100 characters.' }),
    method: t.string({ description: 'How they are paid, as in `ACH` or `CREDIT CARD`.' }),
    status: t.string({ description: 'Where they stand; others than `PENDING` cannot be changed any more.' }),
    type: t.string({ description: 'What kind of payment they are, as in `Online`.' }),
    address: t.field({ type: PayorAddressInput, description: "Where the account's holder lives." }),
    card: t.field({ type: CardChangesInput, description: 'What is to be changed of the card.' }),
    bankAccount: t.field({
      type: BankAccountChangesInput,
      description: 'What is to be changed of the account at the bank.',
    }),
    acceptedFees: t.boolean({ description: 'Whether the payer has accepted fees.' }),
    printed: t.boolean({ description: 'Whether they were printed.' }),
    invoice: t.string({ description: 'The number of an invoice, at most 50 characters.' }),
  }),
  check,
  send: async ({ fileNumber: filenumber, idempotencyKey: _, ...changes }, { write }) => {
    await write(update_payment_external, { params: {}, body: { filenumber, ...changesBody(changes) } });
    return {};
  },
  success: (t) => ({ account: accountField(t) }),
  subject: ({ fileNumber: changed, paymentDate, method, card, bankAccount }) => ({
    fileNumber: changed,
    paymentDate,
    method,
    last4: last4Of(card?.number ?? bankAccount?.accountNumber),
  }),
  found: () => ({}),
  changes: paymentsOfAccount,
  whatToCheck:
    "Look at the account's payments (`Account.payments`, `Account.paymentMethods`) whether they are changed, then settle it by `resolveOutcome`.",
});
