import DataLoader from 'dataloader';
import type { CallOptions } from './upstreams/client.ts';
import type { CallInput, Endpoint, ReplyOf, Row } from './upstreams/endpoint.ts';
import { listOrderBorrowers } from './upstreams/recoveryconnect/borrowers.ts';
import { filterOrders } from './upstreams/recoveryconnect/orders.ts';
import { listBorrowerPhones } from './upstreams/recoveryconnect/phones.ts';
import { getaccount } from './upstreams/scollect/accounts.ts';
import { getpayments } from './upstreams/scollect/payments.ts';
import { getphones } from './upstreams/scollect/phones.ts';
import { getportfoliolist } from './upstreams/scollect/portfolios.ts';
import type { Upstreams } from './upstreams/upstreams.ts';

/** Orders asked for by `ids` in one call: the size of the upstream's largest page known. */
const ordersPerCall = 250;

/** A borrower is known within an order only. */
export interface BorrowerKey {
  readonly orderId: string;
  readonly borrowerId: string;
}

/** Shares the calls for equal keys; each key has its own result or its own failure. */
const perKey = <Value, Key = string>(
  load: (key: Key) => Promise<Value>,
  cacheKey: (key: Key) => string = String,
): DataLoader<Key, Value, string> => {
  const settle = async (key: Key): Promise<Value | Error> => {
    try {
      return await load(key);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  return new DataLoader((keys) => Promise.all(keys.map(settle)), { cacheKeyFn: cacheKey });
};

/** The reads of one request. Nothing in them outlives it, or is seen by another. */
export const createLoaders = (upstreams: Upstreams, options: CallOptions = {}) => {
  const call = <E extends Endpoint>(
    endpoint: E,
    input: CallInput<E>,
    onLastPage?: CallOptions['onLastPage'],
  ): Promise<ReplyOf<E>> => upstreams[endpoint.system].call(endpoint, input, { ...options, onLastPage });

  // An order that is on another page is not one that is not there.
  const ordersByIds = async (ids: readonly string[]): Promise<(Row | null)[]> => {
    const found = new Map<string, Row>();
    let lastPage = 1;
    for (let page = 1; page <= Math.min(lastPage, ids.length) && found.size < ids.length; page += 1) {
      const query = { ids: ids.join(','), per_page: String(ordersPerCall) };
      const paged = page === 1 ? query : { ...query, page: String(page) };
      const orders = await call(filterOrders, { params: {}, query: paged }, (last) => {
        lastPage = last;
      });
      for (const order of orders) found.set(String(order.id), order);
    }
    return ids.map((id) => found.get(id) ?? null);
  };

  return {
    account: perKey((filenumber) => call(getaccount, { params: { filenumber } })),
    phonesOfAccount: perKey((filenumber) => call(getphones, { params: { filenumber } })),
    payments: perKey((filenumber) => call(getpayments, { params: { filenumber } })),
    portfolios: perKey((_: 'all') => call(getportfoliolist, { params: {} })),
    order: new DataLoader(ordersByIds, { maxBatchSize: ordersPerCall }),
    borrowersOfOrder: perKey((order_id) => call(listOrderBorrowers, { params: { order_id } })),
    phonesOfBorrower: perKey(
      ({ orderId: order_id, borrowerId: borrower_id }: BorrowerKey) =>
        call(listBorrowerPhones, { params: { order_id, borrower_id } }),
      ({ orderId, borrowerId }) => `${orderId}/${borrowerId}`,
    ),
  };
};

export type Loaders = ReturnType<typeof createLoaders>;
