import { flag, numericId, optional, phoneDigits, text } from './checks.ts';
import type { InputFieldBuilder } from './mutation.ts';

// A phone of RecoveryConnect as it is written: on its own, or within a new order.

export const phoneKeys = {
  typeId: 'type',
  mobileCarrierId: 'mobile_carrier_id',
  number: 'number',
  extension: 'extension',
  memo: 'memo',
  isValid: 'valid',
  doNotContact: 'no_contact',
} as const;

/** The most characters of an extension and a memo. */
export const phoneLengths = { extension: 20, memo: 255 } as const;

export const phoneChecks = {
  typeId: numericId,
  mobileCarrierId: optional(numericId),
  number: phoneDigits,
  extension: optional(text(phoneLengths.extension)),
  memo: optional(text(phoneLengths.memo)),
  isValid: optional(flag),
  doNotContact: optional(flag),
};

/** @param required whether kind and number of the phone have to be told. */
export const phoneFields = (t: InputFieldBuilder, { required }: { readonly required: boolean }) => ({
  typeId: t.id({
    required,
    description: "RecoveryConnect's number for the kind of phone, as `Phone.typeId` gives it.",
  }),
  mobileCarrierId: t.id({ description: "RecoveryConnect's number for the mobile carrier." }),
  number: t.field({ type: 'PhoneNumber', required, description: 'The number, one of North America.' }),
  extension: t.string({
    description: `The extension to dial, at most ${phoneLengths.extension} characters.`,
  }),
  memo: t.string({ description: `A remark on the number, at most ${phoneLengths.memo} characters.` }),
  isValid: t.boolean({ description: 'Whether the number is held to be right.' }),
  doNotContact: t.boolean({ description: 'Whether this number must not be used.' }),
});
