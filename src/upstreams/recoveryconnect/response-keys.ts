import { asNumber, type ResponseKey } from '../endpoint/response-keys.ts';

/** The key of rows that belong to an order. */
export const ofOrder = {
  row: 'order_id',
  requested: 'order_id',
  read: asNumber,
} as const satisfies ResponseKey;

/** The keys of rows that belong to a borrower, which is identified within an order only. */
export const ofBorrower = [
  ofOrder,
  { row: 'borrower_id', requested: 'borrower_id', read: asNumber },
] as const satisfies readonly ResponseKey[];

/** The key of a borrower, who is identified within an order only. */
export const borrowerKey = { orderId: 'order_id', borrowerId: 'borrower_id' } as const;
