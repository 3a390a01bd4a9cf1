import { connect } from '../connect.ts';
import { systemNames } from '../errors.ts';
import { SettingsError } from '../settings.ts';
import { createReader, type Finding } from './reader.ts';
import { examineRecoveryConnect } from './recoveryconnect.ts';
import { examineScollect } from './scollect.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const line = (mark: string, what: string, remark: string): string =>
  `${mark.padEnd(8)}${what.padEnd(44)}${remark}`.trimEnd();

/** Checks settings, log-in and the form of live answers, by reads alone. Gives the number of troubles. */
const examine = async (): Promise<number> => {
  const { settings, upstreams, release } = await connect();
  const { scollect, recoveryConnect } = settings.upstreams;
  let troubles = 0;
  const report = ({ system, operation, isGood, remark }: Finding): void => {
    if (!isGood) troubles += 1;
    say(line(isGood ? 'ok' : 'TROUBLE', `${systemNames[system]} ${operation}`, remark));
  };
  say(line('ok', 'Settings', settings.usesSandbox ? 'no upstream is set: examining the sandbox' : ''));
  const read = createReader(upstreams, report);
  try {
    if (settings.usesSandbox || scollect) await examineScollect(read);
    if (settings.usesSandbox || recoveryConnect) await examineRecoveryConnect(read);
  } finally {
    await release();
  }
  say(troubles === 0 ? 'All is well.' : `${troubles} in trouble.`);
  return troubles;
};

try {
  if ((await examine()) > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  for (const problem of error.message.split('\n')) say(line('TROUBLE', 'Settings', problem));
  process.exitCode = 1;
}
