import { closeSync, fchmodSync, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../telemetry/log.ts';
import type { Redactor } from '../telemetry/redaction/redact.ts';
import { type AuditEntry, auditLine } from './audit-line.ts';

/** Keeps who saw and did what. */
export interface AuditTrail {
  /** Whether it has a file of its own. */
  readonly isFile: boolean;
  /** Writes one line, at once. Never throws: what cannot be written is counted, and told to the log. */
  write(entry: AuditEntry): void;
  /**
   * Writes one line together with all others of this turn of the event loop: under load that takes a fraction of the time.
   *
   * @returns when it is written, or told to be lost.
   */
  writeBatched(entry: AuditEntry): Promise<void>;
  /** Goes on in a new file of the same name, where the old one was moved away. */
  reopen(): void;
  close(): void;
}

export interface AuditTrailOptions {
  /** `stdout`, `off`, or the path of a file of its own. */
  readonly destination: string;
  readonly redactor: Redactor;
  readonly log: Log;
  /** Hears of every line that could not be written. */
  readonly onLost?: () => void;
}

const stdout = 1;
const lineFeed = 0x0a;
const logIntervalMs = 60_000;
/** A reader of stdout that does not keep up is waited for so long. */
const busy = { tries: 100, pauseMs: 10 } as const;

/** Only its owner may read the trail. */
const openFile = (path: string): number => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'a', 0o600);
  if (fstatSync(file).isFile()) fchmodSync(file, 0o600);
  return file;
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';

const pause = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

/** Writes all of it, or throws; tells how much was written. */
const appendBytes = (
  file: number,
  bytes: Buffer,
  mostTries: number,
  onWritten: (count: number) => void,
): void => {
  let written = 0;
  for (let tries = 0; written < bytes.length; ) {
    try {
      const count = writeSync(file, bytes, written);
      written += count;
      onWritten(written);
      tries = 0;
    } catch (error) {
      tries += 1;
      if (codeOf(error) !== 'EAGAIN' || tries > mostTries) throw error;
      pause(busy.pauseMs);
    }
  }
};

const linesIn = (bytes: Buffer): number => {
  let count = 0;
  for (const byte of bytes) if (byte === lineFeed) count += 1;
  return count;
};

/** Tells of failures once in a while, with how many lines were lost meanwhile. */
const createFailureLog = ({ log, onLost }: AuditTrailOptions): ((error: unknown) => void) => {
  let lost = 0;
  let loggedAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    lost += 1;
    onLost?.();
    if (performance.now() - loggedAt < logIntervalMs) return;
    log.error({ code: codeOf(error), lines: lost }, 'the audit trail cannot be written');
    loggedAt = performance.now();
    lost = 0;
  };
};

/** Keeps nothing. */
export const noTrail: AuditTrail = {
  isFile: false,
  write: () => {},
  writeBatched: () => Promise.resolve(),
  reopen: () => {},
  close: () => {},
};

/**
 * Opens the audit trail, and makes its file with mode 0600 and its folder with 0700.
 *
 * @throws if the file cannot be opened to append to it.
 */
export const openAuditTrail = (options: AuditTrailOptions): AuditTrail => {
  const { destination, redactor, log } = options;
  if (destination === 'off') return noTrail;
  const isFile = destination !== 'stdout';
  let file = isFile ? openFile(destination) : stdout;
  const reportLost = createFailureLog(options);
  let isBroken = false;
  // A reader that stands still holds everything up once, not at every line.
  let hasTimedOut = false;
  let waiting: string[] = [];
  /** Fulfilled when those that wait are written. */
  let flushed = Promise.resolve();

  /** Writes lines in one go. One that cannot be written does not keep those behind it from being tried. */
  const append = (lines: readonly string[]): void => {
    for (let left = lines; left.length > 0; ) {
      // A line that was cut off when the disk was full must not take the next one with it.
      const begin = isBroken ? '\n' : '';
      const bytes = Buffer.from(begin + left.join(''));
      let count = 0;
      try {
        appendBytes(file, bytes, hasTimedOut ? 0 : busy.tries, (written) => {
          count = written;
          isBroken = bytes[written - 1] !== lineFeed;
        });
        hasTimedOut = false;
        return;
      } catch (error) {
        hasTimedOut = codeOf(error) === 'EAGAIN';
        reportLost(error);
        left = left.slice(linesIn(bytes.subarray(begin.length, count)) + 1);
      }
    }
  };

  const appendWaiting = (): void => {
    const lines = waiting;
    waiting = [];
    append(lines);
  };

  const lineOf = (entry: AuditEntry): string | undefined => {
    try {
      return `${auditLine(entry, redactor)}\n`;
    } catch (error) {
      reportLost(error);
      return undefined;
    }
  };

  return {
    isFile,
    write: (entry) => {
      const line = lineOf(entry);
      if (line === undefined) return;
      waiting.push(line);
      appendWaiting();
    },
    writeBatched: (entry) => {
      const line = lineOf(entry);
      if (line === undefined) return Promise.resolve();
      if (waiting.length === 0) {
        flushed = new Promise((resolve) => {
          setImmediate(() => {
            appendWaiting();
            resolve();
          });
        });
      }
      waiting.push(line);
      return flushed;
    },
    reopen: () => {
      if (!isFile) return;
      appendWaiting();
      try {
        const before = file;
        file = openFile(destination);
        isBroken = false;
        closeSync(before);
      } catch (error) {
        log.error({ code: codeOf(error) }, 'the audit trail cannot be reopened and goes on in the old file');
      }
    },
    close: () => {
      appendWaiting();
      if (isFile) closeSync(file);
    },
  };
};
