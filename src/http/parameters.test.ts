import { describe, expect, it } from 'vitest';
import { readBodyParameters, readSearchParameters } from './parameters.ts';

const none = { query: null, documentId: null, persistedQuery: null, operationName: null, variables: null };
const read = (body: unknown) =>
  readBodyParameters(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

describe('parameters in a body', () => {
  it.each([
    [{}, none],
    [
      { query: 'a', operationName: null, x: null },
      { ...none, query: 'a' },
    ],
    [
      { query: 'a', extensions: { clientLibrary: { name: 'x' } } },
      { ...none, query: 'a' },
    ],
    [{ extensions: { persistedQuery: { sha256Hash: 'h' } } }, { ...none, persistedQuery: 'h' }],
    [{ extensions: { persistedQuery: 'h' } }, none],
    [
      { query: 'a', variables: { b: 1 } },
      { ...none, query: 'a', variables: { b: 1 } },
    ],
  ])('%j are read', (body, parameters) => {
    expect(read(body)).toEqual({ parameters });
  });

  it.each([
    ['{', 'POST body sent invalid JSON.'],
    ['', 'POST body sent invalid JSON.'],
    ['null', 'POST body is expected to be object but received null'],
    ['"912-55-4418"', 'POST body is expected to be object but received string'],
    ['[]', 'Batching is not supported.'],
    [{ query: 1 }, 'Expected "query" param to be a string, but given number.'],
    [{ operationName: {} }, 'Expected "operationName" param to be a string, but given object.'],
    [{ variables: [] }, 'Expected "variables" param to be empty or an object, but given array.'],
    [{ extensions: 'x' }, 'Expected "extensions" param to be empty or an object, but given string.'],
    [{ query: 'a', '912-55-4418': 1 }, 'Unexpected parameter (not shown) in the request body.'],
  ])('%j are rejected: %s', (body, fault) => {
    expect(read(body)).toEqual({ fault });
  });

  it('may name a document, and then have others', () => {
    expect(read({ documentId: 'h', other: 1 })).toEqual({ parameters: { ...none, documentId: 'h' } });
    expect(read({ query: 'a', documentId: 'h', other: 1 })).toHaveProperty('fault');
  });

  it.each([
    [{ doc_id: 'd' }, 'd'],
    [{ doc_id: 'd', documentId: 'h' }, 'h'],
    [{ doc_id: 'd', documentId: null }, 'd'],
    [{ doc_id: 'd', documentId: '' }, ''],
    [{ doc_id: 1 }, null],
  ])('%j name the document %j', (body, documentId) => {
    expect(read(body)).toEqual({ parameters: { ...none, documentId } });
  });
});

describe('parameters in an address', () => {
  it.each([
    ['', { parameters: none }],
    ['query=a&query=b&x=1&operationName=', { parameters: { ...none, query: 'a' } }],
    ['query=a&variables={"b":1}', { parameters: { ...none, query: 'a', variables: { b: 1 } } }],
    ['query=a&documentId=h', { parameters: { ...none, query: 'a', documentId: 'h' } }],
    ['doc_id=h', { parameters: { ...none, documentId: 'h' } }],
    ['documentId=', { parameters: { ...none, documentId: '' } }],
    ['query=a&variables={', { fault: 'A parameter of the request is not JSON.' }],
    [
      'query=a&variables=1',
      { fault: 'Expected "variables" param to be empty or an object, but given number.' },
    ],
  ])('%s', (search, expected) => {
    expect(readSearchParameters(new URLSearchParams(search))).toEqual(expected);
  });
});
