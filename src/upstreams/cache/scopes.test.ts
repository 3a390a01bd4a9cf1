import { describe, expect, it } from 'vitest';
import { filterOrders, getOrder } from '../recoveryconnect/orders.ts';
import { listBorrowerPhones } from '../recoveryconnect/phones.ts';
import { getaccount, getaccountbysocial, searchbyphone } from '../scollect/accounts.ts';
import { getnotes } from '../scollect/notes.ts';
import { scopesOfRead, scopesOfWrite } from './scopes.ts';

const requested = (params: Readonly<Record<string, string>>, body?: unknown) => ({
  params,
  query: undefined,
  body,
});

describe('the scopes of a read', () => {
  it.each([
    ['an account', scopesOfRead(getaccount, requested({ filenumber: 'r1001' })), 'fileNumber R1001'],
    ['an order', scopesOfRead(getOrder, requested({ order_id: '007' })), 'orderId 7'],
    [
      'a borrower of an order',
      scopesOfRead(listBorrowerPhones, requested({ order_id: '7', borrower_id: '8' })),
      'orderId 7',
    ],
    ['a search', scopesOfRead(searchbyphone, requested({}, { PhoneNumber: '312' })), 'number 312'],
  ])('%s', (_, scopes, object) => {
    expect(scopes).toEqual(['all', expect.stringMatching(/^operation /), object]);
  });

  it('a search without a key', () => {
    const scopes = scopesOfRead(getaccountbysocial, requested({ ssn: '1' }));
    expect(scopes).toEqual(['all', 'operation getaccountbysocial']);
  });
});

describe('the scopes of a write', () => {
  it.each([
    ['of an account', [{ endpoint: getnotes, keys: [{ fileNumber: 'r1001' }] }], ['fileNumber R1001']],
    [
      'of an account that searches contain',
      [
        { endpoint: getaccount, keys: [{ fileNumber: 'R1001' }] },
        { endpoint: searchbyphone, keys: [{ fileNumber: 'R1001' }] },
      ],
      ['fileNumber R1001', 'operation searchbyphone'],
    ],
    [
      'of several orders',
      [{ endpoint: getOrder, keys: [{ orderId: '7' }, { orderId: '8' }] }],
      ['orderId 7', 'orderId 8'],
    ],
    ['of unknown objects', [{ endpoint: filterOrders, keys: [{ assignmentId: '1' }] }], ['all']],
    ['of which nothing is known', [], ['all']],
  ])('%s', (_, changes, scopes) => {
    expect(scopesOfWrite(changes)).toEqual(scopes);
  });
});
