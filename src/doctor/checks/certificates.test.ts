import { createServer as createTcpServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasOpenssl, startTls } from '../../../test/support/certificates.ts';
import { resultsOf } from '../../../test/support/check.ts';

import { certificateResult, certificatesCheck } from './certificates.ts';

const subject = { id: 'certificate', subject: 'Certificate' };
const now = Date.parse('2026-03-05T12:00:00Z');

const portOf = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const examine = (url: string | undefined) => resultsOf(certificatesCheck, { targets: [{ ...subject, url }] });

describe('a certificate', () => {
  it.each([
    ['Mar 26 13:00:00 2026 GMT', undefined, 'ok', 'valid for 21 more days.'],
    ['Mar 26 11:00:00 2026 GMT', undefined, 'note', 'valid for 20 more days.'],
    ['Mar  5 13:00:00 2026 GMT', undefined, 'note', 'valid for 0 more days.'],
    ['Mar  5 11:00:00 2026 GMT', 'CERT_HAS_EXPIRED', 'trouble', 'expired.'],
    [
      'Mar  5 13:00:00 2027 GMT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'trouble',
      'not trusted (SELF_SIGNED_CERT_IN_CHAIN), valid for 365 more days.',
    ],
    ['', 'ERR', 'trouble', 'not trusted (ERR), of unknown validity.'],
  ])('valid to %j, distrusted for %s: %s', (validTo, distrust, status, message) => {
    expect(certificateResult(subject, { validTo, distrust }, now)).toMatchObject({ status, message });
  });

  it.runIf(hasOpenssl('the certificate of a server'))(
    'of a server that nobody vouches for is in trouble, with its days',
    async () => {
      const { port } = await startTls(10);
      expect(await examine(`https://user:CANARY@127.0.0.1:${port}/CANARY`)).toEqual([
        expect.objectContaining({
          status: 'trouble',
          message: 'not trusted (DEPTH_ZERO_SELF_SIGNED_CERT), valid for 9 more days.',
        }),
      ]);
    },
  );

  it.each([
    [undefined, 'not configured.'],
    ['http://127.0.0.1:1', 'http: no certificate.'],
  ])('of %s is skipped', async (url, message) => {
    expect(await examine(url)).toEqual([expect.objectContaining({ status: 'skipped', message })]);
  });

  it('of a server without TLS, or without a listener, is in trouble', async () => {
    const server = createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\nCANARY'));
    const port = await portOf(server);
    for (const url of [`https://127.0.0.1:${port}`, 'https://127.0.0.1:1']) {
      const [result] = await examine(url);
      expect(result).toMatchObject({ status: 'trouble', action: 'Check the URL and the network.' });
      expect(result?.message).toMatch(/^no TLS connection; the system says [A-Z_]+\.$/);
    }
  });
});
