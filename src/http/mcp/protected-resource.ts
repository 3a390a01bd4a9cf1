import type { McpLogIn } from '../../config/mcp-settings.ts';
import type { Caller } from '../../operation/caller.ts';
import type { Reply } from '../reply.ts';
import type { RpcMessages } from '../rpc-messages.ts';
import type { Tool } from './tool.ts';
import { paramsOf } from './tool-call-params.ts';
import { isPermitted, scopesOfTools } from './tool-scopes.ts';

/** `/mcp` as clients see it that get a token from its issuer (RFC 9728). */
export interface ProtectedResource {
  /** The paths of its metadata. */
  readonly paths: ReadonlySet<string>;
  /** Returns a challenge to a request without a valid token, which names the metadata and the scopes to ask for. */
  challenge(challenge: string): string;
  /** Returns the challenge to a call by a caller that lacks a scope of the tool; `undefined` if it lacks none. */
  challengeToCall(messages: RpcMessages, caller: Caller): string | undefined;
  /** Returns the metadata, or the response to a preflight for it. */
  reply(request: { readonly method: string }): Reply;
}

/** RFC 9728, 3. */
const wellKnownPath = '/.well-known/oauth-protected-resource';

/** For which anyone may keep the metadata: its scopes change with the tools. */
const maxAgeSeconds = 300;

const allow = 'GET, HEAD, OPTIONS';
const preflightReply: Reply = { status: 204, headers: ['allow', allow], body: '' };

/** Adds parameters to a challenge (RFC 9110, 11.6.1). Their values have no quotes: they are scopes and canonical URLs. */
const withParameters = (challenge: string, parameters: readonly (readonly [string, string])[]): string => {
  const texts = parameters.filter(([, value]) => value !== '').map(([name, value]) => `${name}="${value}"`);
  return `${challenge}${challenge.includes(' ') ? ', ' : ' '}${texts.join(', ')}`;
};

/**
 * Describes `/mcp` to clients that look for the issuer of tokens (RFC 9728). All addresses are those of the settings: what
 * a request says of its host may be a lie.
 *
 * @param current returns the tools that there are now.
 */
export const createProtectedResource = (
  { resource, issuer }: McpLogIn,
  current: () => ReadonlyMap<string, Tool>,
): ProtectedResource => {
  const { origin, pathname } = new URL(resource);
  const metadata = ['resource_metadata', `${origin}${wellKnownPath}${pathname}`] as const;
  return {
    // Clients that know the address of /mcp only try the first, then the second.
    paths: new Set([`${wellKnownPath}${pathname}`, wellKnownPath]),
    challenge: (challenge) =>
      withParameters(challenge, [['scope', scopesOfTools(current()).join(' ')], metadata]),
    challengeToCall: ({ requests, isBatch }, caller) => {
      const [call] = requests;
      // A batch has one status for all of its calls.
      if (isBatch || call?.method !== 'tools/call') return undefined;
      const tool = current().get(paramsOf(call).name ?? '');
      if (!tool || isPermitted(tool, caller)) return undefined;
      // With those that the caller has: a client replaces its token by one with these.
      const scopes = scopesOfTools(current()).filter(
        (scope) => tool.scopes.has(scope) || caller.scopes.has(scope),
      );
      return withParameters('Bearer error="insufficient_scope"', [['scope', scopes.join(' ')], metadata]);
    },
    reply: ({ method }) => {
      if (method === 'OPTIONS') return preflightReply;
      const scopes = scopesOfTools(current());
      const document = {
        resource,
        authorization_servers: [issuer],
        // A list without elements must be absent (RFC 9728, 3.2).
        ...(scopes.length > 0 && { scopes_supported: scopes }),
        bearer_methods_supported: ['header'],
        resource_name: 'Recollect',
      };
      return {
        status: 200,
        headers: ['content-type', 'application/json; charset=utf-8'],
        body: JSON.stringify(document),
        maxAgeSeconds,
      };
    },
  };
};
