import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillPath } from '../../src/upstreams/endpoint/endpoint.ts';

const origin = 'http://upstream';

describe('fillPath', () => {
  it.each([
    ['R1', '/accounts/R1/phones'],
    ['a/b', '/accounts/a%2Fb/phones'],
    ['..%2f', '/accounts/..%252f/phones'],
    ['a?b#c', '/accounts/a%3Fb%23c/phones'],
    ['{id}', '/accounts/%7Bid%7D/phones'],
    ['$&', '/accounts/%24%26/phones'],
    ['\r\nx: y', '/accounts/%0D%0Ax%3A%20y/phones'],
  ])('makes one segment of %j', (id, path) => {
    expect(fillPath('/accounts/{id}/phones', { id })).toBe(path);
  });

  it.each(['', '.', '..'])('refuses %j, which would lead to another path', (id) => {
    expect(() => fillPath('/accounts/{id}/phones', { id })).toThrow(RangeError);
    expect(() => fillPath('/accounts/{id}/phones', {})).toThrow(RangeError);
  });

  it('leads nowhere else, whatever is filled in', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[./%2eE\\]{1,9}$/)), (id) => {
        fc.pre(!['', '.', '..'].includes(id));
        const { pathname, search, hash } = new URL(origin + fillPath('/accounts/{id}/phones', { id }));
        expect({ parts: pathname.split('/').length, search, hash }).toEqual({
          parts: 4,
          search: '',
          hash: '',
        });
        expect(decodeURIComponent(pathname.split('/')[2] ?? '')).toBe(id);
      }),
    );
  });
});
