import { z } from 'zod';
import type { Secret } from '../../values/secret.ts';
import { builder } from '../kit/builder.ts';
import {
  bankAccountNumber,
  cardNumber,
  integer,
  optional,
  routingNumber,
  securityCode,
  text,
} from '../kit/checks.ts';
import { today } from '../kit/today.ts';

export const CardInput = builder.inputType('CardInput', {
  description: 'A card to pay with. Nothing of it but its last four digits can be read again.',
  fields: (t) => ({
    type: t.string({ required: true, description: 'The brand of the card, as in `Visa`.' }),
    number: t.field({ type: 'CardNumber', required: true, description: 'The number of the card.' }),
    securityCode: t.field({
      type: 'SecurityCode',
      required: true,
      description: 'The code on the card. It is sent on, and kept nowhere.',
    }),
    expirationMonth: t.int({ required: true, description: 'The last month in which it is valid, 1 to 12.' }),
    expirationYear: t.int({ required: true, description: 'The year of that month, in four digits.' }),
  }),
});

export const CardChangesInput = builder.inputType('CardChangesInput', {
  description: 'Changes of a card; omitted fields are unchanged.',
  fields: (t) => ({
    type: t.string({ description: 'The brand of the card, as in `MasterCard`.' }),
    number: t.field({ type: 'CardNumber', description: 'The number of the card.' }),
    securityCode: t.field({ type: 'SecurityCode', description: 'The code on the card; kept nowhere.' }),
    expirationMonth: t.int({
      description: 'The last month in which it is valid, 1 to 12; only together with the year.',
    }),
    expirationYear: t.int({ description: 'The year of that month, in four digits; only together with it.' }),
  }),
});

export const BankAccountInput = builder.inputType('BankAccountInput', {
  description:
    'An account at a bank in the US to pay from. Nothing of it but its last four digits can be read again.',
  fields: (t) => ({
    type: t.string({ required: true, description: 'The kind of account, as in `Checking`.' }),
    accountNumber: t.string({ required: true, description: 'The number of the account, 4 to 17 digits.' }),
    routingNumber: t.string({ required: true, description: "The bank's routing number, nine digits." }),
  }),
});

export const BankAccountChangesInput = builder.inputType('BankAccountChangesInput', {
  description: 'Changes of a bank account; omitted fields are unchanged.',
  fields: (t) => ({
    type: t.string({ description: 'The kind of account, as in `Checking`.' }),
    accountNumber: t.string({ description: 'The number of the account, 4 to 17 digits.' }),
    routingNumber: t.string({ description: "The bank's routing number, nine digits." }),
  }),
});

/** How far ahead a card can be valid. */
const yearsAhead = 30;

interface Expiry {
  readonly expirationMonth?: number | undefined;
  readonly expirationYear?: number | undefined;
}

const monthOf = ({ expirationMonth = 1, expirationYear = 0 }: Expiry): string =>
  `${expirationYear}-${String(expirationMonth).padStart(2, '0')}`;

const checkExpiry = (expiry: Expiry, { addIssue }: z.RefinementCtx): void => {
  const { expirationMonth: month, expirationYear: year } = expiry;
  const fault = (field: keyof Expiry, expected: string) =>
    addIssue({ code: 'custom', path: [field], message: `Expected ${expected}.` });
  if (month !== undefined && year === undefined) fault('expirationYear', 'a year together with the month');
  if (year === undefined) return;
  const day = today();
  const first = Number(day.slice(0, 4));
  if (month === undefined) fault('expirationMonth', 'a month together with the year');
  if (year < first || year > first + yearsAhead) {
    fault('expirationYear', `a year from ${first} to ${first + yearsAhead}, in four digits`);
  } else if (month !== undefined && monthOf(expiry) < day.slice(0, 7)) {
    fault('expirationMonth', 'a month that is not over');
  }
};

const month = integer(1, 12);
const brand = text(30);

export const card = z
  .strictObject({
    type: brand,
    number: cardNumber,
    securityCode,
    expirationMonth: month,
    expirationYear: z.number(),
  })
  .superRefine(checkExpiry);

export const cardChanges = z
  .strictObject({
    type: optional(brand),
    number: optional(cardNumber),
    securityCode: optional(securityCode),
    expirationMonth: optional(month),
    expirationYear: optional(z.number()),
  })
  .superRefine(checkExpiry);

const bankFields = { type: text(30), accountNumber: bankAccountNumber, routingNumber };

export const bankAccount = z.strictObject(bankFields);

export const bankAccountChanges = z.strictObject({
  type: optional(bankFields.type),
  accountNumber: optional(bankFields.accountNumber),
  routingNumber: optional(bankFields.routingNumber),
});

type CardChanges = z.output<typeof cardChanges>;
type BankAccountChanges = z.output<typeof bankAccountChanges>;

/** What Scollect calls the ways to pay. */
export const methods = { card: 'CREDIT CARD', bankAccount: 'ACH' } as const;

/** The last digits of a number, of one that they do not give away. */
export const last4Of = (number: Secret | undefined): string | undefined => {
  const digits = number?.reveal() ?? '';
  return digits.length < 8 ? undefined : digits.slice(-4);
};

/**
 * The documented keys of a card.
 *
 * @param writeDate how the operation writes month and year as one, of the year's four digits.
 */
export const cardBody = (
  { type, number, securityCode: code, expirationMonth, expirationYear }: CardChanges,
  writeDate: (month: string, year: string) => string,
) => {
  const twoDigits = expirationMonth === undefined ? undefined : String(expirationMonth).padStart(2, '0');
  const year = expirationYear === undefined ? undefined : String(expirationYear);
  return {
    cardtype: type,
    cardnumber: number?.reveal(),
    threedigitnumber: code?.reveal(),
    cardexpirationmonth: twoDigits,
    cardexpirationyear: year,
    cardexpirationdate: twoDigits && year && writeDate(twoDigits, year),
  };
};

/** The documented keys of an account at a bank. */
export const bankAccountBody = ({ type, accountNumber, routingNumber: routing }: BankAccountChanges) => ({
  checkaccounttype: type,
  checkaccountnumber: accountNumber?.reveal(),
  checkroutingnumber: routing?.reveal(),
});
