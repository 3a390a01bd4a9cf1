import { createLRUCache } from 'graphql-yoga';

/** So many digits in a row may be a social security number, an account or a card. */
const longNumber = /\d(?:[\s-]?\d){8,}/;

/** Whether a text has a number in it that may be somebody's. */
export const holdsLongNumber = (text: string): boolean => longNumber.test(text);

/** Longer ones are refused, most of them, and would take up all memory. */
const longest = 100_000;

/** Keeps what was made of documents for their next use, but for those that may hold somebody's number. */
export const createDocumentCache = <Made extends object>() => {
  const cache = createLRUCache<Made>();
  return {
    get: (document: string): Made | undefined => cache.get(document),
    set: (document: string, made: Made): void => {
      if (document.length <= longest && !holdsLongNumber(document)) cache.set(document, made);
    },
  };
};
