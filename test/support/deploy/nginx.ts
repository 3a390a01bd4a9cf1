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
  /** The certificate that clients must trust. */
  readonly ca: Buffer;
  /** The contents of a log file. */
  log(name: 'recollect.log' | 'recollect-error.log'): string;
}

/** Replaces a text that must be there. */
const replaced = (all: string, pattern: RegExp, replacement: string): string => {
  if (!pattern.test(all)) throw new Error(`deploy/nginx/recollect.conf: expected ${pattern}.`);
  return all.replace(pattern, replacement);
};

/** Returns deploy/nginx/recollect.conf with the ports and the paths of a test. */
const rendered = (folder: string, port: number, upstreams: readonly (number | string)[]): string => {
  const serverAt = (upstream: number | string): string =>
    typeof upstream === 'number'
      ? `  server 127.0.0.1:${upstream} max_fails=0;\n`
      : // As the file says for other machines.
        `  server ${upstream} max_fails=1 fail_timeout=2s;\n`;
  const servers = upstreams.map(serverAt).join('');
  const changes: readonly (readonly [RegExp, string])[] = [
    [/(?: +server 127\.0\.0\.1:400\d max_fails=0;\n){2}/, servers],
    [/listen 443 ssl http2;/, `listen 127.0.0.1:${port} ssl http2;`],
    [/ +listen \[::\]:443 ssl http2;\n/, ''],
    [/\/etc\/ssl\/recollect\/fullchain\.pem/, join(folder, 'certificate.pem')],
    [/\/etc\/ssl\/recollect\/privkey\.pem/, join(folder, 'key.pem')],
    [/\/var\/log\/nginx\/recollect\.log/, join(folder, 'recollect.log')],
    [/\/var\/log\/nginx\/recollect-error\.log/, join(folder, 'recollect-error.log')],
  ];
  const original = readFileSync(join(root, 'deploy/nginx/recollect.conf'), 'utf8');
  return changes.reduce((all, [pattern, replacement]) => replaced(all, pattern, replacement), original);
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
 * Starts nginx with deploy/nginx/recollect.conf before gateways at two ports, or addresses of other machines, for the
 * rest of the test.
 *
 * @throws {Error} with what nginx says, if it rejects the file.
 */
export const startNginx = async (
  program: string,
  upstreams: readonly (number | string)[],
): Promise<RunningNginx> => {
  const folder = temporaryFolder();
  // For nginx's worker processes, which are of another user.
  chmodSync(folder, 0o755);
  makeCertificate(folder);
  writeFileSync(join(folder, 'nginx.conf'), surroundings(folder));
  const start = async (port: number): Promise<void> => {
    writeFileSync(join(folder, 'recollect.conf'), rendered(folder, port, upstreams));
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
    ca: readFileSync(join(folder, 'certificate.pem')),
    log: (name) => {
      const file = join(folder, name);
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    },
  };
};
