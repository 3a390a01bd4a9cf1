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
});
