import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parsePostgresUrl } from '../../src/config/postgres-url.ts';
import { GatewayKeyError } from '../../src/ledger/gateway-key.ts';
import { ForeignStoreError } from '../../src/ledger/ledger.ts';
import { gatewayKeyOf, openLedger } from '../../src/ledger/open-ledger.ts';
import { inspectDatabase } from '../../src/ledger/postgres/inspect-database.ts';
import { hour, never, settled, write } from '../support/ledger.ts';
import { createTestDatabase, hasPostgres } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const newSettings = async () => {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const keyFile = join(temporaryFolder(), 'data/gateway.key');
  return { postgres: parsePostgresUrl(url), keyLifeMs: hour, key: undefined, keyFile };
};

describe.skipIf(!hasPostgres)('a Postgres ledger without STORE_KEY', () => {
  it('creates a key file for its owner only, and uses it again', async () => {
    const settings = await newSettings();
    const ledger = await openLedger(settings);
    const first = await ledger.once(write, settled('charged'));
    await ledger.close();
    expect(statSync(settings.keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(settings.keyFile)).mode & 0o777).toBe(0o700);
    expect(gatewayKeyOf(settings).toString('hex')).toBe(readFileSync(settings.keyFile, 'utf8').trim());

    const again = await openLedger(settings);
    onTestFinished(() => again.close());
    expect(await again.once(write, never)).toEqual(first);
  });

  it('is opened with one key by gateways of one machine that start together', async () => {
    const settings = await newSettings();
    const ledgers = await Promise.all([1, 2, 3, 4].map(() => openLedger(settings)));
    await Promise.all(ledgers.map((ledger) => ledger.close()));
    await (await openLedger(settings)).close();
  });

  it('creates no tables with a key file that others can read', async () => {
    const settings = await newSettings();
    mkdirSync(dirname(settings.keyFile));
    writeFileSync(settings.keyFile, 'ab'.repeat(32), { mode: 0o644 });
    await expect(openLedger(settings)).rejects.toThrow(GatewayKeyError);
    expect((await inspectDatabase(settings.postgres)).ledger).toBeNull();
  });

  it('is refused on another machine, whose key is another one', async () => {
    const settings = await newSettings();
    await (await openLedger(settings)).close();
    const other = { ...settings, keyFile: join(temporaryFolder(), 'gateway.key') };
    await expect(openLedger(other)).rejects.toThrow(ForeignStoreError);
    const key = readFileSync(settings.keyFile, 'utf8').trim();
    await (await openLedger({ ...other, key })).close();
  });
});
