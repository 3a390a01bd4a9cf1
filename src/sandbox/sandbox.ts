import { withFaults } from './faults/service.ts';
import { createFaultSwitchboard, type FaultSwitches } from './faults/switches.ts';
import { createRecoveryConnectApi } from './recoveryconnect/api.ts';
import { createScollectApi } from './scollect/api.ts';
import { createPeople } from './seed/people.ts';
import { createRecoveryConnectState } from './seed/recoveryconnect-seed.ts';
import { createScollectState } from './seed/scollect-seed.ts';
import { serve } from './server.ts';

export interface SandboxOptions {
  /** The address to listen on; 127.0.0.1 by default. */
  readonly host?: string;
  /** 0, the default, selects a free port. */
  readonly scollectPort?: number;
  /** 0, the default, selects a free port. */
  readonly recoveryConnectPort?: number;
  /** Seconds until a token of Scollect expires; 900 by default. Those of RecoveryConnect expire after 3600 seconds. */
  readonly tokenLifeSeconds?: number;
  /** The offset of the clock of Scollect's tokens from `now`; their lifetime is the same. */
  readonly tokenClockSkewSeconds?: number;
  /** The clock of both APIs. */
  readonly now?: () => Date;
}

export interface Sandbox {
  readonly scollect: { readonly url: string; readonly apiKey: string; readonly pin: string };
  readonly recoveryConnect: { readonly url: string; readonly username: string; readonly password: string };
  /** The faults of both APIs; none by default. */
  readonly faults: FaultSwitches;
  /** Stops both servers and closes their connections: idle ones, and those that wait for a response. */
  close(): Promise<void>;
}

/** Returns the settings with which a gateway uses a sandbox as its upstreams. */
export const settingsFor = ({
  scollect,
  recoveryConnect,
}: Pick<Sandbox, 'scollect' | 'recoveryConnect'>) => ({
  SCOLLECT_URL: scollect.url,
  SCOLLECT_API_KEY: scollect.apiKey,
  SCOLLECT_PIN: scollect.pin,
  RECOVERYCONNECT_URL: recoveryConnect.url,
  RECOVERYCONNECT_USERNAME: recoveryConnect.username,
  RECOVERYCONNECT_PASSWORD: recoveryConnect.password,
});

// The documented examples.
const scollectCredentials = { apiKey: 'example-api-key', pin: 'C2C' };
const recoveryConnectCredentials = { username: 'abctestuser', password: 'password@12345' };

const accountCount = 300;

/**
 * Starts stand-ins for both APIs, with the same records at every start. Changes are kept until `close`.
 *
 * @throws if a port is in use.
 */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const { host = '127.0.0.1', scollectPort = 0, recoveryConnectPort = 0 } = options;
  const { tokenLifeSeconds = 900, tokenClockSkewSeconds = 0, now = () => new Date() } = options;
  const people = createPeople(accountCount);
  const faults = createFaultSwitchboard();
  const scollectApi = createScollectApi(createScollectState(people), {
    ...scollectCredentials,
    tokenLifeSeconds,
    tokenClockSkewSeconds,
    now,
  });
  const scollect = await serve(withFaults(scollectApi, faults), host, scollectPort);
  try {
    const recoveryConnectApi = createRecoveryConnectApi(createRecoveryConnectState(people), {
      ...recoveryConnectCredentials,
      now,
    });
    const recoveryConnect = await serve(withFaults(recoveryConnectApi, faults), host, recoveryConnectPort);
    return {
      scollect: { url: scollect.url, ...scollectCredentials },
      recoveryConnect: { url: recoveryConnect.url, ...recoveryConnectCredentials },
      faults,
      close: async () => {
        await Promise.all([scollect.close(), recoveryConnect.close()]);
      },
    };
  } catch (error) {
    await scollect.close();
    throw error;
  }
};
