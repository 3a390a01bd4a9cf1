import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentedKeys, pathSeparator } from '../../../src/upstreams/drift/documented-keys.ts';
import { driftOf, examiner } from '../../../src/upstreams/drift/drift-of.ts';
import { type RowColumns, rowColumns } from '../../../src/upstreams/drift/row-columns.ts';
import type { Drift } from '../../../src/upstreams/endpoint/drift.ts';
import { corpusFile, corpusOf } from '../../support/corpus.ts';
import { endpointOf } from '../../support/own-keys.ts';

type Json = Record<string, unknown>;

const success = (operation: string): Json =>
  structuredClone(
    corpusFile(operation in rowColumns.SCOLLECT ? 'scollect' : 'recoveryconnect', operation).success,
  ) as Json;

/** The documented response of a list with changes in one of its rows. */
const withRow = (operation: string, change: (row: Json) => void): Json => {
  const json = success(operation);
  const rows = json['result'] ?? json['data'];
  change((Array.isArray(rows) ? rows[0] : rows) as Json);
  return json;
};

const drift = (operation: string, json: unknown, status = 200): readonly Drift[] =>
  driftOf(endpointOf(operation), { status, headers: {}, json });

const model = 'primary_collateral > base_object > object_model';

const modelIn = (row: Json): Json => model.split(' > ').reduce((part, key) => part[key] as Json, row);

const kindsAt = (operation: string, json: unknown): string[] =>
  drift(operation, json).map(({ kind, at }) => `${kind} ${at}`);

describe('a value that no column reads', () => {
  it.each<readonly [operation: string, key: string, value: unknown, shape: string]>([
    ['getphones', 'lastchange', '31/31/2022', 'd/m/yyyy (8-15)'],
    ['getphones', 'balance', 'Jones', 'letters (4-7)'],
    ['getphones', 'balance', { amount: 1 }, '{amount integer}'],
    ['getphones', 'phonenumber', '12', 'digits (1-3)'],
    ['getphones', 'isagoodnumber', 'perhaps', 'letters (4-7)'],
    ['getphones', 'phonetype', ['CELL'], '[1 × letters (4-7)]'],
    ['getphones', 'phonetype', true, 'boolean'],
    ['getnotes', 'logdateandtime', '2022', 'digits (4-7)'],
    ['listOrderBorrowers', 'is_deceased', 7, 'integer'],
    ['filterAssignments', 'owner', 'Acme', 'letters (4-7)'],
  ])('%s: %s %j', (operation, key, value, shape) => {
    const json = withRow(operation, (row) => {
      row[key] = value;
    });
    expect(drift(operation, json)).toEqual([{ kind: 'unexpected_value', at: key, shape }]);
  });

  it('is found in a row within a row', () => {
    const json = withRow('updateAssignment', (row) => {
      modelIn(row)['year'] = 'none yet';
    });
    expect(kindsAt('updateAssignment', json)).toEqual([`unexpected_value ${model} > year`]);
  });

  it.each([
    null,
    '',
    ' ',
    'null',
    'No Data',
    '-undefined',
    'UNKNOWN',
    'N/A',
    0,
    '0000-00-00 00:00:00',
    '1900-01-01',
    'Sun, 31 Dec 1899 00:00:00 GMT',
    '000-000-0000',
    [],
    {},
  ])('is no blank and no filler: %j', (value) => {
    const json = withRow('getphones', (row) => {
      Object.assign(row, { lastchange: value, phonenumber: value });
    });
    expect(drift('getphones', json)).toEqual([]);
  });

  it('is no value that one of several columns reads', () => {
    const read = (value: unknown) =>
      withRow('filterOrders', (row) => {
        row['order_type'] = value;
      });
    expect([drift('filterOrders', read(7)), drift('filterOrders', read('Repossess'))]).toEqual([[], []]);
  });
});

