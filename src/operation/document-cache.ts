import { BREAK, type DocumentNode, Kind, type Token, TokenKind, visit } from 'graphql';
import { LRUCache } from 'lru-cache';
import { numbersOf, personalDigits } from '../values/text.ts';
import { isDelivery } from './incremental-directives.ts';

/** No entry takes more than this part of the whole: one large document does not replace all others. */
const entryShare = 8;

/** A bound for entries that are all small, as the lists of the cache itself take memory too. */
const maxEntries = 2000;

interface Entry<Value> {
  readonly value: Value;
  readonly bytes: number;
}

export interface DocumentCacheOptions<Value> {
  /** What all entries may take up together, in bytes as estimated by `bytesOf`. */
  readonly maxBytes: number;
  /** Estimates what an entry holds, in bytes. */
  readonly bytesOf: (value: Value, key: string) => number;
}

/** Keeps what was made of documents for their next use, up to a number of bytes. */
export interface DocumentCache<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  /** Estimates an entry again, after its value has grown. */
  reweigh(key: string): void;
  /** The estimated size of all entries, in bytes. */
  bytes(): number;
}

export const createDocumentCache = <Value extends object>({
  maxBytes,
  bytesOf,
}: DocumentCacheOptions<Value>): DocumentCache<Value> => {
  const entries = new LRUCache<string, Entry<Value>>({
    max: maxEntries,
    maxSize: maxBytes,
    maxEntrySize: Math.floor(maxBytes / entryShare),
    sizeCalculation: ({ bytes }) => bytes,
  });
  const set = (key: string, value: Value): void => {
    entries.set(key, { value, bytes: Math.max(1, Math.ceil(bytesOf(value, key))) });
  };
  return {
    get: (key) => entries.get(key)?.value,
    set,
    reweigh: (key) => {
      const entry = entries.peek(key);
      if (entry) set(key, entry.value);
    },
    bytes: () => entries.calculatedSize,
  };
};

/** The texts of documents that were used once. */
export interface SeenTexts {
  /** Notes a text. Returns whether it was noted before. */
  note(text: string): boolean;
}

/** What the list takes for each text besides the text. */
const bytesPerText = 200;

/** Creates a list of texts that forgets the oldest ones. */
export const createSeenTexts = (maxBytes: number): SeenTexts => {
  const texts = new LRUCache<string, true>({
    max: maxEntries,
    maxSize: maxBytes,
    maxEntrySize: Math.floor(maxBytes / entryShare),
    sizeCalculation: (_, text) => bytesPerText + 2 * text.length,
  });
  return {
    note: (text) => {
      if (texts.delete(text)) return true;
      texts.set(text, true);
      return false;
    },
  };
};

function* tokensOf({ loc }: DocumentNode): Generator<Token> {
  for (let token: Token | null = loc?.startToken ?? null; token; token = token.next) yield token;
}

/** Measured over thousands of documents: nodes of the tree, their locations and tokens, for each token of the text. */
const bytesPerToken = 450;
const bytesPerDocument = 1000;

/** Estimates what a parsed document holds, in bytes. */
export const bytesOfDocument = (document: DocumentNode): number => {
  let tokens = 0;
  for (const _ of tokensOf(document)) tokens += 1;
  const text = document.loc?.source.body ?? '';
  return bytesPerDocument + bytesPerToken * tokens + 2 * text.length;
};

const personalNumbers = numbersOf(personalDigits);

/** Arguments that name a record by its key. */
const keyArguments = new Set([
  'fileNumber',
  'fileNumbers',
  'orderId',
  'assignmentId',
  'borrowerId',
  'phoneId',
  'id',
  'ids',
]);

/** Keys of records are short: whatever is longer may be any text. */
const key = /^[\w-]{0,16}$/;

/** What compilers and people name deferred fragments and streamed lists, as `Panel$defer$Notes`. */
const deliveryLabel = /^[\w$]{1,100}$/;

/** Whether a text stands in a document that may be anything, as a note or the name of a person. */
const hasText = (document: DocumentNode): boolean => {
  let isFound = false;
  let isOfDelivery = false;
  let argument = '';
  visit(document, {
    Argument: ({ name }) => {
      argument = name.value;
    },
    // Their only text is the label.
    Directive: {
      enter: (directive) => {
        isOfDelivery = isDelivery(directive);
      },
      leave: () => {
        isOfDelivery = false;
      },
    },
    // Objects in arguments are the inputs of mutations and filters.
    ObjectField: () => {
      argument = '';
    },
    VariableDefinition: () => {
      argument = '';
    },
    [Kind.STRING]: ({ value }) => {
      if (isOfDelivery && deliveryLabel.test(value)) return undefined;
      if (keyArguments.has(argument) && key.test(value)) return undefined;
      isFound = true;
      return BREAK;
    },
  });
  return isFound;
};

/**
 * Whether a document may be kept in memory after its request.
 *
 * One with a long number, a comment, or a text other than the key of a record may hold personal data.
 */
export const mayBeKept = (document: DocumentNode): boolean => {
  const text = document.loc?.source.body;
  if (text === undefined || text.search(personalNumbers) >= 0) return false;
  let hasStrings = false;
  for (const { kind } of tokensOf(document)) {
    if (kind === TokenKind.COMMENT) return false;
    if (kind === TokenKind.STRING || kind === TokenKind.BLOCK_STRING) hasStrings = true;
  }
  return !hasStrings || !hasText(document);
};
