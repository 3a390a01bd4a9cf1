import { describe, expect, it } from 'vitest';
import { recoveryConnectOperations } from '../recoveryconnect/operations.ts';
import { getBorrowerPhone } from '../recoveryconnect/phones.ts';
import { getnotes } from '../scollect/notes.ts';
import { scollectOperations } from '../scollect/operations.ts';
import { get_lastpayinfo, getAlpaymentdata } from '../scollect/payments.ts';
import { getportfoliolist } from '../scollect/portfolios.ts';
import type { Endpoint } from './endpoint.ts';
import { isKeyed, keyReaderOf } from './keyed.ts';

const borrower = { orderId: '1', borrowerId: '2' };

describe('the input of a read', () => {
  it.each([
    [getnotes, { fileNumber: 'R1' }, { params: { filenumber: 'R1' } }],
    [get_lastpayinfo, { fileNumber: 'R1' }, { params: {}, body: { filenumber: 'R1' } }],
    [
      getAlpaymentdata,
      { fileNumber: 'R1', last4: '1111' },
      { params: {}, body: { FileNumber: 'R1', paymentMethod: undefined, last4Card: '1111' } },
    ],
    [
      getBorrowerPhone,
      { ...borrower, phoneId: '3' },
      { params: { order_id: '1', borrower_id: '2', phone_id: '3' } },
    ],
    [getportfoliolist, {}, { params: {} }],
  ])('$operation contains each part of the key', (endpoint, key, input) => {
    expect(keyReaderOf(endpoint).inputOf(key)).toEqual(input);
  });
});

describe('the name of a key', () => {
  it('does not depend on other properties', () => {
    const { nameOf } = keyReaderOf(getBorrowerPhone);
    const key = { ...borrower, phoneId: '3' };
    expect(nameOf({ row: {}, ...key })).toBe(nameOf(key));
    expect(keyReaderOf(getnotes).nameOf({ fileNumber: 'R1', row: {} })).toBe('R1');
  });

  it.each([
    [{ orderId: '1', borrowerId: '23', phoneId: '4' }],
    [{ orderId: '12', borrowerId: '3', phoneId: '4' }],
    [{ orderId: '1', borrowerId: '2', phoneId: '34' }],
  ])('is another for %j', (key) => {
    const { nameOf } = keyReaderOf(getBorrowerPhone);
    expect(nameOf(key)).not.toBe(nameOf({ orderId: '1', borrowerId: '2', phoneId: '4' }));
  });

  it('depends on the filter', () => {
    const { nameOf } = keyReaderOf(getAlpaymentdata);
    const names = [{}, { method: 'ACH' }, { last4: 'ACH' }].map((filter) =>
      nameOf({ fileNumber: 'R1', ...filter }),
    );
    expect(new Set(names).size).toBe(3);
  });
});

it('a key is complete with its required parts', () => {
  const { isKey } = keyReaderOf(getAlpaymentdata);
  expect([isKey({ fileNumber: 'R1' }), isKey({ last4: '1111' })]).toEqual([true, false]);
});

const operations = Object.values<Endpoint>({ ...scollectOperations, ...recoveryConnectOperations });

describe('the key of each endpoint', () => {
  it.each(operations.filter(isKeyed).map((endpoint) => [endpoint.operation, endpoint] as const))(
    'of %s has every path parameter, and only names of its request',
    (_, { path, key, filter = {}, request }) => {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const names: readonly string[] = Object.values({ ...key, ...filter });
      expect(names).toEqual(expect.arrayContaining(inPath));
      const body = Object.fromEntries(
        names.filter((name) => !inPath.includes(name)).map((name) => [name, 'x']),
      );
      const parsed = request.safeParse(Object.keys(body).length === 0 ? undefined : body);
      expect(parsed.error?.issues ?? []).toEqual([]);
    },
  );
});
