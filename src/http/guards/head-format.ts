import { remembered } from '../../lib/remembered.ts';
import { badRequest, type Rejection } from '../rejection.ts';
import { routes } from '../routes.ts';
import type { RequestGuard } from './guard.ts';

/** The most headers of a request. Node limits their size to 16 KB, and not their number (`maxHeadersCount` is 0). */
const maxHeaders = 1000;

/** The parts of a request that are checked. */
export interface RequestHead {
  readonly transport: {
    readonly method: string;
    readonly target: string;
    readonly host: string | undefined;
    readonly httpVersion: string;
    readonly headerCount: number;
  };
  /** The host of the target if it has one, or of the header. */
  readonly host: string | undefined;
  readonly path: string;
}

const badHost = badRequest('Host: expected one host, with or without a port.');
const badTarget = badRequest(
  'The target of the request: expected a path, or an address with http:// or https://.',
);
const dotSegments = badRequest('The path of the request: expected no segments . and .., encoded or not.');
const tooManyHeaders = badRequest(`Expected at most ${maxHeaders} headers.`, { status: 431 });

/** Whether a text is a host, with or without a port, and nothing that URL would treat as a part of a path, or a user. */
const isAuthority = (text: string): boolean =>
  !/[\s/?#@\\,]/.test(text) && text !== '' && URL.canParse(`http://${text}/`);

/** Not for the host of a target: it would keep the whole target in memory. */
const isHostHeader = remembered(isAuthority);

/** RFC 3986, 3.3. URL would treat a backslash as a slash, and remove tabs. */
const validPath = /^(?:\/(?:[\w\-.~!$&'()*+,;=:@]|%[\da-f]{2})*)+$/i;

const dotSegment = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

const isAbsolute = /^https?:\/\//i;

const checkTarget = ({ transport: { target }, host, path }: RequestHead): Rejection | undefined => {
  if (!target.startsWith('/') && !(isAbsolute.test(target) && isAuthority(host ?? ''))) return badTarget;
  if (!validPath.test(path) || target.includes('#')) return badTarget;
  return dotSegment.test(path) ? dotSegments : undefined;
};

/** Rejects requests whose target or headers mean something else to URL than to a proxy in front. */
export const checkHead = (head: RequestHead): Rejection | undefined => {
  const { method, target, host, httpVersion, headerCount } = head.transport;
  if (headerCount > maxHeaders) return tooManyHeaders;
  if (host === undefined ? httpVersion === '1.1' : !isHostHeader(host)) return badHost;
  return target === '*' && method === 'OPTIONS' ? undefined : checkTarget(head);
};

export const headFormat: RequestGuard = { name: 'head format', routes, stage: 'head', check: checkHead };
