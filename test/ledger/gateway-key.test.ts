import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGatewayKey, GatewayKeyError, readGatewayKey } from '../../src/ledger/gateway-key.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const modeOf = (file: string): number => statSync(file).mode & 0o777;

describe('the gateway key', () => {
  it('is made once, readable by its owner alone', () => {
    const file = join(temporaryFolder(), 'gateway.key');
    expect(readGatewayKey(file)).toBeNull();
    expect(createGatewayKey(file)).toBe(true);
    const key = readGatewayKey(file);
    expect(key).toHaveLength(32);
    expect(createGatewayKey(file)).toBe(false);
    expect(readGatewayKey(file)).toEqual(key);
    expect(modeOf(file)).toBe(0o600);
    expect(readdirSync(dirname(file))).toEqual(['gateway.key']);
  });

  it('that others can read is refused', () => {
    const file = join(temporaryFolder(), 'gateway.key');
    createGatewayKey(file);
    chmodSync(file, 0o640);
    expect(() => readGatewayKey(file)).toThrow(GatewayKeyError);
    expect(() => readGatewayKey(file)).toThrow('expected a file that its owner alone can read (mode 0600)');
  });

  it.each(['', 'CANARY', 'f'.repeat(63)])('that is none is refused unsaid: %j', (text) => {
    const file = join(temporaryFolder(), 'gateway.key');
    writeFileSync(file, text, { mode: 0o600 });
    expect(() => readGatewayKey(file)).toThrow(/expected a key of 32 bytes, in hexadecimal digits\.$/);
    expect(() => readGatewayKey(file)).not.toThrow('CANARY');
  });
});

describe('the file of the store', () => {
  it('is readable by its owner alone, wherever it is', async () => {
    const file = join(temporaryFolder(), 'data', 'gateway.db');
    const store = openSqliteStore(file);
    onTestFinished(() => store.close());
    await store.remember('a', 'b');
    expect([file, `${file}-wal`, `${file}-shm`].map(modeOf)).toEqual([0o600, 0o600, 0o600]);
    expect(modeOf(dirname(file))).toBe(0o700);
  });
});
