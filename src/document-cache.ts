import { createLRUCache } from 'graphql-yoga';
import { numbersOf, personalDigits } from './values/text.ts';

/** Longer ones are refused, most of them, and would take up all memory. */
const longest = 100_000;
const personalNumbers = numbersOf(personalDigits);

/** Keeps what was made of documents for their next use, but for those that may hold somebody's number. */
export const createDocumentCache = <Made extends object>() => {
  const cache = createLRUCache<Made>();
  return {
    get: (document: string): Made | undefined => cache.get(document),
    set: (document: string, made: Made): void => {
      if (document.length <= longest && document.search(personalNumbers) < 0) cache.set(document, made);
    },
  };
};
