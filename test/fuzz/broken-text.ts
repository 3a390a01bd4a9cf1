import type { Random } from '../../src/sandbox/random.ts';
import { oneOf, times } from './chance.ts';
import { oddCharacters } from './texts.ts';

type Break = (random: Random, text: string) => string;

const placeIn = (random: Random, text: string): number => random.integer(0, text.length);

const insert = (random: Random, text: string, some: string): string => {
  const place = placeIn(random, text);
  return text.slice(0, place) + some + text.slice(place);
};

/** Texts, names, signs and what is between them. */
const tokensOf = (text: string): string[] => text.match(/"(?:[^"\\]|\\.)*"|\w+|\s+|\S/gs) ?? [];

const onTokens =
  (change: (random: Random, tokens: string[], place: number) => void): Break =>
  (random, text) => {
    const tokens = tokensOf(text);
    if (tokens.length > 0) change(random, tokens, random.integer(0, tokens.length - 1));
    return tokens.join('');
  };

const pieces = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '"',
  '"""',
  '...',
  '!',
  '$',
  '@',
  ':',
  '=',
  '&',
  '|',
  '#',
  ' @skip(if: true) ',
  ' @include(if: "x") ',
  ' @deprecated ',
  ' @oneOf ',
  ' @nothing(a: 1) ',
  ' @defer ',
  ' @stream(initialCount: 1) ',
  ' on ',
  ' null ',
  ' fragment ',
  ' 1e999 ',
  ' -0 ',
  ' 0123 ',
  ` ${'9'.repeat(400)} `,
  ' 1.0e+ ',
  '"\\u{110000}"',
  '"\\uD800"',
  '"\\x41"',
];

/** Ways to break a text; what comes out may be whole by chance. */
const breaks: readonly Break[] = [
  (random, text) => text.slice(0, placeIn(random, text)),
  (random, text) => text.slice(placeIn(random, text)),
  (random, text) => insert(random, text, oneOf(random, oddCharacters)),
  (random, text) => insert(random, text, oneOf(random, pieces)),
  (random, text) => insert(random, text, oneOf(random, pieces).repeat(random.integer(2, 200))),
  (random, text) => insert(random, text, text.slice(placeIn(random, text))),
  (random, text) => {
    const place = placeIn(random, text);
    return text.slice(0, place) + String.fromCharCode(random.integer(0, 0xffff)) + text.slice(place + 1);
  },
  (random, text) => text.replaceAll(oneOf(random, ['{', '}', '(', '"', ' ', ':']), ''),
  onTokens((_, tokens, place) => void tokens.splice(place, 1)),
  onTokens((_, tokens, place) => void tokens.splice(place, 0, tokens[place] ?? '')),
  onTokens((random, tokens, place) => {
    const other = random.integer(0, tokens.length - 1);
    [tokens[place], tokens[other]] = [tokens[other] ?? '', tokens[place] ?? ''];
  }),
  onTokens((random, tokens, place) => void tokens.splice(place, 1, oneOf(random, pieces))),
];

/** A text broken in one to four places. */
export const broken: Break = (random, text) =>
  times(random.integer(1, 4), () => oneOf(random, breaks)).reduce(
    (rest, change) => change(random, rest),
    text,
  );

/** Bytes broken in one to four places, so that they may be no text any more. */
export const brokenBytes = (random: Random, bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes);
  if (copy.length === 0) return copy;
  for (const place of times(random.integer(1, 4), () => random.integer(0, copy.length - 1))) {
    copy[place] = random.chance(0.5)
      ? (copy[place] ?? 0) ^ (1 << random.integer(0, 7))
      : random.integer(0, 255);
  }
  return copy;
};

export const randomBytes = (random: Random, most: number): Buffer =>
  Buffer.from(times(random.integer(0, most), () => random.integer(0, 255)));
