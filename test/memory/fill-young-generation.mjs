import { setTimeout as pause } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';

// Loaded into a gateway: keeps new objects for some collections of the young generation, as requests that wait for an
// upstream do, and prints the median of its sizes in the second half of that time, in MB. The greatest says less: to
// finish marking, V8 lets it exceed its capacity for a moment.

const rounds = 400;

const capacity = () => {
  const space = getHeapSpaceStatistics().find((one) => one.space_name === 'new_space');
  return (space.space_used_size + space.space_available_size) / 1024 / 1024;
};

const objects = (count) => Array.from({ length: count }, (_, index) => ({ index, text: [index] }));

setTimeout(async () => {
  const kept = [];
  const sizes = [];
  for (let round = 0; round < rounds; round += 1) {
    kept.push(objects(10_000));
    if (kept.length > 10) kept.shift();
    await pause(1);
    if (round >= rounds / 2) sizes.push(capacity());
  }
  sizes.sort((one, other) => one - other);
  process.stdout.write(`young generation: ${Math.round(sizes[sizes.length >> 1])} MB\n`);
}, 500);
