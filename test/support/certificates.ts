import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, isIP } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Whether OpenSSL can make certificates. Without it, stderr names what is skipped.
 *
 * @throws {Error} without it in CI, where no test may be skipped.
 */
export const hasOpenssl = (skipped: string): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env['CI']) throw new Error('There is no openssl, which CI needs.');
    process.stderr.write(`Skipped: ${skipped}, for want of openssl.\n`);
    return false;
  }
};

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** The host that it is for. */
  readonly host?: string;
  /** Days from now; negative for one that has expired. */
  readonly days?: number;
}

const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'.split(' ');

/** Creates an authority in a folder: the file of its certificate, and certificates that it signs. */
export const createAuthority = (folder: string) => {
  const openssl = (...words: readonly string[]): void => {
    execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' });
  };
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority');
  let serial = 0;
  return {
    file: join(folder, 'ca.pem'),
    sign: ({ host = 'localhost', days = 2 }: CertificateOptions = {}): Certificate => {
      serial += 1;
      const name = `server-${serial}`;
      writeFileSync(
        join(folder, `${name}.ext`),
        `subjectAltName=${isIP(host) === 0 ? 'DNS' : 'IP'}:${host}\n`,
      );
      openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${host}`);
      const signing = [
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-set_serial',
        String(serial),
        '-days',
        String(days),
      ];
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        ...signing,
        '-extfile',
        `${name}.ext`,
        '-out',
        `${name}.pem`,
      );
      return { cert: read(`${name}.pem`), key: read(`${name}.key`) };
    },
  };
};

/** Starts a TLS server on 127.0.0.1 with a certificate that only itself vouches for. It answers nothing. */
export const startTls = async (
  days: number,
): Promise<{ readonly port: number; readonly certFile: string }> => {
  const folder = temporaryFolder();
  const [key, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const form = ['-days', String(days), '-subj', '/CN=CANARY', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...newKey, '-keyout', key, '-out', certFile, ...form], {
    stdio: 'ignore',
  });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certFile) }, (socket) => {
    // A client may leave in the middle.
    socket.on('error', () => {});
    socket.end('HTTP/1.1 500 Error\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { port, certFile };
};
