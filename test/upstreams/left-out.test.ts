import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import { leftOutOf, withGaps } from '../../src/upstreams/endpoint/left-out.ts';
import { judgeRecoveryConnect } from '../../src/upstreams/recoveryconnect/envelope.ts';
import { recoveryConnectOperations } from '../../src/upstreams/recoveryconnect/operations.ts';
import { judgeScollect } from '../../src/upstreams/scollect/envelope.ts';
import { scollectOperations } from '../../src/upstreams/scollect/operations.ts';
import { type CorpusFile, corpusFile, folders } from '../support/corpus.ts';

const operations: Readonly<Record<string, Endpoint>> = {
  ...scollectOperations,
  ...recoveryConnectOperations,
};

type Row = Readonly<Record<string, unknown>>;

const lists = Object.values(operations).filter(
  ({ effect, nothing }) => effect === 'read' && nothing === 'NO_ROWS',
);

/** The identities that fixtures state, by operation. */
const identities: Readonly<Record<string, NonNullable<CorpusFile['identity']>>> = Object.fromEntries(
  Object.values(operations).flatMap((endpoint) => {
    const { operation, identity } = corpusFile(folders[endpoint.system], endpoint.operation);
    return identity ? [[operation, identity]] : [];
  }),
);

const endpointOf = (operation: string): Endpoint => {
  const endpoint = operations[operation];
  if (!endpoint) throw new Error(`No operation ${operation}`);
  return endpoint;
};

/** The first documented row of an operation. */
const documentedRow = (operation: string): Row => {
  const endpoint = endpointOf(operation);
  const judge = endpoint.system === 'SCOLLECT' ? judgeScollect : judgeRecoveryConnect;
  const json = corpusFile(folders[endpoint.system], operation).success;
  const verdict = judge(endpoint, { status: 200, headers: {}, json });
  if (verdict.kind !== 'ok') throw new Error(`${operation}: ${verdict.kind}`);
  return (verdict.payload as readonly Row[])[0] ?? {};
};

/** The rows that are taken of a list, and the places of those left out; `null` where it is none. */
const taken = (operation: string, payload: unknown) => {
  const { data, success } = endpointOf(operation).reply.safeParse(payload);
  return success ? { rows: data as Row[], at: leftOutOf(data).map(({ at }) => at) } : null;
};

/** Ways to lack a value, and whether the key is there with nothing. */
const blanks: readonly (readonly [name: string, blank: unknown, isThere: boolean])[] = [
  ['missing', undefined, false],
  ['null', null, true],
  ['blank', ' ', true],
  ['the word null', 'null', true],
  ['an object', { text: 'R1' }, false],
  ['a list', [], false],
  ['true', true, false],
];

const without = (row: Row, keys: readonly string[], blank: unknown): Row =>
  Object.fromEntries(
    Object.entries(row).flatMap(([key, value]) => {
      if (!keys.includes(key)) return [[key, value]];
      return blank === undefined ? [] : [[key, blank]];
    }),
  );

const cases = Object.entries(identities).flatMap(([operation, identity]) =>
  blanks.map(([name, blank, isThere]) => ({ operation, identity, name, blank, isThere })),
);

