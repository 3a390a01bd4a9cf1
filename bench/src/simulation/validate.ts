import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse, print } from 'graphql';
import { Agent, request as send } from 'undici';
import { signedToken } from '../token.ts';
import { runAgent, type Work } from './agents.ts';
import { createDistribution } from './distribution.ts';
import { createRandom } from './random.ts';
import { sumOf } from './record.ts';
import type { Size } from './scenarios.ts';
import { serviceTimes, simulate } from './simulate.ts';

const secret = 'the secret of the simulation, 32 bytes';
const seconds = 30;
/** Agents who hardly think, so that few of them are a load. */
const quickWork: Work = {
  accountMs: 1500,
  searches: 0,
  notes: 0.8,
  attempts: 0.6,
  payments: 0,
  orders: 0.05,
};

const sizes: readonly Size[] = [
  {
    agents: 40,
    tenants: 1,
    replicas: 1,
    workers: 2,
    maxConcurrency: 64,
    scollectServers: 200,
    recoveryConnectServers: 200,
  },
  {
    agents: 100,
    tenants: 1,
    replicas: 1,
    workers: 2,
    maxConcurrency: 32,
    scollectServers: 200,
    recoveryConnectServers: 200,
  },
];

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Returns the documents of the agent desk by the names of their operations, each with its fragments. */
const documentsOf = (root: string): ReadonlyMap<string, string> => {
  const folder = join(root, 'examples/agent-desk/src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.graphql'),
  );
  const { definitions } = parse(files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n'));
  const textOf = new Map(
    definitions.flatMap((one) => ('name' in one && one.name ? [[one.name.value, print(one)] as const] : [])),
  );
  const withFragments = (name: string, seen = new Set<string>()): string => {
    if (seen.has(name)) return '';
    seen.add(name);
    const text = textOf.get(name) ?? '';
    const spread = [...text.matchAll(/\.\.\.\s*(?!on\b)(\w+)/g)].map(([, fragment = '']) =>
      withFragments(fragment, seen),
    );
    return [text, ...spread].join('\n');
  };
  return new Map([...textOf.keys()].map((name) => [name, withFragments(name)]));
};

const inputs: Readonly<Record<string, object>> = {
  AddNote: { collectorName: 'agent', body: 'Spoke to the debtor.' },
  RecordAttempt: { phoneNumber: '217-555-0100', disposition: 'NO ANSWER', agent: 'agent', type: 'MANUAL' },
};

const cpuSecondsOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

const rssMbOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

interface Real {
  readonly responses: ReturnType<typeof createDistribution>;
  readonly requests: number;
  readonly errors: number;
  readonly cpuMsPerRequest: number;
  readonly rssMb: number;
}

