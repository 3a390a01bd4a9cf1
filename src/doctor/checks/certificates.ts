import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { type CheckSubject, note, ok, type Report, skipped, trouble } from '../result.ts';
import type { Check } from '../run-check.ts';

/** A server whose certificate is examined. */
export interface CertificateTarget extends CheckSubject {
  /** `undefined` if it is not configured. */
  readonly url: string | undefined;
}

/** What a server presented. */
export interface Presented {
  /** The end of the validity, as the certificate states it. */
  readonly validTo: string;
  /** Why Node does not trust it; `undefined` if it does. */
  readonly distrust: string | undefined;
}

const timeoutMs = 5000;
const timedOut = 'ETIMEDOUT';
const dayMs = 24 * 3600 * 1000;
const fewDays = 21;

const presentedBy = (socket: TLSSocket): Presented => {
  // Without a certificate the handshake fails; the types do not say so.
  const { valid_to: validTo = '' }: Partial<PeerCertificate> = socket.getPeerCertificate();
  const error: unknown = socket.authorizationError;
  const code = error instanceof Error && 'code' in error ? String(error.code) : error ? String(error) : '';
  return { validTo, distrust: socket.authorized ? undefined : code || 'unknown reason' };
};

/** Connects without any data. The connection accepts any certificate, so that an invalid one can be reported. */
const present = (url: URL): Promise<Presented> =>
  new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const isName = !/^[\d.]+$|:/.test(host);
    const socket = connect({
      host,
      port: Number(url.port || 443),
      rejectUnauthorized: false,
      ...(isName && { servername: host }),
    });
    socket.setTimeout(timeoutMs, () => socket.destroy(Object.assign(new Error(), { code: timedOut })));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(presentedBy(socket));
      socket.destroy();
    });
  });

const renew = 'Have it renewed.';

/** Judges a certificate at a time. */
export const certificateResult = (
  subject: CheckSubject,
  { validTo, distrust }: Presented,
  now = Date.now(),
) => {
  const days = Math.floor((Date.parse(validTo) - now) / dayMs);
  const age = Number.isNaN(days)
    ? 'of unknown validity'
    : days < 0
      ? 'expired'
      : `valid for ${days} more days`;
  if (days < 0) return trouble(subject, `${age}.`, renew);
  if (distrust !== undefined) {
    return trouble(
      subject,
      `not trusted (${distrust}), ${age}.`,
      'Check the URL. For an authority of your own, set NODE_EXTRA_CA_CERTS.',
    );
  }
  return days < fewDays ? note(subject, `${age}.`, renew) : ok(subject, `${age}.`);
};

const examine = async (target: CertificateTarget, report: Report): Promise<void> => {
  if (target.url === undefined) {
    report(skipped(target, 'not configured.'));
    return;
  }
  const url = new URL(target.url);
  if (url.protocol !== 'https:') {
    report(skipped(target, 'http: no certificate.'));
    return;
  }
  try {
    report(certificateResult(target, await present(url)));
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    report(trouble(target, `no TLS connection; the system says ${code}.`, 'Check the URL and the network.'));
  }
};

/** Certificates of the upstreams and the issuer. */
export const certificatesCheck: Check<{ readonly targets: readonly CertificateTarget[] }> = {
  id: 'certificates',
  subject: 'Certificates',
  run: async ({ targets }, report) => {
    await Promise.all(targets.map((target) => examine(target, report)));
  },
};
