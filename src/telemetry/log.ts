import { type DestinationStream, pino } from 'pino';
import { createRedactor, type Redactor } from './redaction/redact.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

type Write = (details: object, message: string) => void;

/** Writes one line of JSON an event. What is given to it should hold no value that came from a caller or an upstream. */
export interface Log {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

export interface LogOptions {
  /** What every line goes through; one that knows no secrets unless told. */
  readonly redactor?: Redactor;
  /** Where lines go; stdout unless told. */
  readonly destination?: DestinationStream;
}

/** Details and message of every line go through the redactor. */
export const createLog = (
  level: LogLevel,
  { redactor = createRedactor(), destination }: LogOptions = {},
): Log => {
  const options = { level, base: null };
  const lines = destination ? pino(options, destination) : pino(options);
  const writeAt =
    (severity: 'info' | 'warn' | 'error'): Write =>
    (details, message) => {
      if (!lines.isLevelEnabled(severity)) return;
      lines[severity](redactor.value(details), redactor.text(message));
    };
  return { info: writeAt('info'), warn: writeAt('warn'), error: writeAt('error') };
};
