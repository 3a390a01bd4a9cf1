import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Context } from '../request/context.ts';
import type { ResponseTask } from '../request/response-work.ts';
import type { JsonResponseType, PartsFormat } from './media-types.ts';
import { framingOf, wholeBody } from './parts/framing.ts';
import type { Rejection } from './rejection.ts';

/** A response without the headers that every response has. */
export interface Reply {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Empty if the body comes in parts. */
  readonly body: string | Buffer<ArrayBuffer>;
  /**
   * The parts of a body that is not complete yet. They are iterated once, and each is requested when the connection has
   * taken those before it. Who requests no more calls `return`.
   */
  readonly parts?: AsyncIterable<string> | undefined;
  /** Whether the parts may come for hours: then the request is over, for metrics and traces, when they begin. */
  readonly isOpenEnded?: boolean;
  /** The size of the body, once all headers are there. */
  readonly bytes?: number;
  /** The content security policy of a page, which browsers may keep and ask for changes. */
  readonly pagePolicy?: string;
  /** Seconds for which anyone may keep the response; nobody may keep it unless given. */
  readonly maxAgeSeconds?: number;
  /** The work on this response, which ends when it is sent. */
  readonly task?: ResponseTask | undefined;
}

/** Whether a response of this status has neither a body nor a length. */
export const hasNoContent = (status: number): boolean => status === 204 || status === 304;

/** Names and values in turn, as Node takes them. */
export const inTurn = (headers: Readonly<Record<string, string>>): string[] =>
  Object.entries(headers).flatMap(([name, value]) => [name.toLowerCase(), value]);

const contentType = (mediaType: string): readonly string[] => ['content-type', `${mediaType}; charset=utf-8`];

const contentTypes: Readonly<Record<JsonResponseType, readonly string[]>> = {
  'application/json': contentType('application/json'),
  'application/graphql-response+json': contentType('application/graphql-response+json'),
};

interface ErrorHttp {
  readonly status?: number;
  /** Whether the status is for `application/graphql-response+json` only. */
  readonly spec?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const httpOf = ({ extensions }: GraphQLError): ErrorHttp => (extensions['http'] ?? {}) as ErrorHttp;

/**
 * Returns the status that GraphQL over HTTP requires: 200 for a result with a `data` entry; in
 * `application/graphql-response+json` 4xx or 5xx for one without.
 */
const statusOf = (errors: readonly GraphQLError[], mediaType: string): number => {
  // A client of events does not see another status than 200.
  const isLegacy = mediaType === 'application/json' || mediaType === 'text/event-stream';
  const statuses = errors.map(httpOf).flatMap(({ status, spec }) => (isLegacy && spec ? [] : (status ?? [])));
  if (statuses.length > 0) return Math.max(...statuses);
  if (isLegacy) return 200;
  return errors.some(({ extensions: { code } }) => code === 'INTERNAL_SERVER_ERROR') ? 500 : 400;
};

/** An error as clients receive it: without what determines the status. */
export const formatted = (error: GraphQLError): GraphQLFormattedError => {
  const { extensions, ...rest } = error.toJSON();
  const { http, ...shown } = extensions ?? {};
  return Object.keys(shown).length > 0 ? { ...rest, extensions: shown } : rest;
};

/** The age of the oldest cached data in a response, in seconds (RFC 9111, 5.1). */
const ageHeader = (cachedReads: Context['cachedReads']): readonly string[] => {
  const ageMs = cachedReads?.ageMs() ?? null;
  return ageMs === null ? [] : ['age', String(Math.floor(ageMs / 1000))];
};

/** A result as clients receive it. */
export const shownResult = (result: ExecutionResult): object =>
  result.errors ? { ...result, errors: result.errors.map(formatted) } : result;

type ReplyContext = Pick<Context, 'pace' | 'cachedReads'>;

const jsonReply = (result: ExecutionResult, mediaType: JsonResponseType, context?: ReplyContext): Reply => {
  const { errors } = result;
  const task = context?.pace;
  const headers = [...contentTypes[mediaType], ...ageHeader(context?.cachedReads)];
  if (!errors) return { status: 200, headers, body: JSON.stringify(result), task };
  const hasData = 'data' in result;
  const own = hasData ? [] : errors.flatMap((error) => inTurn(httpOf(error).headers ?? {}));
  return {
    status: hasData ? 200 : statusOf(errors, mediaType),
    headers: [...headers, ...own],
    body: JSON.stringify(shownResult(result)),
    task,
  };
};

/**
 * Returns the response with the result of an operation, which is complete.
 *
 * @param context of an operation that was executed.
 */
export const resultReply = (
  result: ExecutionResult,
  format: JsonResponseType | PartsFormat,
  context?: ReplyContext,
): Reply => {
  if (typeof format === 'string') return jsonReply(result, format, context);
  // The client takes no JSON: it gets one part.
  const { headers, body, ...reply } = jsonReply(result, 'application/json', context);
  const framing = framingOf(format);
  const { errors = [] } = result;
  return {
    ...reply,
    status: 'data' in result ? 200 : statusOf(errors, format.type),
    headers: [...framing.headers, ...headers.slice(2)],
    body: wholeBody(framing, String(body)),
  };
};

/** Returns a response whose body comes in parts. */
export const partsReply = (
  parts: AsyncIterable<string>,
  headers: readonly string[],
  context?: ReplyContext,
): Reply => ({
  status: 200,
  headers: [...headers, ...ageHeader(context?.cachedReads)],
  body: '',
  parts,
  task: context?.pace,
});

/** Returns the response to a rejected request. */
export const rejectionReply = (
  { status, error, headers = {} }: Rejection,
  mediaType: JsonResponseType = 'application/json',
): Reply => {
  if (!error) return { status, headers: inTurn(headers), body: '' };
  const { message, code, extensions } = error;
  return {
    status,
    headers: [...contentTypes[mediaType], ...inTurn(headers)],
    body: JSON.stringify({ errors: [{ message, extensions: { code, ...extensions } }] }),
  };
};

/** The code of JSON-RPC for errors that the server defines. */
const serverError = -32_000;

/** Returns the response to a rejected request for `/mcp`: an error without an id, since it answers no message. */
export const rpcRejectionReply = ({
  status,
  error,
  headers = {},
  rpcCode = serverError,
}: Rejection): Reply => {
  if (!error) return { status, headers: inTurn(headers), body: '' };
  const { message, code, extensions } = error;
  const shown = { code: rpcCode, message, data: { code, ...extensions } };
  return {
    status,
    headers: [...contentTypes['application/json'], ...inTurn(headers)],
    body: JSON.stringify({ jsonrpc: '2.0', id: null, error: shown }),
  };
};
