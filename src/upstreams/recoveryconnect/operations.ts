import { filterAssignments, listOrderAssignments, updateAssignment } from './assignments.ts';
import { authenticate } from './authenticate.ts';
import { listBorrowerAddresses, listOrderBorrowers } from './borrowers.ts';
import { createOrder, filterOrders, getOrder, listOrderCollaterals, listOrders } from './orders.ts';
import {
  createBorrowerPhone,
  deleteBorrowerPhone,
  getBorrowerPhone,
  listBorrowerPhones,
  updateBorrowerPhone,
} from './phones.ts';
import { listOrderPhotos, transferOrderPhotos, transferPhoto } from './photos.ts';

/** Every documented operation of RecoveryConnect, by the upstream's own name. */
export const recoveryConnectOperations = {
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
} as const;
