import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { FaultSwitch } from '../src/sandbox/faults/switches.ts';
import { settingsFor, startSandbox } from '../src/sandbox/sandbox.ts';
import { recoveryConnectOperations } from '../src/upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../src/upstreams/scollect/operations.ts';
import { corpusOf } from './support/corpus.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { run } from './support/process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { startUpstream } from './support/upstream.ts';

const content = z.strictObject({
  format: z.literal('recollect-shapes'),
  version: z.literal(1),
  operations: z.array(
    z.strictObject({
      upstream: z.enum(['SCOLLECT', 'RECOVERY_CONNECT']),
      operation: z.string(),
      method: z.string(),
      path: z.string(),
      responses: z.array(
        z.strictObject({
          status: z.int(),
          mediaType: z.string(),
          count: z.int(),
          shape: z.record(
            z.string(),
            z.strictObject({
              seen: z.int(),
              types: z.record(z.string(), z.int()),
              blank: z.int().optional(),
              formats: z.record(z.string(), z.int()).optional(),
              length: z.string().optional(),
            }),
          ),
        }),
      ),
      drift: z.array(
        z.strictObject({
          kind: z.enum(['envelope', 'missing_key', 'unexpected_value', 'unknown_key']),
          at: z.string(),
          shape: z.string(),
        }),
      ),
      differences: z.array(
        z.strictObject({
          kind: z.enum(['envelope', 'missing_key', 'unknown_key', 'type', 'format']),
          at: z.string(),
          documented: z.array(z.string()),
          found: z.array(z.string()),
        }),
      ),
    }),
  ),
});

const examine = async (env: Record<string, string>) => {
  const folder = temporaryFolder();
  const file = join(folder, 'shapes.json');
  const ended = await run('doctor/main.js', { AUTH_DISABLED: 'true', ...env }, folder, [], ['--shapes', file])
    .ended;
  const text = readFileSync(file, 'utf8');
  const { operations } = content.parse(JSON.parse(text));
  const differencesOf = (name: string) => {
    const { differences = [] } = operations.find(({ operation }) => operation === name) ?? {};
    return differences.map(({ kind, at }) => `${kind} ${at}`);
  };
  const driftOf = (name: string) => {
    const { drift = [] } = operations.find(({ operation }) => operation === name) ?? {};
    return drift.map(({ kind, at }) => `${kind} ${at}`.trim());
  };
  return { ...ended, folder, file, text, operations, differencesOf, driftOf };
};

const sandboxWith = async (...faults: FaultSwitch[]) => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  sandbox.faults.set(faults);
  return sandbox;
};

