import type { z } from 'zod';
import * as checks from '../../src/schema/kit/checks.ts';
import { Malformed } from '../../src/values/malformed.ts';
import { Secret, SecurityCode } from '../../src/values/secret.ts';

// The days are as of 29 February 2024.

const malformed = new Malformed('a form');
const malformedText = ['Expected a form.', [malformed]] as const;
const notText = ['Expected another value.', [undefined, null, 5, {}, []]] as const;

const secret = (digits: string) => new Secret(digits);
const code = (digits: string) => new SecurityCode(digits);

const oneLine = (most: number) => `Expected 1 to ${most} characters, and not only blanks, on one line.`;
const severalLines = 'Expected 1 to 10 characters, and not only blanks.';
const controls = [
  'a\u0000b',
  'a\u001bb',
  'a\u007fb',
  'a\u0085b',
  '\u202ea',
  'a\u2066b',
  'a\ud800',
  '\udc00a',
  'a\ue000',
];

/** A check, its values for valid inputs, and its messages for all others. A secret is written as its content. */
type Row = readonly [
  name: string,
  schema: z.ZodType,
  accepted: readonly (readonly [input: unknown, output: unknown])[],
  refused: readonly (readonly [sentence: string, inputs: readonly unknown[]])[],
];

const texts: readonly Row[] = [
  [
    'text',
    checks.text(10),
    [
      ['a', 'a'],
      ['  Zaphod B. ', 'Zaphod B.'],
      ['0123456789', '0123456789'],
      [' 0123456789\r\n', '0123456789'],
      ['株式会社', '株式会社'],
      ['<b>\'";</b>', '<b>\'";</b>'],
      ['🙂🙂🙂🙂🙂', '🙂🙂🙂🙂🙂'],
    ],
    [[oneLine(10), ['', ' ', '\t\n', '01234567890', 'a\nb', 'a\rb', 'a\tb', '🙂🙂🙂🙂🙂🙂', ...controls]]],
  ],
  [
    'textOrNothing',
    checks.textOrNothing(10),
    [
      ['', ''],
      ['  ', ''],
      [' a ', 'a'],
    ],
    [['Expected at most 10 characters, on one line.', ['01234567890', 'a\nb', ...controls]]],
  ],
  [
    'longText',
    checks.longText(10),
    [
      ['a\r\nb\rc\n', 'a\nb\nc'],
      ['a\tb', 'a\tb'],
    ],
    [[severalLines, ['', ' \n ', '01234567890', ...controls]]],
  ],
  [
    'longTextOrNothing',
    checks.longTextOrNothing(10),
    [
      ['\r\n', ''],
      ['a\nb', 'a\nb'],
    ],
    [['Expected at most 10 characters.', ['01234567890', ...controls]]],
  ],
  [
    'idempotencyKey',
    checks.idempotencyKey,
    [
      [' a ', ' a '],
      ['~!"§'.slice(0, 3), '~!"'],
      ['k'.repeat(255), 'k'.repeat(255)],
    ],
    [
      [
        'Expected 1 to 255 printable characters of ASCII.',
        ['', ' ', 'k'.repeat(256), 'a\n', 'a\tb', 'schlüssel', 'ａ', ...controls],
      ],
    ],
  ],
];

const identifiers: readonly Row[] = [
  [
    'fileNumber',
    checks.fileNumber,
    [
      ['r1001', 'R1001'],
      [' R1001 ', 'R1001'],
      ['A-1_b.2', 'A-1_B.2'],
      ['9'.repeat(50), '9'.repeat(50)],
    ],
    [
      [
        'Expected at most 50 letters and digits, as in R1001.',
        [
          '',
          ' ',
          '-1',
          '.',
          '..',
          '../1',
          'R1/2',
          'R 1',
          'R%31',
          'R1?',
          'R1#',
          'Ä1',
          '١',
          'R1\u0000',
          '9'.repeat(51),
        ],
      ],
    ],
  ],
  [
    'id',
    checks.id,
    [
      ['1', '1'],
      [' 007 ', '7'],
      ['000', '0'],
      ['999999999999999', '999999999999999'],
    ],
    [
      [
        'Expected a number of at most 15 digits.',
        [
          '',
          ' ',
          '-1',
          '+1',
          '1.0',
          '1e5',
          '0x1',
          '1 2',
          '1/2',
          '../1',
          '1;',
          '١٢',
          '１',
          'one',
          '1234567890123456',
        ],
      ],
    ],
  ],
  [
    'numericIdCheck',
    checks.numericIdCheck,
    [
      ['007', 7],
      ['999999999999999', 999_999_999_999_999],
    ],
    [['Expected a number of at most 15 digits.', ['', 'x', '1234567890123456']]],
  ],
  [
    'vehicleNumber',
    checks.vehicleNumber,
    [
      [' 1hgcm82633a004352 ', '1HGCM82633A004352'],
      ['us-abc12345c606', 'US-ABC12345C606'],
    ],
    [
      [
        'Expected a VIN of 17 letters and digits without I, O and Q, or another number of 5 to 25.',
        ['', 'ABCD', '1HGCM82633A00435I', 'A'.repeat(26), 'ABC 12', 'ABC12\u0000'],
      ],
    ],
  ],
];

