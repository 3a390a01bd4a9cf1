import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { run } from '../support/process.ts';
import { jwtSecret } from '../support/token.ts';
import { type Charge, pendingOutcomes, resolveOutcome, sendCharge } from './charge.ts';
import { startCountingScollect } from './counting-scollect.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';

/** Starting gateways takes its time where others are at work. */
const timeout = 60_000;

const day = 24 * 60 * 60 * 1000;

/** Moves the wall clock that a process reads. */
const clockMovedBy = (milliseconds: number): Record<string, string> => {
  const script = `const now = Date.now.bind(Date); Date.now = () => now() + ${milliseconds};`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
};

const chargeOf = (serial: number): Charge => ({
  mutation: 'runPayment',
  idempotencyKey: `key ${serial}`,
  fileNumber: 'F1',
  amount: `${serial}.00`,
});

const [first, second, third] = [chargeOf(1), chargeOf(2), chargeOf(3)];

const setUp = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'recollect-lifecycle-'));
  const scollect = await startCountingScollect();
  onTestFinished(() => {
    scollect.close();
    rmSync(folder, { recursive: true });
  });
  const start = async (name = 'data', env: Record<string, string> = {}): Promise<GatewayProcess> => {
    const storeFile = join(folder, name, 'gateway.db');
    const gateway = await startGatewayProcess({ storeFile, scollectUrl: scollect.url, env });
    onTestFinished(() => gateway.kill());
    return gateway;
  };
  return { folder, scollect, start };
};

const isSaved = (folder: string): Promise<void> =>
  vi.waitFor(() => expect(statSync(join(folder, 'data', 'gateway.db-wal')).size).toBe(0), {
    timeout: 10_000,
  });

/** Copies as a user would: the two files that the documentation names, and nothing else. */
const copy = (folder: string, from: string, to: string, names = ['gateway.db', 'gateway.key']): void => {
  mkdirSync(join(folder, to), { recursive: true, mode: 0o700 });
  for (const name of names) copyFileSync(join(folder, from, name), join(folder, to, name));
};

const succeeded = { __typename: 'RunPaymentSuccess', result: 'APPROVED' };
const isUnknown = { __typename: 'OutcomeUnknownError', outcomeId: expect.any(String) };

describe('a copy of the files of a ledger that is in use', { timeout }, () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'has the keys that were used: none charges again, %s',
    async (signal) => {
      const { folder, scollect, start } = await setUp();
      const gateway = await start();
      const answer = await sendCharge(gateway, first);
      expect(answer).toMatchObject(succeeded);
      await isSaved(folder);
      copy(folder, 'data', 'copy');
      if (signal === 'SIGKILL') await gateway.kill();
      const other = await start('copy');
      expect(await sendCharge(other, first)).toEqual(answer);
      expect(await sendCharge(other, second)).toMatchObject(succeeded);
      expect(scollect.calls(first.amount)).toBe(1);
    },
  );

  it('has what was in flight, as unknown', async () => {
    const { folder, scollect, start } = await setUp();
    const gateway = await start();
    const received = new Promise<void>((resolve) => {
      scollect.onFirstCall(first.amount, { conduct: 'approves', onReceived: async () => resolve() });
    });
    let isOver = false;
    scollect.onFirstCall(second.amount, {
      conduct: 'approves',
      onReceived: async () => {
        await isSaved(folder);
        copy(folder, 'data', 'copy');
        isOver = true;
      },
    });
    await Promise.all([sendCharge(gateway, first), received]);
    expect(await sendCharge(gateway, second)).toMatchObject(succeeded);
    expect(isOver).toBe(true);
    const other = await start('copy');
    expect(await sendCharge(other, second)).toMatchObject(isUnknown);
    expect(scollect.calls(second.amount)).toBe(1);
  });

  it('put back over a newer one is noticed: keys since then are not sent until somebody has looked', async () => {
    const { folder, scollect, start } = await setUp();
    const gateway = await start();
    await sendCharge(gateway, first);
    await isSaved(folder);
    copy(folder, 'data', 'backup');
    expect(await sendCharge(gateway, second)).toMatchObject(succeeded);
    await isSaved(folder);
    await gateway.kill();
    copy(folder, 'backup', 'data');

    const restored = await start('data', { LOG_LEVEL: 'warn' });
    expect(restored.printed()).toContain('the ledger was restored from an older copy');
    expect(await sendCharge(restored, first)).toMatchObject(succeeded);
    for (const charge of [second, third]) expect(await sendCharge(restored, charge)).toMatchObject(isUnknown);
    expect([first, second, third].map(({ amount }) => scollect.calls(amount))).toEqual([1, 1, 0]);

    const open = (await pendingOutcomes(restored)) ?? [];
    expect(open.map(({ amount }) => amount)).toEqual([second.amount, third.amount]);
    for (const { outcomeId, amount } of open) {
      await resolveOutcome(restored, outcomeId, amount === second.amount);
    }
    for (const charge of [second, third])
      expect(await sendCharge(restored, charge)).toMatchObject({
        __typename: 'RunPaymentSuccess',
      });
    expect([first, second, third].map(({ amount }) => scollect.charges(amount))).toEqual([1, 1, 1]);
  });
});

