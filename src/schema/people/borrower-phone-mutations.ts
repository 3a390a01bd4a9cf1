import { z } from 'zod';
import type { BorrowerPhoneKey, Loaders } from '../../request/loaders.ts';
import {
  createBorrowerPhone,
  deleteBorrowerPhone,
  updateBorrowerPhone,
} from '../../upstreams/recoveryconnect/phones.ts';
import { changing, id, optional, phoneNumber, textOrNothing } from '../kit/checks.ts';
import type { FieldBuilder } from '../kit/column-fields.ts';
import { addMutation, type InputFieldBuilder } from '../kit/mutation.ts';
import { pathIn, toWire } from '../kit/wire-keys.ts';
import { BorrowerType } from './borrower.ts';
import { dialable, phoneChecks, phoneFields, phoneKeys, phoneLengths } from './borrower-phone-input.ts';
import { borrowerOfOrder } from './borrower-rows.ts';
import { type Phone, PhoneType } from './phone.ts';

const borrowerKeys = { orderId: 'order_id', borrowerId: 'borrower_id' } as const;
const placeKeys = { ...borrowerKeys, phoneId: 'phone_id' } as const;
const pathOf = pathIn({ ...placeKeys, ...phoneKeys });

const borrowerChecks = { orderId: id, borrowerId: id };
const placeChecks = { ...borrowerChecks, phoneId: id };

const borrowerFields = (t: InputFieldBuilder) => ({
  orderId: t.id({ required: true, description: 'The order that the borrower is on.' }),
  borrowerId: t.id({ required: true, description: 'Whose phone it is, by `Borrower.borrowerId`.' }),
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
    resolve: ({ phone }) => phone,
  });

const forgetPhone = (
  { phonesOfBorrower, phoneOfBorrower, phoneDetail }: Loaders,
  { orderId, borrowerId, phoneId }: BorrowerPhoneKey,
): void => {
  phonesOfBorrower.clear({ orderId, borrowerId });
  phoneOfBorrower.clear({ orderId, borrowerId, phoneId });
  phoneDetail.clear({ orderId, borrowerId, phoneId });
};

addMutation('addBorrowerPhone', {
  scope: 'orders:write',
  description: 'Adds a phone to a borrower of an order (RecoveryConnect: createBorrowerPhone).',
  input: (t) => ({ ...borrowerFields(t), ...phoneFields(t, { required: true }) }),
  check: dialable(z.strictObject({ ...borrowerChecks, ...phoneChecks })),
  carryOut: async ({ orderId, borrowerId, ...phone }, { write }) => {
    const row = await write(createBorrowerPhone, {
      params: toWire({ orderId, borrowerId }, borrowerKeys),
      body: toWire(phone, phoneKeys),
    });
    return { phone: { source: 'RECOVERY_CONNECT', row, orderId, borrowerId } as const };
  },
  success: (t) => ({ phone: phoneField(t, 'The phone as it was added.') }),
  forget: ({ phonesOfBorrower, phoneOfBorrower, phoneDetail }, { orderId, borrowerId }) => {
    phonesOfBorrower.clear({ orderId, borrowerId });
    // Under the number that the phone has got nothing may have been found before.
    phoneOfBorrower.clearAll();
    phoneDetail.clearAll();
  },
  whatToCheck:
    "Look for the number among the borrower's phones (`Borrower.phones`) before it is added again.",
  pathOf,
});

addMutation('updateBorrowerPhone', {
  scope: 'orders:write',
  description:
    'Changes a phone of a borrower of an order (RecoveryConnect: updateBorrowerPhone). At least one field is to be given; those that are left out, or null, stay as they are.',
  input: (t) => ({
    ...placeFields(t),
    ...phoneFields(t, { required: false }),
    extension: t.string({
      description: `The extension to dial, at most ${phoneLengths.extension} characters; an empty text takes it away.`,
    }),
    memo: t.string({
      description: `A remark on the number, at most ${phoneLengths.memo} characters; an empty text takes it away.`,
    }),
  }),
  check: dialable(
    changing(
      z.strictObject({
        ...placeChecks,
        ...phoneChecks,
        typeId: optional(phoneChecks.typeId),
        // The documented update has the dashes that the documented addition has not.
        number: optional(phoneNumber),
        extension: optional(textOrNothing(phoneLengths.extension)),
        memo: optional(textOrNothing(phoneLengths.memo)),
      }),
      'orderId',
      'borrowerId',
      'phoneId',
    ),
  ),
  carryOut: async ({ orderId, borrowerId, phoneId, ...phone }, { write }) => {
    const row = await write(updateBorrowerPhone, {
      params: toWire({ orderId, borrowerId, phoneId }, placeKeys),
      body: toWire(phone, phoneKeys),
    });
    return { phone: { source: 'RECOVERY_CONNECT', row, orderId, borrowerId } as const };
  },
  success: (t) => ({ phone: phoneField(t, 'The phone as it is now.') }),
  forget: forgetPhone,
  whatToCheck: 'Look at the phone (`Borrower.phone`) whether it is changed before it is changed again.',
  pathOf,
});

addMutation('deleteBorrowerPhone', {
  scope: 'orders:write',
  description: 'Deletes a phone of a borrower of an order (RecoveryConnect: deleteBorrowerPhone).',
  input: placeFields,
  check: z.strictObject(placeChecks),
  carryOut: async (place, { write }) => {
    await write(deleteBorrowerPhone, { params: toWire(place, placeKeys) });
    return place;
  },
  success: (t) => ({
    phoneId: t.exposeID('phoneId', { description: "RecoveryConnect's number of the phone that is gone." }),
    borrower: t.field({
      type: BorrowerType,
      authScopes: { 'orders:read': true },
      nullable: true,
      description:
        'Whose phone it was (RecoveryConnect: listOrderBorrowers). Null when there is no such borrower on the order, or, with an error, when they cannot be read.',
      resolve: (place, _, context, info) => borrowerOfOrder(place, context, info),
    }),
  }),
  forget: forgetPhone,
  whatToCheck:
    "Look whether the phone is still among the borrower's (`Borrower.phones`) before it is deleted again.",
  pathOf,
});
