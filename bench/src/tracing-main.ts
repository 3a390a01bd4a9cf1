import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { runCommand, say } from './command.ts';
import { figuresOf } from './figures.ts';
import { median } from './median.ts';
import { readOptions } from './options.ts';
import { root } from './paths.ts';
import { runWorkload } from './run.ts';
import { recollectIn, type Server } from './servers.ts';
import { type Measured, startStand } from './stand.ts';
import { workloads } from './workloads.ts';

// Compares the CPU time of a query without traces, and with a part and all of them, in one run; and in another checkout,
// if one is given.

/** A collector that reads what it receives, and keeps nothing. */
const startCollector = async () => {
  let bytes = 0;
  const server = createServer((request, response) => {
    request
      .on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      })
      .on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bytes: () => bytes };
};

const cpuOf = (round: Measured | undefined): number =>
  (round && figuresOf([round]).cpuMsPerQuery) ?? Number.NaN;

const serversFor = (collector: string, checkout: string | undefined): readonly Server[] => {
  const sampled = (share: string) => ({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: share,
  });
  const other =
    checkout === undefined ? [] : [recollectIn(resolve(checkout), { name: 'other', title: checkout })];
  return [
    recollectIn(root, { name: 'off', title: 'no traces' }),
    ...other,
    recollectIn(root, { name: '1 %', title: '1 % of requests' }, sampled('0.01')),
    recollectIn(root, { name: 'all', title: 'all requests' }, sampled('1')),
  ];
};

const measure = async (): Promise<void> => {
  const timing = readOptions(process.env, { workloads: workloads.map(({ name }) => name), servers: [] });
  const names = timing.only.length > 0 ? timing.only : ['account-0'];
  const collector = await startCollector();
  const servers = serversFor(collector.url, process.argv[2]);
  const stand = await startStand();
  const rows: string[] = [];
  for (const workload of workloads.filter(({ name }) => names.includes(name))) {
    const measured = await runWorkload(stand, servers, workload, timing, say);
    for (const failure of Object.values(measured.absent)) throw new Error(failure);
    const [off = [], ...others] = measured.servers.map(({ rounds }) => rounds.map(cpuOf));
    for (const [index, costs] of [off, ...others].entries()) {
      const ratio = median(costs.map((cpu, round) => cpu / (off[round] ?? Number.NaN)));
      const title = servers[index]?.title ?? '';
      rows.push(`| ${[workload.name, title, median(costs).toFixed(3), ratio.toFixed(3)].join(' | ')} |`);
    }
  }
  await stand.stop();
  if (collector.bytes() === 0) throw new Error('Expected traces at the collector.');
  say('\n| workload | traces | CPU ms a query | of no traces |\n| --- | --- | --- | --- |');
  say(rows.join('\n'));
};

await runCommand(measure, 'The cost of traces could not be measured.');
