import { z } from 'zod';
import { ExtendedNumber, Malformed } from '../../values/malformed.ts';
import { flagCheck, numericIdCheck, optional, phoneDigits, text } from '../kit/checks.ts';
import type { InputFieldBuilder } from '../kit/mutation.ts';

// Input of a phone of RecoveryConnect: on its own, or within a new order.

export const phoneKeys = {
  typeId: 'type',
  mobileCarrierId: 'mobile_carrier_id',
  number: 'number',
  extension: 'extension',
  memo: 'memo',
  isValid: 'valid',
  doNotContact: 'no_contact',
} as const;

/** The maximum number of characters of an extension and a memo. */
export const phoneLengths = { extension: 20, memo: 255 } as const;

export const phoneChecks = {
  typeId: numericIdCheck,
  mobileCarrierId: optional(numericIdCheck),
  number: phoneDigits,
  extension: optional(text(phoneLengths.extension)),
  memo: optional(text(phoneLengths.memo)),
  isValid: optional(flagCheck),
  doNotContact: optional(flagCheck),
};

const otherExtension = new Malformed('no extension, or the one that `extension` gives');

const isSame = (extension: string, given: unknown): boolean =>
  typeof given === 'string' && given.replace(/^\D+/, '').trim() === extension;

/** Moves an extension that is part of the number to `extension`; a different extension there is a fault. */
const withExtensionApart = (phone: unknown): unknown => {
  if (typeof phone !== 'object' || phone === null || !('number' in phone)) return phone;
  const { number, extension: given = null } = phone as { number: unknown; extension?: unknown };
  if (!(number instanceof ExtendedNumber)) return phone;
  if (given === null) return { ...phone, number: number.number, extension: number.extension };
  return { ...phone, number: isSame(number.extension, given) ? number.number : otherExtension };
};

/** Checks a phone whose number may contain its extension. */
export const dialable = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(withExtensionApart, schema);

/** @param required whether type and number of the phone are required. */
export const phoneFields = (t: InputFieldBuilder, { required }: { readonly required: boolean }) => ({
  typeId: t.id({
    required,
    description: "RecoveryConnect's number for the type of phone, as in `Phone.typeId`.",
  }),
  mobileCarrierId: t.id({ description: "RecoveryConnect's number for the mobile carrier." }),
  number: t.field({
    type: 'PhoneNumber',
    required,
    description: 'A North American number; it may contain the extension if `extension` is not given.',
  }),
  extension: t.string({
    description: `The extension to dial, at most ${phoneLengths.extension} characters.`,
  }),
  memo: t.string({ description: `Note on the number, at most ${phoneLengths.memo} characters.` }),
  isValid: t.boolean({ description: 'Whether the number is considered valid.' }),
  doNotContact: t.boolean({ description: 'Whether this number must not be used.' }),
});
