import type { Row } from '../../upstreams/endpoint/row.ts';
import {
  lastPaymentColumns,
  paymentColumns,
  paymentMethodColumns,
} from '../../upstreams/scollect/payments.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';

export interface Payment {
  readonly row: Row;
}

export const PaymentType = builder.objectRef<Payment>('Payment').implement({
  description: 'A payment on an account, made or planned (Scollect: getpayments).',
  fields: (t) => {
    const column = columnFields(t, () => paymentColumns);
    return {
      amount: column.decimal('amount', 'Amount in US dollars; null if `rawAmount` is no amount.'),
      rawAmount: column.text('rawAmount', 'The same amount as Scollect writes it; null if none is written.'),
      paymentDate: column.date(
        'paymentDate',
        'Date of the payment; null if none is set, or `rawPaymentDate` is no date.',
      ),
      rawPaymentDate: column.text('rawPaymentDate', 'The same day as Scollect writes it.'),
      takenDate: column.date(
        'takenDate',
        'The day on which the payment was agreed with the payer; null if `rawTakenDate` is no date.',
      ),
      rawTakenDate: column.text('rawTakenDate', 'The same day as Scollect writes it.'),
      method: column.text('method', 'Payment method, such as `CREDIT CARD` or `ACH`; null if not recorded.'),
      type: column.text('type', 'Type of payment, such as `IN HOUSE`, in words of the agency.'),
      merchant: column.text('merchant', 'Merchant account of the payment; null if not recorded.'),
      portfolio: column.text('portfolio', 'The name of the portfolio that the account was in.'),
      isScheduled: t.boolean({
        nullable: true,
        description:
          "Whether its date is after today, by the agency's time zone (`AGENCY_TIME_ZONE`); null if `rawPaymentDate` is no date, and false where none is set.",
        resolve: ({ row }, _, { calendar }) => {
          const date = paymentColumns.paymentDate.read(row);
          if (date === null && paymentColumns.rawPaymentDate.read(row) !== null) return null;
          return (date ?? '') > calendar.today();
        },
      }),
    };
  },
});

export const LastPaymentType = builder.objectRef<Payment>('LastPayment').implement({
  description: 'Last posted payment of an account, with its method (Scollect: get_lastpayinfo).',
  fields: (t) => {
    const column = columnFields(t, () => lastPaymentColumns);
    return {
      paymentDate: column.date('paymentDate', 'The day on which it was paid.'),
      payorName: column.text('payorName', 'Payer.'),
      cardLast4: column.text('cardLast4', 'The last four digits of the card; null if none was used.'),
      cardExpiration: column.text(
        'cardExpiration',
        'The month in which the card expires, as `mm/yyyy`; null if `rawCardExpiration` is not a month.',
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
  description: 'A stored payment method of an account (Scollect: getAlpaymentdata).',
  fields: (t) => {
    const column = columnFields(t, () => paymentMethodColumns);
    return {
      method: column.text('method', 'Payment method, such as `CREDIT CARD` or `ACH`.'),
      cardLast4: column.text('cardLast4', 'The last four digits of the card; null for other methods.'),
      cardZipCode: column.text('cardZipCode', "The ZIP code of the card's holder."),
    };
  },
});
