/** A name in the parts of a row. Middle names are not compared, and therefore left out. */
export interface NameParts {
  readonly first?: string | null | undefined;
  readonly last?: string | null | undefined;
  readonly full?: string | null | undefined;
}

/** One way to split a name: the words of the given name, and the surname without blanks. */
interface Reading {
  readonly given: readonly string[];
  readonly surname: string;
}

/** A name in the form for comparison. */
export interface PersonName {
  /** All words without blanks. */
  readonly whole: string;
  /** The possible splits: several if the text does not show where the surname begins, none for a business. */
  readonly readings: readonly Reading[];
  /** 1 for a senior, 2 for a junior, and so on. */
  readonly generation: number | undefined;
}

const generations: ReadonlyMap<string, number> = new Map([
  ['SR', 1],
  ['JR', 2],
  ['II', 2],
  ['2ND', 2],
  ['III', 3],
  ['3RD', 3],
  ['IV', 4],
  ['4TH', 4],
]);

const titles: ReadonlySet<string> = new Set(['MR', 'MRS', 'MS', 'MISS', 'DR']);

const businessWords: ReadonlySet<string> = new Set(
  'LLC INC INCORPORATED CORP CORPORATION CO COMPANY LTD LIMITED LP LLP PLLC BANK TRUST'.split(' '),
);

/** Words that represent an unknown name, alone or combined. N/A is two words. */
const placeholders: ReadonlySet<string> = new Set(
  'UNKNOWN UNK NONE TBD NOT PROVIDED AVAILABLE N A'.split(' '),
);

/** Letters that Unicode does not decompose into a base letter and an accent. */
const baseLetters: Readonly<Record<string, string>> = { Ø: 'O', Ł: 'L', Đ: 'D', Æ: 'AE', Œ: 'OE' };

/**
 * Returns the words of a text in capitals, without accents and punctuation; O'Brien is one word, Smith-Jones are two.
 */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[ØŁĐÆŒ]/g, (letter) => baseLetters[letter] ?? letter)
    .replace(/['’‘`´ʼ]/g, '')
    .replaceAll('&', ' AND ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** Whether the words are no name: no letters, placeholders only, or one repeated letter. */
const isPlaceholder = (words: readonly string[]): boolean => {
  const text = words.join('');
  if (!/\p{L}/u.test(text) || /^(\p{L})\1{2,}$/u.test(text)) return true;
  // A single letter is an initial.
  return text.length > 1 && words.every((word) => placeholders.has(word));
};

interface Segment {
  readonly words: readonly string[];
  readonly generation: number | undefined;
}

/** Returns the words of a text without titles and suffixes. The first word is never a suffix. */
const segmentOf = (text: string): Segment => {
  const words = wordsOf(text);
  const untitled = words.length > 1 && titles.has(words[0] ?? '') ? words.slice(1) : words;
  const suffix = untitled.find((word, index) => index > 0 && generations.has(word));
  return {
    words: untitled.filter((word, index) => index === 0 || !generations.has(word)),
    generation: suffix === undefined ? undefined : generations.get(suffix),
  };
};

const isSuffix = ({ words }: Segment): boolean => words.length === 1 && generations.has(words[0] ?? '');

const readingOf = (given: readonly string[], surname: readonly string[]): Reading => ({
  given: isPlaceholder(given) ? [] : given,
  surname: surname.join(''),
});

/** A text with more words is probably no name. */
const mostWords = 10;

/** Returns every split of words into a given name and a surname. A single word is a surname. */
const splitsOf = (words: readonly string[]): Reading[] => {
  if (words.length === 1) return [readingOf([], words)];
  if (words.length > mostWords) return [];
  return words.slice(1).map((_, index) => readingOf(words.slice(0, index + 1), words.slice(index + 1)));
};

const nameFrom = (
  words: readonly string[],
  readings: readonly Reading[],
  generation: number | undefined,
): PersonName => ({
  whole: words.join(''),
  readings: businessWords.has(words.at(-1) ?? '') && words.length > 1 ? [] : readings,
  generation,
});

const readFull = (text: string): PersonName | null => {
  const segments = text.split(',').map(segmentOf);
  const written = segments.filter((segment) => segment.words.length > 0 && !isSuffix(segment));
  const words = written.flatMap((segment) => segment.words);
  if (isPlaceholder(words)) return null;
  const suffix = segments.find(isSuffix)?.words[0] ?? '';
  const generation = generations.get(suffix) ?? segments.find((segment) => segment.generation)?.generation;
  const [surname, given] = written;
  const isInverted = written.length === 2 && surname !== undefined && given !== undefined;
  const readings = isInverted ? [readingOf(given.words, surname.words)] : splitsOf(words);
  return nameFrom(words, readings, generation);
};

const readParts = (first: string, last: string, full: string): PersonName | null => {
  const given = segmentOf(first);
  const surname = segmentOf(last);
  if (isPlaceholder(surname.words)) return null;
  return nameFrom(
    [...given.words, ...surname.words],
    [readingOf(given.words, surname.words)],
    surname.generation ?? given.generation ?? readFull(full)?.generation,
  );
};

/**
 * Reads a name: from its parts if both are present, else from the whole. A suffix may be in the whole name only. Null
 * if the name is unknown.
 */
export const readName = ({ first, last, full }: NameParts): PersonName | null => {
  const fromParts = first && last ? readParts(first, last, full ?? '') : null;
  if (fromParts) return fromParts;
  const text = full || last;
  return text ? readFull(text) : null;
};

const isInitial = (word: string): boolean => /^[A-Z]$/.test(word);

/** Null if one of the two is only a matching initial. */
const sameGiven = (ours: readonly string[], theirs: readonly string[]): boolean | null => {
  const [own, other] = [ours, theirs].map((words) => words.filter((word) => !isInitial(word)));
  if (own?.length && other?.length) return own[0] === other[0] || own.join('') === other.join('');
  if (ours.length === 0 || theirs.length === 0) return null;
  return ours.some((one) => theirs.some((two) => one[0] === two[0])) ? null : false;
};

/** Returns the best of several results: true, else null, else false. Null if there are none. */
const bestOf = (answers: readonly (boolean | null)[]): boolean | null =>
  answers.includes(true) || (answers.length > 0 && !answers.includes(null) ? false : null);

/** Whether both are known to be of different generations: a junior and a senior share a name, but are two people. */
const isOtherGeneration = (ours: PersonName, theirs: PersonName): boolean =>
  ours.generation !== undefined && theirs.generation !== undefined && ours.generation !== theirs.generation;

const sameName = (ours: PersonName | null, theirs: PersonName | null): boolean | null => {
  if (!ours || !theirs) return null;
  if (isOtherGeneration(ours, theirs)) return false;
  if (ours.readings.length === 0 || theirs.readings.length === 0) return ours.whole === theirs.whole;
  const pairs = ours.readings.flatMap(({ given, surname }) =>
    theirs.readings
      .filter((reading) => reading.surname === surname)
      .map((reading) => sameGiven(given, reading.given)),
  );
  return pairs.length > 0 && bestOf(pairs);
};

/**
 * Compares the people of two records.
 *
 * @returns true if one of ours has the name of one of theirs, null if that is unknown, else false.
 */
export const anySameName = (
  ours: readonly (PersonName | null)[],
  theirs: readonly (PersonName | null)[],
): boolean | null => bestOf(ours.flatMap((one) => theirs.map((other) => sameName(one, other))));
