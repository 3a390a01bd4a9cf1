import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scopes } from '../src/operation/caller.ts';
import { corpusFile } from './support/corpus.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import type { Reply } from './support/gateway.ts';
import { run } from './support/process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { jwtSecret, tokenFor } from './support/token.ts';
import type { Answer, Received } from './support/upstream.ts';

const scope = scopes.join(' ');

const keyOf = ({ body }: Received): string => (body as { readonly apikey: string }).apikey;

/** Whose token a call came with: those that this upstream hands out name the key that they were got with. */
const holderOf = ({ headers }: Received): string =>
  String(headers['authorization']).replace('Bearer token-of-', '');

interface Options {
  /** What the upstream answers to calls of a tenant, where that is not what is documented. */
  readonly answers?: Readonly<Record<string, (request: Received) => Answer | Promise<Answer>>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A gateway for two tenants, `acme` and `bond`, whose keys are known to one and the same Scollect. */
const startForTenants = async ({ answers = {}, env = {} }: Options = {}) => {
  const documented = corpusFile('scollect', 'getaccount').success;
  const scollect = await startCorpusUpstream('scollect', {
    login: (request) => ({
      json: { result: { access_token: `token-of-${keyOf(request)}` }, state: 'SUCCESS' },
    }),
    getaccount: (request) => answers[holderOf(request)]?.(request) ?? { json: documented },
    run_payment_external: (request) =>
      answers[holderOf(request)]?.(request) ?? {
        json: { result: 'APPROVED', approvalcode: holderOf(request) },
      },
  });
  const folder = temporaryFolder();
  const file = join(folder, 'credentials.json');
  const credentials = (apiKey: string) => ({ scollect: { url: scollect.url, apiKey, pin: 'pin' } });
  const tenants = { acme: credentials('acme'), bond: credentials('bond') };
  writeFileSync(file, JSON.stringify({ tenants }), { mode: 0o600 });
  const gateway = run(
    'main.js',
    { PORT: '0', CREDENTIALS_FILE: file, AUTH_JWT_SECRET: jwtSecret, LOG_LEVEL: 'warn', ...env },
    folder,
  );
  const url = await gateway.line(/^Recollect is ready at (\S+)$/m);
  const send = async (claims: object, query: string, variables: object = {}) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokenFor({ sub: 'ann', scope, ...claims })}`,
      },
      body: JSON.stringify({ query, variables }),
    });
  const ask = async (tenant: string, query: string, variables?: object): Promise<Omit<Reply, 'status'>> =>
    (await send({ tenant }, query, variables)).json() as Promise<Reply>;
  return { ask, send, scollect };
};

const account = '{ account(fileNumber: "R1001") { fileNumber status } }';

describe('tenants', () => {
  it('have their own tokens and calls, even for the same question at the same moment', async () => {
    const slow = async (): Promise<Answer> => {
      await pause(300);
      return { json: corpusFile('scollect', 'getaccount').success };
    };
    const { ask, scollect } = await startForTenants({ answers: { acme: slow, bond: slow } });
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) => ask(n % 2 === 0 ? 'acme' : 'bond', account)),
    );
    expect(replies.map(({ data, errors }) => [data.account.fileNumber, errors])).toEqual(
      Array(10).fill(['R1001', undefined]),
    );
    const logIns = scollect.received.filter(({ path }) => path === '/login').map(keyOf);
    const calls = scollect.received.filter(({ path }) => path === '/getaccount/R1001').map(holderOf);
    expect({ logIns: logIns.sort(), calls: calls.sort() }).toEqual({
      logIns: ['acme', 'bond'],
      calls: ['acme', 'bond'],
    });
  });

  it('are served although calls of another fail or hang, with its places all taken and its breaker open', async () => {
    const { ask } = await startForTenants({
      answers: { acme: () => 'silence' },
      env: {
        UPSTREAM_MAX_CONCURRENCY: '2',
        UPSTREAM_TIMEOUT_MS: '400',
        REQUEST_TIMEOUT_MS: '4000',
      },
    });
    const many = Array.from({ length: 20 }, (_, n) => `a${n}: account(fileNumber: "R${n}") { fileNumber }`);
    const hanging = ask('acme', `{ ${many.join(' ')} }`);
    for (let n = 0; n < 10; n += 1) expect((await ask('bond', account)).errors).toBeUndefined();
    const { errors = [] } = await hanging;
    const codes = errors.map(({ extensions }) => extensions?.['code']);
    expect(codes).toContain('UPSTREAM_UNAVAILABLE');
    // Its own questions are still without an answer.
    expect((await ask('acme', account)).errors).toHaveLength(1);
    expect((await ask('bond', account)).errors).toBeUndefined();
  });

  it('have their own idempotency keys, and see no outcome of another', async () => {
    const { ask, scollect } = await startForTenants({
      answers: { bond: () => 'silence' },
      env: { UPSTREAM_TIMEOUT_MS: '300' },
    });
    const charge = `mutation ($input: RunPaymentInput!) { runPayment(input: $input) {
      __typename ... on RunPaymentSuccess { approvalCode } ... on OutcomeUnknownError { outcomeId } } }`;
    const input = {
      idempotencyKey: 'the same',
      fileNumber: 'R1001',
      paymentDate: '2030-01-02',
      amount: '10.00',
    };
    const charged = { runPayment: { __typename: 'RunPaymentSuccess', approvalCode: 'acme' } };
    expect((await ask('acme', charge, { input })).data).toEqual(charged);
    const { runPayment: unknown } = (await ask('bond', charge, { input })).data;
    expect(unknown.__typename).toBe('OutcomeUnknownError');
    expect((await ask('acme', charge, { input })).data).toEqual(charged);
    const charges = scollect.received.filter(({ path }) => path === '/run_payment_external').map(holderOf);
    expect(charges).toEqual(['acme', 'bond']);

    const pending = '{ pendingOutcomes { outcomeId caller } }';
    expect((await ask('acme', pending)).data).toEqual({ pendingOutcomes: [] });
    expect((await ask('bond', pending)).data).toEqual({
      pendingOutcomes: [{ outcomeId: unknown.outcomeId, caller: 'ann' }],
    });
    const resolve = `mutation { resolveOutcome(input: { outcomeId: "${unknown.outcomeId}", wasCarriedOut: true }) { __typename } }`;
    expect((await ask('acme', resolve)).data).toEqual({
      resolveOutcome: { __typename: 'InvalidInputError' },
    });
    expect((await ask('bond', resolve)).data).toEqual({
      resolveOutcome: { __typename: 'ResolveOutcomeSuccess' },
    });
  });

  it.each([
    ['no tenant', {}],
    ['a tenant that is not served', { tenant: 'other' }],
    ['a tenant of another case', { tenant: 'ACME' }],
    ['the name of what every object has', { tenant: 'constructor' }],
    ['a list of tenants', { tenant: ['acme'] }],
  ])('come from the token: with %s nobody is admitted', async (_, claims) => {
    const { send, scollect } = await startForTenants();
    const response = await send(claims, account);
    expect([401, 403]).toContain(response.status);
    expect(await response.json()).not.toHaveProperty('data');
    expect(scollect.received).toEqual([]);
  });
});
