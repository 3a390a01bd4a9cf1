import type { Random } from '../../src/sandbox/random.ts';
import { oddBody, withOddVariables } from './bodies.ts';
import { broken, randomBytes } from './broken-text.ts';
import { newCanary } from './canary.ts';
import { byShare, oneOf, randomFor, type Shares } from './chance.ts';
import { type Asked, writeMutation, writeQuery } from './documents.ts';
import { accepts, type Header, someExtras } from './headers.ts';
import { oddDocument } from './odd-documents.ts';
import { rawPieces } from './raw-requests.ts';
import type { FuzzRequest, RawContent, WholeContent } from './request.ts';
import { oddTarget, targetFor } from './targets.ts';
import { badAuthorization, goodAuthorization } from './tokens.ts';
import { jsonOf } from './values.ts';

export type Make = (random: Random, canary: string, known: readonly string[]) => WholeContent | RawContent;

export const common = (random: Random, canary: string): readonly Header[] => [
  ['x-any', canary],
  ['authorization', goodAuthorization(random)],
  // Believed only where a proxy is trusted to have added it.
  ...(random.chance(0.5) ? [['x-forwarded-for', `10.0.0.${random.integer(1, 20)}`] as const] : []),
  ['accept', random.chance(0.8) ? 'application/json' : oneOf(random, accepts)],
];

export const post = (
  random: Random,
  canary: string,
  body: Buffer | string,
  target = '/graphql',
): WholeContent => ({
  method: 'POST',
  target,
  headers: [...common(random, canary), ['content-type', 'application/json']],
  body: Buffer.from(body),
});

const get = (random: Random, canary: string, asked: Asked): WholeContent => ({
  method: 'GET',
  target: targetFor(asked).slice(0, 12_000),
  headers: common(random, canary),
  body: null,
});

export const anyAsked = (random: Random, canary: string): Asked =>
  byShare<(random: Random, canary: string) => Asked>(random, [
    [6, writeQuery],
    [3, writeMutation],
    [1, (_, text) => ({ query: oddDocument(random, text), variables: {} })],
  ])(random, canary);

export const methods = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'HEAD',
  'TRACE',
  'PROPFIND',
  'SEARCH',
];

/** Replaces headers, or adds them. */
export const withHeaders = (plain: WholeContent, extras: readonly Header[]): WholeContent => {
  const single = ['accept', 'content-type', 'mcp-protocol-version'];
  const replaced = new Set(extras.map(([name]) => name).filter((name) => single.includes(name)));
  return { ...plain, headers: [...plain.headers.filter(([name]) => !replaced.has(name)), ...extras] };
};

const withExtras: Make = (random, canary) =>
  withHeaders(post(random, canary, jsonOf(anyAsked(random, canary))), someExtras(random, canary));

const byAnyMethod: Make = (random, canary) => {
  const method = oneOf(random, methods);
  const isBodiless = ['GET', 'HEAD'].includes(method) || random.chance(0.4);
  return {
    method,
    target: oddTarget(random, canary),
    headers: [...common(random, canary).filter(() => random.chance(0.7)), ...someExtras(random, canary)],
    body: isBodiless ? null : Buffer.from(oddBody(random, canary, anyAsked(random, canary))),
  };
};

const byDocumentId: Make = (random, canary, known) => {
  const id = random.chance(0.5) ? oneOf(random, known) : broken(random, oneOf(random, known));
  const names = random.chance(0.5)
    ? { documentId: random.chance(0.3) ? `sha256:${id}` : id }
    : { extensions: { persistedQuery: { version: 1, sha256Hash: id } } };
  return post(random, canary, jsonOf({ ...names, variables: { a: canary } }));
};

/** Replaces the token by one of nobody. */
export const withoutProof = (
  random: Random,
  canary: string,
  { headers, ...plain }: WholeContent,
): WholeContent => {
  const others = headers.filter(([name]) => name !== 'authorization');
  const authorization = ['authorization', badAuthorization(random, canary)] as const;
  return { ...plain, headers: random.chance(0.1) ? others : [...others, authorization] };
};

const unproven: Make = (random, canary) =>
  withoutProof(random, canary, post(random, canary, jsonOf(writeQuery(random, canary))));

const raw: Make = (random, canary) => {
  const { isUnfinished = false, pieces } = rawPieces(random, canary);
  if (isUnfinished === false) return { pieces };
  return { pieces, leavesAfter: isUnfinished === 'maybe' ? 500 : random.integer(5, 60) };
};

export type Kinds = Shares<readonly [kind: string, make: Make]>;

const graphqlKinds: Kinds = [
  [14, ['query', (random, canary) => post(random, canary, jsonOf(writeQuery(random, canary)))]],
  [10, ['mutation', (random, canary) => post(random, canary, jsonOf(writeMutation(random, canary)))]],
  [6, ['get', (random, canary) => get(random, canary, anyAsked(random, canary))]],
  [
    14,
    [
      'broken document',
      (random, canary) => {
        const asked = anyAsked(random, canary);
        return post(random, canary, jsonOf({ ...asked, query: broken(random, asked.query) }));
      },
    ],
  ],
  [
    8,
    [
      'odd document',
      (random, canary) =>
        post(
          random,
          canary,
          jsonOf({
            query: oddDocument(random, canary),
            operationName: random.chance(0.1) ? canary : undefined,
          }),
        ),
    ],
  ],
  [
    2,
    [
      'bytes for a document',
      (random, canary) =>
        post(random, canary, jsonOf({ query: randomBytes(random, 400).toString('latin1') })),
    ],
  ],
  [
    10,
    [
      'odd variables',
      (random, canary) => post(random, canary, withOddVariables(random, canary, anyAsked(random, canary))),
    ],
  ],
  [
    8,
    ['odd body', (random, canary) => post(random, canary, oddBody(random, canary, anyAsked(random, canary)))],
  ],
  [8, ['odd headers', withExtras]],
  [5, ['odd method and address', byAnyMethod]],
  [5, ['odd authorization', unproven]],
  [2, ['document id', byDocumentId]],
  [
    2,
    [
      'client that leaves',
      (random, canary) => ({
        ...post(random, canary, jsonOf(anyAsked(random, canary))),
        leavesAfter: random.integer(0, 40),
      }),
    ],
  ],
  [6, ['raw', raw]],
];

/**
 * The request of this number: the same one whenever its seed and its number are.
 *
 * @param known ids of documents that they execute.
 * @param kinds those of `/graphql` unless given.
 */
export const requestOf = (
  seed: number,
  number: number,
  known: readonly string[],
  kinds: Kinds = graphqlKinds,
): FuzzRequest => {
  const random = randomFor(seed, number);
  const canary = newCanary(random);
  const [kind, make] = byShare(random, kinds);
  return { number, kind, canary, ...make(random, canary, known) };
};
