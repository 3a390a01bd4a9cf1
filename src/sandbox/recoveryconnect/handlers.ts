import type { recoveryConnectOperations } from '../../upstreams/recoveryconnect/operations.ts';
import { filterAssignments, listOrderAssignments, updateAssignment } from './assignments.ts';
import { authenticate } from './authenticate.ts';
import { listBorrowerAddresses, listOrderBorrowers } from './borrowers.ts';
import { createOrder } from './create-order.ts';
import type { Handler } from './handler.ts';
import { filterOrders, getOrder, listOrderCollaterals, listOrders } from './orders.ts';
import {
  createBorrowerPhone,
  deleteBorrowerPhone,
  getBorrowerPhone,
  listBorrowerPhones,
  updateBorrowerPhone,
} from './phones.ts';
import { listOrderPhotos, transferOrderPhotos, transferPhoto } from './photos.ts';

/** The handlers of all operations; the type requires each of them. */
export const recoveryConnectHandlers: Readonly<Record<keyof typeof recoveryConnectOperations, Handler>> = {
  authenticate,
  createBorrowerPhone,
  createOrder,
  deleteBorrowerPhone,
  filterAssignments,
  filterOrders,
  getBorrowerPhone,
  getOrder,
  listBorrowerAddresses,
  listBorrowerPhones,
  listOrderAssignments,
  listOrderBorrowers,
  listOrderCollaterals,
  listOrderPhotos,
  listOrders,
  transferOrderPhotos,
  transferPhoto,
  updateAssignment,
  updateBorrowerPhone,
};
