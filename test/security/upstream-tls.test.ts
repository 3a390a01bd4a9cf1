import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, type SecureVersion } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthority, hasOpenssl } from '../support/certificates.ts';
import { run } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const query = JSON.stringify({ query: '{ account(fileNumber: "R1001") { status } }' });

/** Lets a server offer versions that are no longer considered secure. */
const lax = { ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1' } as const;

/** An upstream that counts the requests that it receives. */
const startServer = async (options: ServerOptions) => {
  let received = 0;
  const server = createServer(options, (_, response) => {
    received += 1;
    response.writeHead(500).end();
  });
  onTestFinished(() => void server.close());
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, received: () => received };
};

/** Queries a gateway in a process of its own before such an upstream. Returns the codes of its errors. */
const codesWith = async (port: number, env: Record<string, string> = {}): Promise<string[]> => {
  const gateway = run('main.js', {
    PORT: '0',
    AUTH_DISABLED: 'true',
    SCOLLECT_URL: `https://localhost:${port}`,
    SCOLLECT_API_KEY: 'key',
    SCOLLECT_PIN: 'pin',
    STORE_URL: `file:${temporaryFolder()}/gateway.db`,
    ...env,
  });
  const url = await gateway.line(/^Recollect is ready at (\S+)$/m);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: query,
  });
  const { errors } = (await response.json()) as { readonly errors: { extensions: { code: string } }[] };
  return errors.map(({ extensions }) => extensions.code);
};

const withTls = describe.skipIf(!hasOpenssl('the tests of TLS to upstreams'));

withTls('an upstream over TLS', () => {
  it('with a certificate of a trusted authority receives requests', async () => {
    const authority = createAuthority(temporaryFolder());
    const { port, received } = await startServer(authority.sign());
    await codesWith(port, { NODE_EXTRA_CA_CERTS: authority.file });
    expect(received()).toBeGreaterThan(0);
  });

  it.each([
    ['of an unknown authority', {}, false],
    ['of another host', { host: 'example.com' }, true],
    ['that has expired', { days: -1 }, true],
  ])('with a certificate %s receives nothing', async (_, options, isTrusted) => {
    const authority = createAuthority(temporaryFolder());
    const { port, received } = await startServer(authority.sign(options));
    const env = isTrusted ? { NODE_EXTRA_CA_CERTS: authority.file } : {};
    expect(await codesWith(port, env)).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(received()).toBe(0);
  });

  it('below TLS 1.2 receives nothing', async () => {
    const authority = createAuthority(temporaryFolder());
    const maxVersion: SecureVersion = 'TLSv1.1';
    const { port, received } = await startServer({ ...authority.sign(), ...lax, maxVersion });
    const client = connect({ port, host: 'localhost', rejectUnauthorized: false, ...lax, maxVersion });
    await once(client, 'secureConnect');
    expect(client.getProtocol()).toBe('TLSv1.1');
    client.destroy();

    expect(await codesWith(port, { NODE_EXTRA_CA_CERTS: authority.file })).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(received()).toBe(0);
  });
});
