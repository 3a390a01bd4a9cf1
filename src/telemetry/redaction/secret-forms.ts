/** Shorter secrets would match parts of ordinary words. */
const shortest = 4;

const escaped = (character: string): string => character.replace(/[\^$\\.*+?()[\]{}|/]/, '\\$&');

const percents = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`).join('');

/** Returns a pattern for a text in which URLs or JSON escape any character. The letter case is that of the pattern. */
const written = (text: string): string =>
  Array.from(text, (character) => {
    const ways = [escaped(character), percents(character)];
    if (character === ' ') ways.push('\\+');
    if (/["\\/]/.test(character)) ways.push(`\\\\${escaped(character)}`);
    return `(?:${ways.join('|')})`;
  }).join('');

/** Returns the base64 of bytes within longer data, for each of the three possible offsets. */
const inBase64 = (bytes: Buffer): string[] =>
  [0, 1, 2].map((place) => {
    const all = Buffer.concat([Buffer.alloc(place), bytes]);
    // The first and last characters contain bits of adjacent bytes.
    const first = Math.ceil((place * 8) / 6);
    const last = Math.floor((all.length * 8) / 6);
    const characters = all.toString('base64').slice(first, last);
    return characters.replace(/[+/]/g, (character) => (character === '+' ? '[-+]' : '[_/]'));
  });

const formsOf = (secret: string): string[] => {
  const cases = [...new Set([secret, secret.toLowerCase(), secret.toUpperCase()])];
  // A URL or a JSON text may be encoded.
  const holders = cases.flatMap((text) => [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
  ]);
  const texts = [...new Set(holders)].map((text) => Buffer.from(text));
  // A key in hexadecimal digits represents its bytes.
  const key = /^(?:[\da-f]{2}){16,}$/i.test(secret) ? [Buffer.from(secret, 'hex')] : [];
  return [
    written(secret),
    ...texts.map((bytes) => bytes.toString('hex')),
    ...[...texts, ...key].flatMap(inBase64).filter(({ length }) => length >= shortest),
  ];
};

/** Returns a pattern for secrets in any encoding; `undefined` if none is long enough. */
export const patternOf = (secrets: readonly string[]): RegExp | undefined => {
  const findable = secrets.map((secret) => secret.trim()).filter(({ length }) => length >= shortest);
  if (findable.length === 0) return undefined;
  const forms = [...new Set(findable.flatMap(formsOf))];
  // The longest first: a secret may be a prefix of another one.
  return new RegExp(forms.sort((one, other) => other.length - one.length).join('|'), 'giu');
};
