import { describe, expect, it } from 'vitest';
import { documentOf } from './document.ts';

const documents = new Map([['abc', '{ a }']]);
const none = { query: null, documentId: null, persistedQuery: null };

describe('the document of a request', () => {
  it.each([
    [{ query: '{ b }' }, null, '{ b }'],
    [{ query: '{ b }' }, { documents, only: false }, '{ b }'],
    [{ query: '{ b }', documentId: 'x' }, { documents, only: false }, '{ b }'],
    [{ documentId: 'abc' }, { documents, only: true }, '{ a }'],
    [{ documentId: 'sha256:abc' }, { documents, only: true }, '{ a }'],
    [{ persistedQuery: 'abc' }, { documents, only: true }, '{ a }'],
  ])('%j with %j is %s', (parameters, persisted, text) => {
    expect(documentOf({ ...none, ...parameters }, persisted)).toBe(text);
  });

  it.each([
    [{}, null, 400, 'BAD_REQUEST'],
    [{ documentId: 'abc' }, null, 400, 'BAD_REQUEST'],
    [{ persistedQuery: 'abc' }, null, 200, 'PERSISTED_QUERY_NOT_SUPPORTED'],
    [{ persistedQuery: 'x' }, { documents, only: false }, 200, 'PERSISTED_QUERY_NOT_FOUND'],
    [{ persistedQuery: 'x' }, { documents, only: true }, 200, 'PERSISTED_QUERY_NOT_FOUND'],
    [
      { documentId: 'x', persistedQuery: 'abc' },
      { documents, only: true },
      404,
      'PERSISTED_DOCUMENT_NOT_FOUND',
    ],
    [{}, { documents, only: false }, 400, 'BAD_REQUEST'],
    [{}, { documents, only: true }, 400, 'PERSISTED_DOCUMENT_REQUIRED'],
    [{ query: '{ a }' }, { documents, only: true }, 400, 'PERSISTED_DOCUMENT_REQUIRED'],
    [{ documentId: 'x' }, { documents, only: true }, 404, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    [{ documentId: '' }, { documents, only: false }, 404, 'PERSISTED_DOCUMENT_NOT_FOUND'],
  ])('%j with %j is rejected with %i %s', (parameters, persisted, status, code) => {
    expect(documentOf({ ...none, ...parameters }, persisted)).toMatchObject({ status, error: { code } });
  });
});
