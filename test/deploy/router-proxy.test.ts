import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthority, hasOpenssl } from '../support/certificates.ts';
import { programAt } from '../support/deploy/programs.ts';
import { listenAnywhere } from '../support/listen.ts';
import { root } from '../support/root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUpstream } from '../support/upstream.ts';

const skipped = 'the tests of nginx in docs/federation.md';
const nginx = programAt('nginx', skipped);
const isPossible = nginx !== undefined && hasOpenssl(skipped);

const page = readFileSync(join(root, 'docs/federation.md'), 'utf8');

/** The configurations that the page shows: one with certificates of routers, one with a secret. */
const [byCertificate = '', bySecret = ''] = [...page.matchAll(/```nginx\n(.*?)```/gs)].map(
  ([, block = '']) => block,
);

const secret = 'replace-by-openssl-rand-hex-32';

/** Starts nginx with a configuration of the page, before a stand-in for the gateway. */
const startProxy = async (configuration: string) => {
  const folder = temporaryFolder();
  // For nginx's worker processes, which are of another user.
  chmodSync(folder, 0o755);
  const authority = createAuthority(folder);
  const { cert, key } = authority.sign();
  writeFileSync(join(folder, 'fullchain.pem'), cert);
  writeFileSync(join(folder, 'privkey.pem'), key);
  const gateway = await startUpstream(() => ({ json: { data: {} } }));
  const start = async (port: number): Promise<void> => {
    const server = configuration
      .replace('listen 8443 ssl', `listen 127.0.0.1:${port} ssl`)
      .replace('http://127.0.0.1:4000', gateway.url)
      .replace('/etc/ssl/recollect/routers.pem', authority.file)
      .replaceAll('/etc/ssl/recollect/', `${folder}/`);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${join(folder, kind)};`,
    );
    const around = `daemon off; pid ${join(folder, 'nginx.pid')}; error_log ${join(folder, 'error.log')}; events {}`;
    writeFileSync(
      join(folder, 'nginx.conf'),
      `${around}\nhttp { access_log off; ${temporary.join(' ')}\n${server}}\n`,
    );
    const child = spawn(nginx ?? '', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    onTestFinished(async () => {
      child.kill('SIGTERM');
      await ended;
    });
    const send = () => open(port, {}).request({ path: '/', method: 'GET' });
    while (child.exitCode === null) {
      const isUp = await send().then(
        () => true,
        () => false,
      );
      if (isUp) return;
      await pause(20);
    }
    throw Object.assign(new Error(readFileSync(join(folder, 'error.log'), 'utf8')), { code: 'EADDRINUSE' });
  };
  const open = (port: number, own: object): Client => {
    const ca = readFileSync(authority.file);
    const client = new Client(`https://localhost:${port}`, { connect: { ca, ...own } });
    onTestFinished(() => client.destroy());
    return client;
  };
  const port = await listenAnywhere(start);
  const send = async (headers: Readonly<Record<string, string>>, own: object = {}) => {
    const { statusCode, body } = await open(port, own).request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });
    await body.text();
    return statusCode;
  };
  return { send, authority, gateway };
};

describe.skipIf(!isPossible)('nginx as in docs/federation.md', () => {
  it('admits routers by their certificates only', async () => {
    const { send, authority, gateway } = await startProxy(byCertificate);
    const another = createAuthority(temporaryFolder()).sign({ host: 'router' });
    expect(await send({})).toBe(400);
    expect(await send({}, another)).toBe(400);
    expect(gateway.received).toEqual([]);
    expect(await send({ authorization: 'Bearer token' }, authority.sign({ host: 'router' }))).toBe(200);
    expect(gateway.received).toMatchObject([{ headers: { authorization: 'Bearer token' } }]);
  });

  it('admits routers by their secret only, and removes it', async () => {
    const { send, gateway } = await startProxy(bySecret);
    expect(await send({})).toBe(403);
    expect(await send({ 'x-router-secret': `${secret}x` })).toBe(403);
    expect(gateway.received).toEqual([]);
    expect(await send({ 'x-router-secret': secret, authorization: 'Bearer token' })).toBe(200);
    expect(gateway.received).toMatchObject([{ headers: { authorization: 'Bearer token' } }]);
    expect(gateway.received[0]?.headers).not.toHaveProperty('x-router-secret');
  });
});
