import { costing } from '../../operation/cost/field-cost.ts';
import { callsFor, relatedTo, severalOf, type Things } from '../../operation/cost/things.ts';
import type { ReplyOf } from '../../upstreams/endpoint/endpoint.ts';
import { absentFrom } from '../../upstreams/endpoint/left-out.ts';
import { listOrderPhotos, type transferPhoto } from '../../upstreams/recoveryconnect/photos.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import { builder } from '../kit/builder.ts';
import { type Photo, PhotoType, photosIn, photosOf } from './photo.ts';

export interface PhotoTransfer {
  /** The target order of the photo. */
  readonly orderId: string;
  readonly photoId: string | null;
  readonly succeeded: boolean | null;
  readonly reason: string | null;
}

/** The outcome of one transfer, and its reason. */
export type PhotoOutcome = Pick<PhotoTransfer, 'succeeded' | 'reason'>;

export const PhotoTransferType = builder.objectRef<PhotoTransfer>('PhotoTransfer').implement({
  description: 'Result of the transfer of one photo to one order.',
  fields: (t) => ({
    orderId: t.exposeID('orderId', { description: 'The target order.' }),
    photoId: t.exposeID('photoId', {
      nullable: true,
      description:
        "RecoveryConnect's number for the photo. Null only if all photos were requested and the response contains none.",
    }),
    photo: t.field({
      type: PhotoType,
      authScopes: { 'orders:read': true },
      nullable: true,
      description:
        'The photo as it is on the target order now (RecoveryConnect: listOrderPhotos, one call for each target order). Null if it is not there, or, with an error, if the photos cannot be read.',
      extensions: costing({
        calls: ({ things }) => relatedTo(things, 'order').map((order) => callsFor(listOrderPhotos, order)),
        gives: ({ things }) => relatedTo(things, 'order').map(photosOf),
      }),
      resolve: async ({ orderId, photoId }, _, { loaders }): Promise<Photo | null> => {
        const rows = await loaders.of(listOrderPhotos).load({ orderId });
        const photos = photosIn(rows, { orderId });
        return photos.find((photo) => photo.photoId === photoId) ?? absentFrom(listOrderPhotos, rows);
      },
    }),
    succeeded: t.exposeBoolean('succeeded', {
      nullable: true,
      description: 'Whether the photo was transferred. Null if that is not known.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description:
        'Why the transfer failed or its outcome is unknown, without personal data. Null if it succeeded.',
    }),
  }),
});

/** The assumed numbers of target orders, and of photos on each. */
const assumedOrders = 10;
const assumedPhotos = 10;

/** The transfers of a write in the estimate of a cost. The photos are read after it. */
export const transfersOf = (things: Things): Things => {
  const order = severalOf(things, 'target orders', assumedOrders);
  return severalOf(order, 'transfers', assumedPhotos, { parent: {}, related: { order } });
};

export const whatToCheck =
  'Check the photos of the target orders (`Order.photos`) before you transfer them again.';

export const reasons = {
  failed: 'RecoveryConnect reports that it failed, without a reason.',
  missing: `RecoveryConnect's response does not contain it. ${whatToCheck}`,
  unclear: `RecoveryConnect's response does not state whether it succeeded. ${whatToCheck}`,
  notDone: 'RecoveryConnect could not be used; this was not executed.',
  notSent: 'Not sent, because an earlier transfer did not succeed.',
} as const;

export type TransferReply = ReplyOf<typeof transferPhoto>;
type Status = TransferReply[number]['attachments'][number]['status'];

const unclear: PhotoOutcome = { succeeded: null, reason: reasons.unclear };

const outcomeOf = (status: Status): PhotoOutcome => {
  if (/^\s*success(?:ful(?:ly)?)?\s*$/i.test(status)) return { succeeded: true, reason: null };
  return /^\s*(?:fail|error)/i.test(status) ? { succeeded: false, reason: reasons.failed } : unclear;
};

/** Combines several results of one photo for one order: unclear, unless they agree. */
const agreed = (before: PhotoTransfer | undefined, one: PhotoTransfer): PhotoTransfer =>
  before === undefined || before.succeeded === one.succeeded ? one : { ...one, ...unclear };

/** Returns the same outcome for some photos, or for unknown photos (`null`), and all orders. */
export const forAll = (
  orderIds: readonly string[],
  photoIds: readonly (string | null)[],
  outcome: PhotoOutcome,
): PhotoTransfer[] =>
  orderIds.flatMap((orderId) => photoIds.map((photoId) => ({ orderId, photoId, ...outcome })));

const pairOf = ({ orderId, photoId }: PhotoTransfer): string => `${orderId}/${photoId}`;

/**
 * Returns the result of every photo for every order in a response.
 *
 * @param requested the requested photos; without it, all photos of the order, which the response lists.
 */
export const transfersIn = (
  reply: TransferReply,
  orderIds: readonly string[],
  requested?: readonly string[],
): PhotoTransfer[] => {
  const reported = new Map<string, PhotoTransfer>();
  for (const { id: orderId, attachments } of reply) {
    for (const { id: photoId, status } of attachments) {
      const one = { orderId: canonicalId(orderId), photoId: canonicalId(photoId), ...outcomeOf(status) };
      reported.set(pairOf(one), agreed(reported.get(pairOf(one)), one));
    }
  }
  const known = requested ?? [...new Set([...reported.values()].map(({ photoId }) => photoId))];
  const missing = { succeeded: null, reason: reasons.missing };
  const all = forAll(orderIds, known.length === 0 ? [null] : known, missing);
  return all.map((one) => reported.get(pairOf(one)) ?? one);
};
