import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { formNames, requestIn } from '../../bench/src/forms.ts';
import { createKeys } from '../../bench/src/keys.ts';
import type { Operation } from '../../bench/src/operations.ts';
import { recollectDialect } from '../../bench/src/recollect-dialect.ts';
import { limit, recollect, type Server } from '../../bench/src/servers.ts';
import { type Stand, startStand } from '../../bench/src/stand.ts';
import { templateOf } from '../../bench/src/template.ts';
import { portfolioList, portfolioName, portfolioNumberIn } from '../../bench/src/wire.ts';
import { workloads } from '../../bench/src/workloads.ts';
import { mayBeKept } from '../../src/operation/document-cache.ts';
import { root } from '../support/root.ts';

let stand: Stand;

beforeAll(async () => {
  // What `npm run bench` starts is what is compiled.
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', join(root, 'bench/tsconfig.json')]);
  stand = await startStand();
});

afterAll(() => stand.stop());

const streamOf = (operation: Operation, clients = 1) => ({ operation, clients, haveEqualKeys: false });

const started = async (server: Server, operation: Operation) => {
  const standing = await stand.start(server, [streamOf(operation)]);
  onTestFinished(() => standing.stop());
  return standing;
};

const calls = {
  account: { getaccount: 1, getphones: 1, getpayments: 1 },
  newDocument: { getaccount: 1, getphones: 1, getpayments: 1 },
  // Failures are not repeated, and open no circuit breaker.
  failing: { getaccount: 1, getphones: 1, getpayments: 1 },
  accountsOfPhone: { searchbyphone: 1, getphones: 50, getpayments: 50 },
  portfolioPage: { getportfoliolist: 1, get_accounts_in_portfolio: 1 },
  largePage: { getportfoliolist: 1, get_accounts_in_portfolio: 1 },
  orders: { filterOrders: 1, listOrderBorrowers: 4, listBorrowerPhones: 8 },
  note: { InsertNoteline: 1 },
  payment: { run_payment_external: 1 },
} as const satisfies Readonly<Record<Operation, Readonly<Record<string, number>>>>;

describe.each([limit, recollect])('$title in the bench', (server) => {
  const operations = (Object.keys(calls) as Operation[]).filter((name) => server.lacks[name] === undefined);

  it.each(operations)(
    'answers %s as expected, by the calls that are needed and no others',
    async (operation) => {
      const standing = await started(server, operation);
      const { streams, upstreamCalls } = await standing.measure([streamOf(operation)], 0.2);
      const answers = streams[0]?.answers ?? 0;
      expect(answers).toBeGreaterThan(0);
      expect(upstreamCalls).toEqual(
        Object.fromEntries(Object.entries(calls[operation]).map(([name, count]) => [name, count * answers])),
      );
    },
  );
});

describe('Recollect in the bench, asked in the form of a client', () => {
  it.each(formNames)('answers as expected: %s', async (form) => {
    const stream = { ...streamOf('account'), form };
    const standing = await stand.start(recollect, [stream]);
    onTestFinished(() => standing.stop());
    const { streams } = await standing.measure([stream], 0.2);
    expect(streams[0]?.answers).toBeGreaterThan(0);
  });

  it.each([
    ['plain', ['query', 'variables']],
    ['apollo', ['operationName', 'variables', 'extensions', 'query']],
    ['urql', ['operationName', 'query', 'variables']],
    ['relay', ['query', 'variables']],
    ['graphql-request', ['query', 'variables', 'operationName']],
    ['persisted', ['documentId', 'operationName', 'query', 'variables']],
  ] as const)('is sent the keys that the client sends: %s', (form, keys) => {
    const { body } = requestIn(form, 'query Other { __typename }');
    const sent = JSON.parse(body) as Readonly<Record<string, unknown>>;
    expect(Object.keys(sent)).toEqual(keys);
    // The name is that of the document, and not that of the recorded one.
    expect(sent['operationName'] ?? 'Other').toBe('Other');
  });
});

describe('the baseline, asked by the id of a document', () => {
  it('answers as expected', async () => {
    const stream = { ...streamOf('account'), form: 'persisted' } as const;
    const standing = await stand.start(limit, [stream]);
    onTestFinished(() => standing.stop());
    const { streams } = await standing.measure([stream], 0.2);
    expect(streams[0]?.answers).toBeGreaterThan(0);
  });
});

describe('new documents', () => {
  it('differ from each other, and are equally long', () => {
    const { body } = requestIn('plain', recollectDialect.documents.newDocument ?? '');
    const next = createKeys('newDocument', false);
    const bodies = Array.from({ length: 2000 }, () => templateOf(body).fill(next()));
    const documents = new Set(bodies.map((text) => (JSON.parse(text) as { query: string }).query));
    expect(documents.size).toBe(2000);
    expect(new Set(bodies.map(({ length }) => length)).size).toBe(1);
  });

  it('are such as Recollect keeps, as those of clients', () => {
    const document = templateOf(recollectDialect.documents.newDocument ?? '').fill('D0001234');
    expect(mayBeKept(parse(document))).toBe(true);
  });
});

describe('a measurement', () => {
  it('measures CPU time, memory and event-loop delay of the server alone', async () => {
    const standing = await started(limit, 'account');
    const measured = await standing.measure([streamOf('account', 8)], 0.5);
    expect(measured.cpuMs).toBeGreaterThan(0);
    expect(measured.peakRssMb).toBeGreaterThan(20);
    expect(measured.loopDelay).toEqual({ p99Ms: expect.any(Number), longestMs: expect.any(Number) });
  });
});

describe('a server that answers otherwise than expected', () => {
  it('is not measured', async () => {
    const wrong = { ...limit, dialect: 'mapped' } as const;
    await expect(stand.start(wrong, [streamOf('account')])).rejects.toThrow('A wrong answer to account');
  });
});

describe('the pages of portfolios', () => {
  it('are of another portfolio each time, in one run after the other', () => {
    const asked = [1, 2].flatMap(() => {
      const next = createKeys('portfolioPage', false);
      return Array.from({ length: 1000 }, next);
    });
    expect(new Set(asked).size).toBe(2000);
  });

  it('are of portfolios that the upstream lists when the one before was asked for', () => {
    for (const last of [0, 5, 9999]) {
      const names = portfolioList(last).map(({ portfolio }) => portfolio);
      expect(names).toContain(portfolioName(last + 1));
    }
    expect(portfolioNumberIn(JSON.stringify({ portfolio: portfolioName(1234) }))).toBe(1234);
  });
});

describe('the workloads', () => {
  it('have names of their own', () => {
    expect(new Set(workloads.map(({ name }) => name)).size).toBe(workloads.length);
  });
});
