import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { ResponseSpace } from '../../../src/upstreams/client/exchange.ts';
import { CompressedRows } from '../../../src/upstreams/rows/compressed-rows.ts';
import { parsedRows } from '../../../src/upstreams/rows/held-rows.ts';
import { ResponseAbortedError } from '../../../src/upstreams/rows/response-aborted-error.ts';
import { createRowCache } from '../../../src/upstreams/rows/row-cache.ts';
import { RowStream } from '../../../src/upstreams/rows/row-stream.ts';
import { RowsBody } from '../../../src/upstreams/rows/rows-body.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { listEnd, listHead, rowsOf } from '../../support/streaming-scollect.ts';

const key = { name: 'lotno', read: (wire: unknown) => (typeof wire === 'string' ? wire : null) };

/** How much of a space is taken. */
const takenOf = (space: ResponseSpace, bytes: number): number => {
  let free = 0;
  for (let step = 2 ** 30; step >= 1; step /= 2) if (space.take(step)) free += step;
  space.giveBack(free);
  return bytes - free;
};

const spaceBytes = 50_000_000;

const setUp = () => {
  const space = new ResponseSpace(spaceBytes);
  const stream = new RowStream();
  const connection = { pause: vi.fn(), resume: vi.fn() };
  const begun = { status: 200, headers: {}, connection };
  const body = new RowsBody({ key, stream, isGood: () => true }, begun, space);
  return { space, stream, connection, body, taken: () => takenOf(space, spaceBytes) };
};

/** What packing makes hardly less. */
const noise = (count: number): string[] =>
  Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      lotno: `R${at}`,
      noise: Array.from({ length: 500 }, () => Math.random().toString(36)).join(''),
    }),
  );

