import type { Log } from '../telemetry/log.ts';
import type { WorkerExitReason } from '../telemetry/metrics/worker-metrics.ts';
import { createBackoff } from './backoff.ts';
import type { Connections } from './connections.ts';
import type { WorkerOrder } from './messages.ts';
import type { Scrapes } from './scrapes.ts';
import { type WorkerEnd, type WorkerProcess, WorkerStartError } from './worker-process.ts';

export interface SupervisorParts {
  /** The number of workers. */
  readonly count: number;
  readonly log: Log;
  readonly connections: Connections;
  readonly create: (number: number) => WorkerProcess;
  readonly scrapes: () => Scrapes;
  readonly onExit: (reason: WorkerExitReason) => void;
  /** Milliseconds in which a worker must end after the order. */
  readonly endTimeoutMs: () => number;
}

/** The workers: started, started again, replaced and stopped. */
export interface Supervisor {
  /** All that run. */
  workers(): readonly WorkerProcess[];
  /** The number of those that serve requests. */
  serving(): number;
  /** Starts all. @returns what is printed when they are ready. @throws {WorkerStartError} if one does not start. */
  start(): Promise<string>;
  order(order: WorkerOrder): void;
  /** Replaces one worker after the other. Ends, with the present ones, at the first that does not start. */
  reload(): Promise<void>;
  /** Lets all end. @returns whether all of them ended in good order. */
  stop(): Promise<boolean>;
  /** Starts none again from now on. */
  cease(): void;
  killAll(): void;
}

const isInOrder = ({ code, signal }: WorkerEnd): boolean => code === 0 && signal === null;

const problemOf = (error: unknown): string =>
  error instanceof WorkerStartError ? error.message : 'unexpected error';

export const createSupervisor = ({
  count,
  log,
  connections,
  create,
  scrapes,
  onExit,
  endTimeoutMs,
}: SupervisorParts): Supervisor => {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const running = new Set<WorkerProcess>();
  /** The worker that serves, or starts, by its number. */
  const current = new Map<number, WorkerProcess>();
  const backoffs = new Map(numbers.map((number) => [number, createBackoff()]));
  const restarts = new Map<number, NodeJS.Timeout>();
  let hasStarted = false;
  let isStopping = false;
  let reloading: Promise<void> | undefined;
  let isReloadAsked = false;

  const reasonOf = (state: WorkerProcess['state'], end: WorkerEnd): WorkerExitReason => {
    if (state === 'starting') return 'start';
    if (state === 'ending') return isStopping ? 'stop' : 'reload';
    return end.signal === null ? 'crash' : 'signal';
  };

  const onEnded = (worker: WorkerProcess, end: WorkerEnd): void => {
    const { number, state } = worker;
    connections.remove(worker);
    const unserved = worker.reclaim();
    if (unserved) connections.giveBack(unserved);
    onExit(reasonOf(state, end));
    void scrapes().keep(worker, () => running.delete(worker));
    if (current.get(number) !== worker) return;
    current.delete(number);
    if (isStopping || !hasStarted) return;
    const milliseconds = backoffs.get(number)?.next(performance.now() - worker.begin) ?? 0;
    log.error(
      { ended: number, code: end.code, signal: end.signal, milliseconds },
      'a worker ended and is started again',
    );
    restarts.set(
      number,
      setTimeout(() => restart(number), milliseconds),
    );
  };

  const begin = (number: number): WorkerProcess => {
    const worker = create(number);
    running.add(worker);
    void worker.ended.then((end) => onEnded(worker, end));
    return worker;
  };

  const serve = (worker: WorkerProcess): void => {
    worker.state = 'serving';
    current.set(worker.number, worker);
    connections.add(worker);
  };

  const restart = (number: number): void => {
    restarts.delete(number);
    if (isStopping) return;
    const worker = begin(number);
    current.set(number, worker);
    worker.started.then(
      () => {
        // It may have been replaced, or stopped, meanwhile.
        if (current.get(number) === worker && !isStopping) serve(worker);
        else worker.kill();
      },
      (error: unknown) => {
        worker.kill();
        log.error({ number, problem: problemOf(error) }, 'a worker does not start');
      },
    );
  };

  /** Lets a worker end: no connection is handed over any more, and it answers what it has received. */
  const end = async (worker: WorkerProcess, order: 'stop' | 'retire'): Promise<boolean> => {
    const wasServing = worker.state === 'serving';
    worker.state = 'ending';
    connections.remove(worker);
    if (!wasServing) worker.kill();
    // Every connection was sent before: messages keep their order.
    worker.order(order);
    const timer = setTimeout(() => worker.kill(), endTimeoutMs());
    const ended = await worker.ended;
    clearTimeout(timer);
    return !wasServing || isInOrder(ended);
  };

  const replace = async (number: number): Promise<boolean> => {
    clearTimeout(restarts.get(number));
    restarts.delete(number);
    const next = begin(number);
    try {
      await next.started;
    } catch (error) {
      next.kill();
      log.error({ number, problem: problemOf(error) }, 'the reload was aborted: a new worker does not start');
      // One that had ended by itself is started again.
      if (!current.has(number) && !restarts.has(number)) restart(number);
      return false;
    }
    if (isStopping) {
      next.kill();
      return false;
    }
    const before = current.get(number);
    serve(next);
    if (before && !(await end(before, 'retire'))) {
      log.error({ number }, 'a worker that was replaced did not end in good order');
    }
    return true;
  };

  const reloadOnce = async (): Promise<void> => {
    const begun = performance.now();
    for (const number of numbers) {
      if (isStopping || !(await replace(number))) return;
    }
    log.info(
      { workers: count, milliseconds: Math.round(performance.now() - begun) },
      'all workers were replaced',
    );
  };

  const reloadWhileAsked = async (): Promise<void> => {
    while (isReloadAsked && !isStopping) {
      isReloadAsked = false;
      await reloadOnce();
    }
    reloading = undefined;
  };

  return {
    workers: () => [...running],
    serving: () => [...current.values()].filter(({ state }) => state === 'serving').length,
    start: async () => {
      const workers = numbers.map(begin);
      for (const worker of workers) current.set(worker.number, worker);
      const reports = await Promise.all(workers.map(({ started }) => started));
      hasStarted = true;
      for (const worker of workers) serve(worker);
      return reports[0] ?? '';
    },
    order: (order) => {
      for (const worker of running) worker.order(order);
    },
    reload: () => {
      isReloadAsked = true;
      reloading ??= reloadWhileAsked();
      return reloading;
    },
    cease: () => {
      isStopping = true;
      for (const timer of restarts.values()) clearTimeout(timer);
      restarts.clear();
    },
    stop: async () => {
      const ends = [...running].map((worker) =>
        // One that is being replaced ends already.
        worker.state === 'ending' ? worker.ended.then(isInOrder) : end(worker, 'stop'),
      );
      return (await Promise.all(ends)).every(Boolean);
    },
    killAll: () => {
      for (const worker of running) worker.kill();
    },
  };
};
