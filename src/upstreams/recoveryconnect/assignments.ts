import { z } from 'zod';
import { toLocalDateTime } from '../../values/date.ts';
import { toFlag } from '../../values/flag.ts';
import { toNumericId } from '../../values/numeric-id.ts';
import { toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { identifier, recoveryConnectRead, recoveryConnectWrite, row, rows } from '../endpoint/endpoint.ts';
import { asNumber } from '../endpoint/response-keys.ts';
import { caseColumns } from './case-columns.ts';
import { toPart } from './nested.ts';
import { ofOrder } from './response-keys.ts';

/** A batch read by `ids`, and a search by the other parameters. */
export const filterAssignments = recoveryConnectRead({
  operation: 'filterAssignments',
  method: 'GET',
  path: '/api/v150/assignments',
  query: ['status', 'acct_no', 'client_id', 'owner_id', 'ids', 'per_page', 'page'],
  reply: rows({ id: identifier }),
  answersFor: [{ row: 'id', requested: 'ids', read: asNumber, isBatch: true }],
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

export const listOrderAssignments = recoveryConnectRead({
  operation: 'listOrderAssignments',
  method: 'GET',
  path: '/api/v150/orders/{order_id}/assignments',
  key: { orderId: 'order_id' },
  reply: rows({ id: identifier }),
  answersFor: [ofOrder],
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

/** Omitted keys stay unchanged. */
export const updateAssignment = recoveryConnectWrite({
  operation: 'updateAssignment',
  method: 'PUT',
  path: '/api/v130/assignments/{assignment_id}',
  request: z
    .strictObject({
      order_type: z.number(),
      status: z.number(),
      status_note: z.string(),
      collector_id: z.number(),
    })
    .partial(),
  reply: row({ id: identifier }),
  answersFor: [{ row: 'id', requested: 'assignment_id', read: asNumber }],
  nothing: 'UNKNOWN',
});

/**
 * Lists contain the owner as a nested row; the response of `updateAssignment` contains its number, and the first
 * collateral.
 */
export const assignmentColumns = {
  ...caseColumns,
  ownerCompanyId: column(toText, 'owner_id', ['owner', 'id']),
  owner: column(toPart, 'owner'),
  // The status of a case is that of its first collateral, where it is a number.
  statusId: column(toNumericId, 'status_id', ['primary_collateral', 'status']),
  primaryCollateral: column(toPart, 'primary_collateral'),
} as const;

/** The keys `meta`, `phones` and `self` are ignored: two empty lists of unknown content, and a server address. */
export const companyColumns = {
  name: column(toText, 'name'),
  isGlobal: column(toFlag, 'is_global'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
} as const;
