import { setTimeout as pause } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';

// Loaded into a gateway: keeps new objects for some collections of the young generation, as requests that wait for an
// upstream do, and prints the greatest size that it had, in MB.

const capacity = () => {
  const space = getHeapSpaceStatistics().find((one) => one.space_name === 'new_space');
  return (space.space_used_size + space.space_available_size) / 1024 / 1024;
};

const objects = (count) => Array.from({ length: count }, (_, index) => ({ index, text: [index] }));

setTimeout(async () => {
  const kept = [];
  let greatest = 0;
  for (let round = 0; round < 400; round += 1) {
    kept.push(objects(10_000));
    if (kept.length > 10) kept.shift();
    await pause(1);
    greatest = Math.max(greatest, capacity());
  }
  process.stdout.write(`young generation: ${Math.round(greatest)} MB\n`);
}, 500);
