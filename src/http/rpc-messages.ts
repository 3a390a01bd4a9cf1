import { badRequest, type Rejection } from './rejection.ts';

export type RpcId = string | number;

/** A request of JSON-RPC, as a client of MCP sends it. */
export interface RpcRequest {
  readonly id: RpcId;
  readonly method: string;
  readonly params: unknown;
}

/** What a body contains: notifications and responses need no answer. */
export interface RpcMessages {
  readonly requests: readonly RpcRequest[];
  readonly isBatch: boolean;
}

const maxBatch = 20;
const maxIdLength = 256;

/** The first version of MCP without batches. */
const firstWithoutBatches = '2025-06-18';

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The codes of JSON-RPC 2.0. */
const notJson: Rejection = { ...badRequest('Body: expected JSON.'), rpcCode: -32_700 };

const invalid = (expectation: string): Rejection => ({
  ...badRequest(`Body: expected ${expectation}.`),
  rpcCode: -32_600,
});

const noMessage = invalid('messages of JSON-RPC 2.0');
const badId = invalid(`ids that are whole numbers, or strings of at most ${maxIdLength} characters`);
const repeatedId = invalid('a different id in each request of a batch');
const noBatch = invalid(`one message: since ${firstWithoutBatches}, the protocol has no batches`);
const badBatch = invalid(`a batch of 1 to ${maxBatch} messages`);

const isId = (id: unknown): id is RpcId =>
  typeof id === 'string' ? id.length <= maxIdLength : Number.isSafeInteger(id);

const requestIn = (message: JsonObject): RpcRequest | Rejection | undefined => {
  const { jsonrpc, id, method, params } = message;
  const isAnswer = method === undefined && ('result' in message || 'error' in message);
  if (jsonrpc !== '2.0' || (typeof method !== 'string' && !isAnswer)) return noMessage;
  if (typeof method !== 'string' || id === undefined) return undefined;
  return isId(id) ? { id, method, params } : badId;
};

/** Reads the messages of a body, or says what is wrong with them without repeating anything of them. */
export const readMessages = (body: Buffer, version: string | null): RpcMessages | Rejection => {
  let all: unknown;
  try {
    all = JSON.parse(body.toString());
  } catch {
    return notJson;
  }
  const isBatch = Array.isArray(all);
  const messages: readonly unknown[] = Array.isArray(all) ? all : [all];
  if (isBatch && version !== null && version >= firstWithoutBatches) return noBatch;
  if (messages.length === 0 || messages.length > maxBatch) return badBatch;
  const requests = new Map<string, RpcRequest>();
  for (const message of messages) {
    const request = isObject(message) ? requestIn(message) : noMessage;
    if (!request) continue;
    if ('status' in request) return request;
    const key = JSON.stringify(request.id);
    if (requests.has(key)) return repeatedId;
    requests.set(key, request);
  }
  return { requests: [...requests.values()], isBatch };
};
