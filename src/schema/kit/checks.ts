import { z } from 'zod';
import { isCardNumber, isRoutingNumber } from '../../values/check-digits.ts';
import { fileNumberForm, toFileNumber } from '../../values/file-number.ts';
import { Malformed } from '../../values/malformed.ts';
import { numericIdForm, parseNumericId } from '../../values/numeric-id.ts';
import { toNationalNumber } from '../../values/phone-number.ts';
import { Secret, SecurityCode } from '../../values/secret.ts';
import { isVehicleNumber } from '../../values/vin.ts';
import { today } from './today.ts';

// Checks of input fields. Every fault is a sentence that states what was expected, and contains no value.

const sentence = (expected: string) => ({ error: `Expected ${expected}.` });

/** A field that may be left out; null counts as left out. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

// Includes line separators and direction marks, but not the joiners, which some scripts need.
const hasControls = (text: string): boolean =>
  /[\p{Cc}\p{Cs}\p{Co}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u.test(text.replace(/[\n\t]/g, ''));

const textOf = (least: number, most: number, isLong: boolean) => {
  const expected =
    least === 0 ? `at most ${most} characters` : `1 to ${most} characters, and not only blanks`;
  return z
    .string()
    .transform((text) => text.replace(/\r\n?/g, '\n').trim())
    .refine(
      (text) =>
        text.length >= least && text.length <= most && !hasControls(text) && (isLong || !/[\n\t]/.test(text)),
      sentence(isLong ? expected : `${expected}, on one line`),
    );
};

/** One line of text, trimmed. */
export const text = (most: number) => textOf(1, most, false);

/** One line of text, trimmed. An empty text clears the value. */
export const textOrNothing = (most: number) => textOf(0, most, false);

/** A text of one or more lines, trimmed. */
export const longText = (most: number) => textOf(1, most, true);

/** A text of one or more lines, trimmed. An empty text clears the value. */
export const longTextOrNothing = (most: number) => textOf(0, most, true);

export const fileNumber = z
  .string()
  .refine((value) => toFileNumber(value) !== null, sentence(fileNumberForm))
  .transform((value) => toFileNumber(value) ?? '');

/** An identifier of RecoveryConnect, which are all numbers. */
export const id = z
  .string()
  .refine((value) => parseNumericId(value) !== null, sentence(numericIdForm))
  .transform((value) => parseNumericId(value) ?? '');

/** The same, as a number in a request body. */
export const numericIdCheck = id.transform(Number);

/**
 * A value that a check of the gateway accepts.
 *
 * If it fails, later checks of the same value are skipped; other fields are still checked, so that the error contains
 * all faults.
 */
const checked = <Value>(
  isRight: (value: unknown) => boolean,
  error: (issue: { readonly input?: unknown }) => string,
) => z.custom<Value>(isRight, { abort: false, error }).transform((value) => value);

/** The parsed value of a scalar; a `Malformed` value is a fault. */
const wellFormed = checked<string>(
  (value) => typeof value === 'string',
  ({ input }) => `Expected ${input instanceof Malformed ? input.expected : 'another value'}.`,
);

const years = { first: 1900, last: 2100 } as const;

export const date = wellFormed.refine(
  (day) => {
    const year = Number(day.slice(0, 4));
    return year >= years.first && year <= years.last;
  },
  sentence(`a date from ${years.first} to ${years.last}`),
);

export const time = wellFormed;

export const ssn = wellFormed;

const withoutDashes = (value: string): string => value.replaceAll('-', '');

/** A social security number as nine digits. */
export const ssnDigits = ssn.transform(withoutDashes);

const bornFrom = `${years.first}-01-01`;

export const dateOfBirth = wellFormed.refine(
  (day) => day >= bornFrom && day <= today(),
  sentence(`a date from ${years.first} to today`),
);

/** A phone number of North America, as `###-###-####`. */
export const phoneNumber = wellFormed
  .refine(
    (number) => toNationalNumber(number) !== null,
    sentence('a number of North America, as in 678-932-1578'),
  )
  .transform((number) => toNationalNumber(number) ?? '');

/** The same as ten digits. */
export const phoneDigits = phoneNumber.transform(withoutDashes);

const wholeDigits = 9;

/** Formats a decimal with two decimals, as an amount of money. */
export const withCents = (decimal: string): string => {
  const [whole = '0', cents = ''] = decimal.split('.');
  return `${whole}.${cents.padEnd(2, '0').slice(0, 2)}`;
};

const isMoney = (decimal: string): boolean =>
  new RegExp(`^\\d{1,${wholeDigits}}(?:\\.\\d{1,2})?$`).test(decimal);

/** An amount of US dollars that is not below zero, with two decimals. */
export const amountOrZero = wellFormed
  .refine(isMoney, sentence('an amount that is not below zero, with at most two decimals'))
  .transform(withCents);

/** An amount of US dollars, negative for a credit, with two decimals. */
export const signedAmount = wellFormed
  .refine((decimal) => isMoney(decimal.replace(/^-/, '')), sentence('an amount with at most two decimals'))
  .transform(withCents);

