import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Of /proc: a hundredth of a second on every Linux that Node runs on. */
const tickMs = 10;

interface Stat {
  readonly parent: number;
  readonly cpuMs: number;
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
};

const statOf = (pid: number): Stat => {
  // The name before the last bracket may hold blanks.
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return { parent: Number(fields[1]), cpuMs: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * tickMs };
};

/** A process and all that it has started, and they. */
export const treeOf = (root: number): number[] => {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), statOf(Number(name)).parent] as const);
  const below = (pid: number): number[] => [
    pid,
    ...parents.filter(([, parent]) => parent === pid).flatMap(([child]) => below(child)),
  ];
  return below(root);
};

const sumOver = (pids: readonly number[], of: (pid: number) => number): number =>
  pids.reduce((sum, pid) => sum + of(pid), 0);

/** User and system time that processes have had, in milliseconds. */
export const cpuMsOf = (pids: readonly number[]): number => sumOver(pids, (pid) => statOf(pid).cpuMs);

/** The most memory that each process has had at a time since `forgetPeaks`, in MB. */
export const peakRssOf = (pids: readonly number[]): number[] =>
  pids.map((pid) => Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1.024e-3);

export const forgetPeaks = (pids: readonly number[]): void => {
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, '5');
};