const days: readonly Row[] = [
  [
    'date',
    checks.date,
    [
      ['1900-01-02', '1900-01-02'],
      ['2100-12-31', '2100-12-31'],
    ],
    [
      malformedText,
      notText,
      ['Expected a date from 1900 to 2100.', ['1899-12-30', '2101-01-01', '0001-01-01', '9999-12-31']],
    ],
  ],
  [
    'dateOfBirth',
    checks.dateOfBirth,
    [
      ['1900-01-02', '1900-01-02'],
      ['2024-02-29', '2024-02-29'],
    ],
    [
      malformedText,
      notText,
      ['Expected a date from 1900 to today.', ['1899-12-30', '2024-03-01', '2100-01-01']],
    ],
  ],
  ['time', checks.time, [['09:30', '09:30']], [malformedText, notText]],
  [
    'modelYear',
    checks.modelYear,
    [
      [' 2014 ', '2014'],
      ['1900', '1900'],
      ['2099', '2099'],
    ],
    [['Expected a year, as in 2014.', ['', '14', '1899', '2100', '20144', '2014.0', '２０１４']]],
  ],
];

const moneyMost = '999999999.99';
const tooMuch = ['1000000000', '12345678901234567890', '9'.repeat(400)];

const numbers: readonly Row[] = [
  [
    'amount',
    checks.amount,
    [
      ['100', '100.00'],
      ['0.5', '0.50'],
      ['0.01', '0.01'],
      [moneyMost, moneyMost],
    ],
    [
      malformedText,
      notText,
      [
        'Expected an amount above zero, with at most two decimals.',
        ['0', '0.00', '-1', '0.001', '1.000', ...tooMuch],
      ],
    ],
  ],
  [
    'amountOrZero',
    checks.amountOrZero,
    [
      ['0', '0.00'],
      ['5.5', '5.50'],
      [moneyMost, moneyMost],
    ],
    [
      malformedText,
      notText,
      [
        'Expected an amount that is not below zero, with at most two decimals.',
        ['-0.01', '0.001', ...tooMuch],
      ],
    ],
  ],
  [
    'signedAmount',
    checks.signedAmount,
    [
      ['-5', '-5.00'],
      ['0', '0.00'],
      [`-${moneyMost}`, `-${moneyMost}`],
    ],
    [
      malformedText,
      notText,
      ['Expected an amount with at most two decimals.', ['0.001', '-0.001', '--5', ...tooMuch]],
    ],
  ],
  [
    'percentage',
    checks.percentage,
    [
      ['0', '0'],
      ['12.3456', '12.3456'],
      ['99999', '99999'],
    ],
    [
      malformedText,
      notText,
      [
        'Expected a percentage that is not below zero, with at most four decimals.',
        ['-1', '1.23456', '100000', ...tooMuch],
      ],
    ],
  ],
  [
    'degrees',
    checks.degrees(90),
    [
      [-90, -90],
      [0, 0],
      [42.795435, 42.795435],
    ],
    [['Expected degrees from -90 to 90.', [90.1, -90.000001, 1e308, -1e308]]],
  ],
  [
    'integer',
    checks.integer(1, 12),
    [
      [1, 1],
      [12, 12],
    ],
    [['Expected a whole number from 1 to 12.', [0, 13, -1, 2_147_483_647, -2_147_483_648]]],
  ],
  [
    'flagCheck',
    checks.flagCheck,
    [
      [true, 1],
      [false, 0],
    ],
    [],
  ],
];

