import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';

/** A host: a network namespace with an address of its own. */
export interface Host {
  readonly address: string;
  /** Starts a program on the host. */
  start(program: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Unplugs the host: what is sent to it is lost, without an answer. */
  unplug(): void;
  plugIn(): void;
}

export interface Network {
  /** The address of the machine itself, on which the test, the proxy and the upstream run. */
  readonly address: string;
  readonly hosts: readonly Host[];
  close(): void;
}

const ip = (...words: readonly string[]): void => {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
};

/** Whether this process may create hosts, which root may on Linux. */
export const canCreateHosts = (): boolean => {
  const name = `recollect-try-${process.pid}`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'del', name);
    return true;
  } catch {
    return false;
  }
};

/** Creates hosts that reach each other and this machine, and nothing else. */
export const createNetwork = (count: number): Network => {
  const subnet = `10.${randomInt(128, 255)}.${randomInt(1, 255)}`;
  const id = `rc${process.pid}`;
  const undo: (() => void)[] = [];
  const close = (): void => {
    for (const step of undo.splice(0).reverse()) {
      try {
        step();
      } catch {
        // Deleting a namespace deletes its links as well.
      }
    }
  };
  const createHost = (index: number): Host => {
    const namespace = `${id}-${index}`;
    const link = `${id}v${index}`;
    const inner = `${id}h${index}`;
    const address = `${subnet}.${index + 10}`;
    ip('netns', 'add', namespace);
    undo.push(() => ip('netns', 'del', namespace));
    ip('link', 'add', link, 'type', 'veth', 'peer', 'name', inner);
    undo.push(() => ip('link', 'del', link));
    ip('link', 'set', inner, 'netns', namespace);
    ip('link', 'set', link, 'master', id);
    ip('link', 'set', link, 'up');
    ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', inner);
    ip('-n', namespace, 'link', 'set', inner, 'up');
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
    return {
      address,
      start: (program, args, options) => spawn('ip', ['netns', 'exec', namespace, program, ...args], options),
      unplug: () => ip('link', 'set', link, 'down'),
      plugIn: () => ip('link', 'set', link, 'up'),
    };
  };
  try {
    ip('link', 'add', id, 'type', 'bridge');
    undo.push(() => ip('link', 'del', id));
    ip('addr', 'add', `${subnet}.1/24`, 'dev', id);
    ip('link', 'set', id, 'up');
    const hosts = Array.from({ length: count }, (_, index) => createHost(index));
    return { address: `${subnet}.1`, hosts, close };
  } catch (error) {
    close();
    throw error;
  }
};
