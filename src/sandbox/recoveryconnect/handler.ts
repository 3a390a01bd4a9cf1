import { noSuch } from './laravel.ts';
import type { Borrower, Case, Order, RecoveryConnectState } from './records.ts';
import type { Fields } from './validation.ts';

/** What a handler gets: the token has been checked and the body read. */
export interface Request {
  readonly state: RecoveryConnectState;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Fields;
  readonly now: Date;
  /** The address of the call without its query. */
  readonly address: string;
  readonly tokens: Tokens;
}

export interface Tokens {
  readonly lifeSeconds: number;
  /** Gives a token, or undefined for wrong credentials. */
  logIn(username: unknown, password: unknown): string | undefined;
}

/** Answers the body of a successful reply, or throws a Refusal. */
export type Handler = (request: Request) => unknown;

/** The number in a path; NaN, which nothing is found by, for anything else. */
export const idIn = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN);

export const findOrder = ({ state, params }: Request): Order => {
  const id = params['order_id'] ?? '';
  const order = state.orders.get(idIn(id));
  if (!order) throw noSuch('Order', id);
  return order;
};

/** An assignment is a case of its own: some of an order's lists exist for it too. */
export const findCase = (request: Request): Case =>
  request.state.assignments.get(idIn(request.params['order_id'] ?? '')) ?? findOrder(request);

export const findBorrower = (request: Request): Borrower => {
  const id = request.params['borrower_id'] ?? '';
  const borrower = findOrder(request).borrowers.find(({ row }) => row.id === idIn(id));
  if (!borrower) throw noSuch('Borrower', id);
  return borrower;
};
