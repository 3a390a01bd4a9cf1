import type { IncomingRequest } from '../incoming-request.ts';
import type { RpcId, RpcRequest } from '../rpc-messages.ts';
import type { McpEndpoint, McpServices } from './mcp.ts';
import { isProtocolError, protocolError, replyByProtocol } from './protocol.ts';
import type { Tool } from './tool.ts';
import { callTool } from './tool-call.ts';
import { paramsOf } from './tool-call-params.ts';
import { isPermitted } from './tool-scopes.ts';

const invalidParams = -32_602;
const internalError = -32_603;
/** A code for errors of the server, as JSON-RPC leaves them to it. */
const serverError = -32_000;

/**
 * Creates the endpoint of `/mcp`.
 *
 * @param current returns the tools that there are now.
 */
export const createMcpEndpoint = (
  current: () => ReadonlyMap<string, Tool>,
  maxResultBytes: number,
  services: McpServices,
): McpEndpoint => {
  const { metrics, audit, rateLimits, maskError } = services;

  /** Counts each call of a batch but the first, which the guard has counted. */
  const limit = async ({ caller, address }: IncomingRequest): Promise<void> => {
    const ofCaller = caller && (await rateLimits.takeCaller(caller));
    const seconds = typeof ofCaller === 'number' ? ofCaller : await rateLimits.takeAddress(address);
    if (typeof seconds !== 'number') return;
    metrics.onRefusal('rate_limit');
    const data = { code: 'RATE_LIMITED', retryAfter: seconds };
    throw protocolError(serverError, 'Too many requests: ask again later.', data);
  };

  /** A call is counted as a request for an operation: pages of clients, such as lists of tools, would hide them. */
  const measured = async (request: IncomingRequest, message: RpcRequest): Promise<object> => {
    const { name, input } = paramsOf(message);
    const tool = name === undefined ? undefined : current().get(name);
    let bytes: number | undefined;
    metrics.onRequest(request);
    try {
      if (!tool) {
        metrics.onRefusal('bad_request');
        await audit.rejected(request, ['BAD_REQUEST']);
        throw protocolError(invalidParams, 'Unknown tool: expected the name of one that tools/list returns.');
      }
      request.span = request.span?.child(`tools/call ${tool.name}`, 'internal', {
        'mcp.method.name': 'tools/call',
        'gen_ai.tool.name': tool.name,
      });
      const called = await callTool(tool, input, request, maxResultBytes, services);
      bytes = called.bytes;
      return called.result;
    } finally {
      // The span of an unknown tool is that of the request.
      if (tool) request.span?.add({ 'recollect.outcome': request.outcome });
      if (tool) request.span?.end(request.outcome === 'error' ? 'tool_error' : undefined);
      metrics.onReply(request, bytes);
    }
  };

  /** The SDK would report the message of an unexpected error. */
  const masked = async (request: IncomingRequest, call: () => Promise<object>): Promise<object> => {
    try {
      return await call();
    } catch (error) {
      if (isProtocolError(error)) throw error;
      const { message, extensions } = maskError(error, request);
      metrics.onRefusal('internal_error');
      metrics.onError('INTERNAL_SERVER_ERROR');
      throw protocolError(internalError, message, { ...extensions, code: 'INTERNAL_SERVER_ERROR' });
    }
  };

  const listFor = ({ caller }: IncomingRequest): object[] =>
    [...current().values()].filter((tool) => isPermitted(tool, caller)).map(({ definition }) => definition);

  return {
    reply: async (request) => {
      const { requests = [], isBatch = false } = request.messages ?? {};
      request.messages = undefined;
      if (requests.length === 0) return { status: 202, headers: [], body: '' };
      const calls = new Map<RpcId, RpcRequest>(
        requests.filter(({ method }) => method === 'tools/call').map((call) => [call.id, call]),
      );
      const [first] = calls.keys();
      return replyByProtocol(requests, isBatch, {
        list: () => listFor(request),
        call: (id) =>
          masked(request, async () => {
            const message = calls.get(id);
            if (!message) throw new Error('Expected a call of a tool with this id.');
            if (id !== first) await limit(request);
            return measured(request.forOperation(), message);
          }),
      });
    },
  };
};