describe('the rows of every list', () => {
  it.each(lists)('$operation: a documented row has what identifies it', ({ operation }) => {
    const identity = identities[operation] ?? { all: [] };
    const keys = 'all' in identity ? identity.all : identity.any;
    expect(
      keys,
      `state what identifies a row in \`identity\` of src/sandbox/fixtures/<system>/${operation}.json`,
    ).not.toEqual([]);
    expect(Object.keys(documentedRow(operation))).toEqual(expect.arrayContaining([...keys]));
  });

  it('are identified in the fixtures of lists only', () => {
    const known = lists.map(({ operation }) => operation);
    expect(Object.keys(identities).filter((operation) => !known.includes(operation))).toEqual([]);
  });

  it.each(cases.filter(({ identity, isThere }) => 'all' in identity || !isThere))(
    '$operation: a row whose identity is $name is left out',
    ({ operation, identity, blank }) => {
      const row = documentedRow(operation);
      // Of several that are needed each, of those of which any is enough all.
      const lacks = 'all' in identity ? identity.all.map((key) => [key]) : [identity.any];
      for (const keys of lacks) {
        const incomplete = without(row, keys, blank);
        expect(taken(operation, [incomplete, row, row, incomplete])).toEqual({
          rows: [row, row],
          at: [0, 2],
        });
        expect(taken(operation, [incomplete, incomplete])).toBeNull();
      }
    },
  );

  it.each(cases.filter(({ identity, isThere }) => 'any' in identity && isThere))(
    '$operation: a row whose identity is $name is kept',
    ({ operation, identity, blank }) => {
      const keys = 'any' in identity ? identity.any : [];
      const row = without(documentedRow(operation), keys, blank);
      expect(taken(operation, [row])).toEqual({ rows: [row], at: [] });
    },
  );

  it.each(cases)(
    '$operation: a row of which something else is $name is kept',
    ({ operation, identity, blank }) => {
      const row = documentedRow(operation);
      const needed = 'all' in identity ? identity.all : identity.any.slice(0, 1);
      for (const kept of 'all' in identity ? [needed] : identity.any.map((key) => [key])) {
        const rest = without(
          row,
          Object.keys(row).filter((key) => !kept.includes(key)),
          blank,
        );
        const isGiven = kept.every((key) => row[key] !== null && row[key] !== '');
        if (isGiven) expect(taken(operation, [rest]), kept.join()).toEqual({ rows: [rest], at: [] });
      }
    },
  );

  it.each(Object.keys(identities))('%s: what is no row, or a failure, makes the list none', (operation) => {
    const row = documentedRow(operation);
    const failures = ['error', 'Error', 'errors', 'ErrorMessage', 'exception', 'msg', 'message', 'task_id'];
    for (const odd of [
      null,
      undefined,
      'R1',
      404,
      true,
      [],
      [row],
      ...failures.flatMap((key) => [{ [key]: 'x' }, { [key]: '' }, { [key]: null }]),
    ]) {
      expect(taken(operation, [row, odd]), JSON.stringify(odd)).toBeNull();
      expect(taken(operation, [odd, row]), JSON.stringify(odd)).toBeNull();
    }
    const identity = identities[operation] ?? { all: [] };
    for (const key of 'any' in identity ? identity.any.slice(1) : []) {
      expect(taken(operation, [row, { error: 'x', [key]: 'x' }]), key).toBeNull();
      expect(taken(operation, [row, { [key]: 'x' }])?.rows, key).toHaveLength(2);
    }
    expect(taken(operation, row)).toBeNull();
    expect(taken(operation, null)).toBeNull();
    expect(taken(operation, [row])).toEqual({ rows: [row], at: [] });
  });

  it('are handed on themselves, not as copies', () => {
    const rows = [{ id: 1 }, { id: 2 }];
    expect(taken('filterOrders', rows)?.rows).toBe(rows);
    expect(taken('filterOrders', [...rows, {}])?.rows[0]).toBe(rows[0]);
  });
});

describe('the answer of a write', () => {
  it.each(['transferPhoto', 'transferOrderPhotos'])('%s: has to be whole', (operation) => {
    const row = { id: 1, attachments: [{ id: 2, status: 'success' }] };
    expect(taken(operation, [row])).toEqual({ rows: [row], at: [] });
    for (const odd of [{}, { id: 1 }, { attachments: [] }]) expect(taken(operation, [row, odd])).toBeNull();
  });
});

describe('inPlaces', () => {
  it.each([
    [
      [1, 2],
      [1, 2],
    ],
    [
      [null, 1, 2],
      [undefined, 1, 2],
    ],
    [
      [1, null, null, 2],
      [1, undefined, undefined, 2],
    ],
    [
      [null, 1, null, 2, null],
      [undefined, 1, undefined, 2, undefined],
    ],
  ])('puts rows of %j where they are in the answer', (ids, expected) => {
    const list = taken(
      'filterOrders',
      ids.map((id) => (id === null ? {} : { id })),
    );
    expect(withGaps(list?.rows ?? []).map((row) => row?.['id'])).toEqual(expected);
  });
});
