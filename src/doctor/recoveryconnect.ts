import { filterAssignments, listOrderAssignments } from '../upstreams/recoveryconnect/assignments.ts';
import { listBorrowerAddresses, listOrderBorrowers } from '../upstreams/recoveryconnect/borrowers.ts';
import {
  filterOrders,
  getOrder,
  listOrderCollaterals,
  listOrders,
} from '../upstreams/recoveryconnect/orders.ts';
import {
  borrowerPhoneColumns,
  getBorrowerPhone,
  listBorrowerPhones,
} from '../upstreams/recoveryconnect/phones.ts';
import { listOrderPhotos } from '../upstreams/recoveryconnect/photos.ts';
import type { ReadCheck } from './reader.ts';

/** Reads the first order and its related records. */
export const examineRecoveryConnect = async (read: ReadCheck): Promise<void> => {
  await read(filterAssignments, { params: {}, query: { per_page: '1' } });
  const order = await read(listOrders, { params: {}, query: { per_page: '1' } });
  if (!order) return;
  const params = { order_id: String(order['id']) };
  await read(filterOrders, { params: {}, query: { ids: params.order_id } });
  await read(getOrder, { params });
  await read(listOrderCollaterals, { params });
  await read(listOrderAssignments, { params });
  await read(listOrderPhotos, { params });
  const borrower = await read(listOrderBorrowers, { params });
  if (!borrower) return;
  const person = { ...params, borrower_id: String(borrower['id']) };
  await read(listBorrowerAddresses, { params: person });
  const { deletedAt, addressText, ...listed } = borrowerPhoneColumns;
  const phone = await read(listBorrowerPhones, { params: person }, listed);
  if (!phone) return;
  await read(
    getBorrowerPhone,
    { params: { ...person, phone_id: String(phone['id']) } },
    borrowerPhoneColumns,
  );
};
