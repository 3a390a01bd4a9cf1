import { badRequest } from '../rejection.ts';
import { readMessages } from '../rpc-messages.ts';
import type { RequestGuard } from './guard.ts';

/** Reads the messages of MCP, and rejects other bodies, and versions of the protocol that are not spoken. */
export const messages: RequestGuard = {
  name: 'messages',
  routes: ['mcp'],
  stage: 'body',
  check: (request, { mcpVersions }) => {
    const version = request.headers.get('mcp-protocol-version');
    if (version !== null && !mcpVersions.includes(version)) {
      return badRequest(`MCP-Protocol-Version: expected one of ${mcpVersions.join(', ')}.`);
    }
    const read = readMessages(request.body ?? Buffer.alloc(0), version);
    request.body = undefined;
    if ('status' in read) return read;
    request.messages = read;
    return undefined;
  },
};
