import type { Environment } from './environment.ts';
import { secureUrl } from './fields.ts';

/** What clients of `/mcp` need to get a token. */
export interface McpLogIn {
  /** The URL of `/mcp` as clients know it, which is the audience of tokens (RFC 8707). */
  readonly resource: string;
  /** The URL of the issuer, where clients find its endpoints (RFC 8414). */
  readonly issuer: string;
}

/** The tools of `/mcp`. */
export interface McpSettings {
  /** The file with their names. */
  readonly file: string;
  readonly maxResultBytes: number;
  /** `null` if the audience of tokens is not the URL of `/mcp`: then clients are configured with a token. */
  readonly logIn: McpLogIn | null;
}

const bytesInKb = 1024;

const hasTokens = ({ AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: url }: Environment): boolean =>
  secret !== undefined || url !== undefined;

/** Whether an audience is meant as the URL of `/mcp`. Any other URL may be a mere name, which leads to a stranger's host. */
const namesMcp = (audience: string): boolean => /^https?:.*\/mcp\/?(?:[?#]|$)/is.test(audience);

const isSecureUrl = (text: string): boolean => secureUrl.safeParse(text).success;

/** Clients compare it letter by letter with the address that they know. */
const isResource = (audience: string): boolean =>
  isSecureUrl(audience) && audience.endsWith('/mcp') && new URL(audience).href === audience;

const logInProblems = ({ AUTH_AUDIENCE: audience = '', AUTH_ISSUER: issuer = '' }: Environment): string[] => {
  if (!namesMcp(audience)) return [];
  const problems: string[] = [];
  if (!isResource(audience)) {
    problems.push(
      'AUTH_AUDIENCE: expected the URL of /mcp as clients know it, as in https://api.example.com/mcp; or a name that is no such URL.',
    );
  }
  if (!isSecureUrl(issuer)) {
    problems.push(
      'AUTH_ISSUER: expected the URL of the issuer, as in https://id.example.com/, since AUTH_AUDIENCE is the URL of /mcp: clients get tokens there.',
    );
  }
  return problems;
};

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
  return [...problems, ...logInProblems(env)];
};

const logInOf = ({ AUTH_AUDIENCE: resource, AUTH_ISSUER: issuer }: Environment): McpLogIn | null =>
  resource !== undefined && issuer !== undefined && namesMcp(resource) ? { resource, issuer } : null;

export const mcpOf = (env: Environment): McpSettings | null => {
  const { MCP, MCP_TOOLS: file, MCP_MAX_RESULT_KB: kb } = env;
  return MCP && file !== undefined ? { file, maxResultBytes: kb * bytesInKb, logIn: logInOf(env) } : null;
};
