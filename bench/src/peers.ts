import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder } from './paths.ts';
import { environmentOf, type Place } from './place.ts';
import { type ServerProcess, startServer } from './processes.ts';
import { commonEnv, type Server, startNode } from './servers.ts';

const peersFolder = join(benchFolder, 'peers');
const packages = join(peersFolder, 'node_modules');

/** Installs the packages of the peers, as the lock file says, where that has not been done. */
export const installPeers = (): void => {
  // npm writes this when it is through.
  if (existsSync(join(packages, '.package-lock.json'))) return;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: peersFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
};

const versionOf = (name: string): string => {
  const manifest = JSON.parse(readFileSync(join(peersFolder, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  return manifest.dependencies[name] ?? '';
};

const onlyScollect = 'it was set up for Scollect alone.';
const onlyReads = 'it was set up for reads alone.';

/** What no peer was set up for. */
const common = {
  note: onlyReads,
  payment: onlyReads,
  orders: onlyScollect,
  failing: 'it takes an error inside HTTP 200 for data.',
  persisted: 'it was set up without persisted documents.',
} as const;

const startScript = (file: string) => (place: Place) =>
  startNode(join(peersFolder, file), place, commonEnv(place));

const mercurius: Server = {
  name: 'mercurius',
  title: `Mercurius ${versionOf('mercurius')} with JIT`,
  dialect: 'recollect',
  tokens: [],
  lacks: common,
  start: startScript('mercurius.js'),
};

const apollo: Server = {
  name: 'apollo',
  title: `Apollo Server ${versionOf('@apollo/server')}`,
  dialect: 'recollect',
  tokens: [],
  lacks: common,
  start: startScript('apollo.js'),
};

const wholeOnly = 'it cannot be set up to give a page of what comes as a whole.';
const noPages = { ...common, portfolioPage: wholeOnly, largePage: wholeOnly } as const;

const startHive = (place: Place): ServerProcess =>
  startServer({
    command: ['sh', join(peersFolder, 'mesh/start.sh'), peersFolder],
    cwd: place.folder,
    env: environmentOf({ ...commonEnv(place), NODE: process.execPath }, place.folder),
    output: join(place.folder, 'output.log'),
  });

const hive: Server = {
  name: 'hive',
  title: `Hive Gateway ${versionOf('@graphql-hive/gateway')} with Mesh and JIT`,
  dialect: 'mapped',
  tokens: [],
  lacks: noPages,
  start: startHive,
};

const tailcallBinary = join(packages, '@tailcallhq/core-linux-x64-gnu/bin/tailcall');

/** The port is none of what Tailcall takes from the environment. */
const startTailcall = (place: Place): ServerProcess => {
  const config = readFileSync(join(peersFolder, 'tailcall.graphql'), 'utf8');
  const file = join(place.folder, 'tailcall.graphql');
  writeFileSync(file, config.replace('port: 4000', `port: ${place.port}`));
  return startServer({
    command: [tailcallBinary, 'start', file],
    cwd: place.folder,
    env: { ...environmentOf(commonEnv(place), place.folder), TAILCALL_LOG_LEVEL: 'error' },
    output: join(place.folder, 'output.log'),
  });
};

const tailcall: Server = {
  name: 'tailcall',
  title: `Tailcall ${versionOf('@tailcallhq/core-linux-x64-gnu')}`,
  dialect: 'mapped',
  tokens: [],
  lacks: noPages,
  start: startTailcall,
};

/** What Recollect is measured beside, set up as its documentation says. */
export const peers: readonly Server[] = [mercurius, apollo, hive, tailcall];
