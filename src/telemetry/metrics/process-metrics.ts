import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { Gauge, type Registry } from 'prom-client';

/** The memory that this process may use: that of its control group, or of the machine. */
const memoryLimit = (): number => {
  const total = totalmem();
  const constrained = process.constrainedMemory();
  // Without a limit, Linux reports a number beyond any memory.
  return constrained > 0 && constrained < total ? constrained : total;
};

/** Adds the limits that memory metrics are compared with. */
export const addProcessMetrics = (registers: Registry[]): void => {
  const constant = (name: string, help: string, value: number): void =>
    new Gauge({ name, help, registers }).set(value);
  constant(
    'recollect_memory_limit_bytes',
    'Memory that the process may use: the limit of its control group, or the memory of the machine.',
    memoryLimit(),
  );
  constant(
    'recollect_heap_limit_bytes',
    'Size of the JavaScript heap at which the process ends.',
    getHeapStatistics().heap_size_limit,
  );
};
