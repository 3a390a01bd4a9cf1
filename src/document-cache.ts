import { numbersOf, personalDigits } from './values/text.ts';

/** Longer ones are refused, most of them, and would take up all memory. */
const longest = 100_000;

/** What is made of a document takes up to three hundred times as many bytes as the document has characters. */
const mostCharacters = 500_000;

const keptMs = 3_600_000;

const personalNumbers = numbersOf(personalDigits);

interface Kept<Made> {
  readonly made: Made;
  readonly until: number;
}

/**
 * Keeps what was made of documents for their next use, but for those that may hold somebody's number.
 *
 * All that are kept have half a million characters at the most: those that were not used for longest make room.
 *
 * @param now milliseconds, never going back.
 */
export const createDocumentCache = <Made extends object>(now: () => number = () => performance.now()) => {
  /** The one that was not used for longest first. */
  const all = new Map<string, Kept<Made>>();
  let characters = 0;

  const forget = (document: string): void => {
    if (all.delete(document)) characters -= document.length;
  };
  const keep = (document: string, kept: Kept<Made>): void => {
    forget(document);
    all.set(document, kept);
    characters += document.length;
  };

  return {
    get: (document: string): Made | undefined => {
      const kept = all.get(document);
      if (!kept) return undefined;
      if (now() < kept.until) keep(document, kept);
      else forget(document);
      return all.get(document)?.made;
    },
    set: (document: string, made: Made): void => {
      if (document.length > longest || document.search(personalNumbers) >= 0) return;
      keep(document, { made, until: now() + keptMs });
      for (const oldest of all.keys()) {
        if (characters <= mostCharacters) break;
        forget(oldest);
      }
    },
  };
};
