import { builder } from '../builder.ts';
import { BadResponseError } from '../errors.ts';
import type { Row } from '../upstreams/endpoint.ts';
import {
  getpayments,
  lastPaymentColumns,
  paymentColumns,
  paymentMethodColumns,
} from '../upstreams/scollect/payments.ts';
import { columnFields } from './column-fields.ts';

export interface Payment {
  readonly row: Row;
}

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
        description: "Whether its date is after today, by the agency's time zone (`AGENCY_TIME_ZONE`).",
        resolve: ({ row }, _, { calendar }) =>
          (paymentColumns.paymentDate.read(row) ?? '') > calendar.today(),
      }),
    };
  },
});

export const LastPaymentType = builder.objectRef<Payment>('LastPayment').implement({
  description: 'The last payment that was posted on an account, and how (Scollect: get_lastpayinfo).',
  fields: (t) => {
    const column = columnFields(t, () => lastPaymentColumns);
    return {
      paymentDate: column.date('paymentDate', 'The day on which it was paid.'),
      payorName: column.text('payorName', 'Who paid.'),
      cardLast4: column.text('cardLast4', 'The last four digits of the card; null where none was used.'),
      cardExpiration: column.text(
        'cardExpiration',
        'The month in which the card expires, as `mm/yyyy`; null where `rawCardExpiration` is not a month.',
      ),
      rawCardExpiration: column.text(
        'rawCardExpiration',
        'The expiration of the card as Scollect writes it.',
      ),
      cardAddress: column.text('cardAddress', "The street of the card's holder."),
      cardZipCode: column.text('cardZipCode', "The ZIP code of the card's holder."),
    };
  },
});

export const PaymentMethodType = builder.objectRef<Payment>('PaymentMethod').implement({
  description: 'A way of paying that is kept for an account (Scollect: getAlpaymentdata).',
  fields: (t) => {
    const column = columnFields(t, () => paymentMethodColumns);
    return {
      method: column.text('method', 'How it is paid, such as `CREDIT CARD` or `ACH`.'),
      cardLast4: column.text('cardLast4', 'The last four digits of the card; null for other methods.'),
      cardZipCode: column.text('cardZipCode', "The ZIP code of the card's holder."),
    };
  },
});