describe('a gateway whose ledger is taken away', { timeout }, () => {
  const ready = async (gateway: GatewayProcess) => {
    const response = await fetch(new URL('/ready', gateway.url));
    return { status: response.status, body: await response.json() };
  };

  it.each<[string, (folder: string) => void]>([
    ['deleted', (folder) => rmSync(join(folder, 'data', 'gateway.db'))],
    ['moved with its folder', (folder) => renameSync(join(folder, 'data'), join(folder, 'away'))],
    [
      'replaced',
      (folder) => {
        copyFileSync(join(folder, 'data', 'gateway.db'), join(folder, 'new.db'));
        renameSync(join(folder, 'new.db'), join(folder, 'data', 'gateway.db'));
      },
    ],
  ])('is not ready and charges nothing: %s', async (_, take) => {
    const { folder, scollect, start } = await setUp();
    const gateway = await start();
    expect(await ready(gateway)).toMatchObject({ status: 200, body: { store: 'open' } });
    take(folder);
    expect(await ready(gateway)).toMatchObject({
      status: 503,
      body: { isReady: false, store: 'unavailable' },
    });
    // The key may have been used before: this is unknown now.
    expect(await sendCharge(gateway, first)).toMatchObject({
      __typename: 'OutcomeUnknownError',
      outcomeId: null,
    });
    expect(scollect.calls(first.amount)).toBe(0);
    await vi.waitFor(
      () => expect(gateway.printed()).toContain('the file of the ledger was deleted or replaced'),
      10_000,
    );
  });

  it.each([
    ['with a key file', {}, 'gateway.key'],
    ['with STORE_KEY', { STORE_KEY: 'ab'.repeat(32) }, 'gateway.trace'],
  ])('does not start again without it, %s', async (_, env, sign) => {
    const { folder, start } = await setUp();
    const gateway = await start('data', env);
    expect(await sendCharge(gateway, first)).toMatchObject(succeeded);
    await gateway.kill();
    for (const name of readdirSync(join(folder, 'data'))) {
      if (name.startsWith('gateway.db')) rmSync(join(folder, 'data', name));
    }
    const before = readdirSync(join(folder, 'data'));
    await expect(start('data', env)).rejects.toThrow(
      new RegExp(
        `STORE_URL: expected the ledger that was kept here.*${sign}.*found no file.*would then charge again`,
      ),
    );
    expect(readdirSync(join(folder, 'data'))).toEqual(before);
    rmSync(join(folder, 'data', sign));
    expect(await sendCharge(await start('data', env), second)).toMatchObject(succeeded);
  });
});

