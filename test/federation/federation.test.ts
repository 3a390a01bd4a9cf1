import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/operation/caller.ts';
import { packagesIn } from '../support/loaded-packages.ts';
import { run } from '../support/process.ts';
import { root } from '../support/root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { tokenFor } from '../support/token.ts';
import { canRunRouters } from './packages.ts';
import type { Router, RouterModule, Service } from './routers/router.ts';
import { type RunningGateway, startSubgraphProcess } from './running-gateway.ts';

/** The modules of `routers/`, which import the packages of a router. */
const routers = [
  ['@apollo/composition and @apollo/gateway', 'apollo'],
  ['@theguild/federation-composition and Hive Gateway', 'hive'],
] as const;

interface SecondSubgraph {
  readonly secondSdl: string;
  readonly startSecondSubgraph: () => Promise<{ readonly url: string; readonly stop: () => Promise<void> }>;
}

const load = <Module>(file: string) => import(`./routers/${file}.ts`) as Promise<Module>;

const isThere = canRunRouters('tests of routers of a federation');

const bearer = (...scopes: readonly Scope[]): string => `Bearer ${tokenFor({ scope: scopes.join(' ') })}`;

const ownSdl = readFileSync(join(root, 'subgraph.graphql'), 'utf8');

describe.skipIf(!isThere)('subgraphs', () => {
  const compose = async (file: string, own: string, other?: string) => {
    const module = await load<RouterModule>(file);
    const { secondSdl } = await load<SecondSubgraph>('second-subgraph');
    return module.compose([
      { name: 'recollect', url: 'http://recollect', sdl: own },
      { name: 'second', url: 'http://second', sdl: other ?? secondSdl },
    ]);
  };

  it.each(routers)('are composed by %s', async (_, file) => {
    const { errors, supergraph } = await compose(file, ownSdl);
    expect(errors).toEqual([]);
    expect(supergraph).toMatch(/riskScore: Int @join__field\(graph: SECOND/);
  });

  it.each(routers)('are composed as docs/federation.md shows it: %s', async (_, file) => {
    const page = readFileSync(join(root, 'docs/federation.md'), 'utf8');
    const [, shown = ''] = /```graphql\n(.*?)```/s.exec(page) ?? [];
    const { errors, supergraph } = await compose(file, ownSdl, shown);
    expect(errors).toEqual([]);
    expect(supergraph).toMatch(/riskScore: Int @join__field\(graph: SECOND/);
  });

  it.each(routers)('are not composed without the rules for PageInfo, node and nodes: %s', async (_, file) => {
    const unshared = await compose(file, ownSdl.replace('type PageInfo @shareable', 'type PageInfo'));
    expect(new Set(unshared.errors)).toEqual(new Set(['INVALID_FIELD_SHARING']));
    const withNode = await compose(
      file,
      ownSdl.replace('type Query {', 'type Query {\n  node(id: ID!): Node'),
    );
    expect(new Set(withNode.errors)).toEqual(new Set(['INVALID_FIELD_SHARING']));
  });
});

describe.skipIf(!isThere).each(routers)('%s', (_, file) => {
  let gateway: RunningGateway;
  let router: Router;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const { compose, startRouter } = await load<RouterModule>(file);
    const { secondSdl, startSecondSubgraph } = await load<SecondSubgraph>('second-subgraph');
    gateway = await startSubgraphProcess();
    stops.push(gateway.stop);
    const second = await startSecondSubgraph();
    stops.push(second.stop);
    const services: Service[] = [
      { name: 'recollect', url: gateway.url, sdl: ownSdl },
      { name: 'second', url: second.url, sdl: secondSdl },
    ];
    const { supergraph = '', errors } = compose(services);
    expect(errors).toEqual([]);
    router = await startRouter(supergraph);
    stops.push(router.stop);
  });

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  const ask = async (query: string, authorization?: string, variables: object = {}) => {
    gateway.lines();
    return router.ask(query, variables, authorization);
  };

  const reader = bearer('accounts:read', 'orders:read');

  it('adds fields of another subgraph to an account', async () => {
    const { data, errors } = await ask(
      '{ account(fileNumber: "r3013") { fileNumber status riskScore phones { number } } }',
      reader,
    );
    expect(errors).toBeUndefined();
    expect(data.account).toMatchObject({ fileNumber: 'R3013', status: expect.any(String), riskScore: 13 });
    expect(data.account.phones.length).toBeGreaterThan(0);
  });

  it('reads entities of another subgraph in one request, in their order; a missing one is null', async () => {
    const { data } = await ask('{ riskiest { fileNumber currentBalance riskScore } }', reader);
    expect(data.riskiest).toEqual([
      { fileNumber: 'R3013', currentBalance: expect.any(String), riskScore: 13 },
      null,
      { fileNumber: 'R3003', currentBalance: expect.any(String), riskScore: 3 },
    ]);
    expect(gateway.lines()).toMatchObject([
      { type: 'query', caller: 'alice', records: ['Account:R3013', 'Account:R3003'] },
    ]);
  });

  it('finds orders by their own key', async () => {
    const { data, errors } = await ask(
      '{ urgentOrders { orderId priority caseNumber borrowers { fullName } } }',
      reader,
    );
    expect(errors).toBeUndefined();
    expect(data.urgentOrders).toMatchObject([
      { orderId: '56100013', priority: 'high' },
      { orderId: '56100003', priority: 'high' },
    ]);
    expect(data.urgentOrders[1].borrowers.length).toBeGreaterThan(0);
    expect(gateway.lines()).toMatchObject([{ records: ['Order:56100013', 'Order:56100003'] }]);
  });

  it('finds objects of both by ids, where the other subgraph has `node`', async () => {
    const query = `query ($id: ID!) { node(id: $id) { __typename id
      ... on Account { status riskScore } ... on Phone { number calls } ... on Model { name } } }`;
    const { data: found } = await ask('{ account(fileNumber: "R3013") { id phones { id } } }', reader);
    const { id, phones } = found.account;
    const account = await ask(query, reader, { id });
    expect(account.data.node).toEqual({
      __typename: 'Account',
      id,
      status: expect.any(String),
      riskScore: 13,
    });
    const phone = await ask(query, reader, { id: phones[0].id });
    expect(phone.data.node).toMatchObject({ __typename: 'Phone', number: expect.any(String), calls: 3 });
    const model = await ask(query, reader, { id: 'm1' });
    expect(model.data.node).toEqual({ __typename: 'Model', id: 'm1', name: 'Roll rates' });
  });

  it('has pages of both', async () => {
    const { data, errors } = await ask(
      '{ models { pageInfo { hasNextPage } } account(fileNumber: "R3013") { notes(first: 1) { pageInfo { hasNextPage } } } }',
      reader,
    );
    expect(errors).toBeUndefined();
    expect(data.models.pageInfo).toEqual({ hasNextPage: false });
    expect(data.account.notes.pageInfo).toEqual({ hasNextPage: expect.any(Boolean) });
  });

  it('executes mutations', async () => {
    const { data, errors } = await ask(
      `mutation { addNote(input: { fileNumber: "R3013", collectorName: "X", body: "B" }) {
        __typename ... on AddNoteSuccess { account { fileNumber riskScore } } } }`,
      bearer('accounts:read', 'accounts:write'),
    );
    expect(errors).toBeUndefined();
    expect(data.addNote).toEqual({
      __typename: 'AddNoteSuccess',
      account: { fileNumber: 'R3013', riskScore: 13 },
    });
  });

  it('forwards tokens: without the scope an entity is null, and the rest is unaffected', async () => {
    const { data, errors = [] } = await ask(
      '{ models { edges { node { name } } } urgentOrders { orderId caseNumber priority } }',
      bearer('accounts:read'),
    );
    expect(data.models).toEqual({ edges: [{ node: { name: 'Roll rates' } }] });
    expect(
      data.urgentOrders.map((order: { caseNumber: unknown } | null) => order?.caseNumber ?? null),
    ).toEqual([null, null]);
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(gateway.lines()).toMatchObject([{ caller: 'alice', records: [], errors: { FORBIDDEN: 2 } }]);
  });

  it.each([
    ['no token', undefined],
    [
      'a token with another signature',
      `Bearer ${tokenFor({ scope: 'orders:read' }, 'another-secret-0123456789-abcdef-xyz')}`,
    ],
  ])('returns nothing of an entity to a caller with %s', async (_, authorization) => {
    const { data, errors = [] } = await ask('{ urgentOrders { orderId caseNumber } }', authorization);
    expect(JSON.stringify(data ?? null)).not.toMatch(/caseNumber":"/);
    expect(errors.length).toBeGreaterThan(0);
    expect(gateway.lines()).toMatchObject([{ caller: null, errors: { UNAUTHENTICATED: 1 } }]);
  });
});

