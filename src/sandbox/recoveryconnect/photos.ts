import { findOrder, type Handler, idIn, type Request } from './handler.ts';
import { noSuch } from './laravel.ts';
import type { Order, PhotoRow } from './records.ts';
import { validate } from './validation.ts';

export const listOrderPhotos: Handler = (request) => ({ data: findOrder(request).photos });

/** Copies a photo to another order. It fails for this photo only if the photo is already there. */
const copy = (photo: PhotoRow, destination: Order | undefined): 'success' | 'fail' => {
  if (!destination || destination.photos.some(({ id }) => id === photo.id)) return 'fail';
  destination.photos.push({ ...photo, order_id: destination.row.id });
  return 'success';
};

const transfer = ({ state, body }: Request, photos: readonly PhotoRow[]) => {
  validate(body, { transfer_to: ['required', 'array'], 'transfer_to.*': ['required', 'integer'] });
  const destinations = (body['transfer_to'] as readonly unknown[]).map(Number);
  // Each photo has its entry, even if all go to one order.
  const orders = destinations.flatMap((id) =>
    photos.map((photo) => ({
      id,
      attachments: [{ id: photo.id, status: copy(photo, state.orders.get(id)) }],
    })),
  );
  return { orders };
};

export const transferPhoto: Handler = (request) => {
  const id = request.params['photo_id'] ?? '';
  const photo = findOrder(request).photos.find((row) => row.id === idIn(id));
  if (!photo) throw noSuch('Photo', id);
  return transfer(request, [photo]);
};

export const transferOrderPhotos: Handler = (request) => transfer(request, findOrder(request).photos);
