import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOperationNotes } from '../src/audit/audit.ts';
import { type AuditEntry, auditLine } from '../src/audit/audit-line.ts';
import { openAuditTrail } from '../src/audit/audit-trail.ts';
import { createMetrics } from '../src/telemetry/metrics.ts';
import { createRedactor } from '../src/telemetry/redaction/redact.ts';
import { auditEntry as entry } from './support/audit-entry.ts';
import { errorLog, silentLog } from './support/gateway.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const redactor = createRedactor({ secrets: ['Open Sesame'] });

const open = (destination: string, options: Partial<Parameters<typeof openAuditTrail>[0]> = {}) => {
  const trail = openAuditTrail({ destination, redactor, log: silentLog, ...options });
  onTestFinished(() => trail.close());
  return trail;
};

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

const namesIn = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).operation);

const lineOf = (differing: Partial<AuditEntry>): Record<string, unknown> => {
  const file = join(temporaryFolder(), 'audit.log');
  open(file).write({ ...entry, ...differing });
  return JSON.parse(readFileSync(file, 'utf8'));
};

describe('the file of the audit trail', () => {
  it('is created readable by its owner only, as is its folder', () => {
    const folder = join(temporaryFolder(), 'deep', 'audit');
    open(join(folder, 'audit.log')).write(entry);
    expect([modeOf(folder), modeOf(join(folder, 'audit.log'))]).toEqual(['700', '600']);
  });

  it('becomes readable by its owner only if others could read it', () => {
    const file = join(temporaryFolder(), 'audit.log');
    writeFileSync(file, '');
    chmodSync(file, 0o644);
    open(file);
    expect(modeOf(file)).toBe('600');
  });

  it('is appended to', () => {
    const file = join(temporaryFolder(), 'audit.log');
    open(file).write({ ...entry, operation: 'One' });
    open(file).write({ ...entry, operation: 'Two' });
    expect(namesIn(file)).toEqual(['One', 'Two']);
  });

  it('contains the lines of a turn of the event loop at its end, in order', async () => {
    const file = join(temporaryFolder(), 'audit.log');
    const trail = open(file);
    const turn = ['One', 'Two'].map((operation) => trail.writeBatched({ ...entry, operation }));
    expect(readFileSync(file, 'utf8')).toBe('');
    await Promise.all(turn);
    expect(namesIn(file)).toEqual(['One', 'Two']);
    void trail.writeBatched({ ...entry, operation: 'Three' });
    trail.write({ ...entry, operation: 'Four' });
    expect(namesIn(file)).toEqual(['One', 'Two', 'Three', 'Four']);
    await trail.writeBatched({ ...entry, operation: 'Five' });
    expect(namesIn(file)).toEqual(['One', 'Two', 'Three', 'Four', 'Five']);
  });

  it('contains the lines of an unfinished turn when it is closed or reopened', () => {
    const file = join(temporaryFolder(), 'audit.log');
    const trail = openAuditTrail({ destination: file, redactor, log: silentLog });
    void trail.writeBatched({ ...entry, operation: 'One' });
    renameSync(file, `${file}.1`);
    trail.reopen();
    void trail.writeBatched({ ...entry, operation: 'Two' });
    trail.close();
    expect([namesIn(`${file}.1`), namesIn(file)]).toEqual([['One'], ['Two']]);
  });

  it('is created again after it was moved; no line is lost', () => {
    const file = join(temporaryFolder(), 'audit.log');
    const logged: unknown[] = [];
    const log = { ...silentLog, info: (...line: unknown[]) => void logged.push(line) };
    const trail = open(file, { log });
    trail.write({ ...entry, operation: 'One' });
    renameSync(file, `${file}.1`);
    trail.write({ ...entry, operation: 'Two' });
    expect(logged).toEqual([]);
    trail.reopen();
    expect(logged).toEqual([[{}, 'the audit trail was reopened']]);
    trail.write({ ...entry, operation: 'Three' });
    expect(namesIn(`${file}.1`)).toEqual(['One', 'Two']);
    expect(namesIn(file)).toEqual(['Three']);
    expect(modeOf(file)).toBe('600');
  });

  it('continues with the old file if a new one cannot be created', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'audit.log');
    const logged: unknown[] = [];
    const trail = open(file, { log: errorLog((...line) => void logged.push(line)) });
    renameSync(file, `${file}.1`);
    mkdirSync(file);
    trail.reopen();
    trail.write({ ...entry, operation: 'One' });
    rmdirSync(file);
    expect(namesIn(`${file}.1`)).toEqual(['One']);
    expect(logged).toEqual([
      [{ code: 'EISDIR' }, 'the audit trail cannot be reopened and continues in the old file'],
    ]);
  });

  it('that cannot be opened lets the start fail', () => {
    const folder = temporaryFolder();
    expect(() => open(folder)).toThrow('EISDIR');
    writeFileSync(join(folder, 'file'), '');
    expect(() => open(join(folder, 'file', 'audit.log'))).toThrow(/ENOTDIR|EEXIST/);
  });
});

