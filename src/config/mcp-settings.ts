import type { Environment } from './environment.ts';

/** The tools of `/mcp`. */
export interface McpSettings {
  /** The file with their names. */
  readonly file: string;
  readonly maxResultBytes: number;
}

const bytesInKb = 1024;

const hasTokens = ({ AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: url }: Environment): boolean =>
  secret !== undefined || url !== undefined;

/** Returns the problems with the settings of `/mcp`. */
export const mcpProblems = (env: Environment): string[] => {
  if (!env.MCP) return [];
  const problems: string[] = [];
  if (env.PERSISTED_DOCUMENTS === undefined) {
    problems.push('PERSISTED_DOCUMENTS: required with MCP=true: its trusted documents are the tools.');
  }
  if (env.MCP_TOOLS === undefined) {
    problems.push('MCP_TOOLS: required with MCP=true: a JSON file with the operations that are tools.');
  }
  // The protocol requires it: a token that the issuer made for another service must not work here.
  if (hasTokens(env) && env.AUTH_AUDIENCE === undefined) {
    problems.push(
      'AUTH_AUDIENCE: required with MCP=true: only tokens that are made for this gateway are accepted.',
    );
  }
  return problems;
};

export const mcpOf = ({ MCP, MCP_TOOLS: file, MCP_MAX_RESULT_KB: kb }: Environment): McpSettings | null =>
  MCP && file !== undefined ? { file, maxResultBytes: kb * bytesInKb } : null;
