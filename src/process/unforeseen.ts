import { createLog, type Log } from '../telemetry/log.ts';
import { outputFormat } from './output.ts';

/** The log of what nobody foresaw. */
export interface Unforeseen {
  log(): Log;
  /** Replaces the log that has defaults, since the settings are not read at first. */
  use(log: Log): void;
}

/** Logs warnings of Node, which are texts otherwise, if all output is JSON. */
const logWarnings = (log: () => Log): void => {
  if (!outputFormat().isJson) return;
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log().warn({ warning }, 'a warning of Node'));
};

/**
 * Logs unexpected errors, which end the process, and warnings of Node.
 *
 * @param fields those of each line of this process.
 */
export const logUnforeseen = (fields: Readonly<Record<string, number>> | undefined): Unforeseen => {
  let current = createLog('info', { ...outputFormat(), fields });
  // Node would print what the error says.
  process.on('uncaughtException', (error) => {
    current.error({ error }, 'ended by an unexpected error');
    process.exit(1);
  });
  logWarnings(() => current);
  return {
    log: () => current,
    use: (log) => {
      current = log;
      // A file `.env`, which has been read by now, may have set the format.
      logWarnings(() => current);
    },
  };
};