/** Passes requests on to a server, and keeps the bodies of its responses. */
const record = async (target: string) => {
  const bodies: unknown[] = [];
  const { url } = await startUpstream(async ({ method, path, query, headers, body }) => {
    const { authorization } = headers;
    const response = await fetch(`${target}${path}?${new URLSearchParams(query)}`, {
      method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...(typeof authorization === 'string' && { authorization }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json: unknown = await response.json();
    bodies.push(json);
    return { status: response.status, json };
  });
  return { url, bodies };
};

const valuesIn = (body: unknown): string[] => {
  if (typeof body === 'object' && body !== null) return Object.values(body).flatMap(valuesIn);
  return typeof body === 'string' || typeof body === 'number' ? [String(body).trim()] : [];
};

const keysIn = (body: unknown): string[] => {
  if (typeof body !== 'object' || body === null) return [];
  const own = Array.isArray(body) ? [] : Object.keys(body);
  return [...own, ...Object.values(body).flatMap(keysIn)];
};

/** Words of the file itself: names in the documentation, and of formats. */
const ownWords = [
  ...['scollect', 'recoveryconnect'].flatMap((system) =>
    corpusOf(system as 'scollect' | 'recoveryconnect').flatMap(({ success, failures, path, operation }) => [
      ...keysIn([success, failures]),
      path,
      operation,
    ]),
  ),
  'recollect-shapes version operations upstream operation method path responses status mediaType count shape',
  'unknown_key missing_key envelope current_page',
  'seen types blank formats length differences kind documented found text number object list boolean null',
  'letters and digits words digits whole decimal negative placeholder several lines yes or no application/json',
]
  .join(' ')
  .toLowerCase();

/** Values, and their words, that a file without values cannot contain. */
const searchedIn = (bodies: readonly unknown[]): string[] => {
  const parts = bodies.flatMap(valuesIn).flatMap((value) => [value, ...value.split(/[^\p{L}\p{N}]+/u)]);
  return [...new Set(parts.map((part) => part.toLowerCase()))].filter(
    (part) => part.length >= 4 && !ownWords.includes(part),
  );
};

describe('doctor --shapes', () => {
  it('writes no value of any response', async () => {
    const sandbox = await sandboxWith();
    const scollect = await record(sandbox.scollect.url);
    const recoveryConnect = await record(sandbox.recoveryConnect.url);
    const { code, text, operations } = await examine({
      ...settingsFor(sandbox),
      SCOLLECT_URL: scollect.url,
      RECOVERYCONNECT_URL: recoveryConnect.url,
    });
    expect(code).toBe(0);
    expect(operations.length).toBeGreaterThan(20);
    const searched = searchedIn([...scollect.bodies, ...recoveryConnect.bodies]);
    expect(searched.length).toBeGreaterThan(200);
    const written = text.toLowerCase();
    expect(searched.filter((part) => written.includes(part))).toEqual([]);
    for (const secret of [sandbox.scollect.apiKey, sandbox.recoveryConnect.username, '127.0.0.1']) {
      expect(written).not.toContain(secret);
    }
  });

  it('writes a new file for its owner only, and reports it', async () => {
    const { stdout, folder, file } = await examine({});
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['shapes.json']);
    expect(stdout).toMatch(/^ok {6}Shapes of the responses +written: \d+ operations, without values\.$/m);
  });

  it('rejects a file that exists before anything is examined', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'CANARY.json');
    writeFileSync(file, 'old');
    const ended = await run('doctor/main.js', {}, folder, [], ['--shapes', file]).ended;
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr:
        '--shapes: the file exists; expected the path of a new file.\nnpm run doctor -- --help lists the options.\n',
    });
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  it('is in trouble if the file cannot be written', async () => {
    const file = join(temporaryFolder(), 'CANARY', 'shapes.json');
    const { code, stdout } = await run('doctor/main.js', {}, undefined, [], ['--shapes', file]).ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^TROUBLE Shapes of the responses +--shapes: the file cannot be written; the system says ENOENT\.$/m,
    );
    expect(stdout).not.toContain('CANARY');
  });

  it('masks keys and values of hostile responses', async () => {
    const row = { filenumber: 'R1050', id: 1, phonenumber: '678-932-1578' };
    const people = {
      '111-22-3333': { 'Mary Jones': 'CANARY 1 Main St' },
      '222-33-4444': { Smith: 'CANARY' },
      'mary.jones@example.com': '4111111111111111',
      '6789321578': true,
      CANARY: ['CANARY'],
    };
    const scollect = await startCorpusUpstream('scollect', {
      getphones: { json: { result: [{ ...row, people, CANARY: 1 }], state: 'SUCCESS', CANARY: 'CANARY' } },
      getnotes: { json: people, headers: { 'content-type': 'application/canary' } },
      getemails: { html: '<p>CANARY</p>' },
    });
    const { text, stdout, differencesOf } = await examine({
      SCOLLECT_URL: scollect.url,
      SCOLLECT_API_KEY: 'CANARY',
      SCOLLECT_PIN: 'CANARY',
    });
    for (const output of [text, stdout]) {
      expect(output).not.toMatch(
        /canary|\bmary|jones|smith|example|111-22|222-33|4444|3333|4111|6789|Main St|R1050/i,
      );
    }
    expect(text).toContain('result[].{letters}.{999-99-9999}.{words}');
    expect(differencesOf('getphones')).toContain('unknown_key result[].{letters}');
  });

  it.each([
    ['SCOLLECT', 'getphones'],
    ['RECOVERY_CONNECT', 'listBorrowerPhones'],
  ] as const)('lists what differs in responses with wrong types (%s)', async (_, operation) => {
    const sandbox = await sandboxWith({ operation, fault: 'wrong-types' });
    const { code, stdout, differencesOf, driftOf } = await examine(settingsFor(sandbox));
    expect(code).toBe(1);
    expect(driftOf(operation)).toEqual(['envelope']);
    expect(differencesOf(operation).length).toBeGreaterThan(0);
    expect(stdout).toMatch(new RegExp(`^note .* ${operation}, drift +differs from the documentation: `, 'm'));
  });

  it('lists renamed keys, other formats and other types', async () => {
    const documented = corpusOf('scollect').find(({ operation }) => operation === 'getphones')?.success;
    const { result } = z.object({ result: z.array(z.record(z.string(), z.unknown())) }).parse(documented);
    const renamed = result.map(({ phonestatus, ...row }) => ({
      ...row,
      phone_status: phonestatus,
      phonenumber: '(678) 932-1578',
      id: { value: 1 },
      lastchange: '2023-11-27T12:15:27Z',
    }));
    const sandbox = await sandboxWith({
      operation: 'getphones',
      fault: 'replace-answer',
      body: JSON.parse(JSON.stringify({ result: renamed, state: 'SUCCESS' })),
    });
    const { stdout, differencesOf, driftOf } = await examine(settingsFor(sandbox));
    expect(driftOf('getphones').sort()).toEqual([
      'missing_key phonestatus',
      'unexpected_value id',
      'unknown_key phone_status',
    ]);
    expect(stdout).toMatch(
      /^note {4}Scollect getphones, drift .*unknown key phone_status \(letters \(\d+-\d+\)\)/m,
    );
    expect(differencesOf('getphones').sort()).toEqual([
      'format result[].lastchange',
      'format result[].phonenumber',
      'missing_key result[].phonestatus',
      'type result[].id',
      'unknown_key result[].phone_status',
    ]);
  });

  it('lists no difference for the documented responses, and writes none of their values', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const recoveryConnect = await startCorpusUpstream('recoveryconnect');
    const { operations, text } = await examine({
      SCOLLECT_URL: scollect.url,
      SCOLLECT_API_KEY: 'key',
      SCOLLECT_PIN: 'pin',
      RECOVERYCONNECT_URL: recoveryConnect.url,
      RECOVERYCONNECT_TOKEN: 'token',
    });
    const known = Object.keys({ ...scollectOperations, ...recoveryConnectOperations });
    expect(operations.length).toBeGreaterThan(20);
    expect(operations.filter(({ operation }) => !known.includes(operation))).toEqual([]);
    expect(operations.flatMap(({ operation, drift }) => drift.map((one) => [operation, one]))).toEqual([]);
    expect(
      operations.flatMap(({ operation, differences }) => differences.map((one) => [operation, one])),
    ).toEqual([]);
    const examined = new Set(operations.map(({ operation }) => operation));
    const bodies = [...corpusOf('scollect'), ...corpusOf('recoveryconnect')]
      .filter(({ operation }) => examined.has(operation))
      .map(({ success }) => success);
    const searched = searchedIn(bodies);
    expect(searched.length).toBeGreaterThan(400);
    const written = text.toLowerCase();
    expect(searched.filter((part) => written.includes(part))).toEqual([]);
  });
});
