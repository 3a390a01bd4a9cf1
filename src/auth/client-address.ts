import { isIP } from 'node:net';
import type { Log } from '../telemetry/log.ts';

/** The headers of a request from any transport; `get` returns `null` for a missing one. */
export type RequestHeaders = Pick<Request['headers'], 'get'>;

/** Removes the port from an address, as proxies write it: `1.2.3.4:5678`, `[2001:db8::1]:5678`. */
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

/**
 * Returns the canonical form of an address, so that each client is counted once; `undefined` if the text is no address.
 */
const normalized = (text: string): string | undefined => {
  if (isIP(text) === 4) return text;
  // The zone identifies an interface of one machine.
  const address = withoutPort(text.trim()).replace(/%.*$/s, '');
  // The form of IPv4 addresses at a dual-stack socket.
  const [, inner = address] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address) ?? [];
  if (isIP(inner) === 4) return inner;
  if (isIP(address) !== 6) return undefined;
  return fromMapped(new URL(`http://[${address}]`).hostname.slice(1, -1));
};

/** Headers in which proxies report the address or the requested URL of a client. */
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

/** Whether a request came through the trusted proxies: each of them appends an entry to `X-Forwarded-For`. */
export const isForwarded = (headers: RequestHeaders, hops: number): boolean =>
  hops > 0 && listed(headers, 'x-forwarded-for').length >= hops;

/**
 * Returns the address of the client; an empty text if it is unknown.
 *
 * @param socketAddress the remote address of the connection.
 */
export type AddressOf = (
  request: { readonly headers: RequestHeaders },
  socketAddress: string | undefined,
) => string;

/**
 * Creates a function that determines the address of a client. Any client can send `X-Forwarded-For`, so only entries of
 * trusted proxies are used. It warns once if a proxy seems to report addresses that are not used: all clients of that
 * proxy then share one address.
 *
 * @param hops the number of trusted proxies in front of the gateway, each of which appends an entry to the header.
 * @returns the `hops`-th entry from the right; the address of the socket without hops, or if that entry is no address.
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

/** A proxy appends to these headers or replaces them: there may be fewer values than hops. */
const forwardedAt = (headers: RequestHeaders, name: string, hops: number): string | undefined => {
  const values = hops > 0 ? listed(headers, name) : [];
  return (values.at(-hops) ?? values[0])?.toLowerCase();
};

/** Whether the client used HTTPS, as a trusted proxy reports; `undefined` without a report. */
export const isHttps = (
  { headers }: { readonly headers: RequestHeaders },
  hops: number,
): boolean | undefined => {
  const protocol = forwardedAt(headers, 'x-forwarded-proto', hops);
  return protocol === undefined ? undefined : protocol === 'https';
};

/** Returns the host and port that the client requested. */
export const hostOf = (
  { headers, url }: { readonly headers: RequestHeaders; readonly url: string },
  hops: number,
): string => forwardedAt(headers, 'x-forwarded-host', hops) ?? new URL(url).host;

const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));

/**
 * Returns the network of one client: its IPv4 address, or the /64 network of its IPv6 address, in which it may use any
 * address.
 */
export const networkOf = (address: string): string => {
  if (isIP(address) !== 6) return address;
  const [left = '', right = ''] = address.split('::');
  const [head, tail] = [groups(left), groups(right)];
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
};
