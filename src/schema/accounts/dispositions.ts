import {
  callWords,
  conversationWords,
  denials,
  fillers,
  negators,
  noPersonWords,
  nounDenials,
  nounFillers,
  nounNegators,
  otherThanCallWords,
  rewritings,
} from './disposition-words.ts';

type Words = readonly string[];

/** How a word can be denied: by which words before it, across which, and by what behind it. */
interface Grammar {
  readonly negators: ReadonlySet<string>;
  readonly fillers: ReadonlySet<string>;
  readonly denials: readonly RegExp[];
}

const verbs: Grammar = { negators: new Set(negators), fillers: new Set(fillers), denials };
const nouns: Grammar = {
  negators: new Set([...negators, ...nounNegators]),
  fillers: new Set([...fillers, ...nounFillers]),
  denials: [...denials, ...nounDenials],
};

interface Term {
  readonly words: Words;
  readonly grammar: Grammar;
  readonly needsPerson: boolean;
}

const termsOf = (phrases: Words, grammar: Grammar, needsPerson = false): Term[] =>
  phrases.map((phrase) => ({ words: phrase.split(' '), grammar, needsPerson }));

const terms: readonly Term[] = [
  ...termsOf(conversationWords.verbs, verbs),
  ...termsOf(conversationWords.nouns, nouns),
  ...termsOf(conversationWords.verbsWithPerson, verbs, true),
];

/** Writes a text in capitals, with a blank where a capital begins a word, as in `RightPartyContact`. */
const inCapitals = (text: string): string => text.replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ').toUpperCase();

const rewritten = (text: string): string =>
  rewritings.reduce(
    (result, [written, word]) => result.replace(written, word),
    inCapitals(text).replace(/['’`]/g, ''),
  );

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{Nd}]+/gu) ?? [];

/** Splits a text into its clauses. A hyphen without blanks joins words. */
const clausesOf = (text: string): string[][] =>
  rewritten(text)
    .split(/\s-+|-+\s|--+|[–—,;.:/|()\n+&!?]|\bBUT\b|\bTHEN\b/)
    .map(wordsOf);

const hasPhrase = (words: Words, phrases: Words): boolean => {
  const line = ` ${words.join(' ')} `;
  return phrases.some((phrase) => line.includes(` ${phrase} `));
};

const isNegated = (
  words: Words,
  index: number,
  { negators: denying, fillers: between }: Grammar,
): boolean => {
  let before = index - 1;
  while (between.has(words[before] ?? '')) before -= 1;
  return denying.has(words[before] ?? '');
};

const isDenied = (rest: Words, { denials: denying }: Grammar): boolean =>
  denying.some((denial) => denial.test(rest.join(' ')));

const reports = (clause: Words, { words, grammar }: Term): boolean =>
  clause.some(
    (_, index) =>
      words.every((word, offset) => clause[index + offset] === word) &&
      !isNegated(clause, index, grammar) &&
      !isDenied(clause.slice(index + words.length), grammar),
  );

/**
 * Returns whether a disposition reports a conversation in common words.
 *
 * A negation applies to the word behind it: `RPC - NO PTP` reports a conversation, `NO CONTACT` does not.
 */
export const reportsConversation = (disposition: string): boolean => {
  const clauses = clausesOf(disposition);
  const isWithoutPerson = hasPhrase(wordsOf(inCapitals(disposition)), noPersonWords);
  return terms.some(
    (term) => !(term.needsPerson && isWithoutPerson) && clauses.some((clause) => reports(clause, term)),
  );
};

/** Returns whether the type of an attempt is a call, as it is unless the words name only something else. */
export const isCallType = (type: string): boolean => {
  const words = wordsOf(inCapitals(type));
  return hasPhrase(words, callWords) || !hasPhrase(words, otherThanCallWords);
};
