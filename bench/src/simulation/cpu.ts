/** The one core of a process: work is done in the order in which it comes. */
export interface Cpu {
  /** Resolves when the work is done. */
  work(milliseconds: number): Promise<void>;
  busyMs(): number;
}

export const createCpu = (): Cpu => {
  let freeAt = 0;
  let busyMs = 0;
  return {
    work: (milliseconds) => {
      const now = performance.now();
      freeAt = Math.max(now, freeAt) + milliseconds;
      busyMs += milliseconds;
      return new Promise((resolve) => {
        setTimeout(resolve, freeAt - now);
      });
    },
    busyMs: () => busyMs,
  };
};

/** CPU milliseconds of a request and of each of its upstream calls: docs/scale.md says where they were measured. */
export const cpuCost = { request: 0.12, call: 0.065 } as const;
