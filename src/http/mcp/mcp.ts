import type { RequestMetrics } from '../../telemetry/metrics/request-metrics.ts';
import type { AuditLines } from '../audit-lines.ts';
import type { MaskError } from '../error-masking.ts';
import type { IncomingRequest } from '../incoming-request.ts';
import type { Operations } from '../operations.ts';
import type { Reply } from '../reply.ts';
import type { RequestLimits } from '../request-limits.ts';
import type { ProtectedResource } from './protected-resource.ts';

/** What tools are executed with. */
export interface McpServices {
  readonly operations: Pick<Operations, 'result'>;
  readonly audit: AuditLines;
  readonly metrics: RequestMetrics;
  readonly rateLimits: Pick<RequestLimits, 'takeCaller' | 'takeAddress'>;
  readonly maskError: MaskError;
}

/** Responds to admitted requests for `/mcp`. */
export interface McpEndpoint {
  reply(request: IncomingRequest): Promise<Reply>;
}

/** The Model Context Protocol. Its code and the SDK are loaded only where it is used: this file has types only. */
export interface Mcp {
  /** The versions of the protocol that are spoken. */
  readonly versions: readonly string[];
  /** `null` unless the settings contain the address of `/mcp` and its issuer. */
  readonly protectedResource: ProtectedResource | null;
  createEndpoint(services: McpServices): McpEndpoint;
}
