import { BlockList, isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { toTimeZone } from '../values/agency-calendar.ts';

/** Whether a host name can only be reached from this machine. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

export const whole = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `expected a whole number from ${least} to ${most}`,
    })
    .transform(Number);

const maxWorkers = 256;

/** A number of processes; `auto` is the number of cores that this process may use. */
export const workerCount = z
  .string()
  .trim()
  .toLowerCase()
  .refine((text) => text === 'auto' || (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= maxWorkers), {
    error: `expected a whole number from 1 to ${maxWorkers}, or auto`,
  })
  .transform((text) => (text === 'auto' ? Math.min(maxWorkers, availableParallelism()) : Number(text)));

export const flag = z
  .enum(['true', 'false'], { error: 'expected true or false' })
  .transform((text) => text === 'true');

const isBareUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && !username && !password && !search && !hash;
};

/** An address that credentials, keys and personal data go over: in the clear only where nobody can listen. */
export const secureUrl = z
  .string()
  .trim()
  .refine(isBareUrl, { error: 'expected an address, as in https://api.example.com', abort: true })
  .refine((text) => new URL(text).protocol === 'https:' || isLoopback(new URL(text).hostname), {
    error: 'expected https:// for any address that is not loopback',
  });

// [::1] is how an address of IPv6 stands in a URL.
export const host = z.string().transform((text) =>
  text
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1'),
);

const privateNetworks = new BlockList();
privateNetworks.addSubnet('10.0.0.0', 8);
privateNetworks.addSubnet('172.16.0.0', 12);
privateNetworks.addSubnet('192.168.0.0', 16);
privateNetworks.addSubnet('169.254.0.0', 16);
privateNetworks.addSubnet('fc00::', 7, 'ipv6');
privateNetworks.addSubnet('fe80::', 10, 'ipv6');

/** Names that public DNS never resolves: one label, such as that of a container or a service, or a private domain. */
const privateName = /^[a-z_][a-z\d_-]*$|\.(?:svc|internal|local)$/;

/** Whether a host of a URL is on this machine or in a private network, by its address or its name. */
const isPrivate = (hostname: string): boolean => {
  const name = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const family = isIP(name);
  if (family === 0) return privateName.test(name);
  return isLoopback(name) || privateNetworks.check(name, family === 6 ? 'ipv6' : 'ipv4');
};

const isRedisUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  // A query would change options of the client, such as whether it repeats commands.
  return (
    /^rediss?:$/.test(protocol) && hostname !== '' && !search && !hash && /^(?:\/\d{0,3})?$/.test(pathname)
  );
};

const canDecode = ({ username, password }: URL): boolean => {
  try {
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch {
    return false;
  }
};

/** The URL of a Redis, which may contain a password. */
export const redisUrl = z
  .string()
  .trim()
  .refine(isRedisUrl, {
    error: 'expected an address, as in redis://redis:6379, rediss://user:password@redis.example.com:6380/0',
    abort: true,
  })
  .refine((text) => new URL(text).protocol === 'rediss:' || isPrivate(new URL(text).hostname), {
    error: 'expected rediss:// (TLS) for a host outside of private networks',
    abort: true,
  })
  .refine((text) => canDecode(new URL(text)), {
    error: 'expected percent-encoding of special characters in the user name and the password',
  })
  // The client recognizes the scheme in small letters only.
  .transform((text) => new URL(text).href);

export const bearerToken = z.string().regex(/^[\x21-\x7e]+$/, { error: 'expected a token without blanks' });

const secretBytes = 32;

export const jwtSecret = z.string().refine((text) => Buffer.byteLength(text) >= secretBytes, {
  error: `expected at least ${secretBytes} bytes, as \`openssl rand -base64 ${secretBytes}\` gives`,
});

export const timeZone = z
  .string()
  .refine((text) => toTimeZone(text) !== null, {
    error: 'expected the IANA name of a time zone, as in America/New_York',
  })
  .transform((text) => toTimeZone(text) ?? undefined);

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/** Paths, separated by commas. */
export const paths = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((path) => path.trim())
      .filter((path) => path !== ''),
  )
  .refine((all) => all.length > 0, { error: 'expected paths, comma-separated' });

/** Origins of web pages that may send requests, separated by commas or blanks. */
export const origins = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((origin) => origin !== ''))
  .refine((list) => list.every(isOrigin), {
    error: 'expected origins, as in https://app.example.com, comma-separated',
  });

/** The URL of a collector, which may contain credentials. Traces contain no personal data. */
export const collectorUrl = z
  .string()
  .trim()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    error: 'expected an http: or https: URL, as in http://collector:4318',
  });

/** A share from 0 to 1. */
export const share = z
  .string()
  .refine((text) => /^(?:0(?:\.\d{1,9})?|\.\d{1,9}|1(?:\.0{1,9})?)$/.test(text.trim()), {
    error: 'expected a number from 0 to 1, as in 0.01',
  })
  .transform(Number);

/** A name of a header (RFC 9110, 5.1). A browser takes `*` for any name but `authorization`: it names none. */
const headerName = /^(?!\*$)[!#$%&'*+.^_`|~\w-]+$/;

/** Names of headers, separated by commas. */
export const headerNames = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  )
  .refine((names) => names.every((name) => headerName.test(name)), {
    error: 'expected names of headers, as in x-tenant, comma-separated',
  });
