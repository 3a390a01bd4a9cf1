import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const keyBytes = 32;
const written = /^[0-9a-f]{64}$/;

/** Whether a text is a gateway key: 32 bytes in hexadecimal digits. */
export const isGatewayKey = (text: string): boolean => written.test(text);

/** A key that cannot be used. The message contains the file name, never the contents. */
export class GatewayKeyError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'GatewayKeyError';
  }
}

/**
 * Creates a complete key file, and its folder, unless one exists: several processes may start at once.
 *
 * @returns whether this call has created it.
 */
export const createGatewayKey = (file: string): boolean => {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(draft, `${randomBytes(keyBytes).toString('hex')}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
};

/**
 * Reads the gateway's key from its file; `null` if there is none.
 *
 * @throws {GatewayKeyError} if others can read the file, or it holds no key.
 */
export const readGatewayKey = (file: string): Buffer | null => {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return null;
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
    throw new GatewayKeyError(`${file}: expected a file that its owner alone can read (mode 0600).`);
  }
  const text = readFileSync(file, 'utf8').trim();
  if (!isGatewayKey(text)) {
    throw new GatewayKeyError(`${file}: expected a key of ${keyBytes} bytes, in hexadecimal digits.`);
  }
  return Buffer.from(text, 'hex');
};
