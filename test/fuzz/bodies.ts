import { gzipSync } from 'node:zlib';
import type { Random } from '../../src/sandbox/random.ts';
import { broken, brokenBytes, randomBytes } from './broken-text.ts';
import { oneOf, times } from './chance.ts';
import type { Asked } from './documents.ts';
import { anyJson, hugeJson, jsonOf } from './values.ts';

type Make = (random: Random, canary: string, asked: Asked) => Buffer | string;

const extensionsFor = (random: Random, canary: string): unknown =>
  oneOf(random, [
    { persistedQuery: { version: 1, sha256Hash: canary } },
    { persistedQuery: canary },
    { persistedQuery: { sha256Hash: { [canary]: 1 } } },
    canary,
    [],
    null,
  ]);

/** Requests of GraphQL of which one member is of another kind than it must be. */
const odd: Make = (random, canary, asked) => {
  const member = oneOf(random, ['query', 'variables', 'operationName', 'extensions', 'documentId', canary]);
  const value = member === 'extensions' ? extensionsFor(random, canary) : anyJson(random, canary);
  return jsonOf({ ...asked, [member]: value });
};

/** Variables that are none, or others than were declared. */
export const withOddVariables: Make = (random, canary, asked) => {
  const names = Object.keys(asked.variables);
  const value = random.chance(0.1) ? hugeJson(random, canary) : anyJson(random, canary);
  if (names.length === 0 || random.chance(0.2)) return jsonOf({ ...asked, variables: value });
  return jsonOf({ ...asked, variables: { ...asked.variables, [oneOf(random, names)]: value } });
};

const wholes: readonly Make[] = [
  () => '',
  () => ' ',
  () => 'null',
  () => '1',
  () => '""',
  () => '{}',
  () => '[]',
  (_, canary) => JSON.stringify(canary),
  (_, canary) => canary,
  (random, canary) => jsonOf(anyJson(random, canary, 4)),
  (_, __, asked) => jsonOf([asked]),
  (_, __, asked) => jsonOf(times(20, () => asked)),
  (random, _, asked) => jsonOf([asked, oneOf(random, [null, 1, 'x', []])]),
  (random) =>
    oneOf(random, ['[', '{"a":', '"', '[[', '{"query":"']).repeat(oneOf(random, [1, 1000, 100_000])),
  (_, canary, asked) => `{"query":"${canary}","query":${JSON.stringify(asked.query)},"query":1}`,
  (_, canary, asked) => `{"__proto__":{"query":"${canary}"},"query":${JSON.stringify(asked.query)}}`,
  (_, __, asked) => `\ufeff${jsonOf(asked)}`,
  (_, __, asked) => Buffer.from(`\ufeff${jsonOf(asked)}`, 'utf16le'),
  (_, __, asked) => Buffer.from(jsonOf(asked), 'utf16le'),
  (_, __, asked) => Buffer.concat([Buffer.from([0xff, 0xfe, 0xc3, 0x28]), Buffer.from(jsonOf(asked))]),
  (_, __, asked) => gzipSync(jsonOf(asked)),
  (_, canary) => gzipSync(canary.repeat(60_000)),
  (_, __, asked) => new URLSearchParams({ query: asked.query }).toString(),
  (_, canary, asked) =>
    `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${jsonOf(asked)}\r\n--x\r\nContent-Disposition: form-data; name="0"; filename="${canary}"\r\n\r\n${canary}\r\n--x--`,
  (_, __, asked) => asked.query,
  (random, canary, asked) =>
    jsonOf({ ...asked, [canary]: 'x'.repeat(oneOf(random, [900_000, 999_990, 1_000_001])) }),
  (random) =>
    Buffer.alloc(oneOf(random, [1_000_000, 1_000_001, 3_000_000]), oneOf(random, [0x20, 0x5b, 0x00, 0xff])),
  (random) => randomBytes(random, 2000),
];

/** Bodies that are no request of GraphQL, or one in an odd form. */
export const oddBody: Make = (random, canary, asked) => {
  switch (random.integer(0, 4)) {
    case 0:
      return odd(random, canary, asked);
    case 1:
      return broken(random, jsonOf(asked));
    case 2:
      return brokenBytes(random, Buffer.from(jsonOf(asked)));
    default:
      return oneOf(random, wholes)(random, canary, asked);
  }
};
