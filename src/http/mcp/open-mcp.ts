import type { McpLogIn } from '../../config/mcp-settings.ts';
import type { Mcp } from './mcp.ts';
import { createMcpEndpoint } from './mcp-endpoint.ts';
import { type OpenTools, openTools, type ToolsOptions } from './open-tools.ts';
import { createProtectedResource } from './protected-resource.ts';
import { protocolVersions } from './protocol.ts';

/** The protocol with the tools of a gateway. */
export interface OpenMcp extends Mcp, Pick<OpenTools, 'reload' | 'close'> {}

export interface McpOptions extends ToolsOptions {
  /** The largest result in bytes. */
  readonly maxResultBytes: number;
  /** `null` if clients are configured with a token. */
  readonly logIn: McpLogIn | null;
}

/** @throws {SettingsError} if one of the tools cannot be made. */
export const openMcp = async ({ maxResultBytes, logIn, ...options }: McpOptions): Promise<OpenMcp> => {
  const tools = await openTools(options);
  return {
    versions: protocolVersions,
    protectedResource: logIn && createProtectedResource(logIn, tools.current),
    createEndpoint: (services) => createMcpEndpoint(tools.current, maxResultBytes, services),
    reload: tools.reload,
    close: tools.close,
  };
};
