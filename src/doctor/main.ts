import { SettingsError } from '../config/settings.ts';
import { timeZoneOf } from '../config/time-zone.ts';
import { wire } from '../config/wiring.ts';
import { systemNames } from '../upstreams/errors.ts';
import { createReader } from './reader.ts';
import { examineRecoveryConnect } from './recoveryconnect.ts';
import { examineScollect } from './scollect.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const line = (mark: string, what: string, remark: string): string =>
  `${mark.padEnd(8)}${what.padEnd(44)}${remark}`.trimEnd();

/** Checks settings, log-in and the form of live responses, with reads only. Returns the number of problems. */
const examine = async (): Promise<number> => {
  const { settings, credentials, tenants, release } = await wire();
  let troubles = 0;
  const { authentication, trustedProxies } = settings;
  const examined = settings.usesSandbox ? 'no upstream is set: examining the sandbox. ' : '';
  say(line('ok', 'Settings', `${examined}${timeZoneOf(settings)}`));
  if (authentication && trustedProxies === 0) {
    say(
      line(
        'note',
        'TRUSTED_PROXIES',
        '0: right only if no proxy is in front. Its clients would share one address.',
      ),
    );
  }
  try {
    for (const [tenant, { scollect, recoveryConnect }] of credentials) {
      const read = createReader(tenants.of(tenant), ({ system, operation, isGood, remark }) => {
        if (!isGood) troubles += 1;
        const what = `${tenant === null ? '' : `${tenant}: `}${systemNames[system]} ${operation}`;
        say(line(isGood ? 'ok' : 'TROUBLE', what, remark));
      });
      if (scollect) await examineScollect(read);
      if (recoveryConnect) await examineRecoveryConnect(read);
    }
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
