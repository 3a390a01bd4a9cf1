import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** The size of each of the two halves of the young generation, up to which it is as fast as without a limit. */
const mostBytes = 16 * 1024 * 1024;

const capacity = (): number => {
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  return space ? space.space_used_size + space.space_available_size : 0;
};

/**
 * Limits the young generation, as `--max-semi-space-size=16` would: that has no effect after the start of a process.
 *
 * V8 multiplies its size by a factor, which it reads each time: a factor of 1 ends the growth. After a shrink it may grow
 * again. An observer is not called between the collections of the start, so there is no growth until then; the start takes
 * no longer.
 */
export const limitYoungGeneration = (): void => {
  let mayGrow = false;
  setFlagsFromString('--semi-space-growth-factor=1');
  new PerformanceObserver(() => {
    const isSmall = capacity() <= mostBytes / 2;
    if (isSmall === mayGrow) return;
    mayGrow = isSmall;
    setFlagsFromString(`--semi-space-growth-factor=${isSmall ? 2 : 1}`);
  }).observe({ type: 'gc' });
};
