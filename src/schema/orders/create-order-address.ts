import { z } from 'zod';
import { builder } from '../kit/builder.ts';
import { degrees, list, notEmpty, numericIdCheck, optional, state, text, zipCode } from '../kit/checks.ts';
import type { InputFieldBuilder } from '../kit/mutation.ts';
import { dialable, phoneChecks, phoneFields, phoneKeys } from '../people/borrower-phone-input.ts';

/** The maximum number of phones of a person or an address of a new order, and of addresses of a person. */
export const mostOfEach = 20;

/** The fields of a phone on a new order are optional, but at least one is required. */
const phone = dialable(
  notEmpty(
    z.strictObject({
      ...phoneChecks,
      typeId: optional(phoneChecks.typeId),
      number: optional(phoneChecks.number),
    }),
  ),
);

export const phones = optional(list(phone, 0, mostOfEach));

export const PhoneInput = builder.inputType('CreateOrderPhoneInput', {
  description: 'A phone on a new order. At least one field is required.',
  fields: (t) => phoneFields(t, { required: false }),
});

export const addressKeys = {
  name: 'name',
  address1: 'address_1',
  address2: 'address_2',
  unit: 'unit',
  city: 'city',
  state: 'state',
  zipCode: 'zip_code',
  latitude: 'latitude',
  longitude: 'longitude',
  dwellingId: 'dwelling_id',
  categoryId: 'category_id',
  phones: ['phones', phoneKeys],
} as const;

const words = 100;
const unitLength = 20;
const line = text(words);

export const address = z.strictObject({
  name: line,
  address1: line,
  address2: optional(line),
  unit: optional(text(unitLength)),
  city: optional(line),
  state: optional(state),
  zipCode,
  latitude: optional(degrees(90)),
  longitude: optional(degrees(180)),
  dwellingId: optional(numericIdCheck),
  categoryId: optional(numericIdCheck),
  phones,
});

/** @param isNamed whether the address needs a name; an address without a person does not. */
export const additionalAddress = z.strictObject({ ...address.shape, name: optional(line) });

const addressFields = (t: InputFieldBuilder, { isNamed }: { readonly isNamed: boolean }) => ({
  name: t.string({ required: isNamed, description: 'Name of the address, such as `Home Address`.' }),
  address1: t.string({ required: true, description: 'Street and number.' }),
  address2: t.string({ description: 'Second address line.' }),
  unit: t.string({ description: `Apartment, suite or unit, at most ${unitLength} characters.` }),
  city: t.string({ description: 'City.' }),
  state: t.string({ description: 'State, by its two letters.' }),
  zipCode: t.string({ required: true, description: 'ZIP code, five or nine digits.' }),
  latitude: t.float({ description: 'Degrees north, -90 to 90.' }),
  longitude: t.float({ description: 'Degrees east, -180 to 180: negative in the United States.' }),
  dwellingId: t.id({ description: "RecoveryConnect's number for the kind of dwelling." }),
  categoryId: t.id({ description: "RecoveryConnect's number for the category." }),
  phones: t.field({
    type: [PhoneInput],
    description: `Phones at the address, at most ${mostOfEach}.`,
  }),
});

export const AddressInput = builder.inputType('CreateOrderAddressInput', {
  description: `An address of a borrower of a new order. Its texts have at most ${words} characters.`,
  fields: (t) => addressFields(t, { isNamed: true }),
});

export const AdditionalAddressInput = builder.inputType('CreateOrderAdditionalAddressInput', {
  description: `A further address of a new order, besides those of its borrowers. Its texts have at most ${words} characters.`,
  fields: (t) => addressFields(t, { isNamed: false }),
});
