import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUpstream } from '../support/upstream.ts';
import { ask, readOf, startWorkers, until, wellDone } from '../support/workers.ts';

/** Requests at once; each returns so many accounts that its line is longer than a pipe writes in one piece. */
const inBatches = async (count: number, send: (n: number) => Promise<unknown>): Promise<void> => {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await send(next);
    }
  };
  await Promise.all(Array.from({ length: 16 }, client));
};

const recordsIn = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly audit?: boolean; readonly records?: readonly string[] })
    .flatMap(({ audit, records = [] }) => (audit ? records : []));

const numbersUpTo = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `Account:F${index + 1}`).sort();

describe('the audit trail of four workers', () => {
  it('in one file has each line once and whole, also while it is rotated', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'audit.log');
    const scollect = await startUpstream(wellDone);
    const gateway = await startWorkers(scollect, { WORKERS: '4', AUDIT_LOG: file }, folder);
    const count = 1200;
    let rotations = 0;
    await inBatches(count, async (n) => {
      if (n % 400 === 0) {
        rotations += 1;
        renameSync(file, `${file}.${rotations}`);
        gateway.process.kill('SIGHUP');
      }
      await ask(gateway, readOf(`F${n}`).body);
    });
    await gateway.line(/"msg":"(all workers were replaced)"/);
    await until(() => readdirSync(folder).includes('audit.log'));
    gateway.process.kill('SIGTERM');
    expect((await gateway.ended).code).toBe(0);
    const files = readdirSync(folder).filter((name) => name.startsWith('audit.log'));
    expect(files).toHaveLength(rotations + 1);
    const records = files.flatMap((name) => recordsIn(readFileSync(join(folder, name), 'utf8')));
    expect(records.sort()).toEqual(numbersUpTo(count));
  }, 120_000);

  it('on stdout has each line once and whole, however long', async () => {
    const scollect = await startUpstream(wellDone);
    const gateway = await startWorkers(scollect, {
      WORKERS: '4',
      NODE_ENV: 'production',
      INTROSPECTION: 'true',
      // A read that ends by a deadline, as on a busy machine, has no record.
      REQUEST_TIMEOUT_MS: '120000',
      UPSTREAM_TIMEOUT_MS: '60000',
    });
    const perRequest = 90;
    const requests = 60;
    await inBatches(requests, (n) => {
      const fields = Array.from({ length: perRequest }, (_, index) => {
        const number = (n - 1) * perRequest + index + 1;
        return `a${index}: account(fileNumber: "F${number}") { client fileNumber }`;
      });
      return ask(gateway, { query: `query ${'Long'.repeat(20)} { ${fields.join(' ')} }` });
    });
    gateway.process.kill('SIGTERM');
    const { stdout } = await gateway.ended;
    // Each line is JSON: nothing else is written in production.
    expect(recordsIn(stdout).sort()).toEqual(numbersUpTo(perRequest * requests));
  }, 120_000);
});
