import { describe, expect, it } from 'vitest';
import { operations } from '../../src/sandbox/operations.ts';
import { checkResponse } from '../../src/upstreams/client/response-check.ts';
import type { Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import {
  asLast4,
  asNumber,
  asText,
  asWholeSsn,
  type ReadKey,
  type Requested,
  type ResponseKey,
} from '../../src/upstreams/endpoint/response-keys.ts';
import type { Verdict } from '../../src/upstreams/endpoint/verdict.ts';
import { judgeRecoveryConnect } from '../../src/upstreams/recoveryconnect/envelope.ts';
import { judgeScollect } from '../../src/upstreams/scollect/envelope.ts';
import { type CorpusFile, corpusOf } from '../support/corpus.ts';
import { changeRows, endpointOf, pathOf, setAt } from '../support/own-keys.ts';

const corpus = new Map(
  [...corpusOf('scollect'), ...corpusOf('recoveryconnect')].map((file) => [file.operation, file] as const),
);

const fileOf = ({ operation }: Endpoint): CorpusFile => {
  const file = corpus.get(operation);
  if (!file) throw new Error(`No document of ${operation}`);
  return file;
};

const judge = (endpoint: Endpoint, json: unknown): Verdict =>
  (endpoint.system === 'SCOLLECT' ? judgeScollect : judgeRecoveryConnect)(endpoint, {
    status: 200,
    headers: {},
    json,
  });

/** A requested key, and how a row may write the same one and others. */
interface Writings {
  readonly requested: string;
  readonly same: readonly unknown[];
  readonly other: readonly unknown[];
}

const nothing = [null, '', ' ', 'null'];

const writings = new Map<ReadKey, Writings>([
  [
    asText,
    {
      requested: 'R2121118',
      same: ['R2121118', 'r2121118', '  R2121118 ', ...nothing],
      other: ['Q2', 'R21211180', 'R-2121118', 2121118, 0, true, {}, ['R2121118']],
    },
  ],
  [
    asNumber,
    {
      requested: '501',
      same: [501, '501', ' 501 ', '000501', ...nothing],
      other: [777, '777', 5010, '50100', -501, 0, 'x', true, {}],
    },
  ],
  [
    asWholeSsn,
    {
      requested: '111-22-3333',
      same: [
        '111-22-3333',
        '111223333',
        ' 111-22-3333',
        111223333,
        '***-**-4444',
        '4444',
        '0000',
        '000-00-0000',
        ...nothing,
      ],
      other: ['111-22-4444', '999999999', 123456789],
    },
  ],
  [
    asLast4,
    {
      requested: '1111',
      same: ['1111', 1111, '4111111111111111', ...nothing],
      other: ['1112', 2222, '11112'],
    },
  ],
]);

const writingsOf = ({ read }: ResponseKey): Writings => {
  const found = writings.get(read);
  if (!found) throw new Error('A key is compared in a way that has no writings here.');
  return found;
};

/** What a call requests: the writings' key by every name that a row repeats. */
const requestedOf = ({ answersFor = [] }: Endpoint): Requested => ({
  params: Object.fromEntries(answersFor.map((key) => [key.requested, writingsOf(key).requested])),
  query: undefined,
  body: undefined,
});

/** The documented success with the requested keys, and a value of its own for one of them. */
const answerWith = (endpoint: Endpoint, changed: ResponseKey, value: unknown): unknown => {
  const { answersFor = [] } = endpoint;
  const own = answersFor.reduce(
    (json: unknown, key) =>
      changeRows(json, (row) => setAt(row, pathOf(key), writingsOf(key).requested) as typeof row),
    fileOf(endpoint).success,
  );
  return changeRows(own, (row) => setAt(row, pathOf(changed), value) as typeof row);
};

const all = Object.values<Endpoint>(operations);
const checked = all.filter(({ answersFor }) => answersFor);

const cells = checked.flatMap((endpoint) =>
  (endpoint.answersFor ?? []).map((key) => [endpoint.operation, pathOf(key).join('.'), key] as const),
);

const verdictOn = (
  endpoint: Endpoint,
  json: unknown,
): { readonly shape: Verdict; readonly verdict: Verdict } => {
  const shape = judge(endpoint, json);
  return { shape, verdict: checkResponse(endpoint, requestedOf(endpoint), shape) };
};

describe('a row that names its key', () => {
  it.each(cells)('%s: the requested key in %s, in any writing, is accepted', (operation, _, key) => {
    const endpoint = endpointOf(operation);
    for (const value of writingsOf(key).same) {
      const { shape, verdict } = verdictOn(endpoint, answerWith(endpoint, key, value));
      expect(verdict, JSON.stringify(value)).toBe(shape);
    }
    const [documented] = writingsOf(key).same;
    expect(verdictOn(endpoint, answerWith(endpoint, key, documented)).verdict.kind).toBe('ok');
  });

  it.each(cells)('%s: another key in %s fails', (operation, _, key) => {
    const endpoint = endpointOf(operation);
    const failure = endpoint.effect === 'write' ? 'unknown' : 'failed';
    let judged = 0;
    for (const value of writingsOf(key).other) {
      const { shape, verdict } = verdictOn(endpoint, answerWith(endpoint, key, value));
      // A value of a type that no row may have there is not understood in the first place.
      if (shape.kind !== 'ok') continue;
      judged += 1;
      const expected = key.isBatch
        ? { kind: 'ok', payload: [], hasStrays: true }
        : { kind: failure, reason: 'mismatched' };
      expect(verdict, JSON.stringify(value)).toMatchObject(expected);
      expect(JSON.stringify(verdict)).not.toContain(String(value));
    }
    expect(judged).toBeGreaterThanOrEqual(2);
  });

  it.each(cells.filter(([operation]) => endpointOf(operation).nothing === 'NO_ROWS'))(
    '%s: one row among others with another key in %s is found',
    (operation, _, key) => {
      const endpoint = endpointOf(operation);
      const { requested, other } = writingsOf(key);
      const { shape } = verdictOn(endpoint, answerWith(endpoint, key, requested));
      const foreign = judge(endpoint, answerWith(endpoint, key, other[0]));
      if (shape.kind !== 'ok' || foreign.kind !== 'ok') throw new Error('Expected documented rows.');
      const payload = [...(shape.payload as readonly unknown[]), ...(foreign.payload as readonly unknown[])];
      const verdict = checkResponse(endpoint, requestedOf(endpoint), { ...shape, payload });
      if (key.isBatch) expect(verdict).toEqual({ ...shape, hasStrays: true });
      else expect(verdict).toEqual({ kind: 'failed', reason: 'mismatched' });
    },
  );

  it('getaccountbysocial: the requested SSN may be that of another person of the account', () => {
    const endpoint = endpointOf('getaccountbysocial');
    const rowOf = (name: string): Verdict => ({
      kind: 'ok',
      payload: [{ filenumber: 'R1', socialsecuritynumber: '999-99-9999', [name]: '111223333' }],
      warnings: [],
      paging: null,
    });
    for (const name of ['jointsocial', 'codebtor1socialsecurity', 'codebtor2socialsecurity']) {
      expect(checkResponse(endpoint, requestedOf(endpoint), rowOf(name)).kind).toBe('ok');
    }
    expect(checkResponse(endpoint, requestedOf(endpoint), rowOf('reportfilenumber')).kind).toBe('failed');
  });

  it('filterOrders: a batch keeps the rows of the requested keys; a search names none', () => {
    const endpoint = endpointOf('filterOrders');
    const payload = [{ id: 20 }, { id: '021' }, { id: 22 }];
    const found: Verdict = { kind: 'ok', payload, warnings: [], paging: null };
    const batch = { params: {}, query: { ids: '20, 21' }, body: undefined };
    expect(checkResponse(endpoint, batch, found)).toEqual({
      ...found,
      payload: payload.slice(0, 2),
      hasStrays: true,
    });
    expect(checkResponse(endpoint, { ...batch, query: { vin: 'X' } }, found)).toBe(found);
  });

  it('transferPhoto: rows name any of the orders that the photo was to go to', () => {
    const endpoint = endpointOf('transferPhoto');
    const to = (...ids: number[]): Verdict => ({
      kind: 'ok',
      payload: ids.map((id) => ({ id, attachments: [{ id: 1, status: 'success' }] })),
      warnings: [],
      paging: null,
    });
    const requested = {
      params: { order_id: '6', photo_id: '1' },
      query: undefined,
      body: { transfer_to: [7, 8] },
    };
    expect(checkResponse(endpoint, requested, to(8, 7)).kind).toBe('ok');
    expect(checkResponse(endpoint, requested, to(7, 9)).kind).toBe('unknown');
  });

  it.each([
    [501, 'ok'],
    [' 501', 'ok'],
    ['0501', 'failed'],
    [5010, 'failed'],
  ])('a file number of digits: %j is %s, since its zeros count', (filenumber, kind) => {
    const requested = { params: { filenumber: '501' }, query: undefined, body: undefined };
    const found: Verdict = {
      kind: 'ok',
      payload: [{ filenumber, phonenumber: null }],
      warnings: [],
      paging: null,
    };
    expect(checkResponse(endpointOf('getphones'), requested, found).kind).toBe(kind);
  });

  it('a file number that resembles a blank value is a key', () => {
    const endpoint = endpointOf('getphones');
    const requested = { params: { filenumber: 'NA' }, query: undefined, body: undefined };
    const rows = (filenumber: string): Verdict => ({
      kind: 'ok',
      payload: [{ filenumber, phonenumber: null }],
      warnings: [],
      paging: null,
    });
    expect(checkResponse(endpoint, requested, rows('NA')).kind).toBe('ok');
    expect(checkResponse(endpoint, requested, rows('Q2')).kind).toBe('failed');
  });
});

const condition = 'a condition of a search: which rows satisfy it is for the upstream to say';
const page = 'a page, not a record';
const value = 'a value that is written, not a key';

/** What a call requests and no row repeats, or not as a key. */
const notNamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  authenticate: { username: 'a credential', password: 'a credential' },
  searchbyphone: { PhoneNumber: 'no row has a phone number' },
  getAlpaymentdata: { paymentMethod: condition },
  filterOrders: {
    status: condition,
    // `Account.orders` compares the rows with the number itself.
    acct_no: condition,
    client_id: condition,
    owner_id: condition,
    other_refno: condition,
    order_type: condition,
    vin: condition,
    per_page: page,
    page,
  },
  filterAssignments: {
    status: condition,
    acct_no: condition,
    client_id: condition,
    owner_id: condition,
    per_page: page,
    page,
  },
  listOrders: { per_page: page, page },
  transferPhoto: { order_id: 'the order that the photo is on: rows name those that it goes to' },
  transferOrderPhotos: { order_id: 'the order that the photos are on: rows name those that they go to' },
};

