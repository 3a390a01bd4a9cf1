import { runCommand, say } from './command.ts';
import { figuresOf } from './figures.ts';
import { median } from './median.ts';
import { readOptions } from './options.ts';
import { root } from './paths.ts';
import { runWorkload } from './run.ts';
import { recollectIn, type Server } from './servers.ts';
import { type Measured, startStand } from './stand.ts';
import { workloads } from './workloads.ts';

// Compares one and two workers on two cores, side by side in one run. The stub and the load generator have one of these
// cores too: the ratio is a lower bound of that on a machine which has cores for the workers alone.

const withWorkers = (count: number): Server =>
  recollectIn(root, { name: String(count), title: `WORKERS=${count}` }, { WORKERS: String(count) }, true);

const servers = [withWorkers(1), withWorkers(2)];

const perSecond = (round: Measured): number => figuresOf([round]).perSecond;
const cpuOf = (round: Measured): number => figuresOf([round]).cpuMsPerQuery ?? Number.NaN;

/** The peak of each process: that of the supervisor, if there is one, and then those of the workers. */
const eachOf = (rounds: readonly Measured[]): number[] =>
  (rounds[0]?.peakRssMbEach ?? []).map((_, index) =>
    Math.round(median(rounds.map(({ peakRssMbEach }) => peakRssMbEach[index] ?? 0))),
  );

const measure = async (): Promise<void> => {
  const timing = readOptions(process.env, { workloads: workloads.map(({ name }) => name), servers: [] });
  const names = timing.only.length > 0 ? timing.only : ['account-0'];
  const stand = await startStand();
  const rows: string[] = [];
  for (const workload of workloads.filter(({ name }) => names.includes(name))) {
    const measured = await runWorkload(stand, servers, workload, timing, say);
    for (const failure of Object.values(measured.absent)) throw new Error(failure);
    const all = measured.servers.map(({ rounds }) => rounds);
    const [one = []] = all;
    for (const [index, rounds] of all.entries()) {
      const ratio = median(rounds.map((round, n) => perSecond(round) / perSecond(one[n] ?? round)));
      const figures = [
        Math.round(median(rounds.map(perSecond))),
        ratio.toFixed(2),
        median(rounds.map(cpuOf)).toFixed(3),
        Math.round(median(rounds.map(({ peakRssMb }) => peakRssMb))),
        eachOf(rounds).join(', '),
        median(rounds.map(({ otherCore }) => otherCore)).toFixed(2),
      ];
      rows.push(`| ${[workload.name, servers[index]?.title, ...figures].join(' | ')} |`);
    }
  }
  await stand.stop();
  say(
    '\n| workload | server | per second | of one | CPU ms a query | peak RSS MB | of each process | core of stub and load |',
  );
  say('| --- | --- | --- | --- | --- | --- | --- | --- |');
  say(rows.join('\n'));
};

await runCommand(measure, 'The numbers of workers could not be compared.');
