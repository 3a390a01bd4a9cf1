import { firstOf } from '../first-of.ts';
import listOrderPhotos from '../fixtures/recoveryconnect/listOrderPhotos.json' with { type: 'json' };
import type { PhotoRow } from '../recoveryconnect/records.ts';

const typeNames: Readonly<Record<number, string>> = { 27: 'Key', 28: 'Front', 29: 'Rear', 30: 'Odometer' };

const documented = firstOf(listOrderPhotos.success.data);

/** A photo like the documented one. Its URL resembles a pre-signed one of the API, and does not exist. */
export const photoRow = (
  id: number,
  orderId: number,
  typeId: number,
  name: string,
  file: string,
): PhotoRow => ({
  ...documented,
  id,
  type: { ...documented.type, id: typeId, name: typeNames[typeId] ?? 'Other' },
  order_attachment_type_id: typeId,
  order_id: orderId,
  name,
  photo_url: documented.photo_url.replace('/download.', `/${file}.`),
});
