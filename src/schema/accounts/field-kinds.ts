import { z } from 'zod';
import {
  amountOrZero,
  date,
  dateOfBirth,
  emailAddressOrNothing,
  integer,
  longTextOrNothing,
  percentage,
  phoneNumber,
  signedAmount,
  ssn,
  textOrNothing,
} from '../kit/checks.ts';

/** What a field holds that Scollect sets by itself, by its name and a text. */
export interface FieldKind {
  readonly type: 'String' | 'Boolean' | 'Int' | 'Date' | 'Decimal' | 'PhoneNumber' | 'SSN';
  /** Checks a value, and writes it as the text that is sent. */
  readonly check: z.ZodType<string>;
  /** What a description says of the form of the value. */
  readonly form: string;
}

const flag = (yes: string, no: string): FieldKind => ({
  type: 'Boolean',
  check: z.boolean().transform((value) => (value ? yes : no)),
  form: '',
});

const mostCharacters = { line: 255, lines: 5000 } as const;

export const fieldKinds = {
  text: {
    type: 'String',
    check: textOrNothing(mostCharacters.line),
    form: `at most ${mostCharacters.line} characters; an empty text clears it`,
  },
  longText: {
    type: 'String',
    check: longTextOrNothing(mostCharacters.lines),
    form: 'at most 5,000 characters, in one or more lines; an empty text clears it',
  },
  emailAddress: {
    type: 'String',
    check: emailAddressOrNothing,
    form: 'an e-mail address; an empty text clears it',
  },
  /** Yes and no as the columns of accounts hold them. */
  yesOrNo: flag('YES', 'NO'),
  /** Yes and no as permissions take them. */
  oneOrZero: flag('1', '0'),
  // The answers write dates in half a dozen forms. The documents say of the whole API that dates are `yyyy-mm-dd`.
  date: { type: 'Date', check: date, form: '' },
  dateOfBirth: { type: 'Date', check: dateOfBirth, form: 'a day that has passed' },
  amount: { type: 'Decimal', check: amountOrZero, form: 'in US dollars' },
  signedAmount: { type: 'Decimal', check: signedAmount, form: 'in US dollars, below zero for a credit' },
  percentage: { type: 'Decimal', check: percentage, form: 'in per cent' },
  count: { type: 'Int', check: integer(0, 999_999).transform(String), form: 'from 0 on' },
  phoneNumber: { type: 'PhoneNumber', check: phoneNumber, form: 'a number of North America' },
  ssn: { type: 'SSN', check: ssn, form: '' },
} as const satisfies Record<string, FieldKind>;
