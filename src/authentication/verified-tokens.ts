import { createHash } from 'node:crypto';
import { createLRUCache } from 'graphql-yoga';
import type { Caller } from '../caller.ts';
import type { Introduction } from './claims.ts';
import type { KeySet } from './keys.ts';

/** Tokens whose signature need not be checked anew: that takes fifteen to forty times as long as to find them here. */
export interface VerifiedTokens {
  find(token: string, keys: KeySet): Caller | undefined;
  keep(token: string, keys: KeySet, introduction: Introduction): void;
}

interface Verified extends Introduction {
  readonly keys: KeySet;
}

const maxTokens = 1000;

/** The token itself is not kept: what is in memory may come to stand in a file. */
const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');

/** Each counts until it expires, and only for the keys that it was verified with. */
export const createVerifiedTokens = (): VerifiedTokens => {
  const cache = createLRUCache<Verified>({ max: maxTokens });
  return {
    find: (token, keys) => {
      const found = cache.get(digestOf(token));
      return found?.keys === keys && Date.now() < found.expiresAt ? found.caller : undefined;
    },
    keep: (token, keys, introduction) => {
      cache.set(digestOf(token), { ...introduction, keys });
    },
  };
};
