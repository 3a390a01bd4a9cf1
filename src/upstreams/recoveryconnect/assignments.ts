import { z } from 'zod';
import { identifier, recoveryConnectRead, recoveryConnectWrite, row, rows } from '../endpoint.ts';

/** A batch read by `ids`, and a search by the other parameters. */
export const filterAssignments = recoveryConnectRead({
  operation: 'filterAssignments',
  method: 'GET',
  path: '/api/v150/assignments',
  query: ['status', 'acct_no', 'client_id', 'owner_id', 'ids', 'per_page', 'page'],
  reply: rows({ id: identifier }),
  nothing: 'NO_ROWS',
});

export const listOrderAssignments = recoveryConnectRead({
  operation: 'listOrderAssignments',
  method: 'GET',
  path: '/api/v150/orders/{order_id}/assignments',
  reply: rows({ id: identifier }),
  nothing: 'NO_ROWS',
});

/** Keys that are left out stay as they are. */
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
  nothing: 'UNKNOWN',
});