/** Runs agents against processes of the built gateway and upstreams with the same service times. */
const runReal = async (root: string, size: Size): Promise<Real> => {
  const folder = mkdtempSync(join(tmpdir(), 'recollect-simulation-'));
  const children: ChildProcess[] = [];
  const dispatcher = new Agent({ connections: 400 });
  try {
    const startStub = async (model: object): Promise<string> => {
      const stub = fork(join(root, 'bench/dist/simulation/stub.js'), [JSON.stringify({ ...model, seed: 2 })]);
      children.push(stub);
      const [port] = (await once(stub, 'message')) as [number];
      return `http://127.0.0.1:${port}`;
    };
    const scollect = await startStub({ ...serviceTimes.SCOLLECT, servers: size.scollectServers });
    const recoveryConnect = await startStub({
      ...serviceTimes.RECOVERY_CONNECT,
      servers: size.recoveryConnectServers,
    });
    const processes = size.replicas * size.workers;
    const ports: number[] = [];
    for (let one = 0; one < processes; one += 1) {
      const port = await freePort();
      ports.push(port);
      const gateway = spawn(process.execPath, [join(root, 'dist/main.js')], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          PATH: process.env['PATH'],
          NODE_ENV: 'production',
          PORT: String(port),
          SCOLLECT_URL: scollect,
          SCOLLECT_API_KEY: 'key',
          SCOLLECT_PIN: 'pin',
          RECOVERYCONNECT_URL: recoveryConnect,
          RECOVERYCONNECT_USERNAME: 'user',
          RECOVERYCONNECT_PASSWORD: 'password',
          AUTH_JWT_SECRET: secret,
          AUTH_ISSUER: 'https://id.bench.example',
          AUTH_AUDIENCE: 'recollect',
          RATE_LIMIT_PER_ADDRESS: '0',
          UPSTREAM_MAX_CONCURRENCY: String(Math.floor(size.maxConcurrency / processes)),
          AUDIT_LOG: join(folder, 'audit.jsonl'),
          STORE_URL: `file:${join(folder, 'gateway.db')}`,
          AGENCY_TIME_ZONE: 'UTC',
        },
      });
      children.push(gateway);
      const end = performance.now() + 60_000;
      while (
        !(await fetch(`http://127.0.0.1:${port}/ready`).then(
          ({ ok }) => ok,
          () => false,
        ))
      ) {
        if (performance.now() > end || gateway.exitCode !== null)
          throw new Error('A gateway does not start.');
        await pause(50);
      }
    }
    const gateways = children.slice(2);
    const documents = documentsOf(root);
    const token = signedToken(
      {
        sub: 'agent',
        iss: 'https://id.bench.example',
        aud: 'recollect',
        scope:
          'accounts:read accounts:write orders:read payments:read contact:write contact:read outcomes:resolve',
      },
      secret,
    );
    const pids = gateways.map(({ pid = 0 }) => pid);
    const before = pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
    const responses = createDistribution();
    let [requests, errors, turn] = [0, 0, 0];
    const begin = performance.now();
    const clock = {
      now: () => performance.now() - begin,
      sleep: async (milliseconds: number) => {
        await pause(milliseconds);
      },
      runUntil: () => Promise.resolve(),
      restore: () => {},
    };
    const ask: Parameters<typeof runAgent>[0]['send'] = async (_, operation, { fileNumber, orderId }) => {
      turn += 1;
      const started = performance.now();
      const input = { fileNumber, ...inputs[operation] };
      const { body } = await send(`http://127.0.0.1:${ports[turn % ports.length]}/graphql`, {
        method: 'POST',
        dispatcher,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: documents.get(operation), variables: { fileNumber, orderId, input } }),
      });
      const answer = (await body.json()) as { readonly errors?: readonly unknown[] };
      responses.add(performance.now() - started);
      requests += 1;
      if (answer.errors) errors += 1;
      return answer.errors ? 'other' : 'whole';
    };
    const random = createRandom(1);
    await Promise.all(
      Array.from({ length: size.agents }, (_, agent) =>
        runAgent({
          caller: `agent-${agent}`,
          random: random.fork(),
          clock,
          send: ask,
          work: quickWork,
          until: seconds * 1000,
          beginsWithinMs: quickWork.accountMs,
        }),
      ),
    );
    const cpuSeconds = pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0) - before;
    const rssMb = Math.max(...pids.map(rssMbOf));
    return { responses, requests, errors, cpuMsPerRequest: (cpuSeconds * 1000) / requests, rssMb };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await dispatcher.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Compares a run of real processes with the simulation of the same size, and prints the ratios. */
export const validate = async (root: string, say: (text: string) => void): Promise<void> => {
  say(
    '| agents, limit per process | | requests/s | response p50 ms | p95 ms | p99 ms | with errors | CPU ms a request | RSS MB |',
  );
  say('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const size of sizes) {
    const real = await runReal(root, size);
    const { tenants } = await simulate({
      size,
      scenario: { name: 'validation' },
      work: quickWork,
      minutes: seconds / 60,
      agentsPerSupervisor: Number.POSITIVE_INFINITY,
    });
    const simulated = sumOf(tenants);
    const shown = (values: readonly number[]): string => values.map((value) => value.toFixed(1)).join(' | ');
    const quantiles = (of: typeof real.responses): number[] =>
      [0.5, 0.95, 0.99].map((share) => of.quantile(share));
    const [one, other] = [quantiles(real.responses), quantiles(simulated.responses)];
    const failed = simulated.started - simulated.ended.whole;
    const name = `${size.agents}, ${Math.floor(size.maxConcurrency / size.workers)}`;
    say(
      `| ${name} | real | ${shown([real.requests / seconds, ...one])} | ${real.errors} | ${real.cpuMsPerRequest.toFixed(2)} | ${Math.round(real.rssMb)} |`,
    );
    say(`| | simulated | ${shown([simulated.started / seconds, ...other])} | ${failed} | – | – |`);
    const ratios = [
      simulated.started / real.requests,
      ...other.map((value, index) => value / (one[index] ?? 1)),
    ];
    say(`| | simulated / real | ${ratios.map((ratio) => ratio.toFixed(2)).join(' | ')} | – | – | – |`);
  }
};
