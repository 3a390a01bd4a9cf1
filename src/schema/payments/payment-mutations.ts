import { z } from 'zod';
import { insert_payments_external, insert_payplan_external } from '../../upstreams/scollect/payments.ts';
import { accountField, paymentsOfAccount } from '../accounts/account-written.ts';
import { builder } from '../kit/builder.ts';
import { amount, date, fileNumber, idempotencyKey, list, optional, text } from '../kit/checks.ts';
import type { InputFieldBuilder } from '../kit/mutation.ts';
import { addKeyedMutation, keyedInput, type Subject } from './keyed-mutation.ts';
import { paymentEvidence } from './payment-evidence.ts';
import {
  BankAccountInput,
  bankAccount,
  bankAccountBody,
  CardInput,
  card,
  cardBody,
  last4Of,
  methods,
} from './payment-input.ts';

const paymentInput = (t: InputFieldBuilder) => ({
  payorName: t.string({ required: true, description: 'Payer, at most 100 characters.' }),
  status: t.string({ description: 'The status of the payment; `PENDING` unless given.' }),
  type: t.string({ required: true, description: 'Type of the payment, as in `Online`.' }),
  card: t.field({ type: CardInput, description: 'The card to pay with: either this or `bankAccount`.' }),
  bankAccount: t.field({
    type: BankAccountInput,
    description: 'The account to pay from: either this or `card`.',
  }),
  acceptedFees: t.boolean({ description: 'Whether the payer has accepted fees; no unless given.' }),
  printed: t.boolean({ description: 'Whether it was printed; no unless given.' }),
  invoice: t.string({ description: 'The number of an invoice, at most 50 characters.' }),
});

const paymentChecks = {
  idempotencyKey,
  fileNumber,
  payorName: text(100),
  status: optional(text(50)),
  type: text(50),
  card: optional(card),
  bankAccount: optional(bankAccount),
  acceptedFees: optional(z.boolean()),
  printed: optional(z.boolean()),
  invoice: optional(text(50)),
};

const checkPayer = (
  given: { readonly card?: unknown; readonly bankAccount?: unknown },
  { addIssue }: z.RefinementCtx,
): void => {
  const isCard = given.card !== undefined && given.card !== null;
  const isBankAccount = given.bankAccount !== undefined && given.bankAccount !== null;
  if (isCard !== isBankAccount) return;
  const message = isCard ? 'Expected either this or card, not both.' : 'Expected either this or bankAccount.';
  addIssue({ code: 'custom', path: [isCard ? 'bankAccount' : 'card'], message });
};

const recorded = z.strictObject({ ...paymentChecks, paymentDate: date, amount }).superRefine(checkPayer);

const mostInstallments = 120;

const planned = z
  .strictObject({
    ...paymentChecks,
    installments: list(z.strictObject({ amount, date }), 1, mostInstallments),
  })
  .superRefine(checkPayer);

type Payer = Pick<z.output<typeof recorded>, 'card' | 'bankAccount'>;

const blankCard = {
  cardtype: '',
  cardnumber: '',
  threedigitnumber: '',
  cardexpirationmonth: '',
  cardexpirationyear: '',
  cardexpirationdate: '',
};

const blankBankAccount = { checkaccounttype: '', checkaccountnumber: '', checkroutingnumber: '' };

const filled = <Keys extends object>(
  blank: Keys,
  given: { [Key in keyof Keys]: string | undefined },
): Keys => ({
  ...blank,
  ...given,
});

/** Every documented key of a payment; those of the way to pay that is not used are blank. */
const paymentBody = (
  input: Omit<z.output<typeof recorded>, 'paymentDate' | 'amount'>,
  first: { readonly amount: string; readonly date: string },
) => ({
  filenumber: input.fileNumber,
  paymentdate: first.date,
  payorname: input.payorName,
  paymentmethod: input.card ? methods.card : methods.bankAccount,
  paymentstatus: input.status ?? 'PENDING',
  typeofpayment: input.type,
  ...(input.card
    ? filled(
        blankCard,
        cardBody(input.card, (month, year) => `${month}/${year}`),
      )
    : blankCard),
  ...(input.bankAccount ? filled(blankBankAccount, bankAccountBody(input.bankAccount)) : blankBankAccount),
  paymentamount: first.amount,
  acceptedfees: input.acceptedFees ? '1' : '0',
  printed: input.printed ? 'true' : 'false',
  invoice: input.invoice ?? '',
});

const payerSubject = ({ card: paid, bankAccount: account }: Payer): Partial<Subject> => ({
  method: paid ? methods.card : methods.bankAccount,
  last4: last4Of(paid?.number ?? account?.accountNumber),
});

const whereRecorded =
  "Look for it among the account's payments (`Account.payments`, or `matchingPayments` of `pendingOutcomes`), then settle it by `resolveOutcome`. Do not send it again under another key.";

addKeyedMutation('recordPayment', {
  endpoint: insert_payments_external,
  scope: 'payments:write',
  description:
    'Records one payment on an account, by card or from an account at a bank, for the agency to run on its day (Scollect: insert_payments_external). The payments of the account are read before, so that a lost answer can be made good.',
  input: (t) => ({
    ...keyedInput(t),
    paymentDate: t.field({ type: 'Date', required: true, description: 'The day on which it is to be paid.' }),
    amount: t.field({ type: 'Decimal', required: true, description: 'Amount in US dollars.' }),
    ...paymentInput(t),
  }),
  check: recorded,
  send: async (input, { write }) => {
    const body = paymentBody(input, { amount: input.amount, date: input.paymentDate });
    await write(insert_payments_external, { params: {}, body });
    return {};
  },
  success: (t) => ({ account: accountField(t) }),
  subject: (input) => ({
    fileNumber: input.fileNumber,
    amount: input.amount,
    paymentDate: input.paymentDate,
    ...payerSubject(input),
  }),
  evidence: paymentEvidence,
  found: () => ({}),
  changes: paymentsOfAccount,
  whatToCheck: whereRecorded,
});

const InstallmentInput = builder.inputType('InstallmentInput', {
  description: 'One payment of a plan.',
  fields: (t) => ({
    amount: t.field({ type: 'Decimal', required: true, description: 'Amount in US dollars.' }),
    date: t.field({ type: 'Date', required: true, description: 'The day on which it is to be paid.' }),
  }),
});

addKeyedMutation('createPaymentPlan', {
  endpoint: insert_payplan_external,
  scope: 'payments:write',
  description:
    'Records several payments on an account at once, by one card or from one account at a bank (Scollect: insert_payplan_external). The payments of the account are read before, so that a lost answer can be made good.',
  input: (t) => ({
    ...keyedInput(t),
    installments: t.field({
      type: [InstallmentInput],
      required: true,
      description: `The payments, 1 to ${mostInstallments}.`,
    }),
    ...paymentInput(t),
  }),
  check: planned,
  send: async (input, { write }) => {
    const [first = { amount: '', date: '' }] = input.installments;
    const paymentdata = input.installments.map((one) => ({
      paymentamount: one.amount,
      paymentdate: one.date,
    }));
    // The keys of a single payment are required too; the list counts in their place.
    const body = { ...paymentBody(input, first), paymentdata };
    await write(insert_payplan_external, { params: {}, body });
    return {};
  },
  success: (t) => ({ account: accountField(t) }),
  subject: (input) => ({
    fileNumber: input.fileNumber,
    installments: input.installments,
    ...payerSubject(input),
  }),
  evidence: paymentEvidence,
  found: () => ({}),
  changes: paymentsOfAccount,
  whatToCheck: whereRecorded,
});
