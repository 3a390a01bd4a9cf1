import type { IncomingRequest } from '../incoming-request.ts';
import type { OperationRun } from '../operation-run.ts';
import type { ReadDocument } from '../read-document.ts';
import type { Reply } from '../reply.ts';

/** One admitted request at Yoga. */
export interface YogaExchange {
  readonly request: IncomingRequest;
  /** Its document. */
  readonly read: ReadDocument;
  /** The execution; `undefined` for a document that was rejected before. */
  run?: OperationRun;
  reply?: Reply;
  /** An unexpected error after the execution, which Yoga must not report. */
  failure?: { readonly error: unknown };
}

export interface ServerContext {
  readonly exchange: YogaExchange;
}
