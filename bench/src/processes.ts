import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Api, Reply } from './calls.ts';
import { program } from './paths.ts';

/** The core that servers have to themselves, and that of the stub and the load. */
export const cores = { server: 0, other: 1 } as const;

/** Whether processes can be held to a core each. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

const running = new Set<ChildProcess>();

const kill = (child: ChildProcess): void => {
  running.delete(child);
  try {
    // With all that it has started.
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    // It has ended.
  }
};

/** Ends all processes that were started here. */
export const stopAll = (): void => {
  for (const child of running) kill(child);
};

process.on('exit', stopAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(1));
}

interface Start {
  readonly command: readonly [string, ...string[]];
  /** The core, or the cores, separated by commas. */
  readonly core: number | string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** A file for what it prints. */
  readonly output?: string;
  readonly isHelper?: boolean;
}

const start = ({ command, core, env, cwd, output, isHelper = false }: Start): ChildProcess => {
  const pinned = canPin ? ['taskset', '-c', String(core), ...command] : command;
  const [name = '', ...args] = pinned;
  const printed = output === undefined ? 'inherit' : openSync(output, 'a');
  const child = spawn(name, args, {
    env: env ?? process.env,
    cwd,
    // A process group of its own.
    detached: true,
    stdio: ['ignore', printed, printed, ...(isHelper ? (['ipc'] as const) : [])],
  });
  running.add(child);
  return child;
};

export interface ServerProcess {
  readonly pid: number;
  /** Whether it still runs. */
  isAlive(): boolean;
  stop(): Promise<void>;
}

const handleOf = (child: ChildProcess): ServerProcess => ({
  pid: child.pid ?? 0,
  isAlive: () => child.exitCode === null && child.signalCode === null,
  stop: async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    kill(child);
    await ended;
  },
});

/** Starts a server on the core of servers. @param isSpread whether it also has the other one, with the stub and the load. */
export const startServer = (options: Omit<Start, 'core' | 'isHelper'>, isSpread = false): ServerProcess =>
  handleOf(start({ ...options, core: isSpread ? Object.values(cores).join() : cores.server }));

/** A process of the bench that can be asked to do things. */
export interface Helper<Calls extends Api> extends ServerProcess {
  call<Name extends keyof Calls & string>(
    name: Name,
    input: Parameters<Calls[Name]>[0],
  ): Promise<Awaited<ReturnType<Calls[Name]>>>;
}

/** Starts a program of the bench on the core beside that of servers. */
export const startHelper = <Calls extends Api>(name: string): Helper<Calls> => {
  const child = start({ command: [process.execPath, program(name)], core: cores.other, isHelper: true });
  const waiting = new Map<number, (reply: Reply) => void>();
  const died = once(child, 'exit').then((): Reply => ({ id: 0, error: `${name} has ended.` }));
  let calls = 0;
  child.on('message', (reply: Reply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  const call = async (callName: string, input: unknown): Promise<unknown> => {
    calls += 1;
    const id = calls;
    const replied = new Promise<Reply>((resolve) => waiting.set(id, resolve));
    child.send({ id, name: callName, input });
    const { result, error } = await Promise.race([replied, died]);
    if (error !== undefined) throw new Error(error);
    return result;
  };
  return { ...handleOf(child), call: call as Helper<Calls>['call'] };
};