/** An amount of US dollars above zero, with two decimals. */
export const amount = wellFormed
  .refine(
    (decimal) => isMoney(decimal) && /[1-9]/.test(decimal),
    sentence('an amount above zero, with at most two decimals'),
  )
  .transform(withCents);

/** Yes or no, written as 1 or 0. */
export const flagCheck = z.boolean().transform((value): 0 | 1 => (value ? 1 : 0));

/** A list within a length. The items of a list that is too long are not checked: each could have a fault. */
export const list = <Schema extends z.ZodType>(item: Schema, least: number, most: number) =>
  z
    .array(z.any())
    .refine(({ length }) => length >= least && length <= most, sentence(`${least} to ${most} of them`))
    .pipe(z.array(item));

/** The same, without duplicates. */
export const distinctList = (item: z.ZodType<string>, least: number, most: number) =>
  list(item, least, most).refine(
    (items) => new Set(items).size === items.length,
    sentence('each of them once'),
  );

const holding = <Schema extends z.ZodObject>(
  schema: Schema,
  expected: string,
  fixed: readonly (keyof z.output<Schema>)[] = [],
) =>
  schema.refine(
    (input) =>
      Object.entries(input).some(
        ([field, value]) => value !== undefined && value !== null && !fixed.includes(field),
      ),
    sentence(expected),
  );

/** An object with optional fields, of which at least one is required. */
export const notEmpty = <Schema extends z.ZodObject>(schema: Schema) => holding(schema, 'at least one field');

/**
 * An object that changes something.
 *
 * @param fixed the fields that only identify the object.
 */
export const changing = <Schema extends z.ZodObject>(schema: Schema, ...fixed: (keyof z.output<Schema>)[]) =>
  holding(schema, 'at least one field to change', fixed);

export const integer = (least: number, most: number) =>
  z
    .number()
    .refine((value) => value >= least && value <= most, sentence(`a whole number from ${least} to ${most}`));

/** Degrees of latitude or longitude. */
export const degrees = (most: number) =>
  z.number().refine((value) => Math.abs(value) <= most, sentence(`degrees from -${most} to ${most}`));

/** A percentage that is not below zero. */
export const percentage = wellFormed.refine(
  (decimal) => /^\d{1,5}(?:\.\d{1,4})?$/.test(decimal),
  sentence('a percentage that is not below zero, with at most four decimals'),
);

/** Converts only a to z to capitals: `toUpperCase` would convert some other letters to A to Z. */
const inCapitals = (value: string): string =>
  value.trim().replace(/[a-z]/g, (letter) => letter.toUpperCase());

export const state = z
  .string()
  .transform(inCapitals)
  .refine((value) => /^[A-Z]{2}$/.test(value), sentence('the two letters of a state, as in OH'));

export const zipCode = z
  .string()
  .transform((value) => value.trim())
  .refine((value) => /^\d{5}(?:-?\d{4})?$/.test(value), sentence('a ZIP code of five or nine digits'));

const isEmailAddress = (value: string): boolean =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) && value.length <= 254 && !hasControls(value);

export const emailAddress = z
  .string()
  .transform((value) => value.trim())
  .refine(isEmailAddress, sentence('an e-mail address'));

/** An e-mail address. An empty text clears the value. */
export const emailAddressOrNothing = z
  .string()
  .transform((value) => value.trim())
  .refine((value) => value === '' || isEmailAddress(value), sentence('an e-mail address, or an empty text'));

export const vehicleNumber = z
  .string()
  .transform(inCapitals)
  .refine(
    isVehicleNumber,
    sentence('a VIN of 17 letters and digits without I, O and Q, or another number of 5 to 25'),
  );

export const modelYear = z
  .string()
  .transform((value) => value.trim())
  .refine((value) => /^(?:19|20)\d{2}$/.test(value), sentence('a year, as in 2014'));

const digitsOf = (secret: Secret): string => secret.reveal().replace(/[\s-]/g, '');

export const cardNumber = checked<Secret>(
  (value) => value instanceof Secret && isCardNumber(digitsOf(value)),
  () => 'Expected a card number of 12 to 19 digits whose check digit fits.',
).transform((value) => new Secret(digitsOf(value)));

export const securityCode = checked<SecurityCode>(
  (value) => value instanceof SecurityCode && /^\d{3,4}$/.test(value.reveal()),
  () => 'Expected three or four digits.',
);

export const routingNumber = z
  .string()
  .transform((value) => value.trim())
  .refine(isRoutingNumber, sentence('a routing number of nine digits whose check digit fits'))
  .transform((value) => new Secret(value));

export const bankAccountNumber = z
  .string()
  .transform((value) => value.trim())
  .refine((value) => /^\d{4,17}$/.test(value), sentence('an account number of 4 to 17 digits'))
  .transform((value) => new Secret(value));

export const idempotencyKey = z
  .string()
  .refine(
    (value) => /^[\x20-\x7e]{1,255}$/.test(value) && value.trim() !== '',
    sentence('1 to 255 printable characters of ASCII'),
  );
