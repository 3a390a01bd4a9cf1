import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formsOf, leaksIn } from '../support/canary-forms.ts';
import { documentOf, indiscretionOn, inputs, invalidBodies, secrets } from '../support/canary-requests.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { type Running, run } from '../support/process.ts';
import type { Answer, Received } from '../support/upstream.ts';

/** Starting gateways takes its time where others are at work. */
const timeout = 60_000;

const modeOf = (path: string): number => statSync(path).mode & 0o777;

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'recollect-canary-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

type Conduct = 'approves' | 'declines' | 'loses' | 'fails' | 'takes no token';

/** An upstream that repeats its requests, wherever it can. */
const startIndiscreetUpstream = async () => {
  let conduct: Conduct = 'approves';
  const answer =
    (successOf: (indiscretion: string) => unknown) =>
    ({ body }: Received): Answer => {
      const indiscretion = indiscretionOn(body);
      switch (conduct) {
        case 'approves':
          return { json: successOf(indiscretion) };
        case 'declines':
          return { json: { result: [{ error: `Declined ${indiscretion}` }], state: 'SUCCESS' } };
        case 'loses':
          return 'reset';
        case 'fails':
          return { status: 500, html: indiscretion };
        case 'takes no token':
          return { status: 401, json: { msg: indiscretion } };
      }
    };
  const done = (indiscretion: string) => ({
    result: { success: `Successfully done ${indiscretion}` },
  });
  const upstream = await startCorpusUpstream('scollect', {
    login: { json: { result: { access_token: secrets.token }, state: 'SUCCESS' } },
    getpayments: { json: { result: [], state: 'SUCCESS' } },
    run_payment_external: answer((indiscretion) => ({
      result: `APPROVED ${indiscretion}`,
      approvalcode: secrets.card,
      error: indiscretion,
    })),
    insert_payments_external: answer(() => ({ state: 'SUCCESS', message: 'Payment successfully inserted' })),
    insert_payplan_external: answer(done),
    update_payment_external: answer(done),
    send_email_c2c: answer(() => ({ result: { success: true }, state: 'SUCCESS' })),
  });
  return {
    ...upstream,
    become: (next: Conduct) => {
      conduct = next;
    },
  };
};

const environment = (url: string, folder: string) => ({
  PORT: '0',
  AUTH_DISABLED: 'true',
  LOG_LEVEL: 'trace',
  SCOLLECT_URL: url,
  SCOLLECT_API_KEY: secrets['api key'],
  SCOLLECT_PIN: secrets.pin,
  STORE_URL: `file:${folder}/data/gateway.db`,
});

const urlOf = (running: Running): Promise<string> => running.line(/^Recollect is ready at (\S+)$/m);

/** Sends a body, and gives all that comes back as one text. */
const post = async (url: string, body: string): Promise<string> => {
  const headers = { 'content-type': 'application/json', 'x-recollect-trace': '1' };
  const response = await fetch(url, { method: 'POST', headers, body });
  return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
};

/** All files of a folder as one text each; every byte is a character. */
const filesIn = (folder: string): { readonly name: string; readonly content: string }[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ name, content: readFileSync(join(folder, name), 'latin1') }));

describe('what must not be kept or shown', { timeout }, () => {
  it('is found in no file, no line of the log and no answer, whatever becomes of a write', async () => {
    const folder = newFolder();
    const upstream = await startIndiscreetUpstream();
    const gateway = run('main.js', environment(upstream.url, folder));
    const url = await urlOf(gateway);
    const answers: string[] = [];

    for (const conduct of ['approves', 'declines', 'loses', 'fails', 'takes no token', 'approves'] as const) {
      upstream.become(conduct);
      for (const [place, { mutation, input }] of inputs.entries()) {
        const idempotencyKey = `${secrets['idempotency key']} ${conduct} ${place}`;
        const variables = { input: { idempotencyKey, fileNumber: `R${place}`, ...input } };
        answers.push(await post(url, JSON.stringify({ query: documentOf(mutation), variables })));
      }
    }
    for (const name of ['Success', 'RejectedError', 'OutcomeUnknownError']) {
      expect(answers.filter((answer) => answer.includes(name)).length).toBeGreaterThanOrEqual(inputs.length);
    }
    for (const body of invalidBodies) answers.push(await post(url, body));
    answers.push(await (await fetch(`${url}?query={__typename}&variables={"card":"${secrets.card}`)).text());
    answers.push(
      await post(
        url,
        JSON.stringify({
          query: `{ pendingOutcomes { outcomeId mutation caller startedAt whatToCheck amount paymentDate
            installments { amount date } method last4 template matchingPayments { amount } } }`,
        }),
      ),
    );
    expect(answers.at(-1)).toContain('"last4":"4242"');

    const gatewayKey = readFileSync(join(folder, 'data', 'gateway.key'), 'utf8').trim();
    const all = { ...secrets, 'gateway key': gatewayKey };
    const rawKey = Buffer.from(gatewayKey, 'hex');
    const isWithKey = (text: string): boolean =>
      [rawKey.toString('latin1'), rawKey.toString('base64'), rawKey.toString('base64url')].some((form) =>
        text.includes(form),
      );
    const expectClean = (name: string, text: string): void => {
      expect({ name, leaks: leaksIn(text, name === 'gateway.key' ? secrets : all) }).toEqual({
        name,
        leaks: [],
      });
      expect({ name, isWithKey: isWithKey(text) }).toEqual({ name, isWithKey: false });
    };
    const expectCleanFiles = () => {
      const files = filesIn(join(folder, 'data'));
      expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['gateway.db', 'gateway.key']));
      for (const { name, content } of files) expectClean(name, content);
      return files;
    };

    for (const answer of answers) expectClean(answer, answer);
    const files = expectCleanFiles().map(({ name }) => name);
    expect(files).toContain('gateway.db-wal');
    expect(files.map((name) => modeOf(join(folder, 'data', name)))).toEqual(files.map(() => 0o600));
    gateway.process.kill('SIGTERM');
    const { code, stdout, stderr } = await gateway.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expectClean('stdout', stdout);
    expectCleanFiles();

    // Or else nothing was looked for.
    const received = JSON.stringify(upstream.received);
    const sent = Object.entries(secrets).filter(([, secret]) => received.includes(secret));
    expect(sent.map(([name]) => name)).toEqual(
      Object.keys(secrets).filter((name) => !['card that is none', 'idempotency key'].includes(name)),
    );
  });
});

