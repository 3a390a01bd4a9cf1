import type { Random } from '../../src/sandbox/random.ts';
import { hostileTexts, canary as placeholder } from '../support/leaf-values.ts';
import { oneOf } from './chance.ts';

/** Characters that are often forgotten: ends of lines, marks of order and direction, halves of pairs, nothing. */
export const oddCharacters: readonly string[] = [
  '\u0000',
  '\u0007',
  '\u001b[2J',
  '\u0085',
  '\u00a0',
  '\u200b',
  '\u202e',
  '\u2028',
  '\u2066',
  '\ufeff',
  '\ufffd',
  '\ufffe',
  '\ud83d',
  '\udc00',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  'Z\u0351\u036b\u0343',
  'İıß',
  '\r',
  '\n',
  '\t',
  '\\',
  '"',
  '"""',
  '%00',
  '%s%n',
  '$'.concat('{7*7}'),
  '$&',
  '$`',
];

const longTexts: readonly ((canary: string) => string)[] = [
  (canary) => canary.repeat(2000),
  (canary) => `${' '.repeat(50_000)}${canary}`,
  (canary) => `${canary}${'9'.repeat(5000)}`,
  (canary) => `${canary}${'\u0351'.repeat(3000)}`,
  (canary) => `${'a@'.repeat(5000)}${canary}`,
  (canary) => `${'1-'.repeat(5000)}${canary}`,
];

/** A text that attacks whatever is made of it. Most have the canary in them. */
export const hostileText = (random: Random, canary: string): string => {
  if (random.chance(0.05)) return oneOf(random, longTexts)(canary);
  if (random.chance(0.4)) return `${oneOf(random, oddCharacters)}${canary}${oneOf(random, oddCharacters)}`;
  return oneOf(random, hostileTexts).replaceAll(placeholder, canary);
};
