import { describe, expect, it } from 'vitest';
import { digestOf, pageOf } from '../../src/schema/kit/connection.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const keyOf = (item: string): string => item;
const nodesOf = (items: readonly string[], args: Parameters<typeof pageOf>[1]) =>
  pageOf(items, args, keyOf).edges.map(({ node }) => node);
const cursorAt = (items: readonly string[], item: string): string =>
  pageOf(items, {}, keyOf).edges.find(({ node }) => node === item)?.cursor ?? '';

describe('a cursor', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];

  it('goes on behind its item where others have come in before, or have gone', () => {
    const after = cursorAt(items, 'c');
    expect(nodesOf(items, { after })).toEqual(['d', 'e']);
    expect(nodesOf(['x', 'y', ...items], { after })).toEqual(['d', 'e']);
    expect(nodesOf(['c', 'd', 'e'], { after })).toEqual(['d', 'e']);
  });

  it('goes on with what followed its item where that has gone itself', () => {
    expect(nodesOf(['a', 'b', 'd', 'e'], { after: cursorAt(items, 'c') })).toEqual(['d', 'e']);
    expect(nodesOf([], { after: cursorAt(items, 'c') })).toEqual([]);
  });

  it('serves backwards too', () => {
    const before = cursorAt(items, 'd');
    expect(nodesOf(items, { before, last: 2 })).toEqual(['b', 'c']);
    expect(nodesOf(['x', ...items], { before, last: 2 })).toEqual(['b', 'c']);
    expect(pageOf(items, { last: 2 }, keyOf).pageInfo).toMatchObject({
      hasPreviousPage: true,
      hasNextPage: false,
    });
    expect(nodesOf(items, { after: cursorAt(items, 'd'), before: cursorAt(items, 'b') })).toEqual([]);
  });

  it('tells rows without a number apart by what they hold, and shows nothing of it', () => {
    const one = digestOf({ amount: '1', phone: '555-589-5050' });
    expect(one).not.toBe(digestOf({ amount: '2', phone: '555-589-5050' }));
    expect(one).toMatch(/^[\w-]{16}$/);
  });
});

describe('a page', () => {
  it('has fifty items unless told, and five hundred at the most', async () => {
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
