import type { Endpoint } from '../../upstreams/endpoint/endpoint.ts';
import type { HttpReply } from '../../upstreams/endpoint/verdict.ts';
import type { UpstreamSystem } from '../../upstreams/errors.ts';
import { type ClockReading, readClock } from '../checks/clocks.ts';
import type { ResponseShapes } from '../shapes/response-shapes.ts';

/** What the examination keeps of the responses of upstreams: clocks and shapes. */
export interface Replies {
  add(endpoint: Endpoint, reply: HttpReply): void;
  /** Whether an operation got a response. */
  has(operation: string): boolean;
  clocks(system: UpstreamSystem): readonly ClockReading[];
}

export const createReplies = (shapes: ResponseShapes): Replies => {
  const operations = new Set<string>();
  const readings: (ClockReading & { readonly system: UpstreamSystem })[] = [];
  return {
    add: (endpoint, reply) => {
      operations.add(endpoint.operation);
      const reading = readClock(reply.headers);
      if (reading) readings.push({ system: endpoint.system, ...reading });
      shapes.add(endpoint, reply);
    },
    has: (operation) => operations.has(operation),
    clocks: (system) => readings.filter((one) => one.system === system),
  };
};
