import { z } from 'zod';
import { identifier, recoveryConnectRead, recoveryConnectWrite, rows } from '../endpoint.ts';

/** Each row's `photo_url` is a pre-signed link that expires: a secret. */
export const listOrderPhotos = recoveryConnectRead({
  operation: 'listOrderPhotos',
  method: 'GET',
  path: '/api/v140/orders/{order_id}/photos',
  reply: rows({ id: identifier }),
  nothing: 'NO_ROWS',
});

const transfer = {
  method: 'PUT',
  request: z.strictObject({ transfer_to: z.array(z.number()) }),
  // A photo's own `status` may be "fail" although the call succeeded.
  reply: rows({
    id: identifier,
    attachments: z.array(z.object({ id: identifier, status: z.string() })),
  }),
  nothing: 'UNKNOWN',
} as const;

export const transferPhoto = recoveryConnectWrite({
  operation: 'transferPhoto',
  path: '/api/v130/orders/{order_id}/photos/{photo_id}',
  ...transfer,
});

/** All photos of the order. */
export const transferOrderPhotos = recoveryConnectWrite({
  operation: 'transferOrderPhotos',
  path: '/api/v130/orders/{order_id}/photos/transfer',
  ...transfer,
});
