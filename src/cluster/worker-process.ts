import cluster from 'node:cluster';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { MetricsSnapshot } from '../telemetry/metrics/merge-snapshots.ts';
import type { Receiver } from './connections.ts';
import { createLossySender } from './lossy-sender.ts';
import {
  type FromWorker,
  protocolVersion,
  type ToWorker,
  type WorkerOrder,
  type WorkerStart,
  type WrittenMessage,
  workerVariable,
} from './messages.ts';
import { wholeLines } from './whole-lines.ts';

/** A worker does not start. The message is what it reported: that of its settings, without their values. */
export class WorkerStartError extends Error {
  override name = 'WorkerStartError';
}

interface WorkerCallbacks {
  /** It can take a further connection. */
  readonly onFree: () => void;
  readonly onScrape: (answer: (text: string) => void) => void;
  readonly onLines: (lines: Buffer) => void;
  readonly onWritten: (message: WrittenMessage) => void;
}

export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const startTimeoutMs = 60_000;

/** One worker. */
export class WorkerProcess implements Receiver {
  readonly number: number;
  readonly begin = performance.now();
  /** What is printed when all workers are ready. @throws {WorkerStartError} */
  readonly started: Promise<string>;
  /** Resolves when the process has ended, and all that it sent and wrote has been read. */
  readonly ended: Promise<WorkerEnd>;
  state: 'starting' | 'serving' | 'ending' = 'starting';
  open = 0;
  isBusy = false;
  /** The metrics that it reported last. */
  snapshot: MetricsSnapshot = [];
  readonly #worker: ReturnType<typeof cluster.fork>;
  readonly #collects = new Map<number, (snapshot: MetricsSnapshot) => void>();
  #lastCollect = 0;
  /** Whether it receives what others have written. */
  #isFollowing = false;
  readonly #report = createLossySender<WrittenMessage>((message, onSent) =>
    this.#send(message, undefined, onSent),
  );
  /** Kept open here until the worker has it: it may end before. */
  #unconfirmed: Socket | undefined;

  constructor(start: WorkerStart, variables: Readonly<Record<string, string>>, callbacks: WorkerCallbacks) {
    this.number = start.number;
    cluster.setupPrimary({ silent: true, stdio: ['ignore', 'pipe', 'inherit', 'ipc'], args: [] } as object);
    this.#worker = cluster.fork({ ...variables, [workerVariable]: JSON.stringify(start) });
    const child = this.#worker.process;
    const lines = wholeLines(callbacks.onLines);
    child.stdout?.on('data', lines.take);
    // Sending to a process that has just ended.
    this.#worker.on('error', () => {});
    const disconnected = once(child, 'disconnect');
    this.ended = once(child, 'close').then(async ([code, signal]) => {
      if (child.connected) await disconnected;
      lines.end();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null };
    });
    this.started = this.#watchStart(callbacks);
    this.started.catch(() => {});
  }

  /** Hands a connection over. */
  take(socket: Socket): void {
    this.isBusy = true;
    this.open += 1;
    this.#unconfirmed = socket;
    this.#send({ type: 'connection' }, socket);
  }

  /** Returns the connection that it has not confirmed, after its end: it has read nothing of it. */
  reclaim(): Socket | undefined {
    const socket = this.#unconfirmed;
    this.#unconfirmed = undefined;
    return socket;
  }

  order(order: WorkerOrder): void {
    this.#send({ type: 'order', order });
  }

  /** Reads its metrics. @returns whether it answered in time. A late answer is kept for the next time. */
  collect(maxMs: number): Promise<boolean> {
    this.#lastCollect += 1;
    const id = this.#lastCollect;
    return new Promise((resolve) => {
      const end = (isAnswered: boolean): void => {
        clearTimeout(timer);
        this.#collects.delete(id);
        resolve(isAnswered);
      };
      const timer = setTimeout(() => end(false), maxMs);
      this.#collects.set(id, () => end(true));
      this.#send({ type: 'collect', id });
      void this.ended.then(() => end(true));
    });
  }

  /** Hands over what another worker has written, if it follows that. */
  report(message: WrittenMessage): void {
    if (this.#isFollowing) this.#report(message);
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #send(message: ToWorker, socket?: Socket, onSent = () => {}): void {
    // One that has ended does not read it. Its end is handled elsewhere.
    if (this.#worker.isConnected()) this.#worker.send(message, socket, { keepOpen: true }, onSent);
  }

  #watchStart({ onFree, onScrape, onWritten }: WorkerCallbacks): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (problem: string): void => reject(new WorkerStartError(problem));
      const timer = setTimeout(() => {
        fail('A worker is not ready after a minute.');
        this.kill();
      }, startTimeoutMs);
      void this.ended.then(() => {
        clearTimeout(timer);
        fail('A worker ended before it was ready.');
      });
      this.#worker.on('message', (message: FromWorker) => {
        switch (message.type) {
          case 'ready':
            clearTimeout(timer);
            if (message.protocol === protocolVersion) resolve(message.report);
            else fail('This version needs a restart: its workers cannot be run by the running version.');
            break;
          case 'failed':
            fail(message.problem);
            break;
          case 'received':
            this.open = message.open;
            this.isBusy = false;
            this.reclaim()?.destroy();
            onFree();
            break;
          case 'open':
            this.open = message.open + (this.isBusy ? 1 : 0);
            onFree();
            break;
          case 'collected':
            this.snapshot = message.snapshot;
            this.#collects.get(message.id)?.(message.snapshot);
            break;
          case 'ended':
            this.snapshot = message.snapshot;
            break;
          case 'scrape':
            onScrape((text) => this.#send({ type: 'scraped', id: message.id, text }));
            break;
          case 'follow':
            this.#isFollowing = true;
            break;
          case 'written':
            onWritten(message);
            break;
        }
      });
    });
  }
}
