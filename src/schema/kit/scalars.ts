import { GraphQLError } from 'graphql';
import { toDate, toLocalDateTime, toLocalTime } from '../../values/date.ts';
import { toDecimal } from '../../values/decimal.ts';
import { ExtendedNumber, Malformed } from '../../values/malformed.ts';
import { toDialedNumber } from '../../values/phone-number.ts';
import { Secret, SecurityCode } from '../../values/secret.ts';
import { toSsn, writeSsn } from '../../values/ssn.ts';
import { builder } from './builder.ts';

interface TextScalarDefinition {
  readonly description: string;
  /** Names the accepted form in errors, as in "expected …". */
  readonly expected: string;
  /** The form of accepted texts, where a regular expression describes it. */
  readonly pattern?: RegExp;
  /** Parses a client's value into the form that resolvers use; `null` if it is invalid. */
  readonly read: (value: string) => string | Malformed | null;
}

// GraphQL's own coercion errors repeat the value. These never do: it may be an SSN. A text in a
// wrong form is accepted as Malformed, so that the error contains all faults of an input at once.
const textScalar = (
  name: Parameters<typeof builder.scalarType>[0] & string,
  definition: TextScalarDefinition,
) => {
  const { description, expected, pattern, read } = definition;
  builder.scalarType(name, {
    description,
    parseValue: (value) => {
      const text = name === 'Decimal' && Number.isSafeInteger(value) ? String(value) : value;
      if (typeof text !== 'string') throw new GraphQLError(`${name}: expected ${expected}.`);
      const isOfForm = pattern?.test(text) ?? true;
      return (isOfForm ? read(text) : null) ?? new Malformed(expected);
    },
    serialize: (value) => String(value),
    ...(pattern && { extensions: { pattern: pattern.source } }),
  });
};

textScalar('Date', {
  description: 'A calendar date, `yyyy-mm-dd`.',
  expected: 'a date that exists, as in 2024-02-20',
  pattern: /^\d{4}-\d{2}-\d{2}$/,
  read: toDate,
});

builder.scalarType('BirthDate', {
  description:
    'The date of birth of a person: `1984-**-**`, or whole (`1984-02-29`) for a caller with the scope `pii:read`. Output only.',
  parseValue: () => {
    throw new GraphQLError('BirthDate: expected nothing, it only goes out.');
  },
  serialize: String,
});

textScalar('LocalDateTime', {
  description:
    'A date and time, `yyyy-mm-ddThh:mm:ss`, in the local time of its upstream. It has no offset, because the time zones in the upstreams are unreliable.',
  expected: 'a local date and time without an offset, as in 2024-02-20T09:30:00',
  pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/,
  read: toLocalDateTime,
});

textScalar('LocalTime', {
  description: 'A time of day, `hh:mm` of 24 hours, in the local time of its upstream.',
  expected: 'a time of day, as in 09:30',
  pattern: /^\d{2}:\d{2}$/,
  read: toLocalTime,
});

textScalar('DateTime', {
  description: 'A point in time with its offset from UTC. Used only for times that the gateway measured.',
  expected: 'a moment with its offset, as in 2024-02-20T09:30:00Z',
  pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/,
  read: (value) => (toLocalDateTime(value) === null ? null : value),
});

textScalar('Decimal', {
  description:
    'An exact decimal number as a string, such as `"809.00"`; a string or an integer is accepted. Amounts are in US dollars.',
  expected: 'a decimal number as a string, as in "100.00", or an integer',
  pattern: /^-?\d+(?:\.\d+)?$/,
  read: toDecimal,
});

const numberAlone = 'a phone number with its area code, or in E.164, without an extension';

textScalar('PhoneNumber', {
  description:
    'A phone number in E.164, such as `+16789321578`. Accepted are E.164 and the usual ways to write a US number. An extension, as in `678-932-1578 x22`, is accepted only where a field `extension` is next to the number.',
  expected: numberAlone,
  read: (value) => {
    const { number = null, extension = null } = toDialedNumber(value) ?? {};
    return number === null || extension === null
      ? number
      : new ExtendedNumber(numberAlone, number, extension);
  },
});

textScalar('SSN', {
  description:
    'A social security number: `***-**-3333`, or whole (`111-22-3333`) for a caller with the scope `pii:read`. Accepted are nine digits with or without dashes.',
  expected: 'nine digits with or without dashes',
  read: (value) => {
    const ssn = /\d\s\d/.test(value) ? null : toSsn(value);
    return ssn?.digits ? writeSsn(ssn) : null;
  },
});

/** An input-only scalar, accepted only in a variable: documents are cached, and logged by some clients. */
const secretScalar = (
  name: 'CardNumber' | 'SecurityCode',
  description: string,
  Kind: new (value: string) => Secret,
) => {
  builder.scalarType(name, {
    description: `${description} Accepted only in a variable, never in the document itself, and never returned.`,
    parseValue: (value) => {
      if (typeof value !== 'string') throw new GraphQLError(`${name}: expected digits as a string.`);
      return new Kind(value);
    },
    parseLiteral: () => {
      throw new GraphQLError(`${name}: expected a variable, since documents are kept.`);
    },
    serialize: () => {
      throw new GraphQLError(`${name}: never shown.`);
    },
  });
};

secretScalar('CardNumber', 'Card number, 12 to 19 digits, with or without blanks or dashes.', Secret);
secretScalar('SecurityCode', 'Security code of a card, three or four digits.', SecurityCode);
