import { describe, expect, it } from 'vitest';
import { readManifest } from './manifest.ts';

const apollo = (operations: unknown, version: unknown = 1): string =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version, operations });

describe('a manifest', () => {
  it.each([
    ['graphql-codegen', '{"a1": "{ a }", "sha256:b2": "{ b }"}', ['a1', 'sha256:b2']],
    ['Relay', '{"0c1d": "query A {\\n  a\\n}\\n"}', ['0c1d']],
    ['Apollo', apollo([{ id: 'a1', name: 'A', type: 'query', body: 'query A { a }' }]), ['a1']],
    ['Apollo, without operations', apollo([]), []],
    ['codegen, with a document of the name `format`', '{"format": "{ a }", "b": "{ b }"}', ['format', 'b']],
    ['codegen, without documents', '{}', []],
  ])('of %s is read', (_, text, ids) => {
    expect(readManifest(text)).toMatchObject({ entries: ids.map((id) => ({ id })) });
  });

  it.each([
    ['no JSON', '{ SECRET', /^expected JSON, an object of documents by their ids/],
    ['a list', '["SECRET"]', /^expected JSON/],
    ['null', 'null', /^expected JSON/],
    [
      'another format',
      '{"format": "SECRET", "version": 1, "operations": []}',
      /^format: expected apollo-pers/,
    ],
    ['a format that is no text', '{"format": 1}', /^format: expected apollo-persisted-query-manifest/],
    ['another version', apollo([], 2), /^version: expected 1/],
    ['a version as a text', apollo([], '1'), /^version: expected 1/],
    ['no list of operations', apollo({ SECRET: '{ a }' }), /^operations: expected a list/],
    ['an operation that is none', apollo(['SECRET']), /^operations\.0\.id: expected/],
    [
      'an operation without id',
      apollo([{ id: 'a', body: '{ a }' }, { body: 'SECRET' }]),
      /^operations\.1\.id/,
    ],
    ['an operation with an empty id', apollo([{ id: '', body: 'SECRET' }]), /^operations\.0\.id: expected/],
    ['an operation without body', apollo([{ id: 'SECRET' }]), /^operations\.0\.body: expected a text/],
    ['a document that is no text', '{"a": "{ a }", "SECRET": {}}', /^document 2 of 2: expected a text/],
    ['a document with an empty id', '{"": "SECRET"}', /^document 1 of 1: expected an id/],
  ])('that has %s is rejected, without its contents', (_, text, fault) => {
    const read = readManifest(text);
    expect(read).toEqual({ fault: expect.stringMatching(fault) });
    expect(JSON.stringify(read)).not.toContain('SECRET');
  });
});
