import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Secret, SecurityCode } from './secret.ts';

const value = '4242424242424242';

/** Returns the output of a function that writes to a stream. */
const written = (write: (stream: Writable) => void): string => {
  const chunks: string[] = [];
  write(
    new Writable({
      write: (chunk, _, done) => {
        chunks.push(String(chunk));
        done();
      },
    }),
  );
  return chunks.join('');
};

const thrown = (act: () => unknown): string => {
  try {
    return String(act());
  } catch (error) {
    return inspect(error);
  }
};

const ways: readonly (readonly [string, (secret: Secret) => unknown])[] = [
  ['String()', (secret) => String(secret)],
  ['a template', (secret) => `${secret}`],
  ['an addition', (secret) => ['', secret].join('')],
  ['a number', (secret) => Number(secret)],
  ['JSON', (secret) => JSON.stringify(secret)],
  ['JSON of what holds it', (secret) => JSON.stringify({ card: [{ number: secret }] })],
  ['inspect', (secret) => inspect(secret)],
  [
    'inspect of what holds it, with all that is hidden',
    (secret) => inspect({ card: new Map([[secret, [secret]]]) }, { showHidden: true, depth: null }),
  ],
  ['inspect without the custom way', (secret) => inspect(secret, { customInspect: false, showHidden: true })],
  ['inspect with getters', (secret) => inspect(secret, { customInspect: false, getters: true })],
  [
    'format',
    (secret) =>
      format('%s %d %i %f %j %o %O %c', secret, secret, secret, secret, secret, secret, secret, secret),
  ],
  [
    'console',
    (secret) => written((stream) => new Console(stream).log('card %s', secret, { secret }, [secret])),
  ],
  ['console.dir', (secret) => written((stream) => new Console(stream).dir({ secret }, { showHidden: true }))],
  ['console.table', (secret) => written((stream) => new Console(stream).table([{ secret }]))],
  [
    'a log',
    (secret) => written((stream) => pino(stream).error({ secret, card: { secret } }, 'card %s', secret)),
  ],
  ['structuredClone', (secret) => inspect(structuredClone(secret), { showHidden: true })],
  ['serialize', (secret) => serialize({ secret }).toString('latin1')],
  ['keys', (secret) => Object.keys(secret)],
  ['entries', (secret) => Object.entries(secret)],
  ['own properties', (secret) => Reflect.ownKeys(secret).map(String)],
  ['a copy', (secret) => inspect({ ...secret })],
  ['assign', (secret) => inspect(Object.assign({}, secret))],
  ['the message of an error', (secret) => inspect(new Error(`card ${secret}`, { cause: secret }))],
  ['an error that was thrown', (secret) => thrown(() => Reflect.apply(Map.prototype.get, secret, []))],
];

describe.each([
  ['Secret', Secret],
  ['SecurityCode', SecurityCode],
])('%s', (_, Kind) => {
  it.each(ways)('is not shown by %s', (_way, show) => {
    const shown = inspect(show(new Kind(value)), { depth: null, maxStringLength: null });
    expect(shown).not.toContain(value);
    expect(shown).not.toContain(value.slice(0, 6));
  });

  it('reveal: returns the value', () => {
    expect(new Kind(value).reveal()).toBe(value);
  });

  it('is recognized as a secret', () => {
    expect(`${new Kind(value)}`).toBe('(secret)');
    expect(JSON.stringify({ number: new Kind(value) })).toBe('{"number":"(secret)"}');
  });
});

it('SecurityCode: is distinguished from other secrets', () => {
  expect(new SecurityCode('111')).toBeInstanceOf(Secret);
  expect(new Secret('111')).not.toBeInstanceOf(SecurityCode);
});