describe('an audit trail that cannot be written', () => {
  it('does not stop the gateway, is counted, and is logged from time to time', async () => {
    const logged: unknown[] = [];
    const metrics = createMetrics();
    const trail = open('/dev/full', {
      log: errorLog((...line) => void logged.push(line)),
      onLost: metrics.onAuditLineLost,
    });
    for (let line = 0; line < 3; line += 1) trail.write(entry);
    expect(logged).toEqual([[{ code: 'ENOSPC', lines: 1 }, 'the audit trail cannot be written']]);
    expect(await metrics.read()).toContain('\nrecollect_audit_lines_lost_total 3\n');
  });

  it('loses and counts each line of a turn', async () => {
    const metrics = createMetrics();
    const trail = open('/dev/full', { onLost: metrics.onAuditLineLost });
    await Promise.all([1, 2, 3].map(() => trail.writeBatched(entry)));
    expect(await metrics.read()).toContain('\nrecollect_audit_lines_lost_total 3\n');
  });

  it('can be turned off', async () => {
    expect(() => open('off').write(entry)).not.toThrow();
    await expect(open('off').writeBatched(entry)).resolves.toBeUndefined();
  });
});

describe('a line of the audit trail', () => {
  it("has the name of the operation, unless it could be somebody's or is a secret", () => {
    const secretive = createRedactor({ secrets: ['Chargeback'] });
    const operation = 'GetChargebacks';
    for (const [name, redactor, shown] of [
      [operation, secretive, null],
      [operation, createRedactor(), operation],
      [operation, secretive, null],
      ['SSN_123456789', secretive, null],
      ['Q', secretive, 'Q'],
      ['Q', secretive, 'Q'],
    ] as const) {
      const line = JSON.parse(auditLine({ ...entry, operation: name }, redactor)) as unknown;
      expect(line).toMatchObject({ operation: shown });
    }
  });

  it('contains all recorded values', () => {
    const notes = createOperationNotes();
    notes.record('Account', 'R1001');
    notes.record('Account', 'R1001');
    notes.shown('Borrower.ssn');
    notes.shown('Borrower.ssn');
    notes.searched('ssn', '219099999');
    notes.wrote('runPayment', 'OutcomeUnknownError', '1b4e28ba-2fa1-41d2-883f-0016d3cca427');
    notes.wrote('addNote', null);
    notes.called();
    expect(lineOf({ noted: notes.noted() })).toMatchObject({
      records: ['Account:R1001'],
      recordCount: 1,
      shown: ['Borrower.ssn'],
      searches: [{ by: 'ssn', key: '***-**-9999' }],
      writes: [
        {
          mutation: 'runPayment',
          outcome: 'OutcomeUnknownError',
          outcomeId: '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
        },
        { mutation: 'addNote', outcome: null },
      ],
      upstreamCalls: 1,
    });
  });

  it.each([
    ['Account', 'R1001', 'Account:R1001'],
    ['Order', '57062885', 'Order:57062885'],
    ['Account', '219-09-9999', 'Account:…'],
    ['Account', '4242424242424242', 'Account:…'],
    ['Order', '123456789012', 'Order:…'],
  ] as const)('masks the key of %s:%s if it could be personal', (type, key, shown) => {
    const notes = createOperationNotes();
    notes.record(type, key);
    expect(lineOf({ noted: notes.noted() })).toMatchObject({ records: [shown], recordCount: 1 });
  });

  it.each([
    ['jane', 'jane'],
    ['jane.roe@agency.example', 'jane.roe@agency.example'],
    ['auth0|5f7c8ec7c33c6c004bbafe82', 'auth0|5f7c8ec7c33c6c004bbafe82'],
    ['103812345678901234567', '103812345678901234567'],
    ['219-09-9999', '…'],
    ['219099999', '…'],
    ['4242424242424242', '…'],
    ['of C:\\Users\\jane', 'of …'],
    ['Open Sesame', '…'],
  ])('names the caller %s as %s', (id, caller) => {
    expect(lineOf({ caller: { id, tenant: id } })).toMatchObject({ caller, tenant: caller });
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['', null],
    ['219-09-9999', null],
  ])('contains an IP address or none: %j', (address, shown) => {
    expect(lineOf({ address })).toMatchObject({ address: shown });
  });

  it.each([
    ['desk-4242424242424242', '219-09-9999'],
    ['jane@agency.example', '219099999'],
    ['a'.repeat(61), '1'.repeat(41)],
    ['desk\n{"audit":true}', '1.0"'],
    ['password=hunter2', 'Bearer abcdefgh'],
    ['Öffentlich', ''],
  ])('omits a client program named %j in version %j', (name, version) => {
    expect(lineOf({ client: { name, version } })).toMatchObject({ client: null, clientVersion: null });
  });

  it.each([
    ['1b4e28ba-2fa1-41d2-883f-0016d3cca427', '1b4e28ba-2fa1-41d2-883f-0016d3cca427'],
    ['7f3d2a1c9b8e4f60a1b2c3d4e5f60718', '7f3d2a1c9b8e4f60a1b2c3d4e5f60718'],
    ['edge-fra1.k9fa-0042', 'edge-fra1.k9fa-0042'],
    ['219-09-9999', '…'],
    ['ab4242424242424242abcdefabcdefab', '…'],
  ])('contains the id %s of a request as %s', (requestId, shown) => {
    expect(lineOf({ requestId })).toMatchObject({ requestId: shown });
  });

  it('distinguishes documents by their digest, but not by the numbers in them', () => {
    const digestOf = (document: string) => lineOf({ document })['document'];
    const document = '{ account(fileNumber: "R1001") { status } }';
    expect(digestOf(document)).toBe(createHash('sha256').update(document).digest('hex'));
    expect(digestOf(document.replace('R1001', 'R1002'))).not.toBe(digestOf(document));
    const ofSsn = (ssn: string) => `{ accountsBySsn(ssn: "${ssn}") { status } }`;
    expect(digestOf(ofSsn('219-09-9999'))).toBe(digestOf(ofSsn('111-22-3333')));
  });

  it('remembers a digest for the source with that very text only', () => {
    const noted = createOperationNotes().noted();
    const digestOf = (document: string, source: { readonly body: string }) =>
      lineOf({ document, source, noted })['document'];
    const [source, other] = [{ body: '{ a }' }, { body: '{ b }' }];
    const own = createHash('sha256').update('{ a }').digest('hex');
    expect([digestOf('{ a }', source), digestOf('{ a }', source)]).toEqual([own, own]);
    expect(digestOf('{ b }', source)).toBe(digestOf('{ b }', other));
    expect(digestOf('{ a }', other)).toBe(own);
  });

  it.each<readonly [string, (code: string) => string]>([
    ['a security code', (code) => `mutation { pay(card: { securityCode: "${code}" }) }`],
    ['a security code without quotation marks', (code) => `mutation { pay(card: { securityCode:${code} }) }`],
    ['a security code in a block text', (code) => `mutation { pay(card: { securityCode: """${code}""" }) }`],
    ['the default of a security code', (code) => `query ($c: SecurityCode! = "${code}") { pay(code: $c) }`],
    ['a security code under another name', (code) => `mutation { pay(card: { cvv: "${code}" }) }`],
    ['a date of birth', (code) => `mutation { update(born: "1984-0${code.at(0)}-${code.slice(1)}") }`],
    ['an account at a bank', (code) => `mutation { pay(bank: { accountNumber: "12345${code}" }) }`],
  ])('has one digest for documents that differ only in %s', (_, documentWith) => {
    const digestOf = (code: string) => lineOf({ document: documentWith(code) })['document'];
    expect(digestOf('119')).toBe(digestOf('523'));
  });

  it('keeps the name of the variable of a security code in the digest', () => {
    const digestOf = (name: string) =>
      lineOf({ document: `query ($${name}: SecurityCode!) { pay(card: { securityCode: $${name} }) }` })[
        'document'
      ];
    expect(digestOf('code')).not.toBe(digestOf('other'));
  });

  it('counts error codes, and does not repeat unknown ones', () => {
    expect(lineOf({ errors: ['FORBIDDEN', 'FORBIDDEN', 'of 219-09-9999'] })).toMatchObject({
      errors: { FORBIDDEN: 2, OTHER: 1 },
    });
  });
});
