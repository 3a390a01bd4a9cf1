import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand, say } from './command.ts';
import { figuresOf } from './figures.ts';
import { median } from './median.ts';
import { readOptions } from './options.ts';
import { root } from './paths.ts';
import { runWorkload } from './run.ts';
import { recollectIn, type Server } from './servers.ts';
import { type Measured, startStand } from './stand.ts';
import { type Workload, workloads } from './workloads.ts';

// Compares the CPU time of a query in another checkout and in this one, in one run: both are started, and take turns.

const compared = ['account-0', 'account-20', 'fifty-20'];

/** The same requests as Apollo Client sends them. */
const fromApollo = ({ name, title, latencyMs, streams: [stream] }: Workload): Workload => ({
  name: `${name}, Apollo Client`,
  title: `${title}, as Apollo Client sends it`,
  latencyMs,
  streams: [{ ...stream, form: 'apollo' }],
});

const cpuOf = (round: Measured | undefined): number =>
  (round && figuresOf([round]).cpuMsPerQuery) ?? Number.NaN;

const serversFor = (checkout: string | undefined): readonly [Server, Server] => {
  if (checkout === undefined) throw new Error('Expected the folder of another checkout.');
  const other = resolve(checkout);
  if (!existsSync(join(other, 'dist/main.js'))) {
    throw new Error(`Expected a build in ${other}: run npm run build there.`);
  }
  return [
    recollectIn(other, { name: 'other', title: other }),
    recollectIn(root, { name: 'this', title: root }),
  ];
};

const measure = async (): Promise<void> => {
  const servers = serversFor(process.argv[2]);
  const timing = readOptions(process.env, { workloads: compared, servers: [] });
  const names = timing.only.length > 0 ? timing.only : compared;
  const plain = workloads.filter(({ name }) => names.includes(name));
  const stand = await startStand();
  const rows: string[] = [];
  for (const workload of plain.flatMap((one) => [one, fromApollo(one)])) {
    const measured = await runWorkload(stand, servers, workload, timing, say);
    for (const failure of Object.values(measured.absent)) throw new Error(failure);
    const [before = [], after = []] = measured.servers.map(({ rounds }) => rounds.map(cpuOf));
    const ratio = median(after.map((cpu, index) => cpu / (before[index] ?? Number.NaN)));
    const cells = [workload.name, median(before).toFixed(3), median(after).toFixed(3), ratio.toFixed(2)];
    rows.push(`| ${cells.join(' | ')} |`);
  }
  await stand.stop();
  say(
    `\n| workload | CPU ms a query, ${servers[0].title} | this checkout | ratio |\n| --- | --- | --- | --- |`,
  );
  for (const row of rows) say(row);
};

await runCommand(measure, 'The versions could not be compared.');
