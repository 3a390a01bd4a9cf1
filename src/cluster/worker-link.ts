import cluster from 'node:cluster';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { SharedSandbox } from '../config/own-sandbox.ts';
import type { HandedOver } from '../http/server.ts';
import type { MetricsSnapshot } from '../telemetry/metrics/merge-snapshots.ts';
import { scopesIn, type WriteReports } from '../updates/write-reports.ts';
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

/** The connection of a worker with its supervisor. */
export interface WorkerLink {
  readonly number: number;
  /** Whether the supervisor, which writes the lines of this process, writes to a terminal. */
  readonly isTerminal: boolean;
  /** The sandbox of the supervisor. */
  readonly sandbox: SharedSandbox | undefined;
  /** The fields of each line of the log. */
  readonly logFields: Readonly<Record<string, number>>;
  readonly connections: HandedOver;
  /** The same for all workers of the supervisor. */
  readonly group: string;
  /** Those of writes to and from the other workers. */
  readonly reports: WriteReports;
  /** Reports that requests are answered. @param report what is printed once all workers are ready. */
  ready(report: string): void;
  /** Reports that the start failed. Resolves when that is sent. */
  failed(problem: string): Promise<void>;
  /** Sets how the metrics of this process are read. */
  provideMetrics(read: () => Promise<MetricsSnapshot>): void;
  /** Returns the metrics of all workers. @throws if the supervisor does not answer. */
  scrape(): Promise<string>;
  /** Sets what an order does. `lost`: the supervisor has ended. */
  onOrder(obey: (order: WorkerOrder | 'lost') => void): void;
  /** Reports the last values of the metrics, and leaves the supervisor. */
  end(): Promise<void>;
}

const reportOpenMs = 50;
const scrapeTimeoutMs = 5000;

/** Opens the link if this process is a worker of a supervisor; returns `undefined` otherwise. */
export const openWorkerLink = (): WorkerLink | undefined => {
  const given = process.env[workerVariable];
  const { worker } = cluster;
  if (!worker || given === undefined) return undefined;
  delete process.env[workerVariable];
  // Otherwise Node ends this process at once when the supervisor has ended, with the requests in flight.
  worker.exitedAfterDisconnect = true;
  // A terminal sends signals to all processes. The supervisor decides what they mean.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const { number, address, isTerminal, sandbox, group = randomUUID() } = JSON.parse(given) as WorkerStart;
  // It is a pipe to the supervisor, which writes to the terminal.
  if (isTerminal) Object.defineProperty(process.stdout, 'isTTY', { value: true, configurable: true });

  const send = (message: FromWorker): Promise<void> =>
    new Promise((resolve) => {
      if (process.connected) process.send?.(message, undefined, {}, () => resolve());
      else resolve();
    });

  let take: ((socket: Socket) => void) | undefined;
  let open = 0;
  let isOpenDue = false;
  const receive = (socket: Socket | undefined): void => {
    // It is missing if the client has left.
    if (socket && take) {
      open += 1;
      socket.once('close', () => {
        open -= 1;
        if (isOpenDue) return;
        isOpenDue = true;
        setTimeout(() => {
          isOpenDue = false;
          void send({ type: 'open', open });
        }, reportOpenMs).unref();
      });
      take(socket);
    } else socket?.destroy();
    void send({ type: 'received', open });
  };

  let obey: (order: WorkerOrder | 'lost') => void = (order) => {
    // Before the start is over, there is nothing to end in good order.
    if (order === 'lost') process.exit(1);
  };
  let onWritten: (scopes: readonly string[]) => void = () => {};
  const report = createLossySender<WrittenMessage>((message, onSent) => void send(message).then(onSent));
  let read: (() => Promise<MetricsSnapshot>) | undefined;
  const scrapes = new Map<number, (text: string) => void>();
  let lastScrape = 0;
  process.on('message', (message: ToWorker, handle: unknown) => {
    switch (message.type) {
      case 'connection':
        receive(handle as Socket | undefined);
        break;
      case 'order':
        obey(message.order);
        break;
      case 'collect':
        void read?.().then((snapshot) => send({ type: 'collected', id: message.id, snapshot }));
        break;
      case 'scraped':
        scrapes.get(message.id)?.(message.text);
        break;
      case 'written':
        onWritten(scopesIn(message));
        break;
    }
  });
  let isEnding = false;
  process.once('disconnect', () => {
    if (!isEnding) obey('lost');
  });

  return {
    number,
    isTerminal,
    sandbox: sandbox ?? undefined,
    logFields: { worker: number, pid: process.pid },
    connections: {
      address,
      receive: (taken) => {
        take = taken;
      },
    },
    group,
    reports: {
      send: (scopes) => report({ type: 'written', scopes }),
      receive: async (listener) => {
        onWritten = listener;
        void send({ type: 'follow' });
      },
    },
    ready: (report) => void send({ type: 'ready', protocol: protocolVersion, report }),
    failed: (problem) => send({ type: 'failed', problem }),
    provideMetrics: (provided) => {
      read = provided;
    },
    scrape: () =>
      new Promise((resolve, reject) => {
        lastScrape += 1;
        const id = lastScrape;
        const end = (): void => {
          clearTimeout(timer);
          scrapes.delete(id);
        };
        const timer = setTimeout(() => {
          end();
          reject(new Error('The process that supervises the workers does not answer.'));
        }, scrapeTimeoutMs);
        scrapes.set(id, (text) => {
          end();
          resolve(text);
        });
        void send({ type: 'scrape', id });
      }),
    onOrder: (obeyed) => {
      obey = obeyed;
    },
    end: async () => {
      isEnding = true;
      if (read) await send({ type: 'ended', snapshot: await read() });
      if (process.connected) process.disconnect();
    },
  };
};
