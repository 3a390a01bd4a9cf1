import { z } from 'zod';
import { toLocalDateTime } from '../../values/date.ts';
import { toFlag } from '../../values/flag.ts';
import { toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import {
  completeRows,
  identifier,
  recoveryConnectRead,
  recoveryConnectWrite,
  rows,
} from '../endpoint/endpoint.ts';
import { asNumber } from '../endpoint/response-keys.ts';
import { toPart } from './nested.ts';
import { ofOrder } from './response-keys.ts';

/** Each row's `photo_url` is a pre-signed link that expires: a secret. */
export const listOrderPhotos = recoveryConnectRead({
  operation: 'listOrderPhotos',
  method: 'GET',
  path: '/api/v140/orders/{order_id}/photos',
  key: { orderId: 'order_id' },
  reply: rows({ id: identifier }),
  answersFor: [ofOrder],
  nothing: 'NO_ROWS',
  caching: 'links',
});

const transfer = {
  method: 'PUT',
  request: z.strictObject({ transfer_to: z.array(z.number()) }),
  // A photo's own `status` may be "fail" although the call succeeded.
  reply: completeRows({
    id: identifier,
    attachments: z.array(z.object({ id: identifier, status: z.string() })),
  }),
  nothing: 'UNKNOWN',
} as const;

const transferredTo = { row: 'id', requested: 'transfer_to', read: asNumber } as const;

export const transferPhoto = recoveryConnectWrite({
  operation: 'transferPhoto',
  path: '/api/v130/orders/{order_id}/photos/{photo_id}',
  ...transfer,
  answersFor: [transferredTo, { row: ['attachments', 'id'], requested: 'photo_id', read: asNumber }],
});

/** All photos of the order. */
export const transferOrderPhotos = recoveryConnectWrite({
  operation: 'transferOrderPhotos',
  path: '/api/v130/orders/{order_id}/photos/transfer',
  ...transfer,
  answersFor: [transferredTo],
});

export const photoColumns = {
  orderId: column(toText, 'order_id'),
  name: column(toText, 'name'),
  type: column(toPart, 'type'),
  attachmentTypeId: column(toText, 'order_attachment_type_id'),
  damageLocationTypeId: column(toText, 'recovery_has_damage_type_location_id'),
  url: column(toText, 'photo_url'),
} as const;

export const photoTypeColumns = {
  name: column(toText, 'name'),
  kind: column(toText, 'type'),
  isAlwaysShown: column(toFlag, 'always_show'),
  isRequired: column(toFlag, 'is_required'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
  deletedAt: column(toLocalDateTime, 'deleted_at'),
} as const;
