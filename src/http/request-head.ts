import type { IncomingMessage, ServerResponse } from 'node:http';
import { securityHeaders } from './plugins/use-security-headers.ts';

/** Headers that a request may have. Node limits their size to 16 KB, and their number not at all (`maxHeadersCount` is 0). */
const maxHeaders = 1000;

/** Why a request is rejected by its first line and its headers. */
interface Fault {
  readonly status: number;
  /** A sentence without any value of the request. */
  readonly message: string;
}

const badHost: Fault = { status: 400, message: 'Host: expected one host, with or without a port.' };
const badTarget: Fault = {
  status: 400,
  message: 'The target of the request: expected a path, or an address with http:// or https://.',
};
const dotSegments: Fault = {
  status: 400,
  message: 'The path of the request: expected no segments . and .., encoded or not.',
};
const tooManyHeaders: Fault = { status: 431, message: `Expected at most ${maxHeaders} headers.` };

/** Whether a text is a host, with or without a port, and nothing that would become a part of a path, or a user. */
const isAuthority = (text: string): boolean =>
  !/[\s/?#@\\,]/.test(text) && text !== '' && URL.canParse(`http://${text}/`);

/** RFC 3986, 3.3. URL would read a backslash as a slash, and leave out tabs. */
const path = /^(?:\/(?:[\w\-.~!$&'()*+,;=:@]|%[\da-f]{2})*)+$/i;

const dotSegment = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

/** The address of RFC 9112, 3.2.2, as clients send it to proxies. */
const absolute = /^https?:\/\/([^/?#]*)(.*)$/is;

const faultOfOrigin = (target: string): Fault | undefined => {
  const end = target.indexOf('?');
  const pathPart = end < 0 ? target : target.slice(0, end);
  if (!path.test(pathPart) || target.includes('#')) return badTarget;
  return dotSegment.test(pathPart) ? dotSegments : undefined;
};

const faultOfHost = ({ headers: { host }, httpVersion }: IncomingMessage): Fault | undefined => {
  if (host === undefined) return httpVersion === '1.1' ? badHost : undefined;
  return isAuthority(host) ? undefined : badHost;
};

/** The host of an absolute target replaces the header's. */
const toOrigin = (request: IncomingMessage): Fault | undefined => {
  const [, authority = '', rest = ''] = absolute.exec(request.url ?? '') ?? [];
  if (!isAuthority(authority)) return badTarget;
  request.headers.host = authority;
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  return undefined;
};

const faultOf = (request: IncomingMessage): Fault | undefined => {
  if (request.rawHeaders.length > maxHeaders * 2) return tooManyHeaders;
  const fault = faultOfHost(request) ?? (request.url?.startsWith('/') ? undefined : toOrigin(request));
  return fault ?? faultOfOrigin(request.url ?? '');
};

const reject = (response: ServerResponse, { status, message }: Fault): void => {
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  const headers = { ...securityHeaders, 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
};

/** What a server as a whole allows (`OPTIONS *`). */
const allow = 'GET, HEAD, POST, OPTIONS';

/**
 * Answers requests whose target or headers mean something else to URL than to a proxy in front, and gives all others
 * the same form: a path, and the host that they are for.
 *
 * @returns whether the request is to be handled.
 */
export const admitHead = (request: IncomingMessage, response: ServerResponse): boolean => {
  if (request.url === '*' && request.method === 'OPTIONS') {
    response.writeHead(204, { ...securityHeaders, allow }).end();
    return false;
  }
  const fault = faultOf(request);
  if (fault) reject(response, fault);
  return fault === undefined;
};