describe('texts that are kept to name a write by', { timeout }, () => {
  it('are kept without the numbers of a person', async () => {
    const folder = newFolder();
    const upstream = await startIndiscreetUpstream();
    upstream.become('loses');
    const url = await urlOf(run('main.js', environment(upstream.url, folder)));
    const send = (mutation: string, input: object) =>
      post(url, JSON.stringify({ query: documentOf(mutation), variables: { input } }));
    const write = { idempotencyKey: 'key', fileNumber: 'R1001' };
    await send('updatePendingPayments', { ...write, method: `CARD ${secrets.card}` });
    await send('sendEmail', {
      ...write,
      idempotencyKey: 'other key',
      template: `Notice 2 to ${secrets.ssn}`,
      updatePermissions: false,
    });
    const pending = await post(
      url,
      JSON.stringify({ query: '{ pendingOutcomes { mutation method template } }' }),
    );
    expect(pending).toContain('Notice 2 to');
    for (const text of [pending, ...filesIn(join(folder, 'data')).map(({ content }) => content)]) {
      expect(leaksIn(text, { card: secrets.card, ssn: secrets.ssn })).toEqual([]);
    }
  });
});

describe('the search', () => {
  it.each([
    ['4242424242424242', 'paid by 4242-4242-4242-4242.'],
    ['4242424242424242', 'paid by 4242 4242 4242 4242.'],
    ['4242424242424242', Buffer.from('{"number":"4242424242424242"}').toString('base64')],
    ['4242424242424242', Buffer.from('{"card":"4242424242424242"}').toString('base64url')],
    ['4242424242424242', Buffer.from('4242424242424242').toString('hex')],
    ['912-55-4418', 'of 912554418'],
    ['912-55-4418', 'of 912%2D55-4418 or 912 55 4418 or 912-55-4418'],
    ['a key', '?key=a%20key'],
    ['8351', 'everybody8351runPayment'],
  ])('finds %s in %s', (secret, text) => {
    expect(leaksIn(text, { secret })).not.toEqual([]);
  });

  it('takes no id or time for a secret', () => {
    const text = '12345678-8351-4351-8351-123456788351 2026-11-21T08:35:11.835Z';
    expect(leaksIn(text, { code: '8351' })).toEqual([]);
    expect(formsOf('8351').every((form) => form.length >= 4)).toBe(true);
  });
});

describe('the store', { timeout }, () => {
  const start = (folder: string, env: Record<string, string> = {}): Running =>
    run('main.js', { PORT: '0', STORE_URL: `file:${folder}/data/gateway.db`, ...env });

  const stopped = async (gateway: Running): Promise<number | null> => {
    await urlOf(gateway);
    gateway.process.kill('SIGTERM');
    return (await gateway.ended).code;
  };

  const refusalOf = async (gateway: Running): Promise<string> => {
    const { code, stdout, stderr } = await gateway.ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    return stderr;
  };

  it('is its owner’s alone, and refuses another key and one that others can read', async () => {
    const folder = newFolder();
    const file = join(folder, 'data', 'gateway.key');
    expect(await stopped(start(folder))).toBe(0);
    expect(modeOf(join(folder, 'data'))).toBe(0o700);
    expect(modeOf(file)).toBe(0o600);
    expect(readdirSync(join(folder, 'data')).sort()).toEqual(['gateway.db', 'gateway.key', 'gateway.trace']);
    expect(modeOf(join(folder, 'data', 'gateway.trace'))).toBe(0o600);

    const key = randomBytes(32).toString('hex');
    const foreign = await refusalOf(start(folder, { STORE_KEY: key }));
    expect(foreign).toMatch(/^Recollect does not start\.\nSTORE_URL: [^\n]*STORE_KEY[^\n]*\n$/);
    expect(leaksIn(foreign, { key })).toEqual([]);

    chmodSync(file, 0o640);
    const open = await refusalOf(start(folder));
    expect(open).toMatch(/^Recollect does not start\.\n[^\n]*gateway\.key: [^\n]*0600[^\n]*\n$/);
    const own = readFileSync(file, 'utf8').trim();
    expect(leaksIn(open, { own })).toEqual([]);

    rmSync(file);
    expect(await stopped(start(folder, { STORE_KEY: own }))).toBe(0);
    expect(readdirSync(join(folder, 'data')).sort()).toEqual(['gateway.db', 'gateway.trace']);
  });
});
