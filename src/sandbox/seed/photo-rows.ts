import type { PhotoRow } from '../recoveryconnect/records.ts';

const typeNames: Readonly<Record<number, string>> = { 27: 'Key', 28: 'Front', 29: 'Rear', 30: 'Odometer' };

/** A photo. Its URL resembles a pre-signed one of the API, and does not exist. */
export const photoRow = (
  id: number,
  orderId: number,
  typeId: number,
  name: string,
  file: string,
): PhotoRow => ({
  id,
  type: {
    id: typeId,
    name: typeNames[typeId] ?? 'Other',
    always_show: 1,
    is_required: 1,
    type: 'photos',
    created_at: '2020-01-20 15:12:16',
    updated_at: '2022-02-16 11:51:49',
    deleted_at: null,
  },
  order_attachment_type_id: typeId,
  recovery_has_damage_type_location_id: null,
  order_id: orderId,
  name,
  photo_url: `https://photos.example.com/orders/original/10004/${file}.jpeg?X-Amz-Expires=1800&X-Amz-Signature=example`,
});
