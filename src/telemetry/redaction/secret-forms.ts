/** A shorter one would be found in every other word. */
const shortest = 4;

const escaped = (character: string): string => character.replace(/[\^$\\.*+?()[\]{}|/]/, '\\$&');

const percents = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`).join('');

/** A text with any of its characters written as URLs or JSON write them; letter case is that of the pattern. */
const written = (text: string): string =>
  Array.from(text, (character) => {
    const ways = [escaped(character), percents(character)];
    if (character === ' ') ways.push('\\+');
    if (/["\\/]/.test(character)) ways.push(`\\\\${escaped(character)}`);
    return `(?:${ways.join('|')})`;
  }).join('');

/** Bytes as they stand inside the base64 of anything longer, at each of the three places where they can begin. */
const inBase64 = (bytes: Buffer): string[] =>
  [0, 1, 2].map((place) => {
    const all = Buffer.concat([Buffer.alloc(place), bytes]);
    // The first and the last characters hold bits of what stands beside them.
    const first = Math.ceil((place * 8) / 6);
    const last = Math.floor((all.length * 8) / 6);
    const characters = all.toString('base64').slice(first, last);
    return characters.replace(/[+/]/g, (character) => (character === '+' ? '[-+]' : '[_/]'));
  });

const formsOf = (secret: string): string[] => {
  const cases = [...new Set([secret, secret.toLowerCase(), secret.toUpperCase()])];
  // A URL or a text of JSON may be what was encoded.
  const holders = cases.flatMap((text) => [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
  ]);
  const texts = [...new Set(holders)].map((text) => Buffer.from(text));
  // A key that is written in hexadecimal digits stands for its bytes.
  const key = /^(?:[\da-f]{2}){16,}$/i.test(secret) ? [Buffer.from(secret, 'hex')] : [];
  return [
    written(secret),
    ...texts.map((bytes) => bytes.toString('hex')),
    ...[...texts, ...key].flatMap(inBase64).filter(({ length }) => length >= shortest),
  ];
};

/** Finds these secrets in whatever way they are written; `undefined` where there is none long enough to be found. */
export const patternOf = (secrets: readonly string[]): RegExp | undefined => {
  const findable = secrets.map((secret) => secret.trim()).filter(({ length }) => length >= shortest);
  if (findable.length === 0) return undefined;
  const forms = [...new Set(findable.flatMap(formsOf))];
  // The longest first: one secret may begin with another.
  return new RegExp(forms.sort((one, other) => other.length - one.length).join('|'), 'giu');
};
