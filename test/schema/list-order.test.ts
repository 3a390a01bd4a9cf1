import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Loaders } from '../../src/request/loaders.ts';
import { newestFirst } from '../../src/schema/kit/list-order.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

/** Rows of a list in the order of the upstream, each with the place that it has in `NEWEST_FIRST`. */
const lists: Readonly<
  Record<
    string,
    { readonly operation: string; readonly item: string; readonly rows: readonly [object, number][] }
  >
> = {
  notes: {
    operation: 'getnotes',
    item: 'body',
    rows: [
      [{ logmessage: 'noon', logdateandtime: '03/01/2024 12:00 PM' }, 3],
      [{ logmessage: 'no date' }, 8],
      [{ logmessage: 'one minute before, another form', logdateandtime: '2024-03-01 11:59:00' }, 4],
      [{ logmessage: 'noon again', logdateandtime: 'Fri, 01 Mar 2024 12:00:00 GMT' }, 2],
      [{ logmessage: 'unreadable date', logdateandtime: 'Friday noon' }, 7],
      [{ logmessage: 'day without a time', logdate: '03/01/2024' }, 6],
      [{ logmessage: 'newest', logdateandtime: '12/31/24 11:59 PM' }, 0],
      [{ logmessage: 'seconds', logdateandtime: '2024-03-01T12:00:01' }, 1],
      [{ logmessage: 'unreadable time', logdateandtime: '03/01/2024 noon' }, 5],
    ],
  },
  attempts: {
    operation: 'getattempts',
    item: 'disposition',
    rows: [
      [{ dispo: 'no date', time: '10:00' }, 7],
      [{ dispo: 'ten', date: '2024-03-01', time: '10:00' }, 2],
      [{ dispo: 'ten in the evening', date: '03/01/2024', time: '10:00 PM' }, 1],
      [{ dispo: 'day alone', date: '03/01/2024' }, 4],
      [{ dispo: 'unreadable time', date: '03/01/2024', time: '25:61' }, 3],
      [{ dispo: 'newest', date: 'Mar 2, 2024', time: '00:01' }, 0],
      [{ dispo: 'oldest', date: '1/1/99', time: '23:59' }, 5],
      [{ dispo: 'unreadable date', date: 'yesterday', time: '23:59' }, 6],
    ],
  },
  payments: {
    operation: 'getpayments',
    item: 'rawAmount',
    rows: [
      [{ paymentamount: '1', paymentdate: '2024-03-01' }, 4],
      [{ paymentamount: '2', paymentdate: '', datetaken: '2030-01-01' }, 7],
      [{ paymentamount: '3', paymentdate: '03/01/2024', datetaken: '1999-01-01' }, 3],
      [{ paymentamount: '4', paymentdate: 'Friday' }, 6],
      [{ paymentamount: '5', paymentdate: '2/28/2024', datetaken: '2024-03-02' }, 5],
      [{ paymentamount: '6', paymentdate: '12/31/2049' }, 0],
      [{ paymentamount: '7', paymentdate: 'Sat, 02 Mar 2024 00:00:00 GMT' }, 2],
      [{ paymentamount: '8', paymentdate: '2024-03-02 23:00:00' }, 1],
    ],
  },
  emails: {
    operation: 'getemails',
    item: 'subject',
    rows: [
      [{ id: 1, Subject: 'b', DateLoaded: '2024-03-01 10:00:00' }, 1],
      [{ id: 2, Subject: 'c', DateLoaded: 'Friday noon' }, 2],
      [{ id: 3, Subject: 'a', DateLoaded: '03/01/2024 10:00 AM' }, 0],
    ],
  },
};

const shownOf = (row: object): unknown =>
  Object.entries(row).find(([key]) => ['logmessage', 'dispo', 'paymentamount', 'Subject'].includes(key))?.[1];

const inOrder = (rows: readonly [object, number][]): unknown[] =>
  [...rows].sort(([, one], [, other]) => one - other).map(([row]) => shownOf(row));

const start = async (operation: string, rows: () => readonly object[]) => {
  const scollect = await startCorpusUpstream('scollect', {
    [operation]: () => ({ json: { result: rows(), state: 'SUCCESS' } }),
  });
  return startGateway({ scollect });
};

