import { describe, expect, it } from 'vitest';
import { IncomingRequest, type TransportRequest } from '../incoming-request.ts';
import { checkHead } from './head-format.ts';

const requestWith = (transport: Partial<TransportRequest>): IncomingRequest =>
  new IncomingRequest(
    {
      method: 'GET',
      target: '/graphql',
      headers: { get: () => null },
      headerCount: 1,
      host: 'localhost',
      httpVersion: '1.1',
      socketAddress: undefined,
      readBody: () => Promise.resolve(undefined),
      onLeave: () => () => {},
      ...transport,
    },
    () => '',
    () => ({ requestId: '', trace: undefined }),
  );

describe('the guard of the head', () => {
  it.each<Partial<TransportRequest>>([
    { target: '/graphql?query={__typename}' },
    { target: 'http://gateway.example.com/graphql' },
    { target: 'https://[::1]:4000' },
    { host: 'a_b.example.com:80' },
    { host: undefined, httpVersion: '1.0' },
    { method: 'OPTIONS', target: '*' },
    { headerCount: 1000 },
  ])('admits %j', (transport) => {
    expect(checkHead(requestWith(transport))).toBeUndefined();
  });

  it.each<readonly [Partial<TransportRequest>, number]>([
    [{ headerCount: 1001 }, 431],
    [{ host: undefined }, 400],
    [{ host: 'user@localhost' }, 400],
    [{ host: 'a, b' }, 400],
    [{ target: '*' }, 400],
    [{ target: 'metrics' }, 400],
    [{ target: 'http:///metrics' }, 400],
    [{ target: 'http://user@gateway/metrics' }, 400],
    [{ target: 'ftp://gateway/metrics' }, 400],
    [{ target: '/graphql/%2e./metrics' }, 400],
    [{ target: '/x\\metrics' }, 400],
    [{ target: '/metrics#x' }, 400],
  ])('rejects %j with %i', (transport, status) => {
    expect(checkHead(requestWith(transport))).toMatchObject({ status, reason: 'bad_request' });
  });

  it('uses the host of an absolute target instead of the header', () => {
    const { host, path, search } = requestWith({ target: 'HTTP://other:81?x=1' });
    expect({ host, path, search }).toEqual({ host: 'other:81', path: '/', search: 'x=1' });
  });
});