const people: readonly Row[] = [
  ['ssn', checks.ssn, [['111-22-3333', '111-22-3333']], [malformedText, notText]],
  ['ssnDigits', checks.ssnDigits, [['111-22-3333', '111223333']], [malformedText, notText]],
  [
    'phoneNumber',
    checks.phoneNumber,
    [['+16789321578', '678-932-1578']],
    [
      malformedText,
      notText,
      ['Expected a number of North America, as in 678-932-1578.', ['+442079460958', '+1678', '']],
    ],
  ],
  [
    'phoneDigits',
    checks.phoneDigits,
    [['+16789321578', '6789321578']],
    [malformedText, notText, ['Expected a number of North America, as in 678-932-1578.', ['+442079460958']]],
  ],
  [
    'state',
    checks.state,
    [
      ['OH', 'OH'],
      [' oh ', 'OH'],
    ],
    [['Expected the two letters of a state, as in OH.', ['', 'O', 'OHI', 'O1', 'Ö1', 'ＯＨ', 'O\u0000']]],
  ],
  [
    'zipCode',
    checks.zipCode,
    [
      [' 43215 ', '43215'],
      ['43215-1234', '43215-1234'],
      ['432151234', '432151234'],
    ],
    [
      [
        'Expected a ZIP code of five or nine digits.',
        ['', '4321', '432156', '43215-', '43215-123', '４３２１５', 'K1A 0B1'],
      ],
    ],
  ],
  [
    'emailAddress',
    checks.emailAddress,
    [[' zaphod@example.net ', 'zaphod@example.net']],
    [
      [
        'Expected an e-mail address.',
        [
          '',
          'zaphod',
          'zaphod@',
          '@example.net',
          'zaphod@example',
          'a b@example.net',
          'a@b@example.net',
          `${'a'.repeat(250)}@b.de`,
        ],
      ],
      ['Expected an e-mail address.', controls.map((text) => `${text}@example.net`)],
    ],
  ],
  [
    'emailAddressOrNothing',
    checks.emailAddressOrNothing,
    [
      ['', ''],
      [' ', ''],
      ['a@b.de', 'a@b.de'],
    ],
    [
      [
        'Expected an e-mail address, or an empty text.',
        ['zaphod', 'a@b', ...controls, ...controls.map((text) => `${text}@example.net`)],
      ],
    ],
  ],
];

const ofPayment: readonly Row[] = [
  [
    'cardNumber',
    checks.cardNumber,
    [
      [secret('4242424242424242'), { secret: '4242424242424242' }],
      [secret(' 4242 4242-4242 4242 '), { secret: '4242424242424242' }],
      [secret('378282246310005'), { secret: '378282246310005' }],
    ],
    [
      [
        'Expected a card number of 12 to 19 digits whose check digit fits.',
        [
          ...['4242424242424241', '42424242426', '0000000000000000', '4242.4242.4242.4242', 'card', ''].map(
            secret,
          ),
          '4242424242424242',
          4242424242424242,
          undefined,
          malformed,
        ],
      ],
    ],
  ],
  [
    'securityCode',
    checks.securityCode,
    [
      [code('123'), { secret: '123' }],
      [code('0000'), { secret: '0000' }],
    ],
    [
      [
        'Expected three or four digits.',
        [...['', '12', '12345', '12a', ' 123', '123\n', '１２３'].map(code), secret('123'), '123', undefined],
      ],
    ],
  ],
  [
    'routingNumber',
    checks.routingNumber,
    [[' 021000021 ', { secret: '021000021' }]],
    [
      [
        'Expected a routing number of nine digits whose check digit fits.',
        ['', '021000020', '012345678', '000000000', '0210-0002-1', '02100002'],
      ],
    ],
  ],
  [
    'bankAccountNumber',
    checks.bankAccountNumber,
    [
      [' 0012 ', { secret: '0012' }],
      ['12345678901234567', { secret: '12345678901234567' }],
    ],
    [
      [
        'Expected an account number of 4 to 17 digits.',
        ['', '123', '123456789012345678', '12-34', '1234a', '١٢٣٤'],
      ],
    ],
  ],
];

export const checkRows: readonly Row[] = [
  ...texts,
  ...identifiers,
  ...days,
  ...numbers,
  ...people,
  ...ofPayment,
];
