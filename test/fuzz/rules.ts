import { securityHeaders } from '../../src/http/steps/security-headers.ts';
import { repeats } from './canary.ts';
import { type FuzzRequest, isRaw } from './request.ts';
import type { Answer } from './send.ts';

/**
 * What may be answered to anything. Of 5xx there is none: 503 is for a gateway that stops or lacks its ledger (`/ready`),
 * or the keys of its tokens, and nothing of this kind happens here; failures of upstreams are errors of answers with 200.
 */
const statuses = new Set([100, 200, 202, 204, 400, 401, 403, 404, 405, 406, 408, 413, 415, 417, 429, 431]);

/** What only those may know who read the program. */
const inside: readonly RegExp[] = [
  /^\s+at .*\d+:\d+\)?$/m,
  /\\n\s+at /,
  /node_modules|node:internal|file:\/\//,
  /[\w-]\.[cm]?[jt]s(?::\d+|\b)/,
  /\/(?:work|home|usr|tmp|root|var|dist)\//,
  /\b(?:Type|Range|Reference|Aggregate|Syntax|GraphQL|Zod|Abort|DOM|Assertion|Sqlite|Libsql)(?:Error|Exception)\b/i,
  /\bcannot read propert|is not a function|is not iterable|\[object \w+\]|maximum call stack/i,
  /\bECONN|\bUND_ERR|\bERR_[A-Z]|127\.0\.0\.1:\d/,
  /graphql-yoga|pothos|whatwg/i,
];

interface GraphQLAnswer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message?: unknown;
    readonly extensions?: { readonly code?: unknown };
  }[];
}

const wrongInErrors = (body: unknown): string[] => {
  const { errors } = (body ?? {}) as GraphQLAnswer;
  if (errors === undefined) return [];
  if (!Array.isArray(errors) || errors.length === 0) return ['its errors are no list, or an empty one'];
  return (errors as NonNullable<GraphQLAnswer['errors']>).flatMap(({ message, extensions }) => [
    ...(typeof message === 'string' ? [] : ['an error without a message']),
    ...(typeof extensions?.code === 'string' && /^[A-Z_]+$/.test(extensions.code)
      ? []
      : ['an error without a code']),
    ...(extensions?.code === 'INTERNAL_SERVER_ERROR' ? ['an internal error'] : []),
  ]);
};

interface RpcAnswer {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown };
  readonly result?: { readonly structuredContent?: unknown };
}

const isRpc = (value: unknown): value is RpcAnswer =>
  typeof value === 'object' && value !== null && 'jsonrpc' in value;

/** An answer to a message of JSON-RPC, or a list of them; `undefined` for any other. */
const rpcAnswersIn = (value: unknown): readonly RpcAnswer[] | undefined => {
  if (isRpc(value)) return [value];
  return Array.isArray(value) && value.length > 0 && value.every(isRpc) ? value : undefined;
};

/** The code of JSON-RPC. */
const internalError = -32_603;

const wrongInRpc = ({ jsonrpc, id, error, result }: RpcAnswer): string[] => {
  const { code, message } = error ?? {};
  return [
    ...(jsonrpc === '2.0' ? [] : ['another version of JSON-RPC']),
    ...(id === undefined ? ['a message without an id'] : []),
    ...((error === undefined) === (result === undefined) ? ['neither an error nor a result, or both'] : []),
    ...(error && !Number.isInteger(code) ? ['an error without a code'] : []),
    ...(error && typeof message !== 'string' ? ['an error without a message'] : []),
    ...(code === internalError ? ['an internal error'] : []),
    ...wrongInErrors(result?.structuredContent),
  ];
};

const wrongInJson = (body: string): string[] => {
  try {
    const answer: unknown = JSON.parse(body);
    return rpcAnswersIn(answer)?.flatMap(wrongInRpc) ?? wrongInErrors(answer);
  } catch {
    return ['its body is not JSON, as it says'];
  }
};

/** The page of GraphiQL holds whole libraries, and the figures for Prometheus name what they count. */
const isOwnText = ({ headers }: Answer): boolean =>
  /^text\/html|version=0\.0\.4/.test(headers['content-type'] ?? '');

const wrongInBody = (request: FuzzRequest, answer: Answer): string[] => {
  const { body, headers } = answer;
  const isJson = /json/.test(headers['content-type'] ?? '');
  const isBodiless = !isRaw(request) && request.method === 'HEAD';
  return [
    ...(isJson && !isBodiless && !isRaw(request) ? wrongInJson(body) : []),
    ...(/INTERNAL_SERVER_ERROR/.test(body) && !isOwnText(answer) ? ['an internal error'] : []),
    ...(isOwnText(answer)
      ? []
      : inside.filter((pattern) => pattern.test(body)).map((one) => `it shows ${one}`)),
  ];
};

const wrongInHeaders = (request: FuzzRequest, { status, headers }: Answer): string[] => {
  // These are answered before anything of the gateway hears of them.
  if (isRaw(request) || status === 417 || status === 431) return [];
  const missing = Object.entries(securityHeaders).filter(([name]) => headers[name] === undefined);
  const noRetry = status === 429 && headers['retry-after'] === undefined ? ['it has no Retry-After'] : [];
  return [...missing.map(([name]) => `it lacks the header ${name}`), ...noRetry];
};

/** An answer without the ids of messages, which are those that the client sent. */
const withoutIds = (body: string): string => {
  try {
    const answers = rpcAnswersIn(JSON.parse(body));
    return answers ? JSON.stringify(answers.map(({ id: _, ...others }) => others)) : body;
  } catch {
    return body;
  }
};

/** What is wrong with an answer; nothing where it is as any answer has to be. */
export const faultsOf = (request: FuzzRequest, answer: Answer): string[] => {
  const all = `${JSON.stringify(answer.headers)}\n${withoutIds(answer.body)}`;
  return [
    ...(answer.status === null ? ['it is no answer of HTTP'] : []),
    ...answer.statuses.filter((status) => !statuses.has(status)).map((status) => `its status is ${status}`),
    ...wrongInBody(request, answer),
    ...wrongInHeaders(request, answer),
    ...(repeats(all, request.canary) ? ['it repeats what it was sent'] : []),
  ];
};
