import { noSuch } from './laravel.ts';
import type { Borrower, Case, Order, RecoveryConnectState } from './records.ts';
import type { Fields } from './validation.ts';

/** The input of a handler, after the checks of token and body. */
export interface Request {
  readonly state: RecoveryConnectState;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Fields;
  readonly now: Date;
  /** The URL of the call without its query. */
  readonly address: string;
  readonly tokens: Tokens;
}

export interface Tokens {
  readonly lifeSeconds: number;
  /** Returns a token; undefined for wrong credentials. */
  logIn(username: unknown, password: unknown): string | undefined;
}

/** Returns the body of a success, or throws a Refusal. */
export type Handler = (request: Request) => unknown;

/** Returns the number in a path; NaN, which matches nothing, for anything else. */
export const idIn = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN);

export const findOrder = ({ state, params }: Request): Order => {
  const id = params['order_id'] ?? '';
  const order = state.orders.get(idIn(id));
  if (!order) throw noSuch('Order', id);
  return order;
};

/** An assignment is a case of its own, with some of the lists of an order. */
export const findCase = (request: Request): Case =>
  request.state.assignments.get(idIn(request.params['order_id'] ?? '')) ?? findOrder(request);

export const findBorrower = (request: Request): Borrower => {
  const id = request.params['borrower_id'] ?? '';
  const borrower = findOrder(request).borrowers.find(({ row }) => row.id === idIn(id));
  if (!borrower) throw noSuch('Borrower', id);
  return borrower;
};
