import { pino } from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

type Write = (details: object, message: string) => void;

/** Writes one line of JSON an event. What is given to it must hold no value that came from a caller or an upstream. */
export interface Log {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

export const createLog = (level: LogLevel): Log => pino({ level, base: null });
