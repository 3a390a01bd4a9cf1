import { describe, expect, it } from 'vitest';
import { createDocumentCache } from '../src/document-cache.ts';

describe('the cache of documents', () => {
  it('keeps a document for its next use', () => {
    const cache = createDocumentCache<{ readonly made: string }>();
    cache.set('{ account(fileNumber: "R1001") { status } }', { made: 'it' });
    expect(cache.get('{ account(fileNumber: "R1001") { status } }')).toEqual({ made: 'it' });
  });

  it.each([
    '{ accountsBySsn(ssn: "111-22-3333") { fileNumber } }',
    'mutation { recordPayment(input: { card: { number: "4111 1111 1111 1111" } }) { __typename } }',
    'mutation { recordPayment(input: { card: { number: 4111111111111111 } }) { __typename } }',
  ])('does not keep %s', (document) => {
    const cache = createDocumentCache<object>();
    cache.set(document, {});
    expect(cache.get(document)).toBeUndefined();
  });

  it('keeps no more than half a million characters, and of them what was used last', () => {
    const cache = createDocumentCache<object>();
    const documentOf = (name: string) => `{ ${name} } #${'x'.repeat(49_000)}`;
    const names = [...'abcdefghijklmno'];
    for (const name of names) {
      cache.set(documentOf(name), {});
      cache.get(documentOf('a'));
    }
    const kept = names.filter((name) => cache.get(documentOf(name)));
    expect(kept).toEqual(['a', ...'ghijklmno']);
  });

  it('counts a document that is kept anew once', () => {
    const cache = createDocumentCache<object>();
    cache.set('{ a }', {});
    for (let time = 0; time < 20; time += 1) cache.set(`{ b } #${'x'.repeat(90_000)}`, {});
    expect(cache.get('{ a }')).toBeDefined();
  });
});
