import { createLRUCache } from 'graphql-yoga';

/** So many digits in a row may be a social security number, an account or a card. */
const personal = /\d(?:[\s-]?\d){8,}/;

/** Keeps what was made of documents for their next use, but for those that may hold somebody's number. */
export const createDocumentCache = <Made extends object>() => {
  const cache = createLRUCache<Made>();
  return {
    get: (document: string): Made | undefined => cache.get(document),
    set: (document: string, made: Made): void => {
      if (!personal.test(document)) cache.set(document, made);
    },
  };
};
