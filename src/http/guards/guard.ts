import type { Authenticate } from '../../auth/authentication.ts';
import type { MaskError } from '../error-masking.ts';
import type { IncomingRequest } from '../incoming-request.ts';
import type { ProtectedResource } from '../mcp/protected-resource.ts';
import type { PersistedDocuments } from '../persisted-documents/open-documents.ts';
import type { Rejection } from '../rejection.ts';
import type { RequestLimits } from '../request-limits.ts';
import type { Route } from '../routes.ts';

export interface Site {
  /** Origins whose pages may send requests. */
  readonly corsOrigins: readonly string[];
  /** The number of trusted proxies, which report the scheme and the host that the client requested. */
  readonly trustedProxies: number;
}

/** What guards decide by, besides the request. */
export interface GuardServices extends Site {
  /** Whether only requests to this machine by its own names are admitted. */
  readonly loopbackOnly: boolean;
  /** Whether callers are identified by tokens. */
  readonly requiresToken: boolean;
  readonly authenticate: Authenticate;
  readonly rateLimits: RequestLimits;
  /** Documents that clients may name by their ids; `null` without any. */
  readonly persistedDocuments: PersistedDocuments | null;
  /** The versions of MCP that are spoken; none without `/mcp`. */
  readonly mcpVersions: readonly string[];
  /** `/mcp` for clients that get a token from its issuer; `null` without it, and if they cannot. */
  readonly protectedResource: ProtectedResource | null;
  /** Returns what may be reported of an unexpected error. */
  readonly maskError: MaskError;
  readonly maxBodyBytes: number;
}

/** Rejects requests, or admits them to the next guard. */
export interface RequestGuard {
  readonly name: string;
  readonly routes: readonly Route[];
  /** Whether it needs the first line and the headers only, or reads the body or what was read of it. */
  readonly stage: 'head' | 'body';
  /** A guard may add what it finds out to the request, such as its caller. */
  readonly check: (
    request: IncomingRequest,
    services: GuardServices,
  ) => Rejection | undefined | Promise<Rejection | undefined>;
}
