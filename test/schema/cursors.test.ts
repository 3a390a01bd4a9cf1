import { getNamedType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import type { Received } from '../support/upstream.ts';

const accountNumber = '48151623';
const vin = '1GCEK19B75Z271554';
const size = 3;

const items = (make: (index: number) => object) => Array.from({ length: size }, (_, index) => make(index));
const success = (rows: readonly object[]) => ({ json: { result: rows, state: 'SUCCESS' } });
const day = (index: number) => `0${index + 1}/15/2024`;

/** Both systems: whatever is asked for has three items, which are equal in all lists. */
const start = async (gatewayKey = Buffer.alloc(32, 1)) => {
  const scollect = await startCorpusUpstream('scollect', {
    getaccount: ({ path }: Received) =>
      success([{ filenumber: path.split('/').at(-1), accountnumber: accountNumber }]),
    getnotes: success(
      items((index) => ({ id: index, logmessage: 'x', logdateandtime: `${day(index)} 10:00` })),
    ),
    getattempts: success(items((index) => ({ date: day(index), time: '10:00', dispo: 'NO ANSWER' }))),
    getemails: success(items((index) => ({ id: index, DateLoaded: `${day(index)} 10:00` }))),
    getpayments: success(items((index) => ({ paymentamount: '5', paymentdate: day(index) }))),
    getportfoliolist: success([
      { id: 1, portfolio: 'P' },
      { id: 2, portfolio: 'Q' },
    ]),
    get_accounts_in_portfolio: success(items((index) => ({ lotno: `R${index + 1}` }))),
  });
  const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
    filterOrders: {
      json: { data: items((index) => ({ id: index + 1, client_account_number: accountNumber })) },
    },
  });
  return startGateway({ scollect, recoveryConnect, gatewayKey });
};

type Gateway = Awaited<ReturnType<typeof start>>;

/** One list: how it is selected, and a part of the path of the call that reads it. */
interface List {
  readonly name: string;
  readonly field: string;
  /** Arguments in front of those of pages. */
  readonly args: string;
  /** The object that it belongs to; empty for the root. */
  readonly parent: string;
  readonly call: string;
}

const parents = {
  Account: ['account(fileNumber: "R1")', 'account(fileNumber: "R2")'],
  Portfolio: ['portfolio(name: "P")', 'portfolio(name: "Q")'],
} as const;

const orders = ['order: AS_RECORDED', 'order: NEWEST_FIRST'];

/** The lists of each connection that differ in its parent, and in each argument that is not of pages. */
const connections: Readonly<
  Record<string, { readonly parents: readonly string[]; readonly variants: readonly string[]; call: string }>
> = {
  'Account.notes': { parents: parents.Account, variants: orders, call: 'getnotes' },
  'Account.attempts': { parents: parents.Account, variants: orders, call: 'getattempts' },
  'Account.emails': { parents: parents.Account, variants: orders, call: 'getemails' },
  'Account.payments': { parents: parents.Account, variants: orders, call: 'getpayments' },
  'Account.orders': { parents: parents.Account, variants: [''], call: 'recon/orders' },
  'Portfolio.accounts': { parents: parents.Portfolio, variants: [''], call: 'get_accounts_in_portfolio' },
  'Query.orders': {
    parents: [''],
    variants: [
      '',
      `filter: { vin: "${vin}" }`,
      'filter: { vin: "2GCEK19B75Z271554" }',
      `filter: { clientAccountNumber: "${accountNumber}" }`,
      `filter: { otherReferenceNumber: "${accountNumber}" }`,
      `filter: { clientAccountNumber: "${accountNumber}", vin: "${vin}" }`,
    ],
    call: 'recon/orders',
  },
};

const lists: readonly List[] = Object.entries(connections).flatMap(
  ([coordinates, { parents: objects, variants, call }]) =>
    objects.flatMap((parent) =>
      variants.map((args) => ({
        name: `${parent} ${coordinates} ${args}`,
        field: coordinates.split('.')[1] ?? '',
        args,
        parent,
        call,
      })),
    ),
);

/** Reads pages of one list, each by further arguments. */
const pagesOf = async (
  { query }: Gateway,
  { field, args, parent }: Pick<List, 'field' | 'args' | 'parent'>,
  further: readonly string[],
) => {
  const pages = further.map(
    (more, index) =>
      `p${index}: ${field}(${args} ${more}) { totalCount pageInfo { startCursor endCursor } edges { cursor } }`,
  );
  const text = parent === '' ? pages.join(' ') : `${parent} { ${pages.join(' ')} }`;
  const { data, errors = [] } = await query(`{ ${text} }`);
  const object = parent === '' ? data : data[parent.split('(')[0] ?? ''];
  return { pages: further.map((_, index) => object[`p${index}`]), errors };
};

const cursorsOf = async (gateway: Gateway, list: List): Promise<string[]> => {
  const { pages, errors } = await pagesOf(gateway, list, ['first: 500']);
  expect(errors).toEqual([]);
  expect(pages[0].edges).toHaveLength(size);
  return pages[0].edges.map(({ cursor }: { cursor: string }) => cursor);
};

const connectionFields = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
  .filter(({ field }) => {
    const named = getNamedType(field.type);
    return isObjectType(named) && 'edges' in named.getFields() && 'pageInfo' in named.getFields();
  });

const garbage = ['x', '', '🚗', 'MDox', Buffer.from('0:1').toString('base64url'), 'T2Zmc2V0Q29ubmVjdGlvbjp4'];

const rejected = (argument: string) => ({
  message: `${argument}: expected a cursor that came with an earlier page of this list: of the same field and object, with the same filter and order.`,
  extensions: { code: 'BAD_USER_INPUT', argument },
});

