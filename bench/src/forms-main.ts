import { runCommand, say } from './command.ts';
import { type FormName, formNames } from './forms.ts';
import type { Stream } from './load.ts';
import { median } from './median.ts';
import { readOptions } from './options.ts';
import { recollect } from './servers.ts';
import { type StandingServer, startStand } from './stand.ts';

// Compares the CPU time of one query in the plain form and in those of popular clients, in one process and one run.

/** What a form may cost of the plain form. */
const mostRatio = 1.1;

const streamIn = (form: FormName): Stream => ({
  operation: 'account',
  clients: 64,
  haveEqualKeys: false,
  form,
});

const cpuOf = async (standing: StandingServer, form: FormName, seconds: number): Promise<number> => {
  const { cpuMs, streams } = await standing.measure([streamIn(form)], seconds);
  return cpuMs / (streams[0]?.answers ?? Number.NaN);
};

/** The forms in turns, each round beginning with another one. */
const inTurns = (round: number): readonly FormName[] => {
  const first = round % formNames.length;
  return [...formNames.slice(first), ...formNames.slice(0, first)];
};

const measure = async (): Promise<void> => {
  const { starts, rounds, seconds, warmup } = readOptions(process.env, { workloads: [], servers: [] });
  const stand = await startStand();
  await stand.setLatency(0);
  const measured: Readonly<Record<FormName, number>>[] = [];
  for (let start = 0; start < starts; start += 1) {
    const standing = await stand.start(recollect, formNames.map(streamIn));
    for (const form of formNames) await cpuOf(standing, form, warmup / formNames.length);
    for (let round = 0; round < rounds; round += 1) {
      const costs: Partial<Record<FormName, number>> = {};
      for (const form of inTurns(round)) costs[form] = await cpuOf(standing, form, seconds);
      measured.push(costs as Record<FormName, number>);
    }
    await standing.stop();
  }
  await stand.stop();
  say('| form | CPU ms a query | of the plain form |\n| --- | --- | --- |');
  for (const form of formNames) {
    const cost = median(measured.map((costs) => costs[form]));
    const ratio = median(measured.map((costs) => costs[form] / costs.plain));
    say(`| ${form} | ${cost.toFixed(3)} | ${ratio.toFixed(2)}${ratio > mostRatio ? ', too much' : ''} |`);
  }
};

await runCommand(measure, 'The forms could not be measured.');
