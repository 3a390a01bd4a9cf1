import { readEnvironment } from '../config/environment-file.ts';
import { outputFormatOf } from '../config/log-format.ts';
import { SettingsError } from '../config/settings.ts';
import { reportLine } from './output.ts';

/** Returns why the start failed, without values of settings. */
export const explainFailure = (error: unknown): string => {
  if (error instanceof SettingsError) return error.message;
  const { code = '', message = 'unknown error' } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'PORT: taken by another process; expected a free one, or 0 to pick one.';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'HOST: expected an address of this machine.';
  return message;
};

/** Returns the environment as it is in effect: a supervisor does not take that of `.env` for its own. */
const environmentOrOwn = () => {
  try {
    return readEnvironment();
  } catch {
    return process.env;
  }
};

/** Writes why the start failed to stderr. */
export const reportFailure = (error: unknown): void => {
  const reason = explainFailure(error);
  const msg = 'Recollect does not start.';
  const { isJson } = outputFormatOf(environmentOrOwn(), process.stdout.isTTY);
  process.stderr.write(
    isJson ? reportLine(60, { problems: reason.split('\n') }, msg) : `${msg}\n${reason}\n`,
  );
};
