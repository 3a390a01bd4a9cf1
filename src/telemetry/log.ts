import { type DestinationStream, pino, stdTimeFunctions } from 'pino';
import { prettyLine } from './pretty-line.ts';
import { createRedactor, type Redactor } from './redaction/redact.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

type Write = (details: object, message: string) => void;

/** Writes one line of JSON per event. Callers should pass no values of clients or upstreams. */
export interface Log {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

export interface LogOptions {
  /** Redacts every line; by default without configured secrets. */
  readonly redactor?: Redactor;
  /** The destination of lines; stdout by default. */
  readonly destination?: DestinationStream;
  /** Whether lines on stdout are for people. */
  readonly isPretty?: boolean;
  /** Fields of every line; none by default. */
  readonly fields?: Readonly<Record<string, number>> | undefined;
}

/** Writes to a terminal, which is synchronous. */
const terminal: DestinationStream = {
  write: (line) => {
    const hasColors = process.stdout.isTTY && !process.env['NO_COLOR'];
    process.stdout.write(prettyLine(line, hasColors));
  },
};

/** Creates a log that redacts details and message of every line. */
export const createLog = (
  level: LogLevel,
  {
    redactor = createRedactor(),
    isPretty = false,
    destination = isPretty ? terminal : undefined,
    fields,
  }: LogOptions = {},
): Log => {
  const options = { level, base: fields ?? null, timestamp: stdTimeFunctions.isoTime };
  const lines = destination ? pino(options, destination) : pino(options);
  const writeAt =
    (severity: 'info' | 'warn' | 'error'): Write =>
    (details, message) => {
      if (!lines.isLevelEnabled(severity)) return;
      lines[severity](redactor.value(details), redactor.text(message));
    };
  return { info: writeAt('info'), warn: writeAt('warn'), error: writeAt('error') };
};
