import { describe, expect, it } from 'vitest';
import { isAcceptable, isJson, isUnencoded, jsonResponseTypeFor } from './media-types.ts';

const json = 'application/json';
const graphql = 'application/graphql-response+json';

describe('Accept', () => {
  it.each<readonly [accept: string | null, type: string | undefined]>([
    [null, json],
    ['', json],
    [' ', json],
    ['*/*', json],
    ['application/*', json],
    [json, json],
    [graphql, graphql],
    ['APPLICATION/JSON', json],
    ['Application/GraphQL-Response+JSON', graphql],
    // In the order of the list where weights are equal.
    [`${graphql}, ${json}`, graphql],
    [`${json}, ${graphql}`, json],
    [`${graphql}, */*`, graphql],
    [`*/*, ${graphql}`, json],
    [`${graphql};charset=utf-8,${json};charset=utf-8`, graphql],
    // By weight.
    [`${graphql};q=0.5, ${json}`, json],
    [`${json};q=0.5, ${graphql}`, graphql],
    [`${json};q=0.1, ${graphql};q=0.2`, graphql],
    [`${json}; Q=0.1, ${graphql}; Q=0.2`, graphql],
    [`${json} ; q = 0.1 , ${graphql} ; q = 0.2`, graphql],
    [`text/html, ${json};q=0.5`, json],
    // The most exact range decides, wherever it is listed.
    [`*/*, ${json};q=0.1`, graphql],
    [`${json};q=0.1, */*`, graphql],
    [`application/*;q=0.1, ${graphql}`, graphql],
    [`*/*;q=0.9, application/*;q=0.1, ${graphql};q=0.2`, graphql],
    // Zero is not acceptable.
    [`${json};q=0`, undefined],
    [`${json};q=0.0, ${graphql};q=0.000`, undefined],
    ['*/*;q=0', undefined],
    [`*/*, ${json};q=0`, graphql],
    [`*/*, ${graphql};q=0`, json],
    [`application/*;q=0, ${graphql}`, graphql],
    [`${json};q=0, */*;q=0.1`, graphql],
    [`${json};charset=utf-8;q=0, ${graphql}`, graphql],
    // A weight that cannot be read is none.
    [`${json};q=nothing`, json],
    [`${json};q=`, json],
    [`${json};q=7`, json],
    // Parameters.
    [`${json};charset=UTF-8`, json],
    [`${json};charset="utf-8"`, json],
    [`${json};charset=iso-8859-1`, undefined],
    [`${json};charset=iso-8859-1, ${graphql}`, graphql],
    [`${json};version=1`, json],
    [`text/plain;x="a, ${json}, b"`, undefined],
    [`text/plain;x="a;\\", ${json}, b", ${graphql}`, graphql],
    // None of these.
    ['text/html', undefined],
    ['application/xml', undefined],
    ['json', undefined],
    [';;;', undefined],
    [',', undefined],
  ])('%s: %s', (accept, type) => {
    expect(jsonResponseTypeFor(accept)).toBe(type);
    expect(isAcceptable(accept)).toBe(type !== undefined);
  });

  it.each<readonly [accept: string, isAcceptable: boolean]>([
    ['text/event-stream', true],
    ['multipart/mixed; boundary="graphql"; deferSpec=20220824', true],
    ['text/*', true],
    ['application/*;q=0, */*', true],
    ['text/event-stream;q=0', false],
    ['text/*;q=0', false],
    ['multipart/mixed;q=0, text/event-stream', true],
    ['multipart/mixed;deferSpec=20220824', true],
    ['multipart/mixed;incrementalSpec=v0.2', true],
    ['multipart/mixed;deferSpec=20990101', false],
    ['multipart/mixed;incrementalSpec=v9', false],
    ['multipart/mixed;deferSpec=20990101, text/event-stream', true],
    ['multipart/mixed;q=0, multipart/*', false],
    ['text/event-stream;q=0, multipart/mixed;q=0.1', true],
  ])('%s is acceptable: %s', (accept, expected) => {
    expect(jsonResponseTypeFor(accept)).toBeUndefined();
    expect(isAcceptable(accept)).toBe(expected);
  });
});

describe('Content-Type', () => {
  it.each([
    'application/json',
    'APPLICATION/JSON',
    'Application/Json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json ; Charset=Utf-8',
    'application/json; charset="utf-8"',
    'application/json; charset="UTF-8"',
    'application/json; charset=utf8',
    'application/json;',
    'application/json; boundary=x',
    'application/graphql+json',
    'APPLICATION/GRAPHQL+JSON; CHARSET=UTF-8',
  ])('%s is JSON', (contentType) => {
    expect(isJson(contentType)).toBe(true);
  });

  it.each([
    null,
    '',
    'text/plain',
    'text/plain; application/json',
    'text/plain, application/json',
    'application/json, text/plain',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/json; charset="utf-16"',
    'application/json; charset=',
    'application/jsonp',
    'application/graphql',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ])('%s is not', (contentType) => {
    expect(isJson(contentType)).toBe(false);
  });
});

describe('Content-Encoding', () => {
  it.each([null, '', 'identity', 'Identity', 'identity, identity', ' identity '])(
    '%s is none',
    (encoding) => {
      expect(isUnencoded(encoding)).toBe(true);
    },
  );

  it.each(['gzip', 'GZIP', 'br', 'deflate', 'zstd', 'identity, gzip', 'gzip, identity', 'x-gzip', 'nothing'])(
    '%s is one',
    (encoding) => {
      expect(isUnencoded(encoding)).toBe(false);
    },
  );
});
