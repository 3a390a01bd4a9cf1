import type { ExecutionResult } from 'graphql';
import type { AuditEntry, ClientProgram } from '../audit/audit-line.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { codeOf } from './error-masking.ts';
import type { IncomingRequest } from './incoming-request.ts';
import type { OperationRun } from './operation-run.ts';
import type { RequestLimits } from './request-limits.ts';

/** When an event of a subscription was executed, long after its request. */
interface ExecutionTime {
  readonly time: Date;
  /** By `performance.now()`. */
  readonly begin: number;
}

/** Writes one line for each operation and for each rejected request. */
export interface AuditLines {
  /** Writes the line of an executed operation, before its response is sent and whether or not its client waits for it. */
  executed(request: IncomingRequest, run: OperationRun, at?: ExecutionTime): Promise<void>;
  /**
   * Writes the line of a request that was rejected before execution. A client that sends too many requests must not fill
   * the disk: beyond a rate limit there are no lines, and without a known caller so many a minute for each address.
   */
  rejected(request: IncomingRequest, codes: readonly string[]): Promise<void>;
}

/** Returns what a client program names itself, in the headers of Apollo or those of Cosmo and others. */
const clientOf = ({ headers }: IncomingRequest): ClientProgram | null => {
  const name = headers.get('apollographql-client-name') ?? headers.get('graphql-client-name');
  const version = headers.get('apollographql-client-version') ?? headers.get('graphql-client-version');
  return name === null && version === null ? null : { name, version };
};

const viaOf = ({ route }: IncomingRequest): AuditEntry['via'] => (route === 'mcp' ? 'mcp' : undefined);

export const codesIn = ({ errors = [] }: ExecutionResult): string[] => errors.map(codeOf);

export const createAuditLines = (
  trail: Pick<AuditTrail, 'writeBatched'>,
  limits: Pick<RequestLimits, 'takeRejectedLine'>,
): AuditLines => ({
  executed: (request, { operation, context, result }, { time, begin } = request) => {
    const { requestId, traceId, caller = null, address, document = null } = request;
    // Objects are not spread: that would take longer than the rest of this function.
    return trail.writeBatched({
      time,
      requestId,
      traceId,
      caller,
      address,
      client: clientOf(request),
      via: viaOf(request),
      type: operation.operation,
      operation: operation.name?.value ?? null,
      document,
      source: operation.loc?.source,
      noted: context.audit.noted(),
      errors: codesIn(result),
      milliseconds: performance.now() - begin,
    });
  },
  rejected: async (request, codes) => {
    const { time, requestId, traceId, caller = null, address, document = null, isForGraphQL } = request;
    const [code] = codes;
    if (!isForGraphQL || code === undefined || code === 'RATE_LIMITED') return;
    if (!caller && typeof (await limits.takeRejectedLine(address)) === 'number') return;
    const milliseconds = performance.now() - request.begin;
    const client = clientOf(request);
    const via = viaOf(request);
    const about = { time, requestId, traceId, caller, address, client, via, document, milliseconds };
    await trail.writeBatched({ ...about, type: null, operation: null, errors: codes, refused: code });
  },
});
