import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type Scope, scopes } from '../../src/operation/caller.ts';
import { leaksIn } from '../support/canary-forms.ts';
import { startCollector } from '../support/collector.ts';
import { type Running, run } from '../support/process.ts';
import { jwtSecret, tokenFor } from '../support/token.ts';
import { canaries, configured, written } from './canaries.ts';

/** Something that came out of the gateway. */
export interface Output {
  readonly name: string;
  readonly text: string;
}

export interface Answer extends Output {
  readonly status: number;
  readonly body: string;
}

export const withoutPersonal: readonly Scope[] = scopes.filter((scope) => scope !== 'pii:read');

/** A folder that goes with its test. */
export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'recollect-leaks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** What a caller's request has in its headers, none of which is anybody's to see. */
const canaryHeaders = {
  'user-agent': `canary ${written.card}`,
  referer: `https://app.example.com/?ssn=${written.SSN}`,
  cookie: `session=${written['claim of a token']}`,
  'x-request-id': written['idempotency key'],
  'x-forwarded-for': written['bank account'],
  'x-api-key': configured['API key'],
};

export interface Options {
  readonly env: Readonly<Record<string, string>>;
  /** What the calls for each tenant are made with; without them, the environment decides. */
  readonly tenants?: Readonly<Record<string, object>>;
}

export interface Ask {
  readonly scopes?: readonly Scope[];
  readonly tenant?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  /** Behind the address of the gateway. */
  readonly path?: string;
  /** Sent with a token of this caller unless it is false. */
  readonly authorization?: false | string;
}

const headersOf = (response: Response): string => JSON.stringify([...response.headers]);

const bearers = new Map<string, string>();

/** The same token for all requests of a caller. */
const bearer = ({ scopes: allowed = scopes, tenant }: Ask): string => {
  const claims = {
    scope: allowed.join(' '),
    note: written['claim of a token'],
    ...(tenant !== undefined && { tenant }),
  };
  const name = JSON.stringify(claims);
  const token = bearers.get(name) ?? tokenFor(claims);
  bearers.set(name, token);
  return `Bearer ${token}`;
};

/** All files below a folder as one text each; every byte is a character. */
const filesIn = (folder: string): Output[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ name, text: `${name}\n${readFileSync(join(folder, name), 'latin1')}` }));

/** What anybody on this machine may see of a process, but for figures, which may have any digits. */
const titleOf = ({ process: { pid } }: Running): Output[] =>
  ['cmdline', 'comm']
    .map((name) => `/proc/${pid}/${name}`)
    .filter((name) => existsSync(name))
    .map((name) => ({ name: name.replace(String(pid), 'pid'), text: readFileSync(name, 'latin1') }));

/** Starts what is run in production, in a folder of its own, and keeps all that comes out of it. */
export const startHunt = async ({ env, tenants }: Options) => {
  const folder = newFolder();
  const answers: Answer[] = [];
  const used = new Set<string>();
  let settings: Record<string, string> = {};
  if (tenants) {
    // Its owner's alone, and outside of what is searched: it holds what it is to hold.
    const file = join(newFolder(), 'credentials.json');
    writeFileSync(file, JSON.stringify({ tenants }), { mode: 0o600 });
    settings = { CREDENTIALS_FILE: file };
  }
  mkdirSync(join(folder, 'log'));
  const collector = await startCollector();
  const gateway = run(
    'main.js',
    {
      PORT: '0',
      NODE_ENV: 'production',
      AUTH_JWT_SECRET: jwtSecret,
      STORE_KEY: configured['gateway key'],
      AUDIT_LOG: join(folder, 'log', 'audit.jsonl'),
      RATE_LIMIT_PER_CALLER: '0',
      RATE_LIMIT_PER_ADDRESS: '0',
      MAX_UPSTREAM_CALLS: '50000',
      LOG_LEVEL: 'trace',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      ...settings,
      ...env,
    },
    folder,
  );
  const url = await gateway.line(/^Recollect is ready at (\S+)$/m);

  const send = async (body: string | undefined, ask: Ask = {}): Promise<Answer> => {
    const authorization = ask.authorization ?? bearer(ask);
    if (authorization !== false) used.add(authorization.replace(/^Bearer /, ''));
    const method = ask.method ?? 'POST';
    const response = await fetch(new URL(ask.path ?? '/graphql', url), {
      method,
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'x-recollect-trace': '1',
        'x-recollect-cost': '1',
        ...canaryHeaders,
        ...(authorization !== false && { authorization }),
        ...ask.headers,
      },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const name = `${method} ${ask.path ?? ''} ${body?.slice(0, 300) ?? ''}`;
    const first = `${response.status} ${response.statusText} ${headersOf(response)}`;
    const answer = { name, status: response.status, body: text, text: `${first}\n${text}` };
    answers.push(answer);
    return answer;
  };

  /** Looks at what operators see, as anybody can. */
  const inspect = async (): Promise<void> => {
    for (const path of ['/health', '/ready', '/metrics']) {
      await send(undefined, { method: 'GET', path, authorization: false });
    }
  };

  /** Ends the gateway, and gives all outputs but the answers: before its end, and after it. */
  const end = async (): Promise<Output[]> => {
    await inspect();
    const before = [...filesIn(folder), ...titleOf(gateway)];
    gateway.process.kill('SIGTERM');
    const { code, stdout, stderr } = await gateway.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(collector.spans()).not.toEqual([]);
    return [
      ...before,
      ...filesIn(folder).map(({ name, text }) => ({ name: `${name} at the end`, text })),
      { name: 'stdout', text: stdout },
      { name: 'stderr', text: stderr },
      { name: 'traces', text: collector.text() },
    ];
  };

  return {
    url,
    folder,
    send,
    inspect,
    end,
    answers,
    ask: (query: string, variables: object = {}, ask: Ask = {}) =>
      send(JSON.stringify({ query, variables }), ask),
    /** The canaries, and the tokens that callers came with. */
    secrets: (): Readonly<Record<string, string>> => ({
      ...canaries,
      ...Object.fromEntries([...used].flatMap((token, index) => partsOf(token, index))),
    }),
  };
};

export type Hunt = Awaited<ReturnType<typeof startHunt>>;

/** The signature makes it a token; what it is about stands in the middle. */
const partsOf = (token: string, index: number): [string, string][] =>
  token
    .split('.')
    .slice(1)
    .filter((part) => part.length > 20)
    .map((part, place) => [`part ${place + 1} of token ${index}`, part]);

/** Returns every canary in every output. */
export const leaksAmong = (outputs: readonly Output[], secrets: Readonly<Record<string, string>>) =>
  outputs
    .map(({ name, text }) => ({ name, leaks: leaksIn(text, secrets) }))
    .filter(({ leaks }) => leaks.length > 0);

/** Some at a time. */
export const together = async <Item>(
  items: readonly Item[],
  run: (item: Item, index: number) => Promise<unknown>,
  width = 8,
): Promise<void> => {
  const waiting = items.entries();
  const some = async (): Promise<void> => {
    for (const [index, item] of waiting) await run(item, index);
  };
  await Promise.all(Array.from({ length: width }, some));
};
