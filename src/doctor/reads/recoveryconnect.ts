import { filterAssignments } from '../../upstreams/recoveryconnect/assignments.ts';
import { listOrderBorrowers } from '../../upstreams/recoveryconnect/borrowers.ts';
import { recoveryConnectOperations } from '../../upstreams/recoveryconnect/operations.ts';
import { filterOrders, listOrders } from '../../upstreams/recoveryconnect/orders.ts';
import { listBorrowerPhones } from '../../upstreams/recoveryconnect/phones.ts';
import { readByKey } from './read-by-key.ts';
import type { ReadCheck } from './reader.ts';

/** Reads the first order, and everything that is read by its number, its first borrower and the first phone of that. */
export const examineRecoveryConnect = async (read: ReadCheck): Promise<void> => {
  await read(filterAssignments, { params: {}, query: { per_page: '1' } });
  const first = await read(listOrders, { params: {}, query: { per_page: '1' } });
  if (!first) return;
  const order = { orderId: String(first['id']) };
  await read(filterOrders, { params: {}, query: { ids: order.orderId } });
  const ofOrder = await readByKey(read, recoveryConnectOperations, order);
  const person = ofOrder.get(listOrderBorrowers.operation);
  if (!person) return;
  const borrower = { ...order, borrowerId: String(person['id']) };
  const ofBorrower = await readByKey(read, recoveryConnectOperations, borrower);
  const phone = ofBorrower.get(listBorrowerPhones.operation);
  if (phone) await readByKey(read, recoveryConnectOperations, { ...borrower, phoneId: String(phone['id']) });
};
