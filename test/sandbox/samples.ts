import type { OperationName } from '../../src/sandbox/operations.ts';
import type { Answer, Caller } from './caller.ts';
import { type Exchange, exchange } from './raw.ts';

export type System = 'Scollect' | 'RecoveryConnect';

export const systems: readonly System[] = ['Scollect', 'RecoveryConnect'];

/** A write whose traces can be counted, and the log-in of the same system. */
interface Sample {
  readonly operation: OperationName;
  readonly path: string;
  readonly body: unknown;
  readonly logIn: OperationName;
  count(caller: Caller): Promise<number>;
}

export const phonesPath = '/api/v140/orders/57062885/borrowers/124927241/phones';

export const samples = {
  Scollect: {
    operation: 'run_payment_external',
    path: '/run_payment_external',
    body: { filenumber: 'R1002', paymentdate: '2026-03-16', paymentamount: '9.50' },
    logIn: 'login',
    count: async ({ scollect }) => {
      const { body } = await scollect('GET', '/getpayments/R1002');
      return (body as { result: unknown[] }).result.length;
    },
  },
  RecoveryConnect: {
    operation: 'createBorrowerPhone',
    path: phonesPath,
    body: { type: 1, number: '210-555-0142', memo: 'new' },
    logIn: 'authenticate',
    count: async ({ recoveryConnect }) => {
      const { body } = await recoveryConnect('GET', phonesPath);
      return (body as { data: unknown[] }).data.length;
    },
  },
} as const satisfies Readonly<Record<System, Sample>>;

export const write = (caller: Caller, system: System): Promise<Answer> => {
  const { path, body } = samples[system];
  return system === 'Scollect'
    ? caller.scollect('POST', path, body)
    : caller.recoveryConnect('POST', path, body);
};

/** The same write over a connection of its own. */
export const exchangeWrite = ({ sandbox, tokens }: Caller, system: System): Exchange => {
  const { path, body } = samples[system];
  const [{ url }, token] =
    system === 'Scollect'
      ? [sandbox.scollect, tokens.scollect]
      : [sandbox.recoveryConnect, tokens.recoveryConnect];
  return exchange(url + path, 'POST', body, { authorization: `Bearer ${token}` });
};

/** A log-in with the right credentials over a connection of its own. */
export const exchangeLogIn = ({ sandbox }: Caller, system: System): Exchange => {
  if (system === 'Scollect') {
    const { url, apiKey, pin } = sandbox.scollect;
    return exchange(`${url}/login`, 'POST', { apikey: apiKey, pin });
  }
  const { url, username, password } = sandbox.recoveryConnect;
  return exchange(`${url}/api/v140/auth`, 'POST', { username, password });
};
