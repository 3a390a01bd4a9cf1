import type { AddressInfo } from 'node:net';
import type { SharedSandbox } from '../config/own-sandbox.ts';
import type { MetricsSnapshot } from '../telemetry/metrics/merge-snapshots.ts';

/**
 * Changed with the messages: after an upgrade, a supervisor meets workers of the new version at a reload. Messages that
 * the other side may ignore, as it does with types that it does not know, leave it as it is.
 */
export const protocolVersion = 1;

/** The environment variable in which a worker finds what it needs at its start. */
export const workerVariable = 'RECOLLECT_WORKER';

export interface WorkerStart {
  /** From 1 on. The worker that replaces another has its number. */
  readonly number: number;
  readonly address: AddressInfo;
  /** Whether the supervisor writes to a terminal. */
  readonly isTerminal: boolean;
  readonly sandbox: SharedSandbox | null;
  /** The same for all workers of the supervisor; left out by one of an older version, which hands over no reports. */
  readonly group?: string;
}

/**
 * `announce`: report that the stop is near. `reopen`: open the audit trail and read the manifests again. `stop`: answer
 * what was received, and end. `retire`: the same, since another worker takes over.
 */
export type WorkerOrder = 'announce' | 'reopen' | 'stop' | 'retire';

/** Scopes that a worker has written. The supervisor hands it to the others, which check it. */
export interface WrittenMessage {
  readonly type: 'written';
  readonly scopes: readonly string[];
}

/** From the supervisor to a worker. A connection comes with its socket, and after an order to end there is none. */
export type ToWorker =
  | { readonly type: 'connection' }
  | { readonly type: 'order'; readonly order: WorkerOrder }
  | { readonly type: 'collect'; readonly id: number }
  | { readonly type: 'scraped'; readonly id: number; readonly text: string }
  | WrittenMessage;

/** From a worker to the supervisor. */
export type FromWorker =
  | { readonly type: 'ready'; readonly protocol: number; readonly report: string }
  | { readonly type: 'failed'; readonly problem: string }
  /** A connection was received. */
  | { readonly type: 'received'; readonly open: number }
  | { readonly type: 'open'; readonly open: number }
  | { readonly type: 'collected'; readonly id: number; readonly snapshot: MetricsSnapshot }
  | { readonly type: 'scrape'; readonly id: number }
  | WrittenMessage
  /** What the others have written is received from now on. */
  | { readonly type: 'follow' }
  /** Nothing follows. */
  | { readonly type: 'ended'; readonly snapshot: MetricsSnapshot };