describe('a running gateway', () => {
  const packages = ['@apollo/subgraph', '@apollo/federation-internals', '@pothos/plugin-federation'];

  const stop = async (env: Readonly<Record<string, string>>) => {
    const coverage = temporaryFolder();
    const gateway = run(
      'main.js',
      { PORT: '0', AUDIT_LOG: 'off', NODE_V8_COVERAGE: coverage, ...env },
      temporaryFolder(),
    );
    const url = await gateway.line(/^Recollect is ready at (\S+)$/m);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ _service { sdl } }' }),
    });
    const reply = (await response.json()) as {
      readonly data?: { readonly _service: { readonly sdl: string } };
    };
    gateway.process.kill('SIGTERM');
    expect((await gateway.ended).code).toBe(0);
    return { reply, loaded: packagesIn(coverage).filter((name) => packages.includes(name)) };
  };

  it('with FEDERATION returns the committed SDL', async () => {
    const { reply, loaded } = await stop({ FEDERATION: 'true' });
    expect(reply.data?._service.sdl).toBe(ownSdl);
    expect(loaded.sort()).toEqual(packages.toSorted());
  });

  it('without FEDERATION has no such field, and loads no package of a federation', async () => {
    const { reply, loaded } = await stop({});
    expect(reply.data).toBeUndefined();
    expect(loaded).toEqual([]);
  });
});

describe.skipIf(!isThere)('the modules of routers', () => {
  it('have correct types', () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const check = () =>
      execFileSync(process.execPath, [tsc, '-p', join(root, 'test/federation/tsconfig.json')], {
        encoding: 'utf8',
      });
    expect(check()).toBe('');
  });
});
