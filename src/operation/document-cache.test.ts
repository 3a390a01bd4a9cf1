import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { bytesOfDocument, createDocumentCache, createSeenTexts, mayBeKept } from './document-cache.ts';

const cacheOf = (maxBytes: number, bytes = 100) =>
  createDocumentCache<{ readonly bytes?: number }>({
    maxBytes,
    bytesOf: (value) => value.bytes ?? bytes,
  });

describe('the cache of documents', () => {
  it('returns what was kept', () => {
    const cache = cacheOf(10_000);
    const value = {};
    cache.set('{ a }', value);
    expect(cache.get('{ a }')).toBe(value);
    expect(cache.get('{ a }')).toBe(value);
    expect(cache.get('{ b }')).toBeUndefined();
  });

  it('keeps no more bytes than its maximum, whatever is used', () => {
    const cache = cacheOf(10_000);
    for (let index = 0; index < 1000; index += 1) {
      cache.set(`{ a${index} }`, {});
      if (index % 3 === 0) cache.get(`{ a${index} }`);
      expect(cache.bytes()).toBeLessThanOrEqual(10_000);
    }
    expect(cache.bytes()).toBeGreaterThan(8000);
  });

  it('keeps what was used last', () => {
    const cache = cacheOf(10_000);
    for (let index = 0; index < 100; index += 1) cache.set(`{ a${index} }`, {});
    cache.get('{ a0 }');
    cache.set('{ a100 }', {});
    expect(cache.get('{ a0 }')).toBeDefined();
    expect(cache.get('{ a1 }')).toBeUndefined();
    expect(cache.get('{ a100 }')).toBeDefined();
  });

  it('keeps nothing that would take more than an eighth of it', () => {
    const cache = cacheOf(10_000);
    cache.set('{ large }', { bytes: 1251 });
    expect(cache.get('{ large }')).toBeUndefined();
    expect(cache.bytes()).toBe(0);
  });

  it('weighs a value again that has grown', () => {
    const cache = cacheOf(10_000);
    const value = { bytes: 100 };
    cache.set('{ a }', value);
    value.bytes = 1000;
    cache.reweigh('{ a }');
    expect(cache.bytes()).toBe(1000);
    expect(cache.get('{ a }')).toBe(value);
    value.bytes = 2000;
    cache.reweigh('{ a }');
    expect(cache.bytes()).toBe(0);
    expect(cache.get('{ a }')).toBeUndefined();
  });

  it('weighs nothing that is gone', () => {
    const cache = cacheOf(10_000);
    cache.reweigh('{ a }');
    expect(cache.bytes()).toBe(0);
  });
});

describe('the list of texts that were seen', () => {
  it('knows a text once', () => {
    const seen = createSeenTexts(10_000);
    expect(['{ a }', '{ b }', '{ a }', '{ a }'].map(seen.note)).toEqual([false, false, true, false]);
  });

  it('forgets the oldest ones, and does not take long ones', () => {
    const seen = createSeenTexts(10_000);
    const long = `{ a } #${'x'.repeat(1000)}`;
    seen.note(long);
    for (let index = 0; index < 100; index += 1) seen.note(`{ a${index} }`);
    expect([long, '{ a0 }', '{ a99 }'].map(seen.note)).toEqual([false, false, true]);
  });
});

describe('a document', () => {
  it.each([
    '{ account(fileNumber: "R1001") { status } }',
    '{ accounts(fileNumbers: ["R1001", "R1002"]) { status } }',
    '{ order(orderId: "57062885") { borrower(borrowerId: "124927241") { fullName } } }'.replace(
      '124927241',
      '1',
    ),
    'query Q($f: String!) { account(fileNumber: $f) { payments(first: 2) { totalCount } } }',
    'mutation M($input: AddNoteInput!) { addNote(input: $input) { __typename } }',
  ])('may be kept: %s', (document) => {
    expect(mayBeKept(parse(document))).toBe(true);
  });

  it.each([
    ['a social security number', '{ accountsBySsn(ssn: "111-22-3333") { fileNumber } }'],
    ['a phone number', '{ accountsByPhone(number: "7166289899") { fileNumber } }'],
    ['a card', 'mutation { a(input: { card: { number: "4111 1111 1111 1111" } }) { __typename } }'],
    ['a number that is no text', 'mutation { a(input: { number: 4111111111111111 }) { __typename } }'],
    ['a short text of an input', 'mutation { a(input: { fileNumber: "R1", text: "Bob" }) { __typename } }'],
    ['a block text', 'mutation { a(input: { text: """Bob""" }) { __typename } }'],
    ['a filter', '{ orders(filter: { lastName: "Roe" }) { totalCount } }'],
    ['a text in a list', '{ account(fileNumber: "R1") { a(texts: ["Bob"]) } }'],
    ['a key that is longer than any', `{ account(fileNumber: "${'x'.repeat(17)}") { status } }`],
    ['a key that has blanks', '{ account(fileNumber: "Jane Roe") { status } }'],
    ['a default', 'query Q($f: String = "Bob") { account(fileNumber: $f) { status } }'],
    ['a comment', '{ account(fileNumber: "R1") { status } } # Jane Roe'],
  ])('may not be kept with %s', (_, document) => {
    expect(mayBeKept(parse(document))).toBe(false);
  });

  it('counts its tokens and its text', () => {
    const small = bytesOfDocument(parse('{ a }'));
    expect(bytesOfDocument(parse('{ a b c d e f }'))).toBeGreaterThan(small + 2000);
    expect(bytesOfDocument(parse(`{ a } #${'x'.repeat(10_000)}`))).toBeGreaterThan(small + 20_000);
  });
});
