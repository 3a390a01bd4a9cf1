import cluster from 'node:cluster';
import { setFlagsFromString } from 'node:v8';
import { openWorkerLink } from './cluster/worker-link.ts';
import { readEnvironment } from './config/environment-file.ts';
import { readSettings, type Settings } from './config/settings.ts';
import { explainFailure, reportFailure } from './process/failed-start.ts';
import { logUnforeseen } from './process/unforeseen.ts';
import { limitYoungGeneration } from './process/young-generation.ts';

// Objects of a kind that V8 has seen live on it makes among the old ones from then on. At a gateway whose requests wait
// for upstreams, that is what belongs to requests: all that they lead to, the texts of answers above all, would stay
// until the whole heap is collected.
setFlagsFromString('--no-allocation-site-pretenuring');

// V8 lets the heap of such a process grow to more than three times what it holds before it collects it. At twice, that
// takes some milliseconds every few seconds under load, and tens of megabytes less.
setFlagsFromString('--heap-growing-percent=100');

limitYoungGeneration();

/** If this process is one of several that serve the port. */
const link = openWorkerLink();

/** Returns the settings if several processes are to serve the port, and this one can start them. */
const settingsOfSeveral = (): Settings | null => {
  if (link || !cluster.isPrimary) return null;
  const settings = readSettings(readEnvironment());
  return settings.workers > 1 ? settings : null;
};

const unforeseen = logUnforeseen(link?.logFields);
try {
  const several = settingsOfSeveral();
  // A process loads only what it needs: the one that supervises workers has no schema and no upstreams.
  if (several) {
    const { runWorkers } = await import('./cluster/run-workers.ts');
    unforeseen.use(await runWorkers(several));
  } else {
    const { startGateway } = await import('./process/start.ts');
    await startGateway(link, unforeseen);
  }
} catch (error) {
  if (link) {
    await link.failed(explainFailure(error));
    process.exit(1);
  }
  reportFailure(error);
  process.exitCode = 1;
}
