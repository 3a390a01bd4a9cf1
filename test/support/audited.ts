import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openAuditTrail } from '../../src/audit/audit-trail.ts';
import { createRedactor } from '../../src/telemetry/redaction/redact.ts';
import { silentLog, startGateway } from './gateway.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type AuditLine = Readonly<Record<string, unknown>>;

/** A gateway with its audit trail in a file. */
export const startAudited = async (options: Parameters<typeof startGateway>[0] = {}) => {
  const file = join(temporaryFolder(), 'audit.log');
  const audit = openAuditTrail({ destination: file, redactor: createRedactor(), log: silentLog });
  onTestFinished(() => audit.close());
  const text = (): string => readFileSync(file, 'utf8');
  return {
    ...(await startGateway({ audit, ...options })),
    text,
    /** All lines so far. */
    lines: (): AuditLine[] =>
      text()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as AuditLine),
  };
};
