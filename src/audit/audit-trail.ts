import { closeSync, fchmodSync, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../telemetry/log.ts';
import type { Redactor } from '../telemetry/redaction/redact.ts';
import { type AuditEntry, auditLine } from './audit-line.ts';

/** The audit trail: what each operation returned and changed, and for whom. */
export interface AuditTrail {
  /** Whether the trail is written to its own file. */
  readonly isFile: boolean;
  /** Writes one line immediately. Never throws: lines that cannot be written are counted and reported to the log. */
  write(entry: AuditEntry): void;
  /**
   * Writes one line together with all others of this turn of the event loop, which takes a fraction of the time under
   * load.
   *
   * @returns when the line is written or reported as lost.
   */
  writeBatched(entry: AuditEntry): Promise<void>;
  /** Continues in a new file of the same name, after the old one was moved. */
  reopen(): void;
  close(): void;
}

export interface AuditTrailOptions {
  /** `stdout`, `off`, or the path of a file. */
  readonly destination: string;
  readonly redactor: Redactor;
  readonly log: Log;
  /** Called for every line that could not be written. */
  readonly onLost?: () => void;
}

const stdout = 1;
const lineFeed = 0x0a;
const logIntervalMs = 60_000;
/** Retries while the reader of stdout does not keep up. */
const busy = { tries: 100, pauseMs: 10 } as const;

/** Opens the file, readable for its owner only. */
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

/** Writes all bytes, or throws; `onWritten` receives the number of bytes written. */
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

/** Creates a function that logs failures at a limited rate, with the number of lines lost meanwhile. */
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

/** A trail that writes nothing. */
export const noTrail: AuditTrail = {
  isFile: false,
  write: () => {},
  writeBatched: () => Promise.resolve(),
  reopen: () => {},
  close: () => {},
};

/**
 * Opens the audit trail, and creates its file with mode 0600 and its folder with mode 0700.
 *
 * @throws if the file cannot be opened for appending.
 */
export const openAuditTrail = (options: AuditTrailOptions): AuditTrail => {
  const { destination, redactor, log } = options;
  if (destination === 'off') return noTrail;
  const isFile = destination !== 'stdout';
  let file = isFile ? openFile(destination) : stdout;
  const reportLost = createFailureLog(options);
  let isBroken = false;
  // A blocked reader delays the process once, not for every line.
  let hasTimedOut = false;
  let waiting: string[] = [];
  /** Fulfilled when the waiting lines are written. */
  let flushed = Promise.resolve();

  /** Writes lines in one call. A line that cannot be written does not prevent the next ones. */
  const append = (lines: readonly string[]): void => {
    for (let left = lines; left.length > 0; ) {
      // A line that was truncated, for example by a full disk, must not damage the next one.
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
        log.info({}, 'the audit trail was reopened');
      } catch (error) {
        log.error(
          { code: codeOf(error) },
          'the audit trail cannot be reopened and continues in the old file',
        );
      }
    },
    close: () => {
      appendWaiting();
      if (isFile) closeSync(file);
    },
  };
};
