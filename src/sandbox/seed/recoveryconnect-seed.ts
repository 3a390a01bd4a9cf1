import type { RecoveryConnectState } from '../recoveryconnect/records.ts';
import { documentedAssignments } from './documented-assignments.ts';
import { documentedOrders } from './documented-orders.ts';
import { addGeneratedOrders } from './generated-orders.ts';
import type { Person } from './people.ts';

const orderCount = 250;

/** The first numbers of generated records, apart from all documented ones. */
const firstIds: RecoveryConnectState['lastIds'] = {
  order: 56_100_000,
  companyOrder: 250_000,
  assignment: 57_100_000,
  borrower: 124_950_000,
  phone: 38_000_000,
  address: 218_000_000,
  collateral: 58_000_000,
  vehicle: 5_500_000,
};

/** The documented responses determine the next numbers. */
const documentedLastIds = { order: 16_664_833, companyOrder: 60_185, phone: 39_317_580 };

/** Creates the initial database: the documented orders, and one for most people. */
export const createRecoveryConnectState = (people: readonly Person[]): RecoveryConnectState => {
  const state: RecoveryConnectState = { orders: new Map(), assignments: new Map(), lastIds: { ...firstIds } };
  for (const order of documentedOrders(state)) state.orders.set(order.row.id, order);
  for (const assignment of documentedAssignments(state)) state.assignments.set(assignment.row.id, assignment);
  addGeneratedOrders(state, people.slice(0, orderCount));
  Object.assign(state.lastIds, documentedLastIds);
  return state;
};
