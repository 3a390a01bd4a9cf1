import { z } from 'zod';
import { costing } from '../../operation/cost/field-cost.ts';
import { callsFor, relatedTo } from '../../operation/cost/things.ts';
import { listOrderBorrowers } from '../../upstreams/recoveryconnect/borrowers.ts';
import {
  createBorrowerPhone,
  deleteBorrowerPhone,
  getBorrowerPhone,
  listBorrowerPhones,
  updateBorrowerPhone,
} from '../../upstreams/recoveryconnect/phones.ts';

import { changing, id, optional, phoneNumber, textOrNothing } from '../kit/checks.ts';
import type { FieldBuilder } from '../kit/column-fields.ts';
import { addMutation, type InputFieldBuilder } from '../kit/mutation.ts';
import { encodeId } from '../kit/node.ts';
import { pathIn, toWire } from '../kit/wire-keys.ts';
import { borrowerOfWrite, phoneOfBorrower } from '../orders/order-things.ts';
import { BorrowerType } from './borrower.ts';
import { dialable, phoneChecks, phoneFields, phoneKeys, phoneLengths } from './borrower-phone-input.ts';
import { borrowerOfOrder } from './borrower-rows.ts';
import { writtenPhoneRow } from './documented-rows.ts';
import { keyOfBorrowerPhone, type Phone, PhoneType } from './phone.ts';

const borrowerKeys = { orderId: 'order_id', borrowerId: 'borrower_id' } as const;
const placeKeys = { ...borrowerKeys, phoneId: 'phone_id' } as const;
const pathOf = pathIn({ ...placeKeys, ...phoneKeys });

const borrowerChecks = { orderId: id, borrowerId: id };
const placeChecks = { ...borrowerChecks, phoneId: id };

const borrowerFields = (t: InputFieldBuilder) => ({
  orderId: t.id({ required: true, description: 'The order of the borrower.' }),
  borrowerId: t.id({ required: true, description: 'The borrower, by `Borrower.borrowerId`.' }),
});

const placeFields = (t: InputFieldBuilder) => ({
  ...borrowerFields(t),
  phoneId: t.id({ required: true, description: 'The phone, by `Phone.phoneId`.' }),
});

const phoneField = (t: FieldBuilder<{ readonly phone: Phone }>, description: string) =>
  t.field({
    type: PhoneType,
    authScopes: { 'orders:read': true },
    description,
    extensions: costing({
      gives: ({ things }) => [phoneOfBorrower(borrowerOfWrite(things), 'of the write', writtenPhoneRow)],
    }),
    resolve: ({ phone }) => phone,
  });

addMutation('addBorrowerPhone', {
  endpoint: createBorrowerPhone,
  scope: 'orders:write',
  description: 'Adds a phone to a borrower of an order (RecoveryConnect: createBorrowerPhone).',
  input: (t) => ({ ...borrowerFields(t), ...phoneFields(t, { required: true }) }),
  check: dialable(z.strictObject({ ...borrowerChecks, ...phoneChecks })),
  execute: async ({ orderId, borrowerId, ...phone }, { write }) => {
    const row = await write(createBorrowerPhone, {
      params: toWire({ orderId, borrowerId }, borrowerKeys),
      body: toWire(phone, phoneKeys),
    });
    return { phone: { source: 'RECOVERY_CONNECT', row, orderId, borrowerId } as const };
  },
  success: (t) => ({ phone: phoneField(t, 'The added phone.') }),
  // Under the number that the phone has got nothing may have been found before.
  changes: [listBorrowerPhones, getBorrowerPhone],
  whatToCheck:
    "Look for the number among the borrower's phones (`Borrower.phones`) before it is added again.",
  pathOf,
});

addMutation('updateBorrowerPhone', {
  endpoint: updateBorrowerPhone,
  scope: 'orders:write',
  description:
    'Changes a phone of a borrower of an order (RecoveryConnect: updateBorrowerPhone). At least one field is required; omitted and null fields stay unchanged.',
  input: (t) => ({
    ...placeFields(t),
    ...phoneFields(t, { required: false }),
    extension: t.string({
      description: `The extension to dial, at most ${phoneLengths.extension} characters; an empty text removes it.`,
    }),
    memo: t.string({
      description: `Note on the number, at most ${phoneLengths.memo} characters; an empty text removes it.`,
    }),
  }),
  check: dialable(
    changing(
      z.strictObject({
        ...placeChecks,
        ...phoneChecks,
        typeId: optional(phoneChecks.typeId),
        // The documented update has a number with dashes, the documented addition one without.
        number: optional(phoneNumber),
        extension: optional(textOrNothing(phoneLengths.extension)),
        memo: optional(textOrNothing(phoneLengths.memo)),
      }),
      'orderId',
      'borrowerId',
      'phoneId',
    ),
  ),
  execute: async ({ orderId, borrowerId, phoneId, ...phone }, { write }) => {
    const row = await write(updateBorrowerPhone, {
      params: toWire({ orderId, borrowerId, phoneId }, placeKeys),
      body: toWire(phone, phoneKeys),
    });
    return { phone: { source: 'RECOVERY_CONNECT', row, orderId, borrowerId } as const };
  },
  success: (t) => ({ phone: phoneField(t, 'The phone after the change.') }),
  changes: [listBorrowerPhones, getBorrowerPhone],
  whatToCheck: 'Look at the phone (`Borrower.phone`) whether it is changed before it is changed again.',
  pathOf,
});

addMutation('deleteBorrowerPhone', {
  endpoint: deleteBorrowerPhone,
  scope: 'orders:write',
  description: 'Deletes a phone of a borrower of an order (RecoveryConnect: deleteBorrowerPhone).',
  input: placeFields,
  check: z.strictObject(placeChecks),
  execute: async (place, { write }) => {
    await write(deleteBorrowerPhone, { params: toWire(place, placeKeys) });
    return place;
  },
  success: (t) => ({
    deletedId: t.id({
      description: 'The former `Phone.id`, by which caches remove it.',
      resolve: (place) => encodeId('Phone', keyOfBorrowerPhone(place)),
    }),
    phoneId: t.exposeID('phoneId', { description: "RecoveryConnect's number for the deleted phone." }),
    borrower: t.field({
      type: BorrowerType,
      authScopes: { 'orders:read': true },
      nullable: true,
      description:
        'The borrower of the deleted phone (RecoveryConnect: listOrderBorrowers). Null if the order has no such borrower, or, with an error, if they cannot be read.',
      extensions: costing({
        calls: ({ things }) =>
          relatedTo(borrowerOfWrite(things), 'order').map((order) => callsFor(listOrderBorrowers, order)),
        gives: ({ things }) => [borrowerOfWrite(things)],
      }),
      resolve: (place, _, context, info) => borrowerOfOrder(place, context, info),
    }),
  }),
  changes: [listBorrowerPhones, getBorrowerPhone],
  whatToCheck:
    "Look whether the phone is still among the borrower's (`Borrower.phones`) before it is deleted again.",
  pathOf,
});
