const lineFeed = 0x0a;

/**
 * Returns a function that passes on whole lines only: what several processes write to one pipe at a time could be mixed
 * within a line.
 */
export const wholeLines = (write: (lines: Buffer) => void) => {
  let rest: Buffer[] = [];
  return {
    take: (chunk: Buffer): void => {
      const end = chunk.lastIndexOf(lineFeed) + 1;
      if (end === 0) {
        rest.push(chunk);
        return;
      }
      write(Buffer.concat([...rest, chunk.subarray(0, end)]));
      rest = end < chunk.length ? [chunk.subarray(end)] : [];
    },
    /** Passes on a last line without an end, such as that of a process that was killed. */
    end: (): void => {
      if (rest.length > 0) write(Buffer.concat([...rest, Buffer.from('\n')]));
      rest = [];
    },
  };
};
