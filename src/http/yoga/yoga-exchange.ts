import type { IncomingRequest } from '../incoming-request.ts';
import type { ReadDocument } from '../read-document.ts';
import type { Reply } from '../reply.ts';

/** One admitted request at Yoga. */
export interface YogaExchange {
  readonly request: IncomingRequest;
  /** Its document. */
  readonly read: ReadDocument;
  reply?: Reply;
  /** An unexpected error, which Yoga must not report. */
  failure?: { readonly error: unknown };
}

export interface ServerContext {
  readonly exchange: YogaExchange;
}