describe('an unknown key', () => {
  it('is found in rows, and in rows within rows, once for all rows', () => {
    const json = withRow('getphones', (row) => {
      row['timezone'] = 'EST';
    });
    for (const row of json['result'] as Json[]) row['timezone'] = 'EST';
    expect(drift('getphones', json)).toEqual([
      { kind: 'unknown_key', at: 'timezone', shape: 'letters (1-3)' },
    ]);
    const nested = withRow('updateAssignment', (row) => {
      modelIn(row)['year_end'] = 2020;
    });
    expect(kindsAt('updateAssignment', nested)).toEqual([`unknown_key ${model} > year_end`]);
  });

  it('is none that is documented for rows of the same kind', () => {
    const json = withRow('filterAssignments', (row) => {
      (row['owner'] as Json)['self'] = 'https://api.example.com/companies/1';
    });
    expect(drift('filterAssignments', json)).toEqual([]);
  });

  it('is masked if it may be data', () => {
    const json = withRow('getphones', (row) => {
      Object.assign(row, { Navarro: 1, '912-55-4418': 1, 'jane@example.com': 1, '4111111111111111': 1 });
    });
    expect(
      drift('getphones', json)
        .map(({ at }) => at)
        .sort(),
    ).toEqual(['{16 digits}', '{999-99-9999}', '{e-mail}', '{letters}']);
  });
});

describe('a missing key', () => {
  it('is one that all documented rows have and a column reads', () => {
    const json = withRow('getphones', (row) => {
      delete row['phonestatus'];
      // No column reads it.
      delete row['filenumber'];
    });
    expect(drift('getphones', json)).toEqual([{ kind: 'missing_key', at: 'phonestatus', shape: 'missing' }]);
  });

  it('is none while another name of the column is there', () => {
    const json = withRow('getaccount', (row) => {
      delete row['clientname'];
      row['creditor'] = 'Acme';
    });
    expect(kindsAt('getaccount', json)).toEqual([]);
  });
});

describe('an envelope', () => {
  const rows = success('getphones')['result'];

  it.each<readonly [string, unknown, readonly string[]]>([
    ['with a further key', { result: rows, state: 'SUCCESS', next: 2 }, ['envelope next']],
    ['with the rows elsewhere', { result: { data: rows }, state: 'SUCCESS' }, ['envelope result > data']],
    ['without its state', { result: rows }, []],
    ['without rows', { result: { result: [] }, state: 'SUCCESS' }, []],
    ['of an error', { result: { error: 'SSN of 111-22-333 not found' }, state: 'SUCCESS' }, []],
    ['that is not recognised', { result: 42, state: 'SUCCESS' }, ['envelope ']],
  ])('%s', (_, json, expected) => {
    expect(kindsAt('getphones', json)).toEqual(expected);
  });

  it('with the paging of Laravel, its links and warnings: no drift', () => {
    const data = success('filterOrders')['data'];
    const json = { data, links: { next: null }, meta: { current_page: 1, anything: {} }, warnings: ['x'] };
    expect(drift('filterOrders', json)).toEqual([]);
  });

  it('that is not recognised is described by its shape', () => {
    expect(drift('getphones', { result: 42, state: 'SUCCESS' })).toEqual([
      { kind: 'envelope', at: '', shape: '{result integer, state letters (4-7)}' },
    ]);
    const page = { isHtml: true, length: 107 };
    expect(driftOf(endpointOf('getphones'), { status: 200, headers: {}, json: undefined, page })).toEqual([
      { kind: 'envelope', at: '', shape: 'HTML of 107 characters' },
    ]);
  });

  it('of an HTTP failure says nothing about the documented ones', () => {
    expect(drift('getphones', undefined, 404)).toEqual([]);
  });

  it('of a write: no rows are expected', () => {
    const json = { result: { Success: 'Note inserted successfully' }, state: 'SUCCESS' };
    expect(kindsAt('InsertNoteline', json)).toEqual(['envelope result > Success']);
  });
});

describe('long lists', () => {
  const rows = Array.from({ length: 5000 }, () => (success('getphones')['result'] as Json[])[0]);

  it('are compared by rows at even distances', () => {
    const odd = rows.map((row, index) => (index % 100 === 0 ? { ...row, timezone: 'EST' } : row));
    expect(examiner.driftOfRows(endpointOf('getphones'), odd)).toMatchObject([{ at: 'timezone' }]);
    const one = rows.map((row, index) => (index === 4999 ? { ...row, timezone: 'EST' } : row));
    expect(examiner.driftOfRows(endpointOf('getphones'), one)).toEqual([]);
    expect(kindsAt('getphones', { result: one, state: 'SUCCESS' })).toEqual(['unknown_key timezone']);
  });

  it('report at most 50 keys of a kind', () => {
    const row = { ...rows[0], ...Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`key${n}`, n])) };
    expect(drift('getphones', { result: [row], state: 'SUCCESS' })).toHaveLength(50);
  });
});

