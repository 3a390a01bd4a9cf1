import { inspect } from 'node:util';
import { type GraphQLScalarType, getNamedType, isScalarType, parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { createRedactor } from '../../src/telemetry/redaction/redact.ts';
import { Malformed } from '../../src/values/malformed.ts';
import { Secret, SecurityCode } from '../../src/values/secret.ts';
import { startGateway } from '../support/gateway.ts';

const scalar = (name: string): GraphQLScalarType => {
  const type = schema.getType(name);
  if (!isScalarType(type)) throw new Error(`${name} is no scalar`);
  return type;
};

/** What becomes of a value, in words. */
const messageOf = (read: () => unknown): string => {
  try {
    const value = read();
    return value instanceof Malformed ? `Malformed: expected ${value.expected}` : `read ${inspect(value)}`;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

type Table = readonly (readonly [
  name: string,
  accepted: readonly (readonly [unknown, string])[],
  malformed: readonly string[],
  otherJson: readonly unknown[],
])[];

const texts: Table = [
  [
    'Date',
    [['2024-02-29', '2024-02-29']],
    [
      '2023-02-29',
      '2/20/2024',
      '1900-01-01',
      '2024-2-1',
      '0000-01-01',
      '2024-02-20T00:00:00',
      ' 2024-02-20',
      '',
    ],
    [20240220],
  ],
  [
    'LocalDateTime',
    [['2024-02-20T09:30:00', '2024-02-20T09:30:00']],
    ['2024-02-20', '2024-02-20T09:30:00Z', '2024-02-20 09:30:00', '2024-02-20T24:00:00', ''],
    [0],
  ],
  ['LocalTime', [['09:30', '09:30']], ['9:30', '24:00', '09:60', '1:43PM', '09:30:00', ''], [930]],
  [
    'DateTime',
    [
      ['2024-02-20T09:30:00Z', '2024-02-20T09:30:00Z'],
      ['2024-02-20T09:30:00.123+02:00', '2024-02-20T09:30:00.123+02:00'],
    ],
    ['2024-02-20T09:30:00', '2024-02-30T09:30:00Z', '2024-02-20', ''],
    [1708421400],
  ],
  [
    'Decimal',
    [
      ['809.00', '809.00'],
      ['-5', '-5'],
      ['-0.00', '0.00'],
      ['007', '7'],
      [100, '100'],
      [-100, '-100'],
      [2 ** 53 - 1, '9007199254740991'],
      ['9007199254740993.10', '9007199254740993.10'],
    ],
    ['1,000', '$5', '1e3', '.5', '', '5.', '--5', '+5', ' 5', '5\n', 'NaN', 'Infinity', '٥', '0x10'],
    [1.5, 2 ** 60, true, Number.NaN, Number.POSITIVE_INFINITY],
  ],
  [
    'PhoneNumber',
    [
      ['678-932-1578', '+16789321578'],
      ['(678) 932 1578', '+16789321578'],
      ['+16789321578', '+16789321578'],
      ['+442079460958', '+442079460958'],
    ],
    ['123456', 'home', '', '+', '678-932-157', '1'.repeat(300)],
    [6789321578],
  ],
  [
    'SSN',
    [
      ['111-22-3333', '111-22-3333'],
      ['111223333', '111-22-3333'],
    ],
    ['3333', '000-00-0000', '111-22-333', '***-**-3333', '111 22 3333', '1112233334', ''],
    [111223333],
  ],
];

describe.each(texts)('%s', (name, accepted, malformed, otherJson) => {
  it.each(accepted)('accepts %j as %j', (value, read) => {
    expect(scalar(name).parseValue(value)).toBe(read);
  });

  it('lets any other text in as Malformed, which names one and the same form and does not hold the text', () => {
    const read = malformed.map((value) => scalar(name).parseValue(value));
    const all = new Set(read.map((one) => messageOf(() => one)));
    expect(all).toEqual(new Set([expect.stringMatching(/^Malformed: expected (?:a|nine) /)]));
    for (const one of read) expect(Object.keys(Object(one))).toEqual(['expected']);
  });

  it("names an example that is nobody's number, so that the whole message can be shown", () => {
    const { expected } = scalar(name).parseValue(malformed[0]) as Malformed;
    expect(createRedactor().text(`${expected}.`)).toBe(`${expected}.`);
  });

  it('reads a literal in the same way', () => {
    const literal = (value: string) => scalar(name).parseLiteral(parseValue(JSON.stringify(value)));
    for (const [value, read] of accepted) if (typeof value === 'string') expect(literal(value)).toBe(read);
    for (const value of malformed) expect(literal(value)).toBeInstanceOf(Malformed);
  });

  it('refuses what is no text by one and the same sentence, which holds no value', () => {
    const messages = [...otherJson, null, undefined, {}, [], ['2024-02-20'], { a: '111-22-3333' }].map(
      (value) => messageOf(() => scalar(name).parseValue(value)),
    );
    expect(new Set(messages)).toEqual(new Set([expect.stringMatching(`^${name}: expected [^0-9]`)]));
  });
});

describe.each([
  ['CardNumber', '4242 4242 4242 4242', Secret],
  ['SecurityCode', '7391', SecurityCode],
] as const)('%s', (name, value, Kind) => {
  it('takes any text from a variable, and shows it nowhere', () => {
    const read = scalar(name).parseValue(value);
    expect(read).toBeInstanceOf(Kind);
    expect(read instanceof Secret && read.reveal()).toBe(value);
    expect(inspect(read, { showHidden: true, customInspect: false })).not.toContain(value);
  });

  it('refuses what is no text', () => {
    const messages = [4242424242424242, 7391, null, undefined, true, {}, [value]].map((one) =>
      messageOf(() => scalar(name).parseValue(one)),
    );
    expect(new Set(messages)).toEqual(new Set([`${name}: expected digits as a string.`]));
  });

  it('refuses whatever stands in the document', () => {
    const literals = [
      JSON.stringify(value),
      `"""${value}"""`,
      '4242424242424242',
      '7.391',
      `[7391]`,
      '{ a: 7391 }',
      'A7391',
      'null',
      'true',
    ];
    const messages = literals.map((literal) =>
      messageOf(() => scalar(name).parseLiteral(parseValue(literal))),
    );
    expect(new Set(messages)).toEqual(new Set([`${name}: expected a variable, since documents are kept.`]));
  });

  it('is not given out', () => {
    expect(messageOf(() => scalar(name).serialize(new Kind(value)))).toBe(`${name}: never shown.`);
    expect(messageOf(() => scalar(name).serialize(value))).toBe(`${name}: never shown.`);
  });

  it('is no type of any field', () => {
    const showing = Object.values(schema.getTypeMap()).flatMap((type) =>
      'getFields' in type && !('isOneOf' in type)
        ? Object.values(type.getFields()).filter((field) => getNamedType(field.type).name === name)
        : [],
    );
    expect(showing).toEqual([]);
  });
});

/** The arguments of queries that have the form of a scalar of ours. */
const formed = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(({ name: field, args }) =>
  args
    .filter(({ type }) => texts.some(([name]) => name === getNamedType(type).name))
    .map(({ name: argument, type }) => ({ field, argument, type: String(type) })),
);

describe('a query', () => {
  it('takes arguments that have a form', () => {
    expect(formed.length).toBeGreaterThanOrEqual(2);
  });

  it.each(formed)('$field refuses a malformed $argument', async ({ field, argument, type }) => {
    const { query, calls } = await startGateway();
    const values = ['QZXCANARYXZQ', '111-22-333'];
    const selection = `{ ${field}(${argument}: $v) { __typename } }`;
    const replies = [
      ...(await Promise.all(values.map((v) => query(`query ($v: ${type}) ${selection}`, { v })))),
      ...(await Promise.all(values.map((v) => query(selection.replace('$v', JSON.stringify(v)))))),
    ];
    for (const reply of replies) {
      expect(reply).toMatchObject({ status: 200, data: { [field]: null } });
      expect(reply.errors).toEqual([
        {
          message: expect.stringMatching(`^${argument}: expected [^"]+\\.$`),
          path: [field],
          locations: [expect.anything()],
          extensions: { code: 'BAD_USER_INPUT', argument },
        },
      ]);
    }
    expect(values.filter((value) => JSON.stringify(replies).includes(value))).toEqual([]);
    expect(calls()).toEqual([]);
  });
});
