import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/telemetry/redaction/redact.ts';
import { Secret } from '../../src/values/secret.ts';

const redactor = createRedactor();
const shown = (value: unknown): string => JSON.stringify(redactor.value(value));

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

  it('are cut so that the rest reveals nothing', () => {
    for (let length = 15_900; length <= 16_100; length += 1) {
      const text = `${'a '.repeat(length / 2)}4242424242424242`;
      expect(redactor.text(text)).not.toContain('4242');
    }
  });
});

describe('an error', () => {
  it('is its name, its code and where it was thrown, and so are its causes', () => {
    const cause = Object.assign(new TypeError('of R1001'), { code: 'ECONNRESET' });
    const redacted = redactor.value(new RangeError('no R1001', { cause })) as Record<string, unknown>;
    expect(redacted).toEqual({
      name: 'RangeError',
      at: expect.arrayContaining([
        expect.stringMatching(/^at .*test\/redaction\/values\.test\.ts:\d+:\d+\)?$/),
      ]),
      cause: { name: 'TypeError', code: 'ECONNRESET', at: expect.arrayContaining([expect.any(String)]) },
    });
    expect(JSON.stringify(redacted)).not.toContain('R1001');
  });

  it('contains no path of the program', () => {
    expect(shown(new Error('no'))).not.toContain(process.cwd());
  });
});