describe('what is reported', () => {
  it('is bounded for any response', () => {
    const wide = (depth: number): unknown =>
      depth === 0
        ? 1
        : Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key${n}`, wide(depth - 1)]));
    const long = 'x'.repeat(1_000_000);
    const json = { result: [{ phonenumber: wide(4), [long]: long, id: 1 }], state: 'SUCCESS' };
    for (const { at, shape } of drift('getphones', json)) {
      expect([at.length < 300, shape.length < 700]).toEqual([true, true]);
    }
    expect(drift('getphones', json).length).toBeGreaterThan(1);
  });

  const files = [...corpusOf('scollect'), ...corpusOf('recoveryconnect')].filter(({ success }) => success);
  const canary = fc.constantFrom('CANARY', '912-55-4418', 'CANARY 77', '4111 1111 1111 1234', 'canary@x.org');

  /** Replaces some values, and renames some keys, by what must not appear. */
  const spoil = (json: unknown, at: (n: number) => string | null, counter = { n: 0 }): unknown => {
    counter.n += 1;
    const text = at(counter.n);
    if (Array.isArray(json)) return json.map((item) => spoil(item, at, counter));
    if (typeof json !== 'object' || json === null) return text ?? json;
    return Object.fromEntries(
      Object.entries(json).map(([key, value]) => [
        text !== null && counter.n > 3 && counter.n % 2 === 0 ? `${text} ${key}` : key,
        spoil(value, at, counter),
      ]),
    );
  };

  it('never contains a value, or a key that may be one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        canary,
        fc.integer({ min: 1, max: 9 }),
        ({ operation, success: json }, text, every) => {
          const spoilt = spoil(json, (n) => (n % every === 0 ? text : null));
          const reported = JSON.stringify(drift(operation, spoilt));
          expect(reported).not.toMatch(/canary|912-?55|4418|4111|1234/i);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the columns of rows', () => {
  const pathsOf = ({ columns, nested = {} }: RowColumns, prefix = ''): string[] => [
    ...columns.flatMap(({ keys }) => keys.map((key) => prefix + [key].flat().join(pathSeparator))),
    ...Object.entries(nested).flatMap(([key, row]) => pathsOf(row, prefix + key + pathSeparator)),
  ];

  /** The keys in `docs/keys-left-out.md`, by operation. */
  const leftOut = new Map<string, string[]>();
  for (const line of readFileSync('docs/keys-left-out.md', 'utf8').split('\n')) {
    const [, operations = '', key = ''] = /^\| (`[^|]*`) \| `([^`]*)` \|/.exec(line) ?? [];
    for (const name of operations.replaceAll('`', '').split(', ')) {
      leftOut.set(name, [...(leftOut.get(name) ?? []), key]);
    }
  }

  /** The keys that repeat those of the request, and numbers of rows. */
  const ownKeys = (operation: string): string[] => [
    'id',
    ...(endpointOf(operation).answersFor ?? []).map(({ row }) => [row].flat().join(pathSeparator)),
  ];

  it.each(Object.entries({ ...rowColumns.SCOLLECT, ...rowColumns.RECOVERY_CONNECT }))(
    'of %s read every documented key but those in docs/keys-left-out.md',
    (operation, row) => {
      const read = new Set(pathsOf(row));
      const unread = documentedKeys[operation]?.rows
        .map((path) => path.replace('?', ''))
        .filter((path) => !read.has(path));
      const known = [...ownKeys(operation), ...(leftOut.get(operation) ?? [])];
      const isRead = (path: string) => [...read].some((one) => one.startsWith(path + pathSeparator));
      expect(
        unread?.filter((path) => !known.includes(path) && !path.endsWith(' > id') && !isRead(path)),
      ).toEqual([]);
    },
  );
});