describe('a gateway whose wall clock is wrong', { timeout }, () => {
  it.each([
    ['ahead', 30 * day],
    ['behind', -30 * day],
  ])('by days, %s, forgets no key, and neither does the next one', async (_, offset) => {
    const { scollect, start } = await setUp();
    for (const env of [{}, clockMovedBy(offset), {}]) {
      const gateway = await start('data', env);
      expect(await sendCharge(gateway, first)).toMatchObject(succeeded);
      await gateway.kill();
    }
    expect(scollect.calls(first.amount)).toBe(1);
  });

  it.each([
    ['ahead', 30 * day],
    ['behind', -30 * day],
  ])('by days, %s, knows the charges of the killed process', async (_, offset) => {
    const { scollect, start } = await setUp();
    const gateway = await start();
    scollect.onFirstCall(first.amount, { conduct: 'approves', onReceived: () => gateway.kill() });
    expect(await sendCharge(gateway, first)).toBeNull();
    const next = await start('data', clockMovedBy(offset));
    expect(await sendCharge(next, first)).toMatchObject({ ...isUnknown, code: 'OUTCOME_UNKNOWN' });
    expect(scollect.calls(first.amount)).toBe(1);
  });
});

describe('a gateway by whose settings callers get other names', { timeout }, () => {
  it('warns of the keys that it does not recognize', async () => {
    const { start } = await setUp();
    const gateway = await start();
    await sendCharge(gateway, first);
    await gateway.kill();
    const env = { AUTH_DISABLED: 'false', AUTH_JWT_SECRET: jwtSecret, LOG_LEVEL: 'warn' };
    const other = await start('data', env);
    expect(other.printed()).toMatch(
      /"level":40,.*"setting":"AUTH_JWT_SECRET, AUTH_JWKS_URL","hours":24,.*keys that were used without authentication/,
    );
    await other.kill();
    expect((await start()).printed()).not.toContain('not recognized');
  });
});

describe('a start that is refused', { timeout }, () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['a taken port', { PORT: 'taken' }, /^PORT: taken/m],
    ['an address of another machine', { HOST: '192.0.2.1' }, /^HOST: expected/m],
    ['no audit trail', { AUDIT_LOG: '.' }, /^AUDIT_LOG/m],
    ['no manifest', { PERSISTED_DOCUMENTS: './missing.json' }, /^PERSISTED_DOCUMENTS/m],
    [
      'no credentials',
      { CREDENTIALS_FILE: './missing.json', AUTH_JWT_SECRET: jwtSecret },
      /^CREDENTIALS_FILE/m,
    ],
    ['a key that is none', { STORE_KEY: 'none' }, /^STORE_KEY/m],
    ['memory for a ledger', { STORE_URL: 'file::memory:' }, /^STORE_URL/m],
    ['a folder for a ledger', { STORE_URL: 'file:..' }, /^STORE_URL/m],
    ['a device for a ledger', { STORE_URL: 'file:/dev/null' }, /^STORE_URL/m],
    ['the sandbox in production', { NODE_ENV: 'production' }, /"SCOLLECT_URL/],
  ])('leaves no file of a ledger behind: %s', async (_, env, message) => {
    const { folder } = await setUp();
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const variables = { PORT: '0', ...env };
    const { code, stderr } = await run(
      'main.js',
      { ...variables, PORT: variables.PORT === 'taken' ? String(port) : variables.PORT },
      folder,
    ).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
    expect(readdirSync(folder)).toEqual([]);
    // The next one with what is right starts.
    const started = run('main.js', { PORT: '0' }, folder);
    await started.line(/^Recollect is ready at (\S+)$/m);
    expect(readdirSync(join(folder, 'data')).filter((name) => !name.startsWith('gateway.db'))).toEqual([
      'gateway.key',
      'gateway.trace',
    ]);
    started.process.kill('SIGKILL');
    await started.ended;
  });
});