const phoneValues = Object.fromEntries(
  ['type', 'mobile_carrier_id', 'number', 'extension', 'memo', 'valid', 'no_contact'].map((key) => [
    key,
    value,
  ]),
);

/** Keys of documented rows that have the name of something in the request, and are no key of it. */
const notKeys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  createOrder: { client_id: value, tier_level: value, placement_level: value },
  createBorrowerPhone: phoneValues,
  updateBorrowerPhone: phoneValues,
  updateAssignment: { order_type: value, collector_id: value },
  getAlpaymentdata: { paymentmethod: condition },
  filterOrders: { client_id: condition, other_refno: condition, order_type: condition },
  filterAssignments: { client_id: condition },
};

const bodyKeysOf = (endpoint: Endpoint): string[] => {
  const { request } = fileOf(endpoint);
  return typeof request === 'object' && request !== null ? Object.keys(request) : [];
};

const pathNamesOf = ({ path }: Endpoint): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** The keys of the first documented row. */
const rowKeysOf = (endpoint: Endpoint): string[] => {
  const verdict = judge(endpoint, fileOf(endpoint).success);
  if (verdict.kind !== 'ok') return [];
  const [row] = Array.isArray(verdict.payload) ? (verdict.payload as readonly unknown[]) : [verdict.payload];
  return typeof row === 'object' && row !== null ? Object.keys(row) : [];
};

