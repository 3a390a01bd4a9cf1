import { z } from 'zod';
import { cleanReason } from '../../upstreams/endpoint/reason.ts';
import { run_payment_external } from '../../upstreams/scollect/payments.ts';
import { toText } from '../../values/text.ts';
import { accountField, paymentsOfAccount } from '../accounts/account-written.ts';
import { amount, date, fileNumber, idempotencyKey } from '../kit/checks.ts';
import { addKeyedMutation, keyedInput } from './keyed-mutation.ts';

/** The processor's code for an approved charge: with fewer digits than an SSN, a bank or a card has. */
const approvalCodeOf = (value: unknown): string | null => {
  const code = toText(value) ?? '';
  return /^[\w-]{1,20}$/.test(code) && code.replace(/\D/g, '').length < 9 ? code : null;
};

addKeyedMutation('runPayment', {
  endpoint: run_payment_external,
  scope: 'payments:write',
  description: 'Charges an account now, with its stored payment method (Scollect: run_payment_external).',
  input: (t) => ({
    ...keyedInput(t),
    paymentDate: t.field({ type: 'Date', required: true, description: 'The day of the payment.' }),
    amount: t.field({ type: 'Decimal', required: true, description: 'Amount in US dollars.' }),
  }),
  check: z.strictObject({ idempotencyKey, fileNumber, paymentDate: date, amount }),
  send: async ({ fileNumber: filenumber, paymentDate: paymentdate, amount: paymentamount }, { write }) => {
    const body = { filenumber, paymentdate, paymentamount };
    const { result, approvalcode } = await write(run_payment_external, { params: {}, body });
    return { result: cleanReason(result), approvalCode: approvalCodeOf(approvalcode) };
  },
  success: (t) => ({
    result: t.exposeString('result', {
      nullable: true,
      description: 'Result of the processor, such as `APPROVED`; null if an operator settled the outcome.',
    }),
    approvalCode: t.exposeString('approvalCode', {
      nullable: true,
      description:
        "The processor's code for the approval; null if an operator settled the outcome without one.",
    }),
    account: accountField(t),
  }),
  subject: ({ fileNumber: charged, amount: charge, paymentDate }) => ({
    fileNumber: charged,
    amount: charge,
    paymentDate,
  }),
  found: (approvalCode) => ({ result: null, approvalCode }),
  changes: paymentsOfAccount,
  whatToCheck:
    "Look for the charge at the payment processor and among the account's payments (`Account.payments`), then settle it by `resolveOutcome`. Do not send it again under another key: it could be charged twice.",
});
