import { type OutputFormat, outputFormatOf } from '../config/log-format.ts';

/** Returns the form of the output. It is read again for each use: `.env` may set it. */
export const outputFormat = (): OutputFormat => outputFormatOf(process.env, process.stdout.isTTY);

/** Returns a line of JSON as the log has it. The report of the start contains addresses, which the log redacts. */
export const reportLine = (level: number, details: object, msg: string): string =>
  `${JSON.stringify({ level, time: new Date().toISOString(), ...details, msg })}\n`;
