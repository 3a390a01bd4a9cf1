import { describe, expect, it } from 'vitest';
import { createAddressOf, hostOf, isHttps, networkOf } from '../src/auth/client-address.ts';
import { silentLog } from './support/gateway.ts';

const socket = '192.0.2.1';

const requestWith = (headers: Record<string, string>) => ({
  headers: new Headers(headers),
  url: 'http://gateway.example.com:4000/graphql',
});

const forwardedFor = (text: string) => requestWith({ 'x-forwarded-for': text });

describe('the address of a client', () => {
  it.each([
    ['no proxy is trusted', '198.51.100.7', 0, socket],
    ['one is trusted', '198.51.100.7', 1, '198.51.100.7'],
    ['one is trusted, and the client sent a header of its own', '10.0.0.1, 198.51.100.7', 1, '198.51.100.7'],
    ['two are trusted', '10.0.0.1, 198.51.100.7, 203.0.113.9', 2, '198.51.100.7'],
    ['the header is shorter than the way', '198.51.100.7', 2, socket],
    ['the header is empty', '', 1, socket],
    ['it ends with a comma', '198.51.100.7,', 1, socket],
    ['it holds no address', 'unknown', 1, socket],
    ['it holds half of one', '198.51.100', 1, socket],
    ['it holds one too large', '198.51.100.256', 1, socket],
    ['it holds more than one', '198.51.100.7 198.51.100.8', 1, socket],
    ['it has leading zeros', '198.051.100.007', 1, socket],
    ['there is a port', '198.51.100.7:5678', 1, '198.51.100.7'],
    ['there is a port of IPv6', '[2001:db8::1]:5678', 1, '2001:db8::1'],
    ['IPv6 is written at length', '2001:0DB8:0000:0000:0000:0000:0000:0001', 1, '2001:db8::1'],
    ['IPv4 is written as IPv6', '::ffff:198.51.100.7', 1, '198.51.100.7'],
    ['IPv4 is written as IPv6 in hexadecimal', '::FFFF:c633:6407', 1, '198.51.100.7'],
  ])('is right where %s', (_, header, hops, expected) => {
    expect(createAddressOf(hops, silentLog)(forwardedFor(header), socket)).toBe(expected);
  });

  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    [undefined, ''],
  ])('of the socket %s is %s', (remote, expected) => {
    expect(createAddressOf(1, silentLog)(requestWith({}), remote)).toBe(expected);
  });
});

describe('the warning of an address that is not used', () => {
  const watch = (hops: number) => {
    const lines: (readonly [object, string])[] = [];
    const addressOf = createAddressOf(hops, { warn: (...line) => void lines.push(line) });
    return { lines, receive: (headers: Record<string, string>) => addressOf(requestWith(headers), socket) };
  };

  it.each([
    'X-Forwarded-For',
    'Forwarded',
    'X-Real-IP',
    'CF-Connecting-IP',
    'True-Client-IP',
    'Fastly-Client-IP',
    'Fly-Client-IP',
    'X-Client-IP',
    'X-Cluster-Client-IP',
    'X-Envoy-External-Address',
    'X-Azure-ClientIP',
    'CloudFront-Viewer-Address',
    'X-Forwarded-Proto',
    'X-Forwarded-Host',
  ])('comes once, and names the header, if TRUSTED_PROXIES is 0: %s', (header) => {
    const { lines, receive } = watch(0);
    receive({});
    expect(lines).toEqual([]);
    for (let n = 0; n < 3; n += 1) receive({ [header]: '198.51.100.7' });
    receive({ 'x-real-ip': '198.51.100.8' });
    expect(lines).toEqual([
      [
        { header: header.toLowerCase(), trustedProxies: 0 },
        expect.stringMatching(/TRUSTED_PROXIES is 0.*rate limits/),
      ],
    ]);
    expect(JSON.stringify(lines)).not.toContain('198.51');
  });

  it.each([
    ['the header has as many addresses', 1, { 'x-forwarded-for': '198.51.100.7' }, 0],
    ['the header has more', 1, { 'x-forwarded-for': '10.0.0.1, 198.51.100.7' }, 0],
    ['no proxy adds a header', 1, {}, 0],
    ['the header has fewer', 2, { 'x-forwarded-for': '198.51.100.7' }, 1],
    ['a proxy adds another header alone', 1, { 'x-real-ip': '198.51.100.7' }, 1],
  ])('if %s, with %i trusted: %j → %i', (_, hops, headers, count) => {
    const { lines, receive } = watch(hops);
    for (let n = 0; n < 2; n += 1) receive(headers as Record<string, string>);
    expect(lines).toHaveLength(count);
  });
});

describe('the network of a client', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
    ['', ''],
  ])('at %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('what the client asked', () => {
  const forwarded = requestWith({
    'x-forwarded-proto': 'http, HTTPS',
    'x-forwarded-host': 'evil.example.com, API.example.com',
  });

  it.each([
    [0, undefined, 'gateway.example.com:4000'],
    [1, true, 'api.example.com'],
    [2, false, 'evil.example.com'],
  ])('is stated by the last of %i trusted proxies', (hops, secure, host) => {
    expect([isHttps(forwarded, hops), hostOf(forwarded, hops)]).toEqual([secure, host]);
  });

  it('is the only value of proxies that replace the header', () => {
    expect(isHttps(requestWith({ 'x-forwarded-proto': 'https' }), 2)).toBe(true);
  });

  it('is what the connection says where no proxy says anything', () => {
    expect([isHttps(requestWith({}), 1), hostOf(requestWith({}), 1)]).toEqual([
      undefined,
      'gateway.example.com:4000',
    ]);
  });
});