describe.each(Object.entries(lists))('Account.%s', (field, { operation, item, rows }) => {
  const recorded = rows.map(([row]) => row);
  const selection = `{ totalCount pageInfo { endCursor startCursor hasNextPage } edges { cursor node { ${item} } } }`;
  const valuesOf = (list: { edges: readonly { node: Record<string, unknown> }[] }) =>
    list.edges.map(({ node }) => node[item]);

  it('is in the order of the upstream, or newest first', async () => {
    const { query, calls } = await start(operation, () => recorded);
    const document = `query ($null: ListOrder, $order: ListOrder, $default: ListOrder = NEWEST_FIRST) {
      account(fileNumber: "R1001") {
        a: ${field} ${selection} b: ${field}(order: AS_RECORDED) ${selection} c: ${field}(order: null) ${selection}
        d: ${field}(order: $null) ${selection}
        x: ${field}(order: NEWEST_FIRST) ${selection} y: ${field}(order: $order) ${selection} z: ${field}(order: $default) ${selection}
      }
    }`;
    // The second time by its plan.
    for (const order of ['NEWEST_FIRST', 'NEWEST_FIRST']) {
      const { data, errors } = await query(document, { order, null: null });
      expect(errors).toBeUndefined();
      const { a, b, c, d, x, y, z } = data.account;
      for (const list of [a, b, c, d]) expect(valuesOf(list)).toEqual(recorded.map(shownOf));
      for (const list of [x, y, z]) expect(valuesOf(list)).toEqual(inOrder(rows));
      const cursorsOf = (list: { edges: readonly { cursor: string }[] }) =>
        list.edges.map(({ cursor }) => cursor);
      expect(cursorsOf(b)).toEqual(cursorsOf(a));
      expect(cursorsOf(y)).toEqual(cursorsOf(x));
      expect(new Set([...cursorsOf(a), ...cursorsOf(x)]).size).toBe(2 * rows.length);
    }
    expect(calls().filter((path) => path.includes(operation))).toHaveLength(2);
  });

  it('can be read newest first in pages, from both ends, while items are added', async () => {
    const newest = rows.find(([, place]) => place === 0)?.[0] ?? {};
    let added: object[] = [];
    const { query } = await start(operation, () => [...recorded, ...added]);
    const ask = async (args: string) => {
      const page = `${field}(order: NEWEST_FIRST, ${args}) ${selection}`;
      return (await query(`{ account(fileNumber: "R1001") { ${page} } }`)).data.account[field];
    };
    const read: unknown[] = [];
    let list = await ask('first: 2');
    read.push(...valuesOf(list));
    const { startCursor } = list.pageInfo;
    while (list.pageInfo.hasNextPage) {
      // Equal to another, and yet a row of its own.
      added = [...added, newest];
      list = await ask(`first: 2, after: "${list.pageInfo.endCursor}"`);
      read.push(...valuesOf(list));
    }
    expect(read).toEqual(inOrder(rows));
    expect(valuesOf(await ask(`last: 500, before: "${startCursor}"`))).toEqual(added.map(shownOf));
    added = [];
    const { endCursor } = (await ask('last: 1')).pageInfo;
    expect(valuesOf(await ask(`last: 500, before: "${endCursor}"`))).toEqual(inOrder(rows).slice(0, -1));
  });
});

it('notes are neither repeated nor skipped if others of any time are added between pages', async () => {
  const { rows } = lists['notes'] ?? { rows: [] };
  const times = [
    {},
    { logdate: '03/01/2024' },
    { logdateandtime: '2024-03-01 12:00:00' },
    { logdate: '1/1/2001' },
  ];
  let added: object[] = [];
  const { query } = await start('getnotes', () => [...rows.map(([row]) => row), ...added]);
  const read: unknown[] = [];
  let after = '';
  for (let hasNext = true; hasNext; ) {
    const page = `notes(order: NEWEST_FIRST, first: 2${after}) { pageInfo { endCursor hasNextPage } edges { node { body } } }`;
    const { edges, pageInfo } = (await query(`{ account(fileNumber: "R1001") { ${page} } }`)).data.account
      .notes;
    read.push(...edges.map(({ node }: { node: { body: string } }) => node.body));
    hasNext = pageInfo.hasNextPage;
    after = `, after: "${pageInfo.endCursor}"`;
    if (added.length < 12) {
      added = [...added, ...times.map((time, at) => ({ ...time, logmessage: `added ${added.length + at}` }))];
    }
  }
  expect(read.filter((body) => !String(body).startsWith('added'))).toEqual(inOrder(rows));
});

describe('newest first', () => {
  it('is sorted by time, and by the reverse of the recorded sequence', () => {
    const times = fc.array(fc.option(fc.constantFrom('2024-01-01', '2024-01-01T10', '2023-12-31')));
    fc.assert(
      fc.property(times, (list) => {
        const sorted = newestFirst(
          list.map((time, at) => ({ time, at })),
          ({ time }) => time as string | null,
        ) as { time: string | null; at: number }[];
        expect(sorted.map(({ at }) => at).sort((a, b) => a - b)).toEqual(list.map((_, at) => at));
        for (const [index, { time, at }] of sorted.entries()) {
          const next = sorted[index + 1];
          if (!next) continue;
          expect((time ?? '') >= (next.time ?? '')).toBe(true);
          if (time === next.time) expect(at).toBeGreaterThan(next.at);
        }
      }),
    );
  });

  it('is sorted once for all pages of a request', () => {
    let sorts = 0;
    const rows = [{ id: 1 }, { id: 2 }];
    const loaders = new Loaders({} as never);
    const sort = () => {
      sorts += 1;
      return rows.toReversed();
    };
    expect(loaders.sorted(rows, sort)).toEqual([{ id: 2 }, { id: 1 }]);
    expect(loaders.sorted(rows, sort)).toBe(loaders.sorted(rows, sort));
    expect(sorts).toBe(1);
    expect(loaders.sorted([{ id: 3 }], () => ['other'])).toEqual(['other']);
  });
});
