import { type AnswerKey, asNumber } from '../endpoint/response-keys.ts';

/** The key of rows that belong to an order. */
export const ofOrder = { row: 'order_id', asked: 'order_id', read: asNumber } as const satisfies AnswerKey;

/** The keys of rows that belong to a borrower, who is known within an order only. */
export const ofBorrower = [
  ofOrder,
  { row: 'borrower_id', asked: 'borrower_id', read: asNumber },
] as const satisfies readonly AnswerKey[];
