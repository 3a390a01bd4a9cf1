import { builder } from '../builder.ts';
import { BadResponseError } from '../errors.ts';
import type { Row } from '../upstreams/endpoint.ts';
import { getpayments, paymentColumns } from '../upstreams/scollect/payments.ts';
import { toDate } from '../values/date.ts';
import { columnFields } from './column-fields.ts';

export interface Payment {
  readonly row: Row;
}

/** Today by the clock and time zone of this machine, as `yyyy-mm-dd`. */
const today = (): string => {
  const now = new Date();
  return toDate(`${now.getFullYear()}-${now.getMonth() + 1}-${now.getDate()}`) ?? '';
};

export const PaymentType = builder.objectRef<Payment>('Payment').implement({
  description: 'A payment on an account, made or planned (Scollect: getpayments).',
  fields: (t) => {
    const column = columnFields(t, () => paymentColumns);
    return {
      amount: t.field({
        type: 'Decimal',
        description: 'What is paid, in US dollars.',
        resolve: ({ row }) => {
          const amount = paymentColumns.amount.read(row);
          if (amount === null) throw new BadResponseError(getpayments);
          return amount;
        },
      }),
      paymentDate: column.date('paymentDate', 'The day on which it is paid; null where none is set.'),
      takenDate: column.date('takenDate', 'The day on which the payment was agreed with the payer.'),
      method: column.text(
        'method',
        'How it is paid, such as `CREDIT CARD` or `ACH`; null where not recorded.',
      ),
      type: column.text('type', 'What kind of payment it is, such as `IN HOUSE`, in words of the agency.'),
      merchant: column.text(
        'merchant',
        'The merchant account that it runs through; null where not recorded.',
      ),
      portfolio: column.text('portfolio', 'The name of the portfolio that the account was in.'),
      isScheduled: t.boolean({
        description: 'Whether its date still lies ahead, by the date at this gateway.',
        resolve: ({ row }) => (paymentColumns.paymentDate.read(row) ?? '') > today(),
      }),
    };
  },
});