describe('the keys of the requests', () => {
  it.each(all.map((endpoint) => [endpoint.operation, endpoint] as const))(
    '%s: rows answer for each of them, or it is said why not',
    (operation, endpoint) => {
      const rowKeys = rowKeysOf(endpoint);
      const params = pathNamesOf(endpoint);
      const inputs = [...params, ...endpoint.query, ...bodyKeysOf(endpoint)];
      expect(new Set(inputs).size, 'names of different things').toBe(inputs.length);
      const asked = (endpoint.answersFor ?? []).map((key) => key.requested);
      expect(inputs).toEqual(expect.arrayContaining(asked));
      // Of a write the keys stand in the path; the body holds what is written.
      const keys = endpoint.effect === 'read' ? inputs : params;
      const open = keys.filter((name) => rowKeys.length > 0 && !asked.includes(name));
      expect(open.sort()).toEqual(Object.keys(notNamed[operation] ?? {}).sort());

      const covered = (endpoint.answersFor ?? []).map((key) => pathOf(key)[0]);
      const names = inputs.map((name) => name.toLowerCase());
      const alike = rowKeys.filter((key) => names.includes(key.toLowerCase()) && !covered.includes(key));
      expect(alike.sort()).toEqual(Object.keys(notKeys[operation] ?? {}).sort());
    },
  );

  it('are checked in 20 operations and more', () => {
    expect(checked.length).toBeGreaterThanOrEqual(20);
  });
});
