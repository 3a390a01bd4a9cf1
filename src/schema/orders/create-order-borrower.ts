import { z } from 'zod';
import { builder } from '../kit/builder.ts';
import { dateOfBirth, flagCheck, list, optional, ssnDigits, text } from '../kit/checks.ts';
import { phoneKeys } from '../people/borrower-phone-input.ts';
import {
  AddressInput,
  address,
  addressKeys,
  mostOfEach,
  PhoneInput,
  phones,
} from './create-order-address.ts';

export const borrowerKeys = {
  firstName: 'firstname',
  middleName: 'middle_initial',
  lastName: 'lastname',
  dateOfBirth: 'date_of_birth',
  role: 'type',
  ssn: 'ssn',
  isFraud: 'is_fraud',
  bankruptcy: 'bankruptcy',
  isActiveMilitary: 'active_military',
  isDeceased: 'is_deceased',
  phones: ['phones', phoneKeys],
  addresses: ['addresses', addressKeys],
} as const;

const words = 50;
const line = text(words);

export const borrower = z.strictObject({
  firstName: line,
  middleName: optional(line),
  lastName: line,
  dateOfBirth: optional(dateOfBirth),
  // RecoveryConnect's documentation names `borrower` and `chapter_7_active`, and mentions other values.
  role: line,
  ssn: optional(ssnDigits),
  isFraud: optional(flagCheck),
  bankruptcy: optional(line),
  isActiveMilitary: optional(flagCheck),
  isDeceased: optional(flagCheck),
  phones,
  addresses: list(address, 1, mostOfEach),
});

export const BorrowerInput = builder.inputType('CreateOrderBorrowerInput', {
  description: `A borrower on a new order. Its texts have at most ${words} characters.`,
  fields: (t) => ({
    firstName: t.string({ required: true, description: 'First name.' }),
    middleName: t.string({ description: 'Middle name, or its initial.' }),
    lastName: t.string({ required: true, description: 'Last name.' }),
    dateOfBirth: t.field({ type: 'Date', description: 'Date of birth, not in the future.' }),
    role: t.string({
      required: true,
      description: "Role of the person in the debt: `borrower`, or RecoveryConnect's value for a co-signer.",
    }),
    ssn: t.field({ type: 'SSN', description: 'Social security number.' }),
    isFraud: t.boolean({ description: 'Whether fraud is suspected.' }),
    bankruptcy: t.string({
      description:
        'Chapter and state of a bankruptcy, as a RecoveryConnect value such as `chapter_7_active`.',
    }),
    isActiveMilitary: t.boolean({ description: 'Whether the person serves in the armed forces.' }),
    isDeceased: t.boolean({ description: 'Whether the person has died.' }),
    phones: t.field({
      type: [PhoneInput],
      description: `The person's phones, besides those of the addresses; at most ${mostOfEach}.`,
    }),
    addresses: t.field({
      type: [AddressInput],
      required: true,
      description: `Addresses of the person, 1 to ${mostOfEach}.`,
    }),
  }),
});
