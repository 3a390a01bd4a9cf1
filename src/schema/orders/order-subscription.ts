import { bareRow } from '../../operation/cost/known-row.ts';
import { oneOf } from '../../operation/cost/things.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { listOrderAssignments } from '../../upstreams/recoveryconnect/assignments.ts';
import { listOrderBorrowers } from '../../upstreams/recoveryconnect/borrowers.ts';
import { getOrder } from '../../upstreams/recoveryconnect/orders.ts';
import { listOrderPhotos } from '../../upstreams/recoveryconnect/photos.ts';
import { numericId } from '../kit/input-error.ts';
import { addUpdates } from '../kit/updates.ts';
import { OrderType } from './order.ts';
import { ordersInRow } from './order-things.ts';

addUpdates({
  field: 'order',
  type: OrderType,
  scope: 'orders:read',
  description:
    'Changes of an order from now on. RecoveryConnect reports none: the gateway reads the order at an interval (`UPDATE_INTERVAL_MS`), and after each write through it, and compares. Events are lost while no subscription is open: query the order after each connection.',
  key: 'orderId',
  keyType: 'ID',
  keyDescription: 'The number of an order.',
  keyOf: (given) => numericId(given, 'orderId'),
  endpoint: getOrder,
  parts: {
    STATUS: {
      endpoint: getOrder,
      description: "The order's own values, such as its status (RecoveryConnect: getOrder).",
    },
    ASSIGNMENTS: {
      endpoint: listOrderAssignments,
      description: 'Its assignments (RecoveryConnect: listOrderAssignments).',
    },
    BORROWERS: {
      endpoint: listOrderBorrowers,
      description: 'Its borrowers (RecoveryConnect: listOrderBorrowers).',
    },
    PHOTOS: {
      endpoint: listOrderPhotos,
      // Their links differ in each response.
      compared: (rows: readonly Row[]) => rows.map(({ id }) => id),
      description: 'Which photos it has (RecoveryConnect: listOrderPhotos).',
    },
  },
  objectOf: ({ orderId }) => ({ orderId, row: {} }),
  gives: (things) => ordersInRow(oneOf(things, 'updated'), bareRow),
});
