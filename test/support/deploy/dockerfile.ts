import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Stage } from './dockerfile-text.ts';

/** An image, as the folder of its file system and the settings of its containers. */
export interface Image {
  /** The folder that stands for `/`. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  readonly uid: number;
  readonly gid: number;
  readonly volumes: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  readonly stopSignal: NodeJS.Signals;
}

interface BuildOptions {
  /** The folder that files are copied from, and which of them are in the context. */
  readonly context: string;
  readonly isInContext: (path: string) => boolean;
  /** An empty folder for the stages. */
  readonly folder: string;
  /** Environment variables of commands. */
  readonly env: NodeJS.ProcessEnv;
}

/** Folders of images that stages use, which here are below the folder of a stage. */
const ownFolders = /(?<![\w./-])\/(?=(?:app|data)(?:[/\s'"]|$))/g;

/** Executes the instructions of a Dockerfile, each stage in a folder of its own instead of a container. */
export const buildImage = (stages: readonly Stage[], options: BuildOptions): Image => {
  const built = new Map<string, string>();
  const last = stages.at(-1);
  let image: Image | undefined;
  for (const stage of stages) {
    const root = join(options.folder, stage.name);
    built.set(stage.name, root);
    const result = buildStage(stage, root, built, options);
    if (stage === last) image = result;
  }
  if (!image) throw new Error('Dockerfile: expected a stage.');
  return image;
};

/** Whether a file is in the context, or a file below a folder. */
const isAmong = (options: BuildOptions, path: string): boolean => {
  const relative = path.slice(options.context.length).replace(/^\//, '');
  if (statSync(path).isDirectory() && relative !== '') {
    return readdirSync(path).some((name) => isAmong(options, join(path, name)));
  }
  return options.isInContext(relative);
};

const copy = (
  rest: string,
  root: string,
  workdir: string,
  built: ReadonlyMap<string, string>,
  options: BuildOptions,
) => {
  const [, from, paths = ''] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(rest) ?? [];
  const parts = paths.split(/\s+/);
  const target = parts.pop() ?? '';
  const sourceRoot = from === undefined ? options.context : built.get(from);
  if (sourceRoot === undefined) throw new Error(`COPY: expected an earlier stage, found ${from}`);
  for (const part of parts) {
    const source = join(sourceRoot, part);
    if (!existsSync(source)) throw new Error(`COPY: expected ${part} in the context.`);
    // The content of a folder goes to the target, a file into it if that ends with a slash.
    const to = join(root, target.startsWith('/') ? '' : workdir, target);
    const destination = statSync(source).isFile() && target.endsWith('/') ? join(to, part) : to;
    mkdirSync(dirname(destination), { recursive: true });
    const filter = from === undefined ? (path: string) => isAmong(options, path) : () => true;
    if (from === undefined && !filter(source)) throw new Error(`COPY: .dockerignore excludes ${part}.`);
    cpSync(source, destination, { recursive: true, filter, verbatimSymlinks: true });
  }
};

const buildStage = (
  stage: Stage,
  root: string,
  built: ReadonlyMap<string, string>,
  options: BuildOptions,
): Image => {
  mkdirSync(root, { recursive: true });
  let [workdir, uid, gid] = ['/', 0, 0];
  const env: Record<string, string> = {};
  const volumes: string[] = [];
  let command: readonly string[] = [];
  let healthcheck: readonly string[] = [];
  let stopSignal: NodeJS.Signals = 'SIGTERM';
  for (const { name, rest } of stage.instructions) {
    switch (name) {
      case 'WORKDIR':
        workdir = rest;
        mkdirSync(join(root, workdir), { recursive: true });
        break;
      case 'ENV':
        for (const [, variable = '', value = ''] of rest.matchAll(/(\w+)=(\S+)/g)) env[variable] = value;
        break;
      case 'COPY':
        copy(rest, root, workdir, built, options);
        break;
      case 'RUN':
        execFileSync('sh', ['-ec', rest.replace(ownFolders, `${root}/`)], {
          cwd: join(root, workdir),
          env: { ...options.env, ...env },
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        break;
      case 'USER':
        [uid = 0, gid = 0] = rest.split(':').map(Number);
        break;
      case 'VOLUME':
        volumes.push(rest);
        break;
      case 'CMD':
        command = JSON.parse(rest) as string[];
        break;
      case 'HEALTHCHECK':
        healthcheck = JSON.parse(rest.slice(rest.indexOf('CMD') + 'CMD'.length)) as string[];
        break;
      case 'STOPSIGNAL':
        stopSignal = rest as NodeJS.Signals;
        break;
      case 'EXPOSE':
        break;
      default:
        throw new Error(`Dockerfile: ${name} is not known here.`);
    }
  }
  return { folder: root, env, workdir, uid, gid, volumes, command, healthcheck, stopSignal };
};
