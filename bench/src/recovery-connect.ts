import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';
import { hole, type Template, templateOf } from './template.ts';
import type { Row } from './wire.ts';

/** The documented rows of an operation. */
const rowsOf = (operation: string): Row[] => {
  const file = join(root, 'src/sandbox/fixtures/recoveryconnect', `${operation}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { success: { data: Row[] } }).success.data;
};

const [documentedOrder] = rowsOf('filterOrders');
const documentedBorrowers = rowsOf('listOrderBorrowers');

/** How many orders a query reads. */
export const ordersPerQuery = 4;

/** The variables of a query for orders: `key1` to `key4`, each the number of an order. */
export const orderVariables = (key: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: ordersPerQuery }, (_, index) => [`key${index + 1}`, `${key}${index + 1}`]),
  );

export const orderRow = (orderId: string): Row => ({ ...documentedOrder, id: orderId });

/** The borrowers of an order, whose numbers are made of its own. */
export const borrowersOf = (orderId: string): Row[] =>
  documentedBorrowers.map((row, index) => ({ ...row, id: `${orderId}${index + 1}`, order_id: orderId }));

/** The phones of any borrower. */
export const borrowerPhones = rowsOf('listBorrowerPhones');

/** Numbers that are made of a key are numbers on the wire. */
const bodyOf = (value: unknown): Template =>
  templateOf(JSON.stringify(value).replaceAll(new RegExp(`"(${hole}\\d?)"`, 'g'), '$1'));

const order = bodyOf(orderRow(hole));
const borrowers = bodyOf({ data: borrowersOf(hole) });
const phones = bodyOf({ data: borrowerPhones });

/** An answer of RecoveryConnect, and the operation that it belongs to. */
export interface RecoveryConnectAnswer {
  readonly operation: 'filterOrders' | 'listOrderBorrowers' | 'listBorrowerPhones';
  readonly body: string;
}

const pathOfOrders = '/api/v150/recon/orders?';
const pathOfOrder = /^\/api\/v140\/orders\/(\d+)\/borrowers(\/\d+\/phones)?$/;

/** Returns the answer to a `GET`; `undefined` for any other path. */
export const recoveryConnectAnswer = (path: string): RecoveryConnectAnswer | undefined => {
  if (path.startsWith(pathOfOrders)) {
    const ids = new URLSearchParams(path.slice(pathOfOrders.length)).get('ids') ?? '';
    const rows = ids.split(',').map((id) => order.fill(id));
    return { operation: 'filterOrders', body: `{"data":[${rows.join(',')}]}` };
  }
  const [, orderId, suffix] = pathOfOrder.exec(path) ?? [];
  if (orderId === undefined) return undefined;
  return suffix === undefined
    ? { operation: 'listOrderBorrowers', body: borrowers.fill(orderId) }
    : { operation: 'listBorrowerPhones', body: phones.fill('') };
};
