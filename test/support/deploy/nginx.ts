import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { listenAnywhere } from '../listen.ts';
import { root } from '../root.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export interface RunningNginx {
  readonly port: number;
  /** With TLS, or without. */
  readonly url: string;
  /** The certificate that clients must trust. */
  readonly ca: Buffer;
  /** The contents of a log file. */
  log(name: 'recollect.log' | 'recollect-error.log'): string;
}

/** The files of deploy/nginx: for one public host, and for deploy/compose.scale.yaml, without TLS. */
export const nginxFiles = ['recollect.conf', 'recollect-compose.conf'] as const;

type NginxFile = (typeof nginxFiles)[number];

/** Replaces a text that must be there. */
const replaced = (all: string, pattern: RegExp, replacement: string): string => {
  if (!pattern.test(all)) throw new Error(`deploy/nginx: expected ${pattern}.`);
  return all.replace(pattern, replacement);
};

type Change = readonly [pattern: RegExp, replacement: string];
type Upstreams = readonly (number | string)[];

const renderedForCompose = (folder: string, port: number, upstreams: Upstreams): readonly Change[] => [
  [
    /(?: +server gateway-\d:4000 (?:.*);\n){3}/,
    upstreams.map((at) => `  server 127.0.0.1:${at} max_fails=1 fail_timeout=2s;\n`).join(''),
  ],
  [/listen 8080;/, `listen 127.0.0.1:${port};`],
  [/\/dev\/stdout/, join(folder, 'recollect.log')],
  [/\/dev\/stderr/, join(folder, 'recollect-error.log')],
];

const renderedForHost = (folder: string, port: number, upstreams: Upstreams): readonly Change[] => {
  const serverAt = (upstream: number | string): string =>
    typeof upstream === 'number'
      ? `  server 127.0.0.1:${upstream} max_fails=0;\n`
      : // As the file says for other machines.
        `  server ${upstream} max_fails=1 fail_timeout=2s;\n`;
  const servers = upstreams.map(serverAt).join('');
  return [
    [/(?: +server 127\.0\.0\.1:400\d max_fails=0;\n){2}/, servers],
    [/listen 443 ssl http2;/, `listen 127.0.0.1:${port} ssl http2;`],
    [/ +listen \[::\]:443 ssl http2;\n/, ''],
    [/\/etc\/ssl\/recollect\/fullchain\.pem/, join(folder, 'certificate.pem')],
    [/\/etc\/ssl\/recollect\/privkey\.pem/, join(folder, 'key.pem')],
    [/\/var\/log\/nginx\/recollect\.log/, join(folder, 'recollect.log')],
    [/\/var\/log\/nginx\/recollect-error\.log/, join(folder, 'recollect-error.log')],
  ];
};

/** Returns a file of deploy/nginx with the ports and the paths of a test. */
const rendered = (file: NginxFile, folder: string, port: number, upstreams: Upstreams): string => {
  const changesFor = file === 'recollect.conf' ? renderedForHost : renderedForCompose;
  const original = readFileSync(join(root, 'deploy/nginx', file), 'utf8');
  return changesFor(folder, port, upstreams).reduce(
    (all, [pattern, replacement]) => replaced(all, pattern, replacement),
    original,
  );
};

const surroundings = (folder: string): string => {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `  ${kind}_temp_path ${join(folder, kind)};`,
  );
  return `daemon off;
worker_processes 2;
pid ${join(folder, 'nginx.pid')};
error_log ${join(folder, 'nginx.log')};
events { worker_connections 1024; }
http {
  access_log off;
${temporary.join('\n')}
  include ${join(folder, 'recollect.conf')};
}
`;
};

const makeCertificate = (folder: string): void => {
  const subject = [
    '-subj',
    '/CN=recollect.example.com',
    '-addext',
    'subjectAltName=DNS:recollect.example.com',
  ];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
    { stdio: 'ignore' },
  );
};

const accepts = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

/**
 * Starts nginx with a file of deploy/nginx, by default recollect.conf, before gateways at two ports, or addresses of other machines, for the
 * rest of the test.
 *
 * @throws {Error} with what nginx says, if it rejects the file.
 */
export const startNginx = async (
  program: string,
  upstreams: Upstreams,
  file: NginxFile = 'recollect.conf',
): Promise<RunningNginx> => {
  const folder = temporaryFolder();
  // For nginx's worker processes, which are of another user.
  chmodSync(folder, 0o755);
  makeCertificate(folder);
  writeFileSync(join(folder, 'nginx.conf'), surroundings(folder));
  const start = async (port: number): Promise<void> => {
    writeFileSync(join(folder, 'recollect.conf'), rendered(file, folder, port, upstreams));
    const child = spawn(program, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = text(child.stderr);
    const ended = once(child, 'exit').then(() => true);
    while (!(await accepts(port))) {
      if (!(await Promise.race([ended, pause(20, false)]))) continue;
      const reason = await said;
      throw Object.assign(new Error(reason), reason.includes('in use') ? { code: 'EADDRINUSE' } : {});
    }
    onTestFinished(async () => {
      child.kill('SIGQUIT');
      child.kill('SIGTERM');
      await ended;
    });
  };
  const port = await listenAnywhere(start);
  return {
    port,
    url: `${file === 'recollect.conf' ? 'https' : 'http'}://127.0.0.1:${port}`,
    ca: readFileSync(join(folder, 'certificate.pem')),
    log: (name) => {
      const file = join(folder, name);
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    },
  };
};
