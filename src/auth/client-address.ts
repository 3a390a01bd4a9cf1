import { isIP } from 'node:net';
import type { Log } from '../telemetry/log.ts';

/** The headers of a request, however it came; `null` for one that is not there. */
export type RequestHeaders = Pick<Request['headers'], 'get'>;

/** An address without its port, as proxies write one: `1.2.3.4:5678`, `[2001:db8::1]:5678`. */
const withoutPort = (text: string): string =>
  text.replace(/^\[([^\]]*)\](?::\d{1,5})?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/, '$1');

const fromMapped = (address: string): string => {
  const [, high = '', low = ''] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (high === '') return address;
  return [high, low]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [Math.floor(group / 256), group % 256])
    .join('.');
};

/** The one way to write an address, so that nobody counts twice; `undefined` where the text is none. */
const normalized = (text: string): string | undefined => {
  if (isIP(text) === 4) return text;
  // The zone names an interface of one machine.
  const address = withoutPort(text.trim()).replace(/%.*$/s, '');
  // As a socket that listens to both has it.
  const [, inner = address] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address) ?? [];
  if (isIP(inner) === 4) return inner;
  if (isIP(address) !== 6) return undefined;
  return fromMapped(new URL(`http://[${address}]`).hostname.slice(1, -1));
};

/** Headers in which proxies report the address of the client, or what it requested of them. */
const forwardingHeaders = [
  'x-forwarded-for',
  'forwarded',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
  'fastly-client-ip',
  'fly-client-ip',
  'do-connecting-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-envoy-external-address',
  'x-azure-clientip',
  'cloudfront-viewer-address',
  'x-forwarded-proto',
  'x-forwarded-host',
] as const;

const listed = (headers: RequestHeaders, name: string): string[] => {
  const value = headers.get(name);
  return value === null ? [] : value.split(',').map((text) => text.trim());
};

const forwardedAddress = (headers: RequestHeaders, hops: number): string | undefined => {
  const forwarded = hops > 0 ? listed(headers, 'x-forwarded-for').at(-hops) : undefined;
  return forwarded && normalized(forwarded);
};

/**
 * Returns the address of the client; an empty text if that is not known.
 *
 * @param socketAddress the other end of the connection.
 */
export type AddressOf = (
  request: { readonly headers: RequestHeaders },
  socketAddress: string | undefined,
) => string;

/**
 * Creates what determines the address of a client. Anybody can send `X-Forwarded-For`: only what the trusted proxies
 * added is believed. It warns once if a proxy seems to report addresses that are not used, since all its clients then
 * share one.
 *
 * @param hops how many trusted proxies a request comes through, each of which adds to the right of the header.
 * @returns the `hops`-th address from the right; the socket's with no hops, or where no address stands there.
 */
export const createAddressOf = (hops: number, log: Pick<Log, 'warn'>): AddressOf => {
  const problem =
    hops === 0
      ? 'a request has a header that proxies add, but TRUSTED_PROXIES is 0: all clients of a proxy share its address and the rate limits of that address'
      : 'X-Forwarded-For has fewer addresses than TRUSTED_PROXIES: the address of the connection is used, which all clients of a proxy share';
  let hasWarned = false;
  const warn = (headers: RequestHeaders): void => {
    const header = forwardingHeaders.find((name) => headers.get(name) !== null);
    if (header === undefined) return;
    hasWarned = true;
    log.warn({ header, trustedProxies: hops }, problem);
  };
  return ({ headers }, socketAddress) => {
    const forwarded = forwardedAddress(headers, hops);
    if (forwarded === undefined && !hasWarned) warn(headers);
    return forwarded || normalized(socketAddress ?? '') || '';
  };
};

/** A proxy adds to these, or puts its own in their place: then there are fewer of them than hops. */
const forwardedAt = (headers: RequestHeaders, name: string, hops: number): string | undefined => {
  const values = hops > 0 ? listed(headers, name) : [];
  return (values.at(-hops) ?? values[0])?.toLowerCase();
};

/** Whether the client came by HTTPS, as a trusted proxy says; `undefined` where none says anything. */
export const isHttps = (
  { headers }: { readonly headers: RequestHeaders },
  hops: number,
): boolean | undefined => {
  const protocol = forwardedAt(headers, 'x-forwarded-proto', hops);
  return protocol === undefined ? undefined : protocol === 'https';
};

/** The host, with its port, that the client asked for. */
export const hostOf = (
  { headers, url }: { readonly headers: RequestHeaders; readonly url: string },
  hops: number,
): string => forwardedAt(headers, 'x-forwarded-host', hops) ?? new URL(url).host;

const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));

/** What one client has for itself: its address, or of IPv6 the network, /64, in which it may take any. */
export const networkOf = (address: string): string => {
  if (isIP(address) !== 6) return address;
  const [left = '', right = ''] = address.split('::');
  const [head, tail] = [groups(left), groups(right)];
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
};
