import { describe, expect, it } from 'vitest';
import { checkMethod } from './path-and-method.ts';

describe('the guard of methods', () => {
  it.each([
    ['graphql', 'GET', undefined],
    ['graphql', 'POST', undefined],
    ['graphql', 'HEAD', 'GET, POST'],
    ['graphql', 'OPTIONS', 'GET, POST'],
    ['graphql', 'DELETE', 'GET, POST'],
    ['operator', 'GET', undefined],
    ['operator', 'HEAD', undefined],
    ['operator', 'POST', 'GET, HEAD'],
    ['operator', 'OPTIONS', 'GET, HEAD'],
  ] as const)('%s, %s: allowed methods are %s', (route, method, allow) => {
    const rejection = checkMethod({ route, method });
    expect(rejection?.headers).toEqual(allow && { allow });
    if (allow) expect(rejection).toMatchObject({ status: 405, reason: 'method_not_allowed' });
  });
});
