import { z } from 'zod';
import { costing } from '../../operation/cost/field-cost.ts';
import type { Context } from '../../request/context.ts';
import { OutcomeUnknownError, UpstreamError } from '../../upstreams/errors.ts';
import {
  listOrderPhotos,
  transferOrderPhotos,
  transferPhoto,
} from '../../upstreams/recoveryconnect/photos.ts';
import { distinctList, id, optional } from '../kit/checks.ts';
import { addMutation } from '../kit/mutation.ts';
import { declined, failureOf } from '../kit/mutation-errors.ts';
import { pathIn, toWire } from '../kit/wire-keys.ts';
import {
  forAll,
  type PhotoOutcome,
  type PhotoTransfer,
  PhotoTransferType,
  reasons,
  type TransferReply,
  transfersIn,
  transfersOf,
  whatToCheck,
} from './photo-transfer.ts';

const placeKeys = { orderId: 'order_id', photoId: 'photo_id' } as const;
const bodyKeys = { toOrderIds: 'transfer_to' } as const;

const most = { orders: 50, photos: 100 } as const;

const check = z
  .strictObject({
    orderId: id,
    toOrderIds: distinctList(id, 1, most.orders),
    photoIds: optional(distinctList(id, 1, most.photos)),
  })
  .refine(({ orderId, toOrderIds }) => !toOrderIds.includes(orderId), {
    path: ['toOrderIds'],
    error: 'Expected other orders than the one that the photos are on.',
  });

/** One photo with its reply or its failure; neither if it was not sent. */
interface Attempt {
  readonly photoId: string;
  readonly reply?: TransferReply;
  readonly error?: UpstreamError;
}

interface Transfer {
  readonly orderId: string;
  readonly toOrderIds: readonly string[];
}

/** Transfers one photo after the other. A rejection concerns that photo alone; any other failure ends the transfer. */
const attemptEach = async (
  { orderId, toOrderIds }: Transfer,
  photoIds: readonly string[],
  { write }: Context,
): Promise<Attempt[]> => {
  const attempts: Attempt[] = [];
  let isOver = false;
  for (const photoId of photoIds) {
    if (isOver) {
      attempts.push({ photoId });
      continue;
    }
    try {
      const params = toWire({ orderId, photoId }, placeKeys);
      const body = toWire({ toOrderIds: toOrderIds.map(Number) }, bodyKeys);
      attempts.push({ photoId, reply: await write(transferPhoto, { params, body }) });
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      attempts.push({ photoId, error });
      isOver = declined(error) === undefined;
    }
  }
  return attempts;
};

const failedOutcome = (error: UpstreamError): PhotoOutcome => {
  const message = failureOf(error, whatToCheck)?.message ?? reasons.notDone;
  return error instanceof OutcomeUnknownError
    ? { succeeded: null, reason: `${message} ${whatToCheck}` }
    : { succeeded: false, reason: message };
};

const outcomeOfAttempt = (
  { photoId, reply, error }: Attempt,
  orderIds: readonly string[],
): PhotoTransfer[] => {
  if (reply) return transfersIn(reply, orderIds, [photoId]);
  const outcome = error ? failedOutcome(error) : { succeeded: false, reason: reasons.notSent };
  return forAll(orderIds, [photoId], outcome);
};

/** The failure of the mutation as a whole; `undefined` if each photo needs a result of its own. */
const commonFailure = (attempts: readonly Attempt[]): UpstreamError | undefined => {
  const [first] = attempts;
  const sent = attempts.filter(({ reply, error }) => reply ?? error);
  const isSame = sent.every(({ error }) => error?.name === first?.error?.name);
  // If the outcome of a photo is unknown, a single failure would not report that later photos were not sent.
  const isLost = first?.error instanceof OutcomeUnknownError && sent.length < attempts.length;
  return isSame && !isLost ? first?.error : undefined;
};

addMutation('transferPhotos', {
  endpoint: transferPhoto,
  calls: ({ photoIds }) => photoIds?.length ?? 1,
  scope: 'orders:write',
  description:
    'Transfers photos of an order to other orders (RecoveryConnect: transferPhoto, one call for each photo, one after the other; transferOrderPhotos for all photos of the order).',
  input: (t) => ({
    orderId: t.id({ required: true, description: 'The order that the photos are on.' }),
    toOrderIds: t.idList({
      required: true,
      description: `The target orders, 1 to ${most.orders}, without duplicates.`,
    }),
    photoIds: t.idList({
      description: `The photos by \`Photo.photoId\`, 1 to ${most.photos}, without duplicates. Default: all photos of the order.`,
    }),
  }),
  check,
  execute: async (input, context) => {
    const { orderId, toOrderIds, photoIds } = input;
    if (!photoIds) {
      const params = { order_id: orderId };
      const body = toWire({ toOrderIds: toOrderIds.map(Number) }, bodyKeys);
      const reply = await context.write(transferOrderPhotos, { params, body });
      return { transfers: transfersIn(reply, toOrderIds) };
    }
    const attempts = await attemptEach(input, photoIds, context);
    const failure = commonFailure(attempts);
    if (failure) throw failure;
    return { transfers: attempts.flatMap((attempt) => outcomeOfAttempt(attempt, toOrderIds)) };
  },
  success: (t) => ({
    transfers: t.field({
      type: [PhotoTransferType],
      description:
        'Result of each photo for each target order. Some may have failed although others succeeded.',
      extensions: costing({ gives: ({ things }) => [transfersOf(things)] }),
      resolve: ({ transfers }) => transfers,
    }),
  }),
  changes: [listOrderPhotos],
  changedKeys: ({ orderId, toOrderIds }) => [orderId, ...toOrderIds].map((changed) => ({ orderId: changed })),
  whatToCheck,
  pathOf: pathIn({ orderId: 'order_id', photoIds: 'photo_id', ...bodyKeys }),
});
