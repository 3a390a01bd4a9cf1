import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { auditEntry as entry } from './support/audit-entry.ts';
import { root } from './support/root.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** Writes lines that are too long and others, with a limit on the size of files, which is gone as soon as one is lost. */
const cutOff = `
  const { openAuditTrail } = await import(process.env.PARTS + '/audit-trail.mjs');
  const { createRedactor } = await import(process.env.PARTS + '/redact.mjs');
  const { readFileSync, truncateSync } = await import('node:fs');
  process.on('SIGXFSZ', () => {});
  const file = process.env.FILE;
  const onLost = () => truncateSync(file, readFileSync(file, 'utf8').lastIndexOf('\\n') + 101);
  const log = { error: () => {} };
  const trail = openAuditTrail({ destination: file, redactor: createRedactor(), log, onLost });
  const entry = { ...JSON.parse(process.env.ENTRY), time: new Date(0) };
  const long = Array.from({ length: 200 }, (_, index) => 'X'.repeat(index + 1)).map((code) => code.slice(0, 61));
  const lines = JSON.parse(process.env.LINES).map((length) => ({ ...entry, errors: length === 'long' ? long : [] }));`;

const writing = {
  'each by itself': 'for (const line of lines) trail.write(line);',
  'in one turn': 'await Promise.all(lines.map((line) => trail.writeBatched(line)));',
};

describe('an incomplete line at the end of the audit trail', () => {
  it.each([
    ['each by itself', ['long', 'short']],
    ['in one turn', ['long', 'short']],
    ['in one turn', ['short', 'long', 'short']],
  ] as const)('does not damage the next line: %s, %j', async (way, lines) => {
    const parts = temporaryFolder();
    await build({
      input: ['audit/audit-trail', 'telemetry/redaction/redact'].map((name) =>
        join(root, 'src', `${name}.ts`),
      ),
      platform: 'node',
      output: { dir: parts, entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
    });
    const file = join(parts, 'audit.log');
    const variables = {
      PARTS: parts,
      FILE: file,
      ENTRY: JSON.stringify(entry),
      LINES: JSON.stringify(lines),
    };
    execFileSync(
      'sh',
      ['-c', 'ulimit -f 2; exec "$0" --input-type=module -e "$1"', process.execPath, cutOff + writing[way]],
      { env: { ...process.env, ...variables } },
    );
    const [end, ...written] = readFileSync(file, 'utf8').split('\n').reverse();
    expect(end).toBe('');
    const cut = lines.toReversed().indexOf('long');
    for (const [index, line] of written.entries()) {
      if (index === cut) expect(line).toHaveLength(100);
      else expect(JSON.parse(line)).toMatchObject({ audit: true, errors: {} });
    }
    expect(written).toHaveLength(lines.length);
  });
});
