import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact.ts';
import { Secret } from '../../src/values/secret.ts';
import { formsOf } from '../crash/canary-forms.ts';
import { canaries, casings, encodings, positions, tells, under } from './canaries.ts';

const redactor = createRedactor();
const shown = (value: unknown): string => JSON.stringify(redactor.value(value));

const depths = Array.from({ length: 13 }, (_, depth) => depth);

const anyOf = <Value>(table: Readonly<Record<string, Value>>) =>
  fc.constantFrom(...Object.entries(table)).map(([name, value]) => ({ name, value }));

describe('what its form tells to be secret', () => {
  it.each(Object.keys(canaries))(
    'is masked in every position, at every depth, in every encoding: %s',
    (name) => {
      const { text, secret } = canaries[name] ?? { text: '', secret: '' };
      const leaks: string[] = [];
      let combinations = 0;
      for (const [casing, cased] of Object.entries(casings)) {
        for (const [encoding, encode] of Object.entries(encodings)) {
          const written = encode(cased(text));
          for (const [position, place] of Object.entries(positions)) {
            // Every depth for what is written plainly; one after the other for the encodings.
            combinations += 1;
            for (const depth of encoding === 'plain' ? depths : [combinations % depths.length]) {
              const line = shown(under(depth, place(written)));
              if (tells(line, secret, written)) leaks.push(`${casing}, ${encoding}, ${position}, ${depth}`);
            }
          }
        }
      }
      expect(leaks).toEqual([]);
    },
  );

  it('is masked beside whatever else stands in the text', () => {
    const beside = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .map((text) => text.replace(/[\p{L}\p{N}]$/u, ''));
    fc.assert(
      fc.property(anyOf(canaries), anyOf(positions), beside, beside, (canary, position, before, after) => {
        const { text, secret } = canary.value;
        const line = shown(position.value(`${before} ${text} ${after}`));
        expect(tells(line, secret, text)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

const names = [
  'ssn',
  'socialSecurityNumber',
  'card',
  'cardNumber',
  'pan',
  'cvv',
  'cvc',
  'securityCode',
  'accountNumber',
  'routingNumber',
  'password',
  'pin',
  'apiKey',
  'token',
  'accessToken',
  'authorization',
  'cookie',
  'secret',
  'dateOfBirth',
  'birthday',
  'dob',
  'idempotencyKey',
  'clientSecret',
  'userPassword',
  'refreshToken',
  'debtorSsn',
] as const;

const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter}`);

const stylesOf = (name: string): string[] => [
  name,
  name.toLowerCase(),
  name.toUpperCase(),
  words(name).replaceAll(' ', '_').toLowerCase(),
  words(name).replaceAll(' ', '-').toUpperCase(),
  words(name),
  `x-${name}`,
  `customer${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
  `${name}s`,
  `${name}2`,
];

describe('what stands under the name of a secret', () => {
  const values = [
    'swordfish',
    9738,
    9738n,
    ['swordfish'],
    { a: { b: 'swordfish' } },
    new Map([['a', 'swordfish']]),
  ];

  it.each(names)('is masked however the name is written: %s', (name) => {
    for (const style of stylesOf(name)) {
      for (const value of values) {
        const places = [
          { [style]: value },
          new Map([[style, value]]),
          [style, value],
          { name: style, value },
        ];
        for (let depth = 0; depth <= 12; depth += 1) {
          for (const place of places) expect(shown(under(depth, place))).not.toMatch(/swordfish|9738/);
        }
      }
    }
  });

  it.each(names)('is masked inside a text: %s', (name) => {
    for (const style of stylesOf(name).filter((one) => !one.includes(' '))) {
      for (const text of [
        JSON.stringify({ [style]: 'blue "marlin"' }),
        JSON.stringify(JSON.stringify({ [style]: 'blue "marlin"' })),
        JSON.stringify({ [style]: 9738 }),
        `${style}=marlin`,
        `a=1&${style}=marlin&b=2`,
        `${style}: 9738`,
      ]) {
        expect(redactor.text(text)).not.toMatch(/marlin|9738/);
      }
    }
  });

  it('says that nothing is there, or yes or no', () => {
    const flags = { ssn: null, token: true, card: false };
    expect(redactor.value(flags)).toEqual(flags);
  });

  it.each([
    'operation',
    'spinner',
    'tokenCount',
    'spin',
    'wildcard',
    'timespan',
    'discard',
    'shipping',
    'panel',
  ])('is not what stands under %s', (name) => {
    expect(redactor.value({ [name]: 'runPayment' })).toEqual({ [name]: 'runPayment' });
  });
});

describe('a configured secret', () => {
  const printable = fc.string({ minLength: 6, maxLength: 40 }).filter((text) => text.trim().length >= 6);

  it('is masked in whatever way it is written, in whatever stands around it', () => {
    fc.assert(
      fc.property(printable, fc.string(), fc.string(), (given, before, after) => {
        const secret = given.trim();
        const own = createRedactor({ secrets: [given] });
        const whole = `${before}${secret}${after}`;
        const encoded = [
          secret.toLowerCase(),
          secret.toUpperCase(),
          encodeURIComponent(secret),
          new URLSearchParams({ a: secret }).toString().slice(2),
          JSON.stringify(secret).slice(1, -1),
          ...formsOf(secret),
        ];
        for (const form of encoded) expect(own.text(`${before}${form}${after}`).includes(form)).toBe(false);
        for (const encoding of ['base64', 'base64url', 'hex'] as const) {
          const masked = own.text(Buffer.from(whole).toString(encoding));
          for (const form of formsOf(secret)) expect(masked.includes(form)).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is masked as the bytes that a hexadecimal key stands for', () => {
    const key = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
    const own = createRedactor({ secrets: [key] });
    const bytes = Buffer.from(key, 'hex');
    expect(own.text(`key ${bytes.toString('base64')}`)).toMatch(/^key ….{0,2}$/);
    expect(own.text(`key ${key.toUpperCase()}`)).toBe('key …');
  });

  it.each(['value', 'key', 'item of a list', 'value of a map', 'toJSON', 'code of an error'])(
    'is masked in this position: %s',
    (position) => {
      const own = createRedactor({ secrets: ['zoo8', 'Open Sesame'] });
      for (const form of ['zoo8', 'ZOO8', 'open sesame', 'Open+Sesame', 'em9vOA']) {
        const line = JSON.stringify(own.value(under(3, positions[position]?.(`is ${form}.`))));
        expect(line).not.toContain(form);
      }
    },
  );

  it('is masked as a number', () => {
    expect(createRedactor({ secrets: ['8642'] }).value({ given: 8642, n: 86 })).toEqual({
      given: '…',
      n: 86,
    });
  });

  it('that is too short to be told from any word is left', () => {
    expect(createRedactor({ secrets: ['p', ''] }).text('a plan')).toBe('a plan');
  });
});

describe('numbers', () => {
  it.each([4242424242424242, 219099999, 4242424242424242n, -219099999, 1e21, 219099999.5])(
    'masks %s',
    (number) => {
      expect(redactor.value({ number })).toEqual({ number: '…' });
    },
  );

  it.each([0, 12, 57062885, -3, 12.5])('leaves %s', (number) => {
    expect(redactor.value({ number })).toEqual({ number });
  });

  it('leaves times in milliseconds under the name that they have here, and nothing else', () => {
    expect(redactor.value({ time: 1795299263878 })).toEqual({ time: 1795299263878 });
    expect(redactor.value({ time: 4242424242424242 })).toEqual({ time: '…' });
    expect(redactor.value({ at: 1795299263878 })).toEqual({ at: '…' });
  });

  it('takes the digits off that a fraction could hide', () => {
    expect(redactor.value(0.4242424242424242)).toBe(0.424);
  });
});

describe('values of all kinds', () => {
  it('never throw and always can be written as JSON', () => {
    const anything = fc.anything({
      maxDepth: 6,
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expect(() => JSON.stringify(redactor.value(value))).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });

  const throwing = (): never => {
    throw new Error('4242424242424242');
  };
  const cycle: Record<string, unknown> = { a: 1 };
  cycle['self'] = cycle;
  const proxy = new Proxy({}, { get: throwing, ownKeys: throwing, getPrototypeOf: throwing, has: throwing });
  const deep = Array.from({ length: 5000 }).reduce<unknown>((held) => ({ held }), 'end');

  it.each<[string, unknown, unknown]>([
    ['a cycle', cycle, { a: 1, self: '(cycle)' }],
    ['the same twice', [cycle['a'], [cycle['a']]], [1, [1]]],
    [
      'a getter that throws',
      Object.defineProperty({ a: 1 }, 'b', { enumerable: true, get: throwing }),
      { a: 1, b: '(unreadable)' },
    ],
    ['a proxy that throws', { proxy }, { proxy: '(unreadable)' }],
    ['a toJSON that throws', { a: { toJSON: throwing } }, { a: '(unreadable)' }],
    [
      'a toJSON that gives itself',
      {
        toJSON() {
          return this;
        },
      },
      '(cycle)',
    ],
    ['a secret', { a: new Secret('swordfish') }, { a: '(secret)' }],
    [
      'bytes',
      [Buffer.from('swordfish'), new Uint16Array(2), new ArrayBuffer(3)],
      ['(9 bytes)', '(4 bytes)', '(3 bytes)'],
    ],
    ['dates', [new Date(0), new Date(Number.NaN)], ['1970-01-01T00:00:00.000Z', '(no date)']],
    ['a symbol and a function', [Symbol('swordfish'), throwing], ['(symbol)', '(function)']],
    ['no numbers', [Number.NaN, Number.POSITIVE_INFINITY], ['NaN', 'Infinity']],
    ['an address', new URL('https://a.example/b?c=d'), 'https://a.example/b?…'],
    ['a key __proto__', JSON.parse('{"__proto__":{"ssn":"x"}}'), JSON.parse('{"__proto__":{"ssn":"…"}}')],
  ])('are made readable: %s', (_, value, readable) => {
    expect(redactor.value(value)).toEqual(readable);
  });

  it('are cut where they are too deep, too many or too long', () => {
    expect(shown(deep)).toContain('(deeper)');
    expect(shown(Array(5000).fill(1)).length).toBeLessThan(3000);
    expect(shown(Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`a${index}`, 1])))).toContain(
      '(more)',
    );
    const wide = Array(900).fill(Array(900).fill(1));
    expect(shown(wide).length).toBeLessThan(40_000);
    expect(redactor.text('a '.repeat(100_000)).length).toBeLessThan(17_000);
    expect(shown(Array(100).fill('a '.repeat(10_000))).length).toBeLessThan(300_000);
  });

  it('are cut so that nothing is told by the part that is left', () => {
    for (let length = 15_900; length <= 16_100; length += 1) {
      const text = `${'a '.repeat(length / 2)}4242424242424242`;
      expect(redactor.text(text)).not.toContain('4242');
    }
  });
});

describe('an error', () => {
  it('is its name, its code and where it was thrown, and so are its causes', () => {
    const cause = Object.assign(new TypeError('of R1001'), { code: 'ECONNRESET' });
    const told = redactor.value(new RangeError('no R1001', { cause })) as Record<string, unknown>;
    expect(told).toEqual({
      name: 'RangeError',
      at: expect.arrayContaining([
        expect.stringMatching(/^at .*test\/redaction\/redact\.test\.ts:\d+:\d+\)?$/),
      ]),
      cause: { name: 'TypeError', code: 'ECONNRESET', at: expect.arrayContaining([expect.any(String)]) },
    });
    expect(JSON.stringify(told)).not.toContain('R1001');
  });

  it('tells nothing of where the program lies', () => {
    expect(shown(new Error('no'))).not.toContain(process.cwd());
  });
});