describe('the rows of an answer', () => {
  it('are the same after compression', async () => {
    const rows = rowsOf(0, 3000);
    const blocks = new CompressedRows(new ResponseSpace(spaceBytes));
    for (const [at, row] of rows.entries()) blocks.add(Buffer.from(row), `R${at}`);
    blocks.end();
    await blocks.compressed();
    const found = async (from: number, to: number) => (await blocks.rows(from, to)).map(String);
    expect(await found(0, 3000)).toEqual(rows);
    for (const [from, to] of [
      [0, 1],
      [389, 400],
      [2999, 3000],
      [5, 5],
      [2990, 9999],
    ] as const) {
      expect(await found(from, to)).toEqual(rows.slice(from, to));
    }
    expect(blocks.keys).toEqual(rows.map((_, at) => `R${at}`));
    expect(blocks.bytes).toBeLessThan(rows.join('').length / 4);
  });

  it('take up no more space than what is held of them, and none when they have come', async () => {
    const { body, stream, taken } = setUp();
    body.take(Buffer.from(listHead));
    const all = rowsOf(0, 20_000);
    for (let at = 0; at < all.length; at += 500) {
      expect(
        body.take(Buffer.from(`${at === 0 ? '' : ','}${all.slice(at, at + 500).join()}`)),
      ).toBeUndefined();
      await pause(1);
    }
    await stream.compressed;
    const sent = all.join().length;
    expect(taken()).toBeGreaterThan(0);
    expect(taken()).toBeLessThan(sent / 4);
    body.take(Buffer.from(listEnd));
    expect(body.end()).toEqual({ text: `${listHead}${all[0]}${listEnd}` });
    expect(taken()).toBe(0);
  });

  it('are those of their own answer only, although others use their room when they are given up', async () => {
    const space = new ResponseSpace(spaceBytes);
    const [given, open] = [new CompressedRows(space), new CompressedRows(space)];
    for (const row of rowsOf(0, 300)) given.add(Buffer.from(row), 'given');
    const page = await given.rows(0, 300);
    const late = given.rows.bind(given, 0, 300);
    given.drop();
    for (const row of rowsOf(300, 600)) open.add(Buffer.from(row), 'open');
    expect(page.map(String)).toEqual(rowsOf(0, 300));
    await expect(late()).rejects.toThrow(ResponseAbortedError);
    expect((await open.rows(0, 300)).map(String)).toEqual(rowsOf(300, 600));
    open.end();
    await open.compressed();
    expect((await open.rows(0, 300)).map(String)).toEqual(rowsOf(300, 600));
  });

  it('are dropped while they are being compressed, and their memory counts until that ends', async () => {
    const space = new ResponseSpace(spaceBytes);
    const [given, open] = [new CompressedRows(space), new CompressedRows(space)];
    for (const row of rowsOf(0, 900)) given.add(Buffer.from(row), 'given');
    given.drop();
    for (const row of rowsOf(900, 1800)) open.add(Buffer.from(row), 'open');
    await given.compressed();
    await expect(given.rows(0, 1)).rejects.toThrow(ResponseAbortedError);
    open.end();
    await open.compressed();
    expect((await open.rows(0, 900)).map(String)).toEqual(rowsOf(900, 1800));
    expect(takenOf(space, spaceBytes)).toBe(open.bytes);
    open.leaveSpace();
    expect(takenOf(space, spaceBytes)).toBe(0);
  });

  it('that were compressed are dropped too', async () => {
    const given = new CompressedRows(new ResponseSpace(spaceBytes));
    for (const row of rowsOf(0, 900)) given.add(Buffer.from(row), 'given');
    given.end();
    await given.compressed();
    expect(await given.rows(0, 900)).toHaveLength(900);
    given.drop();
    await expect(given.rows(0, 1)).rejects.toThrow(ResponseAbortedError);
  });

  it('hold nothing of what came with them when they are given up, however long they are held themselves', async () => {
    const { body } = setUp();
    // As undici gives it: it ends within a row.
    let chunk: Buffer | undefined = Buffer.from(listHead + rowsOf(0, 100).join().slice(0, -9));
    const held = new WeakRef(chunk.buffer);
    body.take(chunk);
    chunk = undefined;
    body.drop();
    await pause(10);
    collectGarbage();
    expect(held.deref()).toBeUndefined();
    expect(body).toBeInstanceOf(RowsBody);
  });

  it.each([10, 2000])('take up no space when they are given up (%i rows)', async (count) => {
    const { body, taken } = setUp();
    body.take(Buffer.from(listHead + rowsOf(0, count).join()));
    expect(taken()).toBeGreaterThan(0);
    body.drop();
    expect(taken()).toBe(0);
    await pause(50);
    expect(taken()).toBe(0);
  });

  it('are too many where other answers leave them no space', () => {
    const { body, space } = setUp();
    space.take(spaceBytes - 200_000);
    expect(body.take(Buffer.from(listHead + rowsOf(0, 100).join()))).toBeUndefined();
    expect(body.take(Buffer.from(`,${rowsOf(100, 500).join()}`))).toBe('crowded');
  });

  it('are read from the connection no faster than they are compressed', async () => {
    const { body, connection, taken } = setUp();
    const atResume: number[] = [];
    connection.resume.mockImplementation(() => void atResume.push(taken()));
    const rows = noise(1200);
    body.take(Buffer.from(listHead + rows.join()));
    const sent = taken();
    await vi.waitFor(() => expect(atResume).toHaveLength(1));
    expect(connection.pause).toHaveBeenCalledOnce();
    // Most of them are compressed by then, to about seven tenths.
    expect(atResume[0]).toBeLessThan(sent * 0.75 + 1_000_000);
    expect(sent).toBeGreaterThan(6_000_000);
  });

  it('are looked at for no longer than a moment before others have their turn', async () => {
    const { body, connection } = setUp();
    body.take(Buffer.from(listHead));
    for (const row of rowsOf(0, 350)) body.take(Buffer.from(row === rowsOf(0, 1)[0] ? row : `,${row}`));
    expect(connection.pause).not.toHaveBeenCalled();
    for (const row of rowsOf(350, 450)) body.take(Buffer.from(`,${row}`));
    expect([connection.pause.mock.calls.length, connection.resume.mock.calls.length]).toEqual([1, 0]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(connection.resume).toHaveBeenCalledOnce();
  });

  it('are given up where one has more values than can be read in good time', () => {
    const { body } = setUp();
    const dense = `{"lotno":"R1","a":[${'0,'.repeat(4_000_001)}0]}`;
    expect(body.take(Buffer.from(`${listHead}${rowsOf(0, 1).join()},${dense}`))).toBe('tooLarge');
  });
});

const list = (bytes: number): RowStream => {
  const stream = new RowStream();
  stream.end(parsedRows([], key, bytes));
  return stream;
};

describe('lists that are kept', () => {
  it('are bounded together, and the one that was used least goes first', () => {
    const space = createRowCache({ maxBytes: 100 });
    const [one, other] = [space.forClient(), space.forClient()];
    const [a, b, c] = [list(40), list(40), list(40)];
    one.add('a', a, 0);
    other.add('b', b, 0);
    expect(one.of('a')).toBe(a);
    other.add('c', c, 0);
    expect([one.of('a'), other.of('b'), other.of('c')]).toEqual([a, undefined, c]);
    expect(space.bytes()).toBe(80);
  });

  it('take up half of that each at the most', () => {
    const space = createRowCache({ maxBytes: 100 });
    const kept = space.forClient();
    kept.add('a', list(51), 0);
    expect([kept.of('a'), space.bytes()]).toEqual([undefined, 0]);
    expect([kept.mayCache(50), kept.mayCache(51)]).toEqual([true, false]);
  });

  it('are seen by their own client only', () => {
    const space = createRowCache();
    const [one, other] = [space.forClient(), space.forClient()];
    const [a, b] = [list(1), list(1)];
    one.add('same', a, 0);
    expect(other.of('same')).toBeUndefined();
    other.add('same', b, 0);
    expect([one.of('same'), other.of('same')]).toEqual([a, b]);
    one.clear();
    expect([one.of('same'), other.of('same')]).toEqual([undefined, b]);
  });

  it('go when their time is over, which counts from the beginning of their read', async () => {
    const space = createRowCache({ lifeMs: 200 });
    const kept = space.forClient();
    kept.add('old', list(1), 200);
    kept.add('young', list(1), 100);
    expect([kept.of('old'), kept.of('young')]).toEqual([undefined, expect.any(RowStream)]);
    await vi.waitFor(() => expect([kept.of('young'), space.bytes()]).toEqual([undefined, 0]));
  });

  it('take the place of an earlier one of the same question', () => {
    const space = createRowCache();
    const kept = space.forClient();
    const later = list(7);
    kept.add('a', list(5), 0);
    kept.add('a', later, 0);
    expect([kept.of('a'), space.bytes()]).toEqual([later, 7]);
    kept.remove('a');
    expect([kept.of('a'), space.bytes()]).toEqual([undefined, 0]);
  });
});
