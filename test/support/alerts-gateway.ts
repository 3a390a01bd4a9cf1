import { onTestFinished } from 'vitest';
import { type Sandbox, settingsFor, startSandbox } from '../../src/sandbox/sandbox.ts';
import { run } from './process.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { jwtSecret, tokenFor } from './token.ts';

export interface AlertsGateway {
  readonly url: URL;
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly running: ReturnType<typeof run>;
  /** Sends an operation; null if there is no response. */
  query(document: string, variables?: object, token?: string | null): Promise<unknown>;
  /** The text of `/metrics`. */
  scrape(): Promise<string>;
}

const scopes = 'accounts:read accounts:write orders:read payments:read payments:write outcomes:resolve';

/** A gateway of `dist/` in front of a sandbox, which authenticates callers. */
export const startAlertsGateway = async (
  env: Readonly<Record<string, string>> = {},
  sandbox?: Sandbox,
): Promise<AlertsGateway> => {
  const own = sandbox ?? (await startSandbox());
  if (!sandbox) onTestFinished(() => own.close());
  const folder = temporaryFolder();
  const running = run('main.js', {
    PORT: '0',
    AUTH_JWT_SECRET: jwtSecret,
    ...settingsFor(own),
    STORE_URL: `file:${folder}/gateway.db`,
    AUDIT_LOG: 'off',
    ...env,
  });
  const url = new URL(await running.line(/^Recollect is ready at (\S+)$/m));
  const valid = tokenFor({ sub: 'ann', scope: scopes });
  return {
    url,
    folder,
    sandbox: own,
    running,
    query: async (query, variables = {}, token = valid) => {
      const headers = {
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      };
      const body = JSON.stringify({ query, variables });
      const response = await fetch(url, { method: 'POST', headers, body }).catch(() => null);
      return response?.json() ?? null;
    },
    scrape: async () => (await fetch(new URL('/metrics', url))).text(),
  };
};

/** Charges an account, each amount under its own key. */
export const charge = (gateway: AlertsGateway, amount: string): Promise<unknown> =>
  gateway.query('mutation ($input: RunPaymentInput!) { runPayment(input: $input) { __typename } }', {
    input: { idempotencyKey: `key ${amount}`, fileNumber: 'R1001', amount, paymentDate: '2030-01-02' },
  });
