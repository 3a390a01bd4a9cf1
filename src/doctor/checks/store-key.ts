import { createDigest } from '../../ledger/digest.ts';
import { GatewayKeyError, readGatewayKey } from '../../ledger/gateway-key.ts';
import { keyFileName } from '../../ledger/ledger-files.ts';
import { ownerOf } from '../../ledger/owner.ts';
import { type CheckSubject, ok, type Report, skipped, trouble } from '../result.ts';

const subject: CheckSubject = { id: 'store.key', subject: 'Gateway key' };

/**
 * Reports whether the gateway key can be used.
 *
 * @param key STORE_KEY, if it is set.
 * @param file the file of the key otherwise.
 * @returns the key; `undefined` if it cannot be used, `null` if there is none.
 */
export const reportKey = (
  key: string | undefined,
  file: string,
  report: Report,
): Buffer | null | undefined => {
  if (key !== undefined) {
    report(ok(subject, 'STORE_KEY is set.'));
    return Buffer.from(key, 'hex');
  }
  try {
    const found = readGatewayKey(file);
    report(
      found
        ? ok(subject, `${keyFileName}, for its owner only.`)
        : skipped(subject, `${keyFileName} does not exist yet: the first start creates it.`),
    );
    return found;
  } catch (error) {
    // The message begins with the path.
    const message =
      error instanceof GatewayKeyError
        ? error.message.slice(file.length).replace(/^: /, '')
        : `cannot be read; the system says ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`;
    report(trouble(subject, `${keyFileName}: ${message}`, 'The gateway does not start without it.'));
    return undefined;
  }
};

/** Whether a ledger belongs to another key. @param owner as the ledger names it; `null` if none has used it. */
export const isOfOtherKey = (gatewayKey: Buffer | null, owner: string | null): boolean =>
  owner !== null && (gatewayKey === null || owner !== ownerOf(createDigest(gatewayKey)));

/** Reports a ledger that belongs to another key. */
export const reportOtherKey = (report: Report): void =>
  report(
    trouble(
      { id: 'store.owner', subject: 'Owner of the ledger' },
      'the ledger belongs to another gateway key.',
      `Restore its ${keyFileName}, or set its STORE_KEY.`,
    ),
  );
