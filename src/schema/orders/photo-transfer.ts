import type { ReplyOf } from '../../upstreams/endpoint/endpoint.ts';
import { asNumber } from '../../upstreams/endpoint/response-keys.ts';
import type { transferPhoto } from '../../upstreams/recoveryconnect/photos.ts';
import { builder } from '../kit/builder.ts';

export interface PhotoTransfer {
  /** The order that the photo was to go to. */
  readonly orderId: string;
  readonly photoId: string | null;
  readonly succeeded: boolean | null;
  readonly reason: string | null;
}

/** What became of it, and why. */
export type PhotoOutcome = Pick<PhotoTransfer, 'succeeded' | 'reason'>;

export const PhotoTransferType = builder.objectRef<PhotoTransfer>('PhotoTransfer').implement({
  description: 'What became of one photo on its way to one order.',
  fields: (t) => ({
    orderId: t.exposeID('orderId', { description: 'The order that the photo was to go to.' }),
    photoId: t.exposeID('photoId', {
      nullable: true,
      description:
        "RecoveryConnect's number for the photo. Null only where all photos were asked for and RecoveryConnect told of none which it is.",
    }),
    succeeded: t.exposeBoolean('succeeded', {
      nullable: true,
      description: 'Whether the photo is on that order now; null where that is not known.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why it is not, or not surely, in a sentence without personal data; null where it is.',
    }),
  }),
});

export const whatToCheck =
  'Look at the photos of the orders that they were to go to (`Order.photos`) before they are transferred again.';

export const reasons = {
  failed: 'RecoveryConnect says that it failed, and not why.',
  untold: `RecoveryConnect's answer does not tell of it. ${whatToCheck}`,
  unclear: `RecoveryConnect's answer does not say whether it succeeded. ${whatToCheck}`,
  notDone: 'RecoveryConnect could not be used; this was not carried out.',
  notSent: 'Not sent, since a transfer before it did not end well.',
} as const;

export type TransferReply = ReplyOf<typeof transferPhoto>;
type Status = TransferReply[number]['attachments'][number]['status'];

const unclear: PhotoOutcome = { succeeded: null, reason: reasons.unclear };

const outcomeOf = (status: Status): PhotoOutcome => {
  if (/^\s*success(?:ful(?:ly)?)?\s*$/i.test(status)) return { succeeded: true, reason: null };
  return /^\s*(?:fail|error)/i.test(status) ? { succeeded: false, reason: reasons.failed } : unclear;
};

/** What several reports of one photo for one order say together: nothing, unless they agree. */
const agreed = (before: PhotoTransfer | undefined, one: PhotoTransfer): PhotoTransfer =>
  before === undefined || before.succeeded === one.succeeded ? one : { ...one, ...unclear };

/** Says the same of some photos, or of photos that nobody knows, for all orders. */
export const forAll = (
  orderIds: readonly string[],
  photoIds: readonly (string | null)[],
  outcome: PhotoOutcome,
): PhotoTransfer[] =>
  orderIds.flatMap((orderId) => photoIds.map((photoId) => ({ orderId, photoId, ...outcome })));

const pairOf = ({ orderId, photoId }: PhotoTransfer): string => `${orderId}/${photoId}`;

/**
 * Tells what an answer says of every photo for every order.
 *
 * @param asked the photos that were asked for; those that the answer tells of, where all of the order were.
 */
export const transfersIn = (
  reply: TransferReply,
  orderIds: readonly string[],
  asked?: readonly string[],
): PhotoTransfer[] => {
  const told = new Map<string, PhotoTransfer>();
  for (const { id: orderId, attachments } of reply) {
    for (const { id: photoId, status } of attachments) {
      const one = { orderId: asNumber(orderId), photoId: asNumber(photoId), ...outcomeOf(status) };
      told.set(pairOf(one), agreed(told.get(pairOf(one)), one));
    }
  }
  const known = asked ?? [...new Set([...told.values()].map(({ photoId }) => photoId))];
  const untold = { succeeded: null, reason: reasons.untold };
  const all = forAll(orderIds, known.length === 0 ? [null] : known, untold);
  return all.map((one) => told.get(pairOf(one)) ?? one);
};
