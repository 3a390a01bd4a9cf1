import { readOptions } from './options.ts';
import { installPeers, peers } from './peers.ts';
import { runWorkload } from './run.ts';
import { limit, recollect } from './servers.ts';
import { startStand } from './stand.ts';
import { workloads } from './workloads.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** In the order in which they are measured. */
const servers = [limit, recollect, ...peers];

const options = readOptions(process.env, {
  workloads: workloads.map(({ name }) => name),
  servers: servers.map(({ name }) => name),
});

const chosen = <Named extends { readonly name: string }>(all: readonly Named[], names: readonly string[]) =>
  all.filter(({ name }) => names.length === 0 || names.includes(name));

installPeers();
const stand = await startStand();
for (const workload of chosen(workloads, options.only)) {
  const { servers: measured } = await runWorkload(
    stand,
    chosen(servers, options.servers),
    workload,
    options,
    say,
  );
  for (const { server, rounds } of measured) say(`${server.name} ${JSON.stringify(rounds.at(-1))}`);
}
await stand.stop();
process.exit();
