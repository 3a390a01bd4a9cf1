import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { settingsFor, startSandbox } from '../../src/sandbox/sandbox.ts';
import { buildImage, type Image } from '../support/deploy/dockerfile.ts';
import { contextFilter, stagesOf } from '../support/deploy/dockerfile-text.ts';
import type { Reply } from '../support/gateway.ts';
import { listenAnywhere } from '../support/listen.ts';
import { root } from '../support/root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const run = (command: string, words: readonly string[], cwd: string): string =>
  execFileSync(command, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** Whether the steps can be executed: they change owners, and install packages. Otherwise stderr says why not. */
const isPossible = (): boolean => {
  const missing = [];
  if (process.getuid?.() !== 0) missing.push('the rights of root');
  try {
    run('npm', ['ping'], root);
  } catch {
    missing.push('the package registry');
  }
  if (missing.length > 0 && process.env['CI']) throw new Error(`There is not ${missing}, which CI needs.`);
  if (missing.length > 0) process.stderr.write(`Skipped: the image, for want of ${missing.join(', ')}.\n`);
  return missing.length === 0;
};

/** Returns the path of the Node of the image, or of the one that runs this test if it cannot be fetched. */
const nodeOf = (image: string): string => {
  const version = /^node:(\d+)/.exec(image)?.[1];
  try {
    const words = ['exec', '--yes', `--package=node@${version}`, '--', 'node', '-p', 'process.execPath'];
    return run('npm', words, temporaryFolder()).trim();
  } catch {
    process.stderr.write(
      `The image is tested with Node ${process.version}: node@${version} cannot be fetched.\n`,
    );
    return process.execPath;
  }
};

const build = (): { readonly image: Image; readonly path: string } => {
  const folder = temporaryFolder();
  // For the user of the container.
  chmodSync(folder, 0o755);
  const stages = stagesOf(read('deploy/Dockerfile'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  copyFileSync(nodeOf(stages.at(-1)?.image ?? ''), join(bin, 'node'));
  chmodSync(join(bin, 'node'), 0o755);
  const path = [bin, process.env['PATH']].join(delimiter);
  const { NODE_ENV: _, NODE_OPTIONS: __, VITEST: ___, ...env } = process.env;
  const image = buildImage(stages, {
    context: root,
    isInContext: contextFilter(read('.dockerignore')),
    folder: join(folder, 'stages'),
    env: { ...env, PATH: path },
  });
  return { image, path };
};

interface Container {
  readonly process: ChildProcess;
  readonly stdout: () => string;
}

/** Executes a command as the user of the image, on its files, with hardly any other environment. */
const start = (
  { folder, workdir, env, uid, gid }: Image,
  [command = '', ...words]: readonly string[],
  own: Record<string, string>,
): Container => {
  const child = spawn(command, words, {
    cwd: join(folder, workdir),
    env: { ...env, ...own },
    uid,
    gid,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  return { process: child, stdout: () => stdout };
};

const exitCodeOf = async ({ process: child }: Container): Promise<number | null> => {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
};

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

/** The command of docs/deploying.md that prints a token. */
const tokenCommand = (): string => {
  const [, script] = /exec gateway \\\n\s+node -e "([^"]+)"/.exec(read('docs/deploying.md')) ?? [];
  if (script === undefined) throw new Error('docs/deploying.md: expected the command that prints a token.');
  return script;
};

it.skipIf(!isPossible())(
  'the image of deploy/Dockerfile serves as an unprivileged user on a read-only tree',
  { timeout: 600_000 },
  async () => {
    const { image, path } = build();
    const app = join(image.folder, image.workdir);

    expect(image.uid).toBeGreaterThan(0);
    expect(image.gid).toBeGreaterThan(0);
    expect(image.env).toMatchObject({ NODE_ENV: 'production' });
    // npm would not wait for the gateway.
    expect(image.command[0]).toBe('node');
    expect(readdirSync(app).sort()).toEqual(
      ['LICENSE', 'dist', 'node_modules', 'package.json', 'schema.graphql'].sort(),
    );
    const manifest = JSON.parse(read('package.json')) as Record<'dependencies' | 'devDependencies', object>;
    const isInstalled = (name: string): boolean => existsSync(join(app, 'node_modules', name));
    expect(Object.keys(manifest.dependencies).filter((name) => !isInstalled(name))).toEqual([]);
    expect(Object.keys(manifest.devDependencies).filter(isInstalled)).toEqual([]);

    const volume = join(image.folder, image.volumes[0] ?? '');
    expect(statSync(volume)).toMatchObject({ uid: image.uid, gid: image.gid });
    execFileSync('chmod', ['-R', 'a-w', app]);
    const before = filesIn(app);

    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const secret = 'a secret of more than thirty-two bytes';
    let gateway: Container | undefined;
    const settings = {
      PATH: path,
      ...settingsFor(sandbox),
      AUTH_JWT_SECRET: secret,
      STORE_URL: (image.env['STORE_URL'] ?? '').replace(/^file:/, `file:${image.folder}`),
    };
    const port = await listenAnywhere(async (number) => {
      const next = start(image, image.command, { ...settings, PORT: String(number) });
      while (!next.stdout().includes('is ready at http://0.0.0.0:')) {
        if (next.process.exitCode !== null) throw Object.assign(new Error('ended'), { code: 'EADDRINUSE' });
        await pause(20);
      }
      gateway = next;
    });
    if (!gateway) throw new Error('The gateway has not started.');

    const own = { ...settings, PORT: String(port) };
    expect(await exitCodeOf(start(image, image.healthcheck, own))).toBe(0);

    const token = start(image, ['node', '-e', tokenCommand()], own);
    expect(await exitCodeOf(token)).toBe(0);
    const send = async (query: string): Promise<Reply> => {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          authorization: `Bearer ${token.stdout().trim()}`,
        },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as Reply;
    };
    expect(await send('{ account(fileNumber: "R1001") { fileNumber } }')).toEqual({
      data: { account: { fileNumber: 'R1001' } },
    });
    expect(filesIn(app)).toEqual(before);
    expect(readdirSync(volume)).toContain('gateway.db');

    gateway.process.kill(image.stopSignal);
    expect(await exitCodeOf(gateway)).toBe(0);
    expect(gateway.stdout()).toContain('"msg":"stopping"');
    expect(await exitCodeOf(start(image, image.healthcheck, own))).toBe(1);
    // The program that deploy/compose.yaml starts besides.
    expect(existsSync(join(app, 'dist/sandbox/main.js'))).toBe(true);
    expect(dirname(image.command[1] ?? '')).toBe('dist');
  },
);
