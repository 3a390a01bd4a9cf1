import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository; sources and what is compiled from them lie equally deep. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export const benchFolder = join(root, 'bench');

/** A compiled program of the bench. */
export const program = (name: string): string => join(benchFolder, 'dist', name);
