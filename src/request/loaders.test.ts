import { describe, expect, it, vi } from 'vitest';
import { notConfigured, type UpstreamClient } from '../upstreams/client/client.ts';
import type { Endpoint } from '../upstreams/endpoint/endpoint.ts';
import { isKeyed } from '../upstreams/endpoint/keyed.ts';
import { recoveryConnectOperations } from '../upstreams/recoveryconnect/operations.ts';
import { filterOrders } from '../upstreams/recoveryconnect/orders.ts';
import { getBorrowerPhone } from '../upstreams/recoveryconnect/phones.ts';
import { getnotes } from '../upstreams/scollect/notes.ts';
import { scollectOperations } from '../upstreams/scollect/operations.ts';
import { getAlpaymentdata } from '../upstreams/scollect/payments.ts';
import { Loaders } from './loaders.ts';

type Getter = Exclude<keyof Loaders, 'of' | 'forget' | 'readAnew' | 'accountsOfPortfolioAgain' | 'sorted'>;

const getters = Object.entries(Object.getOwnPropertyDescriptors(Loaders.prototype))
  .filter(([, { get }]) => get)
  .map(([name]) => name as Getter);

const kinds = getters.map((name) => [name, (loaders: Loaders): unknown => loaders[name]] as const);

const all = Object.values<Endpoint>({ ...scollectOperations, ...recoveryConnectOperations });

const endpoints = all
  .filter(isKeyed)
  .map((endpoint) => [endpoint.operation, (loaders: Loaders): unknown => loaders.of(endpoint)] as const);

const reads = [...kinds, ...endpoints];

const make = () => new Loaders({ SCOLLECT: notConfigured, RECOVERY_CONNECT: notConfigured });

describe('the reads of a request', () => {
  it('are each of their own kind', () => {
    const loaders = make();
    expect(reads.length).toBeGreaterThan(20);
    expect(new Set(reads.map(([, get]) => get(loaders))).size).toBe(reads.length);
  });

  it.each(reads)('remember what was read by %s, for this request alone', (_, get) => {
    const loaders = make();
    expect(get(loaders)).toBe(get(loaders));
    expect(get(make())).not.toBe(get(loaders));
  });
});

describe('what was read by an endpoint', () => {
  const counting = () => {
    let calls = 0;
    const call = async () => {
      calls += 1;
      return [];
    };
    const client = { ...notConfigured, call } as object as UpstreamClient;
    return { loaders: new Loaders({ SCOLLECT: client, RECOVERY_CONNECT: client }), calls: () => calls };
  };

  it('is forgotten for its key only', async () => {
    const { loaders, calls } = counting();
    const readBoth = () =>
      Promise.all(['R1', 'R2'].map((fileNumber) => loaders.of(getnotes).load({ fileNumber })));
    await readBoth();
    await readBoth();
    expect(calls()).toBe(2);
    loaders.forget(getnotes, { fileNumber: 'R1', body: 'x' });
    await readBoth();
    expect(calls()).toBe(3);
  });

  it('is forgotten as a whole without a part of the key', async () => {
    const { loaders, calls } = counting();
    const phone = { orderId: '1', borrowerId: '2', phoneId: '3' };
    await loaders.of(getBorrowerPhone).load(phone);
    loaders.forget(getBorrowerPhone, { orderId: '7', borrowerId: '2' });
    await loaders.of(getBorrowerPhone).load(phone);
    expect(calls()).toBe(2);
  });

  it('is forgotten as a whole if it has a filter, which can have the name of an input field', async () => {
    const { loaders, calls } = counting();
    const read = () => loaders.of(getAlpaymentdata).load({ fileNumber: 'R1' });
    await read();
    loaders.forget(getAlpaymentdata, { fileNumber: 'R1', method: 'ACH' });
    await read();
    expect(calls()).toBe(2);
  });

  it.each(getters)('is forgotten by %s too: add it to `furtherLoaders`', (name) => {
    const { loaders } = counting();
    const cleared = vi.spyOn(loaders[name], 'clearAll');
    for (const endpoint of all) loaders.forget(endpoint, {});
    expect(cleared).toHaveBeenCalled();
  });

  it('is forgotten by its other loaders too', async () => {
    const { loaders, calls } = counting();
    const readAll = () =>
      Promise.all([loaders.order.load('1'), loaders.ordersPage.load({ filter: {}, page: 1, perPage: 5 })]);
    await readAll();
    await readAll();
    expect(calls()).toBe(2);
    loaders.forget(filterOrders, {});
    await readAll();
    expect(calls()).toBe(4);
  });
});
