import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, say } from './command.ts';
import { durationOf } from './duration.ts';
import { nodeMajor } from './node-major.ts';
import { readOptions } from './options.ts';
import { benchFolder } from './paths.ts';
import { installPeers, peers } from './peers.ts';
import { writeResults } from './performance-page.ts';
import { canPin } from './processes.ts';
import { resultsOf } from './results.ts';
import { runWorkload, type WorkloadRounds } from './run.ts';
import { limit, recollect } from './servers.ts';
import { startStand } from './stand.ts';
import { markdownOf } from './tables.ts';
import { workloads } from './workloads.ts';

interface Named {
  readonly name: string;
}

/** In the order in which they are measured. */
const servers = [limit, recollect, ...peers];

const namesOf = (all: readonly Named[]): string[] => all.map(({ name }) => name);

const chosen = <Kind extends Named>(all: readonly Kind[], names: readonly string[]): Kind[] =>
  all.filter(({ name }) => names.length === 0 || names.includes(name));

const bench = async (): Promise<void> => {
  const options = readOptions(process.env, { workloads: namesOf(workloads), servers: namesOf(servers) });
  const wanted = chosen(servers, options.servers);
  const asked = chosen(workloads, options.only);
  const { least, most } = durationOf(wanted, asked, options);
  say(`This takes ${least} to ${most} minutes.`);
  if (wanted.some((server) => peers.includes(server))) installPeers();
  const stand = await startStand();
  const measured: WorkloadRounds[] = [];
  for (const workload of asked) {
    measured.push(await runWorkload(stand, wanted, workload, options, say));
  }
  await stand.stop();
  const results = resultsOf(measured, options, canPin);
  const markdown = markdownOf(results);
  const file = join(benchFolder, 'results.json');
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  say(`\n${markdown}\n\nWritten to ${file}.`);
  if (process.argv.includes('record')) writeResults(nodeMajor, markdown);
};

await runCommand(bench, 'The bench failed.');
