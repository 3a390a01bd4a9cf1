import { LRUCache } from 'lru-cache';
import { numbersOf, personalDigits } from './values/text.ts';

/** Longer ones are refused, most of them, and would take up all memory. */
const longest = 100_000;

/** What is made of a document takes up to three hundred times as many bytes as the document has characters. */
const mostCharacters = 500_000;

const personalNumbers = numbersOf(personalDigits);

/**
 * Keeps what was made of documents for their next use, but for those that may hold somebody's number.
 *
 * All that are kept have half a million characters at the most: those that were not used for longest make room.
 */
export const createDocumentCache = <Made extends object>() => {
  const cache = new LRUCache<string, Made>({
    maxSize: mostCharacters,
    sizeCalculation: (_, document) => document.length + 1,
  });
  return {
    get: (document: string): Made | undefined => cache.get(document),
    set: (document: string, made: Made): void => {
      if (document.length < longest && document.search(personalNumbers) < 0) cache.set(document, made);
    },
  };
};
