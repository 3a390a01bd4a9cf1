import type { Endpoint } from '../endpoint/endpoint.ts';
import { isKeyed, keyReaderOf } from '../endpoint/keyed.ts';
import type { Requested } from '../endpoint/response-keys.ts';
import { isRecord } from '../endpoint/row.ts';

/** Reads whose responses a write may change. */
export interface ChangedRead {
  readonly endpoint: Endpoint;
  /** The keys of the responses, as far as they are known. */
  readonly keys: readonly object[];
}

/** Returns the canonical form of the URL of an upstream: scopes at equal addresses are the same. */
export const addressOfUpstream = (url: string): string => new URL(url).href.replace(/\/+$/, '');

/** The scope of all reads of one upstream. */
const ofUpstream = 'all';

/** Equal keys in different forms have the same scope: a scope that is too wide costs a call, one too narrow the truth. */
const canonical = (value: string): string =>
  value
    .trim()
    .toUpperCase()
    .replace(/^0+(?=\d)/, '');

/** The first part of a key identifies the account or the order; the others are objects within it. */
const firstPart = ({ key = {} }: Endpoint): readonly [part: string, name: string] | undefined =>
  Object.entries(key as Readonly<Record<string, string>>)[0];

const ofOperation = ({ operation }: Endpoint): string => `operation ${operation}`;

const ofObject = (part: string, value: unknown): string | undefined =>
  typeof value === 'string' ? `${part} ${canonical(value)}` : undefined;

const requestedValue = ({ params, body }: Requested, name: string): unknown =>
  params[name] ?? (isRecord(body) ? body[name] : undefined);

/** Returns the scopes of a read: its upstream, its operation, and the account or order that it is about. */
export const scopesOfRead = (endpoint: Endpoint, requested: Requested): string[] => {
  const scopes = [ofUpstream, ofOperation(endpoint)];
  const [part, name] = firstPart(endpoint) ?? [];
  const object =
    part === undefined || name === undefined ? undefined : ofObject(part, requestedValue(requested, name));
  return object === undefined ? scopes : [...scopes, object];
};

/**
 * Returns the scopes that a write invalidates: all reads of the accounts or orders that it changes, and all responses of
 * operations that are not read by their keys. A write without a known account or order invalidates all of its upstream.
 */
export const scopesOfWrite = (changes: readonly ChangedRead[]): string[] => {
  const objects = new Set<string>();
  const operations = new Set<string>();
  for (const { endpoint, keys } of changes) {
    for (const key of keys) {
      const [part] = firstPart(endpoint) ?? [];
      const isKnown = part !== undefined && isKeyed(endpoint) && keyReaderOf(endpoint).isKey(key);
      const object = isKnown ? ofObject(part, (key as Readonly<Record<string, unknown>>)[part]) : undefined;
      if (object === undefined) operations.add(ofOperation(endpoint));
      else objects.add(object);
    }
  }
  return objects.size === 0 ? [ofUpstream] : [...objects, ...operations];
};
