import { randomBytes } from 'node:crypto';
import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOpaqueDigest, type OpaqueDigest } from '../../src/lib/opaque-digest.ts';
import { type ListForm, pageOf, wantedOf } from '../../src/schema/kit/connection.ts';
import { ListCursors } from '../../src/schema/kit/cursor.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const opaque = createOpaqueDigest(Buffer.alloc(32, 1));
const cursors = new ListCursors(opaque, ['List.items']);
const list: ListForm<string, string> = { cursors, keyOf: (item) => item, nodeOf: (item) => item };

const page = (items: readonly string[], args: DefaultConnectionArguments) =>
  pageOf(items, wantedOf(args, cursors), list);
const nodesOf = (items: readonly string[], args: DefaultConnectionArguments) =>
  page(items, args).edges.map(({ node }) => node);
const cursorAt = (items: readonly string[], item: string): string =>
  page(items, {}).edges.find(({ node }) => node === item)?.cursor ?? '';

describe('a cursor', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];

  it('continues after its item if items before it were inserted or deleted', () => {
    const after = cursorAt(items, 'c');
    expect(nodesOf(items, { after })).toEqual(['d', 'e']);
    expect(nodesOf(['x', 'y', ...items], { after })).toEqual(['d', 'e']);
    expect(nodesOf(['c', 'd', 'e'], { after })).toEqual(['d', 'e']);
  });

  it('continues with the items that followed its item if that was deleted', () => {
    expect(nodesOf(['a', 'b', 'd', 'e'], { after: cursorAt(items, 'c') })).toEqual(['d', 'e']);
    expect(nodesOf([], { after: cursorAt(items, 'c') })).toEqual([]);
  });

  it('serves backwards too', () => {
    const before = cursorAt(items, 'd');
    expect(nodesOf(items, { before, last: 2 })).toEqual(['b', 'c']);
    expect(nodesOf(['x', ...items], { before, last: 2 })).toEqual(['b', 'c']);
    expect(page(items, { last: 2 }).pageInfo).toMatchObject({
      hasPreviousPage: true,
      hasNextPage: false,
    });
    expect(nodesOf(items, { after: cursorAt(items, 'd'), before: cursorAt(items, 'b') })).toEqual([]);
  });

  it('distinguishes rows without a number by their content, which it does not contain', () => {
    const one = cursors.digestOf({ amount: '1', phone: '555-589-5050' });
    expect(one).not.toBe(cursors.digestOf({ amount: '2', phone: '555-589-5050' }));
    expect(one).toMatch(/^[\w-]{16}$/);
  });

  it('cannot be computed without the key of the gateway', () => {
    const row = { amount: '1', phone: '555-589-5050' };
    const made = [0, 1].map(() => {
      const own = new ListCursors(createOpaqueDigest(randomBytes(32)), [
        'Query.orders',
        { vin: '1GCEK19B75Z271554' },
      ]);
      return [own.write({ index: 0, key: '20' }), own.digestOf(row)];
    });
    expect(new Set(made.flat()).size).toBe(4);
  });

  it('is the same whenever it is computed with the same key', () => {
    const [one, other] = [0, 1].map(() => new ListCursors(opaque, ['List.items', 'R1']));
    const place = { index: 7, key: 'a:b' };
    expect(one?.write(place)).toBe(other?.write(place));
    expect(other?.read(one?.write(place), 'after')).toEqual(place);
  });

  it('takes no digest before it is read or written', () => {
    let count = 0;
    const counting: OpaqueDigest = (...texts) => {
      count += 1;
      return opaque(...texts);
    };
    const counted = new ListCursors(counting, ['List.items']);
    const { edges, pageInfo } = pageOf(['a', 'b'], wantedOf({ first: 2 }, counted), {
      ...list,
      cursors: counted,
    });
    expect(count).toBe(0);
    expect(edges.map(({ cursor }) => cursor)).toEqual([pageInfo.startCursor, pageInfo.endCursor]);
    expect(count).toBe(1);
  });
});

describe('a page of a list that grows at its start', () => {
  const sorted = { ...list, isCountedFromEnd: true };
  const pageFrom = (items: readonly string[], args: DefaultConnectionArguments) =>
    pageOf(items, wantedOf(args, cursors), sorted);
  const letters = 'abcdefghijklmnopqrstuvwxyz';

  it('continues where the last one ended, also among equal items', () => {
    const grown = fc.record({
      items: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 20 }),
      added: fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }), { maxLength: 20 }),
      size: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(grown, ({ items, added, size }) => {
        const read: string[] = [];
        let present = items;
        let after: string | null = null;
        for (let pages = 0; pages <= items.length; pages += 1) {
          const { edges, pageInfo } = pageFrom(present, { first: size, after });
          read.push(...edges.map(({ node }) => node));
          if (!pageInfo.hasNextPage) break;
          after = pageInfo.endCursor;
          present = [...(added[pages] ?? []), ...present];
        }
        expect(read).toEqual(items);
      }),
    );
  });

  it('continues with the items that followed its item if that was deleted', () => {
    const items = [...letters.slice(0, 5)];
    const at = pageFrom(items, {}).edges.find(({ node }) => node === 'c')?.cursor;
    const nodes = (args: DefaultConnectionArguments) =>
      pageFrom(['x', 'a', 'b', 'd', 'e'], args).edges.map(({ node }) => node);
    expect(nodes({ after: at })).toEqual(['d', 'e']);
    expect(nodes({ before: at })).toEqual(['x', 'a', 'b']);
    expect(pageFrom([], { after: at }).edges).toEqual([]);
  });
});

describe('a page', () => {
  it('has 50 items by default, and 500 at most', async () => {
    const rows = Array.from({ length: 600 }, (_, index) => ({ id: index, logmessage: 'x' }));
    const scollect = await startCorpusUpstream('scollect', {
      getnotes: { json: { result: rows, state: 'SUCCESS' } },
    });
    const { query } = await startGateway({ scollect });
    const ask = (args: string) =>
      query(`{ account(fileNumber: "R1001") { notes${args} { totalCount edges { node { noteId } } } } }`);
    expect((await ask('')).data.account.notes).toMatchObject({ totalCount: 600, edges: { length: 50 } });
    expect((await ask('(first: 500)')).data.account.notes.edges).toHaveLength(500);
    expect((await ask('(first: 0)')).data.account.notes.edges).toEqual([]);
    for (const args of ['(first: 501)', '(last: -1)', '(after: "CANARY")']) {
      const { data, errors } = await ask(args);
      expect(data.account.notes).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(JSON.stringify(errors)).not.toContain('CANARY');
    }
  });
});