describe('the connections of the schema', () => {
  it('are all in the table of this test: add lists of a new one', () => {
    const found = connectionFields.map(({ type, field }) => `${type.name}.${field.name}`);
    expect(found.length).toBeGreaterThan(6);
    expect(Object.keys(connections).sort()).toEqual(found.sort());
  });

  it.each(connectionFields.map(({ type, field }) => [`${type.name}.${field.name}`, field] as const))(
    '%s can be read from both ends, and is in the table with each of its other arguments',
    (name, field) => {
      const types = Object.fromEntries(field.args.map((arg) => [arg.name, String(arg.type)]));
      expect(types).toMatchObject({ first: 'Int', after: 'String', last: 'Int', before: 'String' });
      const others = Object.keys(types).filter((arg) => !['first', 'after', 'last', 'before'].includes(arg));
      const { variants = [] } = connections[name] ?? {};
      for (const arg of others) expect(variants.join()).toContain(`${arg}:`);
      if ('order' in types) {
        const order = field.args.find((arg) => arg.name === 'order');
        expect([types['order'], order?.defaultValue]).toEqual(['ListOrder', 'AS_RECORDED']);
      }
    },
  );
});

describe('a cursor', () => {
  it.each(lists)('of another list is rejected, before the list is read: $name', async (list) => {
    const gateway = await start();
    const own = await cursorsOf(gateway, list);
    const foreign: string[] = [];
    for (const other of lists.filter((one) => one !== list)) {
      const [first = '', , last = ''] = await cursorsOf(gateway, other);
      expect(own).not.toContain(first);
      foreign.push(first, last);
    }
    const accepted = await pagesOf(gateway, list, [`after: "${own[0]}"`, `before: "${own[2]}"`]);
    expect(accepted.errors).toEqual([]);
    expect(accepted.pages).toMatchObject([
      { totalCount: size, edges: [{ cursor: own[1] }, { cursor: own[2] }] },
      { totalCount: size, edges: [{ cursor: own[0] }, { cursor: own[1] }] },
    ]);

    const before = gateway.calls().length;
    for (const argument of ['after', 'before']) {
      const texts = [...foreign, ...garbage];
      const { pages, errors } = await pagesOf(
        gateway,
        list,
        texts.map((text) => `${argument}: ${JSON.stringify(text)}`),
      );
      expect(pages).toEqual(texts.map(() => null));
      expect(errors).toHaveLength(texts.length);
      for (const error of errors) expect(error).toMatchObject(rejected(argument));
      for (const text of texts.filter((one) => one.length > 4))
        expect(JSON.stringify(errors)).not.toContain(text);
    }
    const calls = gateway.calls().length - before;
    // Only the parent was read.
    expect(calls).toBe(list.parent === '' ? 0 : 2);
  });

  it.each([
    [{ vin }, { vin: ` ${vin.toLowerCase()} `, clientId: null }],
    [{}, { clientId: null }],
    [
      { clientId: '7', vin },
      { vin, clientId: '007' },
    ],
  ])('is accepted by the same list if its filter is written differently: %j', async (one, other) => {
    const gateway = await start();
    const document = `query ($filter: OrderFilter, $after: String) {
      orders(filter: $filter, after: $after, first: 1) { pageInfo { endCursor } }
    }`;
    const first = await gateway.query(document, { filter: one });
    const { errors } = await gateway.query(document, {
      filter: other,
      after: first.data.orders.pageInfo.endCursor,
    });
    expect(errors).toBeUndefined();
  });

  it('is accepted however the list is reached and its order is written', async () => {
    const gateway = await start();
    const [after] = await cursorsOf(gateway, {
      ...(lists[0] as List),
      args: 'order: AS_RECORDED',
      parent: 'account(fileNumber: "R1")',
    });
    const document = `query ($after: String, $id: ID!, $order: ListOrder) {
      a: account(fileNumber: "r1") { notes(after: $after) { edges { cursor } } }
      b: account(fileNumber: "R1") { notes(after: $after, order: null) { edges { cursor } } }
      c: account(fileNumber: "R1") { notes(after: $after, order: $order) { edges { cursor } } }
      d: node(id: $id) { ... on Account { notes(after: $after) { edges { cursor } } } }
      e: portfolio(name: "P") { accounts(first: 1) { edges { node { notes(after: $after) { edges { cursor } } } } } }
    }`;
    const id = Buffer.from('Account:R1').toString('base64url');
    for (const order of [undefined, null, 'AS_RECORDED']) {
      const { data, errors } = await gateway.query(document, { after, id, order });
      expect(errors).toBeUndefined();
      const notes = [data.a, data.b, data.c, data.d, data.e.accounts.edges[0].node].map((one) => one.notes);
      for (const one of notes) expect(one).toEqual(notes[0]);
      expect(notes[0].edges).toHaveLength(2);
    }
  });

  it('contains nothing of the filter and of rows, not even if it is decoded', async () => {
    const gateway = await start();
    for (const list of lists) {
      for (const cursor of await cursorsOf(gateway, list)) {
        const text = Buffer.from(cursor, 'base64url').toString();
        expect(text).toMatch(/^\d:[\w-]{8}:(?:\d|R\d|[\w-]{16})$/);
      }
    }
  });

  it('is the same in every gateway with the same key, and in no other', async () => {
    const list = lists[0] as List;
    const gateway = await start();
    const cursors = await cursorsOf(gateway, list);
    expect(await cursorsOf(gateway, list)).toEqual(cursors);
    expect(await cursorsOf(await start(), list)).toEqual(cursors);
    const other = await start(Buffer.alloc(32, 2));
    const { errors } = await pagesOf(other, list, [`after: "${cursors[0]}"`]);
    expect(errors).toMatchObject([rejected('after')]);
  });
});
